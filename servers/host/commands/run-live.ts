/** Runs a scenario live for the command line, seed after seed: real nodes, real sockets, wall time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatingError } from '#protocol/operating-error.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { createLiveRun, type LiveRun } from '#testbed/live/live-run.ts';
import type { ChosenStore } from './choose-store.ts';
import type { SeedRun } from './run-seeds.ts';

export interface LiveOrder {
  readonly scenario: Scenario;
  readonly seeds: readonly number[];
  /** Asked before each run. */
  readonly chooseStore: () => Promise<ChosenStore>;
  /** Where the nodes keep what they write; null: a folder of the system's, removed when the run was good. */
  readonly folder: string | null;
  readonly journal: boolean;
  readonly onProgress: (virtualMs: number, seedsDone: number) => void;
  /** What happens while it runs: nodes that come and go, faults, captions. */
  readonly onNews: (line: string) => void;
  readonly signal: AbortSignal;
}

const LOOK_EVERY_MS = 200;

/** Throws the signal's reason when it is aborted, UNAVAILABLE where a node did not start or died of itself. */
export async function runLive(order: LiveOrder): Promise<readonly SeedRun[]> {
  const runs: SeedRun[] = [];
  for (const [index, seed] of order.seeds.entries()) {
    const doneMs = index * (order.scenario.warmupMs + order.scenario.durationMs);
    const onProgress = (virtualMs: number): void => order.onProgress(doneMs + virtualMs, runs.length);
    runs.push(await runOne({ ...order, folder: folderOf(order, seed) }, seed, onProgress));
  }
  return runs;
}

function folderOf({ folder, seeds }: LiveOrder, seed: number): string | null {
  return folder === null || seeds.length === 1 ? folder : join(folder, `seed-${seed}`);
}

async function runOne(order: LiveOrder, seed: number, onProgress: (virtualMs: number) => void): Promise<SeedRun> {
  order.signal.throwIfAborted();
  const folder = order.folder ?? mkdtempSync(join(tmpdir(), 'engage-live-'));
  const askedMs = performance.now();
  const { store, about } = await order.chooseStore();
  order.onNews(`store: ${about}`);
  const run = await createLiveRun(order.scenario, {
    seed,
    store,
    folder,
    journal: order.journal,
    onState: (state) => {
      if (state.type === 'fault') order.onNews(`${state.fault.kind} of ${state.fault.node} ${state.fault.phase}`);
    },
  });
  const begunMs = performance.now();
  try {
    await watch(run, order, onProgress);
    await run.end();
  } catch (error) {
    await run.abandon();
    throw error;
  }
  const runMs = Math.round(performance.now() - begunMs);
  const result = run.result();
  const isGood = result.live?.lost === 0;
  if (order.folder === null && isGood) rmSync(folder, { recursive: true, force: true });
  // A keyspace of the run's own, which its figures have been read from.
  if (typeof store !== 'string' && isGood) {
    const { dropCassandraKeyspace } = await import('#stores/cassandra/cassandra-stores.ts');
    await dropCassandraKeyspace(store);
  }
  return {
    result,
    timing: {
      startUpMs: Math.round(begunMs - askedMs),
      runMs,
      speed: Math.round((result.simulatedSeconds * 1_000) / Math.max(1, runMs)),
    },
  };
}

async function watch(run: LiveRun, { scenario, signal, onNews }: LiveOrder, onProgress: (ms: number) => void) {
  const captions = [...scenario.captions];
  run.cluster.clock.resume();
  while (!run.finished) {
    await sleep(LOOK_EVERY_MS);
    signal.throwIfAborted();
    if (run.crash !== undefined) throw new OperatingError('UNAVAILABLE', run.crash.message);
    run.advance();
    onProgress(run.virtualMs);
    while (captions[0] !== undefined && captions[0].atMs <= run.virtualMs) onNews(captions.shift()?.text ?? '');
  }
}
