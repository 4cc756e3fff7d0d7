/** The keys of a rule package file, each with its range and default; what they mean is in docs/rules.md. */
import { z } from 'zod';
import { ALWAYS_VALID, NO_GUARDS, type Action, type Guards } from '#core/rules/rule-package.ts';
import { shareSchema } from '#protocol/quantities.ts';
import { hoursSchema, validitySchema } from '#protocol/rule-package-file-calendar.ts';
import { choiceField } from '#protocol/rule-package-file-choice.ts';
import { durationAboveZero } from '#protocol/rule-package-file-condition.ts';
import { stateSchema } from '#protocol/rule-package-file-state.ts';
import type { When } from '#protocol/rule-package-file-template.ts';
import {
  describeWrong,
  listField,
  numberField,
  sectionField,
  textField,
  wordField,
} from '#protocol/scenario-file-fields.ts';

const actionKeys = sectionField({
  priority: numberField({ whole: true, min: 0, max: 100 }).default(0),
  reason: textField('a phrase for the agent').optional(),
});

const actionSchema = choiceField<Action>('action', {
  hotLead: actionKeys.transform(({ priority, reason = null }): Action => ({ kind: 'hotLead', priority, reason })),
  followUp: actionKeys.transform(({ priority, reason = null }): Action => ({ kind: 'followUp', priority, reason })),
});

const guardsSchema = sectionField({
  maxPerVisit: numberField({ whole: true, min: 1 }).optional(),
  coolDown: durationAboveZero.optional(),
  holdout: shareSchema
    .refine((share) => share > 0 && share < 1, { error: 'expected a share above 0 and below 100%' })
    .optional(),
})
  .transform(({ maxPerVisit = null, coolDown = null, holdout = null }): Guards => ({
    maxPerVisit,
    coolDownMs: coolDown,
    holdoutShare: holdout,
  }))
  .default(NO_GUARDS);

const nameSchema = textField('a name').refine((name) => name.trim() === name && name.length <= 100, {
  error: 'expected a name of at most 100 characters without spaces around it',
});

function createRuleSchema(when: z.ZodType<When>) {
  return sectionField({
    name: nameSchema,
    about: textField('a sentence about the rule').optional(),
    on: z.boolean({ error: (issue) => describeWrong('expected true or false', issue.input) }).default(true),
    phase: textField("one of the package's phases").optional(),
    salience: numberField({ whole: true }).default(0),
    correlate: wordField(['visit', 'browser', 'identity']).default('visit'),
    when,
    while: stateSchema.optional(),
    valid: validitySchema.default(ALWAYS_VALID),
    hours: hoursSchema.optional(),
    // oxlint-disable-next-line unicorn/no-thenable -- the file's word for its actions; a list is no promise
    then: listField(actionSchema, 'actions', 1),
    guards: guardsSchema,
  });
}

const versionSchema = z.literal(1, { error: 'expected version: 1, the version of this file format' });

/** `when` reads the conditions, which may come from templates. */
export function createRulePackageFileSchema(when: z.ZodType<When>) {
  return sectionField({
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
    rules: listField(createRuleSchema(when), 'rules', 1),
  });
}

export type RulePackageFile = z.output<ReturnType<typeof createRulePackageFileSchema>>;
