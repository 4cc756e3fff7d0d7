/**
 * Chats, agents and groups as they are now, and what every change of them entails: its row, its fact, and the number of
 * slots for pacing. Who does what to whom is decided by the desks above it.
 */
import { present } from '#core/assert.ts';
import type { GroupRules } from '#core/contact-center-settings.ts';
import type { Effect } from '#core/effects.ts';
import type { ChangedRows } from '#core/engagement/changed-rows.ts';
import type { GroupCapacity } from '#core/pacing/pacing-inquiry.ts';
import type { PacerRoom } from '#core/pacing/pacer-snapshot.ts';
import type { PacingDesk } from '#core/pacing/pacing-desk.ts';
import { agentStateOf, canTakeChat, type Agent } from '#core/routing/agent.ts';
import { AgentGroup } from '#core/routing/agent-group.ts';
import { isAtRisk, isReactive, type Chat } from '#core/routing/chat.ts';
import { rowOfAgent, rowOfChat, type ChatRow } from '#core/routing/chat-messages.ts';
import type { Fact } from '#core/statistics/fact.ts';

type AgentFact = Extract<Fact, { kind: 'agent' }>;

export class ChatRoom {
  readonly groups = new Map<string, AgentGroup>();
  readonly agents = new Map<string, Agent>();
  readonly chats = new Map<string, Chat>();
  /** The chat that a visit waits for or talks in. */
  readonly chatByVisit = new Map<string, Chat>();
  /** The callback that a visit has asked for and that has not ended. */
  readonly callbackByVisit = new Map<string, Chat>();
  readonly pacing: PacingDesk;
  readonly #rows: ChangedRows;
  readonly #rules: readonly GroupRules[];
  /** What was last noted of each agent. */
  readonly #noted = new Map<string, AgentFact>();

  /** `groups` are there from the start, whether anybody logs in or not; `rules`: of those that have their own. */
  constructor(groups: readonly string[], rules: readonly GroupRules[], pacing: PacingDesk, rows: ChangedRows) {
    this.pacing = pacing;
    this.#rows = rows;
    this.#rules = rules;
    for (const name of groups) this.groupOf(name);
  }

  groupOf(name: string): AgentGroup {
    let group = this.groups.get(name);
    if (group === undefined) {
      const rules = this.#rules.find((one) => one.name === name);
      group = new AgentGroup(rules ?? { name, routing: 'leastOccupied', ringMs: null, whenMissed: 'notReady' });
      this.groups.set(name, group);
    }
    return group;
  }

  chat(chatId: string): Chat {
    return present(this.chats.get(chatId), `chat ${chatId}`);
  }

  agentOf(chat: Chat): Agent {
    return present(this.agents.get(chat.agentId ?? ''), `agent of chat ${chat.chatId}`);
  }

  /** How many slots a group has, how many of its chats hold one, and which wait; reactive ones and those not at risk apart. */
  pacedChats(name: string): Omit<PacerRoom, 'pending'> {
    const { levels, waiting } = this.groupOf(name);
    const asksHimself = (chatId: string): boolean => isReactive(this.chat(chatId));
    let busy = 0;
    const reactiveBusy: string[] = [];
    const safe = waiting.filter((chatId) => !isAtRisk(this.chat(chatId)));
    for (const chat of this.chats.values()) {
      if (chat.group !== name || chat.agentId === undefined) continue;
      if (!isAtRisk(chat)) safe.push(chat.chatId);
      if (isReactive(chat)) reactiveBusy.push(chat.chatId);
      else busy += 1;
    }
    const room = {
      slots: levels.slots,
      busy,
      queued: waiting.filter((chatId) => !asksHimself(chatId)),
      ...(safe.length === 0 ? {} : { safe }),
    };
    const reactiveQueued = waiting.filter(asksHimself);
    if (reactiveBusy.length + reactiveQueued.length === 0) return room;
    return { ...room, reactive: { busy: reactiveBusy, queued: reactiveQueued } };
  }

  /** Slots of a group that are logged in, and those that could take a chat now. */
  capacityOf(name: string): GroupCapacity {
    const { agents, levels } = this.groupOf(name);
    const free = agents.reduce((sum, agent) => sum + (canTakeChat(agent) ? agent.capacity - agent.slots.size : 0), 0);
    return { name, slots: levels.slots, free };
  }

  addAgent(agent: Agent): void {
    this.agents.set(agent.agentId, agent);
    this.groupOf(agent.group).agents.push(agent);
  }

  moveAgent(agent: Agent, group: string, at: number, out: Effect[]): void {
    const { agents } = this.groupOf(agent.group);
    agents.splice(agents.indexOf(agent), 1);
    this.#measure(agent.group, at, out);
    agent.group = group;
    this.groupOf(group).agents.push(agent);
  }

  /** To be stored: the chat as it is now, or that it is over. */
  chatChanged(chat: Chat, at: number, over?: Exclude<ChatRow['state'], Chat['state']>): void {
    this.#rows.put(rowOfChat(chat, over ?? chat.state, at));
  }

  /** To be stored: the agent as he is now. */
  agentChanged(agent: Agent, at: number): void {
    this.#rows.put(rowOfAgent(agent, at));
  }

  /** Call after each change of an agent's state or slots. */
  slotsChanged(agent: Agent, at: number, out: Effect[]): void {
    this.#measure(agent.group, at, out);
    const { agentId, group, capacity, served } = agent;
    const state = agentStateOf(agent);
    const { reason = null } = agent;
    const chats = agent.slots.size;
    const last = this.#noted.get(agentId);
    if (
      last?.state === state &&
      last.reason === reason &&
      last.chats === chats &&
      last.served === served &&
      last.capacity === capacity &&
      last.group === group
    )
      return;
    const before = last?.state ?? null;
    const other = this.#alsoPaced(agent);
    const twice = other === undefined ? {} : { alsoPacedIn: other };
    const fact: AgentFact = {
      kind: 'agent',
      at,
      agentId,
      group,
      before,
      state,
      reason,
      chats,
      capacity,
      served,
      ...twice,
    };
    this.#noted.set(agentId, fact);
    out.push({ type: 'note', fact });
  }

  /** Tells the levels of all groups, whether they have changed or not. */
  noteLevels(at: number, out: Effect[]): void {
    for (const group of this.groups.values()) out.push({ type: 'note', fact: slotsFact(group, at) });
  }

  /** Another group of his channel that the agent says he is in: pacing counts him in one. */
  #alsoPaced({ group, alsoIn }: Agent): string | undefined {
    const channel = this.pacing.channelOf(group);
    if (channel === undefined) return undefined;
    return alsoIn.find((other) => other !== group && this.pacing.channelOf(other) === channel);
  }

  #measure(name: string, at: number, out: Effect[]): void {
    const group = this.groupOf(name);
    const before = group.levels.slots;
    if (!group.measure()) return;
    const { slots } = group.levels;
    if (slots !== before) this.pacing.setSlots(name, slots, at);
    out.push({ type: 'note', fact: slotsFact(group, at) });
  }
}

function slotsFact({ name, levels }: AgentGroup, at: number): Extract<Fact, { kind: 'slots' }> {
  const { reactive, ...others } = levels;
  return { kind: 'slots', at, group: name, ...others, ...(reactive > 0 ? { reactive } : {}) };
}
