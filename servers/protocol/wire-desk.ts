/**
 * An agent's desk over Bayeux: after a handshake with `ext.authentication {role: 'agent', token}` it publishes a
 * DeskMessage on `/service/desk` and hears ToDesk on `/desk/{agentId}`.
 */
import { z } from 'zod';
import { CALLBACK_MS_MAX, lineTextSchema } from './wire-chat.ts';
import type { DeskMessage } from '#core/messages.ts';
import { idSchema, nameSchema } from './wire-events-fields.ts';

export const DESK_SERVICE = '/service/desk';

/** Chats that one agent may have in hand. */
const CHATS_MAX = 100;

/** Groups that one agent may belong to. */
const GROUPS_MAX = 50;

/** What a desk says at its handshake, in `ext.authentication`. */
export const deskAuthenticationSchema = z.strictObject({
  role: z.literal('agent'),
  token: z.string().min(1).max(512),
});

export const deskActionSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('login'),
    agentId: idSchema,
    group: nameSchema,
    capacity: z.number().int().min(1).max(CHATS_MAX),
    alsoIn: z.array(nameSchema).max(GROUPS_MAX).optional(),
    ready: z.boolean(),
    reason: nameSchema.optional(),
    chats: z.array(z.strictObject({ chatId: idSchema, state: z.enum(['talking', 'afterWork']) })).max(CHATS_MAX),
  }),
  z.strictObject({ type: z.literal('ready'), agentId: idSchema }),
  z.strictObject({ type: z.literal('notReady'), agentId: idSchema, reason: nameSchema }),
  z.strictObject({ type: z.literal('logout'), agentId: idSchema }),
  z.strictObject({ type: z.literal('answer'), agentId: idSchema, chatId: idSchema }),
  z.strictObject({
    type: z.literal('dialed'),
    agentId: idSchema,
    chatId: idSchema,
    outcome: z.enum(['connected', 'noAnswer']),
  }),
  z.strictObject({
    type: z.literal('reschedule'),
    agentId: idSchema,
    chatId: idSchema,
    afterMs: z.number().int().min(0).max(CALLBACK_MS_MAX),
  }),
  z.strictObject({ type: z.literal('reject'), agentId: idSchema, chatId: idSchema }),
  z.strictObject({
    type: z.literal('transfer'),
    agentId: idSchema,
    chatId: idSchema,
    toGroup: nameSchema,
    toAgent: idSchema.optional(),
  }),
  z.strictObject({
    type: z.literal('say'),
    agentId: idSchema,
    chatId: idSchema,
    lineId: idSchema,
    text: lineTextSchema,
  }),
  z.strictObject({ type: z.literal('finish'), agentId: idSchema, chatId: idSchema }),
  z.strictObject({ type: z.literal('done'), agentId: idSchema, chatId: idSchema }),
  z.strictObject({ type: z.literal('listFollowUps'), agentId: idSchema }),
  z.strictObject({ type: z.literal('approveFollowUp'), agentId: idSchema, interactionId: idSchema }),
  z.strictObject({ type: z.literal('dismissFollowUp'), agentId: idSchema, interactionId: idSchema }),
]) satisfies z.ZodType<DeskMessage>;

export function deskChannel(agentId: string): string {
  return `/desk/${agentId}`;
}
