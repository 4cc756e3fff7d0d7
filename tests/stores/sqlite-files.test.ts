/** What the SQLite stores do with their files: settings, versions, an end without a farewell, damage, no room. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '#stores/sqlite/open-database.ts';
import { openSqliteStores } from '#stores/sqlite/sqlite-stores.ts';
import { sampleBatch, sampleEvent } from './store-samples.ts';
import { storeSettings } from './store-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'sqlite-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const events = Array.from({ length: 2000 }, (_, i) => sampleEvent(`e${i}`, `v${i}`, i));

/** A folder with stores of 2,000 events; closed cleanly or, as a kill would leave it, not. */
async function filled(end: 'closed' | 'killed'): Promise<string> {
  const path = mkdtempSync(join(folder, 'f-'));
  const stores = openSqliteStores(path, storeSettings());
  await stores.history.put([sampleBatch('b', 'v', events)]);
  const copy = mkdtempSync(join(folder, 'f-'));
  if (end === 'killed')
    for (const name of ['history.db', 'history.db-wal', 'operations.db', 'operations.db-wal'])
      copyFileSync(join(path, name), join(copy, name));
  stores.history.close();
  stores.operations.close();
  return end === 'killed' ? copy : path;
}

test('each commit is synced: synchronous is FULL after the first write, and on every opening', () => {
  const file = join(mkdtempSync(join(folder, 'f-')), 'x.db');
  for (const opening of [1, 2, 3]) {
    const database = openDatabase(file, { migrations: ['CREATE TABLE t (x INTEGER) STRICT'] });
    database.prepare('INSERT INTO t VALUES (1)').run();
    expect([opening, database.pragma('synchronous', { simple: true })]).toEqual([opening, 2]);
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(database.pragma('auto_vacuum', { simple: true })).toBe(2);
    database.close();
  }
});

test('files that were not closed are checked, and have what was committed', async () => {
  const path = await filled('killed');
  const stores = openSqliteStores(path, storeSettings());
  expect((await stores.history.counts()).events).toBe(events.length);
  stores.history.close();
  stores.operations.close();
});

test('a file of a newer version is refused in words and left as it is', async () => {
  const path = await filled('closed');
  const file = join(path, 'history.db');
  const database = new Database(file);
  database.pragma('user_version = 99');
  database.close();
  const before = readFileSync(file);
  expect(() => openSqliteStores(path, storeSettings())).toThrow(/written by a newer version.*schema is 99/s);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a file of an older version, whose history can not be taken along, is refused in words', () => {
  const path = mkdtempSync(join(folder, 'f-'));
  const old = openDatabase(join(path, 'history.db'), { migrations: ['CREATE TABLE events (seq INTEGER) STRICT'] });
  old.close();
  expect(() => openSqliteStores(path, storeSettings())).toThrow(
    expect.objectContaining({
      fault: 'older',
      message: expect.stringMatching(/older version.*schema is 1/s) as string,
    }),
  );
});

test('a damaged file that was not closed is refused in words, and named', async () => {
  const path = await filled('closed');
  const file = join(path, 'history.db');
  const database = new Database(file);
  database.prepare('UPDATE file_state SET in_use = 1').run();
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  const bytes = readFileSync(file);
  bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 8192);
  writeFileSync(file, bytes);
  expect(() => openSqliteStores(path, storeSettings())).toThrow(expect.objectContaining({ fault: 'corrupt' }));
});

test('what is no database is refused as damaged', () => {
  const path = mkdtempSync(join(folder, 'f-'));
  writeFileSync(join(path, 'history.db'), 'x'.repeat(10_000));
  expect(() => openSqliteStores(path, storeSettings())).toThrow(expect.objectContaining({ fault: 'corrupt' }));
});

test('a store without room says so, keeps what it had and works again', () => {
  const file = join(mkdtempSync(join(folder, 'f-')), 'x.db');
  const database = openDatabase(file, { migrations: ['CREATE TABLE t (x TEXT) STRICT'] });
  database.pragma('max_page_count = 20');
  const insert = database.prepare('INSERT INTO t VALUES (?)');
  expect(() => insert.run('x'.repeat(200_000))).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }));
  expect(database.inTransaction).toBe(false);
  insert.run('small');
  database.close();
});

test('a folder that is not there is a fault of the disk', () => {
  expect(() => openSqliteStores(join(folder, 'nowhere'), storeSettings())).toThrow(/nowhere/);
});
