/**
 * The pacers of both channels, one an agent group: a permit is asked of a channel's groups in the option's order and charged
 * to the first that gives it. One desk in the whole system, so that two strategies can't spend the same permit. A command
 * makes new pacers for all groups, which take up what the old ones have learned and promised.
 */
import type { ChangedRows } from '#core/engagement/changed-rows.ts';
import type { EngagementChannel } from '#core/messages.ts';
import { ChannelPacers, type PacedGroup } from '#core/pacing/channel-pacers.ts';
import { createPacer } from '#core/pacing/create-pacer.ts';
import type { NextReset } from '#core/pacing/ledger-day.ts';
import { isDual } from '#core/pacing/pacing-algorithm.ts';
import type { PacingChannel } from '#core/pacing/pacing-channel.ts';
import { permitChannelOf } from '#core/pacing/permit-channel.ts';
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

export interface PacingDeskChoice {
  /** None: pacing is off. */
  readonly groups: readonly PacedGroup[];
  /** What the options say. */
  readonly start: PacingInForce;
  readonly refreshPeriodMs: number;
  readonly inviteTimeoutMs: number;
  /** Of the pacers' settings; true by default. */
  readonly reactiveProtected?: boolean;
  /** When ledgers begin anew; absent: never. */
  readonly nextReset?: NextReset;
  readonly createPacer?: (group: string, settings: PacingSettings) => Pacer;
}

const CHANNELS: readonly EngagementChannel[] = ['proactiveChat', 'proactiveCallback'];

/** What a command has come to. */
export interface PacingChanged {
  readonly before: PacingInForce;
  readonly after: PacingInForce;
}

export class PacingDesk {
  readonly #choice: PacingDeskChoice;
  #pacers: ChannelPacers;
  #inForce: PacingInForce;
  /** Commands that were obeyed, in order. */
  readonly #commands = new Map<string, PacingCommandRow>();
  readonly #newCommands: PacingCommandRow[] = [];
  readonly #lastRefreshes = new Map<string, PacingDecision>();
  /** Logged in, by group. */
  readonly #slots = new Map<string, number>();
  /** Since when an agent of a group has not been heard; null: all are. */
  #unheardSince: (group: string) => number | null = () => null;
  /** Groups whose promise has changed since the last `putRows`. */
  readonly #changed = new Set<string>();

  constructor(choice: PacingDeskChoice) {
    this.#choice = choice;
    this.#inForce = choice.start;
    this.#pacers = this.#createPacers();
  }

  get inForce(): PacingInForce {
    return this.#inForce;
  }

  /** Asked at each decision. */
  askUnheard(unheardSince: (group: string) => number | null): void {
    this.#unheardSince = unheardSince;
  }

  /** Null: it was obeyed before, or pacing is off and there is nothing that could be changed. */
  command(
    { commandId, change }: PacingCommand,
    roomOf: (group: string) => PacerRoom,
    at: number,
  ): PacingChanged | null {
    if (this.#pacers.all.length === 0 || this.#commands.has(commandId)) return null;
    const row: PacingCommandRow = { kind: 'pacingCommand', id: commandId, at, serial: this.#commands.size + 1, change };
    this.#commands.set(commandId, row);
    this.#newCommands.push(row);
    const before = this.#inForce;
    this.#inForce = changePacing(before, change);
    const snapshots = new Map(this.#pacers.all.map((pacer) => [pacer.group, pacer.snapshot()]));
    this.#pacers = this.#createPacers();
    this.#restorePacers(snapshots, roomOf, at);
    for (const { group } of this.#pacers.all) this.#changed.add(group);
    return { before, after: this.#inForce };
  }

  /** Null: no group of the channel has an agent logged in. A refusal carries the first group's decision. */
  requestPermit(
    channel: PacingChannel,
    inviteId: string,
    slotsOf: (group: string) => number,
    at: number,
  ): ChannelPermit | null {
    let refusal: ChannelPermit | null = null;
    for (const pacer of this.#pacers.on(channel)) {
      if (slotsOf(pacer.group) === 0) continue;
      const permit = pacer.requestPermit(inviteId, at, this.#unheardSince(pacer.group));
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
    this.of(group)?.inviteEnded(inviteId, outcome, at);
  }

  /** The channels that a permit can be had for, chats first. */
  get channels(): readonly EngagementChannel[] {
    return CHANNELS.filter((channel) => this.pacersOf(permitChannelOf(channel)).length > 0);
  }

  /** The pacers of a channel; none: it is not paced. */
  pacersOf(channel: PacingChannel): readonly Pacer[] {
    return this.#pacers.on(channel);
  }

  /** The pacer of a group, where pacing is on for it. */
  of(group: string): Pacer | undefined {
    return this.#pacers.of(group);
  }

  /** The channel of a group that is paced. */
  channelOf(group: string): PacingChannel | undefined {
    return this.#pacers.channelOf(group);
  }

  chatAbandoned(group: string, chatId: string, at: number): void {
    this.#changed.add(group);
    this.of(group)?.chatAbandoned(chatId, at);
  }

  chatPromised(group: string, chatId: string, at: number): void {
    this.#changed.add(group);
    this.of(group)?.chatPromised(chatId, at);
  }

  chatLate(group: string, chatId: string, at: number): void {
    this.#changed.add(group);
    this.of(group)?.chatLate(chatId, at);
  }

  slotReleased(group: string, chatId: string, at: number): void {
    this.#changed.add(group);
    this.of(group)?.slotReleased(chatId, at);
  }

  refresh(at: number): readonly PacingDecision[] {
    for (const { group } of this.#pacers.all) this.#changed.add(group);
    const decisions = this.#pacers.all.map((pacer) => pacer.refresh(at, this.#unheardSince(pacer.group)));
    for (const decision of decisions) this.#lastRefreshes.set(decision.group, decision);
    return decisions;
  }

  /** When ledgers begin anew next; null: never. */
  nextReset(at: number): number | null {
    return this.#pacers.all.length === 0 ? null : (this.#choice.nextReset?.(at) ?? null);
  }

  /** Ledgers of a day that is over begin anew: also after a restart that has slept through its end, and once however often it is told. */
  resetLedgers(at: number): void {
    const { nextReset } = this.#choice;
    if (nextReset === undefined) return;
    for (const pacer of this.#pacers.all) {
      const { ledgerSince } = pacer;
      if (ledgerSince === null || nextReset(ledgerSince) > at) continue;
      this.#changed.add(pacer.group);
      pacer.resetLedger(at);
    }
  }

  /** What the last refresh found; null: there was none yet. */
  lastRefresh(group: string): PacingDecision | null {
    return this.#lastRefreshes.get(group) ?? null;
  }

  /** A reactive visitor asks on the channel: counted where the fewest have asked for the slots that there are. */
  reactiveAsked(channel: PacingChannel, at: number): void {
    let chosen: Pacer | undefined;
    let fewest = Infinity;
    for (const pacer of this.#pacers.on(channel)) {
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
    if (this.of(group) === undefined || pacedBy !== 'algorithm' || !isDual(algorithm)) return Infinity;
    const reserved = reservedSlots(slots, proactiveShare);
    return reserved === 0 ? Infinity : slots - reserved;
  }

  setSlots(group: string, slots: number, at: number): void {
    this.#slots.set(group, slots);
    this.of(group)?.setSlots(slots, at);
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
    if (commands.length > 0) this.#pacers = this.#createPacers();
    this.#restorePacers(snapshots, roomOf, at);
    this.resetLedgers(at);
  }

  #createPacers(): ChannelPacers {
    const { groups, refreshPeriodMs, inviteTimeoutMs, createPacer: create = createPacer } = this.#choice;
    const { reactiveProtected = true } = this.#choice;
    const common = { refreshPeriodMs, inviteTimeoutMs, reactiveProtected };
    return new ChannelPacers(groups, ({ name, channel, chatsPerAgent }) =>
      create(name, { ...this.#inForce, ...common, chatsPerAgent, channel }),
    );
  }

  #restorePacers(
    snapshots: ReadonlyMap<string, PacerSnapshot>,
    roomOf: (group: string) => PacerRoom,
    at: number,
  ): void {
    for (const pacer of this.#pacers.all) {
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
      const pacer = this.of(group);
      if (pacer !== undefined) rows.put({ kind: 'pacer', id: group, at, state: pacer.snapshot() });
    }
    this.#changed.clear();
  }
}
