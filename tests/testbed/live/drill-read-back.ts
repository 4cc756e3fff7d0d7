/**
 * Reads back what the stores of a hurt run hold, when all its nodes have ended, through the history's port: every id that it
 * lists, and every event that it lists visit by visit.
 */
import { assert } from '#core/assert.ts';
import type { StoreChoice } from '#ports/store-choice.ts';
import type { HistoryPlace } from '#ports/history.ts';
import type { HistoryStore, Stores } from '#ports/stores.ts';
import { openCassandraStores } from '#stores/cassandra/cassandra-stores.ts';
import { openSqliteStores } from '#stores/sqlite/sqlite-stores.ts';
import { storeSettings } from '#tests/stores/store-settings.ts';

export interface StoredEvents {
  /** Ids as the history lists them. */
  readonly stored: readonly string[];
  /** Ids of the events of each visit, one visit after the other. */
  readonly listed: readonly string[];
}

const PAGE = 10_000;
const VISITS_AT_ONCE = 32;

/** `folder`: where SQLite files are; `visits`: those that were ever sent anything of. */
export async function readStored(
  store: StoreChoice,
  folder: string,
  visits: ReadonlySet<string>,
): Promise<StoredEvents> {
  const { history, operations } = await openStores(store, folder);
  try {
    const listed: string[] = [];
    const left = [...visits];
    while (left.length > 0) {
      const slice = left.splice(0, VISITS_AT_ONCE);
      for (const ids of await Promise.all(slice.map((visit) => listVisit(history, visit)))) listed.push(...ids);
    }
    return { stored: await listIDs(history), listed };
  } finally {
    history.close();
    operations.close();
  }
}

/** Page by page to the end. */
export async function listIDs(history: Pick<HistoryStore, 'eventIDs'>): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ;) {
    const page: readonly string[] = await history.eventIDs(after, PAGE);
    ids.push(...page);
    after = page.at(-1) ?? null;
    if (after === null) return ids;
  }
}

async function listVisit(history: HistoryStore, visit: string): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: HistoryPlace | undefined;
  do {
    const range = { limit: PAGE, ...(after === undefined ? {} : { after }) };
    const { records, next } = await history.list('event', { visit }, range);
    ids.push(...records.map(({ eventID }) => eventID));
    after = next ?? undefined;
  } while (after !== undefined);
  return ids;
}

async function openStores(store: StoreChoice, folder: string): Promise<Stores> {
  assert(store !== 'memory', 'what is to be read back has to outlive its process');
  // Their clock stands in the past: nothing has expired.
  return store === 'sqlite' ? openSqliteStores(folder, storeSettings()) : openCassandraStores(store, storeSettings());
}
