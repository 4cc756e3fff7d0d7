/** What is told of a chat: its row, its fact, and the messages to the visitor and to the desk. */
import type { Effect, OperationsRow } from '#core/effects.ts';
import type { ChatLine, ChatUpdate, DeskLine, ToDesk } from '#core/messages.ts';
import type { Agent } from '#core/routing/agent.ts';
import type { Chat, SpokenLine } from '#core/routing/chat.ts';
import type { Fact, RecallCause } from '#core/statistics/fact.ts';

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
    origin: chat.origin,
  };
}

export function rowOfAgent(agent: Agent, at: number): AgentRow {
  const { agentId, group, capacity, ready, reason = null, idleSince, served, via } = agent;
  const loggedIn = agent.loggedIn || agent.awaited;
  return { kind: 'agent', id: agentId, at, group, capacity, loggedIn, ready, reason, idleSince, served, via };
}

export function noteChat(chat: Chat, state: ChatFact['state'], at: number, out: Effect[], cause?: RecallCause): void {
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
      ...(cause === undefined ? {} : { cause }),
    },
  });
}

export function tellVisitor(chat: Chat, state: ChatUpdate['state'], out: Effect[]): void {
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
