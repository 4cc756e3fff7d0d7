/**
 * The course of a run in buckets of virtual time: differences of counters, and the state of pacing at the end of each.
 */
import { describeDecision } from '#core/pacing/describe-decision.ts';
import type { PacingDecision } from '#core/pacing/pacer.ts';
import type { PacingPoint, SeriesPoint, ShareRange } from '#protocol/run-feed.ts';
import { subtractCounts, type RunCounters } from './run-counters.ts';

const POINTS_MAX = 7_200;
const LENGTHS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600];

/** Length of a bucket so that a run has at most 7,200: one second for two hours, 15 s for a day. */
export function bucketMsOf(totalMs: number): number {
  const length = LENGTHS_S.find((seconds) => totalMs / (seconds * 1_000) <= POINTS_MAX);
  return (length ?? Math.ceil(totalMs / POINTS_MAX / 3_600_000) * 3_600) * 1_000;
}

/** What stands beside the counters at the end of a bucket. */
export interface BucketLevels {
  readonly visitsInProgress: number;
  readonly waiting: number;
  readonly slots: number;
  readonly firings: Readonly<Record<string, number>>;
}

export function seriesPoint(
  before: RunCounters,
  now: RunCounters,
  firingsBefore: Readonly<Record<string, number>>,
  levels: BucketLevels,
): SeriesPoint {
  const bucketMs = now.atMs - before.atMs;
  return {
    atMs: now.atMs,
    bucketMs,
    visits: now.visits - before.visits,
    pageViews: now.pageViews - before.pageViews,
    events: now.events - before.events,
    hotLeads: now.hotLeads - before.hotLeads,
    refused: now.refused - before.refused,
    allowed: now.allowed - before.allowed,
    sent: now.sent - before.sent,
    accepted: now.accepted - before.accepted,
    rejected: now.rejected - before.rejected,
    timeout: now.timeout - before.timeout,
    failed: now.failed - before.failed,
    chatsStarted: now.chatsStarted - before.chatsStarted,
    chatsCompleted: now.chatsCompleted - before.chatsCompleted,
    abandoned: now.abandoned - before.abandoned,
    visitsInProgress: levels.visitsInProgress,
    waiting: levels.waiting,
    busySlots: bucketMs > 0 ? (now.busySlotMs - before.busySlotMs) / bucketMs : 0,
    slots: levels.slots,
    firings: subtractCounts(levels.firings, firingsBefore),
  };
}

/** What a bucket's end brings to its point of pacing beside the decision. */
export interface PromiseSoFar {
  /** Of the bucket. */
  readonly sent: number;
  readonly abandonmentRange: ShareRange | null;
  /** The same of late callbacks. */
  readonly lateRange: ShareRange | null;
  readonly busyRange: ShareRange | null;
}

/** Of a voice group, what is promised is that callbacks are not late. */
export function pacingPoint(decision: PacingDecision, now: RunCounters, promise: PromiseSoFar): PacingPoint {
  const isVoice = decision.channel === 'webcallback';
  return {
    atMs: now.atMs,
    group: decision.group,
    allowed: decision.allowed,
    sent: promise.sent,
    pending: decision.pending,
    waiting: decision.queued,
    slots: decision.slots,
    busy: decision.busy,
    slotIsAgent: decision.slotIsAgent,
    releasesSoon: decision.releasesSoon,
    acceptDelaySeconds: decision.acceptDelaySeconds,
    risk: decision.risk,
    limit: decision.limit,
    idle: decision.idle,
    idleLimit: decision.idleLimit,
    ledger: decision.ledger ?? 0,
    hitShare: decision.acceptShare,
    binding: decision.binding,
    reactive: decision.reactive ?? null,
    abandonmentShare: isVoice
      ? lateShareOf(now)
      : shareOf(now.abandoned, now.accepted - now.callbacks.asked + now.reactive.letIn),
    busyShare: shareOf(now.busySlotMs, now.slotMs),
    abandonmentRange: isVoice ? promise.lateRange : promise.abandonmentRange,
    busyRange: promise.busyRange,
    sentence: describeDecision(decision),
    ...(decision.channel === undefined ? {} : { channel: decision.channel }),
  };
}

/** Of the callbacks that a call was promised for so far, those whose call had not begun in time. */
export function lateShareOf({ callbacks, promised }: RunCounters): number | null {
  return shareOf(callbacks.late, promised);
}

/** null where there is nothing to count. */
export function shareOf(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
