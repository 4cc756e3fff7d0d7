/**
 * Holds what came of a case against what it expects. Every firing of the rules that the case looks at must be expected: what is
 * not named does not happen.
 */
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { RuleProgress } from '#core/rules/describe-progress.ts';
import type { EventData } from '#core/visits/event.ts';
import type { ExpectedFiring, ExpectedNearMiss, RuleTestCase } from '#protocol/rule-test.ts';
import { pairUp } from './pair-up.ts';
import type { CaseRun, SeenProgress } from './run-rule-test.ts';
import { describeOffset } from './rule-test-words.ts';

/** One expectation that did not hold, in words. */
export interface CaseFault {
  readonly rule: string;
  readonly expected: string;
  /** What came instead. */
  readonly came: string;
}

/** Faults in the order: firings that did not come, firings that were not expected, near misses. */
export function judgeRuleTest(test: RuleTestCase, run: CaseRun): readonly CaseFault[] {
  const leads = run.leads.filter(({ firing }) => test.rules === null || test.rules.includes(firing.rule));
  const { fires, nearly } = test.expect;
  const pairs = pairUp(fires, leads, (expected, lead) => listDifferences(expected, lead, test).length === 0);
  const unexpected = leads.filter((lead) => !pairs.has(lead));
  const met = new Set(pairs.values());
  const blamed = new Set<HotLead>();
  const missing = fires
    .filter((expected) => !met.has(expected))
    .map((expected) => describeMissing(expected, unexpected, blamed, test));
  return [
    ...missing,
    ...unexpected.filter((lead) => !blamed.has(lead)).map((lead) => describeUnexpected(lead, test)),
    ...nearly.flatMap((miss, index) => judgeNearMiss(miss, run.nearly[index], test)),
  ];
}

/** In what a firing is another than the expected one; the rule alone makes it no match at all. */
function listDifferences(expected: ExpectedFiring, lead: HotLead, test: RuleTestCase): readonly string[] {
  const { firing } = lead;
  const differences: string[] = [];
  if (firing.rule !== expected.rule) differences.push('rule');
  if (expected.visit !== null && expected.visit !== lead.browserVisitID) differences.push('visit');
  if (expected.atMs !== null && expected.atMs !== firing.at - test.startsAt) differences.push('at');
  if (expected.matched !== null && expected.matched.join('\n') !== firing.matchedEvents.join('\n')) {
    differences.push('matched');
  }
  if (expected.values !== null && !hasValues(firing.values, expected.values)) differences.push('values');
  return differences;
}

function hasValues(values: EventData, expected: EventData): boolean {
  return Object.entries(expected).every(([field, value]) => Object.hasOwn(values, field) && values[field] === value);
}

/** The unexpected firing of the rule that differs least is told as what came instead, once. */
function describeMissing(
  expected: ExpectedFiring,
  unexpected: readonly HotLead[],
  blamed: Set<HotLead>,
  test: RuleTestCase,
): CaseFault {
  const [nearest] = unexpected
    .filter((lead) => lead.firing.rule === expected.rule && !blamed.has(lead))
    .map((lead) => ({ lead, differences: listDifferences(expected, lead, test) }))
    .toSorted((a, b) => a.differences.length - b.differences.length);
  const what = describeExpected(expected);
  if (nearest === undefined) return { rule: expected.rule, expected: what, came: 'it did not fire' };
  blamed.add(nearest.lead);
  const came = `${describeLead(nearest.lead, test)} (another ${nearest.differences.join(', ')})`;
  return { rule: expected.rule, expected: what, came };
}

function describeUnexpected(lead: HotLead, test: RuleTestCase): CaseFault {
  const { rule } = lead.firing;
  const isNamed = test.expect.fires.some((expected) => expected.rule === rule);
  const expected = isNamed ? `no further firing of "${rule}"` : `"${rule}" does not fire`;
  return { rule, expected, came: describeLead(lead, test) };
}

function describeExpected({ rule, visit, atMs, matched, values }: ExpectedFiring): string {
  const parts = [`"${rule}" fires`];
  if (atMs !== null) parts.push(`at ${describeOffset(atMs)}`);
  if (visit !== null) parts.push(`in ${visit}`);
  if (matched !== null) parts.push(`by ${matched.join(', ')}`);
  if (values !== null) parts.push(`with ${JSON.stringify(values)}`);
  return parts.join(' ');
}

/** `it fired at +2m by e1, e3`: time, events, and what else it carries. */
export function describeLead({ firing, browserVisitID }: HotLead, test: RuleTestCase): string {
  const at = describeOffset(firing.at - test.startsAt);
  const values = Object.keys(firing.values).length === 0 ? '' : ` with ${JSON.stringify(firing.values)}`;
  return `it fired at ${at} in ${browserVisitID} by ${firing.matchedEvents.join(', ')}${values}`;
}

function judgeNearMiss(
  expected: ExpectedNearMiss,
  seen: SeenProgress | undefined,
  test: RuleTestCase,
): readonly CaseFault[] {
  const { rule, done, needed, missing, untilMs } = expected;
  const at = expected.atMs === null ? 'at the end' : `at ${describeOffset(expected.atMs)}`;
  const parts = [`"${rule}" is ${done} of ${needed} ${at}`];
  if (missing !== null) parts.push(`missing "${missing}"`);
  if (untilMs !== null) parts.push(`until ${describeOffset(untilMs)}`);
  const what = parts.join(', ');
  if (seen === undefined) {
    const whose = expected.visit === null ? 'the visit' : `visit ${expected.visit}`;
    return [{ rule, expected: what, came: `${whose} is not known then: it has not begun, or has ended` }];
  }
  const { progress } = seen;
  const holds =
    progress.state !== 'spent' &&
    progress.done === done &&
    progress.needed === needed &&
    (missing === null || (progress.missing ?? '').toLowerCase().includes(missing.toLowerCase())) &&
    (untilMs === null || progress.until === test.startsAt + untilMs);
  return holds ? [] : [{ rule, expected: what, came: describeProgressSeen(progress, test) }];
}

/** `2 of 3; missing: ..., until +10m`. */
export function describeProgressSeen({ sentence, until }: RuleProgress, test: RuleTestCase): string {
  return until === null ? sentence : `${sentence.replace(/\.$/, '')} (until ${describeOffset(until - test.startsAt)}).`;
}
