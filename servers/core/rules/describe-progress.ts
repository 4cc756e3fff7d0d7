/** How far each rule is for one visit: what has matched, what is missing, until when, and what holds it back. */
import type { CompiledRule } from './compiled-rule.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { describeMissing } from './describe-missing.ts';
import { describeDuration } from '#core/plain-words.ts';
import type { GuardCount } from './guards.ts';
import type { RuleStanding } from './rule-tally.ts';
import type { VisitRuleState } from './visit-rule-state.ts';

export interface RuleProgress {
  readonly rule: string;
  readonly package: string;
  /** `idle`: nothing matched; `open`: partly matched; `coolingDown`: a firing would make no hot lead; `spent`: not matched any more. */
  readonly state: 'idle' | 'open' | 'coolingDown' | 'spent';
  /** Events that the most advanced partial match has, of `needed`. */
  readonly done: number;
  readonly needed: number;
  /** What must come next, as the end of "the visitor ..."; null when spent. */
  readonly missing: string | null;
  /** Last moment (ms) for it, or for the end of a cool-down; null where there is none. */
  readonly until: number | null;
  /** Hot leads made in this visit. */
  readonly fired: number;
  /** Firings that made none, by `valid`, `hours`, a cool-down or as held out. */
  readonly heldBack: number;
  /** All this in one sentence. */
  readonly sentence: string;
}

/** One entry for each rule that is on, in the order of evaluation, as it stands at `at` (ms, not before the visit's last event). */
export function describeProgress(rules: CompiledRules, state: VisitRuleState, at: number): readonly RuleProgress[] {
  return rules.rules.map((compiled) => describeOne(compiled, rules.standingOf(state, compiled, at), state, at));
}

function describeOne(compiled: CompiledRule, standing: RuleStanding, state: VisitRuleState, at: number): RuleProgress {
  const { rule, package: rulePackage } = compiled;
  const ofPackage = state.packages?.[compiled.packageOrdinal];
  const { progress: partial, made } = standing;
  const needed = partial?.needed ?? compiled.needed;
  const facts = {
    rule: rule.name,
    package: rulePackage.name,
    needed,
    fired: made.fired,
    heldBack: standing.heldBack,
  };
  if (made.spent || ofPackage?.spent === true) {
    const whose = made.spent ? 'its' : "its package's";
    const sentence = `Spent: ${whose} hot leads of this visit are made.`;
    return { ...facts, state: 'spent', done: 0, missing: null, until: null, sentence };
  }
  const done = partial?.done ?? 0;
  const missing = describeMissing(rule.when, partial);
  const coolUntil = Math.max(
    coolingUntil(rule.guards.coolDownMs, made),
    coolingUntil(rulePackage.guards.coolDownMs, ofPackage),
  );
  const matched = partial === null ? `0 of ${needed}` : `${done} of ${needed}`;
  if (coolUntil >= at) {
    const sentence = `${matched}; cools down for ${describeDuration(coolUntil - at)} more.`;
    return { ...facts, state: 'coolingDown', done, missing, until: coolUntil, sentence };
  }
  if (partial === null) {
    return {
      ...facts,
      state: 'idle',
      done,
      missing,
      until: null,
      sentence: `${matched}; waits until the visitor ${missing}.`,
    };
  }
  const left = describeDuration(partial.until - at);
  const sentence = `${matched}; missing: the visitor ${missing}, ${left} left.`;
  return { ...facts, state: 'open', done, missing, until: partial.until, sentence };
}

/** -Infinity where nothing cools down. */
function coolingUntil(coolDownMs: number | null, made: GuardCount | undefined): number {
  return coolDownMs === null || made === undefined ? -Infinity : made.lastFiredAt + coolDownMs;
}
