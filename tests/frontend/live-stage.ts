/**
 * Real servers on port 0 in one process, wired as the launcher wires them: store, contact center, Backends, Frontends.
 * The store can hold back what it is asked to keep.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { pino } from 'pino';
import { createBackendServer } from '#backend/backend-server.ts';
import { createContactCenterServer } from '#contact-center/contact-center-server.ts';
import type { Fact } from '#core/statistics/fact.ts';
import { createFrontendServer } from '#frontend/frontend-server.ts';
import type { IntakeLimits } from '#frontend/intake-requests.ts';
import { DomainClock, readMonoMs, type ClockLaw } from '#node/domain-clock.ts';
import { DomainTimers } from '#node/domain-timers.ts';
import type { NodeConfig, NodeRole, NodeTelemetry, Peers } from '#node/node-ipc.ts';
import type { NodeFrame, StartedNode } from '#node/run-node.ts';
import { createStoreServer, type StoreServer } from '#node/store-server.ts';
import type { Stores } from '#ports/stores.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { createMemoryStores } from '#stores/memory/memory-stores.ts';
import { delegateHistory } from '#tests/stores/delegated-history.ts';
import { storeSettings } from '#tests/stores/store-settings.ts';
import { scenarioOf } from '#tests/testbed/scenario-of.ts';

export const SECRET = 'secret-of-this-run';
export const SHOP = 'https://shop.example';

const NO_PEERS: Peers = { store: null, contactCenter: null, backends: [], frontends: [], balancer: null };

export interface StageNode {
  readonly name: string;
  readonly url: string;
  readonly facts: Fact[];
  /** Figures that it told last. */
  counters(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

interface Starter {
  (config: NodeConfig, frame: NodeFrame): Promise<StartedNode>;
}

export class LiveStage {
  readonly stores: Stores;
  readonly scenario: Scenario;
  #held: (() => void)[] | undefined;
  #peers: Peers = NO_PEERS;
  readonly #peersListeners = new Set<(peers: Peers) => void>();
  readonly #law: ClockLaw;
  readonly #nodes: StageNode[] = [];
  readonly #incarnations = new Map<string, number>();
  #store: { server: Server; storeServer: StoreServer } | undefined;

  constructor(changes: Partial<Scenario> = {}) {
    this.scenario = scenarioOf(changes);
    const nowMs = readMonoMs();
    this.#law = { anchorMonoMs: nowMs, anchorDomainMs: this.scenario.startsAt, speed: 1, fromMonoMs: nowMs };
    const { history, operations } = createMemoryStores(storeSettings());
    this.stores = {
      operations,
      history: delegateHistory(history, {
        put: async (batches) => {
          if (this.#held !== undefined) await new Promise<void>((resolve) => this.#held?.push(resolve));
          return history.put(batches);
        },
        // The test reads what is there after the store node has ended.
        close: () => undefined,
      }),
    };
  }

  /** In the order of their start. */
  get nodes(): readonly StageNode[] {
    return this.#nodes;
  }

  /** Whatever the history is asked to keep from now on waits. */
  holdStore(): void {
    this.#held = [];
  }

  /** Puts that wait. */
  get heldPuts(): number {
    return this.#held?.length ?? 0;
  }

  releaseStore(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const release of held) release();
  }

  async startStore(): Promise<void> {
    const server = createServer();
    const storeServer = createStoreServer({ server, secret: SECRET, stores: this.stores });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#store = { server, storeServer };
    this.#setPeers({ store: urlOf(server) });
  }

  async startContactCenter(): Promise<StageNode> {
    const node = await this.#start('contactCenter', 'contact-center', createContactCenterServer);
    this.#setPeers({ contactCenter: node.url });
    return node;
  }

  async startBackend(name: string): Promise<StageNode> {
    const node = await this.#start('backend', name, createBackendServer);
    this.#setPeers({ backends: [...this.#peers.backends, { name, url: node.url }] });
    return node;
  }

  async startFrontend(name: string, limits: Partial<IntakeLimits> = {}): Promise<StageNode> {
    const node = await this.#start('frontend', name, (config, frame) => createFrontendServer(config, frame, limits));
    const others = this.#peers.frontends.filter((other) => other.name !== name);
    this.#setPeers({ frontends: [...others, { name, url: node.url }] });
    return node;
  }

  /** All of them, one each, ready to serve. */
  async startAll(limits: Partial<IntakeLimits> = {}): Promise<{ frontend: StageNode; backend: StageNode }> {
    await this.startStore();
    await this.startContactCenter();
    const backend = await this.startBackend('backend-1');
    await until(async () => (await fetch(`${backend.url}/backend/about`)).status === 200, 'the Backend is ready');
    const frontend = await this.startFrontend('frontend-1', limits);
    await until(async () => (await fetch(`${frontend.url}/frontend/about`)).status === 200, 'the Frontend is ready');
    return { frontend, backend };
  }

  async stopStore(): Promise<void> {
    const store = this.#store;
    this.#store = undefined;
    store?.server.close();
    store?.server.closeAllConnections();
    await store?.storeServer.close();
  }

  async stop(): Promise<void> {
    this.releaseStore();
    for (const node of this.#nodes.toReversed()) await node.stop();
    await this.stopStore();
  }

  async #start(role: NodeRole, name: string, start: Starter): Promise<StageNode> {
    const clock = new DomainClock(this.#law);
    const timers = new DomainTimers(clock);
    const facts: Fact[] = [];
    let last: NodeTelemetry = { facts: [], counters: {} };
    const frame: NodeFrame = {
      log: pino({ level: 'silent' }),
      clock,
      timers,
      telemetry: (telemetry) => {
        facts.push(...telemetry.facts);
        last = telemetry;
      },
      onPacingCommand: () => undefined,
      onPeers: (listener) => {
        this.#peersListeners.add(listener);
        listener(this.#peers);
      },
    };
    const started = await start(this.#configOf(role, name), frame);
    let stopped = false;
    const node: StageNode = {
      name,
      url: `http://127.0.0.1:${started.port}`,
      facts,
      counters: () => last.counters,
      stop: async () => {
        if (stopped) return;
        stopped = true;
        await started.stop();
        timers.close();
      },
    };
    this.#nodes.push(node);
    return node;
  }

  #configOf(role: NodeRole, name: string): NodeConfig {
    return {
      role,
      name,
      incarnation: this.#nextIncarnation(name),
      host: '127.0.0.1',
      port: 0,
      secret: SECRET,
      folder: '',
      journal: false,
      law: this.#law,
      scenario: this.scenario,
      store: 'memory',
      peers: this.#peers,
      allowedOrigins: [SHOP],
    };
  }

  #nextIncarnation(name: string): number {
    const next = (this.#incarnations.get(name) ?? 0) + 1;
    this.#incarnations.set(name, next);
    return next;
  }

  #setPeers(change: Partial<Peers>): void {
    this.#peers = { ...this.#peers, ...change };
    for (const listener of this.#peersListeners) listener(this.#peers);
  }
}

function urlOf(server: Server): string {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the store listens');
  return `http://127.0.0.1:${address.port}`;
}

/** Waits until `holds`, looking again and again for 10 s. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
