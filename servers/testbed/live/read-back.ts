/**
 * Reads the ids of all stored events back and compares them with what clients were told: nothing that was acknowledged may be
 * missing, nothing may be there twice.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ReadBack {
  /** Ids that clients were told are stored, and ids that the store gave back (without those that it was filled with). */
  readonly acknowledged: number;
  readonly stored: number;
  /** Acknowledged and not stored. */
  readonly lost: number;
  /** Stored and never acknowledged: the answer was lost, or its client left before it came. */
  readonly unacknowledged: number;
}

export interface IdStore {
  eventIDs(after: string | null, limit: number): Promise<readonly string[]>;
}

const PAGE = 10_000;

/** `folder` is the crowd's: `acknowledged.ids` and `seeded.ids`. Throws where the store lists an id twice. */
export async function readBack(store: IdStore, folder: string): Promise<ReadBack> {
  const seeded = readIds(join(folder, 'seeded.ids'));
  const acknowledged = readIds(join(folder, 'acknowledged.ids'));
  const stored = new Set<string>();
  for (let after: string | null = null; ;) {
    const page: readonly string[] = await store.eventIDs(after, PAGE);
    for (const id of page) {
      if (stored.has(id)) throw new Error(`assertion failed: the store lists event ${id} twice`);
      stored.add(id);
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last;
  }
  for (const id of seeded) stored.delete(id);
  let lost = 0;
  for (const id of acknowledged) if (!stored.has(id)) lost += 1;
  return {
    acknowledged: acknowledged.size,
    stored: stored.size,
    lost,
    unacknowledged: stored.size - (acknowledged.size - lost),
  };
}

function readIds(file: string): ReadonlySet<string> {
  if (!existsSync(file)) return new Set();
  return new Set(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );
}
