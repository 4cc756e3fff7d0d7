/**
 * One agent as routing sees him: state, capacity and the chats that hold his slots. A slot is held from the offer until
 * after-work is done.
 */

/** `busy`: at least one chat; `afterWork`: only after-work left. */
export type AgentState = 'ready' | 'busy' | 'afterWork' | 'notReady' | 'loggedOut';

export type SlotState = 'offered' | 'talking' | 'afterWork';

export interface Agent {
  readonly agentId: string;
  group: string;
  capacity: number;
  /** Groups that he belongs to beside the one that paces him. */
  alsoIn: readonly string[];
  loggedIn: boolean;
  /** Was logged in before a restart, and has still time to come back: counts as present, is offered nothing. */
  awaited: boolean;
  /** Takes offers. A not-ready agent finishes the chats that he has. */
  ready: boolean;
  /** Why he is not ready, in his own words or ours. */
  reason: string | undefined;
  readonly slots: Map<string, SlotState>;
  /** When he last became ready or a chat of his ended. */
  idleSince: number;
  /** When he was last offered a chat. */
  offeredAt: number;
  served: number;
  /** The Backend that his desk spoke through last. */
  via: string;
}

export function createAgent(agentId: string, group: string, capacity: number, at: number, via: string): Agent {
  return {
    agentId,
    group,
    capacity,
    alsoIn: [],
    loggedIn: true,
    awaited: false,
    ready: true,
    reason: undefined,
    slots: new Map(),
    idleSince: at,
    offeredAt: 0,
    served: 0,
    via,
  };
}

export function agentStateOf(agent: Agent): AgentState {
  if (!agent.loggedIn) return 'loggedOut';
  if (agent.slots.size > 0) {
    for (const state of agent.slots.values()) if (state !== 'afterWork') return 'busy';
    return 'afterWork';
  }
  return agent.ready ? 'ready' : 'notReady';
}

export function canTakeChat(agent: Agent): boolean {
  return agent.loggedIn && agent.ready && agent.slots.size < agent.capacity;
}

/** Whether he stands behind all of his slots: ready at his desk, or expected back there any moment. */
export function isPresent({ loggedIn, awaited, ready }: Agent): boolean {
  return (loggedIn || awaited) && ready;
}

/** Slots that count as logged in: all of a present agent, only the held ones of one who is on a break or has left. */
export function slotsOf(agent: Agent): number {
  return isPresent(agent) ? Math.max(agent.capacity, agent.slots.size) : agent.slots.size;
}
