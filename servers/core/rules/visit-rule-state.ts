/**
 * What the rules remember of one visit: for each rule that one of its events began to match a slot, and what the guards count.
 * Nothing is allocated before it is needed: most visits touch few rules.
 */
import type { CompiledRule } from './compiled-rule.ts';
import { isWaiting, type PartialMatches, type WaitingMatches } from './partial-matches.ts';
import type { RecentEvents } from './recent-events.ts';
import type { VisitFacts } from './visit-facts.ts';
import type { WakeQueue } from './wake-queue.ts';

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
  readonly rule: CompiledRule;
  /** Firings that made no hot lead because of a guard other than a maximum. */
  heldBack: number;
  /** When it is looked at for what expires, ms: none of its open partial matches ends before. Infinity: never. */
  expiresAt: number;
  /** When it is looked at for waits that end, ms: none ends before. Infinity: never. */
  wakesAt: number;
  /** Null for a singleton, which has none. */
  readonly partials: PartialMatches | null;
  /** The same, where the rule waits. */
  readonly waiting: WaitingMatches | null;
}

/** Whose events are matched together: a visit, a browser or a person. */
export interface RuleScope {
  /** Latest time seen, ms; -Infinity before the first event. */
  lastAt: number;
  /** Events that concerned a rule. */
  arrived: number;
  /** By the rule's ordinal. */
  slots: (RuleSlot | undefined)[] | null;
  /** Slots by `expiresAt`. */
  expiring: WakeQueue<RuleSlot> | null;
  /** Slots by `wakesAt`. */
  waking: WakeQueue<RuleSlot> | null;
}

/** Belongs to the CompiledRules that created it. Only they write to it. */
export interface VisitRuleState extends RuleScope {
  readonly facts: VisitFacts;
  /** Who the visitor is as the last event told that did. */
  identity: string | undefined;
  /** All packages are spent. */
  spent: boolean;
  /** By the package's ordinal. */
  packages: GuardCount[] | null;
  recent: RecentEvents | null;
  /** When each pattern of a `seen` test was last seen, ms, by its place; undefined: not yet. */
  seenAt: (number | undefined)[] | null;
}

export function createRuleScope(): RuleScope {
  return { lastAt: -Infinity, arrived: 0, slots: null, expiring: null, waking: null };
}

export function createVisitRuleState(facts: VisitFacts): VisitRuleState {
  return {
    lastAt: -Infinity,
    arrived: 0,
    slots: null,
    expiring: null,
    waking: null,
    facts,
    identity: undefined,
    spent: false,
    packages: null,
    recent: null,
    seenAt: null,
  };
}

export function createGuardCount(): GuardCount {
  return { fired: 0, lastFiredAt: -Infinity, spent: false };
}

export function createRuleSlot(rule: CompiledRule): RuleSlot {
  const partials = rule.isSingleton ? null : rule.createPartials();
  return {
    fired: 0,
    lastFiredAt: -Infinity,
    spent: false,
    rule,
    heldBack: 0,
    expiresAt: Infinity,
    wakesAt: Infinity,
    partials,
    waiting: partials !== null && isWaiting(partials) ? partials : null,
  };
}

/** How many partial matches are open in the visit, over all rules. */
export function countOpenPartials(scope: RuleScope): number {
  return (scope.slots ?? []).reduce((open, slot) => open + (slot?.partials?.count() ?? 0), 0);
}

/** How many were given up because a rule had too many, over all rules. */
export function countDroppedPartials(scope: RuleScope): number {
  return (scope.slots ?? []).reduce((dropped, slot) => dropped + (slot?.partials?.dropped ?? 0), 0);
}
