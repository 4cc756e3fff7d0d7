/**
 * The engagement gateway of a Backend, for a strategy that runs outside: `GET /backend/data/gateway/interactions`, `POST
 * /backend/data/gateway/engage` and `noengage`, and `POST /backend/data/pacing/permit`. Field names are ours (domain.md 5.2): the
 * original's are not published. How an invite looks is the site's, so that nothing is said about it here.
 */
import { z } from 'zod';
import { eventValueSchema, idSchema, nameSchema, textSchema } from './wire-events-fields.ts';

const channelSchema = z.enum(['proactiveChat', 'proactiveCallback']);

const ixnProfileSchema = z.strictObject({
  interactionId: idSchema,
  visitId: idSchema,
  channel: channelSchema,
  registration: z.strictObject({ required: z.boolean() }).optional(),
  /** Put to the interaction's user data, as texts. */
  userData: z.record(nameSchema, eventValueSchema).meta({ maxProperties: 50 }).optional(),
});

export const engageBodySchema = z.strictObject({ ixnProfile: ixnProfileSchema });

export const noEngageBodySchema = z.strictObject({
  cancelData: z.strictObject({
    interactionId: idSchema,
    visitId: idSchema,
    reason: z.enum(['noAgents', 'policy', 'expired', 'duplicate']),
    /** In the strategy's own words. */
    text: textSchema(500).optional(),
  }),
});

export const permitBodySchema = z.strictObject({ interactionId: idSchema, visitId: idSchema, channel: channelSchema });

export type EngageBody = z.infer<typeof engageBodySchema>;
export type NoEngageBody = z.infer<typeof noEngageBodySchema>;
export type PermitBody = z.infer<typeof permitBodySchema>;

/** The state that the interaction is in, and whether it was decided so before. */
export const decisionReplySchema = z.strictObject({ state: z.string(), already: z.boolean() });

/** `group` has given or refused it; null: nobody is logged in to serve the channel. */
export const permitReplySchema = z.strictObject({
  granted: z.boolean(),
  group: z.string().nullable(),
  sentence: z.string(),
});

export const qualifiedReplySchema = z.strictObject({
  interactions: z.array(
    z.strictObject({
      interactionId: z.string(),
      visitId: z.string(),
      pageId: z.string(),
      rule: z.string(),
      attempt_number: z.number(),
      createdAt: z.number(),
      expiresAt: z.number(),
      userData: z.record(z.string(), z.string()),
    }),
  ),
});
