/** The launcher with tiny real processes: order, health gate, crashes, clean stop, orphans, and where the secret is not. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ClusterState } from '#testbed/live/launcher-cluster.ts';
import { isAlive, launchStage, until } from '#tests/testbed/live/launcher-stage.ts';

function phases(states: readonly ClusterState[]): readonly string[] {
  return states.flatMap((state) => (state.type === 'node' ? [`${state.node.name} ${state.node.phase}`] : []));
}

test('nodes start in the order of the guide, each when what it needs is up, and stop in the reverse order', async () => {
  const { cluster, states } = await launchStage({ scenario: { cluster: { frontends: 2, backends: 2 } } });
  const inOrder = ['store', 'contact-center', 'balancer', 'backend-1', 'backend-2'];
  expect(phases(states).slice(0, 10)).toEqual(inOrder.flatMap((name) => [`${name} starting`, `${name} up`]));
  expect(cluster.nodes().map(({ name }) => name)).toEqual([...inOrder, 'frontend-1', 'frontend-2']);
  const launched = states.length;
  await cluster.stopAll();
  const ended = phases(states.slice(launched)).filter((phase) => phase.endsWith('down'));
  expect(ended.slice(0, 2).toSorted()).toEqual(['frontend-1 down', 'frontend-2 down']);
  expect(ended.slice(2, 4).toSorted()).toEqual(['backend-1 down', 'backend-2 down']);
  expect(ended.slice(4)).toEqual(['balancer down', 'contact-center down', 'store down']);
});

test('every node learns of all others, also of those that start after it', async () => {
  const { cluster, given } = await launchStage({ scenario: { cluster: { frontends: 2, backends: 2 } } });
  const ports = Object.fromEntries(cluster.nodes().map(({ name, port }) => [name, port]));
  const url = (name: string): string => `http://127.0.0.1:${ports[name]}`;
  await until(async () => (await given('store')).peers.frontends.length === 2);
  expect((await given('balancer')).peers).toEqual({
    store: url('store'),
    contactCenter: url('contact-center'),
    backends: ['backend-1', 'backend-2'].map((name) => ({ name, url: url(name) })),
    frontends: ['frontend-1', 'frontend-2'].map((name) => ({ name, url: url(name) })),
    balancer: null,
  });
});

test('a node that is not well is named with the dependency that fails it, and nothing is left running', async () => {
  const states: ClusterState[] = [];
  const launch = launchStage({
    behaviour: { 'backend-1': { failing: 'store' } },
    limits: { healthyMsMax: 200 },
    states,
  });
  await expect(launch).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: 'backend-1 is not well: store (no connection)',
  });
  expect(phases(states)).not.toContain('frontend-1 starting');
  const pids = states.flatMap((state) => (state.type === 'node' && state.node.pid !== null ? [state.node.pid] : []));
  expect(pids.filter(isAlive)).toEqual([]);
});

test('a node that cannot start is named with its own words', async () => {
  const launch = launchStage({ behaviour: { 'contact-center': { throws: 'no strategy of that name' } } });
  await expect(launch).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: 'contact-center did not start: no strategy of that name',
  });
});

test('a launch that is interrupted leaves nothing running', async () => {
  const interrupt = new AbortController();
  const states: ClusterState[] = [];
  const launch = launchStage({
    signal: interrupt.signal,
    states,
    onState: (state) => {
      if (state.type === 'node' && state.node.name === 'balancer' && state.node.phase === 'up') interrupt.abort();
    },
  });
  await expect(launch).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(phases(states)).not.toContain('backend-1 up');
  const pids = states.flatMap((state) => (state.type === 'node' && state.node.pid !== null ? [state.node.pid] : []));
  expect(pids.filter(isAlive)).toEqual([]);
});

test.each([
  ['/crash', 'frontend-1 ended unasked: exit code 3'],
  ['/bug', 'frontend-1 ended unasked: a bug'],
])('a node that ends by itself (%s) is told as crashed', async (path, message) => {
  const { cluster } = await launchStage();
  await fetch(`${await cluster.urlOf('frontend-1')}${path}`).catch(() => undefined);
  expect(await cluster.crashed).toMatchObject({ code: 'UNAVAILABLE', message });
  expect(cluster.nodes().find(({ name }) => name === 'frontend-1')).toMatchObject({ phase: 'crashed', pid: null });
});

test('a node that does not stop in time is killed and counted as killed', async () => {
  const { cluster } = await launchStage({
    behaviour: { 'backend-1': { neverStops: true } },
    limits: { stopMsMax: 2_000 },
  });
  await cluster.stopAll();
  expect(cluster.kills()).toMatchObject([{ node: 'backend-1', incarnation: 1 }]);
  expect(cluster.nodes().map(({ phase }) => phase)).toEqual(['down', 'down', 'down', 'down', 'down']);
});

test('what a node becomes unwell of is told while it runs, and when it is over', async () => {
  const { cluster, states, told } = await launchStage();
  const failing = (): string | null | undefined => cluster.nodes().find(({ name }) => name === 'backend-1')?.failing;
  expect(failing()).toBeNull();
  await fetch(`${await cluster.urlOf('backend-1')}/fail?of=store`);
  await told((state) => state.type === 'node' && state.node.failing === 'store (no connection)');
  expect(cluster.nodes().filter((node) => node.failing !== null)).toMatchObject([{ name: 'backend-1', phase: 'up' }]);
  states.length = 0;
  await fetch(`${await cluster.urlOf('backend-1')}/fail`);
  await told((state) => state.type === 'node' && state.node.name === 'backend-1' && state.node.failing === null);
  expect(failing()).toBeNull();
});

test('what pacing is told reaches the contact center at its time, at once, and again when it comes back', async () => {
  const { cluster, given } = await launchStage({
    scenario: { whatIf: [{ atMs: 50, change: { goalShare: 0.05 } }] },
  });
  const heard = async (): Promise<readonly string[]> => (await given('contact-center')).commands;
  expect(await heard()).toEqual([]);
  cluster.clock.resume();
  await until(async () => (await heard()).length === 1);
  await cluster.kill('contact-center');
  cluster.command({ type: 'pacingCommand', commandId: 'screen-1', by: 'screen', change: { goalShare: 0.07 } });
  await cluster.restart('contact-center');
  await until(async () => (await heard()).length === 2);
  expect(await heard()).toEqual(['scenario-1', 'screen-1']);
});

test('telemetry and log lines arrive under their node', async () => {
  const { cluster, telemetry, folder } = await launchStage();
  await fetch(`${await cluster.urlOf('backend-1')}/else`);
  await until(() => telemetry.length > 0);
  expect(telemetry).toEqual(['backend-1~1 {"asked":1}']);
  const lines = cluster.logOf('backend-1').map((line) => JSON.parse(line) as { node: string; msg: string });
  expect(lines.map(({ node, msg }) => `${node} ${msg}`)).toEqual(['backend-1 configured', 'backend-1 ready']);
  expect(readFileSync(join(folder, 'logs/backend-1.ndjson'), 'utf8')).toBe(
    `${cluster.logOf('backend-1').join('\n')}\n`,
  );
});

test('the secret is new in each run, the same for all nodes, and in no argument, environment or log', async () => {
  const { cluster, folder, given } = await launchStage();
  const names = cluster.nodes().map(({ name }) => name);
  const secrets = await Promise.all(names.map(async (name) => (await given(name)).secret));
  const [secret = ''] = secrets;
  expect(new Set(secrets).size).toBe(1);
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  const places = cluster.nodes().flatMap(({ pid }) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]);
  const logs = readdirSync(join(folder, 'logs')).map((file) => join(folder, 'logs', file));
  expect(logs).toHaveLength(names.length);
  for (const place of [...places, ...logs]) expect(readFileSync(place, 'utf8')).not.toContain(secret);
  // The search would find it: the nodes did log what holds it.
  expect(readFileSync(logs[0] ?? '', 'utf8')).toContain('[secret]');
  const second = await launchStage();
  expect((await second.given('store')).secret).not.toBe(secret);
});

test('all nodes end with their launcher, however it ends, and even those that are held', async () => {
  const script = fileURLToPath(new URL('fixtures/fixture-launcher.ts', import.meta.url));
  const launcher = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve) =>
    createInterface({ input: launcher.stdout }).once('line', resolve),
  );
  const pids = JSON.parse(line) as number[];
  expect(pids.map(isAlive)).toEqual([true, true, true, true, true]);
  launcher.kill('SIGKILL');
  await until(() => !pids.some(isAlive));
});
