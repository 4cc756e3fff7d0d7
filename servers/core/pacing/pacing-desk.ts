/**
 * The pacers of a channel, one an agent group: a permit is asked of the groups in the option's order and charged to the
 * first that gives it. One desk in the whole system, so that two strategies can't spend the same permit.
 */
import type { ChangedRows } from '#core/engagement/changed-rows.ts';
import type { PacerRoom } from '#core/pacing/pacer-snapshot.ts';
import type { InviteOutcome, Pacer, PacerSnapshot, PacingDecision, Permit } from '#core/pacing/pacer.ts';

export interface ChannelPermit {
  readonly permit: Permit;
  readonly group: string;
}

export class PacingDesk {
  readonly #pacers: readonly Pacer[];
  readonly #byGroup: ReadonlyMap<string, Pacer>;
  /** Groups whose promise has changed since the last `putRows`. */
  readonly #changed = new Set<string>();

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
      if (permit.granted) {
        this.#changed.add(pacer.group);
        return { permit, group: pacer.group };
      }
      refusal ??= { permit, group: pacer.group };
    }
    return refusal;
  }

  /** `group` undefined: no permit was asked for. */
  inviteEnded(group: string | undefined, inviteId: string, outcome: InviteOutcome, at: number): void {
    if (group === undefined) return;
    this.#changed.add(group);
    this.#byGroup.get(group)?.inviteEnded(inviteId, outcome, at);
  }

  /** The pacer of a group, where pacing is on for it. */
  of(group: string): Pacer | undefined {
    return this.#byGroup.get(group);
  }

  chatAbandoned(group: string, chatId: string, at: number): void {
    this.#changed.add(group);
    this.#byGroup.get(group)?.chatAbandoned(chatId, at);
  }

  slotReleased(group: string, chatId: string, at: number): void {
    this.#changed.add(group);
    this.#byGroup.get(group)?.slotReleased(chatId, at);
  }

  refresh(at: number): readonly PacingDecision[] {
    for (const { group } of this.#pacers) this.#changed.add(group);
    return this.#pacers.map((pacer) => pacer.refresh(at));
  }

  restore(snapshots: ReadonlyMap<string, PacerSnapshot>, roomOf: (group: string) => PacerRoom, at: number): void {
    for (const pacer of this.#pacers) pacer.restore(snapshots.get(pacer.group) ?? null, roomOf(pacer.group), at);
  }

  /** The rows of the pacers that have promised, learned or counted anew. */
  putRows(rows: ChangedRows, at: number): void {
    if (this.#changed.size === 0) return;
    for (const group of this.#changed) {
      const pacer = this.#byGroup.get(group);
      if (pacer !== undefined) rows.put({ kind: 'pacer', id: group, at, state: pacer.snapshot() });
    }
    this.#changed.clear();
  }
}
