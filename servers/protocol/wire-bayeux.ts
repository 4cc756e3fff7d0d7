/**
 * The Bayeux 1.0 messages that clients send: strict in the fields that the server reads, lenient in `ext`, `advice` and
 * whatever else a client adds. It describes the wire (OpenAPI); servers read by hand-written checks that agree with it.
 */
import { z } from 'zod';

/** Sizes that both the schema and the server's own checks hold to: characters, and items a list. */
export const BAYEUX_SIZES = {
  messagesMax: 50,
  channelLength: 256,
  idLength: 64,
  subscriptionsMax: 50,
  connectionTypesMax: 16,
} as const;

const channel = z.string().min(1).max(BAYEUX_SIZES.channelLength);
const id = z.string().min(1).max(BAYEUX_SIZES.idLength);

const bayeuxMessageSchema = z.looseObject({
  channel,
  id: id.optional(),
  clientId: id.optional(),
  version: id.optional(),
  connectionType: id.optional(),
  supportedConnectionTypes: z.array(id).max(BAYEUX_SIZES.connectionTypesMax).optional(),
  subscription: z.union([channel, z.array(channel).min(1).max(BAYEUX_SIZES.subscriptionsMax)]).optional(),
  data: z.unknown().optional(),
  ext: z.record(z.string(), z.unknown()).optional(),
  advice: z.looseObject({ timeout: z.number().min(0).optional(), interval: z.number().min(0).optional() }).optional(),
});

/** One message of a client. `timeout` and `interval` of `advice` in ms. */
export type BayeuxMessage = Readonly<z.infer<typeof bayeuxMessageSchema>>;

/** What one frame or one POST carries: a list of messages, or a single one. */
export const bayeuxBodySchema = z.union([
  bayeuxMessageSchema,
  z.array(bayeuxMessageSchema).max(BAYEUX_SIZES.messagesMax),
]);

/** The same for the description of the HTTP interface. */
export const bayeuxBodyJsonSchema = z.toJSONSchema(bayeuxBodySchema, { target: 'draft-7' });
