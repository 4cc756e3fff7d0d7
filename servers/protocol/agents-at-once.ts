/** How many agents of a group are there at once, by its shifts: what an algorithm's range is about. */
import type { AgentGroup } from '#protocol/scenario.ts';

export function agentsAtOnceMax({ agents, shifts = [] }: AgentGroup): number {
  const beginnings = shifts.map(({ from }) => from);
  const atOnce = beginnings.map((atMs) =>
    shifts.reduce((sum, { agents: many, from, to = Infinity }) => (from <= atMs && atMs < to ? sum + many : sum), 0),
  );
  return agents + Math.max(0, ...atOnce);
}
