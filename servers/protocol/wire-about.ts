/** What `GET /{server}/about` says of a node's health, and the shape of every refusal. */
import { z } from 'zod';

const statusSchema = z.enum(['up', 'degraded', 'failing']);

/** What a Frontend says of its rules: requests that wait behind its fence are `queued`. */
export const nodeRulesSchema = z.strictObject({
  version: z.number().int(),
  fence: z.enum(['joining', 'open', 'up']),
  queued: z.number().int(),
});

export type NodeRules = z.infer<typeof nodeRulesSchema>;

/**
 * `status` is 503's when a dependency fails; one that serves, and with which something is wrong, is `degraded`. `dependencies` names
 * it, since when (epoch ms) and why.
 */
export const aboutReplySchema = z.strictObject({
  name: z.string(),
  role: z.string(),
  version: z.string(),
  incarnation: z.number().int(),
  status: statusSchema,
  dependencies: z.array(
    z.strictObject({ name: z.string(), status: statusSchema, since: z.number(), reason: z.string().nullable() }),
  ),
  /** Of a Frontend: the version of rules and categories that it stamps under. */
  rules: nodeRulesSchema.optional(),
});

export const errorReplySchema = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string() }),
});
