/**
 * What a running testbed tells its screen, and what the screen may ask of it: JSON messages over one WebSocket, and the
 * same messages between the host and the worker of the run. `PROTOCOL_VERSION` grows when a message changes its meaning.
 */
import type { PacingChange, PacingCommander, PacingInForce } from '#core/pacing/pacing-command.ts';
import type { PacingNotice } from '#protocol/pacing-notice.ts';
import type { Counterpart, PacedBy } from '#protocol/run-feed-counterpart.ts';
import type { PacingPoint, SeriesPoint } from '#protocol/run-feed-series.ts';
import type { LiveFaultKind, LiveState, LogLine, StoreRequest } from '#protocol/run-feed-live.ts';

export type { PacingChange, PacingInForce } from '#core/pacing/pacing-command.ts';

export type { PacingPoint, SeriesPoint, ShareRange } from '#protocol/run-feed-series.ts';

export const PROTOCOL_VERSION = 4;

export type RunMode = 'sim' | 'live';
export type RunState = 'loading' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed';
/** Virtual seconds a wall second, or as fast as it can. */
export type RunSpeed = number | 'max';

export interface RunStatus {
  readonly runId: string;
  readonly scenario: string;
  /** File name in the scenarios folder, to start the same again. */
  readonly scenarioFile: string;
  readonly about: string;
  readonly mode: RunMode;
  readonly seed: number;
  readonly state: RunState;
  /** Why it failed, one sentence. */
  readonly failure: string | null;
  readonly speed: RunSpeed;
  /** Virtual seconds a wall second over the last second. */
  readonly reachedSpeed: number;
  readonly virtualMs: number;
  readonly startsAt: number;
  readonly timeZone: string;
  readonly warmupMs: number;
  /** Warm-up and window together. */
  readonly totalMs: number;
  readonly thresholds: readonly ThresholdState[];
  readonly expectation: Expectation;
  /** Arrival rate over time, piecewise constant from `atMs` on: one step, or the scenario's profile. */
  readonly profile: readonly { readonly atMs: number; readonly visitsPerHour: number }[];
  /** Sizing inputs typed on the screen in place of the scenario's own traffic. */
  readonly traffic: SizingTraffic | null;
  /** That of `pacing`, or of the options where pacing is off. */
  readonly goal: { readonly target: 'ABANDONMENT_RATE' | 'BUSY_FACTOR'; readonly share: number };
  /** What pacing goes by now, the commands of the run included; null: it is off, or the scenario is not read yet. */
  readonly pacing: PacingInForce | null;
  /** What pacing was told during the run, oldest first. */
  readonly whatIfs: readonly WhatIfMark[];
  /** What must be known of the pacing in force. */
  readonly pacingNotices: readonly PacingNotice[];
  readonly caption: string | null;
  /** null: the run is simulated. */
  readonly live: LiveState | null;
}

/** A what-if command that was obeyed: from here on pacing went by something else. */
export interface WhatIfMark {
  readonly commandId: string;
  /** Virtual ms. */
  readonly atMs: number;
  readonly by: PacingCommander;
  readonly before: PacingInForce;
  readonly after: PacingInForce;
  /** "goal at most 5 % abandoned instead of at most 3 % abandoned" */
  readonly sentence: string;
}

/** What the sizing inputs imply, for the Poisson band behind the traffic. */
export interface Expectation {
  readonly visitsPerSecond: number;
  readonly pageViewsPerSecond: number;
  readonly eventsPerSecond: number;
  /** Standard deviation of the events of one second / sqrt of seconds: variance of the compound process per second. */
  readonly eventsVariancePerSecond: number;
  /** Mean length of a visit. The band of a bucket: protocol/traffic-band.ts. */
  readonly visitSeconds: number;
}

export interface ThresholdState {
  readonly expression: string;
  readonly observed: number | null;
  /** null: no data yet. */
  readonly pass: boolean | null;
}

export type AgentState = 'ready' | 'busy' | 'afterWork' | 'notReady' | 'loggedOut';

export interface AgentRow {
  readonly id: string;
  readonly group: string;
  readonly state: AgentState;
  /** Why he is not ready; null: he is, or has not said. */
  readonly reason: string | null;
  readonly chats: number;
  readonly capacity: number;
  readonly served: number;
  readonly busyShare: number;
  /** State over the run as [since ms, state] pairs, oldest first, the newest 200. */
  readonly strip: readonly (readonly [number, AgentState])[];
}

export type StreamKind =
  'visit' | 'page' | 'business' | 'identity' | 'rule' | 'pacing' | 'invite' | 'chat' | 'agent' | 'fault';

/** One line of the event stream. `why` explains decisions: sentences first, figures second; the raw record last. */
export interface StreamItem {
  readonly n: number;
  readonly atMs: number;
  readonly kind: StreamKind;
  readonly visitID: string | null;
  readonly name: string;
  readonly text: string;
  readonly why: Why | null;
}

export interface Why {
  readonly sentences: readonly string[];
  readonly figures: readonly { readonly name: string; readonly value: string }[];
  readonly record: unknown;
}

/** Totals since the end of the warm-up (shares that pacing promises: since the start). */
export interface RunTotals {
  readonly visits: number;
  readonly pageViews: number;
  readonly events: number;
  readonly hotLeads: number;
  readonly refused: number;
  /** Refused hot leads by reason, as a pacing decision's `binding` or a guard names it. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly qualified: number;
  readonly engaged: number;
  readonly sent: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly timeout: number;
  readonly failed: number;
  /** Web callbacks that visitors asked for, each of an accepted invite. */
  readonly callbacksAsked: number;
  readonly chatsStarted: number;
  readonly chatsCompleted: number;
  readonly abandoned: number;
  readonly dropped: number;
  readonly abandonmentShare: number | null;
  readonly busyShare: number | null;
  readonly hitShare: number | null;
  /** Visitors who look for help themselves; null: the scenario has none. */
  readonly reactive: ReactiveTotals | null;
}

/** Counts of the window, shares since the start; `refused`: asked and not let in. */
export interface ReactiveTotals {
  readonly asked: number;
  readonly letIn: number;
  readonly refused: number;
  readonly started: number;
  readonly abandoned: number;
  readonly completed: number;
  readonly abandonmentShare: number | null;
  readonly proactiveAbandonmentShare: number | null;
  readonly busyShare: number | null;
  readonly proactiveBusyShare: number | null;
}

/** Sent at 4 Hz while a run moves, at once after each command, and whole (`history`) to who connects. */
export type RunUpdate =
  /** Nothing runs and nothing ran: the answer to who connects then. */
  | { readonly type: 'idle' }
  | { readonly type: 'status'; readonly status: RunStatus }
  | {
      readonly type: 'progress';
      readonly status: RunStatus;
      readonly totals: RunTotals;
      /** Buckets finished since the last update. */
      readonly series: readonly SeriesPoint[];
      readonly pacing: readonly PacingPoint[];
      readonly agents: readonly AgentRow[];
      /** New items, at most 200 an update; `skipped` were left out of the stream by then (never out of the figures). */
      readonly stream: readonly StreamItem[];
      readonly skipped: number;
    }
  | {
      readonly type: 'history';
      readonly status: RunStatus;
      readonly totals: RunTotals;
      readonly series: readonly SeriesPoint[];
      readonly pacing: readonly PacingPoint[];
      readonly agents: readonly AgentRow[];
      readonly stream: readonly StreamItem[];
      readonly skipped: number;
      /** Whole; null: none was asked for. */
      readonly counterpart: Counterpart | null;
    }
  /** Its state, and what is new of its course; null: it was taken away. */
  | { readonly type: 'counterpart'; readonly counterpart: Counterpart | null }
  /** Lines of a node's log, oldest first, at most 200 a message. */
  | { readonly type: 'log'; readonly runId: string; readonly node: string; readonly lines: readonly LogLine[] }
  | { readonly type: 'error'; readonly message: string };

/** Sizing inputs typed on the screen, in place of the scenario's traffic. */
export interface SizingTraffic {
  readonly visitsPerHour: number;
  readonly pageViewsPerHour: number;
  readonly pageEvents: number;
  readonly visitEvents: number;
}

export type RunCommand =
  | {
      readonly type: 'start';
      /** Live: real nodes on real sockets, paced by the wall's clock. */
      readonly mode: RunMode;
      /** File name in the scenarios folder, e.g. `guide-example.yaml`. */
      readonly scenario: string;
      readonly seed: number | null;
      readonly speed: RunSpeed;
      readonly traffic: SizingTraffic | null;
      /** Of a live run; absent: the host's own choice. */
      readonly store?: StoreRequest;
    }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  /** One virtual second, or to the next decision of rules or pacing. */
  | { readonly type: 'step'; readonly to: 'second' | 'decision' }
  /** As fast as it can to the end of the warm-up, then on at the speed that was set. */
  | { readonly type: 'skipWarmup' }
  | { readonly type: 'speed'; readonly speed: RunSpeed }
  /** Tells pacing another goal, target, algorithm, ratio or plain rule, at once; what is left out stays as it is. */
  | { readonly type: 'whatIf'; readonly change: PacingChange }
  /** Lays a counterpart beside the run, paced by this; null: takes it away. */
  | { readonly type: 'compare'; readonly pacedBy: PacedBy | null }
  /** Live alone: `forMs` of virtual time, null: until it is healed. A restart without `forMs` ends when the node serves again. */
  | { readonly type: 'fault'; readonly kind: LiveFaultKind; readonly node: string; readonly forMs: number | null }
  /** Live alone: ends what the node is under. */
  | { readonly type: 'heal'; readonly node: string }
  /** Live alone: the newest lines after number `after` (0: all), and those to come for LOG_LEASE_MS. */
  | { readonly type: 'logs'; readonly node: string; readonly after: number }
  | { readonly type: 'stop' };
