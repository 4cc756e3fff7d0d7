/** Which transitions an event enables, and which of them win where they conflict (SCXML's appendix D). */
import { matchesEvent } from './event-descriptor.ts';
import type { StateNode, Transition } from './scxml-document.ts';
import { exitSetOf, inDocumentOrder, isAtomic, isDescendant, type HistoryValues } from './state-sets.ts';

/** The optimal set for an event's name; null: for none, the eventless ones. */
export function selectTransitions(
  configuration: ReadonlySet<StateNode>,
  history: HistoryValues,
  event: string | null,
  holds: (transition: Transition) => boolean,
): readonly Transition[] {
  const enabled = new Set<Transition>();
  for (const state of inDocumentOrder([...configuration].filter(isAtomic))) {
    const found = firstEnabled(state, event, holds);
    if (found !== undefined) enabled.add(found);
  }
  return enabled.size <= 1 ? [...enabled] : withoutConflicts([...enabled], configuration, history);
}

function firstEnabled(
  atomic: StateNode,
  event: string | null,
  holds: (transition: Transition) => boolean,
): Transition | undefined {
  for (let state: StateNode | null = atomic; state !== null; state = state.parent) {
    for (const transition of state.transitions) {
      const named = event === null ? transition.events.length === 0 : matchesEvent(transition.events, event);
      if (named && holds(transition)) return transition;
    }
  }
  return undefined;
}

/** Of two that leave the same state the one from further down wins, else the earlier one. */
function withoutConflicts(
  enabled: readonly Transition[],
  configuration: ReadonlySet<StateNode>,
  history: HistoryValues,
): readonly Transition[] {
  const kept = new Map<Transition, ReadonlySet<StateNode>>();
  for (const transition of enabled) {
    const leaving = exitSetOf([transition], configuration, history);
    const beaten: Transition[] = [];
    let preempted = false;
    for (const [other, alsoLeaving] of kept) {
      if (![...leaving].some((state) => alsoLeaving.has(state))) continue;
      if (isDescendant(transition.source, other.source)) beaten.push(other);
      else {
        preempted = true;
        break;
      }
    }
    if (preempted) continue;
    for (const other of beaten) kept.delete(other);
    kept.set(transition, leaving);
  }
  return [...kept.keys()];
}
