/** Gathers what a cluster tells of itself into what a screen shows: nodes in the order of their start, their figures, faults. */
import type { Scenario } from '#protocol/scenario.ts';
import type {
  LiveFault,
  LiveFigure,
  LiveNode,
  LiveNodeRole,
  LiveState,
  LiveStore,
  StoreRequest,
} from '#protocol/run-feed-live.ts';
import type { ClusterState, NodeState } from '#testbed/live/launcher-cluster.ts';
import type { FaultReport } from '#testbed/live/live-faults.ts';
import type { LiveFindings } from '#testbed/run-result.ts';

type Counters = Readonly<Record<string, number>>;

/** What is asked of a live run for its state. */
export interface CountedRun {
  crowd(): Counters;
  countersOf(node: NodeState): Counters;
}

const FAULTS_KEPT = 100;
const RATE_OVER_MS = 2_000;

/** What is shown of a role: a counter as a rate or as it stands. */
const FIGURES: Readonly<Record<LiveNodeRole, readonly (readonly [counter: string, label: string, unit: '' | '/s'])[]>> =
  {
    frontend: [
      ['events', 'events', '/s'],
      ['visitsOwned', 'visits', ''],
    ],
    backend: [['events', 'events', '/s']],
    contactCenter: [
      ['interactionsOpen', 'open', ''],
      ['backendsConnected', 'backends', ''],
    ],
    store: [
      ['historyRows', 'rows', '/s'],
      ['historyWaiting', 'waiting', ''],
    ],
    balancer: [
      ['answers', 'answers', '/s'],
      ['upgradesOpen', 'sockets', ''],
    ],
    crowd: [
      ['visitorsOpen', 'visitors', ''],
      ['connectionsUp', 'sockets', ''],
    ],
  };

export class LiveWatch {
  #store: LiveStore;
  readonly #startsAt: number;
  readonly #nodes = new Map<string, NodeState>();
  readonly #rates = new Map<string, { readonly wallMs: number; readonly value: number }[]>();
  #faults: LiveFault[] = [];

  /** All nodes that there will be are known at once, as not yet started. */
  constructor(scenario: Scenario, asked: StoreRequest) {
    this.#store = { asked, kind: null, about: '' };
    this.#startsAt = scenario.startsAt;
    for (const [name, role] of nodesOf(scenario)) this.#nodes.set(name, absent(name, role));
  }

  /** The store was looked for, and this one is taken. */
  found(store: Pick<LiveStore, 'kind' | 'about'>): void {
    this.#store = { ...this.#store, ...store };
  }

  hear(state: ClusterState): void {
    if (state.type === 'node') this.#nodes.set(state.node.name, state.node);
    else this.#hearFault(state.fault);
  }

  /** The run is over at this moment of virtual time, and with it whatever its nodes were under. */
  close(virtualMs: number): void {
    this.#faults = this.#faults.map((fault) => ({
      ...fault,
      untilMs: fault.untilMs ?? Math.max(fault.fromMs, virtualMs),
    }));
  }

  has(node: string): boolean {
    return this.#nodes.has(node);
  }

  /** What is being launched; a sentence. */
  describeLaunch(): string {
    if (this.#store.kind === null) return 'Looking for the store.';
    const nodes = [...this.#nodes.values()];
    const up = nodes.filter(({ phase }) => phase === 'up').length;
    const starting = nodes.filter(({ phase }) => phase === 'starting').map(({ name }) => name);
    if (starting.includes('crowd')) return 'Filling the site with visitors, and seating the agents.';
    const what = starting.length === 0 ? 'the nodes' : starting.join(', ');
    return `Starting ${what}: ${up} of ${nodes.length} nodes are up.`;
  }

  /** `run` null: not launched yet. `wallMs` monotonic, for rates. */
  state(run: CountedRun | null, wallMs: number, doing: string | null, findings: LiveFindings | undefined): LiveState {
    const crowd = run?.crowd() ?? {};
    const { latenessP50Ms: p50, latenessP99Ms: p99, latenessMaxMs: max } = crowd;
    return {
      store: this.#store,
      doing,
      nodes: [...this.#nodes.values()].map((node) => this.#describe(node, run, wallMs)),
      clockLagMs: crowd['clockLagMs'] ?? null,
      latenessMs: p50 === undefined || p99 === undefined || max === undefined ? null : { p50, p99, max },
      startsDropped: crowd['dropped'] ?? 0,
      eventsAcknowledged: crowd['eventsAcknowledged'] ?? 0,
      faults: this.#faults,
      findings:
        findings === undefined
          ? null
          : { acknowledged: findings.acknowledged, stored: findings.stored, lost: findings.lost },
    };
  }

  #describe(node: NodeState, run: CountedRun | null, wallMs: number): LiveNode {
    const { name, role, phase, incarnation, failing, degraded, slowedMs, partitioned } = node;
    const fault = this.#faults.findLast((one) => one.node === name && one.untilMs === null)?.kind ?? null;
    const serves = phase === 'up' || phase === 'held';
    const figures = run === null || !serves ? [] : this.#figures(node, run.countersOf(node), wallMs);
    return { name, role, phase, incarnation, failing, degraded, slowedMs, partitioned, fault, figures };
  }

  #figures({ name, role, incarnation }: NodeState, counters: Counters, wallMs: number): readonly LiveFigure[] {
    const figures: LiveFigure[] = [];
    for (const [counter, label, unit] of FIGURES[role]) {
      const value = counters[counter];
      if (value === undefined) continue;
      const shown = unit === '' ? value : this.#rate(`${name}~${incarnation} ${counter}`, value, wallMs);
      figures.push({ label, value: shown, unit });
    }
    return figures;
  }

  /** Over the last two seconds of wall time. */
  #rate(key: string, value: number, wallMs: number): number {
    const samples = this.#rates.get(key) ?? [];
    this.#rates.set(key, samples);
    samples.push({ wallMs, value });
    while (samples.length > 2 && wallMs - (samples[1]?.wallMs ?? wallMs) >= RATE_OVER_MS) samples.shift();
    const first = samples[0];
    if (first === undefined || wallMs <= first.wallMs) return 0;
    return ((value - first.value) * 1_000) / (wallMs - first.wallMs);
  }

  #hearFault({ id, kind, node, phase, atMs }: FaultReport): void {
    if (phase === 'refused') return;
    const at = Math.max(0, atMs - this.#startsAt);
    this.#faults =
      phase === 'applied'
        ? [...this.#faults, { id, kind, node, fromMs: at, untilMs: null }].slice(-FAULTS_KEPT)
        : this.#faults.map((fault) => (fault.id === id ? { ...fault, untilMs: at } : fault));
  }
}

function nodesOf({ cluster }: Scenario): readonly (readonly [string, LiveNodeRole])[] {
  const many = (role: 'backend' | 'frontend', count: number): (readonly [string, LiveNodeRole])[] =>
    Array.from({ length: count }, (_, index) => [`${role}-${index + 1}`, role]);
  return [
    ['store', 'store'],
    ['contact-center', 'contactCenter'],
    ['balancer', 'balancer'],
    ...many('backend', cluster.backends),
    ...many('frontend', cluster.frontends),
    ['crowd', 'crowd'],
  ];
}

function absent(name: string, role: LiveNodeRole): NodeState {
  return {
    name,
    role,
    phase: 'down',
    incarnation: 0,
    pid: null,
    port: 0,
    failing: null,
    degraded: null,
    slowedMs: 0,
    partitioned: false,
  };
}
