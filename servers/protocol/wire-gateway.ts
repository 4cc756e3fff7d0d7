/**
 * The engagement gateway of a Backend, for a strategy that runs outside: `POST /backend/data/gateway/engage` and
 * `noengage`. Field names are ours (domain.md 5.2): the original's are not published.
 */
import { z } from 'zod';
import { eventValueSchema, idSchema, nameSchema, textSchema } from './wire-events-fields.ts';

const ixnProfileSchema = z.strictObject({
  interactionId: idSchema,
  visitId: idSchema,
  pageId: textSchema(64),
  channel: z.enum(['proactiveChat', 'proactiveCallback']),
  rule: nameSchema,
  attempt_number: z.number().int().min(1).max(1_000),
  group: nameSchema.optional(),
  invite: z
    .strictObject({
      templateUrl: textSchema(2_048).optional(),
      message: textSchema(2_048).optional(),
      timeoutSec: z.number().positive().max(3_600).optional(),
    })
    .optional(),
  registration: z.strictObject({ required: z.boolean(), fields: z.array(nameSchema).max(50).optional() }).optional(),
  userData: z.record(nameSchema, eventValueSchema).meta({ maxProperties: 50 }).optional(),
});

export const engageBodySchema = z.strictObject({ ixnProfile: ixnProfileSchema });

export const noEngageBodySchema = z.strictObject({
  cancelData: z.strictObject({
    interactionId: idSchema,
    visitId: idSchema,
    reason: z.enum(['noAgents', 'policy', 'expired', 'duplicate']),
  }),
});
