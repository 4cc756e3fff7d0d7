/**
 * One live run of a scenario: launches the cluster and the crowd, keeps the run's book from what the nodes tell, and reads the
 * store back at the end. Its figures are made as a simulated run's are.
 */
import { mkdirSync, renameSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '#core/assert.ts';
import type { PacingChange } from '#core/pacing/pacing-command.ts';
import type { NodeTelemetry } from '#node/node-ipc.ts';
import type { StoreChoice } from '#ports/store-choice.ts';
import type { OperatingError } from '#protocol/operating-error.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { writeNamedFaults, type NamedFault } from '#testbed/parity/named-faults.ts';
import { RunBook, type RunSources } from '#testbed/run-book.ts';
import type { LiveFindings, RunResult } from '#testbed/run-result.ts';
import { launchCluster } from './launcher.ts';
import type { Cluster, ClusterState, LaunchOptions, NodeState } from './launcher-cluster.ts';
import type { FaultReport } from './live-faults.ts';
import { readBack, type ReadBack } from './read-back.ts';

export interface LiveRunChoice {
  readonly seed: number;
  readonly store: StoreChoice;
  /** For SQLite files, logs, journals and lists of ids; the caller's to remove. */
  readonly folder: string;
  readonly journal: boolean;
  /** TCP proxies between all nodes, for faults by command; faults of the scenario bring them by themselves. */
  readonly proxies?: boolean;
  readonly stream?: boolean;
  readonly onState?: (state: ClusterState) => void;
  readonly onLog?: (node: string, line: string) => void;
  /** Path of a role's entry point, where it is not the product's own. */
  readonly scriptOf?: LaunchOptions['scriptOf'];
}

/** Sub-folder of the journals, as `engage replay --journal` takes it. */
export const JOURNALS = 'journal';

/** Domain time may stand this long at the end until what is under way has ended, ms of wall time. */
const QUIET_MS_MAX = 3_000;
const QUIET_LOOK_MS = 50;

/** Resolves when all nodes are up and the site is full; domain time stands at the start until `begin`. */
export async function createLiveRun(scenario: Scenario, choice: LiveRunChoice): Promise<LiveRun> {
  const seeded = { ...scenario, seed: choice.seed };
  const run = new LiveRun(seeded, choice);
  await run.launch();
  return run;
}

export class LiveRun extends RunBook {
  readonly #choice: LiveRunChoice;
  readonly #counters = new Map<string, Readonly<Record<string, number>>>();
  #cluster: Cluster | undefined;
  #findings: LiveFindings | undefined;
  #crash: OperatingError | undefined;

  constructor(scenario: Scenario, choice: LiveRunChoice) {
    super(scenario, { mode: 'live', seed: choice.seed, stream: choice.stream });
    this.#choice = choice;
  }

  async launch(): Promise<void> {
    const { store, folder, journal, onLog, scriptOf, proxies = false } = this.#choice;
    const needsProxies = this.scenario.faults.some(({ kind }) => kind === 'slow' || kind === 'partition');
    this.#cluster = await launchCluster({
      scenario: this.scenario,
      store,
      folder,
      journal,
      proxies: proxies || needsProxies,
      allowedOrigins: [`https://${this.scenario.site.domain}`],
      onTelemetry: (node, incarnation, telemetry) => this.#heard(node, incarnation, telemetry),
      onLog: (node, line) => onLog?.(node, line),
      onState: (state) => this.#stateChanged(state),
      ...(scriptOf === undefined ? {} : { scriptOf }),
    });
    void this.#cluster.crashed.then((error) => (this.#crash = error));
    try {
      await this.#cluster.startCrowd();
    } catch (error) {
      await this.#cluster.stopAll();
      throw error;
    }
    this.open(this.#sources());
  }

  get cluster(): Cluster {
    assert(this.#cluster !== undefined, 'a live run is launched first');
    return this.#cluster;
  }

  /** A node that ended though no fault had ended it: the run is void. */
  get crash(): OperatingError | undefined {
    return this.#crash;
  }

  /** Brings the book up to date with the clock. */
  advance(): void {
    const atMs = Math.min(this.totalMs, this.cluster.clock.now() - this.scenario.startsAt);
    if (atMs > this.virtualMs) this.reach(atMs);
  }

  /** Tells pacing something, at once. Throws CONFLICT where it is off. */
  command(change: PacingChange): void {
    this.cluster.command(this.createCommand(change));
  }

  /** Figures of the crowd, as it told them last. */
  crowd(): Readonly<Record<string, number>> {
    return this.#counters.get('crowd~1') ?? {};
  }

  /** Figures of a node's present life. */
  countersOf({ name, incarnation }: NodeState): Readonly<Record<string, number>> {
    return this.#counters.get(`${name}~${incarnation}`) ?? {};
  }

  /** Ends the run: waits until nothing is under way, stops the nodes, and compares what clients know with what is stored. */
  async end(): Promise<void> {
    const { cluster } = this;
    cluster.clock.pause();
    await this.#untilQuiet();
    const client = cluster.readBack();
    try {
      await cluster.stopCrowd();
      const { folder } = this.#choice;
      this.#findings = this.#describe(await readBack(client, folder));
    } finally {
      client.close();
      await cluster.stopAll();
    }
    if (this.#choice.journal) this.#gatherJournals();
  }

  /** Ends the nodes without looking at what they have done. */
  async abandon(): Promise<void> {
    await this.#cluster?.stopAll();
  }

  override result(): RunResult {
    return { ...super.result(), live: this.#findings };
  }

  async #untilQuiet(): Promise<void> {
    const untilMs = performance.now() + QUIET_MS_MAX;
    while (performance.now() < untilMs && this.#crash === undefined) {
      const { eventsSent = 0, eventsAcknowledged = 0 } = this.crowd();
      if (eventsSent === eventsAcknowledged) return;
      await new Promise((resolve) => setTimeout(resolve, QUIET_LOOK_MS));
    }
  }

  #heard(node: string, incarnation: number, { facts, counters }: NodeTelemetry): void {
    this.#counters.set(`${node}~${incarnation}`, counters);
    for (const fact of facts) this.recorder.fact(fact);
  }

  #stateChanged(state: ClusterState): void {
    if (state.type === 'fault') this.#faultTold(state.fault);
    this.#choice.onState?.(state);
  }

  #faultTold({ kind, node, phase, atMs }: FaultReport): void {
    if (phase === 'refused') return;
    const at = atMs - this.scenario.startsAt;
    this.recorder.fault(at, { atMs: at, kind, node, forMs: null }, phase === 'applied' ? 'begins' : 'ends');
  }

  #sources(): RunSources {
    return {
      traffic: () => ({
        visits: this.#sum('frontend', 'visitsStarted'),
        pageViews: this.#sum('frontend', 'pageViews'),
        events: this.#sum('frontend', 'events'),
        dropped: this.#sum('crowd', 'dropped') + this.#sum('crowd', 'requestsUnsent'),
      }),
      visitsInProgress: () => this.crowd()['visitorsOpen'] ?? 0,
    };
  }

  /** Of all lives of all nodes of a role. */
  #sum(role: string, counter: string): number {
    let sum = 0;
    for (const [life, counters] of this.#counters) if (life.startsWith(role)) sum += counters[counter] ?? 0;
    return sum;
  }

  #describe(ids: ReadBack): LiveFindings {
    const crowd = this.crowd();
    const count = (name: string): number => crowd[name] ?? 0;
    const { store } = this.#choice;
    return {
      store: typeof store === 'string' ? store : store.kind,
      ...ids,
      requests: {
        sent: count('requestsSent'),
        stored: count('requestsStored'),
        refused: count('requestsRefused'),
        unsent: count('requestsUnsent'),
      },
      latenessMs: { p50: count('latenessP50Ms'), p99: count('latenessP99Ms'), max: count('latenessMaxMs') },
      startsDropped: count('dropped'),
      kills: this.cluster.kills().map(({ node, incarnation, atMs }) => ({
        node,
        incarnation,
        atMs: atMs - this.scenario.startsAt,
      })),
    };
  }

  /** Journals into a folder of their own, beside them what was done to their nodes. */
  #gatherJournals(): void {
    const { folder } = this.#choice;
    const to = join(folder, JOURNALS);
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(folder)) {
      if (name.endsWith('.ndjson')) renameSync(join(folder, name), join(to, name));
    }
    const faults: NamedFault[] = this.cluster
      .faults()
      .filter(({ phase }) => phase === 'applied')
      .map(({ node, kind, incarnation }) => ({
        node,
        kind,
        incarnation: kind === 'kill' || kind === 'restart' ? incarnation : null,
      }));
    for (const { node, incarnation } of this.cluster.kills()) {
      if (!faults.some((fault) => fault.node === node && fault.incarnation === incarnation)) {
        faults.push({ node, kind: 'kill', incarnation });
      }
    }
    writeNamedFaults(to, faults);
  }
}
