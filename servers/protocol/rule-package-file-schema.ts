/** The keys of a rule package file, each with its range and default; what they mean is in docs/rules.md. */
import { z } from 'zod';
import { NO_GUARDS, type Action, type Condition, type Guards } from '#core/rules/rule-package.ts';
import { durationSchema } from '#protocol/quantities.ts';
import { choiceField } from '#protocol/rule-package-file-choice.ts';
import { patternSchema } from '#protocol/rule-package-file-pattern.ts';
import {
  describeWrong,
  listField,
  numberField,
  sectionField,
  textField,
  wordField,
} from '#protocol/scenario-file-fields.ts';

const durationAboveZero = durationSchema.refine((ms) => ms > 0, { error: 'expected a duration above 0' });

const conditionSchema = choiceField<Condition>('template', {
  singleton: patternSchema.transform((event) => ({ template: 'singleton', event })),
  counter: sectionField({
    of: patternSchema,
    times: numberField({ whole: true, min: 2, max: 1_000 }),
    within: durationAboveZero,
  }).transform((given) => ({
    template: 'counter',
    event: given.of,
    times: given.times,
    withinMs: given.within,
    distinct: null,
  })),
  sequence: sectionField({
    steps: listField(patternSchema, 'event patterns', 0)
      .min(2, { error: 'expected at least 2 steps' })
      .max(20, { error: 'expected at most 20 steps' }),
    within: durationAboveZero,
    select: wordField(['first', 'all']).default('first'),
  }).transform((given) => ({
    template: 'sequence',
    steps: given.steps,
    withinMs: given.within,
    select: given.select,
  })),
});

const actionSchema = choiceField<Action>('action', {
  hotLead: sectionField({
    priority: numberField({ whole: true, min: 0, max: 100 }).default(0),
    reason: textField('a phrase for the agent').optional(),
  }).transform((given) => ({ kind: 'hotLead', priority: given.priority, reason: given.reason ?? null })),
});

const guardsSchema = sectionField({
  maxPerVisit: numberField({ whole: true, min: 1 }).optional(),
  coolDown: durationAboveZero.optional(),
})
  .transform((given): Guards => ({
    maxPerVisit: given.maxPerVisit ?? null,
    coolDownMs: given.coolDown ?? null,
    holdoutShare: null,
  }))
  .default(NO_GUARDS);

const nameSchema = textField('a name').refine((name) => name.trim() === name && name.length <= 100, {
  error: 'expected a name of at most 100 characters without spaces around it',
});

const ruleSchema = sectionField({
  name: nameSchema,
  about: textField('a sentence about the rule').optional(),
  on: z.boolean({ error: (issue) => describeWrong('expected true or false', issue.input) }).default(true),
  phase: textField("one of the package's phases").optional(),
  salience: numberField({ whole: true }).default(0),
  when: conditionSchema,
  // oxlint-disable-next-line unicorn/no-thenable -- the file's word for its actions; a list is no promise
  then: listField(actionSchema, 'actions', 1),
  guards: guardsSchema,
});

const versionSchema = z.literal(1, { error: 'expected version: 1, the version of this file format' });

export const rulePackageFileSchema = sectionField({
  version: versionSchema,
  package: z
    .string({ error: (issue) => describeWrong('expected a package name such as com.example.shop', issue.input) })
    .regex(/^[a-z][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*$/, {
      error: 'expected a package name such as com.example.shop: lower-case labels joined by dots',
    })
    .max(200, { error: 'expected at most 200 characters' }),
  packageVersion: textField('the version of the package\'s content in quotes, such as "1.0"'),
  about: textField('a sentence about the package').optional(),
  phases: listField(nameSchema, 'phases', 1).default(['standard']),
  guards: guardsSchema,
  rules: listField(ruleSchema, 'rules', 1),
});

export type RulePackageFile = z.output<typeof rulePackageFileSchema>;
