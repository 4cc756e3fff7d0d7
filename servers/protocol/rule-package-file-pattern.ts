/**
 * Event patterns of rule packages: `{ enters: product }`, `{ leaves: [cart, checkout] }`,
 * `{ event: Search, category: product, where: { searchString: { contains: tent } } }`.
 */
import { z } from 'zod';
import { assertNever } from '#core/assert.ts';
import type { EventPattern, EventTest, TestedField } from '#core/rules/rule-package.ts';
import type { EventValue } from '#core/visits/event.ts';
import { describeWrong, isRecord, sectionField, textField } from '#protocol/scenario-file-fields.ts';

type Operator = (typeof OPERATORS)[number];
type Report = (path: readonly string[], message: string) => void;

const PATTERN_KINDS = ['enters', 'leaves', 'event'] as const;
const OPERATORS = ['is', 'isNot', 'in', 'contains', 'lessThan', 'atMost', 'moreThan', 'atLeast'] as const;
const VALUE_EXPECTED = 'expected text, a number, true, false or null';

/** One category or a list of them, of which the event carries at least one. */
const categoriesSchema = z.unknown().transform((given, context): readonly string[] => {
  const names: readonly unknown[] = Array.isArray(given) ? given : [given];
  const found = names.filter((name) => typeof name === 'string' && name.trim() !== '' && !name.includes(';'));
  if (found.length > 0 && found.length === names.length) return found.map(String);
  const message = describeWrong('expected the name of a category, or a list of them', given);
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

export const patternSchema = sectionField({
  enters: categoriesSchema.optional(),
  leaves: categoriesSchema.optional(),
  event: textField("an event's name such as Search or PageEntered").optional(),
  category: categoriesSchema.optional(),
  url: testsField('url').optional(),
  title: testsField('title').optional(),
  language: testsField('languageCode').optional(),
  where: z.unknown().transform(readWhere).optional(),
}).transform((given, context): EventPattern => {
  const kinds = PATTERN_KINDS.filter((kind) => given[kind] !== undefined);
  if (kinds.length !== 1) {
    const got = kinds.join(', ') || 'none';
    context.addIssue({ code: 'custom', message: `expected exactly one of ${PATTERN_KINDS.join(', ')}, got ${got}` });
    return z.NEVER;
  }
  if (given.event === undefined && given.category !== undefined) {
    const message = `category goes with event; write ${kinds.join()}: [ ... ] for several categories`;
    context.addIssue({ code: 'custom', path: ['category'], message });
  }
  return {
    eventName: given.event ?? (given.enters === undefined ? 'PageExited' : 'PageEntered'),
    categories: given.enters ?? given.leaves ?? given.category ?? [],
    tests: [given.url, given.title, given.language, given.where].flatMap((tests) => tests ?? []),
  };
});

/**
 * Tests of one field: `{ contains: tent }`, several operators that must all hold, or a bare value, which means `is`.
 */
function testsField(field: TestedField): z.ZodType<readonly EventTest[]> {
  return z
    .unknown()
    .transform((given, context): readonly EventTest[] =>
      readTests(field, given, (path, message) => context.addIssue({ code: 'custom', path: [...path], message })),
    );
}

function readWhere(given: unknown, context: z.core.$RefinementCtx): readonly EventTest[] {
  if (!isRecord(given) || Object.keys(given).length === 0) {
    const message = describeWrong('expected a map of tests by field, such as { price: { atLeast: 100 } }', given);
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  return Object.entries(given).flatMap(([name, tests]) =>
    readTests(`data.${name}`, tests, (path, message) =>
      context.addIssue({ code: 'custom', path: [name, ...path], message }),
    ),
  );
}

function readTests(field: TestedField, given: unknown, report: Report): readonly EventTest[] {
  if (isValue(given)) return [{ field, operator: 'is', value: given }];
  if (!isRecord(given) || Object.keys(given).length === 0) {
    report([], describeWrong(`expected a value or a map of ${OPERATORS.join(', ')}`, given));
    return [];
  }
  return Object.entries(given).flatMap(([name, operand]) => {
    const operator = OPERATORS.find((known) => known === name);
    const test =
      operator === undefined
        ? `unknown operator "${name}", known: ${OPERATORS.join(', ')}`
        : readTest(field, operator, operand);
    if (typeof test !== 'string') return [test];
    report([name], test);
    return [];
  });
}

/** The test, or what is wrong with its operand. */
function readTest(field: TestedField, operator: Operator, given: unknown): EventTest | string {
  switch (operator) {
    case 'is':
    case 'isNot':
      return isValue(given) ? { field, operator, value: given } : describeWrong(VALUE_EXPECTED, given);
    case 'in':
      return Array.isArray(given) && given.length > 0 && given.every(isValue)
        ? { field, operator, values: given }
        : describeWrong('expected a list of values, at least 1', given);
    case 'contains':
      return typeof given === 'string' && given !== ''
        ? { field, operator, text: given }
        : describeWrong('expected a text to be found', given);
    case 'lessThan':
    case 'atMost':
    case 'moreThan':
    case 'atLeast':
      return typeof given === 'number' && Number.isFinite(given)
        ? { field, operator, bound: given }
        : describeWrong('expected a number', given);
    default:
      return assertNever(operator, 'operator of an event test');
  }
}

function isValue(given: unknown): given is EventValue {
  return given === null || ['string', 'number', 'boolean'].includes(typeof given);
}
