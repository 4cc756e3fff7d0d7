/**
 * Which chat rings at which agent: offers waiting chats while there is a free slot, takes offers back that nobody answers or
 * wants, and frees slots. A slot counts as taken from the offer on, and pacing is told each change.
 */
import type { Effect } from '#core/effects.ts';
import type { PacingDesk } from '#core/pacing/pacing-desk.ts';
import type { Agent } from '#core/routing/agent.ts';
import type { AgentGroup } from '#core/routing/agent-group.ts';
import { isAtRisk, isReactive, type Chat } from '#core/routing/chat.ts';
import { noteChat, tellDesk } from '#core/routing/chat-messages.ts';
import type { ChatRoom } from '#core/routing/chat-room.ts';
import type { RecallCause } from '#core/statistics/fact.ts';

export const MISSED = 'missed';

export class ChatRouter {
  readonly #room: ChatRoom;
  readonly #pacing: PacingDesk;

  constructor(room: ChatRoom) {
    this.#room = room;
    this.#pacing = room.pacing;
  }

  /** Offers waiting chats while there is a free slot; one that waits for somebody else lets those behind it pass. */
  route(group: AgentGroup, at: number, out: Effect[]): void {
    let place = 0;
    for (;;) {
      const chatId = group.waiting[place];
      if (chatId === undefined) return;
      const chat = this.#room.chat(chatId);
      const agent = this.#isKeptOut(group, chat) ? undefined : group.nextAgent(chat);
      if (agent !== undefined) {
        group.waiting.splice(place, 1);
        this.#offer(group, agent, chat, at, out);
      } else if (group.hasFreeAgent) place += 1;
      else return;
    }
  }

  /** After pacing was told something: waiting chats may be free to start now. */
  routeAll(at: number, out: Effect[]): void {
    for (const group of this.#room.groups.values()) this.route(group, at, out);
  }

  /** Places that a reactive chat may take in a group now: free ones, but for those kept for invited visitors. */
  reactiveRoomOf(name: string): number {
    const group = this.#room.groupOf(name);
    const { slots, busy } = group.levels;
    return Math.max(0, Math.min(slots - busy, this.#pacing.reactiveSlotsMax(name, slots) - group.reactiveHeld));
  }

  /** A reactive chat waits while reactive chats hold all the slots that are not kept from them. */
  #isKeptOut(group: AgentGroup, chat: Chat): boolean {
    return isReactive(chat) && group.reactiveHeld >= this.#pacing.reactiveSlotsMax(group.name, group.levels.slots);
  }

  /** The agent does not want what rings. */
  reject(agent: Agent, chatId: string, at: number, out: Effect[]): void {
    const chat = this.#room.chats.get(chatId);
    if (chat?.agentId === agent.agentId && chat.state === 'offered') this.#passBy(agent, chat, 'rejected', at, out);
  }

  /** The agent did not answer in time. */
  ringOverdue(chatId: string, offer: number, at: number, out: Effect[]): void {
    const chat = this.#room.chats.get(chatId);
    if (chat?.state !== 'offered' || chat.offers !== offer) return;
    const agent = this.#room.agentOf(chat);
    if (agent.ready && this.#room.groupOf(agent.group).rules.whenMissed === 'notReady') {
      agent.ready = false;
      agent.reason = MISSED;
      this.#room.agentChanged(agent, at);
      tellDesk(agent, { type: 'deskNotReady', agentId: agent.agentId, reason: MISSED }, out);
    }
    this.#passBy(agent, chat, 'missed', at, out);
  }

  /** Their agents have gone: what only rang waits again, oldest first and before all others; the rest is kept. */
  agentsGone(chats: readonly Chat[], keptUntil: number, at: number, out: Effect[]): void {
    for (const chat of [...chats].sort((a, b) => b.queuedAt - a.queuedAt)) {
      if (chat.agentId === undefined) continue;
      if (chat.state === 'offered') {
        this.#recall(this.#room.agentOf(chat), chat, 'agentGone', at, out);
        continue;
      }
      chat.restoreBy = keptUntil;
      out.push({ type: 'wake', at: keptUntil, timer: { kind: 'restoreOverdue', chatId: chat.chatId } });
    }
  }

  /** The chat is over, whatever it was for: the slot serves the next. */
  freeSlot(agent: Agent, chat: Chat, at: number, out: Effect[]): void {
    this.#vacate(agent, chat);
    agent.idleSince = at;
    this.#room.chats.delete(chat.chatId);
    if (chat.state === 'afterWork') this.#room.chatChanged(chat, at, 'ended');
    this.#room.agentChanged(agent, at);
    this.#pacing.slotReleased(chat.group, chat.chatId, at);
    this.#room.slotsChanged(agent, at, out);
    this.route(this.#room.groupOf(agent.group), at, out);
  }

  /** A conversation leaves its agent and waits in `toGroup`, before all others; nobody is offered it yet. */
  passOn(agent: Agent, chat: Chat, toGroup: string, at: number, out: Effect[]): void {
    this.letGo(agent, chat, at, out);
    chat.transferred = true;
    chat.group = toGroup;
    chat.state = 'waiting';
    chat.queuedAt = at;
    this.#room.groupOf(toGroup).waiting.unshift(chat.chatId);
    this.#pacing.of(toGroup)?.chatQueued(chat.chatId, at, isAtRisk(chat));
    this.#room.chatChanged(chat, at);
  }

  /** The agent has the chat no more, and it goes on without him; nobody is offered his slot yet. */
  letGo(agent: Agent, chat: Chat, at: number, out: Effect[]): void {
    this.#vacate(agent, chat);
    agent.idleSince = at;
    this.#pacing.slotReleased(chat.group, chat.chatId, at);
    chat.agentId = undefined;
    chat.restoreBy = undefined;
    this.#room.agentChanged(agent, at);
    this.#room.slotsChanged(agent, at, out);
  }

  #offer(group: AgentGroup, agent: Agent, chat: Chat, at: number, out: Effect[]): void {
    chat.state = 'offered';
    chat.agentId = agent.agentId;
    chat.offers += 1;
    // Asked again, when all have refused: from here on everybody is asked anew.
    if (chat.refusedBy.includes(agent.agentId)) chat.refusedBy = [];
    agent.slots.set(chat.chatId, 'offered');
    if (isReactive(chat)) group.reactiveHeld += 1;
    agent.offeredAt = at;
    this.#room.chatChanged(chat, at);
    this.#pacing.of(chat.group)?.chatStarted(chat.chatId, at);
    noteChat(chat, 'offered', at, out);
    const { chatId, userData } = chat;
    tellDesk(agent, { type: 'chatOffer', agentId: agent.agentId, chatId, userData }, out);
    const { ringMs } = group.rules;
    if (ringMs !== null) {
      const timer = { kind: 'ringOverdue', chatId: chat.chatId, offer: chat.offers } as const;
      out.push({ type: 'wake', at: at + ringMs, timer });
    }
    this.#room.slotsChanged(agent, at, out);
  }

  #vacate(agent: Agent, chat: Chat): void {
    agent.slots.delete(chat.chatId);
    if (isReactive(chat)) this.#room.groupOf(chat.group).reactiveHeld -= 1;
  }

  #passBy(agent: Agent, chat: Chat, cause: RecallCause, at: number, out: Effect[]): void {
    chat.refusedBy = [...chat.refusedBy, agent.agentId];
    chat.forAgent = undefined;
    this.#recall(agent, chat, cause, at, out);
    this.route(this.#room.groupOf(chat.group), at, out);
  }

  #recall(agent: Agent, chat: Chat, cause: RecallCause, at: number, out: Effect[]): void {
    noteChat(chat, 'recalled', at, out, cause);
    tellDesk(agent, { type: 'chatClosed', agentId: agent.agentId, chatId: chat.chatId }, out);
    this.#vacate(agent, chat);
    chat.state = 'waiting';
    chat.agentId = undefined;
    this.#room.groupOf(chat.group).waiting.unshift(chat.chatId);
    this.#room.chatChanged(chat, at);
    this.#pacing.of(chat.group)?.chatRecalled(chat.chatId, at);
    this.#room.slotsChanged(agent, at, out);
  }
}
