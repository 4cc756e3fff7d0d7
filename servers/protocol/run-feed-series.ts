/** The course of a run as its feed tells it: counts in buckets of virtual time, and the state of pacing at their ends. */
import type { Binding, ReactiveDecision } from '#core/pacing/pacer.ts';

/** One bucket of virtual time; counts are totals of the bucket, levels are those at its end unless said otherwise. */
export interface SeriesPoint {
  /** End of the bucket, ms of virtual time. */
  readonly atMs: number;
  readonly bucketMs: number;
  readonly visits: number;
  readonly pageViews: number;
  readonly events: number;
  readonly hotLeads: number;
  readonly refused: number;
  readonly allowed: number;
  readonly sent: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly timeout: number;
  readonly failed: number;
  readonly chatsStarted: number;
  readonly chatsCompleted: number;
  readonly abandoned: number;
  readonly visitsInProgress: number;
  readonly waiting: number;
  /** Slot-seconds / bucket seconds: mean busy slots over the bucket. */
  readonly busySlots: number;
  readonly slots: number;
  /** Firings by rule. */
  readonly firings: Readonly<Record<string, number>>;
}

/** Low and high end of a share, 0..1. */
export type ShareRange = readonly [low: number, high: number];

/** State of pacing at one moment (the last refresh of a bucket), one a group. */
export interface PacingPoint {
  readonly atMs: number;
  readonly group: string;
  readonly allowed: number;
  readonly sent: number;
  readonly pending: number;
  readonly waiting: number;
  readonly slots: number;
  readonly busy: number;
  /** Whether a slot is a whole agent. */
  readonly slotIsAgent: boolean;
  /** Slots expected to be released within the mean time to an acceptance, and that time. */
  readonly releasesSoon: number;
  readonly acceptDelaySeconds: number;
  /** Expected extra abandonments of the next invite, if it is accepted. */
  readonly risk: number;
  readonly limit: number;
  /** Idle slots expected, and what they must be above (BUSY_FACTOR; else null). */
  readonly idle: number | null;
  readonly idleLimit: number | null;
  readonly ledger: number;
  readonly hitShare: number;
  readonly binding: Binding;
  /** With the DUAL algorithms alone. */
  readonly reactive: ReactiveDecision | null;
  /** What the group serves; absent: chats. */
  readonly channel?: 'webcallback';
  /** From the start of the run: of all groups of its channel, chats abandoned or callbacks late; of all groups, busy. */
  readonly abandonmentShare: number | null;
  readonly busyShare: number | null;
  /** Intervals of 95 %: of abandonment by Wilson, of busy time by batch means; null while there is too little to say. */
  readonly abandonmentRange: ShareRange | null;
  readonly busyRange: ShareRange | null;
  /** "2 invites: the next would cost 0.039 ..." */
  readonly sentence: string;
}
