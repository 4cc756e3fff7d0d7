/**
 * Notifications to a visitor's browser and what it answers: the body of `notify`, what arrives on
 * `/notification/{visitId}`, and the query of `disposition`.
 */
import { z } from 'zod';
import type { DispositionCode, Invite } from '#core/messages.ts';
import { idSchema, nameSchema, textSchema } from './wire-events-fields.ts';

/** Bayeux channel on which an invite is shown. */
export const INVITE_CHANNEL = 'gpe.invite';

export const dispositionCodeSchema = z.enum([
  'shown',
  'acceptCall',
  'reject',
  'timeout',
  'formAbandoned',
]) satisfies z.ZodType<DispositionCode>;

/** `page`: the page id that is meant, or `*`. `data` is for the page and not read on the way. */
export const notificationSchema = z.strictObject({
  page: textSchema(64).min(1),
  channel: nameSchema,
  data: z.unknown(),
});

export type Notification = z.infer<typeof notificationSchema>;

export const notifyBodySchema = z.array(notificationSchema).min(1).max(50);
export type NotifyBody = z.infer<typeof notifyBodySchema>;
/** How many of the visit's connections the notifications have reached. */
export const notifyReplySchema = z.strictObject({ reached: z.number().int().min(0) });

export const dispositionQuerySchema = z.strictObject({
  interactionId: idSchema,
  code: dispositionCodeSchema,
  page: textSchema(64).optional(),
  /** For the load balancer: which Frontend is meant. Not read here. */
  alias: textSchema(128).optional(),
});
export type DispositionQuery = z.infer<typeof dispositionQuerySchema>;

export const dispositionReplySchema = z.strictObject({ passed: z.literal(true) });

export const visitPathSchema = z.strictObject({ id: idSchema });

export function notificationChannel(visitID: string): string {
  return `/notification/${visitID}`;
}

/** The invite as the browser sees it: which of the visit's pages shows it is for the browser to decide. */
export function inviteNotification(invite: Invite): Notification {
  return { page: '*', channel: INVITE_CHANNEL, data: invite };
}
