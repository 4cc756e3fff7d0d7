/** Phases of several packages in one order, in which rules are evaluated. */

/**
 * The packages' phases, each once. The first package's list stands as it is; what a later one adds comes right before the
 * next phase of its own list, or last where there is none. Where lists disagree the earlier package wins.
 */
export function orderPhases(lists: readonly (readonly string[])[]): readonly string[] {
  const order: string[] = [];
  for (const phases of lists) {
    for (let i = phases.length - 1; i >= 0; i -= 1) {
      const phase = phases[i];
      if (phase === undefined || order.includes(phase)) continue;
      const next = phases[i + 1];
      order.splice(next === undefined ? order.length : order.indexOf(next), 0, phase);
    }
  }
  return order;
}
