/** What arrives on `/desk/{agentId}`, taken apart: a server of another version must not bring a desk down. */
import type { UserData } from '#core/engagement/attachments.ts';
import type { DeskState, ToDesk, WaitingFollowUp } from '#core/messages.ts';
import { fieldsOf } from './crowd-bayeux-carrier.ts';

/** Undefined: nothing that a desk knows. */
export function parseDeskNews(agentId: string, given: unknown): ToDesk | undefined {
  const { type, chatId, lineId, text, chats, reason, userData, followUps } = fieldsOf(given);
  if (type === 'deskState')
    return Array.isArray(chats) ? { type, agentId, chats: chats.flatMap(parseChat) } : undefined;
  if (type === 'deskResume') return { type, agentId };
  if (type === 'deskNotReady') return typeof reason === 'string' ? { type, agentId, reason } : undefined;
  if (type === 'followUps')
    return Array.isArray(followUps) ? { type, agentId, followUps: followUps.flatMap(parseFollowUp) } : undefined;
  if (typeof chatId !== 'string') return undefined;
  if (type === 'chatOffer') return { type, agentId, chatId, userData: parseUserData(userData) };
  if (type === 'chatClosed') return { type, agentId, chatId };
  if (type !== 'deskLine' || typeof lineId !== 'string' || typeof text !== 'string') return undefined;
  return { type, agentId, chatId, lineId, text };
}

function parseFollowUp(given: unknown): WaitingFollowUp[] {
  const { interactionId, visitID, rule, reason, priority, url, since } = fieldsOf(given);
  if (typeof interactionId !== 'string' || typeof visitID !== 'string' || typeof rule !== 'string') return [];
  if (typeof priority !== 'number' || typeof url !== 'string' || typeof since !== 'number') return [];
  return [{ interactionId, visitID, rule, reason: typeof reason === 'string' ? reason : null, priority, url, since }];
}

function parseUserData(given: unknown): UserData {
  const known = Object.entries(fieldsOf(given)).filter(
    (field): field is [string, string] => typeof field[1] === 'string',
  );
  return Object.fromEntries(known);
}

function parseChat(given: unknown): DeskState['chats'][number][] {
  const { chatId, state } = fieldsOf(given);
  if (typeof chatId !== 'string') return [];
  return state === 'offered' || state === 'talking' || state === 'afterWork' ? [{ chatId, state }] : [];
}
