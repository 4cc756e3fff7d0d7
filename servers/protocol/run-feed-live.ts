/** What a live run tells its screen beside the figures that every run has: its nodes, its clock, what is done to them, and their logs. */

export type LiveNodeRole = 'frontend' | 'backend' | 'contactCenter' | 'store' | 'balancer' | 'crowd';

/** `held`: stopped by a signal, its connections open. `ending`: it was told to. `crashed`: it ended though nobody had asked. */
export type LiveNodePhase = 'down' | 'starting' | 'up' | 'held' | 'ending' | 'crashed';

export const STORE_NAMES = ['auto', 'memory', 'sqlite', 'cassandra'] as const;
/** `auto`: the configured Cassandra when it answers, else SQLite. */
export type StoreName = (typeof STORE_NAMES)[number];

/** The store that a live run is to have. */
export interface StoreRequest {
  readonly name: StoreName;
  /** Of the Cassandra: hosts, or host:port; null: the seed nodes of the scenario's options. */
  readonly contactPoints: readonly string[] | null;
}

/** The store that a live run has. */
export interface LiveStore {
  readonly asked: StoreRequest;
  /** null: it is being looked for. */
  readonly kind: Exclude<StoreName, 'auto'> | null;
  /** Which it is and why, without a full stop: `SQLite, as no Cassandra answers at 127.0.0.1:19160`; empty while it is looked for. */
  readonly about: string;
}

export type LiveFaultKind = 'kill' | 'stop' | 'restart' | 'slow' | 'partition';

export interface LiveNode {
  readonly name: string;
  readonly role: LiveNodeRole;
  readonly phase: LiveNodePhase;
  /** 1 in its first life. */
  readonly incarnation: number;
  /** What keeps it from its work, in its own words; null: nothing, or not asked yet. */
  readonly failing: string | null;
  /** What is wrong with it though it does its work; null: nothing, or not asked yet. */
  readonly degraded: string | null;
  /** Added each way to its connections. */
  readonly slowedMs: number;
  readonly partitioned: boolean;
  /** What it is under, done on purpose. */
  readonly fault: LiveFaultKind | null;
  readonly figures: readonly LiveFigure[];
}

export interface LiveFigure {
  readonly label: string;
  readonly value: number;
  /** `/s`, or nothing for a count. */
  readonly unit: string;
}

/** Something done to a node on purpose, ms since the start of the run; `untilMs` null: it has not ended. */
export interface LiveFault {
  readonly id: number;
  readonly kind: LiveFaultKind;
  readonly node: string;
  readonly fromMs: number;
  readonly untilMs: number | null;
}

export interface LiveState {
  readonly store: LiveStore;
  /** What is being started or ended just now, in a sentence; null: nothing is. */
  readonly doing: string | null;
  /** In the order of their start. */
  readonly nodes: readonly LiveNode[];
  /** How far the crowd's work was behind the clock at most, lately, ms of wall time; null: not told yet. */
  readonly clockLagMs: number | null;
  /** Between a start's due moment and the start, ms of wall time; null: not told yet. */
  readonly latenessMs: { readonly p50: number; readonly p99: number; readonly max: number } | null;
  /** Starts that were not made, as they came too late. */
  readonly startsDropped: number;
  readonly eventsAcknowledged: number;
  /** Oldest first, the newest 100. */
  readonly faults: readonly LiveFault[];
  /** At the end: what the store gave back of what clients were promised; null before. */
  readonly findings: { readonly acknowledged: number; readonly stored: number; readonly lost: number } | null;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  /** Counts from 1 over all lives of the node. */
  readonly n: number;
  readonly level: LogLevel;
  /** Wall time, epoch ms; null: the line named none. */
  readonly atMs: number | null;
  readonly message: string;
  /** What else the line says, as JSON; empty: nothing. */
  readonly more: string;
}

/** Speeds that the screen offers of a live run. */
export const LIVE_SPEEDS = [0.1, 0.5, 1, 2, 5, 10] as const;
/** A live run takes any speed between these: below, timers hardly move; above, the crowd itself is late. */
export const LIVE_SPEED_RANGE = { min: 0.1, max: 10 } as const;

/** Lines of one message. */
export const LOG_LINES_MAX = 200;
/** How long a node's log is followed after it was last asked for; who looks on asks again. */
export const LOG_LEASE_MS = 15_000;
