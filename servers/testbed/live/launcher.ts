/**
 * Launches the nodes of a live run in the guide's order (store and contact center first, then the balancer, the seed Backend, the
 * other Backends, the Frontends), each one only when what it needs is well, and stands for them until they are stopped.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { PacingCommand } from '#core/pacing/pacing-command.ts';
import type { NodeConfig, NodeRole } from '#node/node-ipc.ts';
import { createStoreClient, type StoreClient } from '#node/store-client.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { Scenario } from '#protocol/scenario.ts';
import type {
  Cluster,
  KilledIncarnation,
  LaunchLimits,
  LaunchOptions,
  NodeState,
} from '#testbed/live/launcher-cluster.ts';
import { LauncherClock } from '#testbed/live/launcher-clock.ts';
import { askHealth, awaitHealth, type NodeHealth } from '#testbed/live/launcher-health.ts';
import { LauncherNode, type LauncherNodeListener } from '#testbed/live/launcher-node.ts';
import { LiveFaults, type LiveFault } from '#testbed/live/live-faults.ts';
import { LivePeers, OUTSIDE, type PartitionKind, type ServingNode } from '#testbed/live/live-peers.ts';
import { createForkSpawn } from '#testbed/live/node-process.ts';
import { NodeProcessLog } from '#testbed/live/node-process-log.ts';
import { scriptOfRole } from '#testbed/live/node-scripts.ts';
import { commandsOf } from '#testbed/scenario-commands.ts';

const WELL: NodeHealth = { failing: null, degraded: null };

const LIMITS: LaunchLimits = { readyMsMax: 30_000, healthyMsMax: 20_000, stopMsMax: 5_000, healthEveryMs: 1_000 };

/**
 * All nodes are up and well when it resolves, and domain time stands at the scenario's start. Rejects with UNAVAILABLE naming the
 * node that did not come up and what failed it, or with INTERRUPTED by `signal`; nothing is left running then.
 */
export async function launchCluster(options: LaunchOptions): Promise<Cluster> {
  const { signal } = options;
  const cluster = new LiveCluster(options);
  const interrupt = (): void => void cluster.stopAll();
  signal?.addEventListener('abort', interrupt);
  try {
    signal?.throwIfAborted();
    await cluster.launch();
  } catch (error) {
    await cluster.stopAll();
    throw signal?.aborted === true ? new OperatingError('INTERRUPTED', 'interrupted while the nodes started') : error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
  return cluster;
}

class LiveCluster implements Cluster {
  readonly clock: LauncherClock;
  readonly crashed: Promise<OperatingError>;
  readonly #options: LaunchOptions;
  readonly #limits: LaunchLimits;
  /** For what the nodes tell each other; in their configuration and no file. */
  readonly secret = randomBytes(32).toString('base64url');
  readonly #peers: LivePeers;
  readonly #faults: LiveFaults;
  readonly #nodes: LauncherNode[] = [];
  readonly #health = new Map<string, NodeHealth>();
  readonly #kills: KilledIncarnation[] = [];
  /** All that pacing was told. */
  readonly #commands: PacingCommand[] = [];
  readonly #reportCrash: (error: OperatingError) => void;
  readonly #healthTimer: NodeJS.Timeout;
  #balancerUrl = '';
  #stopping: Promise<void> | undefined;

  constructor(options: LaunchOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#peers = new LivePeers(options.proxies);
    const { promise, resolve } = Promise.withResolvers<OperatingError>();
    this.crashed = promise;
    this.#reportCrash = (error) => {
      if (this.#stopping === undefined) resolve(error);
    };
    this.clock = new LauncherClock(options.scenario.startsAt, (law) => {
      for (const node of this.#nodes) node.tell({ type: 'clock', law });
    });
    this.#faults = new LiveFaults(
      this.#hands(),
      this.clock,
      this.clock.timers,
      (fault) => options.onState({ type: 'fault', fault }),
      (error) => this.#reportCrash(asOperatingError(error)),
    );
    this.#healthTimer = setInterval(() => void this.#askAll(), this.#limits.healthEveryMs);
    mkdirSync(options.folder, { recursive: true });
  }

  async launch(): Promise<void> {
    const { frontends, backends } = this.#options.scenario.cluster;
    await this.#launchNode('store', 'store');
    await this.#launchNode('contact-center', 'contactCenter');
    await this.#launchNode('balancer', 'balancer');
    await this.#launchNode('backend-1', 'backend');
    await this.#launchAll('backend', 2, backends);
    await this.#launchAll('frontend', 1, frontends);
    this.#balancerUrl = await this.urlOf('balancer');
    this.#schedule(this.#options.scenario);
  }

  #schedule(scenario: Scenario): void {
    this.#faults.schedule(scenario.faults, scenario.startsAt);
    for (const { atMs, command } of commandsOf(scenario)) {
      this.clock.timers.at(scenario.startsAt + atMs, () => this.command(command));
    }
  }

  get balancerUrl(): string {
    return this.#balancerUrl;
  }

  nodes(): readonly NodeState[] {
    return this.#nodes.map((node) => this.#stateOf(node));
  }

  logOf(node: string): readonly string[] {
    return this.#node(node).log.newest();
  }

  faults(): LiveFaults['reports'] {
    return this.#faults.reports;
  }

  kills(): readonly KilledIncarnation[] {
    return this.#kills;
  }

  async urlOf(node: string): Promise<string> {
    return this.#peers.urlOf(OUTSIDE, this.#node(node));
  }

  startCrowd(): Promise<void> {
    return this.#launchNode('crowd', 'crowd');
  }

  async stopCrowd(): Promise<void> {
    await this.#node('crowd').stop();
  }

  command(command: PacingCommand): void {
    this.#commands.push(command);
    this.#node('contact-center').tell({ type: 'pacingCommand', command });
  }

  async applyFault(fault: LiveFault): Promise<void> {
    this.#node(fault.node);
    return this.#faults.apply(fault);
  }

  kill(node: string): Promise<void> {
    return this.applyFault({ kind: 'kill', node, forMs: null });
  }

  restart(node: string): Promise<void> {
    const active = this.#faults.activeOn(node);
    if (active === 'kill' || active === 'restart') return this.#faults.end(node);
    return this.applyFault({ kind: 'restart', node, forMs: null });
  }

  stop(node: string): Promise<void> {
    return this.applyFault({ kind: 'stop', node, forMs: null });
  }

  resume(node: string): Promise<void> {
    return this.#faults.end(node);
  }

  slow(node: string, latencyMs: number): Promise<void> {
    return this.applyFault({ kind: 'slow', node, forMs: null, latencyMs });
  }

  partition(node: string, partition: PartitionKind = 'blackhole'): Promise<void> {
    return this.applyFault({ kind: 'partition', node, forMs: null, partition });
  }

  heal(node: string): Promise<void> {
    return this.#faults.end(node);
  }

  readBack(): StoreClient {
    const { port } = this.#node('store');
    const ignore = (): void => undefined;
    const log = { warn: ignore, info: ignore };
    return createStoreClient({ url: `http://127.0.0.1:${port}`, secret: this.secret, log });
  }

  stopAll(): Promise<void> {
    this.#stopping ??= this.#stopInOrder();
    return this.#stopping;
  }

  async #stopInOrder(): Promise<void> {
    clearInterval(this.#healthTimer);
    this.clock.close();
    for (const { name } of this.#nodes) this.#peers.heal(name);
    for (const role of ['crowd', 'frontend', 'backend', 'balancer', 'contactCenter', 'store'] as const) {
      await Promise.all(this.#nodes.filter((node) => node.role === role).map((node) => node.stop()));
    }
    await this.#peers.close();
    for (const node of this.#nodes) node.log.close();
  }

  async #launchAll(role: 'backend' | 'frontend', first: number, last: number): Promise<void> {
    const names = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => `${role}-${first + index}`);
    await Promise.all(names.map((name) => this.#launchNode(name, role)));
  }

  async #launchNode(name: string, role: NodeRole): Promise<void> {
    const { folder, spawn, scriptOf } = this.#options;
    const node = new LauncherNode({
      name,
      role,
      script: (scriptOf ?? scriptOfRole)(role),
      spawn: spawn ?? createForkSpawn(),
      log: new NodeProcessLog(folder, name),
      readyMsMax: this.#limits.readyMsMax,
      stopMsMax: this.#limits.stopMsMax,
      listener: this.#listener(),
    });
    this.#nodes.push(node);
    await this.#startNode(node);
    const { failing } = await awaitHealth(role, node.port, this.#limits.healthyMsMax, () => node.phase !== 'up');
    if (failing !== null) throw new OperatingError('UNAVAILABLE', `${name} is not well: ${failing}`);
  }

  /** Also how a node comes back: its peers may have moved meanwhile, and the others must learn where it is now. */
  async #startNode(node: LauncherNode): Promise<void> {
    const peers = await this.#peers.peersOf(node.name, this.#serving());
    if (this.#stopping !== undefined) throw new OperatingError('CONFLICT', 'the cluster is being stopped');
    const { scenario, store, folder, journal, allowedOrigins = [] } = this.#options;
    await node.start(({ name, role, incarnation, port }): NodeConfig => ({
      role,
      name,
      incarnation,
      host: '127.0.0.1',
      port,
      secret: this.secret,
      folder,
      journal,
      law: this.clock.law,
      scenario,
      store,
      peers,
      allowedOrigins,
    }));
    // A law that was made while it started reached it too early or not at all.
    node.tell({ type: 'clock', law: this.clock.law });
    // What it was told while it was down; it knows what it has obeyed.
    if (node.role === 'contactCenter') {
      for (const command of this.#commands) node.tell({ type: 'pacingCommand', command });
    }
    await this.#tellPeers();
  }

  async #tellPeers(): Promise<void> {
    const serving = this.#serving();
    await Promise.all(
      this.#nodes.map(async (node) => {
        node.tell({ type: 'peers', peers: await this.#peers.peersOf(node.name, serving) });
      }),
    );
  }

  /** All that have a port: one that is down comes back to it. */
  #serving(): readonly ServingNode[] {
    return this.#nodes.filter(({ port }) => port !== 0).map(({ name, role, port }) => ({ name, role, port }));
  }

  #listener(): LauncherNodeListener {
    const { onTelemetry, onLog } = this.#options;
    return {
      onPhase: (node) => this.#tellState(node),
      onTelemetry: (node, telemetry) => onTelemetry(node.name, node.incarnation, telemetry),
      onLine: (node, line) => onLog(node.name, line),
      onCrash: (_node, error) => this.#reportCrash(error),
      onKilled: ({ name, incarnation }) => this.#kills.push({ node: name, incarnation, atMs: this.clock.now() }),
    };
  }

  #hands(): ConstructorParameters<typeof LiveFaults>[0] {
    const told = (name: string, change: () => void): void => {
      change();
      this.#tellState(this.#node(name));
    };
    return {
      incarnationOf: (name) => this.#node(name).incarnation,
      runs: (name) => this.#node(name).runs,
      kill: (name) => this.#node(name).kill(),
      end: (name) => this.#node(name).stop(),
      start: (name) => this.#startNode(this.#node(name)),
      hold: (name) => this.#node(name).hold(),
      release: (name) => this.#node(name).release(),
      slow: (name, latencyMs) => told(name, () => this.#peers.slow(name, latencyMs)),
      partition: (name, kind) => told(name, () => this.#peers.partition(name, kind)),
      heal: (name) => told(name, () => this.#peers.heal(name)),
    };
  }

  async #askAll(): Promise<void> {
    const up = this.#nodes.filter((node) => node.phase === 'up');
    await Promise.all(
      up.map(async (node) => {
        const health = await askHealth(node.role, node.port);
        const { failing, degraded } = this.#health.get(node.name) ?? WELL;
        if (node.phase !== 'up' || (failing === health.failing && degraded === health.degraded)) return;
        this.#health.set(node.name, health);
        this.#tellState(node);
      }),
    );
  }

  #tellState(node: LauncherNode): void {
    this.#options.onState({ type: 'node', node: this.#stateOf(node) });
  }

  #stateOf(node: LauncherNode): NodeState {
    const { name, role, phase, incarnation, pid, port } = node;
    const health = phase === 'up' ? (this.#health.get(name) ?? WELL) : WELL;
    const slowedMs = this.#peers.slowedMs(name);
    return { name, role, phase, incarnation, pid, port, ...health, slowedMs, partitioned: this.#peers.isCut(name) };
  }

  #node(name: string): LauncherNode {
    const node = this.#nodes.find((it) => it.name === name);
    if (node === undefined) throw new OperatingError('NOT_FOUND', `there is no node ${name}`);
    return node;
  }
}

function asOperatingError(error: unknown): OperatingError {
  if (error instanceof OperatingError) return error;
  throw error;
}
