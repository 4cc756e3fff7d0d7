/** The points of a chart: a run's series cut to the span that is shown, in buckets of the chart's length, complete ones only. */
import { bucketEnd, mergeSeries, thinPacing } from '#protocol/control-api-series.ts';
import type { PacingPoint, SeriesPoint } from '#protocol/run-feed.ts';
import { bucketMsOf, type TimeSpan } from '#renderer/view/time-window.ts';

/** `atEnd`: the run is over, so its last bucket won't grow. One bucket before the span comes along, for lines that enter it. */
export function chartPoints(series: readonly SeriesPoint[], span: TimeSpan, atEnd: boolean): readonly SeriesPoint[] {
  const bucketMs = bucketMsOf(span);
  const merged = mergeSeries(series.slice(firstIndex(series, span, bucketMs)), bucketMs);
  const last = merged.at(-1);
  if (last && !atEnd && last.atMs < bucketEnd(last.atMs, bucketMs)) merged.pop();
  return merged;
}

/** One point of each complete bucket and of one group. */
export function pacingPoints(
  pacing: readonly PacingPoint[],
  span: TimeSpan,
  group: string,
  atEnd: boolean,
): readonly PacingPoint[] {
  const bucketMs = bucketMsOf(span);
  const shown = pacing.slice(firstIndex(pacing, span, bucketMs)).filter((point) => point.group === group);
  const thinned = thinPacing(shown, bucketMs);
  const last = thinned.at(-1);
  if (last && !atEnd && last.atMs < bucketEnd(last.atMs, bucketMs)) thinned.pop();
  return thinned;
}

function firstIndex(points: readonly { readonly atMs: number }[], span: TimeSpan, bucketMs: number): number {
  const from = Math.floor(span.fromMs / bucketMs) * bucketMs - bucketMs;
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.atMs ?? 0) <= from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The point whose bucket holds `atMs`; the last one where no moment is given, undefined where none is near. */
export function pointAt<T extends { readonly atMs: number }>(points: readonly T[], atMs: number | null): T | undefined {
  if (atMs === null) return points.at(-1);
  return points.find((point) => point.atMs >= atMs) ?? points.at(-1);
}

/** A memory of one: `compute` runs again only when an argument has changed. For what several panels ask at the same moment. */
export function rememberLast<A extends readonly unknown[], R>(compute: (...given: A) => R): (...given: A) => R {
  let last: { readonly given: A; readonly result: R } | undefined;
  return (...given) => {
    if (
      last &&
      last.given.length === given.length &&
      last.given.every((value, index) => Object.is(value, given[index]))
    ) {
      return last.result;
    }
    last = { given, result: compute(...given) };
    return last.result;
  };
}
