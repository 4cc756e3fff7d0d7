/** Which visits the run's stream has seen lately: where to begin, also where nothing is indexed for lists of all visitors. */
import type { StreamItem } from '#protocol/run-feed.ts';

export interface RecentVisit {
  readonly id: string;
  /** Virtual ms of the newest line about it. */
  readonly atMs: number;
  /** What that line says. */
  readonly last: string;
}

/** Newest first, at most `max`, of the newest lines of the stream (oldest first, as it is kept). */
export function recentVisits(stream: readonly StreamItem[], max: number): readonly RecentVisit[] {
  const visits = new Map<string, RecentVisit>();
  for (let index = stream.length - 1; index >= 0 && visits.size < max; index -= 1) {
    const item = stream[index];
    if (item === undefined || item.visitID === null || visits.has(item.visitID)) continue;
    const { visitID: id, atMs, name, text } = item;
    visits.set(id, { id, atMs, last: text === '' ? name : `${name}: ${text}` });
  }
  return [...visits.values()];
}
