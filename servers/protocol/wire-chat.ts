/**
 * A visitor's chat over Bayeux: the browser publishes a ChatAction on `/service/chat` and hears ChatUpdate and ChatLine
 * on `/chat/{visitID}`.
 */
import { z } from 'zod';
import type { ChatAction } from '#core/messages.ts';
import { idSchema, textSchema } from './wire-events-fields.ts';
import { askIdSchema } from './wire-pacing.ts';

export const CHAT_SERVICE = '/service/chat';

/** A line of a conversation, either way. */
export const lineTextSchema = textSchema(4_096).min(1);

/** Digits with what people write between them. */
const PHONE = /^\+?[0-9][0-9 ()./-]{2,30}$/;
/** How far ahead a callback may be asked for. */
export const CALLBACK_MS_MAX = 30 * 24 * 3_600_000;

export const chatActionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('chatRequest'), visitID: idSchema, interactionId: idSchema }),
  z.strictObject({
    type: z.literal('callbackRequest'),
    visitID: idSchema,
    interactionId: idSchema,
    phone: z.string().regex(PHONE),
    inMs: z.number().int().min(0).max(CALLBACK_MS_MAX),
  }),
  z.strictObject({ type: z.literal('reactiveChat'), visitID: idSchema, askId: askIdSchema }),
  z.strictObject({ type: z.literal('chatResume'), visitID: idSchema }),
  z.strictObject({ type: z.literal('chatLeft'), visitID: idSchema }),
  z.strictObject({ type: z.literal('visitorLine'), visitID: idSchema, lineId: idSchema, text: lineTextSchema }),
]) satisfies z.ZodType<ChatAction>;

export function chatChannel(visitID: string): string {
  return `/chat/${visitID}`;
}
