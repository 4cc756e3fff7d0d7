/** Whether a store holds what a load was told that it holds, and nothing else: judged from the load's journal and what is read afterwards. */
import type { HistoryStore } from '#ports/stores.ts';
import type { JournalLine, JournalWord } from './load-journal.ts';

/** Everything, read once the drill is over. */
export interface StoredIds {
  /** As the listing of all ids has them. */
  readonly listed: readonly string[];
  /** As the visits have them. */
  readonly inVisits: readonly string[];
}

/** Ids of events. */
export interface StoredFaults {
  /** Acknowledged, and lacking in the listing or in their visit (I1). */
  readonly lost: readonly string[];
  /** Never sent (I2). */
  readonly invented: readonly string[];
  /** More than once in the listing or in their visit (I3). */
  readonly doubled: readonly string[];
  /** Refused as not stored, and stored all the same (I15). */
  readonly storedThoughRefused: readonly string[];
}

export const NO_FAULTS: StoredFaults = { lost: [], invented: [], doubled: [], storedThoughRefused: [] };

export function checkStored(lines: readonly JournalLine[], { listed, inVisits }: StoredIds): StoredFaults {
  const lastWords = new Map<string, JournalWord>();
  for (const { word, id } of lines) lastWords.set(id, word);
  const told = (word: JournalWord): readonly string[] =>
    [...lastWords].filter(([, last]) => last === word).map(([id]) => id);
  const [inListing, inSomeVisit] = [new Set(listed), new Set(inVisits)];
  const anywhere = [...new Set([...listed, ...inVisits])];
  return {
    lost: told('ok').filter((id) => !inListing.has(id) || !inSomeVisit.has(id)),
    invented: anywhere.filter((id) => !lastWords.has(id)),
    doubled: [...doublesOf(listed), ...doublesOf(inVisits)],
    storedThoughRefused: told('fail').filter((id) => inListing.has(id) || inSomeVisit.has(id)),
  };
}

function doublesOf(ids: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}

const VISITS_AT_ONCE = 32;

export async function readStoredIds(history: HistoryStore, visits: readonly string[]): Promise<StoredIds> {
  const listed = await history.eventIDs(null, Number.MAX_SAFE_INTEGER);
  const inVisits: string[] = [];
  for (let from = 0; from < visits.length; from += VISITS_AT_ONCE) {
    const pasts = await Promise.all(visits.slice(from, from + VISITS_AT_ONCE).map((visit) => history.pastOf(visit)));
    inVisits.push(...pasts.flat().map(({ eventID }) => eventID));
  }
  return { listed, inVisits };
}
