/** Clusters for the intake benchmarks: real nodes of the launcher, with the shop's rules, and what their processes cost. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { present } from '#core/assert.ts';
import { describeProblem } from '#protocol/operating-error.ts';
import type { Scenario } from '#protocol/scenario.ts';
import type { Cluster } from '#testbed/live/launcher-cluster.ts';
import { launchCluster } from '#testbed/live/launcher.ts';
import { loadScenario } from '#testbed/load-scenario.ts';

const ROOT = join(import.meta.dirname, '../..');
/** USER_HZ of every Linux. */
const MS_A_TICK = 10;

export interface BenchCluster {
  readonly cluster: Cluster;
  readonly port: number;
  /** Processor time of a node so far. */
  cpuMs(node: string): number;
  /** What the nodes' main threads have had and lacked so far. */
  turns(): readonly ProcessorTurns[];
  stop(): Promise<void>;
}

/** Of a process's main thread since its start, ms. */
export interface ProcessorTurns {
  readonly name: string;
  readonly ranMs: number;
  /** Ready to run, while others had the processors. */
  readonly waitedMs: number;
  /** When that was, by this process's clock. */
  readonly atMs: number;
}

/** The guide's example with pacing turned off, so that every hot lead is invited. */
export function shopScenario(): Scenario {
  const loaded = loadScenario(join(ROOT, 'scenarios/guide-example.yaml'));
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  const options = { 'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': 'proactiveChat' } };
  return { ...loaded.value, options: { ...loaded.value.options, ...options }, faults: [], captions: [] };
}

/** `answering`: the Backend is one that says "stored" at once. The clock runs. */
export async function startBenchCluster(store: 'memory' | 'sqlite', answering = false): Promise<BenchCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'intake-bench-'));
  const ignore = (): void => undefined;
  const backend = join(import.meta.dirname, 'intake-answering-node.ts');
  const cluster = await launchCluster({
    scenario: shopScenario(),
    store,
    folder,
    journal: false,
    proxies: false,
    onTelemetry: ignore,
    onLog: ignore,
    onState: ignore,
    ...(answering ? { scriptOf: (role) => (role === 'backend' ? backend : scriptOf(role)) } : {}),
  });
  cluster.clock.resume();
  const pids = new Map(cluster.nodes().map(({ name, pid }) => [name, pid ?? 0]));
  return {
    cluster,
    port: Number(new URL(await cluster.urlOf('frontend-1')).port),
    turns: () => [...pids].map(([name, pid]) => turnsOf(name, pid)),
    cpuMs: (node) => cpuMsOf(present(pids.get(node), 'node of the cluster')),
    stop: async () => {
      await cluster.stopAll();
      rmSync(folder, { recursive: true });
    },
  };
}

function scriptOf(role: string): string {
  const file = role === 'contactCenter' ? 'contact-center' : role;
  return join(ROOT, `servers/host/nodes/${file}-node.ts`);
}

/** NaN where the machine does not tell. */
export function turnsOf(name: string, pid: number): ProcessorTurns {
  const atMs = performance.now();
  try {
    const [ranNs, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ').map(Number);
    return { name, ranMs: (ranNs ?? Number.NaN) / 1e6, waitedMs: (waitedNs ?? Number.NaN) / 1e6, atMs };
  } catch {
    return { name, ranMs: Number.NaN, waitedMs: Number.NaN, atMs };
  }
}

/** User and system time of a process; NaN where the machine does not tell. */
export function cpuMsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MS_A_TICK;
  } catch {
    return Number.NaN;
  }
}
