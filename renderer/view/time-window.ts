/** Which stretch of virtual time the charts show, how long their buckets are, and where the ticks of their axis stand. */
import { bucketLengthFor } from '#protocol/control-api-series.ts';
import type { RunSpeed } from '#protocol/run-feed.ts';

export type WindowName = '5m' | '15m' | '1h' | 'all';

export const WINDOW_NAMES: readonly WindowName[] = ['5m', '15m', '1h', 'all'];
export const WINDOW_LABELS: Readonly<Record<WindowName, string>> = {
  '5m': '5 min',
  '15m': '15 min',
  '1h': '1 h',
  all: 'whole run',
};

const WINDOW_MS = { '5m': 300_000, '15m': 900_000, '1h': 3_600_000 } as const;
/** Few enough that a count of a bucket says something, far below what a chart may hold (240). */
const POINTS_MAX = 120;

/** What suits a speed, while nobody has chosen. */
export function windowForSpeed(speed: RunSpeed): WindowName {
  if (speed === 'max' || speed > 100) return 'all';
  if (speed <= 1) return '5m';
  return speed <= 10 ? '15m' : '1h';
}

export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Fills from the left until it is full, then scrolls with `nowMs` at its right edge. */
export function spanOf(window: WindowName, nowMs: number, totalMs: number): TimeSpan {
  if (window === 'all') return { fromMs: 0, toMs: Math.max(totalMs, 1_000) };
  const length = WINDOW_MS[window];
  return nowMs <= length ? { fromMs: 0, toMs: length } : { fromMs: nowMs - length, toMs: nowMs };
}

/** A chart is some 600 pixels wide: time moves in steps of one of them, so that nothing is redrawn for less. */
const STEPS_OF_A_WINDOW = 600;

export function quantizeNow(window: WindowName, nowMs: number, totalMs: number): number {
  const step = (window === 'all' ? totalMs : WINDOW_MS[window]) / STEPS_OF_A_WINDOW;
  return step > 0 ? Math.floor(nowMs / step) * step : nowMs;
}

/** Bucket length of a chart over `span`, ms. */
export function bucketMsOf(span: TimeSpan): number {
  return bucketLengthFor(span.toMs - span.fromMs, POINTS_MAX);
}

const TICK_STEPS_MS = [
  5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000,
  21_600_000, 43_200_000, 86_400_000,
];

/** Virtual times at round clock times (`startsAt` is the clock at 0), at most `ticksMax` of them. */
export function ticksOf(span: TimeSpan, startsAt: number, ticksMax: number): readonly number[] {
  const length = span.toMs - span.fromMs;
  const step = TICK_STEPS_MS.find((candidate) => length / candidate <= ticksMax) ?? Math.ceil(length / ticksMax);
  const ticks: number[] = [];
  for (let at = Math.ceil((startsAt + span.fromMs) / step) * step - startsAt; at <= span.toMs; at += step)
    ticks.push(at);
  return ticks;
}

/** Whether ticks of this span need seconds. */
export function needsSeconds(span: TimeSpan): boolean {
  return span.toMs - span.fromMs < 300_000;
}
