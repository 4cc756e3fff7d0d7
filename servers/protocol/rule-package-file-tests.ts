/** Tests of one value in rule packages: `{ atLeast: 100, lessThan: 500 }`, `{ matches: '^tents?' }`, or a bare value, which means `is`. */
import { z } from 'zod';
import { assertNever } from '#core/assert.ts';
import { describeExpressionFault } from '#core/categories/tag-pattern.ts';
import type { Comparison, ValueTest } from '#core/rules/rule-package.ts';
import type { EventValue } from '#core/visits/event.ts';
import type { FieldReport } from '#protocol/rule-package-file-section.ts';
import { describeKnown } from '#protocol/rule-package-file-suggestion.ts';
import { describeWrong, isRecord } from '#protocol/scenario-file-fields.ts';

type Operator = (typeof OPERATORS)[number];

export const COMPARISONS = ['lessThan', 'atMost', 'moreThan', 'atLeast'] as const satisfies readonly Comparison[];
const OPERATORS = ['is', 'isNot', 'in', 'contains', 'matches', ...COMPARISONS] as const;
const VALUE_EXPECTED = 'expected text, a number, true, false or null';

/** Tests that must all hold, at least one. */
export const valueTestsSchema = z
  .unknown()
  .transform((given, context) =>
    readValueTests(given, (path, message) => context.addIssue({ code: 'custom', path: [...path], message })),
  );

/** The tests without fault; the faults go to `report`. */
export function readValueTests(given: unknown, report: FieldReport): readonly ValueTest[] {
  if (isValue(given)) return [{ operator: 'is', value: given }];
  if (!isRecord(given) || Object.keys(given).length === 0) {
    report([], describeWrong(`expected a value or a map of ${OPERATORS.join(', ')}`, given));
    return [];
  }
  return Object.entries(given).flatMap(([name, operand]) => {
    const operator = OPERATORS.find((known) => known === name);
    const test =
      operator === undefined
        ? `unknown operator "${name}", ${describeKnown(name, OPERATORS)}`
        : readTest(operator, operand);
    if (typeof test !== 'string') return [test];
    report([name], test);
    return [];
  });
}

/** The test, or what is wrong with its operand. */
function readTest(operator: Operator, given: unknown): ValueTest | string {
  switch (operator) {
    case 'is':
    case 'isNot':
      return isValue(given) ? { operator, value: given } : describeWrong(VALUE_EXPECTED, given);
    case 'in':
      return Array.isArray(given) && given.length > 0 && given.every(isValue)
        ? { operator, values: given }
        : describeWrong('expected a list of values, at least 1', given);
    case 'contains':
      return typeof given === 'string' && given !== ''
        ? { operator, text: given }
        : describeWrong('expected a text to be found', given);
    case 'matches': {
      if (typeof given !== 'string' || given === '') return describeWrong('expected a regular expression', given);
      return (
        describeExpressionFault({ kind: 'regex', expression: given, in: 'both' }) ?? {
          operator,
          expression: given,
          matchCase: false,
        }
      );
    }
    case 'lessThan':
    case 'atMost':
    case 'moreThan':
    case 'atLeast':
      return typeof given === 'number' && Number.isFinite(given)
        ? { operator, bound: given }
        : describeWrong('expected a number', given);
    default:
      return assertNever(operator, 'operator of an event test');
  }
}

/** What an event's field can hold; a number that JSON can not write is none. */
function isValue(given: unknown): given is EventValue {
  if (typeof given === 'number') return Number.isFinite(given);
  return given === null || typeof given === 'string' || typeof given === 'boolean';
}
