/** The course of a run as the feed tells it: complete buckets of a length that depends on the speed. */
import { bucketEnd, mergeSeries, thinPacing } from '#protocol/control-api-series.ts';
import type { PacingPoint, SeriesPoint } from '#protocol/run-feed.ts';
import type { SteppedRun } from '#host/stepped-run.ts';

export interface SeriesFeed {
  /** What has been completed since the last call; `all`: the unfinished bucket too, at the end of a run. */
  take(
    bucketMs: number,
    all: boolean,
  ): { readonly series: readonly SeriesPoint[]; readonly pacing: readonly PacingPoint[] };
}

export function createSeriesFeed(run: Pick<SteppedRun, 'takeSeries' | 'takePacing'>): SeriesFeed {
  let unfinished: SeriesPoint[] = [];
  return {
    take(bucketMs, all) {
      const merged = mergeSeries([...unfinished, ...run.takeSeries()], bucketMs);
      const last = merged.at(-1);
      unfinished = [];
      if (!all && last && last.atMs < bucketEnd(last.atMs, bucketMs)) {
        unfinished = [last];
        merged.pop();
      }
      return { series: merged, pacing: thinPacing(run.takePacing(), bucketMs) };
    },
  };
}
