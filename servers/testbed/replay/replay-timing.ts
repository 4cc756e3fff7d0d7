/** How long a replay took and how much memory: told apart from its summary, which is the same whenever and wherever it is made. */
import { describeCount, describeSeconds } from '#testbed/report/figure-text.ts';

export interface ReplayTiming {
  /** From the first byte read to the last hot lead told. */
  readonly wallMs: number;
  readonly eventsPerSecond: number;
  /** Most memory that the process has held so far (resident set). */
  readonly rssMiBMax: number;
}

/** `6.3 s, 158,730 events/s, 312 MiB of memory at most`. */
export function describeReplayTiming({ wallMs, eventsPerSecond, rssMiBMax }: ReplayTiming): string {
  const speed = `${describeCount(Math.round(eventsPerSecond))} events/s`;
  return `${describeSeconds(wallMs / 1_000)}, ${speed}, ${describeCount(Math.round(rssMiBMax))} MiB of memory at most`;
}

/** As `timing.json` has it. */
export function writeReplayTiming(timing: ReplayTiming): string {
  return `${JSON.stringify(timing, null, 2)}\n`;
}
