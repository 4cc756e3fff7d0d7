/**
 * What the contact center has counted since it started: the stat server's totals. The one place where these things are counted; windows and
 * series are differences of it.
 */
import type { FailureReason } from '#core/statistics/fact.ts';

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
  readonly reasons = new Map<FailureReason, number>();
  readonly queues = new Map<string, QueueTotals>();

  countReason(reason: FailureReason): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
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
