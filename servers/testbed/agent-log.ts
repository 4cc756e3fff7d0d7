/**
 * What each agent has done so far: the strip of states and the share of time with a chat, for the screen and the
 * report.
 */
import type { Fact } from '#core/statistics/fact.ts';
import type { AgentRow, AgentState } from '#protocol/run-feed.ts';

const STRIP_MAX = 200;

type AgentFact = Extract<Fact, { kind: 'agent' }>;

interface AgentHistory {
  /** What was last heard of the agent. */
  latest: AgentFact;
  strip: (readonly [number, AgentState])[];
  sinceMs: number;
  /** Time with at least one chat or after-work, and time logged in without breaks. */
  busyMs: number;
  presentMs: number;
}

export class AgentLog {
  readonly #histories = new Map<string, AgentHistory>();

  /** `atMs`: when it was, since the start of the run. */
  observe(fact: AgentFact, atMs: number): void {
    const known = this.#histories.get(fact.agentId);
    if (known === undefined) {
      const strip = [[atMs, fact.state] as const];
      this.#histories.set(fact.agentId, { latest: fact, strip, sinceMs: atMs, busyMs: 0, presentMs: 0 });
      return;
    }
    settle(known, atMs);
    if (known.latest.state !== fact.state) known.strip.push([atMs, fact.state]);
    known.latest = fact;
    if (known.strip.length > 2 * STRIP_MAX) known.strip = known.strip.slice(-STRIP_MAX);
  }

  /** In the order in which the agents were first heard of. */
  rows(atMs: number): AgentRow[] {
    const rows: AgentRow[] = [];
    for (const history of this.#histories.values()) {
      settle(history, atMs);
      const { agentId, group, state, reason, chats, capacity, served } = history.latest;
      rows.push({
        id: agentId,
        group,
        state,
        reason,
        chats,
        capacity,
        served,
        busyShare: history.presentMs === 0 ? 0 : history.busyMs / history.presentMs,
        strip: history.strip.slice(-STRIP_MAX),
      });
    }
    return rows;
  }
}

function settle(history: AgentHistory, atMs: number): void {
  const passed = atMs - history.sinceMs;
  history.sinceMs = atMs;
  const { state } = history.latest;
  const busy = state === 'busy' || state === 'afterWork';
  if (busy) history.busyMs += passed;
  if (busy || state === 'ready') history.presentMs += passed;
}
