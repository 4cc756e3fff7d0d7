/** A Frontend's pool of Backends over real sockets: who gets a visit's messages, and what moves when one is lost. */
import { afterEach, describe, expect, test } from 'vitest';
import { present } from '#core/assert.ts';
import { createRandomSource } from '#core/random/random-source.ts';
import { createBackendPool, type BackendPool } from '#node/backend-pool.ts';
import { createTcpProxy, type TcpProxy } from '#testbed/live/tcp-proxy.ts';
import { closeNodes, closing, LinkEar, listen, QUICK, until, type AcceptingNode } from '#tests/node/link-nodes.ts';

afterEach(closeNodes);

const NAMES = ['backend-1', 'backend-2', 'backend-3'];

interface PooledNode {
  readonly name: string;
  readonly ear: LinkEar;
  readonly node: AcceptingNode;
  readonly proxy: TcpProxy;
  readonly url: string;
}

async function openBackend(name: string, finish: 'at once' | 'later'): Promise<PooledNode> {
  const ear = new LinkEar(finish);
  const node = await listen(ear.options(name));
  const proxy = await createTcpProxy({ targetPort: node.port });
  closing(() => proxy.close());
  return { name, ear, node, proxy, url: `http://127.0.0.1:${String(proxy.port)}` };
}

function openPool(ear: LinkEar, outboxLength = 10_000): BackendPool {
  const links = { ...ear.options('frontend-1'), limits: { ...QUICK, outboxLength } };
  const pool = createBackendPool({ links, graceMs: 10 });
  closing(() => pool.close());
  return pool;
}

async function openAll(finish: 'at once' | 'later'): Promise<{ pool: BackendPool; backends: PooledNode[] }> {
  const backends: PooledNode[] = [];
  for (const name of NAMES) backends.push(await openBackend(name, finish));
  const pool = openPool(new LinkEar('at once'));
  pool.setBackends(backends);
  await until(() => pool.backends().every(({ connected }) => connected));
  return { pool, backends };
}

/** Ids that a Backend received for a visit, `<visit>:<n>`, in order. */
function receivedOf(backend: PooledNode, visitID: string): string[] {
  return backend.ear.ids.filter((id) => id.startsWith(`${visitID}:`));
}

describe('while all Backends live', () => {
  test("a visit's messages go to one Backend, in order; visits spread over all of them", async () => {
    const { pool, backends } = await openAll('at once');
    let acked = 0;
    for (let n = 0; n < 5; n += 1) {
      for (let visit = 0; visit < 300; visit += 1) {
        pool.send(`v${String(visit)}`, `v${String(visit)}:${String(n)}`, n, () => (acked += 1));
      }
    }
    await until(() => acked === 1500);
    for (let visit = 0; visit < 300; visit += 1) {
      const at = backends.map((backend) => receivedOf(backend, `v${String(visit)}`)).filter(({ length }) => length > 0);
      expect(at).toEqual([[0, 1, 2, 3, 4].map((n) => `v${String(visit)}:${String(n)}`)]);
    }
    for (const { ear } of backends) expect(ear.received.length).toBeGreaterThan(300);
  });

  test('one can be spoken to by its name, and answers come with its name', async () => {
    const front = new LinkEar('at once');
    const backend = await openBackend('backend-1', 'at once');
    const pool = openPool(front);
    expect(pool.up).toBe(false);
    pool.setBackends([backend]);
    await until(() => pool.up);
    pool.peer('backend-1')?.send('to one', 1, () => undefined);
    backend.node.acceptor.peer('frontend-1')?.send('from one', 2, () => undefined);
    await until(() => backend.ear.ids.length === 1 && front.ids.length === 1);
    expect(front.received.map(({ from, id }) => [from, id])).toEqual([['backend-1', 'from one']]);
    expect(pool.peer('backend-9')).toBeUndefined();
  });
});

describe('when a Backend is lost', () => {
  test('what it did not acknowledge goes, in order, to another, and so does what follows', async () => {
    const { pool, backends } = await openAll('later');
    const acked: string[] = [];
    const send = (n: number): void => {
      const id = `v:${String(n)}`;
      pool.send('v', id, n, () => acked.push(id));
    };
    for (let n = 0; n < 6; n += 1) send(n);
    await until(() => backends.some(({ ear }) => ear.ids.length === 6));
    const first = present(
      backends.find(({ ear }) => ear.ids.length === 6),
      'Backend with the visit',
    );
    for (const n of [0, 2]) first.ear.received[n]?.done(true);
    await until(() => acked.length === 2);
    await first.node.kill();
    for (let n = 6; n < 9; n += 1) send(n);
    const others = backends.filter((backend) => backend !== first);
    await until(() => others.some(({ ear }) => ear.ids.length === 7));
    const second = present(
      others.find(({ ear }) => ear.ids.length === 7),
      'Backend that took over',
    );
    expect(second.ear.ids).toEqual(['v:1', 'v:3', 'v:4', 'v:5', 'v:6', 'v:7', 'v:8']);
    expect(pool.backends().map(({ connected }) => connected)).toEqual(backends.map((backend) => backend !== first));
    for (const { done } of second.ear.received) done(true);
    await until(() => acked.length === 9);
    expect(acked).toEqual([0, 2, 1, 3, 4, 5, 6, 7, 8].map((n) => `v:${String(n)}`));
  });

  test('and comes back, new messages of a visit wait for those that the other still has', async () => {
    const { pool, backends } = await openAll('later');
    pool.send('v', 'v:0', 0, () => undefined);
    await until(() => backends.some(({ ear }) => ear.ids.length === 1));
    const first = present(
      backends.find(({ ear }) => ear.ids.length === 1),
      'first choice',
    );
    first.proxy.set({ refuse: true });
    first.proxy.reset();
    const others = backends.filter((backend) => backend !== first);
    await until(() => others.some(({ ear }) => ear.ids.length === 1));
    const second = present(
      others.find(({ ear }) => ear.ids.length === 1),
      'second choice',
    );
    first.proxy.set({});
    await until(() => pool.backends().every(({ connected }) => connected));
    const acked: number[] = [];
    for (const n of [1, 2]) pool.send('v', `v:${String(n)}`, n, () => acked.push(n));
    pool.send('another visit', 'other', 0, () => undefined);
    await until(() => backends.some(({ ear }) => ear.ids.includes('other')));
    expect(backends.flatMap(({ ear }) => ear.ids.filter((id) => id === 'v:1'))).toEqual([]);
    second.ear.received.find(({ id }) => id === 'v:0')?.done(true);
    await until(() => receivedOf(first, 'v').length === 3);
    expect(receivedOf(first, 'v')).toEqual(['v:0', 'v:1', 'v:2']);
    expect(receivedOf(second, 'v')).toEqual(['v:0']);
    for (const { done } of first.ear.received) done(true);
    await until(() => acked.length === 2);
  });

  test('but is back within the grace, nothing moves', async () => {
    const back = await openBackend('backend-1', 'later');
    const other = await openBackend('backend-2', 'later');
    const front = new LinkEar('at once');
    const pool = createBackendPool({ links: front.options('frontend-1'), graceMs: 30_000 });
    closing(() => pool.close());
    pool.setBackends([back, other]);
    await until(() => pool.backends().every(({ connected }) => connected));
    for (let i = 0; i < 20; i += 1) pool.send(`v${String(i)}`, `v${String(i)}:0`, 0, () => undefined);
    await until(() => back.ear.ids.length + other.ear.ids.length === 20);
    const atFirst = [...back.ear.ids];
    back.proxy.reset();
    await until(() => front.comings.filter((coming) => coming === 'backend-1 up').length === 2);
    for (let i = 0; i < 20; i += 1) pool.send(`v${String(i)}`, `v${String(i)}:1`, 1, () => undefined);
    await until(() => back.ear.ids.length + other.ear.ids.length === 40);
    expect(back.ear.ids).toEqual([...atFirst, ...atFirst.map((id) => id.replace(':0', ':1'))]);
  });

  test('what was meant for it by name stays with it', async () => {
    const { pool, backends } = await openAll('at once');
    const first = present(backends[0], 'Backend');
    first.proxy.set({ refuse: true });
    first.proxy.reset();
    await until(() => pool.backends()[0]?.connected === false);
    pool.peer('backend-1')?.send('for backend-1', 0, () => undefined);
    let moved = 0;
    for (let i = 0; i < 30; i += 1) pool.send(`v${String(i)}`, `v${String(i)}:0`, 0, () => (moved += 1));
    await until(() => moved === 30);
    first.proxy.set({});
    await until(() => first.ear.ids.length > 0);
    expect(first.ear.ids).toEqual(['for backend-1']);
  });
});

describe('when no Backend lives', () => {
  test('messages are held and go out, in order by visit, to whoever comes first', async () => {
    const pool = openPool(new LinkEar('at once'));
    let acked = 0;
    for (let n = 0; n < 4; n += 1) {
      for (const visit of ['v', 'w']) pool.send(visit, `${visit}:${String(n)}`, n, () => (acked += 1));
    }
    expect(pool.up).toBe(false);
    const backend = await openBackend('backend-1', 'at once');
    pool.setBackends([backend]);
    await until(() => acked === 8);
    for (const visit of ['v', 'w']) {
      expect(receivedOf(backend, visit)).toEqual([0, 1, 2, 3].map((n) => `${visit}:${String(n)}`));
    }
  });

  test('the pool is full at its length and answers false beyond twice that', async () => {
    const pool = openPool(new LinkEar('at once'), 2);
    const verdicts: boolean[] = [];
    const full: boolean[] = [];
    for (let n = 0; n < 5; n += 1) {
      pool.send('v', `v:${String(n)}`, n, (ok) => verdicts.push(ok));
      full.push(pool.full);
    }
    await until(() => verdicts.length > 0);
    expect(full).toEqual([false, true, true, true, true]);
    expect(verdicts).toEqual([false]);
  });
});

describe('when Backends are added and taken away', () => {
  test('what a removed one had moves, and what was meant for it alone fails', async () => {
    const { pool, backends } = await openAll('later');
    for (let i = 0; i < 30; i += 1) pool.send(`v${String(i)}`, `v${String(i)}:0`, 0, () => undefined);
    const verdicts: boolean[] = [];
    pool.peer('backend-1')?.send('for backend-1', 0, (ok) => verdicts.push(ok));
    const total = (): number => backends.reduce((sum, { ear }) => sum + ear.ids.length, 0);
    await until(() => total() === 31);
    const [removed, ...others] = backends;
    const had = present(removed, 'Backend').ear.ids.filter((id) => id !== 'for backend-1');
    pool.setBackends(others);
    await until(() => total() === 31 + had.length);
    expect(had.length).toBeGreaterThan(0);
    expect(others.flatMap(({ ear }) => ear.ids).toSorted()).toEqual(
      Array.from({ length: 30 }, (_, i) => `v${String(i)}:0`).toSorted(),
    );
    expect(verdicts).toEqual([false]);
  });

  test('losing one moves the visits of that one alone', async () => {
    const { pool, backends } = await openAll('at once');
    let acked = 0;
    const round = async (n: number): Promise<void> => {
      for (let i = 0; i < 200; i += 1) pool.send(`v${String(i)}`, `v${String(i)}:${String(n)}`, n, () => (acked += 1));
      await until(() => acked === 200 * (n + 1));
    };
    await round(0);
    const [first, ...others] = backends;
    pool.setBackends(others);
    await round(1);
    for (const { ear } of others) {
      const before = ear.ids.filter((id) => id.endsWith(':0')).map((id) => id.replace(':0', ':1'));
      expect(ear.ids).toEqual(expect.arrayContaining(before));
    }
    pool.setBackends(backends);
    await until(() => pool.backends().every(({ connected }) => connected));
    await round(2);
    const home = (n: number): string[] =>
      present(first, 'Backend')
        .ear.ids.filter((id) => id.endsWith(`:${String(n)}`))
        .map((id) => id.slice(0, -2));
    expect(home(2)).toEqual(home(0));
  });
});

test('under resets of all its Backends every message is done, and none overtakes another of its visit', async () => {
  const { pool, backends } = await openAll('at once');
  const stream = createRandomSource(7).stream('storm', 0);
  const acked: string[] = [];
  for (let n = 0; n < 50; n += 1) {
    for (let visit = 0; visit < 20; visit += 1) {
      const id = `v${String(visit)}:${String(n)}`;
      pool.send(`v${String(visit)}`, id, n, (ok) => acked.push(ok ? id : 'failed'));
    }
    backends[Math.floor(stream.next() * 3)]?.proxy.reset();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => acked.length === 1000);
  for (let visit = 0; visit < 20; visit += 1) {
    const mine = acked.filter((id) => id.startsWith(`v${String(visit)}:`));
    expect(mine).toEqual(Array.from({ length: 50 }, (_, n) => `v${String(visit)}:${String(n)}`));
  }
});

/** Backends that die in the middle of their work, and are born again; what they got before, of all of them, in order. */
class MortalBackends {
  readonly arrivals: string[] = [];
  readonly proxies = new Map<string, TcpProxy>();
  readonly #births = new Map<string, number>();
  readonly #chance: () => number;
  deaths = 0;

  constructor(chance: () => number) {
    this.#chance = chance;
  }

  async bear(name: string): Promise<void> {
    const incarnation = (this.#births.get(name) ?? 0) + 1;
    this.#births.set(name, incarnation);
    let lives = true;
    const node: AcceptingNode = await listen({
      ...new LinkEar('later').options(name, incarnation),
      onMessage: (_, id, __, done) => {
        if (!lives) return;
        this.arrivals.push(id);
        setImmediate(() => done(true));
        lives = this.#chance() > 0.02;
        if (!lives) closing(this.#bury(name, node));
      },
    });
    const proxy = this.proxies.get(name) ?? (await createTcpProxy({ targetPort: node.port }));
    proxy.setTarget(node.port);
    this.proxies.set(name, proxy);
  }

  #bury(name: string, node: AcceptingNode): () => Promise<void> {
    this.deaths += 1;
    const reborn = node.kill().then(() => this.bear(name));
    return () => reborn;
  }
}

test('while Backends die and are born again all the time, each visit arrives whole and in order', async () => {
  const stream = createRandomSource(11).stream('deaths', 0);
  const mortals = new MortalBackends(() => stream.next());
  for (const name of NAMES) await mortals.bear(name);
  closing(async () => {
    for (const proxy of mortals.proxies.values()) await proxy.close();
  });
  const pool = openPool(new LinkEar('at once'));
  pool.setBackends([...mortals.proxies].map(([name, { port }]) => ({ name, url: `http://127.0.0.1:${String(port)}` })));
  let acked = 0;
  for (let n = 0; n < 60; n += 1) {
    for (let visit = 0; visit < 20; visit += 1) {
      pool.send(`v${String(visit)}`, `v${String(visit)}:${String(n)}`, n, () => (acked += 1));
    }
    const enough = Math.floor(20 * n * stream.next());
    await until(() => acked >= enough);
  }
  await until(() => acked === 1200);
  const firsts = [...new Set(mortals.arrivals)];
  for (let visit = 0; visit < 20; visit += 1) {
    const mine = firsts.filter((id) => id.startsWith(`v${String(visit)}:`));
    expect(mine).toEqual(Array.from({ length: 60 }, (_, n) => `v${String(visit)}:${String(n)}`));
  }
  expect(mortals.deaths).toBeGreaterThan(5);
  expect(mortals.arrivals.length).toBeGreaterThan(1200);
});
