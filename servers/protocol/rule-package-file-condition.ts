/**
 * WHEN of rule packages: a map with one template by its name. Which may stand where is built into the schemas: what waits
 * (timeout, absence) stands alone or in an `any` that is the whole of `when`; groups nest at most `GROUP_LEVELS_MAX` deep.
 */
import { z } from 'zod';
import type { Condition, EventPattern, TestedField } from '#core/rules/rule-package.ts';
import { durationSchema } from '#protocol/quantities.ts';
import { choiceField } from '#protocol/rule-package-file-choice.ts';
import { FIELD_KEYS, patternSchema, readEventTests } from '#protocol/rule-package-file-pattern.ts';
import {
  describeWrong,
  isRecord,
  listField,
  numberField,
  sectionField,
  wordField,
} from '#protocol/scenario-file-fields.ts';

type Templates = Readonly<Record<string, z.ZodType<Condition>>>;

/** `all` and `any` inside one another. */
export const GROUP_LEVELS_MAX = 5;

export const durationAboveZero = durationSchema.refine((ms) => ms > 0, { error: 'expected a duration above 0' });

const distinctSchema = z.unknown().transform((given, context): TestedField => {
  if (typeof given === 'string') {
    const key = Object.entries(FIELD_KEYS).find(([name]) => name === given);
    if (key !== undefined) return key[1];
    if (/^data\../s.test(given)) return `data.${given.slice('data.'.length)}`;
  }
  const expected = `expected a field such as data.sku, or one of ${Object.keys(FIELD_KEYS).join(', ')}`;
  context.addIssue({ code: 'custom', message: describeWrong(expected, given) });
  return z.NEVER;
});

const searchSchema = z.unknown().transform((given, context): Condition => {
  const isAny = isRecord(given) && Object.keys(given).length === 0;
  const report = (path: readonly (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path: [...path], message });
  const expected = 'expected tests of what was searched for, such as { contains: tent }, or {} for any search';
  if (given === null) report([], describeWrong(expected, given));
  const tests = isAny || given === null ? [] : readEventTests('data.searchString', given, report);
  return singletonOf({ eventName: 'Search', categories: [], tests });
});

/** The event by which a website says that a visitor is known so. */
const IDENTITY_EVENTS = { recognized: 'UserInfo', authenticated: 'SignIn' } as const;

function singletonOf(event: EventPattern): Condition {
  return { template: 'singleton', event };
}

function patternsField(what: string): z.ZodType<readonly EventPattern[]> {
  return listField(patternSchema, 'event patterns', 0)
    .min(2, { error: `expected at least 2 ${what}` })
    .max(20, { error: `expected at most 20 ${what}` });
}

/** Templates that hold at the event that completes them. */
const PROMPT_TEMPLATES: Templates = {
  singleton: patternSchema.transform(singletonOf),
  counter: sectionField({
    of: patternSchema,
    times: numberField({ whole: true, min: 2, max: 1_000 }),
    within: durationAboveZero,
    distinct: distinctSchema.optional(),
  }).transform(({ of: event, times, within: withinMs, distinct = null }): Condition => ({
    template: 'counter',
    event,
    times,
    withinMs,
    distinct,
  })),
  sequence: sectionField({
    steps: patternsField('steps'),
    within: durationAboveZero,
    select: wordField(['first', 'all']).default('first'),
  }).transform(({ steps, within: withinMs, select }): Condition => ({ template: 'sequence', steps, withinMs, select })),
  set: sectionField({ of: patternsField('event patterns'), within: durationAboveZero }).transform(
    ({ of: events, within: withinMs }): Condition => ({ template: 'set', events, withinMs }),
  ),
  search: searchSchema,
  identity: wordField(['recognized', 'authenticated']).transform((scope) =>
    singletonOf({ eventName: IDENTITY_EVENTS[scope], categories: [], tests: [] }),
  ),
};

function membersField(member: z.ZodType<Condition>): z.ZodType<readonly Condition[]> {
  return listField(member, 'templates', 0)
    .min(2, { error: 'expected at least 2 templates' })
    .max(10, { error: 'expected at most 10 templates' });
}

function allOf(member: z.ZodType<Condition>): z.ZodType<Condition> {
  return sectionField({ of: membersField(member), within: durationAboveZero }).transform(
    ({ of: conditions, within: withinMs }): Condition => ({ template: 'all', conditions, withinMs }),
  );
}

function anyOf(member: z.ZodType<Condition>): z.ZodType<Condition> {
  return membersField(member).transform((conditions): Condition => ({ template: 'any', conditions }));
}

const NOT_INSIDE = { template: 'a template of a template file can only be the whole of when' };
const WAITS = 'waits; expected a template that does not, or any: [ ... ] as the whole of when';
const NO_WAIT = { ...NOT_INSIDE, timeout: `timeout ${WAITS}`, absence: `absence ${WAITS}` };
const TOO_DEEP = `expected at most ${GROUP_LEVELS_MAX} levels of all and any inside one another`;

/** A template that does not wait, with at most `levels` more levels of groups. */
function promptTemplate(levels: number): z.ZodType<Condition> {
  if (levels === 0) return choiceField('template', PROMPT_TEMPLATES, { ...NO_WAIT, all: TOO_DEEP, any: TOO_DEEP });
  const member = promptTemplate(levels - 1);
  return choiceField('template', { ...PROMPT_TEMPLATES, all: allOf(member), any: anyOf(member) }, NO_WAIT);
}

const WAITING_TEMPLATES: Templates = {
  timeout: sectionField({ on: patternSchema, for: durationAboveZero }).transform(
    ({ on: event, for: forMs }): Condition => ({ template: 'timeout', event, forMs }),
  ),
  absence: sectionField({
    after: promptTemplate(GROUP_LEVELS_MAX),
    of: patternSchema,
    within: durationAboveZero,
  }).transform(({ after, of: event, within: withinMs }): Condition => ({
    template: 'absence',
    after,
    event,
    withinMs,
  })),
};

const deepest = promptTemplate(GROUP_LEVELS_MAX - 2);
const memberOfAny = choiceField(
  'template',
  { ...PROMPT_TEMPLATES, ...WAITING_TEMPLATES, all: allOf(deepest), any: anyOf(deepest) },
  NOT_INSIDE,
);

/** What may be the whole of `when`, by the name of the template. */
export const WHEN_TEMPLATES: Templates = {
  ...PROMPT_TEMPLATES,
  ...WAITING_TEMPLATES,
  all: allOf(promptTemplate(GROUP_LEVELS_MAX - 1)),
  any: anyOf(memberOfAny),
};
