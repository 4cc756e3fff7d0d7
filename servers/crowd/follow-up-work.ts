/** What an idle agent does about follow-ups: looks for some again and again, takes the most urgent, and approves it or not. */
import type { FollowUpAction, WaitingFollowUp } from '#core/messages.ts';
import type { DurationSampler } from '#core/random/duration-sampler.ts';
import type { RandomStream } from '#core/random/stream.ts';

export interface FollowUpHabits {
  /** The share that he approves; he dismisses the others. */
  readonly approveShare: number;
  /** From one look to the next. */
  readonly afterMs: DurationSampler;
}

export class FollowUpWork {
  readonly #agentId: string;
  readonly #habits: FollowUpHabits;
  readonly #random: RandomStream;

  constructor(agentId: string, habits: FollowUpHabits, random: RandomStream) {
    this.#agentId = agentId;
    this.#habits = habits;
    this.#random = random;
  }

  nextLookMs(): number {
    return this.#habits.afterMs(this.#random);
  }

  look(): FollowUpAction {
    return { type: 'listFollowUps', agentId: this.#agentId };
  }

  /** Undefined: none waits. */
  decide(waiting: readonly WaitingFollowUp[]): FollowUpAction | undefined {
    const first = waiting[0];
    if (first === undefined) return undefined;
    const type = this.#random.next() < this.#habits.approveShare ? 'approveFollowUp' : 'dismissFollowUp';
    return { type, agentId: this.#agentId, interactionId: first.interactionId };
  }
}
