/**
 * An agent group and its waiting chats: who is offered the next chat. Least occupied first, among them the longest
 * idle, then the order of log-in.
 */
import { canTakeChat, slotsOf, type Agent } from '#core/routing/agent.ts';
import { TimeIntegral } from '#core/statistics/time-integral.ts';

export class AgentGroup {
  readonly name: string;
  readonly agents: Agent[] = [];
  /** Chats that wait, oldest first. */
  readonly waiting: string[] = [];
  readonly busySlots = new TimeIntegral();
  readonly slots = new TimeIntegral();
  /** Agents with at least one chat, and agents logged in without breaks: occupancy is their ratio. */
  readonly occupiedAgents = new TimeIntegral();
  readonly presentAgents = new TimeIntegral();

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

  /** Call after each change of an agent's state or slots. Returns the number of slots. */
  measure(at: number): number {
    let busy = 0;
    let slots = 0;
    let occupied = 0;
    let present = 0;
    for (const agent of this.agents) {
      const held = agent.slots.size;
      busy += held;
      slots += slotsOf(agent);
      if (held > 0) occupied += 1;
      if (held > 0 || (agent.loggedIn && agent.ready)) present += 1;
    }
    this.busySlots.set(busy, at);
    this.slots.set(slots, at);
    this.occupiedAgents.set(occupied, at);
    this.presentAgents.set(present, at);
    return slots;
  }
}

function comesBefore(a: Agent, b: Agent): boolean {
  const difference = a.slots.size / a.capacity - b.slots.size / b.capacity;
  return difference < 0 || (difference === 0 && a.idleSince < b.idleSince);
}
