/**
 * What all panels of the Run screen share at one moment: the span that is shown, its ticks, and the points in it. What looks the
 * same is the same object, so that charts redraw only when a pixel of theirs has changed.
 */
import type { PacingPoint, RunStatus, SeriesPoint } from '#protocol/run-feed.ts';
import { chartPoints, pacingPoints, rememberLast } from '#renderer/view/chart-points.ts';
import { createScenarioClock, type ScenarioClock } from '#renderer/view/scenario-clock.ts';
import {
  bucketMsOf,
  needsSeconds,
  quantizeNow,
  spanOf,
  ticksOf,
  type TimeSpan,
  type WindowName,
} from '#renderer/view/time-window.ts';
import { trafficRows, type TrafficRow } from '#renderer/view/traffic-rows.ts';

export interface RunMoment {
  readonly status: RunStatus;
  readonly span: TimeSpan;
  /** The newest moment that is drawn, virtual ms. */
  readonly nowMs: number;
  readonly bucketMs: number;
  readonly ticks: readonly number[];
  readonly points: readonly SeriesPoint[];
  readonly clock: ScenarioClock;
  /** A tick's clock time. */
  readonly formatTime: (atMs: number) => string;
  /** Finished, stopped or failed: nothing moves any more. */
  readonly isOver: boolean;
}

const TICKS_MAX = 6;
export const clockOf = rememberLast(createScenarioClock);
const steadySpan = rememberLast(spanOf);
const steadyTicks = rememberLast((span: TimeSpan, startsAt: number) => ticksOf(span, startsAt, TICKS_MAX));
const keepPoints = createKeeper<SeriesPoint>();
const keepPacing = createKeeper<PacingPoint>();

export const momentOf = rememberLast(
  (status: RunStatus, series: readonly SeriesPoint[], window: WindowName): RunMoment => {
    const { startsAt, timeZone, virtualMs, totalMs, state, runId } = status;
    const clock = clockOf(startsAt, timeZone);
    const isOver = state === 'finished' || state === 'stopped' || state === 'failed';
    const nowMs = state === 'running' ? quantizeNow(window, virtualMs, totalMs) : virtualMs;
    const span = steadySpan(window, nowMs, totalMs);
    return {
      status,
      span,
      nowMs,
      bucketMs: bucketMsOf(span),
      ticks: steadyTicks(span, startsAt),
      points: keepPoints(`${runId} ${window}`, chartPoints(series, span, isOver)),
      clock,
      formatTime: needsSeconds(span) ? clock.time : clock.minute,
      isOver,
    };
  },
);

/** Points of pacing of one group at the moment. */
export const pacingAt = rememberLast(
  (moment: RunMoment, pacing: readonly PacingPoint[], group: string): readonly PacingPoint[] =>
    keepPacing(
      `${moment.status.runId} ${moment.bucketMs} ${group}`,
      pacingPoints(pacing, moment.span, group, moment.isOver),
    ),
);

let rows: { readonly points: readonly SeriesPoint[]; readonly rows: readonly TrafficRow[] } | undefined;

/** Traffic at the moment; computed anew only for other points, which every run has of its own. */
export function trafficAt({ points, status }: RunMoment): readonly TrafficRow[] {
  if (rows?.points !== points) rows = { points, rows: trafficRows(points, status.expectation, status.profile) };
  return rows.rows;
}

interface Placed {
  readonly atMs: number;
}

/** Gives back the array from before while the new one holds the same points: complete buckets never change. */
function createKeeper<T extends Placed>(): (key: string, points: readonly T[]) => readonly T[] {
  let lastKey = '';
  let last: readonly T[] = [];
  return (key, points) => {
    const isSame =
      key === lastKey &&
      points.length === last.length &&
      points[0]?.atMs === last[0]?.atMs &&
      points.at(-1)?.atMs === last.at(-1)?.atMs;
    if (!isSame) {
      lastKey = key;
      last = points;
    }
    return last;
  };
}
