/** What is told of a chat: its row, its fact, and the messages to the visitor and to the desk. */
import type { Effect, OperationsRow } from '#core/effects.ts';
import type { ChatLine, ChatUpdate, DeskLine, ToDesk } from '#core/messages.ts';
import type { Agent } from '#core/routing/agent.ts';
import { isAtRisk, type Chat, type SpokenLine } from '#core/routing/chat.ts';
import type { CallbackStep, Fact, RecallCause } from '#core/statistics/fact.ts';

export type ChatRow = Extract<OperationsRow, { kind: 'chat' }>;
export type AgentRow = Extract<OperationsRow, { kind: 'agent' }>;
type ChatFact = Extract<Fact, { kind: 'chat' }>;

export function rowOfChat(chat: Chat, state: ChatRow['state'], at: number): ChatRow {
  return {
    kind: 'chat',
    id: chat.chatId,
    visitID: chat.visitID,
    at,
    state,
    group: chat.group,
    queuedAt: chat.queuedAt,
    agentId: chat.agentId ?? null,
    startedAt: chat.startedAt,
    via: chat.via,
    userData: chat.userData,
    offers: chat.offers,
    refusedBy: chat.refusedBy,
    forAgent: chat.forAgent ?? null,
    transferred: chat.transferred,
    ...(chat.callback === undefined ? {} : { callback: { ...chat.callback } }),
    origin: chat.origin,
  };
}

export function rowOfAgent(agent: Agent, at: number): AgentRow {
  const { agentId, group, capacity, ready, reason = null, idleSince, served, via, alsoIn } = agent;
  const loggedIn = agent.loggedIn || agent.awaited;
  return { kind: 'agent', id: agentId, at, group, capacity, loggedIn, ready, reason, idleSince, served, via, alsoIn };
}

/** What is told of a callback where a chat would have been told of. */
const CALLBACK_STEPS: Partial<Readonly<Record<ChatFact['state'], CallbackStep>>> = {
  offered: 'offered',
  recalled: 'recalled',
  started: 'accepted',
  completed: 'completed',
};

export function noteChat(chat: Chat, state: ChatFact['state'], at: number, out: Effect[], cause?: RecallCause): void {
  if (chat.callback !== undefined) {
    const step = CALLBACK_STEPS[state];
    if (step !== undefined) noteCallback(chat, step, at, out, cause);
    return;
  }
  const until = state === 'completed' ? chat.startedAt : at;
  out.push({
    type: 'note',
    fact: {
      kind: 'chat',
      at,
      state,
      chatId: chat.chatId,
      visitID: chat.visitID,
      origin: chat.origin,
      agentId: chat.agentId ?? null,
      waitMs: until - chat.queuedAt,
      again: chat.transferred,
      ...(state === 'queued' ? { userData: chat.userData } : {}),
      ...(cause === undefined ? {} : { cause }),
    },
  });
}

export function noteCallback(chat: Chat, state: CallbackStep, at: number, out: Effect[], cause?: RecallCause): void {
  const { chatId, visitID, group, agentId = null, callback } = chat;
  const { dueAt = at } = callback ?? {};
  const more = {
    ...(cause === undefined ? {} : { cause }),
    ...(state === 'asked' ? { userData: chat.userData } : {}),
    ...(state === 'due' && isAtRisk(chat) ? { promised: true as const } : {}),
  };
  out.push({
    type: 'note',
    fact: { kind: 'callback', at, state, callbackId: chatId, visitID, group, agentId, dueAt, ...more },
  });
}

/** Who has asked for a callback is told by his phone. */
export function tellVisitor(chat: Chat, state: ChatUpdate['state'], out: Effect[]): void {
  if (chat.callback !== undefined) return;
  const { visitID, chatId, via } = chat;
  out.push({ type: 'toBackend', node: via, message: { type: 'chatUpdate', visitID, chatId, state } });
}

export function tellDesk(agent: Agent, message: ToDesk, out: Effect[]): void {
  out.push({ type: 'toBackend', node: agent.via, message });
}

/** A visitor's line for the agent's desk. */
export function deskLineOf(chat: Chat, agent: Agent, { lineId, text }: SpokenLine): DeskLine {
  return { type: 'deskLine', agentId: agent.agentId, chatId: chat.chatId, lineId, text };
}

/** An agent's line for the visitor's browser. */
export function chatLineOf(chat: Chat, { lineId, text }: SpokenLine): ChatLine {
  return { type: 'chatLine', visitID: chat.visitID, chatId: chat.chatId, lineId, text };
}
