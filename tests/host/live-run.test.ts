/** A live run in its worker, with real nodes: from the command that starts it to its report, and no process left behind. */
import { afterEach, describe, expect, it } from 'vitest';
import { present } from '#core/assert.ts';
import type { RunCommand, RunStatus, RunUpdate } from '#protocol/run-feed.ts';
import type { LiveNode } from '#protocol/run-feed-live.ts';
import type { RunControl } from '#host/run-control.ts';
import { createWorkerRunControl } from '#host/worker-run-control.ts';
import { findFreePorts } from '#testbed/cassandra/cassandra-ports.ts';
import { createLiveFolder } from '#tests/host/live-scenario.ts';
import { pidsOfNodes } from '#tests/host/live-processes.ts';

const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Stage {
  readonly runs: RunControl;
  readonly updates: readonly RunUpdate[];
}

function create(duration: string, more = ''): Stage {
  const folder = createLiveFolder(duration, more);
  const runs = createWorkerRunControl({
    scenariosFolder: folder.path,
    version: '0.0.0',
    store: { name: 'memory', contactPoints: null },
  });
  closing.push(folder.remove, () => runs.close());
  const updates: RunUpdate[] = [];
  runs.subscribe((update) => updates.push(update));
  return { runs, updates };
}

const START: RunCommand = { type: 'start', mode: 'live', scenario: 'tiny.yaml', seed: 3, speed: 1, traffic: null };

/** The first update from now on (or the picture of now) for which `holds`. */
function until(runs: RunControl, holds: (update: RunUpdate) => boolean): Promise<RunUpdate> {
  return new Promise((done) => {
    const look = (update: RunUpdate): void => {
      if (!holds(update)) return;
      unsubscribe();
      done(update);
    };
    const unsubscribe = runs.subscribe(look);
    look(runs.snapshot());
  });
}

async function untilStatus(runs: RunControl, holds: (status: RunStatus) => boolean): Promise<RunStatus> {
  const update = await until(runs, (one) => 'status' in one && holds(one.status));
  if ('status' in update) return update.status;
  throw new Error('an update without a status');
}

async function untilNode(runs: RunControl, name: string, holds: (node: LiveNode) => boolean): Promise<void> {
  await untilStatus(runs, ({ live }) => live?.nodes.some((node) => node.name === name && holds(node)) === true);
}

describe('a live run', () => {
  it('tells its launch node by node, runs to its end, loses nothing, and leaves a report and no process', async () => {
    const { runs, updates } = create('3s');
    runs.command(START);
    expect(() => runs.command({ type: 'logs', node: 'store', after: 0 })).not.toThrow();
    const running = await untilStatus(runs, ({ state }) => state === 'running' || state === 'failed');
    expect(running).toMatchObject({ mode: 'live', state: 'running', seed: 3, failure: null, caption: 'It begins.' });
    expect(running.live?.nodes.map(({ name, phase }) => `${name} ${phase}`)).toEqual(
      ['store', 'contact-center', 'balancer', 'backend-1', 'frontend-1', 'crowd'].map((name) => `${name} up`),
    );
    const doing = updates.flatMap((update) => ('status' in update ? [update.status.live?.doing ?? ''] : []));
    expect(running.live?.store).toEqual({
      asked: { name: 'memory', contactPoints: null },
      kind: 'memory',
      about: 'memory, gone when the run ends',
    });
    expect(doing.some((words) => /^Starting .*: \d of 6 nodes are up\.$/.test(words))).toBe(true);
    expect(await pidsOfNodes()).toHaveLength(6);
    const finished = await untilStatus(runs, ({ state }) => state === 'finished' || state === 'failed');
    expect(finished).toMatchObject({ state: 'finished', virtualMs: 3_000, failure: null });
    const live = present(finished.live, 'live state');
    expect(live.findings).toMatchObject({ lost: 0 });
    expect(live.findings?.acknowledged).toBeGreaterThan(0);
    expect(live.nodes.every(({ phase }) => phase === 'down')).toBe(true);
    expect(await pidsOfNodes()).toEqual([]);
    expect(await runs.report(finished.runId)).toContain(
      'engage run scenarios/tiny.yaml --mode live --store memory --seed 3',
    );
  });

  it('holds its clock in a pause, changes its speed, and refuses in words what only a simulated run can', async () => {
    const { runs } = create('5m');
    runs.command(START);
    await untilStatus(runs, ({ state, virtualMs }) => state === 'running' && virtualMs > 0);
    runs.command({ type: 'pause' });
    const paused = await untilStatus(runs, ({ state }) => state === 'paused');
    /** Told several times meanwhile: the nodes live on. */
    let told = 0;
    const later = await untilStatus(runs, ({ state }) => {
      told += 1;
      return state !== 'paused' || told > 6;
    });
    expect(later.virtualMs - paused.virtualMs).toBeLessThan(100);
    for (const [command, words] of [
      [{ type: 'step', to: 'second' }, /can't be stepped/],
      [{ type: 'skipWarmup' }, /can't skip its warm-up/],
      [{ type: 'speed', speed: 'max' }, /goes at 0\.1x to 10x, not at max/],
      [{ type: 'speed', speed: 100 }, /goes at 0\.1x to 10x, not at 100x/],
      [{ type: 'fault', kind: 'kill', node: 'crowd', forMs: null }, /no server/],
      [{ type: 'heal', node: 'backend-1' }, /under no fault/],
      [{ type: 'fault', kind: 'kill', node: 'backend-9', forMs: null }, /no node backend-9/],
    ] as const satisfies readonly (readonly [RunCommand, RegExp])[]) {
      const refused = until(runs, ({ type }) => type === 'error');
      runs.command(command);
      expect(await refused).toMatchObject({ message: expect.stringMatching(words) });
    }
    expect(() => runs.command({ ...START, speed: 'max' } as RunCommand)).toThrow('not at max');
    runs.command({ type: 'speed', speed: 5 });
    runs.command({ type: 'resume' });
    const faster = await untilStatus(runs, ({ virtualMs }) => virtualMs > paused.virtualMs + 5_000);
    expect(faster).toMatchObject({ state: 'running', speed: 5 });
    runs.command({ type: 'stop' });
    const stopped = await untilStatus(runs, ({ state }) => state === 'stopped' || state === 'failed');
    expect(stopped).toMatchObject({ state: 'stopped', live: { findings: { lost: 0 } } });
    expect(await pidsOfNodes()).toEqual([]);
  });

  it('kills, holds, slows, cuts off and heals nodes, and tells it in tiles, faults and stream', async () => {
    const { runs, updates } = create('10m');
    runs.command(START);
    await untilStatus(runs, ({ state, virtualMs }) => state === 'running' && virtualMs > 0);
    runs.command({ type: 'fault', kind: 'kill', node: 'backend-1', forMs: 500 });
    await untilNode(runs, 'backend-1', ({ phase, fault }) => phase === 'down' && fault === 'kill');
    await untilNode(runs, 'backend-1', ({ phase, incarnation }) => phase === 'up' && incarnation === 2);
    await untilNode(runs, 'backend-1', ({ fault }) => fault === null);
    runs.command({ type: 'fault', kind: 'stop', node: 'backend-1', forMs: null });
    await untilNode(runs, 'backend-1', ({ phase, fault }) => phase === 'held' && fault === 'stop');
    runs.command({ type: 'heal', node: 'backend-1' });
    await untilNode(runs, 'backend-1', ({ phase, fault }) => phase === 'up' && fault === null);
    runs.command({ type: 'fault', kind: 'slow', node: 'frontend-1', forMs: null });
    await untilNode(runs, 'frontend-1', ({ slowedMs }) => slowedMs > 0);
    runs.command({ type: 'heal', node: 'frontend-1' });
    await untilNode(runs, 'frontend-1', ({ slowedMs }) => slowedMs === 0);
    runs.command({ type: 'fault', kind: 'partition', node: 'backend-1', forMs: null });
    await untilNode(runs, 'backend-1', ({ partitioned }) => partitioned);
    runs.command({ type: 'heal', node: 'backend-1' });
    await untilNode(runs, 'backend-1', ({ partitioned, fault }) => !partitioned && fault === null);
    runs.command({ type: 'fault', kind: 'stop', node: 'frontend-1', forMs: null });
    await untilNode(runs, 'frontend-1', ({ phase }) => phase === 'held');
    runs.command({ type: 'stop' });
    const { live } = await untilStatus(runs, ({ state }) => state === 'stopped' || state === 'failed');
    expect(live?.nodes.every(({ phase, fault }) => phase === 'down' && fault === null)).toBe(true);
    expect(live?.faults.map(({ kind, node }) => `${kind} ${node}`)).toEqual([
      'kill backend-1',
      'stop backend-1',
      'slow frontend-1',
      'partition backend-1',
      'stop frontend-1',
    ]);
    expect(live?.faults.every(({ fromMs, untilMs }) => untilMs !== null && untilMs >= fromMs)).toBe(true);
    const said = updates.flatMap((update) => (update.type === 'progress' ? update.stream : []));
    expect(said.filter(({ kind }) => kind === 'fault').length).toBeGreaterThanOrEqual(8);
  });

  it('sends the newest lines of a log, those to come, and those alone that the asker has not got', async () => {
    const { runs } = create('10m');
    runs.command(START);
    await untilStatus(runs, ({ state, virtualMs }) => state === 'running' && virtualMs > 0);
    const asked = until(runs, ({ type }) => type === 'log');
    runs.command({ type: 'logs', node: 'backend-1', after: 0 });
    const first = await asked;
    if (first.type !== 'log') throw new Error('no log');
    expect(first.lines[0]).toMatchObject({ n: 1, level: 'info', atMs: expect.any(Number) });
    const followed = until(
      runs,
      (update) => update.type === 'log' && update.lines.every(({ n }) => n > first.lines.length),
    );
    runs.command({ type: 'fault', kind: 'restart', node: 'backend-1', forMs: null });
    const next = await followed;
    expect(next).toMatchObject({ node: 'backend-1', lines: [{ n: first.lines.length + 1 }] });
  });

  it('has failed when a node ends that nobody has ended, and says which', async () => {
    const { runs } = create('10m');
    runs.command(START);
    await untilStatus(runs, ({ state, virtualMs }) => state === 'running' && virtualMs > 0);
    process.kill(present((await pidsOfNodes('backend-node'))[0], 'process of the backend'), 'SIGKILL');
    const failed = await untilStatus(runs, ({ state }) => state === 'failed');
    expect(failed.failure).toMatch(/^backend-1 ended unasked: SIGKILL/);
    expect(await runs.report(failed.runId)).toMatch(/^<!doctype html>/i);
    await expect.poll(() => pidsOfNodes(), { timeout: 10_000 }).toEqual([]);
  });

  it('leaves no process behind when the host closes in the middle of it, nor one that is held', async () => {
    const { runs } = create('10m');
    runs.command(START);
    await untilStatus(runs, ({ state, virtualMs }) => state === 'running' && virtualMs > 0);
    runs.command({ type: 'fault', kind: 'stop', node: 'backend-1', forMs: null });
    await untilNode(runs, 'backend-1', ({ phase }) => phase === 'held');
    await runs.close();
    await expect.poll(() => pidsOfNodes(), { timeout: 10_000 }).toEqual([]);
  });

  it('has failed before any node is started where its store can not be reached, and says why', async () => {
    const { runs, updates } = create('10m');
    const point = `127.0.0.1:${(await findFreePorts()).native}`;
    runs.command({ ...START, store: { name: 'cassandra', contactPoints: [point] } } as RunCommand);
    const failed = await untilStatus(runs, ({ state }) => state === 'failed');
    expect(failed.failure).toContain(`no Cassandra answers at ${point}`);
    expect(failed.live?.store).toEqual({
      asked: { name: 'cassandra', contactPoints: [point] },
      kind: null,
      about: '',
    });
    const doing = updates.flatMap((update) => ('status' in update ? [update.status.live?.doing ?? ''] : []));
    expect(doing).toContain('Looking for the store.');
    expect(failed.live?.nodes.every(({ incarnation }) => incarnation === 0)).toBe(true);
  });

  it('gives way to a simulated run while it is being launched', async () => {
    const { runs } = create('10m');
    runs.command(START);
    await untilStatus(runs, ({ live }) => live?.nodes.some(({ phase }) => phase === 'up') === true);
    runs.command({ ...START, mode: 'sim', speed: 10 } as RunCommand);
    const status = await untilStatus(runs, ({ mode, state }) => mode === 'sim' && state === 'running');
    expect(status.live).toBeNull();
    await expect.poll(() => pidsOfNodes(), { timeout: 10_000 }).toEqual([]);
  });
});
