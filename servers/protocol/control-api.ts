/**
 * The host's API for its screen: what goes over HTTP. The live feed of a run is in run-feed.ts; what comes in is checked by
 * control-api-schemas.ts, which the screen does not carry.
 */
import type { Problem } from '#core/result.ts';
import type { ConsistencyReport } from '#core/sizing/consistency-report.ts';
import type { SizingReport } from '#core/sizing/sizing-report.ts';
import type { LiveStore, StoreRequest } from '#protocol/run-feed-live.ts';
import type { RunSpeed, Why } from '#protocol/run-feed.ts';

export type { Problem } from '#core/result.ts';
/** POST sizing: the report of `engage size --json`. */
export type { SizingReport } from '#core/sizing/sizing-report.ts';
export type SizingFigure = SizingReport['figures'][number];
export type SizingAssumption = SizingReport['assumptions'][number];
export type { ConsistencyReport, JudgedLevel, ReplicaLayout } from '#core/sizing/consistency-report.ts';
export type { ConsistencyLevel } from '#core/sizing/consistency.ts';
export type { LossRow } from '#core/sizing/node-losses.ts';

/** Paths of the API, all on the one origin that also serves the screen. */
export const CONTROL_PATHS = {
  about: '/api/about',
  scenarios: '/api/scenarios',
  sizing: '/api/sizing',
  consistency: '/api/consistency',
  store: '/api/store',
  links: '/api/links',
  feed: '/api/feed',
  decision: (runId: string, group: string, atMs: number) =>
    `/api/runs/${encodeURIComponent(runId)}/decision?group=${encodeURIComponent(group)}&atMs=${Math.round(atMs)}`,
  history: (runId: string) => `/api/runs/${encodeURIComponent(runId)}/history`,
  report: (runId: string) => `/api/runs/${encodeURIComponent(runId)}/report`,
} as const;

/** GET about: who answers. */
export interface AboutReply {
  readonly product: string;
  readonly version: string;
  readonly protocol: number;
  readonly node: string;
}

/**
 * One card of the gallery; `problems` is not empty where the file can't be run, and then the rest says what is known.
 */
export interface ScenarioCard {
  readonly file: string;
  readonly name: string;
  readonly about: string;
  readonly seed: number;
  readonly timeZone: string;
  readonly startsAt: number;
  readonly warmupMs: number;
  readonly durationMs: number;
  /** Visits per hour over time, piecewise constant: the picture of its traffic. */
  readonly profile: readonly { readonly atMs: number; readonly visitsPerHour: number }[];
  /** Mean over the run. */
  readonly visitsPerHour: number;
  readonly pageViewsPerHour: number;
  readonly pageEvents: number;
  readonly visitEvents: number;
  readonly groups: readonly { readonly name: string; readonly agents: number; readonly capacity: number }[];
  readonly thresholds: readonly string[];
  readonly problems: readonly Problem[];
}

/** GET decision: the exact decision of pacing at a moment of the run. */
export interface DecisionReply {
  readonly group: string;
  /** When it was made, ms since the start of the run. */
  readonly atMs: number;
  /** Grain: of each stretch of this length the last decision is kept. */
  readonly bucketMs: number;
  readonly why: Why;
}

/** POST consistency: what the calculator says, and the two command lines that say the same, quoted for a POSIX shell. */
export interface ConsistencyReply extends ConsistencyReport {
  readonly commands: { readonly cluster: string; readonly dataCenters: string };
}

/** POST store: which store would a live run of a scenario have? Refused in words where it can't be reached. */
export interface StoreQuestion {
  readonly scenario: string;
  readonly store: StoreRequest;
}

export interface StoreReply {
  readonly kind: Exclude<LiveStore['kind'], null>;
  readonly about: string;
}

/** POST links: a link that lets one more browser in, once. */
export interface LinkReply {
  readonly url: string;
}

/** What every refused request says. */
export interface ErrorReply {
  readonly error: { readonly code: string; readonly message: string; readonly problems: readonly Problem[] };
}

/** Speeds that the screen offers; others up to 100,000x are taken too. */
export const RUN_SPEEDS = [1, 10, 100, 'max'] as const satisfies readonly RunSpeed[];
