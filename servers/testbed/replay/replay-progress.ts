/** How far a replay is, on a terminal; silent where nobody watches. */
import cliProgress from 'cli-progress';
import type { ReadingProgress } from './in-order.ts';

export interface ReplayProgress {
  update(progress: ReadingProgress): void;
  /** Takes the bar away. */
  stop(): void;
}

const BAR_CELLS = 24;
const PHRASES: Readonly<Record<ReadingProgress['what'], string>> = {
  surveying: 'looking for robots',
  reading: 'replaying',
  sorting: 'reading to sort',
  replaying: 'replaying in order',
};

export function createReplayProgress(name: string, stream: NodeJS.WriteStream): ReplayProgress {
  if (!stream.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new cliProgress.SingleBar({
    format: (_options, { progress }, { what = '' }) => describeReplayProgress(name, progress, what),
    stream,
    barsize: BAR_CELLS,
    fps: 8,
    hideCursor: false,
    clearOnComplete: true,
    linewrap: false,
    gracefulExit: false,
  });
  bar.start(1, 0, { what: '' });
  return {
    update: ({ what, done, total }) => bar.update(total > 0 ? done / total : 1, { what: PHRASES[what] }),
    stop: () => bar.stop(),
  };
}

/** `access.log  ████░░░░   41 %  replaying`. */
export function describeReplayProgress(name: string, progress: number, what: string): string {
  const share = Math.min(1, Math.max(0, progress));
  const filled = Math.round(share * BAR_CELLS);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
  return `${name}  ${bar}  ${String(Math.floor(share * 100)).padStart(3)} %  ${what}`;
}
