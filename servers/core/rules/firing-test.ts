/** What stands between a complete match and its firing besides the counting guards: `while`, `valid`, `hours` and holdout. */
import { createBusinessClock } from './business-clock.ts';
import { isHeldOut } from './holdout.ts';
import type { Rule, RulePackage } from './rule-package.ts';
import { compileStateTest, type StatePredicate, type TestContext } from './state-test.ts';

export interface FiringTest {
  /** `while`; null: whatever the visit's state. */
  readonly provided: StatePredicate | null;
  /** `valid` and `hours`. `at`: epoch ms. */
  isOpen(at: number): boolean;
  /** Of the rule or of its package. */
  isHeldOut(globalVisitID: string): boolean;
}

export function compileFiringTest(rule: Rule, of: RulePackage, context: TestContext): FiringTest {
  const { fromMs, toMs } = rule.valid;
  const inHours = rule.hours === null ? null : createBusinessClock(rule.hours);
  const holder = `${of.name}/${rule.name}`;
  return {
    provided: rule.provided === null ? null : compileStateTest(rule.provided, context),
    isOpen: (at) => at >= (fromMs ?? -Infinity) && at < (toMs ?? Infinity) && (inHours === null || inHours(at)),
    isHeldOut: (globalVisitID) =>
      isHeldOut(rule.guards.holdoutShare, holder, globalVisitID) ||
      isHeldOut(of.guards.holdoutShare, of.name, globalVisitID),
  };
}
