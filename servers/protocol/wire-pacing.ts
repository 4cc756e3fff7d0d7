/**
 * The pacing REST of a Backend: `GET /backend/data/pacing/reactiveState`, `channelCapacity` and `prediction`. Parameters are the
 * guide's (`channel`, and `groups` once for each group); `visitID` and `askId` are ours: a page that names them has its visitor
 * counted as one who looks for help, once for each `askId`.
 */
import { z } from 'zod';
import { idSchema, nameSchema } from './wire-events-fields.ts';

export const PACING_PATH = '/backend/data/pacing';

const groupsSchema = z.union([nameSchema, z.array(nameSchema).max(50)]).optional();

export const pacingQuerySchema = z.strictObject({ channel: z.enum(['chat', 'webcallback']), groups: groupsSchema });

export const askIdSchema = idSchema.max(60);

export const reactiveStateQuerySchema = pacingQuerySchema.extend({
  visitID: idSchema.optional(),
  askId: askIdSchema.optional(),
});

export type PacingQuery = z.infer<typeof reactiveStateQuerySchema>;

/** The share of reactive visitors to be let in: `Math.random() <= reactiveState`. */
export const reactiveStateReplySchema = z.strictObject({ reactiveState: z.number().min(0).max(1) });
