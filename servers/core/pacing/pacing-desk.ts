/**
 * The pacers of a channel, one an agent group: a permit is asked of the groups in the option's order and charged to the
 * first that gives it. One desk in the whole system, so that two strategies can't spend the same permit. A command makes
 * new pacers, which take up what the old ones have learned and promised.
 */
import type { ChangedRows } from '#core/engagement/changed-rows.ts';
import { createPacer } from '#core/pacing/create-pacer.ts';
import { isDual } from '#core/pacing/pacing-algorithm.ts';
import type { PacingChannel } from '#core/pacing/pacing-inquiry.ts';
import { reservedSlots } from '#core/pacing/reserved-slots.ts';
import type { PacerRoom } from '#core/pacing/pacer-snapshot.ts';
import type {
  InviteOutcome,
  Pacer,
  PacerSnapshot,
  PacingDecision,
  PacingSettings,
  Permit,
} from '#core/pacing/pacer.ts';
import {
  changePacing,
  type PacingCommand,
  type PacingCommandRow,
  type PacingInForce,
} from '#core/pacing/pacing-command.ts';

export interface ChannelPermit {
  readonly permit: Permit;
  readonly group: string;
}

/** An agent group that is paced. */
export interface PacedGroup {
  readonly name: string;
  readonly chatsPerAgent: number;
}

export interface PacingDeskChoice {
  /** None: pacing is off. */
  readonly groups: readonly PacedGroup[];
  /** What the options say. */
  readonly start: PacingInForce;
  readonly refreshPeriodMs: number;
  readonly inviteTimeoutMs: number;
  readonly createPacer?: (group: string, settings: PacingSettings) => Pacer;
}

/** What a command has come to. */
export interface PacingChanged {
  readonly before: PacingInForce;
  readonly after: PacingInForce;
}

export class PacingDesk {
  readonly #choice: PacingDeskChoice;
  #pacers: readonly Pacer[] = [];
  #byGroup: ReadonlyMap<string, Pacer> = new Map();
  #inForce: PacingInForce;
  /** Commands that were obeyed, in order. */
  readonly #commands = new Map<string, PacingCommandRow>();
  readonly #newCommands: PacingCommandRow[] = [];
  readonly #lastRefreshes = new Map<string, PacingDecision>();
  /** Logged in, by group. */
  readonly #slots = new Map<string, number>();
  /** Groups whose promise has changed since the last `putRows`. */
  readonly #changed = new Set<string>();

  constructor(choice: PacingDeskChoice) {
    this.#choice = choice;
    this.#inForce = choice.start;
    this.#createPacers();
  }

  get inForce(): PacingInForce {
    return this.#inForce;
  }

  /** Null: it was obeyed before, or pacing is off and there is nothing that could be changed. */
  command(
    { commandId, change }: PacingCommand,
    roomOf: (group: string) => PacerRoom,
    at: number,
  ): PacingChanged | null {
    if (this.#pacers.length === 0 || this.#commands.has(commandId)) return null;
    const row: PacingCommandRow = { kind: 'pacingCommand', id: commandId, at, serial: this.#commands.size + 1, change };
    this.#commands.set(commandId, row);
    this.#newCommands.push(row);
    const before = this.#inForce;
    this.#inForce = changePacing(before, change);
    const snapshots = new Map(this.#pacers.map((pacer) => [pacer.group, pacer.snapshot()]));
    this.#createPacers();
    this.#restorePacers(snapshots, roomOf, at);
    for (const { group } of this.#pacers) this.#changed.add(group);
    return { before, after: this.#inForce };
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

  /** The pacers of a channel; none: it is not paced. */
  pacersOf(channel: PacingChannel): readonly Pacer[] {
    return channel === 'chat' ? this.#pacers : [];
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
    const decisions = this.#pacers.map((pacer) => pacer.refresh(at));
    for (const decision of decisions) this.#lastRefreshes.set(decision.group, decision);
    return decisions;
  }

  /** What the last refresh found; null: there was none yet. */
  lastRefresh(group: string): PacingDecision | null {
    return this.#lastRefreshes.get(group) ?? null;
  }

  /** A reactive visitor asks on the channel: counted where the fewest have asked for the slots that there are. */
  reactiveAsked(at: number): void {
    let chosen: Pacer | undefined;
    let fewest = Infinity;
    for (const pacer of this.#pacers) {
      const perSlot = pacer.reactiveAskedPerSecond / Math.max(0.5, this.#slots.get(pacer.group) ?? 0);
      if (perSlot < fewest) [chosen, fewest] = [pacer, perSlot];
    }
    if (chosen === undefined) return;
    this.#changed.add(chosen.group);
    chosen.reactiveAsked(at);
  }

  /** Slots that reactive chats may hold at once, of those logged in: fewer than all where a DUAL algorithm keeps some. */
  reactiveSlotsMax(group: string, slots: number): number {
    const { algorithm, pacedBy, proactiveShare } = this.#inForce;
    if (!this.#byGroup.has(group) || pacedBy !== 'algorithm' || !isDual(algorithm)) return Infinity;
    const reserved = reservedSlots(slots, proactiveShare);
    return reserved === 0 ? Infinity : slots - reserved;
  }

  setSlots(group: string, slots: number, at: number): void {
    this.#slots.set(group, slots);
    this.#byGroup.get(group)?.setSlots(slots, at);
  }

  /** Before any other call: what was in force, and what each group has learned and promised. */
  restore(
    commands: readonly PacingCommandRow[],
    snapshots: ReadonlyMap<string, PacerSnapshot>,
    roomOf: (group: string) => PacerRoom,
    at: number,
  ): void {
    for (const row of commands.toSorted((a, b) => a.serial - b.serial)) {
      this.#commands.set(row.id, row);
      this.#inForce = changePacing(this.#inForce, row.change);
    }
    if (commands.length > 0) this.#createPacers();
    this.#restorePacers(snapshots, roomOf, at);
  }

  #createPacers(): void {
    const { groups, refreshPeriodMs, inviteTimeoutMs, createPacer: create = createPacer } = this.#choice;
    this.#pacers = groups.map(({ name, chatsPerAgent }) =>
      create(name, { ...this.#inForce, refreshPeriodMs, inviteTimeoutMs, chatsPerAgent }),
    );
    this.#byGroup = new Map(this.#pacers.map((pacer) => [pacer.group, pacer]));
  }

  #restorePacers(
    snapshots: ReadonlyMap<string, PacerSnapshot>,
    roomOf: (group: string) => PacerRoom,
    at: number,
  ): void {
    for (const pacer of this.#pacers) {
      const room = roomOf(pacer.group);
      this.#slots.set(pacer.group, room.slots);
      pacer.restore(snapshots.get(pacer.group) ?? null, room, at);
    }
  }

  /** The rows of the pacers that have promised, learned or counted anew, and of commands that were obeyed. */
  putRows(rows: ChangedRows, at: number): void {
    for (const command of this.#newCommands.splice(0)) rows.put(command);
    if (this.#changed.size === 0) return;
    for (const group of this.#changed) {
      const pacer = this.#byGroup.get(group);
      if (pacer !== undefined) rows.put({ kind: 'pacer', id: group, at, state: pacer.snapshot() });
    }
    this.#changed.clear();
  }
}
