/** The store's client against a server in the same process: faults, too much at once, silence, order. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { CommitGroup, OperationsRow } from '#core/effects.ts';
import type { CommitLimits } from '#node/store-commits.ts';
import { createStoreClient, type StoreClient, type StoreClientLimits } from '#node/store-client.ts';
import { createStoreServer, type StoreServer } from '#node/store-server.ts';
import { parseStoreRequest, STORE_CLIENT_HEADER, STORE_LINE_END, type StoreRequest } from '#node/store-wire.ts';
import type { StoreFaultCode, Stores } from '#ports/stores.ts';
import { createMemoryStores } from '#stores/memory/memory-stores.ts';
import { delegateHistory } from '#tests/stores/delegated-history.ts';
import {
  sampleAgent,
  sampleBatch,
  sampleChat,
  sampleEvent,
  sampleInteraction,
  sampleVisit,
} from '#tests/stores/store-samples.ts';
import { storeSettings } from '#tests/stores/store-settings.ts';

const SECRET = 'run-S3CRET';
const SILENT = { warn: () => undefined, info: () => undefined };
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

class Fault extends Error {
  readonly fault: StoreFaultCode;

  constructor(fault: StoreFaultCode) {
    super(`the disk is ${fault}`);
    this.fault = fault;
  }
}

/** Memory stores that fail, or wait, as the test says. */
class TroubledStores implements Stores {
  readonly inner = createMemoryStores(storeSettings());
  fault: StoreFaultCode | null = null;
  attemptsFault: StoreFaultCode | null = null;
  gate: Promise<void> = Promise.resolve();
  /** Puts that have come, behind the gate or through it. */
  historyBegun = 0;
  readonly historyPuts: string[][] = [];
  readonly operationsPuts: OperationsRow[][] = [];

  readonly history: Stores['history'] = delegateHistory(this.inner.history, {
    put: async (batches) => {
      this.historyBegun += 1;
      await this.gate;
      const ids = batches.flatMap((batch) => batch.events.map((event) => event.eventID));
      this.historyPuts.push(ids);
      if (ids.includes('poison')) throw new Error('no such row');
      if (this.fault !== null) throw new Fault(this.fault);
      await this.inner.history.put(batches);
    },
    putAttempts: async (tellings) => {
      if (this.attemptsFault !== null) throw new Fault(this.attemptsFault);
      await this.inner.history.putAttempts(tellings);
    },
  });

  readonly operations: Stores['operations'] = {
    put: async (rows) => {
      await this.gate;
      this.operationsPuts.push([...rows]);
      if (this.fault !== null) throw new Fault(this.fault);
      await this.inner.operations.put(rows);
    },
    recover: () => this.inner.operations.recover(),
    claim: (key, claimant) => this.inner.operations.claim(key, claimant),
    erase: (whom) => this.inner.operations.erase(whom),
    close: () => this.inner.operations.close(),
  };
}

interface Joined {
  readonly stores: TroubledStores;
  readonly server: StoreServer;
  readonly client: StoreClient;
  readonly faults: (string | null)[];
}

async function listen(): Promise<{ server: Server; url: string }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function join(url: string | null, limits: Partial<StoreClientLimits> = {}): StoreClient {
  const client = createStoreClient({ url, secret: SECRET, log: SILENT, limits });
  closing.push(() => client.close());
  return client;
}

async function joined(limits: Partial<CommitLimits> = {}): Promise<Joined> {
  const { server: http, url } = await listen();
  const stores = new TroubledStores();
  const faults: (string | null)[] = [];
  const onFault = (name: string, fault: { readonly fault: string } | null): void =>
    void faults.push(fault === null ? null : `${name} ${fault.fault}`);
  const server = createStoreServer({ server: http, secret: SECRET, stores, limits, onFault });
  return { stores, server, client: join(url), faults };
}

function history(eventID: string, visitID = 'v'): CommitGroup {
  return { store: 'history', batch: sampleBatch(`b-${eventID}`, visitID, [sampleEvent(eventID, visitID, 1)]) };
}

function commit(client: StoreClient, group: CommitGroup): Promise<boolean> {
  return new Promise((resolve) => client.commit(group, resolve));
}

test('what arrives while one commit is under way is stored by the next one, together', async () => {
  const { stores, client, server } = await joined();
  let open: () => void = () => undefined;
  stores.gate = new Promise((resolve) => (open = resolve));
  const first = commit(client, history('e0'));
  await expect.poll(() => stores.historyBegun).toBe(1);
  const later = Array.from({ length: 50 }, (_, i) => commit(client, history(`e${i + 1}`)));
  await expect.poll(() => server.counters.historyWaiting).toBeGreaterThan(0);
  open();
  expect(await Promise.all([first, ...later])).toEqual(Array.from({ length: 51 }, () => true));
  expect(stores.historyPuts.length).toBeLessThan(20);
});

test.each(['full', 'io', 'busy', 'corrupt'] as const)(
  'with a disk that is %s a history put fails, an operations put waits, and both work again afterwards',
  async (fault) => {
    const { stores, client, faults } = await joined();
    stores.fault = fault;
    expect(await commit(client, history('e1'))).toBe(false);
    const operations = commit(client, { store: 'operations', rows: [sampleAgent('a', 1, 1)] });
    await expect.poll(() => faults).toEqual([`history ${fault}`, `operations ${fault}`]);
    expect(await client.pastOf('v')).toEqual([]);
    stores.fault = null;
    expect(await operations).toBe(true);
    expect(await commit(client, history('e1'))).toBe(true);
    expect(faults.slice(2)).toEqual([null, null]);
    expect(await client.recover()).toEqual([sampleAgent('a', 1, 1)]);
  },
);

test('an event that the store can not take fails alone', async () => {
  const { client } = await joined();
  const results = await Promise.all(['e1', 'poison', 'e2'].map((id) => commit(client, history(id))));
  expect(results).toEqual([true, false, true]);
  expect(await client.eventIDs(null, 10)).toEqual(['e1', 'e2']);
});

test('beyond the bound of the queue history puts are refused, and no row is lost or stored unasked', async () => {
  const { stores, client, server } = await joined({ waitingRowsMax: 10, transactionRowsMax: 5 });
  let open: () => void = () => undefined;
  stores.gate = new Promise((resolve) => (open = resolve));
  const puts = Array.from({ length: 100 }, (_, i) => commit(client, history(`e${i}`)));
  await expect.poll(() => server.counters.refusedFull, { timeout: 10_000 }).toBeGreaterThanOrEqual(80);
  open();
  const results = await Promise.all(puts);
  const stored = results.flatMap((ok, i) => (ok ? [`e${i}`] : []));
  expect(stored.length).toBeLessThanOrEqual(20);
  expect(await client.eventIDs(null, 1000)).toEqual(stored.toSorted());
});

test('operations groups are stored in the order in which they were put, whatever fails in between', async () => {
  const { stores, client } = await joined();
  stores.fault = 'busy';
  const states = Array.from({ length: 20 }, (_, i) => sampleChat('c', 5, i));
  const puts = states.map((row) => commit(client, { store: 'operations', rows: [row] }));
  await expect.poll(() => stores.operationsPuts.length).toBeGreaterThan(1);
  stores.fault = null;
  await Promise.all(puts);
  expect(await client.recover()).toEqual(states.slice(-1));
});

test('a listing of any length arrives whole', async () => {
  const { client, stores } = await joined();
  for (const length of [0, 1, 999, 1000, 1001, 2500]) {
    const rows = Array.from({ length }, (_, i) => sampleAgent(`a${i}`, i, 1));
    stores.inner.operations.recover = () => Promise.resolve(rows);
    expect(await client.recover()).toEqual(rows);
  }
});

test('a history put that nobody answers fails after its time, an operations put is asked again until it is answered', async () => {
  const { server, url } = await listen();
  const deaf = new WebSocketServer({ server });
  const heard: StoreRequest[] = [];
  deaf.on('connection', (socket) =>
    socket.on('message', (frame: Buffer) => {
      for (const line of frame.toString().split(STORE_LINE_END)) {
        const request = parseStoreRequest(line);
        if (request !== null) heard.push(request);
      }
    }),
  );
  const client = join(url, { historyMsMax: 100 });
  const operations = commit(client, { store: 'operations', rows: [sampleAgent('a', 1, 1)] });
  expect(await commit(client, history('e1'))).toBe(false);
  await expect(client.pastOf('v')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  for (const socket of deaf.clients) socket.terminate();
  const operationsPuts = (): number =>
    heard.filter((request) => request.op === 'put' && request.group.store === 'operations').length;
  await expect.poll(operationsPuts, { timeout: 10_000 }).toBe(2);

  const { server: hearing, url: hearingUrl } = await listen();
  createStoreServer({ server: hearing, secret: SECRET, stores: createMemoryStores(storeSettings()) });
  client.setUrl(hearingUrl);
  expect(await operations).toBe(true);
});

test('a client that connects again is heard on its new connection alone', async () => {
  const { server: http, url } = await listen();
  createStoreServer({ server: http, secret: SECRET, stores: createMemoryStores(storeSettings()) });
  const headers = { authorization: `Bearer ${SECRET}`, [STORE_CLIENT_HEADER]: 'contact-center' };
  const older = new WebSocket(`${url.replace('http', 'ws')}/store`, { headers });
  await once(older, 'open');
  const cut = once(older, 'close');
  const newer = new WebSocket(`${url.replace('http', 'ws')}/store`, { headers });
  await Promise.all([once(newer, 'open'), cut]);
  newer.send(JSON.stringify({ id: 1, op: 'recover' }));
  expect(JSON.parse(String((await once(newer, 'message'))[0]))).toEqual({ id: 1, ok: true, items: [] });
  newer.terminate();
});

test('without a store no more history puts wait than there is room for', async () => {
  const client = join(null, { historyPutsMax: 3, historyMsMax: 60_000 });
  const results = new Map<number, boolean>();
  for (let i = 0; i < 5; i += 1) client.commit(history(`e${i}`), (ok) => results.set(i, ok));
  await expect
    .poll(() => [...results])
    .toEqual([
      [3, false],
      [4, false],
    ]);
  client.close();
  expect([...results.values()]).toEqual([false, false, false, false, false]);
});

test('the history is asked through the client as the port has it', async () => {
  const { client, stores } = await joined();
  await commit(client, { store: 'history', batch: sampleBatch('b', 'v', sampleVisit('v', 'ann', 0)) });
  const { history: direct } = stores.inner;
  const range = { limit: 2, after: { at: 30, id: 'v-second' } };
  const listed = await client.list('event', { visit: 'v' }, range);
  expect(listed).toEqual(await direct.list('event', { visit: 'v' }, range));
  expect(listed.next).toEqual({ at: 20, id: 'v-custom' });
  expect(await client.get('session', 'v-signIn')).toMatchObject({ identityId: 'ann', visitId: 'v' });
  expect(await client.get('session', 'nobody')).toBeNull();
  expect((await client.erase('ann')).erased['events']).toBe(6);
  expect(await client.list('event', { visit: 'v' }, { limit: 9 })).toEqual({ records: [], next: null });
});

test('a list that the store has no index for is refused as not supported, in its words', async () => {
  const { server: http, url } = await listen();
  const stores = createMemoryStores(storeSettings({ limitIndexing: true }));
  createStoreServer({ server: http, secret: SECRET, stores });
  await expect(join(url).list('visit', { all: true }, { limit: 1 })).rejects.toMatchObject({
    code: 'NOT_SUPPORTED',
    message: expect.stringContaining('wmdb.limitIndexing') as string,
  });
});

test('the history knows of an attempt before its row is acknowledged', async () => {
  const { stores, client } = await joined();
  stores.attemptsFault = 'full';
  const stored = commit(client, { store: 'operations', rows: [sampleInteraction('i1', 5, 2)] });
  await expect.poll(() => stores.operationsPuts.length).toBeGreaterThan(1);
  expect(await client.get('engagementattempt', 'i1')).toBeNull();
  stores.attemptsFault = null;
  expect(await stored).toBe(true);
  expect(await client.get('engagementattempt', 'i1')).toMatchObject({ state: 'invited', visitId: 'v1' });
});

test('what is no request is not taken for one', () => {
  const frames = [
    '',
    '{',
    'null',
    '[]',
    '{"id":1}',
    '{"id":1,"op":"past"}',
    '{"id":1,"op":"put","group":{"store":"history"}}',
    '{"id":1,"op":"get","entity":"password","recordId":"x"}',
    '{"id":1,"op":"get","entity":"visit"}',
    '{"id":1,"op":"list","entity":"visit","scope":{"all":false},"range":{"limit":1}}',
    '{"id":1,"op":"list","entity":"visit","scope":{"page":"v:p"},"range":{"limit":1}}',
    '{"id":1,"op":"list","entity":"visit","scope":{"visit":"v","all":true},"range":{"limit":1}}',
    '{"id":1,"op":"list","entity":"visit","scope":{"visit":"v"},"range":{"limit":0}}',
    '{"id":1,"op":"list","entity":"visit","scope":{"visit":"v"},"range":{"limit":10001}}',
    '{"id":1,"op":"list","entity":"visit","scope":{"visit":"v"},"range":{"limit":1,"after":{"at":"x","id":"y"}}}',
    '{"id":1,"op":"erase"}',
  ];
  const events = [{ eventID: 'e' }, { eventID: 'e', visitID: 'v', eventName: 'x', at: 1.5 }, null];
  const groups = events.map((event) => ({ id: 1, op: 'put', group: { store: 'history', batch: { events: [event] } } }));
  for (const frame of [...frames, ...groups.map((group) => JSON.stringify(group))])
    expect(parseStoreRequest(frame), frame).toBeNull();
});
