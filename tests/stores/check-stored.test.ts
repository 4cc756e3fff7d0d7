/** The checker of the drills on stores: it finds each kind of fault, and none where there is none. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandomSource } from '#core/random/random-source.ts';
import type { HistoryStore, StoreFaultCode } from '#ports/stores.ts';
import { MemoryHistory } from '#stores/memory/memory-history.ts';
import { checkStored, NO_FAULTS, readStoredIds, type StoredFaults } from './check-stored.ts';
import { LoadJournal } from './load-journal.ts';
import { StoreLoad } from './store-load.ts';
import { storeSettings } from './store-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'check-stored-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Weakness {
  /** What each put does with the history: every third put has the number 0 of 3. */
  readonly put: (history: HistoryStore, batches: Parameters<HistoryStore['put']>[0], number: number) => Promise<void>;
}

/** What the checker finds after a load on a history with this weakness, and what reads have missed. */
async function drill(name: string, { put }: Weakness): Promise<{ faults: StoredFaults; missed: readonly string[] }> {
  const history = new MemoryHistory(storeSettings());
  let puts = 0;
  const weak = new Proxy<HistoryStore>(history, {
    get: (target, method: keyof HistoryStore) => {
      if (method === 'put') {
        return (batches: Parameters<HistoryStore['put']>[0]) => put(history, batches, (puts += 1));
      }
      const found: unknown = target[method];
      return typeof found === 'function' ? (found.bind(target) as unknown) : found;
    },
  });
  const journal = new LoadJournal(join(folder, name));
  const load = new StoreLoad(weak, journal, createRandomSource(1).stream('visits'));
  for (let round = 0; round < 5; round += 1) await load.putMany(3);
  await load.askEach();
  const faults = checkStored(journal.read(), await readStoredIds(history, load.visits));
  journal.close();
  return { faults, missed: load.missed };
}

function fault(code: StoreFaultCode): Error {
  return Object.assign(new Error(code), { fault: code });
}

describe('the checker of stores under load', () => {
  it('finds nothing where all is stored that was acknowledged', async () => {
    const { faults, missed } = await drill('good', { put: (history, batches) => history.put(batches) });
    expect(faults).toEqual(NO_FAULTS);
    expect(missed).toEqual([]);
  });

  it('finds what was acknowledged and is not stored, and so do the reads meanwhile', async () => {
    const { faults, missed } = await drill('forgetful', {
      put: (history, batches, number) => (number % 3 === 0 ? Promise.resolve() : history.put(batches)),
    });
    expect(faults).toEqual({ ...NO_FAULTS, lost: faults.lost });
    expect(faults.lost).toHaveLength(50);
    expect(missed.toSorted()).toEqual(faults.lost.toSorted());
  });

  it('finds what nobody has sent', async () => {
    const { faults } = await drill('inventive', {
      put: (history, batches) =>
        history.put(
          batches.map((batch) => ({ ...batch, events: batch.events.map((e) => ({ ...e, eventID: `x${e.eventID}` })) })),
        ),
    });
    expect(faults.invented).toHaveLength(150);
    expect(faults.lost).toHaveLength(150);
  });

  it('finds what was refused and is stored all the same, and allows it where the outcome was unknown', async () => {
    const after = (code: StoreFaultCode): Weakness => ({
      put: async (history, batches) => {
        await history.put(batches);
        throw fault(code);
      },
    });
    expect((await drill('liar', after('unavailable'))).faults.storedThoughRefused).toHaveLength(150);
    expect((await drill('unsure', after('outcomeUnknown'))).faults).toEqual(NO_FAULTS);
  });

  it('finds what is listed twice, or lacks in its visit alone', () => {
    const lines = ['a', 'b'].flatMap((id) => [
      { word: 'sent' as const, id },
      { word: 'ok' as const, id },
    ]);
    expect(checkStored(lines, { listed: ['a', 'b', 'a'], inVisits: ['a', 'b'] })).toEqual({
      ...NO_FAULTS,
      doubled: ['a'],
    });
    expect(checkStored(lines, { listed: ['a', 'b'], inVisits: ['b', 'b'] })).toEqual({
      ...NO_FAULTS,
      lost: ['a'],
      doubled: ['b'],
    });
  });
});
