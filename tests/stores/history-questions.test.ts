/** What histories answer where a property would not say it plainly: paging meanwhile, ties, refusals, erasure. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { HISTORY_ENTITIES } from '#core/visits/history-records.ts';
import type { HistorySettings } from '#ports/history.ts';
import type { HistoryStore } from '#ports/stores.ts';
import { MemoryHistory } from '#stores/memory/memory-history.ts';
import { SqliteHistory } from '#stores/sqlite/sqlite-history.ts';
import { allRecords } from './store-model.ts';
import { sampleAttempt, sampleBatch, sampleEvent, sampleVisit } from './store-samples.ts';
import { storeSettings } from './store-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'questions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STORES: readonly { readonly name: string; readonly open: (settings?: HistorySettings) => HistoryStore }[] = [
  { name: 'memory', open: (settings = storeSettings()) => new MemoryHistory(settings) },
  {
    name: 'SQLite',
    open: (settings = storeSettings()) => new SqliteHistory(join(mkdtempSync(join(folder, 'h-')), 'h.db'), settings),
  },
];

describe.each(STORES)('the history of $name', ({ open }) => {
  it.each([{ scope: { visit: 'v' } }, { scope: { identity: 'ann' } }, { scope: { all: true as const } }])(
    'loses and doubles nothing while it is paged through $scope and more arrives',
    async ({ scope }) => {
      const history = open();
      const put = (ids: readonly number[]): Promise<void> =>
        history.put([
          sampleBatch(
            'b',
            'v',
            ids.map((n) => sampleEvent(`e${n}`, 'v', 1_000 * Math.floor(n / 5), { identity: 'ann' })),
          ),
        ]);
      await history.put([
        sampleBatch('a', 'v', [sampleEvent('in', 'v', 0, { eventName: 'UserInfo', identity: 'ann' })]),
      ]);
      const there = Array.from({ length: 60 }, (_, n) => 2 * n);
      await put(there);
      let arriving = 1;
      const found = await allRecords(history, 'event', scope, 7, async () => {
        await put([arriving, 200 + arriving]);
        arriving += 2;
      });
      const ids = found.map(({ eventID }) => eventID);
      expect(new Set(ids).size).toBe(ids.length);
      for (const n of there) expect(ids).toContain(`e${n}`);
      history.close();
    },
  );

  it('tells what came at one moment apart by id, across pages', async () => {
    const history = open();
    const ids = ['b', 'a', 'ä', '\u{1F600}', '\u{FFFF}', ''];
    await history.put([
      sampleBatch(
        'b',
        'v',
        ids.map((id) => sampleEvent(id, 'v', 7)),
      ),
    ]);
    const found = await allRecords(history, 'event', { visit: 'v' }, 1);
    expect(found.map(({ eventID }) => eventID)).toEqual(['\u{1F600}', '\u{FFFF}', 'ä', 'b', 'a', '']);
    history.close();
  });

  it('refuses lists of all visitors, and nothing else, where indexing is limited', async () => {
    const history = open(storeSettings({ limitIndexing: true }));
    await history.put([sampleBatch('b', 'v', sampleVisit('v', 'ann', 0))]);
    await history.putAttempts([sampleAttempt('a1', 'v', 'ann')]);
    for (const entity of HISTORY_ENTITIES) {
      await expect(history.list(entity, { all: true }, { limit: 1 })).rejects.toMatchObject({
        fault: 'notIndexed',
        message: expect.stringContaining('wmdb.limitIndexing') as string,
      });
      expect((await history.list(entity, { visit: 'v' }, { limit: 9 })).records.length, entity).toBeGreaterThan(0);
      expect((await history.list(entity, { identity: 'ann' }, { limit: 9 })).records.length, entity).toBeGreaterThan(0);
    }
    history.close();
  });

  it('ends a visit where it has crossed to another domain, and begins the next with its first page', async () => {
    const history = open();
    await history.put([sampleBatch('b', 'v', sampleVisit('v', 'ann', 0))]);
    expect(await history.get('visit', 'v')).toMatchObject({ startDate: 0, endDate: 0 });
    await history.put([sampleBatch('c', 'v.2', [sampleEvent('x', 'v.2', 50_000)])]);
    expect(await history.get('visit', 'v')).toMatchObject({ endDate: 50_000, activeSessionId: null });
    expect(await history.get('visit', 'v.2')).toMatchObject({ startDate: 50_000, endDate: 0 });
    history.close();
  });

  it('erases an identity with its visits, twice without harm, and leaves others alone', async () => {
    const history = open();
    await history.put([
      sampleBatch('b', 'v', sampleVisit('v', 'ann', 0)),
      sampleBatch('c', 'w', sampleVisit('w', 'bob', 5)),
    ]);
    await history.putAttempts([sampleAttempt('a1', 'v', 'ann'), sampleAttempt('a2', 'w', 'bob')]);
    const erased = await history.erase('ann');
    expect(Object.values(erased).reduce((sum, rows) => sum + rows, 0)).toBeGreaterThan(5);
    expect(Object.values(await history.erase('ann')).every((rows) => rows === 0)).toBe(true);
    for (const entity of HISTORY_ENTITIES) {
      const left = JSON.stringify(await allRecords(history, entity, { all: true }, 10));
      expect(left, entity).not.toMatch(/"ann"|"v"|v-/);
    }
    expect(await history.get('identity', 'bob')).not.toBeNull();
    expect((await history.counts()).visits).toBe(1);
    history.close();
  });
});

/** Every place of a history file in which a text stands: tables, and the bytes of its files. */
function placesOf(path: string, text: string): readonly string[] {
  const database = new Database(join(path, 'h.db'), { readonly: true });
  const tables = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  const places = tables.filter((table) =>
    JSON.stringify(database.prepare(`SELECT * FROM ${table}`).all()).includes(text),
  );
  database.close();
  for (const file of readdirSync(path)) if (readFileSync(join(path, file)).includes(text)) places.push(file);
  return places;
}

describe('an erasure in a history file', () => {
  async function filled(): Promise<{ readonly path: string; readonly history: SqliteHistory }> {
    const path = mkdtempSync(join(folder, 'h-'));
    const history = new SqliteHistory(join(path, 'h.db'), storeSettings());
    await history.put([sampleBatch('b', 'v', sampleVisit('visit-of-zoe', 'zoe@shop.example', 0))]);
    await history.putAttempts([sampleAttempt('a1', 'visit-of-zoe', 'zoe@shop.example')]);
    return { path, history };
  }

  it('leaves nothing of the identity or its visits in any table, nor in the bytes of the files', async () => {
    const { path, history } = await filled();
    expect(placesOf(path, 'zoe')).toEqual(
      expect.arrayContaining(['events_1', 'visits', 'identity_visits', 'attempts']),
    );
    await history.erase('zoe@shop.example');
    expect(placesOf(path, 'zoe')).toEqual([]);
    history.close();
  });

  it.each(['visits', 'identity_visits', 'attempts'])('that forgets the table %s would be noticed', async (table) => {
    const { path, history } = await filled();
    const kept = new Database(join(path, 'h.db'));
    const rows = kept.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all();
    await history.erase('zoe@shop.example');
    for (const row of rows)
      kept
        .prepare(
          `INSERT INTO ${table} VALUES (${Object.keys(row)
            .map(() => '?')
            .join(', ')})`,
        )
        .run(...Object.values(row));
    kept.close();
    expect(placesOf(path, 'zoe')).toContain(table);
    history.close();
  });
});
