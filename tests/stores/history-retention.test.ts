/** How long a history keeps what, and that what is past goes: from what is found, and from the file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { MemoryHistory } from '#stores/memory/memory-history.ts';
import { SqliteHistory } from '#stores/sqlite/sqlite-history.ts';
import { testHistoryRetention, type OpenHistory } from './history-contract.ts';
import { sampleBatch, sampleEvent, sampleVisit } from './store-samples.ts';
import { retentionOfAll, storeSettings, ToldClock } from './store-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'retention-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STORES: readonly { readonly name: string; readonly open: OpenHistory }[] = [
  { name: 'memory', open: (settings = storeSettings()) => new MemoryHistory(settings) },
  {
    name: 'SQLite',
    open: (settings = storeSettings()) => new SqliteHistory(join(mkdtempSync(join(folder, 'h-')), 'h.db'), settings),
  },
];

const MINUTE_MS = 60_000;

describe.each(STORES)('the history of $name', ({ open }) => {
  testHistoryRetention(open);
});

describe('a history file', () => {
  const tables = (file: string): readonly string[] => {
    const database = new Database(file, { readonly: true });
    const named = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE name LIKE 'events%'").pluck();
    const found = named.all();
    database.close();
    return found;
  };

  it('drops a slice when all in it is past, with its visits, and goes on where it was interrupted', async () => {
    const clock = new ToldClock();
    const file = join(mkdtempSync(join(folder, 'h-')), 'h.db');
    const settings = storeSettings({ retentionMs: retentionOfAll(24 * MINUTE_MS), clock });
    let history = new SqliteHistory(file, settings);
    await history.put(
      Array.from({ length: 1_200 }, (_, i) => sampleBatch(`b${i}`, `v${i}`, sampleVisit(`v${i}`, 'ann', i))),
    );
    clock.wall += 12 * MINUTE_MS;
    await history.put([sampleBatch('c', 'w', sampleVisit('w', 'bob', 12 * MINUTE_MS))]);
    while (history.sweep());
    const before = tables(file).length;
    clock.wall += 13 * MINUTE_MS;
    for (let step = 0; step < 3; step += 1) expect(history.sweep()).toBe(true);
    history.close();
    history = new SqliteHistory(file, settings);
    expect((await history.counts()).visits).toBe(1);
    while (history.sweep());
    expect(tables(file)).toHaveLength(before / 2);
    expect(await history.get('visit', 'w')).not.toBeNull();
    expect(await history.get('identity', 'ann')).toBeNull();
    history.close();
    const database = new Database(file, { readonly: true });
    const rows = (table: string): unknown => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    expect(['slices', 'visits', 'visit_slices', 'identity_visits'].map(rows)).toEqual([1, 1, 1, 1]);
    database.close();
  });

  it('finds events by id and by visit, each once, while and after a slice is sealed, and when it is opened again', async () => {
    const file = join(mkdtempSync(join(folder, 'h-')), 'h.db');
    const settings = storeSettings();
    let history = new SqliteHistory(file, settings);
    const hourMs = 60 * MINUTE_MS;
    const events = Array.from({ length: 3_000 }, (_, i) => sampleEvent(`e${i}`, `v${i % 50}`, i));
    const again = async (added: number): Promise<void> => {
      await history.put([
        sampleBatch('b', 'v', events),
        sampleBatch('c', 'v', [sampleEvent(`late${added}`, 'v1', added)]),
      ]);
      expect((await history.counts()).events).toBe(events.length + 1 + added);
      for (const id of ['e0', 'e1499', 'e2999', `late${added}`]) expect(await history.get('event', id)).not.toBeNull();
      expect(await history.get('event', 'e3000')).toBeNull();
      const late = Array.from({ length: added }, (_, i) => `late${i + 1}`);
      const inVisit = [...events.filter(({ visitID }) => visitID === 'v1').map(({ eventID }) => eventID), ...late];
      expect((await history.pastOf('v1')).map(({ eventID }) => eventID).toSorted()).toEqual(inVisit.toSorted());
      const { records } = await history.list('event', { visit: 'v1' }, { limit: 2 });
      expect(records.map(({ eventID }) => eventID)).toEqual(['e2951', 'e2901']);
    };
    await history.put([sampleBatch('b', 'v', events)]);
    expect(history.sweep()).toBe(false);
    await history.put([sampleBatch('d', 'w', [sampleEvent('now', 'w', 3 * hourMs)])]);
    expect(history.sweep()).toBe(true);
    await again(1);
    history.close();
    history = new SqliteHistory(file, settings);
    for (let step = 0; step < 30; step += 1) history.sweep();
    await again(2);
    while (history.sweep());
    await again(3);
    history.close();
    history = new SqliteHistory(file, settings);
    await again(4);
    history.close();
    const database = new Database(file, { readonly: true });
    expect(database.prepare('SELECT sum(length(key_seqs)) FROM ids_1').pluck().get()).toBe(8 * (events.length + 4));
    expect(database.prepare('SELECT sum(length(ms_seqs)) FROM visit_rows_1').pluck().get()).toBe(
      8 * (events.length + 4),
    );
    database.close();
  });

  it('takes out of a slice what is past, and leaves what other records are made of', async () => {
    const clock = new ToldClock();
    const file = join(mkdtempSync(join(folder, 'h-')), 'h.db');
    const retentionMs = { ...retentionOfAll(MINUTE_MS), identity: 60 * MINUTE_MS, session: 30 * MINUTE_MS };
    const history = new SqliteHistory(file, storeSettings({ retentionMs, clock }));
    const search = sampleEvent('s', 'v', 40, { eventName: 'Search', eventType: 'BUSINESS', title: 'a secret search' });
    await history.put([sampleBatch('b', 'v', [...sampleVisit('v', 'ann', 0), search])]);
    const stored = (): string => {
      const database = new Database(file, { readonly: true });
      const found = JSON.stringify(database.prepare('SELECT kind, body FROM events_1').all());
      database.close();
      return found;
    };
    expect(stored()).toContain('a secret search');
    clock.wall += 2 * MINUTE_MS;
    while (history.sweep());
    expect(stored()).not.toMatch(/secret|Phones|shop\.example/);
    expect(await history.get('session', 'v-signIn')).toMatchObject({ identityId: 'ann' });
    expect(JSON.parse(stored())).toHaveLength(1);
    clock.wall += 30 * MINUTE_MS;
    while (history.sweep());
    expect(await history.get('session', 'v-signIn')).toBeNull();
    expect(await history.get('identity', 'ann')).toMatchObject({ name: 'Ann', location: 'Bern' });
    history.close();
  });

  it('keeps what was written under an earlier retention for as long as that one said', async () => {
    const clock = new ToldClock();
    const file = join(mkdtempSync(join(folder, 'h-')), 'h.db');
    const long = new SqliteHistory(file, storeSettings({ retentionMs: retentionOfAll(60 * MINUTE_MS), clock }));
    await long.put([sampleBatch('b', 'v', [sampleEvent('e1', 'v', 1)])]);
    long.close();
    const short = new SqliteHistory(file, storeSettings({ retentionMs: retentionOfAll(MINUTE_MS), clock }));
    await short.put([sampleBatch('b', 'v', [sampleEvent('e2', 'v', 2)])]);
    clock.wall += 2 * MINUTE_MS;
    while (short.sweep());
    expect((await short.pastOf('v')).map(({ eventID }) => eventID)).toEqual(['e1']);
    clock.wall += 60 * MINUTE_MS;
    while (short.sweep());
    expect(tables(file)).toEqual([]);
    short.close();
  });
});
