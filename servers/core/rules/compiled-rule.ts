/** A rule with what the engine needs to know of it, worked out once. */
import { assert, present } from '#core/assert.ts';
import { OpenCombinations } from './open-combinations.ts';
import { OpenCount } from './open-count.ts';
import { OpenSequences } from './open-sequences.ts';
import type { PartialMatches } from './partial-matches.ts';
import type { Condition, EventPattern, Guards, HotLeadAction, Rule, RulePackage } from './rule-package.ts';
import { orderPhases } from './phase-order.ts';

export interface CompiledRule {
  readonly rule: Rule;
  readonly package: RulePackage;
  /** Place of the package as given. */
  readonly packageOrdinal: number;
  /** Place in the order of evaluation. */
  readonly ordinal: number;
  /** One a step; a counter has one. */
  readonly patterns: readonly EventPattern[];
  /** Events that a match takes. */
  readonly needed: number;
  /** 0 for a singleton. */
  readonly withinMs: number;
  readonly hotLead: HotLeadAction;
  /** Null for a singleton, which is never half matched. */
  createPartials(): PartialMatches | null;
}

/** The rules that are on, in the order of their evaluation: phase, salience from high to low, package as given, place. */
export function compileEach(packages: readonly RulePackage[], openPartialsMax: number): readonly CompiledRule[] {
  const phases = orderPhases(packages.map((rulePackage) => rulePackage.phases));
  return packages
    .flatMap((rulePackage, packageOrdinal) =>
      rulePackage.rules.map((rule) => ({ rule, package: rulePackage, packageOrdinal })),
    )
    .filter(({ rule }) => rule.on)
    .toSorted(
      (a, b) =>
        phases.indexOf(a.rule.phase) - phases.indexOf(b.rule.phase) ||
        b.rule.salience - a.rule.salience ||
        a.packageOrdinal - b.packageOrdinal,
    )
    .map((placed, ordinal) => ({
      ...placed,
      ordinal,
      ...compileCondition(placed.rule.when, openPartialsMax),
      hotLead: present(
        placed.rule.actions.find((action) => action.kind === 'hotLead'),
        'hot lead among the actions of a rule',
      ),
    }));
}

type CompiledCondition = Pick<CompiledRule, 'patterns' | 'needed' | 'withinMs' | 'createPartials'>;

function compileCondition(when: Condition, openPartialsMax: number): CompiledCondition {
  switch (when.template) {
    case 'singleton':
      return { patterns: [when.event], needed: 1, withinMs: 0, createPartials: () => null };
    case 'counter':
      return {
        patterns: [when.event],
        needed: when.times,
        withinMs: when.withinMs,
        createPartials: () => new OpenCount(when.times, when.withinMs),
      };
    case 'sequence': {
      const { steps, withinMs } = when;
      const Open = when.select === 'first' ? OpenSequences : OpenCombinations;
      return {
        patterns: steps,
        needed: steps.length,
        withinMs,
        createPartials: () => new Open(steps.length, withinMs, openPartialsMax),
      };
    }
    default:
      assert(false, `no matcher for ${when.template}`);
  }
}

/** The longest cool-down of guards, 0 for none. */
export function coolDownOf(...guards: readonly Guards[]): number {
  return Math.max(0, ...guards.map((guard) => guard.coolDownMs ?? 0));
}
