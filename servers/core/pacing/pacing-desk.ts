/**
 * The pacers of a channel, one an agent group: a permit is asked of the groups in the option's order and charged to the first that gives it.
 * One desk in the whole system, so that two strategies can't spend the same permit.
 */
import { present } from '#core/assert.ts';
import type { InviteOutcome, Pacer, PacingDecision, Permit } from '#core/pacing/pacer.ts';

export interface ChannelPermit {
  readonly permit: Permit;
  readonly group: string;
}

export class PacingDesk {
  readonly #pacers: readonly Pacer[];
  readonly #byGroup: ReadonlyMap<string, Pacer>;

  constructor(pacers: readonly Pacer[]) {
    this.#pacers = pacers;
    this.#byGroup = new Map(pacers.map((pacer) => [pacer.group, pacer]));
  }

  /** Null: no group has an agent logged in. A refusal carries the first group's decision. */
  requestPermit(inviteId: string, slotsOf: (group: string) => number, at: number): ChannelPermit | null {
    let refusal: ChannelPermit | null = null;
    for (const pacer of this.#pacers) {
      if (slotsOf(pacer.group) === 0) continue;
      const permit = pacer.requestPermit(inviteId, at);
      if (permit.granted) return { permit, group: pacer.group };
      refusal ??= { permit, group: pacer.group };
    }
    return refusal;
  }

  inviteEnded(group: string | undefined, inviteId: string, outcome: InviteOutcome, at: number): void {
    if (group !== undefined) this.of(group).inviteEnded(inviteId, outcome, at);
  }

  has(group: string): boolean {
    return this.#byGroup.has(group);
  }

  of(group: string): Pacer {
    return present(this.#byGroup.get(group), `pacer of group ${group}`);
  }

  refresh(at: number): readonly PacingDecision[] {
    return this.#pacers.map((pacer) => pacer.refresh(at));
  }
}
