/** A rule with what the engine needs to know of it, worked out once. */
import { present } from '#core/assert.ts';
import { compileCondition, type CompiledCondition } from './compile-condition.ts';
import { compileFiringTest, type FiringTest } from './firing-test.ts';
import type { Action, Guards, Rule, RulePackage } from './rule-package.ts';
import type { RuleMemory } from './rule-memory.ts';
import type { TestContext } from './state-test.ts';

export interface CompiledRule extends CompiledCondition {
  readonly rule: Rule;
  readonly package: RulePackage;
  /** Place of the package as given. */
  readonly packageOrdinal: number;
  /** Place in the order of evaluation. */
  readonly ordinal: number;
  /** Every event that fits fires, and nothing is ever half matched. */
  readonly isSingleton: boolean;
  /** The key of its cell that counts firings. */
  readonly tally: number;
  readonly firingTest: FiringTest;
  readonly action: Action;
}

/**
 * The rules that are on, in the order of their evaluation: phase, salience from high to low, package as given, place. What their
 * state tests ask to have been seen is added to `context`.
 */
export function compileEach(
  packages: readonly RulePackage[],
  phases: readonly string[],
  openPartialsMax: number,
  context: TestContext,
  memory: RuleMemory,
): readonly CompiledRule[] {
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
      ...compileCondition(placed.rule.when, { memory, ruleOrdinal: ordinal, openMax: openPartialsMax }),
      isSingleton: placed.rule.when.template === 'singleton',
      tally: memory.allot(1, { keptMs: Infinity, holds: 'nothing', wait: null }),
      firingTest: compileFiringTest(placed.rule, placed.package, context),
      action: present(placed.rule.actions[0], 'action of a rule'),
    }));
}

/** The longest cool-down of guards, 0 for none. */
export function coolDownOf(...guards: readonly Guards[]): number {
  return Math.max(0, ...guards.map((guard) => guard.coolDownMs ?? 0));
}
