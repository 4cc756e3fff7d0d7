/** The course of a run in as many bins as a chart has room for: counts are added up, levels averaged over time. */
import { describeDuration } from '#testbed/report/figure-text.ts';
import type { PacingPoint, SeriesPoint } from '#protocol/run-feed.ts';

const LENGTHS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400];
const BINS_MAX = 180;

export interface Bin {
  readonly fromMs: number;
  readonly toMs: number;
  readonly points: readonly SeriesPoint[];
}

/** Bins of one round length, the last one perhaps shorter. */
export function binSeries(series: readonly SeriesPoint[]): readonly Bin[] {
  const lengthMs = chooseLength(series.at(-1)?.atMs ?? 0);
  const bins: { fromMs: number; toMs: number; points: SeriesPoint[] }[] = [];
  for (const point of series) {
    const index = Math.floor((point.atMs - 1) / lengthMs);
    const fromMs = index * lengthMs;
    const last = bins.at(-1);
    if (last?.fromMs === fromMs) {
      last.points.push(point);
      last.toMs = point.atMs;
    } else {
      bins.push({ fromMs, toMs: point.atMs, points: [point] });
    }
  }
  return bins;
}

function chooseLength(totalMs: number): number {
  const seconds = LENGTHS_S.find((length) => totalMs / (length * 1000) <= BINS_MAX);
  return (seconds ?? Math.ceil(totalMs / 1000 / BINS_MAX)) * 1000;
}

/** `30 s`, `2 min`: how long each bin is. */
export function describeBinLength(bins: readonly Bin[]): string {
  const [first] = bins;
  return first === undefined ? '' : describeDuration(first.toMs - first.fromMs);
}

export function sumOf(bin: Bin, pick: (point: SeriesPoint) => number): number {
  return bin.points.reduce((sum, point) => sum + pick(point), 0);
}

/** Mean of a level over the bin, each point for as long as its bucket. */
export function meanOf(bin: Bin, pick: (point: SeriesPoint) => number): number {
  const ms = sumOf(bin, (point) => point.bucketMs);
  return ms === 0 ? 0 : sumOf(bin, (point) => pick(point) * point.bucketMs) / ms;
}

/** A level as a line through the bins: from the start of the first to the end of each. */
export function traceOf(
  bins: readonly Bin[],
  pick: (bin: Bin) => number,
): readonly { readonly atMs: number; readonly value: number }[] {
  const trace = bins.map((bin) => ({ atMs: bin.toMs, value: pick(bin) }));
  const [first] = trace;
  const [bin] = bins;
  return first === undefined || bin === undefined ? trace : [{ atMs: bin.fromMs, value: first.value }, ...trace];
}

export interface PacingBin {
  readonly atMs: number;
  readonly points: readonly PacingPoint[];
}

/** The decisions of one group in bins that end where the series' bins do. */
export function binPacing(points: readonly PacingPoint[], bins: readonly Bin[]): readonly PacingBin[] {
  const pacing: PacingBin[] = [];
  let next = 0;
  for (const bin of bins) {
    const first = next;
    while (next < points.length && (points[next]?.atMs ?? 0) <= bin.toMs) next += 1;
    if (next > first) pacing.push({ atMs: bin.toMs, points: points.slice(first, next) });
  }
  return pacing;
}
