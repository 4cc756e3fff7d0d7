/** The store node as a process: it serves, says how it does, stops cleanly, and loses nothing when it is killed. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { WebSocket } from 'ws';
import { createRandomSource } from '#core/random/random-source.ts';
import { createStoreClient } from '#node/store-client.ts';
import { STORE_CLIENT_HEADER } from '#node/store-wire.ts';
import { sampleAgent, sampleBatch, sampleEvent } from '#tests/stores/store-samples.ts';
import { killUnderLoad } from './store-kills.ts';
import { HASTY_STORE_NODE, STORE_NODE, STORE_SECRET, StoreProcess } from './store-process.ts';

const KILLS = 4;
const SILENT = { warn: () => undefined, info: () => undefined };
const folder = mkdtempSync(join(tmpdir(), 'store-node-'));
const stream = createRandomSource(inject('testSeed')).stream('kills');
const random = (): number => stream.next();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('serves over its whole life, tells how it does, stops cleanly and has everything afterwards', async () => {
  const process = new StoreProcess(STORE_NODE, folder);
  const client = createStoreClient({ url: await process.start(), secret: STORE_SECRET, log: SILENT });
  const events = [sampleEvent('e1', 'v', 1, { identity: 'zoë' }), sampleEvent('e2', 'v.2', 2)];
  const stored = await new Promise<boolean>((resolve) =>
    client.commit({ store: 'history', batch: sampleBatch('b', 'v', events) }, resolve),
  );
  expect(stored).toBe(true);
  await new Promise((resolve) => client.commit({ store: 'operations', rows: [sampleAgent('a', 1, 1)] }, resolve));
  expect(await client.claim('k', 'me')).toBe('won');
  const about = await fetch(`${process.url}/store/about`);
  expect([about.status, await about.json()]).toMatchObject([
    200,
    { role: 'store', status: 'up', dependencies: [{ name: 'history' }, { name: 'operations' }] },
  ]);
  expect(await (await fetch(`${process.url}/metrics`)).text()).toContain('store_rows{store="history"} 2');
  expect(await process.stop()).toBe(0);
  expect(existsSync(join(folder, 'history.db-wal'))).toBe(false);

  client.setUrl(await process.start());
  expect(await client.pastOf('v')).toEqual(events);
  expect(await client.recover()).toEqual([sampleAgent('a', 1, 1)]);
  expect(await client.claim('k', 'somebody else')).toBe('lost');
  expect([...(await client.eventIDs(null, 10))].sort()).toEqual(['e1', 'e2']);
  client.close();
  await process.kill();
});

test('lets nobody in without the secret', async () => {
  const process = new StoreProcess(STORE_NODE, mkdtempSync(join(folder, 'closed-')));
  const url = (await process.start()).replace('http', 'ws');
  for (const authorization of ['Bearer wrong', 'Bearer ', '', STORE_SECRET]) {
    const socket = new WebSocket(`${url}/store`, { headers: { authorization, [STORE_CLIENT_HEADER]: 'x' } });
    const status = await new Promise((resolve) => {
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
      socket.on('open', () => resolve('open'));
    });
    expect(status, authorization).toBe(401);
    socket.on('error', () => undefined);
    socket.terminate();
  }
  await process.kill();
});

test(`killed ${KILLS} times under load, it has lost, doubled and invented nothing`, async () => {
  const findings = await killUnderLoad(STORE_NODE, KILLS, random);
  expect(findings).toMatchObject({ lost: [], invented: [], doubled: [], stale: [], integrity: ['ok', 'ok'] });
  expect(findings.acknowledged).toBeGreaterThan(KILLS);
});

test('a store that acknowledges before it commits is caught by the same checker', async () => {
  const findings = await killUnderLoad(HASTY_STORE_NODE, 2, random);
  expect(findings.lost.length).toBeGreaterThan(0);
});
