/** The time axis that all charts of a report share: from the start of the run to its end, labelled in local time. */
import { describeLocalTime } from '#protocol/scenario-file-start.ts';
import type { Caption } from '#protocol/scenario.ts';
import type { RunResult } from '#testbed/run-result.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const STEPS_MS = [
  1_000,
  5_000,
  10_000,
  30_000,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  24 * HOUR_MS,
  48 * HOUR_MS,
  168 * HOUR_MS,
];

export interface TimeFrame {
  /** ms of virtual time; the frame begins at 0. */
  readonly totalMs: number;
  readonly warmupMs: number;
  readonly startsAt: number;
  readonly timeZone: string;
  /** What the scenario says, and what pacing was told. */
  readonly captions: readonly Caption[];
}

export interface TimeTick {
  readonly atMs: number;
  readonly label: string;
}

export function createTimeFrame({ scenario, simulatedSeconds, whatIfs }: RunResult): TimeFrame {
  const totalMs = simulatedSeconds * 1000;
  return {
    totalMs,
    warmupMs: Math.min(scenario.warmupMs, totalMs),
    startsAt: scenario.startsAt,
    timeZone: scenario.timeZone,
    captions: [...scenario.captions, ...whatIfs.map(({ atMs, sentence }) => ({ atMs, text: `What if: ${sentence}` }))]
      .filter((caption) => caption.atMs <= totalMs)
      .sort((earlier, later) => earlier.atMs - later.atMs),
  };
}

/** Full hours, quarters and the like of local time, at most `count`. */
export function listTimeTicks(frame: TimeFrame, count: number): readonly TimeTick[] {
  const step = STEPS_MS.find((candidate) => frame.totalMs / candidate <= count) ?? Math.ceil(frame.totalMs / count);
  const local = Date.parse(`${describeLocalTime(frame.startsAt, frame.timeZone)}Z`);
  const ticks: TimeTick[] = [];
  for (let atMs = (step - (local % step)) % step; atMs <= frame.totalMs; atMs += step) {
    ticks.push({ atMs, label: describeTick(frame, atMs, step) });
  }
  return ticks;
}

function describeTick(frame: TimeFrame, atMs: number, step: number): string {
  const local = describeLocalTime(frame.startsAt + atMs, frame.timeZone);
  const [date = '', time = ''] = local.split('T');
  if (step >= 24 * HOUR_MS) return date.slice(5);
  return step < MINUTE_MS ? time : time.slice(0, 5);
}

/** `09:12`, a moment of the run in local time. */
export function describeMoment(frame: TimeFrame, atMs: number): string {
  return describeLocalTime(frame.startsAt + atMs, frame.timeZone).slice(11, 16);
}
