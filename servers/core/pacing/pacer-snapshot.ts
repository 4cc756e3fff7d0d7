/**
 * What a pacer has learned and promised, as plain data that outlives its process. Who is in the room at the moment
 * (invites out, chats that wait or hold a slot) is not in it: that is told anew from interactions and chats.
 */
import type { OptimizationTarget } from './optimization-target.ts';

export interface RateSnapshot {
  readonly events: number;
  readonly seconds: number;
}

/** Weights by age of an invite in whole seconds, and the jump detector's sums. */
export interface ResponseSnapshot {
  readonly entered: readonly number[];
  readonly accepted: readonly number[];
  readonly ended: readonly number[];
  readonly recentAccepted: number;
  readonly recentWeight: number;
  readonly recentSquares: number;
}

export interface LedgerSnapshot {
  readonly credit: number;
  readonly gain: number;
  readonly useSum: number;
  readonly useWeight: number;
  readonly useShare: number;
}

/** Invites of the last minute: by second modulo its length, and the newest second. */
export interface GovernorSnapshot {
  readonly second: number;
  readonly invites: readonly number[];
}

export interface SupplySnapshot {
  readonly unspentShare: number;
  readonly refusedShare: number;
}

/** Slot-, busy- and waiting-ms since the last refresh. */
export interface ExposureSnapshot {
  readonly slotMs: number;
  readonly busyMs: number;
  readonly waitMs: number;
}

export interface PacerSnapshot {
  readonly target: OptimizationTarget;
  readonly response: ResponseSnapshot;
  readonly release: RateSnapshot;
  readonly patience: RateSnapshot;
  /** Null: the target has none. */
  readonly ledger: LedgerSnapshot | null;
  /** When the ledger began, or began anew, epoch ms; absent in snapshots of before it did: at the restart. */
  readonly ledgerSince?: number;
  /** Of the DUAL algorithms: the account of all chats (null: the target has none), how often reactive visitors ask, the share let in. */
  readonly dual?: {
    readonly wholeLedger: LedgerSnapshot | null;
    readonly asked: RateSnapshot;
    readonly reactiveState: number;
    readonly refreshes: number;
    readonly shareSlots: number;
  };
  readonly busyState: number | null;
  readonly governor: GovernorSnapshot;
  readonly supply: SupplySnapshot;
  readonly exposure: ExposureSnapshot;
  /** When the ages of the invites out were last counted, ms; -1: never. */
  readonly followedAt: number;
  /** Whether there was a refresh, what it allowed, and the invites since. */
  readonly refreshed: boolean;
  readonly allowed: number;
  readonly sent: number;
}

/** Who is in a group's room at the moment at which a pacer takes up its work again. */
export interface PacerRoom {
  readonly slots: number;
  /** Chats that hold a slot. */
  readonly busy: number;
  /** Chats that wait. */
  readonly queued: readonly string[];
  readonly pending: readonly { readonly id: string; readonly sentAt: number }[];
  /** For a DUAL algorithm: reactive chats, which `busy` and `queued` leave out. */
  readonly reactive?: { readonly busy: readonly string[]; readonly queued: readonly string[] };
  /** Those of all of them that are not at risk: whatever becomes of them, the goal counts it no more. */
  readonly safe?: readonly string[];
}

/** A table's cells as plain numbers. By hand: a pacer does this at every refresh, and `Array.from` takes ten times as long. */
export function numbersOf(table: Float64Array | Int32Array): number[] {
  const numbers: number[] = [];
  for (let i = 0; i < table.length; i += 1) numbers.push(table[i] ?? 0);
  return numbers;
}
