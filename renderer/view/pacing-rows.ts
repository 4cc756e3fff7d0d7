/** What the charts of pacing are drawn from: a row a bucket, with its counts, the decision in force at its end, and the counterpart's. */
import type { PacingPoint, SeriesPoint } from '#protocol/run-feed.ts';

export interface PacingRow {
  readonly atMs: number;
  readonly count: SeriesPoint;
  /** null: pacing has said nothing for a while. */
  readonly point: PacingPoint | null;
  /** The same moment of the run beside it; null: there is none, or it has not come so far. */
  readonly beside: BesidePoint | null;
}

export interface BesidePoint {
  readonly count: SeriesPoint;
  readonly point: PacingPoint | null;
}

/** A decision is shown as in force for so long, where pacing refreshes seldom. */
const IN_FORCE_MS_MAX = 60_000;

/** All in order of time; points of one group. */
export function pacingRows(
  counts: readonly SeriesPoint[],
  points: readonly PacingPoint[],
  besideCounts: readonly SeriesPoint[],
  besidePoints: readonly PacingPoint[],
): readonly PacingRow[] {
  const inForce = follower(points);
  const besideCount = holder(besideCounts);
  const besideInForce = follower(besidePoints);
  return counts.map((count) => {
    const held = besideCount(count.atMs);
    const pace = Math.max(IN_FORCE_MS_MAX, count.bucketMs);
    return {
      atMs: count.atMs,
      count,
      point: recent(inForce(count.atMs), count.atMs, pace),
      beside:
        held === undefined
          ? null
          : { count: held, point: recent(besideInForce(count.atMs), count.atMs, Math.max(pace, held.bucketMs)) },
    };
  });
}

function recent(point: PacingPoint | undefined, atMs: number, withinMs: number): PacingPoint | null {
  return point !== undefined && atMs - point.atMs < withinMs ? point : null;
}

/** The last point at or before a moment; moments only grow. */
function follower<T extends { readonly atMs: number }>(points: readonly T[]): (atMs: number) => T | undefined {
  let next = 0;
  return (atMs) => {
    while (next < points.length && (points[next]?.atMs ?? Infinity) <= atMs) next += 1;
    return points[next - 1];
  };
}

/** The bucket that a moment lies in or ends; undefined beyond the last. */
function holder(counts: readonly SeriesPoint[]): (atMs: number) => SeriesPoint | undefined {
  let next = 0;
  return (atMs) => {
    while (next < counts.length && (counts[next]?.atMs ?? 0) < atMs) next += 1;
    const count = counts[next];
    return count !== undefined && count.atMs - count.bucketMs < atMs ? count : undefined;
  };
}

export function perMinute(count: number, { bucketMs }: SeriesPoint): number {
  return count / (bucketMs / 60_000);
}

/** The row that a moment belongs to; the newest without one. */
export function rowAt(rows: readonly PacingRow[], atMs: number | null): PacingRow | undefined {
  if (atMs === null) return rows.at(-1);
  return rows.find((row) => row.atMs >= atMs) ?? rows.at(-1);
}

/** The newest decision at or before the end of the second that holds a moment, of one group; the newest without one. */
export function decisionPointAt(
  points: readonly PacingPoint[],
  group: string,
  atMs: number | null,
): PacingPoint | undefined {
  if (atMs === null) return points.findLast((point) => point.group === group);
  return (
    points.find((point) => point.group === group && point.atMs >= atMs) ??
    points.findLast((point) => point.group === group)
  );
}
