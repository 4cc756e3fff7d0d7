/**
 * What all charts of the Pacing screen share at one moment: the span, its ticks, and the rows. What looks the same is the same
 * object, so that charts redraw only when a pixel of theirs has changed.
 */
import type { RunView } from '#renderer/feed/run-store.ts';
import type { RunStatus } from '#protocol/run-feed.ts';
import { clockOf } from '#renderer/run/run-moment.ts';
import { chartPoints, rememberLast } from '#renderer/view/chart-points.ts';
import { pacingRows, type PacingRow } from '#renderer/view/pacing-rows.ts';
import { isZoomed, spanOfChoice, type SpanChoice } from '#renderer/view/span-choice.ts';
import { bucketMsOf, needsSeconds, ticksOf, type TimeSpan } from '#renderer/view/time-window.ts';

export interface PacingFrame {
  readonly status: RunStatus;
  readonly span: TimeSpan;
  readonly bucketMs: number;
  readonly ticks: readonly number[];
  readonly rows: readonly PacingRow[];
  readonly formatTime: (atMs: number) => string;
}

const TICKS_MAX = 8;
const steadySpan = rememberLast((fromMs: number, toMs: number): TimeSpan => ({ fromMs, toMs }));
const steadyTicks = rememberLast((span: TimeSpan, startsAt: number) => ticksOf(span, startsAt, TICKS_MAX));
let kept: { readonly key: string; readonly rows: readonly PacingRow[] } | undefined;

/** null: nothing is known of a run. */
export const pacingFrameOf = rememberLast((view: RunView, choice: SpanChoice, group: string): PacingFrame | null => {
  const { status, series, pacing, counterpart } = view;
  if (status === null) return null;
  const { startsAt, timeZone, virtualMs, totalMs, state } = status;
  const { fromMs, toMs } = spanOfChoice(choice, virtualMs, totalMs, state === 'running');
  const span = steadySpan(fromMs, toMs);
  const clock = clockOf(startsAt, timeZone);
  const isOver = state === 'finished' || state === 'stopped' || state === 'failed';
  const counts = chartPoints(series, span, isOver);
  const shown = isZoomed(choice) ? counts.filter(({ atMs, bucketMs }) => atMs - bucketMs <= span.toMs) : counts;
  const points = pacing.filter((point) => point.group === group);
  const besideCounts = counterpart === null ? [] : chartPoints(counterpart.series, span, true);
  const besidePoints = counterpart === null ? [] : counterpart.pacing.filter((point) => point.group === group);
  const key = `${status.runId} ${group} ${bucketMsOf(span)} ${counterpart?.state.pacedBy ?? ''}`;
  return {
    status,
    span,
    bucketMs: bucketMsOf(span),
    ticks: steadyTicks(span, startsAt),
    rows: keepRows(key, pacingRows(shown, points, besideCounts, besidePoints)),
    formatTime: needsSeconds(span) ? clock.time : clock.minute,
  };
});

/** The rows from before while they are the same: complete buckets never change. */
function keepRows(run: string, rows: readonly PacingRow[]): readonly PacingRow[] {
  const last = rows.at(-1);
  const beside = rows.findLast((row) => row.beside !== null)?.atMs ?? 0;
  const key = `${run} ${rows.length} ${rows[0]?.atMs} ${last?.atMs} ${last?.point?.atMs} ${beside}`;
  if (kept?.key !== key) kept = { key, rows };
  return kept.rows;
}
