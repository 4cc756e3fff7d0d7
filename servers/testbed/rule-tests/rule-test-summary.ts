/** Rule tests for machines: every case with what came of it, and which rules fired in none. */
import { explainCase } from './rule-test-report.ts';
import type { CaseOutcome, RuleTestsOutcome } from './run-rule-tests.ts';

/** Times are ms since the start of the case. */
export function summarizeRuleTests(outcome: RuleTestsOutcome): object {
  const { files, cases, failed, rules, neverFired } = outcome;
  return {
    verdict: failed === 0 ? 'pass' : 'fail',
    cases,
    failed,
    files: files.map(({ tests, cases: ofFile }) => ({ file: tests.file, cases: ofFile.map(summarizeCase) })),
    coverage: { rules, neverFired },
  };
}

function summarizeCase(outcome: CaseOutcome): object {
  const { test, run, faults } = outcome;
  return {
    name: test.name,
    pass: faults.length === 0,
    firings: run.leads.map(({ firing, browserVisitID }) => ({
      rule: firing.rule,
      package: firing.package,
      visit: browserVisitID,
      atMs: firing.at - test.startsAt,
      matched: firing.matchedEvents,
      values: firing.values,
    })),
    faults,
    explanation: faults.length === 0 ? [] : explainCase(outcome),
  };
}
