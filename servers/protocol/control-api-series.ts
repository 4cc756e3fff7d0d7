/**
 * Series of a run in fewer, longer buckets: what keeps the feed, its history and a chart bounded however long a run is.
 * Buckets are cut at multiples of their length, so that a merged bucket never changes once it is complete.
 */
import type { Counterpart } from '#protocol/run-feed-counterpart.ts';
import type { PacingPoint, SeriesPoint } from '#protocol/run-feed.ts';

/** Lengths that divide one another, so that merging again is exact. */
export const BUCKET_LENGTHS_MS = [1_000, 5_000, 15_000, 60_000, 180_000, 360_000, 720_000, 3_600_000] as const;

/** The shortest of the lengths that cuts `spanMs` into at most `pointsMax` buckets (the longest where none does). */
export function bucketLengthFor(spanMs: number, pointsMax: number): number {
  return BUCKET_LENGTHS_MS.find((length) => spanMs / length <= pointsMax) ?? 3_600_000;
}

/** End of the bucket of length `bucketMs` that holds a point ending at `atMs`. */
export function bucketEnd(atMs: number, bucketMs: number): number {
  return Math.ceil(atMs / bucketMs) * bucketMs;
}

/** Two neighbours as one: counts add up, levels are the later one's, busy slots their mean over time. */
export function mergePoints(earlier: SeriesPoint, later: SeriesPoint): SeriesPoint {
  const bucketMs = earlier.bucketMs + later.bucketMs;
  return {
    atMs: later.atMs,
    bucketMs,
    visits: earlier.visits + later.visits,
    pageViews: earlier.pageViews + later.pageViews,
    events: earlier.events + later.events,
    hotLeads: earlier.hotLeads + later.hotLeads,
    refused: earlier.refused + later.refused,
    allowed: earlier.allowed + later.allowed,
    sent: earlier.sent + later.sent,
    accepted: earlier.accepted + later.accepted,
    rejected: earlier.rejected + later.rejected,
    timeout: earlier.timeout + later.timeout,
    failed: earlier.failed + later.failed,
    chatsStarted: earlier.chatsStarted + later.chatsStarted,
    chatsCompleted: earlier.chatsCompleted + later.chatsCompleted,
    abandoned: earlier.abandoned + later.abandoned,
    visitsInProgress: later.visitsInProgress,
    waiting: later.waiting,
    busySlots: (earlier.busySlots * earlier.bucketMs + later.busySlots * later.bucketMs) / bucketMs,
    slots: later.slots,
    firings: addFirings(earlier.firings, later.firings),
  };
}

function addFirings(
  earlier: Readonly<Record<string, number>>,
  later: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sum: Record<string, number> = { ...earlier };
  for (const [rule, firings] of Object.entries(later)) sum[rule] = (sum[rule] ?? 0) + firings;
  return sum;
}

/** Points in time order -> the same counts in buckets of `bucketMs`; the last bucket may be short of its end. */
export function mergeSeries(points: readonly SeriesPoint[], bucketMs: number): SeriesPoint[] {
  const merged: SeriesPoint[] = [];
  let current: SeriesPoint | undefined;
  for (const point of points) {
    if (current && bucketEnd(current.atMs, bucketMs) === bucketEnd(point.atMs, bucketMs)) {
      current = mergePoints(current, point);
      merged[merged.length - 1] = current;
    } else {
      current = point;
      merged.push(point);
    }
  }
  return merged;
}

/** The last point of each group in each bucket of `bucketMs`, in time order. */
export function thinPacing(points: readonly PacingPoint[], bucketMs: number): PacingPoint[] {
  const kept: PacingPoint[] = [];
  const place = new Map<string, number>();
  for (const point of points) {
    const at = place.get(point.group);
    const before = at === undefined ? undefined : kept[at];
    if (before && at !== undefined && bucketEnd(before.atMs, bucketMs) === bucketEnd(point.atMs, bucketMs)) {
      kept[at] = point;
    } else {
      place.set(point.group, kept.length);
      kept.push(point);
    }
  }
  return kept;
}

/** A counterpart's course, longer by what is new of it: both in buckets of one length, but for the last of the run. */
export function joinCounterpart(
  before: Pick<Counterpart, 'series' | 'pacing'>,
  news: Pick<Counterpart, 'series' | 'pacing'>,
): Pick<Counterpart, 'series' | 'pacing'> {
  const series = [...before.series, ...news.series];
  const bucketMs = series[0]?.bucketMs ?? BUCKET_LENGTHS_MS[0];
  return { series, pacing: thinPacing([...before.pacing, ...news.pacing], bucketMs) };
}

/** The course of a run in little memory: the newest points as fine as they came, older ones in longer and longer buckets. */
export interface Course<T> {
  append(points: readonly T[]): void;
  clear(): void;
  /** All points, oldest first. */
  all(): readonly T[];
}

/**
 * From new to old: the length of a tier's buckets (null: as they came), how many it keeps, and at how many it hands the oldest on.
 * With points of one second: a quarter of an hour, then four hours in quarters of a minute, then minutes.
 */
const TIERS = [
  { bucketMs: null, kept: 900, max: 1_200 },
  { bucketMs: 15_000, kept: 960, max: 1_200 },
  { bucketMs: 60_000, kept: Number.POSITIVE_INFINITY, max: Number.POSITIVE_INFINITY },
] as const;

/** `merge` is `mergeSeries` or `thinPacing`. */
export function createCourse<T>(merge: (points: readonly T[], bucketMs: number) => T[]): Course<T> {
  let tiers: T[][] = TIERS.map(() => []);

  function add(index: number, points: readonly T[]): void {
    const tier = TIERS[index];
    const held = tiers[index];
    if (!tier || !held) return;
    const joined = tier.bucketMs === null ? held.concat(points) : merge([...held, ...points], tier.bucketMs);
    const isFull = joined.length > tier.max;
    tiers[index] = isFull ? joined.slice(-tier.kept) : joined;
    if (isFull) add(index + 1, joined.slice(0, -tier.kept));
  }

  return {
    append: (points) => add(0, points),
    clear() {
      tiers = TIERS.map(() => []);
    },
    all: () => tiers.toReversed().flat(),
  };
}
