/**
 * What the contact center has counted since it started: the stat server's totals. The one place where these things are
 * counted; windows and series are differences of it.
 */
import type { FailureReason, RefusalReason } from '#core/statistics/fact.ts';

export interface QueueTotals {
  entered: number;
  left: number;
}

export class EngagementTotals {
  hotLeads = 0;
  /** Permits given (all invites, where pacing is off). */
  allowed = 0;
  /** Invites sent to a browser. */
  sent = 0;
  shown = 0;
  accepted = 0;
  rejected = 0;
  timeout = 0;
  /** Invites sent that ended in Failed. */
  inviteFailed = 0;
  /** Hot leads that were not engaged. */
  refused = 0;
  chatsQueued = 0;
  chatsStarted = 0;
  chatsAbandoned = 0;
  chatsCompleted = 0;
  /** Hot leads that were not engaged, by reason. */
  readonly refusals = new Map<RefusalReason, number>();
  /** Invites sent that ended in Failed, by reason. */
  readonly failures = new Map<FailureReason, number>();
  readonly queues = new Map<string, QueueTotals>();

  countRefusal(reason: RefusalReason): void {
    this.refused += 1;
    this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
  }

  countFailure(reason: FailureReason): void {
    this.inviteFailed += 1;
    this.failures.set(reason, (this.failures.get(reason) ?? 0) + 1);
  }

  enterQueue(name: string): void {
    this.#queue(name).entered += 1;
  }

  leaveQueue(name: string): void {
    this.#queue(name).left += 1;
  }

  #queue(name: string): QueueTotals {
    let queue = this.queues.get(name);
    if (queue === undefined) {
      queue = { entered: 0, left: 0 };
      this.queues.set(name, queue);
    }
    return queue;
  }
}
