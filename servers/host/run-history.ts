/** A run so far, for who connects late: bounded however long it runs. */
import { createCourse, mergeSeries, thinPacing } from '#protocol/control-api-series.ts';
import type { Counterpart } from '#protocol/run-feed-counterpart.ts';
import type { RunUpdate, StreamItem } from '#protocol/run-feed.ts';

type Progress = Extract<RunUpdate, { readonly type: 'progress' }>;

export interface RunHistory {
  add(update: RunUpdate): void;
  /** `history`, with the counterpart as it is; `status` where a run has told no more yet; `idle` where nothing ran. */
  snapshot(counterpart?: Counterpart | null): RunUpdate;
}

const STREAM_ITEMS_MAX = 1_000;

export function createRunHistory(): RunHistory {
  const series = createCourse(mergeSeries);
  const pacing = createCourse(thinPacing);
  let status: Progress['status'] | undefined;
  let latest: Progress | undefined;
  let stream: StreamItem[] = [];
  let skipped = 0;

  function clear(): void {
    series.clear();
    pacing.clear();
    latest = undefined;
    stream = [];
    skipped = 0;
  }

  function keep(update: Progress): void {
    latest = update;
    series.append(update.series);
    pacing.append(update.pacing);
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
    snapshot(counterpart = null) {
      if (status === undefined) return { type: 'idle' };
      if (latest === undefined) return { type: 'status', status };
      return {
        type: 'history',
        status,
        totals: latest.totals,
        series: series.all(),
        pacing: pacing.all(),
        agents: latest.agents,
        stream: stream.slice(-STREAM_ITEMS_MAX),
        skipped: skipped + Math.max(0, stream.length - STREAM_ITEMS_MAX),
        counterpart,
      };
    },
  };
}
