/** Backups of the SQLite stores: whole, of one moment, checked, rotated; and what is restored from them is a prefix of what was put. */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Backup } from '#ports/backups.ts';
import { findBackupFault, listBackups, newestGood } from '#stores/sqlite/backup-folder.ts';
import { openGuardedStores, type GuardedStores } from '#stores/sqlite/guarded-stores.ts';
import { restoreBackup } from '#stores/sqlite/restore-file.ts';
import { openSqliteStores } from '#stores/sqlite/sqlite-stores.ts';
import { dumpStores } from './store-model.ts';
import { sampleAgent, sampleBatch, sampleEvent, sampleInteraction } from './store-samples.ts';
import { storeSettings } from './store-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'backups-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Kept {
  readonly path: string;
  readonly backups: string;
  readonly stores: GuardedStores;
}

function open(keep = 3): Kept {
  const path = mkdtempSync(join(folder, 's-'));
  const backups = join(path, 'backups');
  const onDamage = (): void => expect.unreachable('nothing is damaged');
  const stores = openGuardedStores({
    folder: path,
    settings: storeSettings(),
    backups: { folder: backups, keep },
    onDamage,
  });
  return { path, backups, stores };
}

async function close({ keeper, history, operations }: GuardedStores): Promise<void> {
  await keeper.stop();
  history.close();
  operations.close();
}

/** The nth put of both files: an event, and a row of operations that rests on it. */
async function put({ history, operations }: GuardedStores, n: number): Promise<void> {
  await history.put([sampleBatch(`b${n}`, `v${n % 7}`, [sampleEvent(`e${n}`, `v${n % 7}`, n)])]);
  await operations.put([sampleAgent(`a${n}`, n, n)]);
}

async function backup({ keeper }: GuardedStores): Promise<Backup> {
  return keeper.makeBackup(() => undefined);
}

/** A folder of its own with what a backup holds. */
function restored(backups: string, from: Backup): string {
  const path = mkdtempSync(join(folder, 'r-'));
  expect(restoreBackup(backups, from, path, 0)).toEqual([]);
  return path;
}

async function contentOf(
  path: string,
): Promise<{ readonly events: readonly string[]; readonly agents: readonly string[] }> {
  const stores = openSqliteStores(path, storeSettings());
  const events = await stores.history.eventIDs(null, 1_000_000);
  const rows = await stores.operations.recover();
  stores.history.close();
  stores.operations.close();
  return { events, agents: rows.map(({ id }) => id) };
}

test('a store restored from a backup has equal rows, by number and by hash', async () => {
  const { backups, stores } = open();
  for (let n = 0; n < 200; n += 1) await put(stores, n);
  await stores.operations.put([sampleInteraction('i1', 7, 2)]);
  await stores.operations.claim('k', 'me');
  const made = await backup(stores);
  const visits = Array.from({ length: 7 }, (_, n) => `v${n}`);
  const hashOf = async (dumped: Pick<GuardedStores, 'history' | 'operations'>): Promise<string> =>
    createHash('sha256')
      .update(JSON.stringify(await dumpStores(dumped, visits)))
      .digest('hex');
  const expected = { counts: await stores.history.counts(), hash: await hashOf(stores) };
  // What comes later is in no earlier backup.
  for (let n = 200; n < 250; n += 1) await put(stores, n);
  await close(stores);

  const other = openSqliteStores(restored(backups, made), storeSettings());
  expect({ counts: await other.history.counts(), hash: await hashOf(other) }).toEqual(expected);
  expect(expected.counts.events).toBe(200);
  expect(await other.operations.claim('k', 'somebody else')).toBe('lost');
  other.history.close();
  other.operations.close();
});

test('while writes go on a backup is of one moment: a prefix of what was put, which holds all that was acknowledged before', async () => {
  const { backups, stores } = open(100);
  const filling = Array.from({ length: 20_000 }, (_, n) =>
    sampleEvent(`f${n}`, `w${n % 100}`, n, { title: 'x'.repeat(300) }),
  );
  await stores.history.put([sampleBatch('fill', 'w', filling)]);
  let n = 0;
  const ended = new AbortController();
  let heldMsMax = 0;
  const writing = (async () => {
    while (!ended.signal.aborted) {
      await put(stores, n);
      n += 1;
      const beganMs = performance.now();
      await new Promise(setImmediate);
      heldMsMax = Math.max(heldMsMax, performance.now() - beganMs);
    }
  })();
  const made: { backup: Backup; acknowledged: number }[] = [];
  for (let i = 0; i < 3; i += 1) {
    let acknowledged = 0;
    const at = await stores.keeper.makeBackup(() => (acknowledged = n));
    made.push({ backup: at, acknowledged });
  }
  ended.abort();
  await writing;
  await close(stores);
  for (const { backup: from, acknowledged } of made) {
    const { events, agents } = await contentOf(restored(backups, from));
    const kept = events.filter((id) => id.startsWith('e'));
    expect(kept.length).toBeGreaterThanOrEqual(acknowledged);
    expect(kept.toSorted(byNumber)).toEqual(Array.from({ length: kept.length }, (_, i) => `e${i}`));
    expect(agents).toEqual(Array.from({ length: agents.length }, (_, i) => `a${i}`));
    // An event is stored before the row that rests on it, and both files are of the same moment.
    expect(kept.length - agents.length).toBeGreaterThanOrEqual(0);
    expect(kept.length - agents.length).toBeLessThanOrEqual(1);
  }
  console.log(`three backups beside ${n} puts: the loop was held for ${heldMsMax.toFixed(1)} ms at most`);
});

test('copies of the files alone, without their logs, are caught: they hold less than was acknowledged', async () => {
  const { path, stores } = open();
  for (let n = 0; n < 5; n += 1) await put(stores, n);
  const copy = mkdtempSync(join(folder, 'c-'));
  for (const name of ['history.db', 'operations.db']) copyFileSync(join(path, name), join(copy, name));
  await close(stores);
  expect((await contentOf(copy)).events).toEqual([]);
});

test('whatever is put and backed up in whatever order, each backup is the prefix of its moment', async () => {
  const steps = fc.array(fc.constantFrom('put', 'put', 'put', 'backup', 'claim'), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(steps, async (drawn) => {
      const { backups, stores } = open(100);
      let puts = 0;
      const expected: { readonly made: Backup; readonly puts: number }[] = [];
      for (const step of drawn) {
        if (step === 'claim') await stores.operations.claim(`k${puts}`, 'me');
        if (step === 'put') await put(stores, puts++);
        if (step === 'backup') expected.push({ made: await backup(stores), puts });
      }
      await close(stores);
      for (const { made, puts: count } of expected) {
        const { events, agents } = await contentOf(restored(backups, made));
        expect(events.toSorted(byNumber)).toEqual(Array.from({ length: count }, (_, i) => `e${i}`));
        expect(agents.toSorted(byNumber)).toEqual(Array.from({ length: count }, (_, i) => `a${i}`));
      }
    }),
    { numRuns: 6 },
  );
});

test('the newest good ones stay, older ones go, and one that is damaged is not counted as good', async () => {
  const { backups, stores } = open(2);
  const made: Backup[] = [];
  for (let n = 0; n < 3; n += 1) {
    await put(stores, n);
    made.push(await backup(stores));
  }
  expect(listBackups(backups)).toEqual([made[2], made[1]]);
  flip(join(backups, nameOf(made[2]), 'history.db'));
  const last = await backup(stores);
  expect(listBackups(backups).map(({ name }) => name)).toEqual([last.name, nameOf(made[2]), nameOf(made[1])]);
  await close(stores);
});

test.each([
  ['a byte that has turned', (path: string) => flip(path), /not as it was written/],
  ['a file that was cut off', (path: string) => truncateSync(path, 8192), /has 8192 bytes/],
  ['a file that is missing', (path: string) => rmSync(path), /is missing/],
])('a backup with %s is passed over, for an older one', async (_, damage, fault) => {
  const { backups, stores } = open();
  await put(stores, 0);
  const older = await backup(stores);
  await put(stores, 1);
  const newer = await backup(stores);
  await close(stores);
  expect(newestGood(backups)).toEqual(newer);
  damage(join(backups, newer.name, 'history.db'));
  expect(findBackupFault(backups, newer)).toMatch(fault);
  expect(newestGood(backups)).toEqual(older);
});

test('what has no name of a backup, or no list of its files, is none', async () => {
  const { backups, stores } = open();
  const made = await backup(stores);
  mkdirSync(join(backups, '.unfinished-2020-01-01T00-00-00-000Z'));
  mkdirSync(join(backups, 'notes'));
  for (const [name, text] of [
    ['2020-01-01T00-00-00-000Z', '{}'],
    ['2020-01-02T00-00-00-000Z', JSON.stringify({ ...made, files: [{ ...made.files[0], name: '../history.db' }] })],
  ] as const) {
    mkdirSync(join(backups, name));
    writeFileSync(join(backups, name, 'backup.json'), text);
  }
  expect(listBackups(backups)).toEqual([made]);
  // The next one clears away what was left unfinished.
  await backup(stores);
  expect(readdirSync(backups).filter((name) => name.startsWith('.'))).toEqual([]);
  await close(stores);
});

test('a backup that can not be written leaves the store and earlier backups as they are, and says so', async () => {
  const { path, backups, stores } = open();
  const made = await backup(stores);
  await close(stores);
  const elsewhere = join(path, 'a-file');
  writeFileSync(elsewhere, '');
  const onDamage = (): void => undefined;
  const settings = storeSettings();
  const blocked = openGuardedStores({ folder: path, settings, backups: { folder: elsewhere, keep: 1 }, onDamage });
  await expect(backup(blocked)).rejects.toMatchObject({ fault: 'io' });
  await put(blocked, 1);
  await close(blocked);
  expect(listBackups(backups)).toEqual([made]);
});

test('one that is under way when the store is stopped is broken off', async () => {
  const { backups, stores } = open();
  await put(stores, 1);
  const making = backup(stores);
  await stores.keeper.stop();
  await expect(making).rejects.toMatchObject({ fault: 'unknown' });
  await close(stores);
  expect(listBackups(backups)).toEqual([]);
});

function byNumber(a: string, b: string): number {
  return Number(a.slice(1)) - Number(b.slice(1));
}

function nameOf(made: Backup | undefined): string {
  return made?.name ?? '';
}

/** A byte in the middle. */
function flip(path: string): void {
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}
