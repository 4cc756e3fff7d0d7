/** The past of visits under way, on its way into the store before a run. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CommitGroup } from '#core/effects.ts';
import type { StoreBatch } from '#core/messages.ts';
import type { BrowserEvent } from '#core/visits/event.ts';
import { IdFile } from '#testbed/live/crowd-ledger.ts';
import { storePasts } from '#testbed/live/crowd-past.ts';
import { scenarioOf } from '../scenario-of.ts';

const { categories } = scenarioOf();

/** A store that fails the first so many puts. */
class SlowStore {
  readonly batches: StoreBatch[] = [];
  puts = 0;
  readonly #failures: number;

  constructor(failures: number) {
    this.#failures = failures;
  }

  commit(group: CommitGroup, onStored: (ok: boolean) => void): void {
    this.puts += 1;
    const ok = this.puts > this.#failures;
    if (ok && group.store === 'history') this.batches.push(group.batch);
    setImmediate(onStored, ok);
  }
}

function pastOf(visitID: string, count: number): readonly BrowserEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    eventID: `${visitID}.e${index}`,
    timestamp: 1_000 + index,
    visitID,
    globalVisitID: `g-${visitID}`,
    pageID: `${visitID}.p1`,
    eventType: 'SYSTEM',
    eventName: 'PageEntered',
    url: index % 2 === 0 ? 'https://shop.example/' : 'https://shop.example/cart',
    title: 'Shop',
    category: undefined,
    languageCode: 'en',
    identity: undefined,
    data: {},
  }));
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crowd-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the past of visits', () => {
  test('is stamped as a Frontend stamps, stored once though the store fails at first, and written down', async () => {
    const store = new SlowStore(2);
    const seeded = new IdFile(join(folder, 'seeded.ids'));
    await storePasts([pastOf('v1', 3), pastOf('v2', 450)], { store, categories, seeded });
    seeded.close();
    const events = store.batches.flatMap((batch) => batch.events);
    expect(events).toHaveLength(453);
    expect(events.filter(({ visitID }) => visitID === 'v1').map(({ at, category }) => ({ at, category }))).toEqual([
      { at: 1_000, category: '' },
      { at: 1_001, category: 'cart' },
      { at: 1_002, category: '' },
    ]);
    expect(new Set(store.batches.map(({ batchId }) => batchId)).size).toBe(store.batches.length);
    const written = readFileSync(join(folder, 'seeded.ids'), 'utf8').split('\n').filter(Boolean);
    expect(written.toSorted()).toEqual(events.map(({ eventID }) => eventID).toSorted());
  });

  test('that no store takes stops the run before it begins, and is not written down', async () => {
    const seeded = new IdFile(join(folder, 'seeded.ids'));
    const stored = storePasts([pastOf('v1', 3)], { store: new SlowStore(Infinity), categories, seeded });
    await expect(stored).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(seeded.count).toBe(0);
    seeded.close();
  });
});
