/** Which stretch of a run is shown: a window that follows the clock, or a stretch that somebody has zoomed into. */
import { quantizeNow, spanOf, type TimeSpan, type WindowName } from '#renderer/view/time-window.ts';

export type SpanChoice = WindowName | TimeSpan;

/** Below this a chart holds too few points to be one. */
const ZOOM_MS_MIN = 30_000;

export function isZoomed(choice: SpanChoice): choice is TimeSpan {
  return typeof choice !== 'string';
}

/** `isMoving`: the window follows a running clock, in steps of a pixel. */
export function spanOfChoice(choice: SpanChoice, nowMs: number, totalMs: number, isMoving: boolean): TimeSpan {
  if (isZoomed(choice)) return choice;
  return spanOf(choice, isMoving ? quantizeNow(choice, nowMs, totalMs) : nowMs, totalMs);
}

/** Between two moments in any order, within the run, and never too short; the whole run is a window again. */
export function zoomTo(firstMs: number, secondMs: number, totalMs: number): SpanChoice {
  const middle = (firstMs + secondMs) / 2;
  const wide = Math.min(totalMs, Math.max(ZOOM_MS_MIN, Math.abs(secondMs - firstMs)));
  if (wide >= totalMs) return 'all';
  const fromMs = Math.round(Math.min(totalMs - wide, Math.max(0, middle - wide / 2)));
  return { fromMs, toMs: Math.round(fromMs + wide) };
}

/** `factor` < 1: nearer. The moment keeps its place on the screen as far as the run's ends allow. */
export function zoomAround(span: TimeSpan, atMs: number, factor: number, totalMs: number): SpanChoice {
  const wide = Math.max(ZOOM_MS_MIN, (span.toMs - span.fromMs) * factor);
  const share = (atMs - span.fromMs) / Math.max(1, span.toMs - span.fromMs);
  const fromMs = atMs - share * wide;
  return zoomTo(fromMs, fromMs + wide, totalMs);
}
