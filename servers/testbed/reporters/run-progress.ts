/** Progress of a run on a terminal: how far, how fast, how much longer. Silent where nobody watches. */
import cliProgress from 'cli-progress';
import { describeClock, describeDuration, describeNumber } from '#testbed/report/figure-text.ts';

export interface RunProgress {
  /** Virtual ms done of all seeds together, and what is under way in words, e.g. `seed 3 of 20`. */
  update(virtualMs: number, what: string): void;
  /** Takes the bar away. */
  stop(): void;
}

const BAR_CELLS = 24;

/** A bar on `stream` for a run of `totalMs` virtual ms; none where it is no terminal. `now` gives wall ms. */
export function createRunProgress(
  name: string,
  totalMs: number,
  stream: NodeJS.WriteStream,
  now: () => number,
): RunProgress {
  if (!stream.isTTY) return { update: () => undefined, stop: () => undefined };
  const startedAt = now();
  const bar = new cliProgress.SingleBar({
    format: (_options, { value, total }, { what = '' }) =>
      describeProgress({ name, what, virtualMs: value, totalMs: total, wallMs: now() - startedAt }),
    stream,
    barsize: BAR_CELLS,
    fps: 8,
    hideCursor: false,
    clearOnComplete: true,
    linewrap: false,
    gracefulExit: false,
  });
  bar.start(totalMs, 0, { what: '' });
  return { update: (virtualMs, what) => bar.update(virtualMs, { what }), stop: () => bar.stop() };
}

export interface ProgressMoment {
  readonly name: string;
  readonly what: string;
  readonly virtualMs: number;
  readonly totalMs: number;
  readonly wallMs: number;
}

/** `guide-example  ██████░░  54 %  00:43:12 of 01:20:00  2,140x  1.2 s left  seed 3 of 20`. */
export function describeProgress({ name, what, virtualMs, totalMs, wallMs }: ProgressMoment): string {
  const share = totalMs > 0 ? Math.min(1, virtualMs / totalMs) : 1;
  const filled = Math.round(share * BAR_CELLS);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
  const parts = [
    name,
    bar,
    `${Math.floor(share * 100)} %`.padStart(5),
    `${describeClock(virtualMs)} of ${describeClock(totalMs)}`,
  ];
  if (wallMs > 0 && virtualMs > 0) {
    parts.push(`${describeNumber(virtualMs / wallMs)}x`);
    const restSeconds = Math.ceil(((wallMs / virtualMs) * (totalMs - virtualMs)) / 1000);
    if (restSeconds > 0) parts.push(`${describeDuration(restSeconds * 1000)} left`);
  }
  if (what !== '') parts.push(what);
  return parts.join('  ');
}
