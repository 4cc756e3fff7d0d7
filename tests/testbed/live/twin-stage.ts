/** Live runs for tests: a scenario from start to end on real processes, with its journals, and faults drawn by a seed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandomSource } from '#core/random/random-source.ts';
import type { Fault, FaultKind, Scenario } from '#protocol/scenario.ts';
import { createLiveRun, JOURNALS, type LiveRun } from '#testbed/live/live-run.ts';
import { loadScenario } from '#testbed/load-scenario.ts';
import { checkParity, type ParityReport } from '#testbed/parity/check-parity.ts';
import type { RunResult } from '#testbed/run-result.ts';

const LOOK_MS = 50;

export interface LiveOutcome {
  readonly result: RunResult;
  readonly parity: ParityReport;
  readonly crowd: Readonly<Record<string, number>>;
}

export interface LivePlan {
  readonly seed: number;
  readonly store?: 'memory' | 'sqlite';
  /** What is done while it runs; it goes on meanwhile. */
  readonly during?: (run: LiveRun, folder: string) => Promise<void>;
  /** Looks at the folder of journals after the law was checked, before it goes; may change what is in it. */
  readonly after?: (journals: string) => void;
}

export function loadShipped(name: string, set: readonly string[] = []): Scenario {
  const loaded = loadScenario(`scenarios/${name}.yaml`, { set });
  if (loaded.ok) return loaded.value;
  throw new Error(JSON.stringify(loaded.problems));
}

/** Runs to the end; rejects where a node ended that nobody had ended. Leaves no file and no process behind. */
export async function runLive(scenario: Scenario, plan: LivePlan): Promise<LiveOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'engage-twin-'));
  try {
    const run = await createLiveRun(scenario, {
      seed: plan.seed,
      store: plan.store ?? 'sqlite',
      folder,
      journal: true,
    });
    try {
      run.cluster.clock.resume();
      await Promise.all([plan.during?.(run, folder), untilOver(run)]);
      await run.end();
    } catch (error) {
      await run.abandon();
      throw error;
    }
    const journals = join(folder, JOURNALS);
    const outcome = { result: run.result(), crowd: run.crowd(), parity: checkParity(journals) };
    plan.after?.(journals);
    return outcome;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function untilOver(run: LiveRun): Promise<void> {
  while (!run.finished) {
    if (run.crash !== undefined) throw run.crash;
    await untilLook();
    run.advance();
  }
}

/** Resolves after the moment between two looks at a run. */
function untilLook(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

/** Resolves when domain time has come to `atMs` since the start, or the run's end. */
export async function untilReached(run: LiveRun, atMs: number): Promise<void> {
  while (!run.finished && run.crash === undefined && run.cluster.clock.now() - run.scenario.startsAt < atMs) {
    await untilLook();
  }
}

/** Why the parity law does not hold, in words short enough for a test's report; empty: it holds. */
export function whyNot({ holds, journals, sends }: ParityReport): readonly string[] {
  if (holds) return [];
  const differences = journals.flatMap(({ node, incarnation, differences: all }) =>
    all.slice(0, 2).map((one) => `${node}~${incarnation} record ${one.n}: ${JSON.stringify(one).slice(0, 600)}`),
  );
  return [...differences, ...sends.problems.slice(0, 10).map(({ kind, id, text }) => `${kind} ${id}: ${text}`)];
}

const KINDS: readonly FaultKind[] = ['kill', 'stop', 'restart', 'slow', 'partition'];
/** A fault and its recovery fit between two begins. */
const BETWEEN_MS = 14_000;

/** Three faults in a run of a minute, one after another, each of any kind on any node. */
export function drawFaults(seed: number, { frontends, backends }: Scenario['cluster']): readonly Fault[] {
  const stream = createRandomSource(seed).stream('faults');
  const nodes = [
    ...Array.from({ length: frontends }, (_, index) => `frontend-${index + 1}`),
    ...Array.from({ length: backends }, (_, index) => `backend-${index + 1}`),
    'contact-center',
    'store',
    'balancer',
  ];
  return Array.from({ length: 3 }, (_, index): Fault => {
    const kind = KINDS[Math.floor(stream.next() * KINDS.length)] ?? 'kill';
    const node = nodes[Math.floor(stream.next() * nodes.length)] ?? 'backend-1';
    const atMs = Math.floor(8_000 + index * BETWEEN_MS + stream.next() * 3_000);
    const forMs = kind === 'restart' ? null : Math.floor(1_000 + stream.next() * 4_000);
    return { atMs, kind, node, forMs };
  });
}
