/** What histories answer where a property would not say it plainly: paging meanwhile, ties, refusals, erasure. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { MemoryHistory } from '#stores/memory/memory-history.ts';
import { SqliteHistory } from '#stores/sqlite/sqlite-history.ts';
import { testHistoryQuestions, type OpenHistory } from './history-contract.ts';
import { sampleAttempt, sampleBatch, sampleVisit } from './store-samples.ts';
import { storeSettings } from './store-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'questions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STORES: readonly { readonly name: string; readonly open: OpenHistory }[] = [
  { name: 'memory', open: (settings = storeSettings()) => new MemoryHistory(settings) },
  {
    name: 'SQLite',
    open: (settings = storeSettings()) => new SqliteHistory(join(mkdtempSync(join(folder, 'h-')), 'h.db'), settings),
  },
];

describe.each(STORES)('the history of $name', ({ open }) => {
  testHistoryQuestions(open);
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
