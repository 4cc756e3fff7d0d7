/** Launches clusters of fixture nodes in folders of their own and ends them after each test. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import type { Scenario } from '#protocol/scenario.ts';
import type { Cluster, ClusterState, LaunchOptions } from '#testbed/live/launcher-cluster.ts';
import { launchCluster } from '#testbed/live/launcher.ts';
import type { Given } from '#tests/testbed/live/fixtures/fixture-node.ts';
import { scenarioOf } from '#tests/testbed/scenario-of.ts';

export interface LauncherStage {
  readonly cluster: Cluster;
  readonly folder: string;
  /** All that was told, in its order. */
  readonly states: ClusterState[];
  readonly telemetry: string[];
  given(node: string): Promise<Given>;
  /** Whether `from`, by the peers that it knows, can hear the first Backend, Frontend or the contact center. */
  hears(from: string, to: 'backend-1' | 'contact-center'): Promise<boolean>;
  /** Resolves when a state that fits has been told, or is. */
  told(fits: (state: ClusterState) => boolean): Promise<void>;
}

export interface StageOptions extends Partial<Pick<LaunchOptions, 'proxies' | 'limits' | 'signal'>> {
  readonly scenario?: Partial<Scenario>;
  /** By node name: see the fixture. */
  readonly behaviour?: Readonly<Record<string, { failing?: string; throws?: string; neverStops?: boolean }>>;
  /** Takes all states as they are told, also when the launch fails. */
  readonly states?: ClusterState[];
  readonly onState?: (state: ClusterState) => void;
}

const FIXTURE = fileURLToPath(new URL('fixtures/fixture-node.ts', import.meta.url));
const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

export async function launchStage(options: StageOptions = {}): Promise<LauncherStage> {
  const folder = mkdtempSync(join(tmpdir(), 'launcher-'));
  open.push(async () => rmSync(folder, { recursive: true }));
  const states = options.states ?? [];
  const telemetry: string[] = [];
  const waiting = new Set<() => void>();
  const cluster = await launchCluster({
    scenario: scenarioOf({
      cluster: { frontends: 1, backends: 1 },
      about: JSON.stringify(options.behaviour ?? {}),
      ...options.scenario,
    }),
    store: 'memory',
    folder,
    journal: false,
    proxies: options.proxies ?? false,
    onTelemetry: (node, incarnation, { counters }) =>
      telemetry.push(`${node}~${incarnation} ${JSON.stringify(counters)}`),
    onLog: () => undefined,
    onState: (state) => {
      states.push(state);
      options.onState?.(state);
      for (const check of waiting) check();
    },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    limits: { healthEveryMs: 20, ...options.limits },
    scriptOf: () => FIXTURE,
  });
  open.push(() => cluster.stopAll());
  const given = async (node: string): Promise<Given> =>
    (await fetch(`${await cluster.urlOf(node)}/given`)).json() as Promise<Given>;
  return {
    cluster,
    folder,
    states,
    telemetry,
    given,
    hears: async (from, to) => {
      const { peers } = await given(from);
      const url = to === 'contact-center' ? peers.contactCenter : peers.backends.find(({ name }) => name === to)?.url;
      const answer = await fetch(`${await cluster.urlOf(from)}/ask?url=${encodeURIComponent(`${url}/`)}`);
      return ((await answer.json()) as { heard: boolean }).heard;
    },
    told: (fits) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!states.some(fits)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}

/** Whether a process is there; one that has ended and was not yet collected is not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Resolves when `holds`; asked at every turn of the event loop, and bounded by the test's own time. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}
