/** The keys of a rule test file, each with its range and default; what they mean is in docs/rule-authors.md. */
import { z } from 'zod';
import { givenStepSchema, valuesSchema } from '#protocol/rule-test-file-given.ts';
import { offsetSchema } from '#protocol/rule-test-file-offset.ts';
import { describeWrong, listField, sectionField, textField } from '#protocol/scenario-file-fields.ts';

/** A Monday noon, so that rules with business hours have a time to hold at. */
const STARTS_AT = Date.UTC(2026, 0, 5, 12);
const MOMENT_EXPECTED = 'expected a moment with its zone such as "2026-01-05T12:00:00Z"';

const momentSchema = z.unknown().transform((given, context): number => {
  const text = given instanceof Date ? given.toISOString() : given;
  const at = typeof text === 'string' && /^\d{4}-\d\d-\d\dT.+(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(at)) return at;
  context.addIssue({ code: 'custom', message: describeWrong(MOMENT_EXPECTED, given) });
  return z.NEVER;
});

const siteSchema = z.unknown().transform((given, context): string => {
  const origin = typeof given === 'string' && URL.canParse(given) ? new URL(given).origin : 'null';
  if (origin !== 'null' && (given === origin || given === `${origin}/`)) return origin;
  context.addIssue({
    code: 'custom',
    message: describeWrong('expected a site such as https://www.example.com', given),
  });
  return z.NEVER;
});

const ruleName = textField('the name of a rule');

const firingSchema = sectionField({
  rule: ruleName,
  visit: textField('the name of a visit').optional(),
  at: offsetSchema.optional(),
  matched: listField(textField('the id of an event'), 'ids of events', 1).optional(),
  values: valuesSchema.optional(),
}).transform(({ rule, visit, at, matched, values }) => ({
  rule,
  visit: visit ?? null,
  atMs: at ?? null,
  matched: matched ?? null,
  values: values ?? null,
}));

const shareOfSteps = z.unknown().transform((given, context): readonly [number, number] => {
  const [, done, needed] = (typeof given === 'string' ? /^(\d+) of (\d+)$/.exec(given) : null) ?? [];
  if (done !== undefined && needed !== undefined) return [Number(done), Number(needed)];
  context.addIssue({ code: 'custom', message: describeWrong('expected how far it is, such as 2 of 3', given) });
  return z.NEVER;
});

const nearMissSchema = sectionField({
  rule: ruleName,
  is: shareOfSteps,
  visit: textField('the name of a visit').optional(),
  at: offsetSchema.optional(),
  missing: textField('a part of what is missing').optional(),
  until: offsetSchema.optional(),
}).transform(({ rule, is, visit, at, missing, until }) => ({
  rule,
  visit: visit ?? null,
  atMs: at ?? null,
  done: is[0],
  needed: is[1],
  missing: missing ?? null,
  untilMs: until ?? null,
}));

const expectSchema = sectionField({
  fires: listField(firingSchema, 'firings', 0).optional(),
  none: listField(ruleName, 'names of rules', 1).optional(),
  nearly: listField(nearMissSchema, 'near misses', 1).optional(),
})
  .refine((given) => Object.keys(given).length > 0, {
    error: 'expected something to be expected: fires ([] where nothing fires), none or nearly',
  })
  .transform(({ fires = [], none = [], nearly = [] }) => ({ fires, none, nearly }));

const caseSchema = sectionField({
  name: textField('what the case shows'),
  about: textField('a sentence about the case').optional(),
  startsAt: momentSchema.optional(),
  rules: listField(ruleName, 'names of rules', 1).optional(),
  given: listField(givenStepSchema, 'steps such as { at: +0s, enters: product }', 1),
  expect: expectSchema,
});

export const ruleTestFileSchema = sectionField({
  version: z.literal(1, { error: 'expected version: 1, the version of this file format' }),
  about: textField('a sentence about the tests').optional(),
  packages: listField(textField('the path of a rule package'), 'paths of rule packages', 1),
  categories: textField('the path of a category file').optional(),
  templates: listField(textField('the path of a template file'), 'paths of template files', 0).default([]),
  startsAt: momentSchema.default(STARTS_AT),
  site: siteSchema.default('https://www.example.com'),
  cases: listField(caseSchema, 'cases', 1),
});
