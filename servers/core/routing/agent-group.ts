/**
 * An agent group and its waiting chats: who is offered the next chat. Least occupied first, among them the longest
 * idle, then the order of log-in.
 */
import { canTakeChat, isPresent, slotsOf, type Agent } from '#core/routing/agent.ts';

/** How full a group is. */
export interface GroupLevels {
  readonly busy: number;
  readonly slots: number;
  /** Agents with at least one chat, and agents logged in without breaks: occupancy is their ratio. */
  readonly occupied: number;
  readonly present: number;
}

export class AgentGroup {
  readonly name: string;
  readonly agents: Agent[] = [];
  /** Chats that wait, oldest first. */
  readonly waiting: string[] = [];
  levels: GroupLevels = { busy: 0, slots: 0, occupied: 0, present: 0 };

  constructor(name: string) {
    this.name = name;
  }

  /** The agent whom the next chat is offered to; undefined: all are taken. */
  nextAgent(): Agent | undefined {
    let best: Agent | undefined;
    for (const agent of this.agents) {
      if (!canTakeChat(agent)) continue;
      if (best === undefined || comesBefore(agent, best)) best = agent;
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
    if (was.busy === busy && was.slots === slots && was.occupied === occupied && was.present === present) return false;
    this.levels = { busy, slots, occupied, present };
    return true;
  }
}

function comesBefore(a: Agent, b: Agent): boolean {
  const difference = a.slots.size / a.capacity - b.slots.size / b.capacity;
  return difference < 0 || (difference === 0 && a.idleSince < b.idleSince);
}
