/** An agent's states over time as shapes: one path a state, so that a strip is five elements however long it is. */
import type { AgentRow, AgentState } from '#protocol/run-feed.ts';
import type { TimeSpan } from '#renderer/view/time-window.ts';

export const AGENT_STATES: readonly AgentState[] = ['busy', 'afterWork', 'ready', 'notReady', 'loggedOut'];

export const AGENT_STATE_LABELS: Readonly<Record<AgentState, string>> = {
  busy: 'in chat',
  afterWork: 'after-work',
  ready: 'ready',
  notReady: 'not ready',
  loggedOut: 'logged out',
};

/** Share of the strip's height: states differ by shape, not by colour alone. */
const HEIGHTS: Readonly<Record<AgentState, number>> = {
  busy: 1,
  afterWork: 0.62,
  ready: 0.2,
  notReady: 0.38,
  loggedOut: 0,
};

export interface StripPath {
  readonly state: AgentState;
  readonly d: string;
}

/** Paths in a box of `width` x `height`; the newest state reaches to `nowMs`. */
export function stripPaths(
  strip: AgentRow['strip'],
  span: TimeSpan,
  nowMs: number,
  width: number,
  height: number,
): readonly StripPath[] {
  const paths = new Map<AgentState, string>();
  const scale = width / (span.toMs - span.fromMs);
  strip.forEach(([sinceMs, state], index) => {
    const begin = Math.max(sinceMs, span.fromMs);
    const end = Math.min(strip[index + 1]?.[0] ?? nowMs, span.toMs);
    const tall = HEIGHTS[state] * height;
    if (end <= begin || tall === 0) return;
    const x = (begin - span.fromMs) * scale;
    const wide = Math.max((end - begin) * scale, 0.5);
    const piece = `M${x.toFixed(1)} ${height}h${wide.toFixed(1)}v${(-tall).toFixed(1)}h${(-wide).toFixed(1)}z`;
    paths.set(state, (paths.get(state) ?? '') + piece);
  });
  return [...paths].map(([state, d]) => ({ state, d }));
}

export interface AgentGroupRows {
  readonly name: string;
  readonly agents: readonly AgentRow[];
  readonly slots: number;
  readonly busySlots: number;
  readonly byState: Readonly<Record<AgentState, number>>;
}

export function groupAgents(agents: readonly AgentRow[]): readonly AgentGroupRows[] {
  const names = [...new Set(agents.map((agent) => agent.group))];
  return names.map((name) => {
    const members = agents.filter((agent) => agent.group === name);
    const byState = { busy: 0, afterWork: 0, ready: 0, notReady: 0, loggedOut: 0 };
    for (const agent of members) byState[agent.state] += 1;
    return {
      name,
      agents: members,
      slots: members.reduce((sum, agent) => sum + agent.capacity, 0),
      busySlots: members.reduce((sum, agent) => sum + agent.chats, 0),
      byState,
    };
  });
}
