/** Tests on the state of the visit in plain English, `not` brought down to the single tests. */
import { assertNever } from '#core/assert.ts';
import type { StateTest, ValueTest } from './rule-package.ts';
import { describeDuration, joinWith } from '#core/plain-words.ts';
import { describePattern, describeValueTest } from './rule-phrases.ts';

/** `the visitor is not authenticated and the visit is at least 2 min old`, after "while". */
export function describeStateTest(test: StateTest, negated = false): string {
  const not = negated ? 'not ' : '';
  switch (test.kind) {
    case 'all':
    case 'any': {
      const parts = test.tests.map((one) => {
        const words = describeStateTest(one, negated);
        return one.kind === 'all' || one.kind === 'any' ? `(${words})` : words;
      });
      return joinWith((test.kind === 'all') === negated ? 'or' : 'and', parts);
    }
    case 'not':
      return describeStateTest(test.test, !negated);
    case 'identity':
      return `the visitor is ${not}${joinWith('or', test.scopes)}`;
    case 'visitAge':
      return `the visit is ${not}${COMPARISONS[test.operator]} ${describeDuration(test.bound)} old`;
    case 'visitNumber':
      return `the number of the browser's visit is ${not}${COMPARISONS[test.operator]} ${test.bound}`;
    case 'referrer':
    case 'language':
      return `the ${test.kind} is ${not}${describeWanted(test.test)}`;
    case 'seen': {
      const when = test.withinMs === null ? 'in this visit' : `in the last ${describeDuration(test.withinMs)}`;
      const did = `the visitor ${describePattern(test.event, 'past')} ${when}`;
      return negated ? `it is not so that ${did}` : did;
    }
    default:
      return assertNever(test, 'state test');
  }
}

/** `"en" or "de"`, `one containing "news"`. */
function describeWanted(test: ValueTest): string {
  const isPlain = test.operator === 'is' || test.operator === 'isNot' || test.operator === 'in';
  return describeValueTest(test, isPlain ? '' : 'one').trim();
}

const COMPARISONS = {
  lessThan: 'less than',
  atMost: 'at most',
  moreThan: 'more than',
  atLeast: 'at least',
} as const;
