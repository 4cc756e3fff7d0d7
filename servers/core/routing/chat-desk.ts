/**
 * Chats, agents and groups: takes chat requests, offers them to agents, follows them to the end of after-work, and
 * tells pacing every change of a slot. A slot counts as taken from the offer on.
 */
import { present } from '#core/assert.ts';
import type { Effect } from '#core/effects.ts';
import type { ChatUpdate, DeskAction } from '#core/messages.ts';
import type { PacingDesk } from '#core/pacing/pacing-desk.ts';
import { agentStateOf, createAgent, type Agent, type AgentState, type SlotState } from '#core/routing/agent.ts';
import { AgentGroup } from '#core/routing/agent-group.ts';
import type { Chat } from '#core/routing/chat.ts';
import type { EngagementTotals } from '#core/statistics/engagement-totals.ts';

export class ChatDesk {
  readonly groups = new Map<string, AgentGroup>();
  readonly #agents = new Map<string, Agent>();
  readonly #chats = new Map<string, Chat>();
  readonly #chatByVisit = new Map<string, string>();
  readonly #pacing: PacingDesk;
  readonly #totals: EngagementTotals;
  readonly #chatQueue: string;
  readonly #lastStates = new Map<string, AgentState>();

  constructor(groups: readonly string[], chatQueue: string, pacing: PacingDesk, totals: EngagementTotals) {
    for (const name of groups) this.groups.set(name, new AgentGroup(name));
    this.#chatQueue = chatQueue;
    this.#pacing = pacing;
    this.#totals = totals;
  }

  hasChat(visitID: string): boolean {
    return this.#chatByVisit.has(visitID);
  }

  slotsOf(group: string): number {
    return this.groups.get(group)?.slots.level ?? 0;
  }

  get agents(): Iterable<Agent> {
    return this.#agents.values();
  }

  get waitingChats(): number {
    let waiting = 0;
    for (const group of this.groups.values()) waiting += group.waiting.length;
    return waiting;
  }

  /** A chat for a visit that has none, to be served by `group`. */
  request(chatId: string, visitID: string, group: string, at: number, out: Effect[]): void {
    const chat: Chat = {
      chatId,
      visitID,
      group,
      queuedAt: at,
      state: 'waiting',
      agentId: undefined,
      startedAt: 0,
    };
    this.#chats.set(chatId, chat);
    this.#chatByVisit.set(visitID, chatId);
    this.#totals.chatsQueued += 1;
    this.#totals.enterQueue(this.#chatQueue);
    this.#pacer(group)?.chatQueued(chatId, at);
    out.push({ type: 'commit', group: { store: 'operations', rows: [rowOf(chat, at)] } });
    noteChat(chat, 'queued', at, out);
    tellVisitor(chat, 'queued', out);
    this.#groupOf(chat.group).waiting.push(chatId);
    this.#route(this.#groupOf(chat.group), at, out);
  }

  /** The visitor leaves: waiting or ringing is an abandonment, talking is the end of the conversation. */
  visitorLeft(visitID: string, at: number, out: Effect[]): void {
    const chatId = this.#chatByVisit.get(visitID);
    if (chatId === undefined) return;
    const chat = this.#chat(chatId);
    if (chat.state === 'waiting') {
      const waiting = this.#groupOf(chat.group).waiting;
      waiting.splice(waiting.indexOf(chatId), 1);
      this.#abandon(chat, at, out);
    } else if (chat.state === 'offered') {
      const agent = this.#agentOf(chat);
      this.#abandon(chat, at, out);
      out.push({ type: 'toDesk', message: { type: 'chatClosed', agentId: agent.agentId, chatId } });
      this.#freeSlot(agent, chat, at, out);
    } else if (chat.state === 'talking') {
      const agent = this.#agentOf(chat);
      this.#endTalk(agent, chat, at, out);
      out.push({ type: 'toDesk', message: { type: 'chatClosed', agentId: agent.agentId, chatId } });
    }
  }

  handleDesk(action: DeskAction, at: number, out: Effect[]): void {
    if (action.type === 'login') {
      this.#login(action.agentId, action.group, action.capacity, at, out);
      return;
    }
    const agent = this.#agents.get(action.agentId);
    if (agent === undefined) return;
    switch (action.type) {
      case 'ready':
        agent.ready = true;
        agent.idleSince = at;
        break;
      case 'notReady':
        agent.ready = false;
        break;
      case 'logout':
        agent.loggedIn = false;
        break;
      case 'answer':
        this.#answer(agent, action.chatId, at, out);
        return;
      case 'finish':
        this.#finish(agent, action.chatId, at, out);
        return;
      case 'done':
        this.#done(agent, action.chatId, at, out);
        return;
    }
    this.#agentChanged(agent, at, out);
    this.#route(this.#groupOf(agent.group), at, out);
  }

  #login(agentId: string, groupName: string, capacity: number, at: number, out: Effect[]): void {
    const known = this.#agents.get(agentId);
    const agent = known ?? createAgent(agentId, groupName, capacity, at);
    agent.loggedIn = true;
    agent.ready = true;
    agent.idleSince = at;
    const group = this.#groupOf(groupName);
    if (known === undefined) {
      this.#agents.set(agentId, agent);
      group.agents.push(agent);
    }
    this.#agentChanged(agent, at, out);
    this.#route(group, at, out);
  }

  #answer(agent: Agent, chatId: string, at: number, out: Effect[]): void {
    const chat = this.#chats.get(chatId);
    if (chat?.agentId !== agent.agentId || chat.state !== 'offered') return;
    chat.state = 'talking';
    chat.startedAt = at;
    agent.slots.set(chatId, 'talking');
    this.#totals.chatsStarted += 1;
    out.push({ type: 'commit', group: { store: 'operations', rows: [rowOf(chat, at)] } });
    noteChat(chat, 'started', at, out);
    tellVisitor(chat, 'started', out);
    this.#agentChanged(agent, at, out);
  }

  #finish(agent: Agent, chatId: string, at: number, out: Effect[]): void {
    const chat = this.#chats.get(chatId);
    if (chat?.agentId !== agent.agentId || chat.state !== 'talking') return;
    this.#endTalk(agent, chat, at, out);
    tellVisitor(chat, 'ended', out);
  }

  #endTalk(agent: Agent, chat: Chat, at: number, out: Effect[]): void {
    chat.state = 'afterWork';
    agent.slots.set(chat.chatId, 'afterWork' satisfies SlotState);
    agent.served += 1;
    this.#totals.chatsCompleted += 1;
    this.#chatByVisit.delete(chat.visitID);
    out.push({ type: 'commit', group: { store: 'operations', rows: [rowOf(chat, at)] } });
    noteChat(chat, 'completed', at, out);
    this.#agentChanged(agent, at, out);
  }

  #done(agent: Agent, chatId: string, at: number, out: Effect[]): void {
    const chat = this.#chats.get(chatId);
    if (chat?.agentId !== agent.agentId || chat.state !== 'afterWork') return;
    this.#freeSlot(agent, chat, at, out);
  }

  #abandon(chat: Chat, at: number, out: Effect[]): void {
    this.#totals.chatsAbandoned += 1;
    if (chat.state === 'waiting') this.#totals.leaveQueue(this.#chatQueue);
    this.#pacer(chat.group)?.chatAbandoned(chat.chatId, at);
    this.#chatByVisit.delete(chat.visitID);
    this.#chats.delete(chat.chatId);
    out.push({
      type: 'commit',
      group: {
        store: 'operations',
        rows: [{ kind: 'chat', id: chat.chatId, visitID: chat.visitID, state: 'abandoned', at }],
      },
    });
    noteChat(chat, 'abandoned', at, out);
    tellVisitor(chat, 'ended', out);
  }

  #freeSlot(agent: Agent, chat: Chat, at: number, out: Effect[]): void {
    agent.slots.delete(chat.chatId);
    agent.idleSince = at;
    this.#chats.delete(chat.chatId);
    this.#pacer(chat.group)?.slotReleased(chat.chatId, at);
    this.#agentChanged(agent, at, out);
    this.#route(this.#groupOf(agent.group), at, out);
  }

  /** Offers waiting chats while there is a free slot. */
  #route(group: AgentGroup, at: number, out: Effect[]): void {
    while (group.waiting.length > 0) {
      const agent = group.nextAgent();
      if (agent === undefined) return;
      const chat = this.#chat(present(group.waiting.shift(), 'waiting chat'));
      chat.state = 'offered';
      chat.agentId = agent.agentId;
      agent.slots.set(chat.chatId, 'offered');
      this.#totals.leaveQueue(this.#chatQueue);
      this.#pacer(chat.group)?.chatStarted(chat.chatId, at);
      out.push({ type: 'toDesk', message: { type: 'chatOffer', agentId: agent.agentId, chatId: chat.chatId } });
      this.#agentChanged(agent, at, out);
    }
  }

  #agentChanged(agent: Agent, at: number, out: Effect[]): void {
    const group = this.#groupOf(agent.group);
    const before = group.slots.level;
    const slots = group.measure(at);
    if (slots !== before) this.#pacer(agent.group)?.setSlots(slots, at);
    const state = agentStateOf(agent);
    if (this.#lastStates.get(agent.agentId) === state) return;
    this.#lastStates.set(agent.agentId, state);
    out.push({ type: 'note', fact: { kind: 'agent', at, agentId: agent.agentId, group: agent.group, state } });
  }

  #pacer(group: string) {
    return this.#pacing.has(group) ? this.#pacing.of(group) : undefined;
  }

  #groupOf(name: string): AgentGroup {
    let group = this.groups.get(name);
    if (group === undefined) {
      group = new AgentGroup(name);
      this.groups.set(name, group);
    }
    return group;
  }

  #chat(chatId: string): Chat {
    return present(this.#chats.get(chatId), `chat ${chatId}`);
  }

  #agentOf(chat: Chat): Agent {
    return present(this.#agents.get(chat.agentId ?? ''), `agent of chat ${chat.chatId}`);
  }
}

function rowOf(chat: Chat, at: number) {
  return { kind: 'chat', id: chat.chatId, visitID: chat.visitID, state: chat.state, at } as const;
}

function noteChat(
  chat: Chat,
  state: 'queued' | 'started' | 'abandoned' | 'completed',
  at: number,
  out: Effect[],
): void {
  const until = state === 'completed' ? chat.startedAt : at;
  out.push({
    type: 'note',
    fact: {
      kind: 'chat',
      at,
      state,
      chatId: chat.chatId,
      visitID: chat.visitID,
      agentId: chat.agentId ?? null,
      waitMs: until - chat.queuedAt,
    },
  });
}

function tellVisitor(chat: Chat, state: ChatUpdate['state'], out: Effect[]): void {
  out.push({
    type: 'toBackend',
    message: { type: 'chatUpdate', visitID: chat.visitID, chatId: chat.chatId, state },
  });
}
