/** Rule tests as JUnit: a suite a file, a case a case, with what failed and why, in the form of reporters/junit-report.ts. */
import { element, escapeXml, property } from '#testbed/reporters/junit-report.ts';
import { describeCoverage, explainCase } from './rule-test-report.ts';
import type { CaseOutcome, FileOutcome, RuleTestsOutcome } from './run-rule-tests.ts';

/** The whole file; `wallMs` is what all of them took. */
export function renderRuleTestsJunit(outcome: RuleTestsOutcome, wallMs: number): string {
  const counts = { tests: outcome.cases, failures: outcome.failed, errors: 0, skipped: 0 };
  const suites = outcome.files.map((file, index) => renderSuite(file, index === 0 ? describeRun(outcome) : []));
  const time = (wallMs / 1_000).toFixed(3);
  const document = element('testsuites', { name: 'engage rules test', ...counts, time }, suites);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document}\n`;
}

/** Coverage is of all files together: it stands in the first suite. */
function describeRun(outcome: RuleTestsOutcome): readonly string[] {
  const neverFired = outcome.neverFired.map(({ package: of, rule }) => `${of}: ${rule}`).join('; ');
  return [
    element('properties', {}, [property('rules', String(outcome.rules)), property('neverFired', neverFired)]),
    `<system-out>${escapeXml(describeCoverage(outcome))}</system-out>`,
  ];
}

function renderSuite({ tests, cases }: FileOutcome, [properties, output]: readonly string[]): string {
  const failures = cases.filter(({ faults }) => faults.length > 0).length;
  const counts = { tests: cases.length, failures, errors: 0, skipped: 0 };
  return element('testsuite', { name: tests.file, ...counts }, [
    ...(properties === undefined ? [] : [properties]),
    ...cases.map((one) => renderCase(tests.file, one)),
    ...(output === undefined ? [] : [output]),
  ]);
}

function renderCase(file: string, outcome: CaseOutcome): string {
  const message = outcome.faults.map(({ expected, came }) => `expected ${expected}, but ${came}`).join('; ');
  const failure = `<failure type="rule" message="${escapeXml(message)}">${escapeXml(explainCase(outcome).join('\n'))}</failure>`;
  return element(
    'testcase',
    { classname: file, name: outcome.test.name },
    outcome.faults.length === 0 ? [] : [failure],
  );
}
