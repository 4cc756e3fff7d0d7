/**
 * An agent group and its waiting chats: who is offered a chat, by the group's rule, among equals in the order of log-in.
 */
import { CALLBACK_DELIVERY_GROUP, type GroupRules } from '#core/contact-center-settings.ts';
import { canTakeChat, isPresent, slotsOf, type Agent } from '#core/routing/agent.ts';
import type { Chat } from '#core/routing/chat.ts';

/** How full a group is. */
export interface GroupLevels {
  readonly busy: number;
  readonly slots: number;
  /** Agents with at least one chat, and agents logged in without breaks: occupancy is their ratio. */
  readonly occupied: number;
  readonly present: number;
  /** Slots held by reactive chats. */
  readonly reactive: number;
}

export class AgentGroup {
  readonly name: string;
  readonly rules: GroupRules;
  readonly agents: Agent[] = [];
  /** Chats that wait, oldest first. */
  readonly waiting: string[] = [];
  /** Reactive chats that hold a slot. */
  reactiveHeld = 0;
  levels: GroupLevels = { busy: 0, slots: 0, occupied: 0, present: 0, reactive: 0 };

  constructor(rules: GroupRules) {
    this.name = rules.name;
    this.rules = rules;
  }

  get hasFreeAgent(): boolean {
    return this.agents.some(canTakeChat);
  }

  /**
   * The agent whom the chat is offered to; undefined: it waits. Those who have refused it are passed over as long as
   * anybody else is there, free or not.
   */
  nextAgent({ refusedBy, forAgent, callback }: Pick<Chat, 'refusedBy' | 'forAgent' | 'callback'>): Agent | undefined {
    const wanted = this.agents.find(({ agentId }) => agentId === forAgent);
    if (wanted !== undefined && isPresent(wanted)) return canTakeChat(wanted) ? wanted : undefined;
    const allRefused =
      refusedBy.length > 0 && this.agents.every((one) => !isPresent(one) || hasRefused(one, refusedBy));
    let best: Agent | undefined;
    for (const agent of this.agents) {
      if (callback !== undefined && !agent.alsoIn.includes(CALLBACK_DELIVERY_GROUP)) continue;
      if (!canTakeChat(agent) || (!allRefused && hasRefused(agent, refusedBy))) continue;
      if (best === undefined || this.#comesBefore(agent, best)) best = agent;
    }
    return best;
  }

  /** Call after each change of an agent's state or slots. Returns whether the levels have changed. */
  measure(): boolean {
    let busy = 0;
    let slots = 0;
    let occupied = 0;
    let present = 0;
    for (const agent of this.agents) {
      const held = agent.slots.size;
      busy += held;
      slots += slotsOf(agent);
      if (held > 0) occupied += 1;
      if (held > 0 || isPresent(agent)) present += 1;
    }
    const was = this.levels;
    const reactive = this.reactiveHeld;
    const isSame =
      was.busy === busy &&
      was.slots === slots &&
      was.occupied === occupied &&
      was.present === present &&
      was.reactive === reactive;
    if (isSame) return false;
    this.levels = { busy, slots, occupied, present, reactive };
    return true;
  }

  #comesBefore(a: Agent, b: Agent): boolean {
    if (this.rules.routing === 'longestIdle') return restingSince(a) < restingSince(b);
    const difference = a.slots.size / a.capacity - b.slots.size / b.capacity;
    return difference < 0 || (difference === 0 && a.idleSince < b.idleSince);
  }
}

function restingSince({ idleSince, offeredAt }: Agent): number {
  return Math.max(idleSince, offeredAt);
}

function hasRefused({ agentId }: Agent, refusedBy: readonly string[]): boolean {
  return refusedBy.includes(agentId);
}
