/** What rule tests say on a terminal: what failed with what was expected, what came, how far each rule was and why; then the coverage. */
import type { Colors } from 'picocolors/types';
import type { VisitEvent } from '#core/visits/event.ts';
import type { RuleTestCase } from '#protocol/rule-test.ts';
import { describeProgressSeen } from './judge-rule-test.ts';
import { describeOffset } from './rule-test-words.ts';
import type { CaseOutcome, FileOutcome, RuleTestsOutcome } from './run-rule-tests.ts';

export function renderRuleTests(outcome: RuleTestsOutcome, colors: Colors): string {
  const lines = outcome.files.flatMap((file) => renderFile(file, colors));
  const cases = count(outcome.cases, 'case');
  const verdict = outcome.failed === 0 ? `${cases}, all hold` : `${outcome.failed} of ${cases} failed`;
  return `${[...lines, `${verdict}. ${describeCoverage(outcome)}`].join('\n')}\n`;
}

/** `Every rule fired in a case.` or which did not. */
export function describeCoverage({ rules, neverFired }: RuleTestsOutcome): string {
  if (neverFired.length === 0) return rules === 1 ? 'The rule fired in a case.' : `All ${rules} rules fired in a case.`;
  const names = neverFired.map(({ rule }) => `"${rule}"`).join(', ');
  return `${neverFired.length} of ${count(rules, 'rule')} fired in no case: ${names}.`;
}

function renderFile({ tests, cases }: FileOutcome, colors: Colors): readonly string[] {
  return [
    colors.bold(tests.file),
    ...cases.flatMap((one) => {
      if (one.faults.length === 0) return [`  ${colors.green('✓')} ${one.test.name}`];
      return [`  ${colors.red('✗')} ${one.test.name}`, ...explainCase(one).map((line) => `      ${line}`)];
    }),
  ];
}

/** Why a case failed: its faults, how far each rule was, and the events as the rules saw them. */
export function explainCase(outcome: CaseOutcome): readonly string[] {
  const { test, run, faults } = outcome;
  return [
    ...faults.flatMap(({ expected, came }) => [`expected  ${expected}`, `came      ${came}`]),
    ...titled('how far', describeRules(outcome)),
    ...titled(
      'events',
      run.events.map((event) => describeEvent(event, test)),
    ),
  ];
}

/** The rules that failed first, then those that have got somewhere, the others by name alone. */
function describeRules({ test, run, faults }: CaseOutcome): readonly string[] {
  const blamed = new Set(faults.map(({ rule }) => rule));
  const seen = [...run.furthest].filter(([rule]) => test.rules === null || test.rules.includes(rule));
  const isTold = ([rule, { progress }]: (typeof seen)[number]): boolean =>
    blamed.has(rule) || progress.state !== 'idle' || progress.fired > 0 || progress.heldBack > 0;
  const idle = seen.filter((one) => !isTold(one)).map(([rule]) => `"${rule}"`);
  const told = seen.filter(isTold).map(([rule, { visit, atMs, progress }]) => {
    const { fired, heldBack } = progress;
    const counts = [`fired ${fired}`, ...(heldBack > 0 ? [`${heldBack} held back`] : [])].join(', ');
    const words = `"${rule}" at ${describeOffset(atMs)} in ${visit}, ${counts}: ${describeProgressSeen(progress, test)}`;
    return { isBlamed: blamed.has(rule), words };
  });
  const inOrder = [...told.filter(({ isBlamed }) => isBlamed), ...told.filter(({ isBlamed }) => !isBlamed)];
  return [...inOrder.map(({ words }) => words), ...(idle.length > 0 ? [`nothing yet: ${idle.join(', ')}`] : [])];
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `${(index === 0 ? title : '').padEnd(10)}${line}`);
}

/** `e1  +0s  PageEntered  [product]  https://www.example.com/products/tent`. */
function describeEvent(
  { eventID, at, eventName, category, url, title, visitID, data }: VisitEvent,
  test: RuleTestCase,
): string {
  const fields = Object.keys(data).length === 0 ? '' : JSON.stringify(data);
  const page = title === '' ? url : `${url} "${title}"`;
  const parts = [eventID, describeOffset(at - test.startsAt), visitID, eventName, `[${category}]`, page, fields];
  return parts.filter((part) => part !== '').join('  ');
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
