/** `while` of rule packages: how the visit must stand when a match is complete. Several keys together must all hold. */
import { z } from 'zod';
import type { Comparison, StateTest, ValueTest } from '#core/rules/rule-package.ts';
import { parseDuration, DURATION_EXPECTED } from '#protocol/quantities.ts';
import { durationAboveZero } from '#protocol/rule-package-file-condition.ts';
import { buildPattern, categoriesSchema, checkPattern, patternShape } from '#protocol/rule-package-file-pattern.ts';
import { checkedSection } from '#protocol/rule-package-file-section.ts';
import { describeKnown } from '#protocol/rule-package-file-suggestion.ts';
import { COMPARISONS, valueTestsSchema } from '#protocol/rule-package-file-tests.ts';
import { describeWrong, isRecord, listField } from '#protocol/scenario-file-fields.ts';

/** `all`, `any` and `not` inside one another. */
const STATE_LEVELS_MAX = 5;

const SCOPES = ['anonymous', 'recognized', 'authenticated'] as const;

const scopesSchema = z.unknown().transform((given, context): StateTest => {
  const names: readonly unknown[] = Array.isArray(given) ? given : [given];
  const scopes = SCOPES.filter((scope) => names.includes(scope));
  const isKnown = names.every((name) => SCOPES.some((scope) => scope === name));
  if (isKnown && scopes.length > 0) return { kind: 'identity', scopes };
  const message = describeWrong(`expected one of ${SCOPES.join(', ')}, or a list of them`, given);
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

interface Bound {
  readonly operator: Comparison;
  readonly bound: number;
}

/** `{ atLeast: 2m }`: comparisons that must all hold; `readBound` gives what is compared with, or what was expected. */
function boundsField(readBound: (given: unknown) => number | string): z.ZodType<readonly Bound[]> {
  const expected = `expected a map of ${COMPARISONS.join(', ')}`;
  return z.unknown().transform((given, context): readonly Bound[] => {
    if (!isRecord(given) || Object.keys(given).length === 0) {
      context.addIssue({ code: 'custom', message: describeWrong(expected, given) });
      return z.NEVER;
    }
    return Object.entries(given).flatMap(([name, operand]) => {
      const operator = COMPARISONS.find((known) => known === name);
      const bound =
        operator === undefined ? `unknown operator "${name}", ${describeKnown(name, COMPARISONS)}` : readBound(operand);
      if (operator !== undefined && typeof bound === 'number') return [{ operator, bound }];
      context.addIssue({ code: 'custom', path: [name], message: String(bound) });
      return [];
    });
  });
}

function readAge(given: unknown): number | string {
  const ms = typeof given === 'string' ? parseDuration(given) : undefined;
  return ms ?? describeWrong(DURATION_EXPECTED, given);
}

function readNumber(given: unknown): number | string {
  return Number.isSafeInteger(given) && Number(given) >= 1
    ? Number(given)
    : describeWrong('expected a whole number of at least 1', given);
}

const seenSchema = checkedSection(
  { ...patternShape, within: durationAboveZero.optional() },
  checkPattern,
  (given): StateTest => ({ kind: 'seen', event: buildPattern(given), withinMs: given.within ?? null }),
);

/** The tests that hold no others, each as a list of what must hold. */
const plainShape = {
  identity: scopesSchema.optional(),
  visitAge: boundsField(readAge).optional(),
  visitNumber: boundsField(readNumber).optional(),
  referrer: valueTestsSchema.optional(),
  language: valueTestsSchema.optional(),
  seen: seenSchema.optional(),
  reached: categoriesSchema.optional(),
};

type GivenPlain = z.output<z.ZodObject<typeof plainShape>>;

function listPlainTests(given: GivenPlain): readonly StateTest[] {
  const { identity, visitAge = [], visitNumber = [], referrer = [], language = [], seen, reached } = given;
  const ofText = (kind: 'referrer' | 'language') => (test: ValueTest) => ({ kind, test });
  return [
    ...(identity === undefined ? [] : [identity]),
    ...visitAge.map((bound): StateTest => ({ kind: 'visitAge', ...bound })),
    ...visitNumber.map((bound): StateTest => ({ kind: 'visitNumber', ...bound })),
    ...referrer.map(ofText('referrer')),
    ...language.map(ofText('language')),
    ...(seen === undefined ? [] : [seen]),
    ...(reached === undefined ? [] : [enteredOnce(reached)]),
  ];
}

/** A page of one of these categories was entered in this visit. */
function enteredOnce(categories: readonly string[]): StateTest {
  return { kind: 'seen', event: { eventName: 'PageEntered', categories, tests: [] }, withinMs: null };
}

function allOf(tests: readonly StateTest[]): StateTest {
  const [only] = tests;
  return only !== undefined && tests.length === 1 ? only : { kind: 'all', tests };
}

function refuseEmpty(given: Readonly<Record<string, unknown>>, report: (path: [], message: string) => void): void {
  const known = [...Object.keys(plainShape), 'all', 'any', 'not'].join(', ');
  if (Object.keys(given).length === 0) report([], `expected at least one of ${known}, got none`);
}

const TOO_DEEP = `expected at most ${STATE_LEVELS_MAX} levels of all, any and not inside one another`;

/** State tests with at most `levels` more levels of groups. */
function createStateSchema(levels: number): z.ZodType<StateTest> {
  const inner: z.ZodType<StateTest> =
    levels === 0 ? z.custom<StateTest>(() => false, { error: TOO_DEEP }) : createStateSchema(levels - 1);
  const members = listField(inner, 'tests of the visit', 1).max(10, { error: 'expected at most 10 tests' });
  return checkedSection(
    { ...plainShape, all: members.optional(), any: members.optional(), not: inner.optional() },
    refuseEmpty,
    ({ all, any, not, ...plain }): StateTest =>
      allOf([
        ...listPlainTests(plain),
        ...(all === undefined ? [] : [allOf(all)]),
        ...(any === undefined ? [] : [{ kind: 'any', tests: any } as const]),
        ...(not === undefined ? [] : [{ kind: 'not', test: not } as const]),
      ]),
  );
}

export const stateSchema = createStateSchema(STATE_LEVELS_MAX);
