/** A store whose file of operations was replaced by an older one: what its clients were told is stored comes to be stored again. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { OperationsRow } from '#core/effects.ts';
import { createStoreClient, type StoreClient } from '#node/store-client.ts';
import { StoreRedo } from '#node/store-redo.ts';
import { createStoreServer, type StoreServer } from '#node/store-server.ts';
import type { Stores } from '#ports/stores.ts';
import { createMemoryStores } from '#stores/memory/memory-stores.ts';
import { openGuardedStores } from '#stores/sqlite/guarded-stores.ts';
import { sampleAgent, sampleChat } from '#tests/stores/store-samples.ts';
import { storeSettings } from '#tests/stores/store-settings.ts';
import { STORE_NODE, STORE_SECRET, StoreProcess } from './store-process.ts';

const SILENT = { warn: () => undefined, info: () => undefined };
const folder = mkdtempSync(join(tmpdir(), 'store-redo-'));
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function serve(
  stores: Stores,
  more: { readonly lineage?: () => string; readonly degraded?: () => string | null },
): Promise<{ readonly server: StoreServer; readonly url: string }> {
  const http = createServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  closing.push(() => {
    http.closeAllConnections();
    http.close();
  });
  const server = createStoreServer({ server: http, secret: STORE_SECRET, stores, ...more });
  return { server, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
}

function connectTo(url: string, onDegraded?: (reason: string | null) => void): StoreClient {
  const client = createStoreClient({ url, secret: STORE_SECRET, log: SILENT, ...(onDegraded ? { onDegraded } : {}) });
  closing.push(() => client.close());
  return client;
}

function commit(client: StoreClient, ...rows: readonly OperationsRow[]): Promise<boolean> {
  return new Promise((resolve) => client.commit({ store: 'operations', rows }, resolve));
}

test('rows and claims since the last good backup are put again, those before it are left to the backup', async () => {
  const first = await serve(createMemoryStores(storeSettings()), { lineage: () => 'first' });
  const client = connectTo(first.url);
  await commit(client, sampleAgent('in the backup', 1, 1));
  first.server.notify({ notice: 'backupBegun', mark: 1 });
  // Answered behind the notice.
  await client.recover(['chat']);
  await commit(client, sampleAgent('while it is made', 2, 1));
  first.server.notify({ notice: 'backupGood', mark: 1 });
  await client.recover(['chat']);
  await commit(client, sampleAgent('later', 3, 1), sampleChat('c', 3, 3));
  expect(await client.claim('k', 'me')).toBe('won');

  const restored = createMemoryStores(storeSettings());
  const second = await serve(restored, { lineage: () => 'second' });
  client.setUrl(second.url);
  await expect
    .poll(async () => (await restored.operations.recover()).map(({ id }) => id))
    .toEqual(['while it is made', 'later', 'c']);
  await expect.poll(() => restored.operations.claim('k', 'somebody else')).toBe('lost');
});

test('a store that is the same as before is put nothing again', async () => {
  const stores = createMemoryStores(storeSettings());
  const first = await serve(stores, { lineage: () => 'one' });
  const client = connectTo(first.url);
  await commit(client, sampleAgent('a', 1, 1));
  const empty = createMemoryStores(storeSettings());
  client.setUrl((await serve(empty, { lineage: () => 'one' })).url);
  await commit(client, sampleAgent('b', 2, 1));
  expect(await client.recover()).toEqual([sampleAgent('b', 2, 1)]);
});

test('what is under way when the store is replaced comes after what is put again, so the newest row stays', async () => {
  const troubled = createMemoryStores(storeSettings());
  const put = troubled.operations.put.bind(troubled.operations);
  let refuses = false;
  troubled.operations.put = async (rows) => {
    if (refuses) throw new Error('not now');
    await put(rows);
  };
  const client = connectTo((await serve(troubled, { lineage: () => 'first' })).url);
  await commit(client, sampleAgent('a', 5, 1));
  refuses = true;
  // Two rows of one moment: only their order tells which is the newer one.
  const underWay = commit(client, sampleAgent('a', 5, 2));
  const waiting = commit(client, sampleAgent('a', 5, 3));
  const restored = createMemoryStores(storeSettings());
  client.setUrl((await serve(restored, { lineage: () => 'second' })).url);
  expect(await Promise.all([underWay, waiting])).toEqual([true, true]);
  expect(await restored.operations.recover()).toEqual([sampleAgent('a', 5, 3)]);
});

test('a file of operations that is found damaged in operation loses no row that its client has put', async () => {
  const path = mkdtempSync(join(folder, 'd-'));
  const options = { folder: path, settings: storeSettings(), backups: null };
  const before = openGuardedStores({ ...options, onDamage: () => undefined });
  before.history.close();
  before.operations.close();
  const file = join(path, 'operations.db');
  const database = new Database(file, { readonly: true });
  const root = Number(database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'claims'").pluck().get());
  database.close();
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa5, (root - 1) * 4096, root * 4096));

  let server: StoreServer | undefined;
  const stores = openGuardedStores({ ...options, onDamage: () => server?.hangUp() });
  ({ server } = await serve(stores, { lineage: () => stores.keeper.lineage }).then((served) => {
    closing.push(() => void served.server.close());
    client = connectTo(served.url);
    return served;
  }));
  const rows = Array.from({ length: 20 }, (_, n) => sampleAgent(`a${n}`, n, 1));
  for (const row of rows) await commit(client, row);
  expect(await client.claim('k', 'me')).toBe('won');
  await expect.poll(async () => (await stores.operations.recover()).length).toBe(20);
  expect(stores.keeper.damage).toMatchObject([{ file: 'operations.db', backup: null }]);
});

let client: StoreClient;

test('a store node whose file was damaged while it was down says degraded until that is acknowledged, and has its rows again', async () => {
  const path = mkdtempSync(join(folder, 'n-'));
  const process = new StoreProcess(STORE_NODE, path);
  const heard: (string | null)[] = [];
  const told = connectTo(await process.start(), (reason) => void heard.push(reason));
  await commit(told, sampleAgent('a', 1, 1), sampleChat('c', 1, 1));
  await process.stop();
  const file = join(path, 'operations.db');
  writeFileSync(file, readFileSync(file).fill(0xa5, 0, 100));
  told.setUrl(await process.start());
  await expect.poll(async () => (await told.recover()).length).toBe(2);

  const about = async (): Promise<unknown> => {
    const reply = await fetch(`${process.url}/store/about`);
    return [reply.status, await reply.json()];
  };
  const reason = expect.stringMatching(/operations\.db was damaged .* begun anew/) as string;
  expect(await about()).toMatchObject([
    200,
    {
      status: 'degraded',
      dependencies: [
        { name: 'history', status: 'up' },
        { name: 'operations', status: 'degraded', reason },
      ],
    },
  ]);
  expect(heard.at(-1)).toEqual(reason);
  const acknowledge = (secret: string): Promise<Response> =>
    fetch(`${process.url}/store/damage/acknowledge`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}` },
    });
  expect((await acknowledge('wrong')).status).toBe(401);
  expect((await acknowledge(STORE_SECRET)).status).toBe(200);
  expect(await about()).toMatchObject([200, { status: 'up' }]);
  await expect.poll(() => heard.at(-1)).toBeNull();
  await process.kill();
});

test('whatever is stored, backed up and missed of it, the last good backup and what is put again make up what was stored', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ stored: fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 99 })) }) },
    fc.record({ begins: fc.boolean() }),
    fc.record({ isGood: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const redo = new StoreRedo();
      const current = new Map<string, OperationsRow>();
      let begun: ReadonlyMap<string, OperationsRow> = new Map();
      let good: ReadonlyMap<string, OperationsRow> = new Map();
      let mark = 0;
      for (const drawn of steps) {
        if ('stored' in drawn) {
          const [id, served] = drawn.stored;
          const row = sampleAgent(`a${id}`, 1, served);
          current.set(row.id, row);
          redo.stored([row]);
        } else if ('begins' in drawn) {
          mark += 1;
          begun = new Map(current);
          // False: the client was not connected just then.
          if (drawn.begins) redo.backupBegun(mark);
        } else if (mark > 0) {
          good = begun;
          if (drawn.isGood) redo.backupGood(mark);
        }
      }
      const restored = new Map(good);
      for (const row of redo.rows) restored.set(row.id, row);
      expect(restored).toEqual(current);
    }),
    { numRuns: 300 },
  );
});

test('a client of a store without backups keeps no more than the newest rows', () => {
  const redo = new StoreRedo(3);
  for (let n = 0; n < 10; n += 1) redo.stored([sampleAgent(`a${n}`, n, 1)]);
  redo.stored([sampleAgent('a7', 20, 2)]);
  expect(redo.rows.map(({ id }) => id)).toEqual(['a8', 'a9', 'a7']);
});
