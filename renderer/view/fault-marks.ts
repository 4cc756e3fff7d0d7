/** What was done to nodes on purpose, as stretches of time that the charts mark. */
import type { LiveFault } from '#protocol/run-feed-live.ts';
import type { TimeMark } from '#renderer/charts/time-marks.tsx';
import { describeFault } from '#renderer/view/live-words.ts';

/** Steps in which a mark that has not ended grows: charts need not be drawn for less. */
const GROWS_BY_MS = 1_000;

/** `nowMs`: virtual time, up to where a fault that has not ended reaches. */
export function faultMarks(faults: readonly LiveFault[], nowMs: number): readonly TimeMark[] {
  const now = Math.floor(nowMs / GROWS_BY_MS) * GROWS_BY_MS;
  return faults.map((fault) => ({
    key: String(fault.id),
    label: describeFault(fault),
    fromMs: fault.fromMs,
    untilMs: fault.untilMs ?? Math.max(fault.fromMs, now),
    isOpen: fault.untilMs === null,
    tone: 'failure',
  }));
}
