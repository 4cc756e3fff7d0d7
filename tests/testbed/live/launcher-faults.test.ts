/** What the launcher does to its nodes on purpose: each fault on real processes, by command and by schedule, and the one clock. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import type { ClusterState } from '#testbed/live/launcher-cluster.ts';
import { isAlive, launchStage, until } from '#tests/testbed/live/launcher-stage.ts';

const STARTS_AT = Date.UTC(2026, 2, 2, 8);

function faults(states: readonly ClusterState[]): readonly string[] {
  return states.flatMap((state) =>
    state.type === 'fault'
      ? [`${state.fault.node}~${state.fault.incarnation} ${state.fault.kind} ${state.fault.phase}`]
      : [],
  );
}

test('a killed node is gone, and comes back at its port as the next incarnation', async () => {
  const { cluster, given, states } = await launchStage();
  const before = cluster.nodes().find(({ name }) => name === 'backend-1');
  await cluster.kill('backend-1');
  expect(isAlive(before?.pid ?? 0)).toBe(false);
  expect(cluster.kills()).toEqual([{ node: 'backend-1', incarnation: 1, atMs: STARTS_AT }]);
  await expect(cluster.kill('backend-1')).rejects.toMatchObject({ code: 'CONFLICT' });
  await cluster.restart('backend-1');
  expect(cluster.nodes().find(({ name }) => name === 'backend-1')).toMatchObject({
    phase: 'up',
    incarnation: 2,
    port: before?.port,
  });
  expect((await given('backend-1'))['incarnation']).toBe(2);
  expect(faults(states)).toEqual(['backend-1~1 kill applied', 'backend-1~1 kill ended']);
});

test('a killed node whose port was taken meanwhile comes back elsewhere, and the others are told', async () => {
  const { cluster, given, hears } = await launchStage();
  const before = cluster.nodes().find(({ name }) => name === 'backend-1');
  await cluster.kill('backend-1');
  const squatter = createServer().listen(before?.port, '127.0.0.1');
  await once(squatter, 'listening');
  await cluster.restart('backend-1');
  const after = cluster.nodes().find(({ name }) => name === 'backend-1');
  expect(after?.phase).toBe('up');
  expect(after?.port).not.toBe(before?.port);
  await until(async () => (await given('frontend-1')).peers.backends[0]?.url === `http://127.0.0.1:${after?.port}`);
  expect(await hears('frontend-1', 'backend-1')).toBe(true);
  squatter.close();
});

test('a stopped node stands still with its connections open, and goes on where it was', async () => {
  const { cluster, given, hears } = await launchStage();
  expect(await hears('frontend-1', 'backend-1')).toBe(true);
  await cluster.stop('backend-1');
  expect(await hears('frontend-1', 'backend-1')).toBe(false);
  await cluster.resume('backend-1');
  expect((await given('backend-1'))['incarnation']).toBe(1);
  expect(await hears('frontend-1', 'backend-1')).toBe(true);
});

test('a restarted node stops cleanly and is not counted as killed', async () => {
  const { cluster, given } = await launchStage();
  await cluster.restart('contact-center');
  expect((await given('contact-center'))['incarnation']).toBe(2);
  expect(cluster.kills()).toEqual([]);
});

test.each(['blackhole', 'reset'] as const)(
  'a partition (%s) cuts exactly its node off from all others',
  async (kind) => {
    const { cluster, hears } = await launchStage({
      proxies: true,
      scenario: { cluster: { frontends: 1, backends: 2 } },
    });
    await cluster.partition('backend-1', kind);
    expect(await hears('frontend-1', 'backend-1')).toBe(false);
    expect(await hears('frontend-1', 'contact-center')).toBe(true);
    expect(await hears('backend-2', 'contact-center')).toBe(true);
    expect(
      cluster
        .nodes()
        .filter(({ partitioned }) => partitioned)
        .map(({ name }) => name),
    ).toEqual(['backend-1']);
    await cluster.heal('backend-1');
    expect(await hears('frontend-1', 'backend-1')).toBe(true);
    expect(await hears('backend-1', 'contact-center')).toBe(true);
  },
);

test('a partitioned node does not reach others either', async () => {
  const { cluster, given } = await launchStage({ proxies: true });
  const { peers } = await given('backend-1');
  await cluster.partition('contact-center', 'reset');
  await expect(fetch(`${peers.contactCenter}/`)).rejects.toThrow('fetch failed');
  await cluster.heal('contact-center');
  await cluster.partition('backend-1', 'reset');
  await expect(fetch(`${peers.contactCenter}/`)).rejects.toThrow('fetch failed');
  await cluster.heal('backend-1');
  await fetch(`${peers.contactCenter}/`);
});

test('a slowed node is late by the latency each way, and the others are not', async () => {
  const { cluster, given } = await launchStage({ proxies: true });
  const { peers } = await given('frontend-1');
  await cluster.slow('backend-1', 60);
  const before = performance.now();
  await fetch(`${peers.backends[0]?.url}/`);
  expect(performance.now() - before).toBeGreaterThanOrEqual(120);
  expect(cluster.nodes().filter(({ slowedMs }) => slowedMs > 0)).toMatchObject([{ name: 'backend-1', slowedMs: 60 }]);
  await cluster.heal('backend-1');
  expect(cluster.nodes().every(({ slowedMs }) => slowedMs === 0)).toBe(true);
});

test.each(['slow', 'partition'] as const)(
  '%s without proxies is refused and leaves the node as it was',
  async (kind) => {
    const { cluster } = await launchStage();
    const fault = { kind, node: 'backend-1', forMs: null };
    await expect(cluster.applyFault(fault)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    await cluster.kill('backend-1');
  },
);

test('an unknown node is named', async () => {
  const { cluster } = await launchStage();
  await expect(cluster.kill('backend-9')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'there is no node backend-9',
  });
});

test("a scenario's faults come and end by the run's clock, which stands until it is let go", async () => {
  const { cluster, states, told } = await launchStage({
    scenario: {
      cluster: { frontends: 1, backends: 1 },
      faults: [
        { atMs: 100, kind: 'kill', node: 'backend-1', forMs: 500 },
        { atMs: 200, kind: 'stop', node: 'backend-1', forMs: 100 },
        { atMs: 300, kind: 'stop', node: 'frontend-1', forMs: 100 },
      ],
    },
  });
  expect(cluster.clock.now()).toBe(STARTS_AT);
  expect(faults(states)).toEqual([]);
  cluster.clock.resume();
  await told((state) => state.type === 'fault' && state.fault.kind === 'kill' && state.fault.phase === 'ended');
  await told((state) => state.type === 'fault' && state.fault.node === 'frontend-1' && state.fault.phase === 'ended');
  expect(faults(states).toSorted()).toEqual([
    'backend-1~1 kill applied',
    'backend-1~1 kill ended',
    'backend-1~1 stop refused',
    'frontend-1~1 stop applied',
    'frontend-1~1 stop ended',
  ]);
  const times = cluster.faults().map(({ id, atMs }) => ({ id, atMs: atMs - STARTS_AT }));
  expect(times.every(({ atMs }) => atMs >= 100)).toBe(true);
  expect(cluster.nodes().every(({ phase }) => phase === 'up')).toBe(true);
});

test('all nodes hold one clock: paused together, let go together, and a restarted one joins them', async () => {
  const { cluster, given } = await launchStage();
  const names = cluster.nodes().map(({ name }) => name);
  const times = async (): Promise<readonly number[]> => Promise.all(names.map(async (name) => (await given(name)).at));
  expect(new Set(await times())).toEqual(new Set([STARTS_AT]));
  cluster.clock.setSpeed(3);
  cluster.clock.resume();
  await until(async () => Math.min(...(await times())) > STARTS_AT + 300);
  cluster.clock.pause();
  await until(async () => (await Promise.all(names.map(given))).every(({ paused }) => paused === true));
  await cluster.restart('backend-1');
  const held = await times();
  expect(new Set(held).size).toBe(1);
  expect(held[0]).toBe(cluster.clock.now());
  expect(await times()).toEqual(held);
});
