/**
 * The host's API for its screen: what goes over HTTP, and the schemas that everything coming in is checked with. The live feed
 * of a run is in run-feed.ts.
 */
import { z } from 'zod';
import type { Problem } from '#core/result.ts';
import type { RunCommand, RunSpeed, SizingTraffic } from '#protocol/run-feed.ts';

/** Paths of the API, all on the one origin that also serves the screen. */
export const CONTROL_PATHS = {
  about: '/api/about',
  scenarios: '/api/scenarios',
  sizing: '/api/sizing',
  links: '/api/links',
  feed: '/api/feed',
  report: (runId: string) => `/api/runs/${encodeURIComponent(runId)}/report`,
} as const;

/** GET about: who answers. */
export interface AboutReply {
  readonly product: string;
  readonly version: string;
  readonly protocol: number;
  readonly node: string;
}

/** One card of the gallery; `problems` is not empty where the file can't be run, and then the rest says what is known. */
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

/** POST links: a link that lets one more browser in, once. */
export interface LinkReply {
  readonly url: string;
}

/** What every refused request says. */
export interface ErrorReply {
  readonly error: { readonly code: string; readonly message: string; readonly problems: readonly Problem[] };
}

const rate = z.number().positive().max(1e9);

export const sizingTrafficSchema = z
  .strictObject({
    visitsPerHour: rate,
    pageViewsPerHour: rate,
    pageEvents: z.number().min(0).max(1_000),
    visitEvents: z.number().min(0).max(1_000),
  })
  .refine((traffic) => traffic.pageViewsPerHour >= traffic.visitsPerHour, {
    path: ['pageViewsPerHour'],
    error: 'expected at least one page view a visit',
  }) satisfies z.ZodType<SizingTraffic>;

/** Speeds that the screen offers; others up to 100,000x are taken too. */
export const RUN_SPEEDS = [1, 10, 100, 'max'] as const satisfies readonly RunSpeed[];

const speedSchema = z.union([z.number().min(0.01).max(100_000), z.literal('max')]);

/** A plain file name in the scenarios folder: no path leaves it. */
const scenarioFileSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,99}\.ya?ml$/i, 'expected a file of the scenarios folder');

export const runCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('start'),
    scenario: scenarioFileSchema,
    seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable(),
    speed: speedSchema,
    traffic: sizingTrafficSchema.nullable(),
  }),
  z.strictObject({ type: z.literal('pause') }),
  z.strictObject({ type: z.literal('resume') }),
  z.strictObject({ type: z.literal('step'), to: z.enum(['second', 'decision']) }),
  z.strictObject({ type: z.literal('skipWarmup') }),
  z.strictObject({ type: z.literal('speed'), speed: speedSchema }),
  z.strictObject({ type: z.literal('stop') }),
]) satisfies z.ZodType<RunCommand>;
