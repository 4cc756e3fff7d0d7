/**
 * Which states a transition leaves and enters: the procedures of SCXML's appendix D, on numbers in document order.
 */
import type { Block, StateNode, Transition } from './scxml-document.ts';

/** What each history remembers. */
export type HistoryValues = ReadonlyMap<StateNode, readonly StateNode[]>;

export interface EntrySet {
  /** In document order. */
  readonly states: readonly StateNode[];
  /** Compound states that are entered by their default. */
  readonly byDefault: ReadonlySet<StateNode>;
  /** What default transitions of histories do, by the history's parent. */
  readonly historyContent: ReadonlyMap<StateNode, Block>;
}

export function isDescendant(state: StateNode, ancestor: StateNode): boolean {
  return state.order > ancestor.order && state.order <= ancestor.lastOrder;
}

export function isAtomic(state: StateNode): boolean {
  return state.children.length === 0;
}

export function isHistory(state: StateNode): boolean {
  return state.kind === 'shallowHistory' || state.kind === 'deepHistory';
}

/** From the parent up, without `upTo` and what lies above it. */
export function properAncestors(state: StateNode, upTo: StateNode | null): readonly StateNode[] {
  const ancestors: StateNode[] = [];
  for (let at = state.parent; at !== null && at !== upTo; at = at.parent) ancestors.push(at);
  return ancestors;
}

function effectiveTargets(transition: Transition, history: HistoryValues): ReadonlySet<StateNode> {
  const targets = new Set<StateNode>();
  for (const target of transition.targets) {
    if (!isHistory(target)) {
      targets.add(target);
      continue;
    }
    const remembered = history.get(target);
    const instead = remembered ?? (target.initial === null ? [] : effectiveTargets(target.initial, history));
    for (const state of instead) targets.add(state);
  }
  return targets;
}

/** The state within which all happens; null: a targetless transition leaves nothing. */
function transitionDomain(transition: Transition, history: HistoryValues): StateNode | null {
  const targets = [...effectiveTargets(transition, history)];
  const [first] = targets;
  if (first === undefined) return null;
  const { source } = transition;
  const compound = source.kind === 'scxml' || (source.kind === 'state' && !isAtomic(source));
  if (transition.internal && compound && targets.every((target) => isDescendant(target, source))) return source;
  const common = properAncestors(source, null).find(
    (ancestor) =>
      (ancestor.kind === 'state' || ancestor.kind === 'scxml') &&
      targets.every((target) => isDescendant(target, ancestor)),
  );
  // The initial transition of the document has the document itself as its source.
  return common ?? source;
}

export function exitSetOf(
  transitions: readonly Transition[],
  configuration: ReadonlySet<StateNode>,
  history: HistoryValues,
): ReadonlySet<StateNode> {
  const leaving = new Set<StateNode>();
  for (const transition of transitions) {
    if (transition.targets.length === 0) continue;
    const domain = transitionDomain(transition, history);
    if (domain === null) continue;
    for (const state of configuration) if (isDescendant(state, domain)) leaving.add(state);
  }
  return leaving;
}

export function entrySetOf(transitions: readonly Transition[], history: HistoryValues): EntrySet {
  const builder = new EntryBuilder(history);
  for (const transition of transitions) {
    for (const target of transition.targets) builder.addDescendants(target);
    const domain = transitionDomain(transition, history);
    for (const target of effectiveTargets(transition, history)) builder.addAncestors(target, domain);
  }
  return {
    states: inDocumentOrder(builder.states),
    byDefault: builder.byDefault,
    historyContent: builder.historyContent,
  };
}

class EntryBuilder {
  readonly states = new Set<StateNode>();
  readonly byDefault = new Set<StateNode>();
  readonly historyContent = new Map<StateNode, Block>();
  readonly #history: HistoryValues;

  constructor(history: HistoryValues) {
    this.#history = history;
  }

  addDescendants(state: StateNode): void {
    if (isHistory(state)) {
      this.#addHistory(state);
      return;
    }
    this.states.add(state);
    if (state.kind === 'parallel') this.#addRegions(state);
    else if (!isAtomic(state) && state.initial !== null) {
      this.byDefault.add(state);
      this.#addAll(state.initial.targets, state);
    }
  }

  addAncestors(state: StateNode, upTo: StateNode | null): void {
    for (const ancestor of properAncestors(state, upTo)) {
      if (ancestor.kind === 'scxml') continue;
      this.states.add(ancestor);
      if (ancestor.kind === 'parallel') this.#addRegions(ancestor);
    }
  }

  #addHistory(state: StateNode): void {
    const remembered = this.#history.get(state);
    if (remembered !== undefined) {
      this.#addAll(remembered, state.parent);
      return;
    }
    if (state.initial === null) return;
    if (state.parent !== null) this.historyContent.set(state.parent, state.initial.steps);
    this.#addAll(state.initial.targets, state.parent);
  }

  #addAll(targets: readonly StateNode[], upTo: StateNode | null): void {
    for (const target of targets) this.addDescendants(target);
    for (const target of targets) this.addAncestors(target, upTo);
  }

  #addRegions(parallel: StateNode): void {
    for (const region of parallel.children) {
      const entered = [...this.states].some((state) => isDescendant(state, region));
      if (!entered) this.addDescendants(region);
    }
  }
}

export function inDocumentOrder(states: Iterable<StateNode>): readonly StateNode[] {
  return [...states].sort((one, other) => one.order - other.order);
}

/** Whether a state has come to its end: a compound state in a final child, a parallel in all of its regions. */
export function isInFinalState(state: StateNode, configuration: ReadonlySet<StateNode>): boolean {
  if (state.kind === 'parallel') return state.children.every((child) => isInFinalState(child, configuration));
  return state.children.some((child) => child.kind === 'final' && configuration.has(child));
}
