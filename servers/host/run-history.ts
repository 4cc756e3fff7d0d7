/**
 * A run so far, for who connects late: bounded however long it runs. The newest hour stays as fine as it was told, what is older
 * is merged into minutes; of the stream the newest items are kept.
 */
import { mergeSeries, thinPacing } from '#protocol/control-api-series.ts';
import type { PacingPoint, RunUpdate, SeriesPoint, StreamItem } from '#protocol/run-feed.ts';

type Progress = Extract<RunUpdate, { readonly type: 'progress' }>;

export interface RunHistory {
  add(update: RunUpdate): void;
  /** `history`, or `idle` where nothing ran. */
  snapshot(): RunUpdate;
}

const FINE_POINTS_MAX = 4_800;
const FINE_POINTS_KEPT = 3_600;
const OLD_BUCKET_MS = 60_000;
const STREAM_ITEMS_MAX = 1_000;

export function createRunHistory(): RunHistory {
  let latest: Progress | undefined;
  let status: Progress['status'] | undefined;
  let old: SeriesPoint[] = [];
  let fine: SeriesPoint[] = [];
  let pacingOld: PacingPoint[] = [];
  let pacingFine: PacingPoint[] = [];
  let stream: StreamItem[] = [];
  let skipped = 0;

  function clear(): void {
    latest = undefined;
    [old, fine, pacingOld, pacingFine, stream, skipped] = [[], [], [], [], [], 0];
  }

  function keep(update: Progress): void {
    latest = update;
    fine.push(...update.series);
    pacingFine.push(...update.pacing);
    if (fine.length > FINE_POINTS_MAX) {
      old = mergeSeries([...old, ...fine.slice(0, -FINE_POINTS_KEPT)], OLD_BUCKET_MS);
      fine = fine.slice(-FINE_POINTS_KEPT);
    }
    if (pacingFine.length > FINE_POINTS_MAX) {
      pacingOld = thinPacing([...pacingOld, ...pacingFine.slice(0, -FINE_POINTS_KEPT)], OLD_BUCKET_MS);
      pacingFine = pacingFine.slice(-FINE_POINTS_KEPT);
    }
    stream.push(...update.stream);
    skipped += update.skipped;
    if (stream.length > 2 * STREAM_ITEMS_MAX) {
      skipped += stream.length - STREAM_ITEMS_MAX;
      stream = stream.slice(-STREAM_ITEMS_MAX);
    }
  }

  return {
    add(update) {
      if (update.type !== 'progress' && update.type !== 'status') return;
      if (update.status.runId !== status?.runId) clear();
      status = update.status;
      if (update.type === 'progress') keep(update);
    },
    snapshot() {
      if (status === undefined) return { type: 'idle' };
      if (latest === undefined) return { type: 'status', status };
      return {
        type: 'history',
        status,
        totals: latest.totals,
        series: [...old, ...fine],
        pacing: [...pacingOld, ...pacingFine],
        agents: latest.agents,
        stream: stream.slice(-STREAM_ITEMS_MAX),
        skipped: skipped + Math.max(0, stream.length - STREAM_ITEMS_MAX),
      };
    },
  };
}
