/**
 * Takes chats and agents up again after a restart: first the room as it was, then everybody's agents away until their
 * desks log in again, with what only rang waiting once more.
 */
import type { Effect } from '#core/effects.ts';
import type { Agent } from '#core/routing/agent.ts';
import type { ChatRouter } from '#core/routing/chat-router.ts';
import { isReactive, type Chat } from '#core/routing/chat.ts';
import { tellDesk, type AgentRow, type ChatRow } from '#core/routing/chat-messages.ts';
import type { ChatRoom } from '#core/routing/chat-room.ts';

/** The room as its rows have it; tells nobody. */
export function fillRoom(room: ChatRoom, agents: readonly AgentRow[], chats: readonly ChatRow[]): void {
  for (const row of agents) room.addAgent(agentOfRow(row));
  for (const row of [...chats].sort(inLine)) {
    const chat = chatOfRow(row);
    if (chat === undefined) continue;
    room.chats.set(chat.chatId, chat);
    if (chat.state !== 'afterWork')
      (chat.callback === undefined ? room.chatByVisit : room.callbackByVisit).set(chat.visitID, chat);
    if (chat.state === 'scheduled') continue;
    if (chat.state === 'waiting') room.groupOf(chat.group).waiting.push(chat.chatId);
    else {
      hold(room.agentOf(chat), chat);
      if (isReactive(chat)) room.groupOf(chat.group).reactiveHeld += 1;
    }
  }
  for (const group of room.groups.values()) group.measure();
}

/** Who has been offered before waits before all others. */
function inLine(a: ChatRow, b: ChatRow): number {
  return Number(b.offers > 0) - Number(a.offers > 0) || a.queuedAt - b.queuedAt;
}

function hold(agent: Agent, chat: Chat): void {
  if (chat.state !== 'waiting' && chat.state !== 'scheduled') agent.slots.set(chat.chatId, chat.state);
  agent.offeredAt = Math.max(agent.offeredAt, chat.startedAt);
}

/**
 * Who was logged in is asked to log in again; he counts as present, and his chats are kept for him, until `keptUntil`: a
 * lead that comes before the desks do is not refused for want of agents.
 */
export function sendAgentsAway(room: ChatRoom, router: ChatRouter, keptUntil: number, at: number, out: Effect[]): void {
  for (const agent of room.agents.values()) {
    if (!agent.loggedIn) continue;
    agent.loggedIn = false;
    agent.awaited = true;
    room.agentChanged(agent, at);
    tellDesk(agent, { type: 'deskResume', agentId: agent.agentId }, out);
  }
  out.push({ type: 'wake', at: keptUntil, timer: { kind: 'desksOverdue' } });
  router.agentsGone([...room.chats.values()], keptUntil, at, out);
  for (const agent of room.agents.values()) room.slotsChanged(agent, at, out);
  room.noteLevels(at, out);
}

function agentOfRow(row: AgentRow): Agent {
  const { id, group, capacity, loggedIn, ready, idleSince, served, via } = row;
  return {
    agentId: id,
    group,
    capacity,
    alsoIn: row.alsoIn ?? [],
    loggedIn,
    awaited: false,
    ready,
    reason: row.reason ?? undefined,
    slots: new Map(),
    idleSince,
    offeredAt: 0,
    served,
    via,
  };
}

/** Undefined: the chat is over. */
function chatOfRow(row: ChatRow): Chat | undefined {
  const { id, state, visitID, group, queuedAt, agentId, startedAt, via } = row;
  if (state === 'abandoned' || state === 'ended') return undefined;
  return {
    chatId: id,
    visitID,
    group,
    origin: row.origin ?? 'proactive',
    queuedAt,
    state,
    agentId: agentId ?? undefined,
    startedAt,
    offers: row.offers,
    refusedBy: row.refusedBy,
    forAgent: row.forAgent ?? undefined,
    transferred: row.transferred,
    callback: row.callback === undefined ? undefined : { ...row.callback, promisedBy: row.callback.promisedBy ?? null },
    via,
    userData: row.userData ?? {},
    restoreBy: undefined,
    lines: [],
  };
}
