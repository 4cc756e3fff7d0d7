/** What pacing was told during the run, as moments that the charts mark. */
import type { WhatIfMark } from '#protocol/run-feed.ts';
import type { TimeMark } from '#renderer/charts/time-marks.tsx';

export function whatIfMarks(whatIfs: readonly WhatIfMark[]): readonly TimeMark[] {
  return whatIfs.map(({ commandId, atMs, sentence }) => ({
    key: commandId,
    label: `what if: ${sentence}`,
    fromMs: atMs,
    untilMs: atMs,
    isOpen: false,
    tone: 'pacing',
  }));
}
