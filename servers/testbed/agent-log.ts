/**
 * What each agent has done so far: the strip of states and the share of time with a chat, for the screen and the
 * report.
 */
import type { Agent } from '#core/routing/agent.ts';
import { agentStateOf } from '#core/routing/agent.ts';
import type { AgentRow, AgentState } from '#protocol/run-feed.ts';

const STRIP_MAX = 200;

interface AgentHistory {
  strip: (readonly [number, AgentState])[];
  state: AgentState;
  sinceMs: number;
  /** Time with at least one chat or after-work, and time logged in without breaks. */
  busyMs: number;
  presentMs: number;
}

export class AgentLog {
  readonly #histories = new Map<string, AgentHistory>();

  stateChanged(agentId: string, state: AgentState, atMs: number): void {
    const known = this.#histories.get(agentId);
    if (known === undefined) {
      this.#histories.set(agentId, { strip: [[atMs, state]], state, sinceMs: atMs, busyMs: 0, presentMs: 0 });
      return;
    }
    settle(known, atMs);
    known.state = state;
    known.strip.push([atMs, state]);
    if (known.strip.length > 2 * STRIP_MAX) known.strip = known.strip.slice(-STRIP_MAX);
  }

  rows(agents: Iterable<Agent>, atMs: number): AgentRow[] {
    const rows: AgentRow[] = [];
    for (const agent of agents) {
      const history = this.#histories.get(agent.agentId);
      if (history !== undefined) settle(history, atMs);
      rows.push({
        id: agent.agentId,
        group: agent.group,
        state: agentStateOf(agent),
        chats: agent.slots.size,
        capacity: agent.capacity,
        served: agent.served,
        busyShare: history === undefined || history.presentMs === 0 ? 0 : history.busyMs / history.presentMs,
        strip: history?.strip.slice(-STRIP_MAX) ?? [],
      });
    }
    return rows;
  }
}

function settle(history: AgentHistory, atMs: number): void {
  const passed = atMs - history.sinceMs;
  history.sinceMs = atMs;
  const busy = history.state === 'busy' || history.state === 'afterWork';
  if (busy) history.busyMs += passed;
  if (busy || history.state === 'ready') history.presentMs += passed;
}
