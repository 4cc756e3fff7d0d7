/**
 * What the rules remember of one visit: for each rule that one of its events began to match a slot, and what the guards count.
 * Nothing is allocated before it is needed: most visits touch few rules.
 */
import type { PartialMatches } from './partial-matches.ts';
import type { RecentEvents } from './recent-events.ts';

/** One rule, or the guards of one package, in one visit. */
export interface GuardCount {
  /** Hot leads made. */
  fired: number;
  /** Time of the last one, ms; -Infinity before the first. */
  lastFiredAt: number;
  /** Its maximum is reached: nothing is matched any more. */
  spent: boolean;
}

export interface RuleSlot extends GuardCount {
  /** Firings that made no hot lead because of a cool-down. */
  heldBack: number;
  /** None of its open partial matches ends before this, ms. */
  nextExpiry: number;
  /** Null for a singleton, which has none. */
  readonly partials: PartialMatches | null;
}

/** Belongs to the CompiledRules that created it. Only they write to it. */
export interface VisitRuleState {
  /** Latest time seen, ms; -Infinity before the first event. */
  lastAt: number;
  /** No open partial match ends before this, ms. */
  nextExpiry: number;
  /** All packages are spent. */
  spent: boolean;
  /** By the rule's ordinal. */
  slots: (RuleSlot | undefined)[] | null;
  /** By the package's ordinal. */
  packages: GuardCount[] | null;
  recent: RecentEvents | null;
}

export function createVisitRuleState(): VisitRuleState {
  return { lastAt: -Infinity, nextExpiry: Infinity, spent: false, slots: null, packages: null, recent: null };
}

export function createGuardCount(): GuardCount {
  return { fired: 0, lastFiredAt: -Infinity, spent: false };
}

export function createRuleSlot(partials: PartialMatches | null): RuleSlot {
  return { fired: 0, lastFiredAt: -Infinity, spent: false, heldBack: 0, nextExpiry: Infinity, partials };
}

/** How many partial matches are open in the visit, over all rules. */
export function countOpenPartials(state: VisitRuleState): number {
  return (state.slots ?? []).reduce((open, slot) => open + (slot?.partials?.count() ?? 0), 0);
}

/** How many were given up because a rule had too many, over all rules. */
export function countDroppedPartials(state: VisitRuleState): number {
  return (state.slots ?? []).reduce((dropped, slot) => dropped + (slot?.partials?.dropped ?? 0), 0);
}
