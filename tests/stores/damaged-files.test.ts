/** Damaged files of the SQLite stores: set aside, replaced by the newest good backup, told; and nothing of what is damaged is served. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import type { DamageReport } from '#ports/backups.ts';
import { GuardedStore } from '#stores/sqlite/guarded-store.ts';
import { openGuardedStores, type GuardedStores } from '#stores/sqlite/guarded-stores.ts';
import { sampleAgent, sampleBatch, sampleEvent, sampleInteraction } from './store-samples.ts';
import { storeSettings, ToldClock } from './store-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'damaged-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Opened extends GuardedStores {
  readonly path: string;
  readonly reports: DamageReport[];
}

const settings = storeSettings({
  clock: Object.assign(new ToldClock(), { wall: Date.UTC(2026, 10, 30, 8), domain: 50 }),
});

function open(path = mkdtempSync(join(folder, 's-'))): Opened {
  const reports: DamageReport[] = [];
  const stores = openGuardedStores({
    folder: path,
    settings,
    backups: { folder: join(path, 'backups'), keep: 3 },
    onDamage: (report) => void reports.push(report),
  });
  return { ...stores, path, reports };
}

async function close({ keeper, history, operations }: GuardedStores): Promise<void> {
  await keeper.stop();
  history.close();
  operations.close();
}

async function put({ history, operations }: GuardedStores, from: number, to: number): Promise<void> {
  const events = Array.from({ length: to - from }, (_, n) =>
    sampleEvent(`e${from + n}`, `v${from + n}`, n, { title: 'x'.repeat(200) }),
  );
  await history.put([sampleBatch('b', 'v', events)]);
  await operations.put(Array.from({ length: to - from }, (_, n) => sampleAgent(`a${from + n}`, n, n)));
}

async function countEvents({ history }: GuardedStores): Promise<number> {
  return (await history.eventIDs(null, 1_000_000)).length;
}

/** A store of 500 events with a backup, then 100 more; ended as a kill ends it where it says so, and the backups left away. */
async function filled({ killed = false, backedUp = true } = {}): Promise<string> {
  const stores = open();
  await put(stores, 0, 500);
  if (backedUp) await stores.keeper.makeBackup(() => undefined);
  await put(stores, 500, 600);
  await close(stores);
  if (killed)
    for (const file of ['history.db', 'operations.db']) {
      const database = new Database(join(stores.path, file));
      database.prepare('UPDATE file_state SET in_use = 1').run();
      database.pragma('wal_checkpoint(TRUNCATE)');
      database.close();
    }
  return stores.path;
}

function scribble(file: string, from: (bytes: number) => number, length: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, from(bytes.length), from(bytes.length) + length);
  writeFileSync(file, bytes);
}

const middle = (bytes: number): number => Math.floor(bytes / 2 / 4096) * 4096;

const DAMAGES: readonly (readonly [what: string, killed: boolean, damage: (file: string) => void])[] = [
  ['a damaged header', false, (file) => scribble(file, () => 0, 100)],
  ['a damaged page in the middle after a kill', true, (file) => scribble(file, middle, 8192)],
  ['a file that was cut off', false, (file) => truncateSync(file, 3 * 4096)],
  ['a file without a byte', false, (file) => truncateSync(file, 0)],
  ['a file that is something else', false, (file) => writeFileSync(file, 'x'.repeat(20_000))],
];

describe.each(DAMAGES)('with %s', (_, killed, damage) => {
  test.each(['history.db', 'operations.db'])(
    '%s is set aside at the start and the newest good backup serves',
    async (file) => {
      const path = await filled({ killed });
      damage(join(path, file));
      const damaged = readFileSync(join(path, file));
      const stores = open(path);
      expect(stores.reports).toHaveLength(1);
      const [report] = stores.reports;
      expect(report).toMatchObject({
        file,
        setAside: `${file}.damaged-2026-11-30T08-00-00-000Z`,
        acknowledgedAt: null,
      });
      expect(report?.backup?.name).toBe(readdirSync(join(path, 'backups'))[0]);
      // Set aside as it is, and never deleted. SQLite may have brought its log in when it looked.
      const isAsItWas = readFileSync(join(path, report?.setAside ?? '')).equals(damaged);
      expect(isAsItWas || killed).toBe(true);
      expect(await countEvents(stores)).toBe(file === 'history.db' ? 500 : 600);
      expect(await stores.operations.recover()).toHaveLength(file === 'history.db' ? 600 : 500);
      await put(stores, 600, 700);
      await close(stores);

      // Nobody has acknowledged it: it is told again, by the next life too, until somebody does.
      const again = open(path);
      expect([again.reports, again.keeper.damage]).toEqual([[], [report]]);
      again.keeper.acknowledge();
      expect(again.keeper.damage).toEqual([]);
      await close(again);
    },
  );
});

test('without any backup a damaged file is set aside all the same, and begun anew', async () => {
  const path = await filled({ backedUp: false });
  scribble(join(path, 'history.db'), () => 0, 100);
  const stores = open(path);
  expect(stores.reports).toMatchObject([{ file: 'history.db', backup: null }]);
  expect(await countEvents(stores)).toBe(0);
  expect(await stores.operations.recover()).toHaveLength(600);
  await close(stores);
});

test('a backup that is itself damaged is passed over for the one before', async () => {
  const stores = open();
  await put(stores, 0, 10);
  const older = await stores.keeper.makeBackup(() => undefined);
  await put(stores, 10, 20);
  const newer = await stores.keeper.makeBackup(() => undefined);
  await close(stores);
  scribble(join(stores.path, 'backups', newer.name, 'history.db'), middle, 1);
  scribble(join(stores.path, 'history.db'), () => 0, 100);
  const again = open(stores.path);
  expect(again.reports).toMatchObject([{ backup: { name: older.name, madeAt: older.madeAt } }]);
  expect(await countEvents(again)).toBe(10);
  await close(again);
});

test('damage that shows in operation is mended in operation: who asked is answered from what stands in its place', async () => {
  const path = await filled();
  // Closed cleanly, so that the start does not look: the page is found when it is read.
  const file = join(path, 'history.db');
  const root = rootOf(file, "SELECT rootpage FROM sqlite_schema WHERE name = 'attempts'");
  scribble(file, () => (root - 1) * 4096, 4096);
  const stores = open(path);
  expect(stores.reports).toEqual([]);
  const lineage = stores.keeper.lineage;
  expect(await stores.history.get('engagementattempt', 'i1')).toBeNull();
  expect(stores.reports).toMatchObject([
    { file: 'history.db', why: expect.stringContaining('SQLITE_CORRUPT') as string },
  ]);
  expect(await countEvents(stores)).toBe(500);
  expect(stores.keeper.lineage).toBe(lineage);
  await put(stores, 600, 601);
  expect(await countEvents(stores)).toBe(501);
  await close(stores);
});

test('a row that the damaged file could not take is in the one that replaced it, which is another file of operations', async () => {
  const path = await filled();
  const file = join(path, 'operations.db');
  const root = rootOf(file, "SELECT rootpage FROM sqlite_schema WHERE name = 'claims'");
  scribble(file, () => (root - 1) * 4096, 4096);
  const stores = open(path);
  const lineage = stores.keeper.lineage;
  expect(await stores.operations.claim('k', 'me')).toBe('won');
  expect(stores.keeper.lineage).not.toBe(lineage);
  expect(await stores.operations.claim('k', 'somebody else')).toBe('lost');
  expect(await stores.operations.recover()).toHaveLength(500);
  await close(stores);
});

test('what an older history has not heard of the engagement attempts, the rows of operations tell it', async () => {
  const stores = open();
  await stores.keeper.makeBackup(() => undefined);
  await stores.operations.put([sampleInteraction('i1', 5, 2)]);
  await close(stores);
  scribble(join(stores.path, 'history.db'), () => 0, 100);
  const again = open(stores.path);
  expect(await again.history.get('engagementattempt', 'i1')).toMatchObject({ state: 'invited' });
  await close(again);
});

test('a process that ends while it puts a backup in place is finished by the next: the log of the old file is not taken for its own', async () => {
  const path = await filled();
  const [backup = ''] = readdirSync(join(path, 'backups'));
  // As it is between two renamings: the old file is set aside, its log is not.
  copyFileSync(join(path, 'backups', backup, 'history.db'), join(path, 'history.db.restoring'));
  rmSync(join(path, 'history.db'));
  writeFileSync(join(path, 'history.db-wal'), 'what the old file had in its log');
  const stores = open(path);
  expect(await countEvents(stores)).toBe(500);
  expect(existsSync(join(path, 'history.db.before-2026-11-30T08-00-00-000Z-wal'))).toBe(true);
  await close(stores);
});

test('what was set aside before is never overwritten, and each time the newest backup that has not been tried serves', async () => {
  const path = await filled();
  for (const n of [1, 2]) {
    scribble(join(path, 'history.db'), () => 0, 100);
    const stores = open(path);
    expect(stores.reports).toHaveLength(1);
    expect(stores.keeper.damage).toHaveLength(n);
    await close(stores);
  }
  expect(
    readdirSync(path).filter((name) => /^history\.db\.damaged-[^-]+-[^-]+-[^-]+-[^-]+-[^-]+-\d+Z(-2)?$/.test(name)),
  ).toHaveLength(2);
});

test('a disk that damages file after file is given no more than three of them', () => {
  class Damaged extends Error {
    readonly fault = 'corrupt';
  }
  const tried: number[] = [];
  const opening = (): GuardedStore<{ close(): void }> =>
    new GuardedStore({
      open: (): { close(): void } => {
        throw new Damaged('damaged again');
      },
      replace: (why, without) => {
        tried.push(without.size);
        const backup = { name: `backup ${without.size}`, madeAt: 1 };
        return { file: 'history.db', foundAt: 2, why, setAside: 'x', backup, acknowledgedAt: null };
      },
      onReplaced: () => expect.unreachable('nothing was mended'),
    });
  expect(opening).toThrow('damaged again');
  expect(tried).toEqual([0, 1, 2]);
});

function rootOf(file: string, question: string): number {
  const database = new Database(file, { readonly: true });
  const root = Number(database.prepare(question).pluck().get());
  database.close();
  return root;
}
