/**
 * How often a rule has fired in a scope, in one cell that comes with the first firing and stays as long as the scope:
 * its ordinal counts hot leads, its `more` the firings that were held back, its time is that of the last hot lead.
 */
import type { CompiledRule } from './compiled-rule.ts';
import { isSpent, NOTHING_FIRED, type GuardCount } from './guards.ts';
import type { PartialProgress } from './partial-matches.ts';
import type { RuleScope } from './rule-scope.ts';

/** How a rule stands in a visit, or for its browser or person. */
export interface RuleStanding {
  readonly made: GuardCount;
  /** Firings that made no hot lead because of a guard other than a maximum. */
  readonly heldBack: number;
  /** Of its open partial matches; null: it has none. */
  readonly progress: PartialProgress | null;
}

/** Hot leads that the rule has made. */
export function countFired({ cells }: RuleScope, rule: CompiledRule): number {
  const cell = cells.first(rule.tally);
  return cell === 0 ? 0 : cells.ordinalOf(cell);
}

/** Ms; -Infinity before the first hot lead. */
export function lastFiredAt({ cells }: RuleScope, rule: CompiledRule): number {
  const cell = cells.first(rule.tally);
  return cell === 0 ? -Infinity : cells.atOf(cell);
}

/** The rule's maximum is reached. */
export function isRuleSpent(scope: RuleScope, rule: CompiledRule): boolean {
  return rule.rule.guards.maxPerVisit !== null && isSpent(rule.rule.guards, countFired(scope, rule));
}

export function tallyHotLead(scope: RuleScope, rule: CompiledRule, at: number): void {
  const { cells } = scope;
  const cell = tallyOf(scope, rule);
  cells.setOrdinal(cell, cells.ordinalOf(cell) + 1);
  cells.setAt(cell, at);
}

export function tallyHeldBack(scope: RuleScope, rule: CompiledRule): void {
  const { cells } = scope;
  const cell = tallyOf(scope, rule);
  cells.setMore(cell, cells.moreOf(cell) + 1);
}

export function standingIn(scope: RuleScope | undefined, rule: CompiledRule, at: number): RuleStanding {
  if (scope === undefined) return { made: NOTHING_FIRED, heldBack: 0, progress: null };
  const { cells } = scope;
  const cell = cells.first(rule.tally);
  const progress = rule.open.progress(scope, at);
  if (cell === 0) return { made: NOTHING_FIRED, heldBack: 0, progress };
  const fired = cells.ordinalOf(cell);
  const made = { fired, lastFiredAt: cells.atOf(cell), spent: isSpent(rule.rule.guards, fired) };
  return { made, heldBack: cells.moreOf(cell), progress };
}

function tallyOf(scope: RuleScope, { tally }: CompiledRule): number {
  const { cells } = scope;
  const cell = cells.first(tally);
  if (cell !== 0) return cell;
  cells.reserve(1, scope.lastAt);
  return cells.add(tally, 0, -Infinity);
}
