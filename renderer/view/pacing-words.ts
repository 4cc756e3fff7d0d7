/** What the screens say of pacing beside its figures: what must be known of it, and why there is no decision to show. */
import type { RunStatus } from '#protocol/run-feed.ts';

/** The notices of each tone, one a line; empty: none. */
export function linesOfNotices(status: Pick<RunStatus, 'pacingNotices'> | null): {
  readonly alarm: string;
  readonly note: string;
} {
  const of = (wanted: 'alarm' | 'note'): string =>
    (status?.pacingNotices ?? [])
      .filter(({ tone }) => tone === wanted)
      .map(({ text }) => text)
      .join('\n');
  return { alarm: of('alarm'), note: of('note') };
}

/** In place of the decisions of a run that has begun and has none. */
export function describeSilence({ pacing }: Pick<RunStatus, 'pacing'>): string {
  return pacing === null
    ? 'Pacing is off in this run: everybody is invited, nothing is decided, and there is nothing to show here.'
    : 'No decision yet: pacing speaks at its first refresh.';
}
