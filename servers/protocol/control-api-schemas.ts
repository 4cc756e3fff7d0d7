/** Schemas that everything which comes into the host from its screen is checked with. */
import { z } from 'zod';
import { CONTACT_POINT } from '#protocol/engage-config.ts';
import { PACED_BY, pacingChangeSchema } from '#protocol/pacing-change.ts';
import { STORE_NAMES } from '#protocol/run-feed-live.ts';
import type { RunCommand, SizingTraffic } from '#protocol/run-feed.ts';

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

const speedSchema = z.union([z.number().min(0.01).max(100_000), z.literal('max')]);

/** A plain file name in the scenarios folder: no path leaves it. */
const scenarioFileSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,99}\.ya?ml$/i, 'expected a file of the scenarios folder');

const nodeSchema = z.string().regex(/^[A-Za-z0-9._-]{1,32}$/, 'expected the name of a node');

const CONTACT_POINTS_MAX = 16;

export const storeRequestSchema = z
  .strictObject({
    name: z.enum(STORE_NAMES),
    contactPoints: z
      .array(z.string().max(255).regex(CONTACT_POINT, 'expected a host, or host:port'))
      .min(1)
      .max(CONTACT_POINTS_MAX)
      .nullable(),
  })
  .refine(({ name, contactPoints }) => contactPoints === null || name === 'cassandra' || name === 'auto', {
    path: ['contactPoints'],
    error: 'expected none: only a Cassandra is reached by them',
  });

/** What POST store asks. */
export const storeQuestionSchema = z.strictObject({ scenario: scenarioFileSchema, store: storeRequestSchema });

export const runCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('start'),
    mode: z.enum(['sim', 'live']),
    scenario: scenarioFileSchema,
    seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable(),
    speed: speedSchema,
    traffic: sizingTrafficSchema.nullable(),
    store: storeRequestSchema.exactOptional(),
  }),
  z.strictObject({ type: z.literal('pause') }),
  z.strictObject({ type: z.literal('resume') }),
  z.strictObject({ type: z.literal('step'), to: z.enum(['second', 'decision']) }),
  z.strictObject({ type: z.literal('skipWarmup') }),
  z.strictObject({ type: z.literal('speed'), speed: speedSchema }),
  z.strictObject({ type: z.literal('whatIf'), change: pacingChangeSchema }),
  z.strictObject({ type: z.literal('compare'), pacedBy: z.enum(PACED_BY).nullable() }),
  z.strictObject({
    type: z.literal('fault'),
    kind: z.enum(['kill', 'stop', 'restart', 'slow', 'partition']),
    node: nodeSchema,
    forMs: z.number().int().min(100).max(86_400_000).nullable(),
  }),
  z.strictObject({ type: z.literal('heal'), node: nodeSchema }),
  z.strictObject({
    type: z.literal('logs'),
    node: nodeSchema,
    after: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  }),
  z.strictObject({ type: z.literal('stop') }),
]) satisfies z.ZodType<RunCommand>;

/** What GET decision asks with, as text. */
export const decisionQuerySchema = z.strictObject({
  group: z.string().min(1).max(255),
  atMs: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
});
