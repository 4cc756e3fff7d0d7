/** Runs rule test files and sums them up: which cases hold, and which rules no case has made fire. */
import { compileCategories } from '#core/categories/category-matcher.ts';
import type { RuleTestCase } from '#protocol/rule-test.ts';
import { judgeRuleTest, type CaseFault } from './judge-rule-test.ts';
import type { LoadedRuleTests } from './load-rule-tests.ts';
import { runRuleTest, type CaseRun } from './run-rule-test.ts';

export interface CaseOutcome {
  readonly test: RuleTestCase;
  readonly run: CaseRun;
  /** None: the case holds. */
  readonly faults: readonly CaseFault[];
}

export interface FileOutcome {
  readonly tests: LoadedRuleTests;
  readonly cases: readonly CaseOutcome[];
}

export interface RuleName {
  readonly package: string;
  readonly rule: string;
}

export interface RuleTestsOutcome {
  readonly files: readonly FileOutcome[];
  readonly cases: number;
  readonly failed: number;
  /** Rules that are on, of all packages. */
  readonly rules: number;
  /** Those of them that fired in no case, in the order of the packages. */
  readonly neverFired: readonly RuleName[];
}

export function runRuleTests(loaded: readonly LoadedRuleTests[]): RuleTestsOutcome {
  const files = loaded.map(runFile);
  const cases = files.flatMap((file) => file.cases);
  const fired = new Set(cases.flatMap(({ run }) => run.leads.map(({ firing }) => keyOf(firing))));
  const rules = new Map<string, RuleName>();
  for (const { packages } of loaded) {
    for (const { name, rules: all } of packages) {
      for (const rule of all)
        if (rule.on) rules.set(keyOf({ package: name, rule: rule.name }), { package: name, rule: rule.name });
    }
  }
  return {
    files,
    cases: cases.length,
    failed: cases.filter(({ faults }) => faults.length > 0).length,
    rules: rules.size,
    neverFired: [...rules].flatMap(([key, rule]) => (fired.has(key) ? [] : [rule])),
  };
}

function runFile(tests: LoadedRuleTests): FileOutcome {
  const categories = compileCategories(tests.categories);
  const cases = tests.cases.map((test) => {
    const run = runRuleTest(test, tests.packages, categories);
    return { test, run, faults: judgeRuleTest(test, run) };
  });
  return { tests, cases };
}

function keyOf({ package: of, rule }: RuleName): string {
  return JSON.stringify([of, rule]);
}
