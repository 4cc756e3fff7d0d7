/**
 * `when: { template: { name, with } }`: a condition from a template file with values put in. What is wrong is told where it was
 * written: a value of the rule in the package, everything else in the template's own file.
 */
import { z } from 'zod';
import type { Problem } from '#core/result.ts';
import type { Condition } from '#core/rules/rule-package.ts';
import { reportUnknownCategories, type KnownCategory } from '#protocol/rule-package-file-categories.ts';
import { choiceField } from '#protocol/rule-package-file-choice.ts';
import { WHEN_TEMPLATES } from '#protocol/rule-package-file-condition.ts';
import type { FieldReport } from '#protocol/rule-package-file-section.ts';
import { describeKnown } from '#protocol/rule-package-file-suggestion.ts';
import { describeParameterValue, describeValueFault } from '#protocol/rule-template-file-parameter.ts';
import { fillSentence, findParameterAt, putValues } from '#protocol/rule-template-file-placeholder.ts';
import { expandedSchema, type RuleTemplate } from '#protocol/rule-template-file.ts';
import { describeWrong, isRecord, listFaults, sectionField, textField } from '#protocol/scenario-file-fields.ts';

/** WHEN of a rule: its condition, and the sentence of the template that it came from, values filled in. */
export interface When {
  readonly condition: Condition;
  readonly sentence: string | null;
}

export interface TemplateUse {
  readonly templates: readonly RuleTemplate[];
  /** Those that events can carry; undefined: any name will do. */
  readonly categories: readonly KnownCategory[] | undefined;
  /** Takes what is wrong with a template itself. */
  readonly reportTemplate: (problem: Problem) => void;
}

type Values = Readonly<Record<string, unknown>>;

/** `when` with the templates of the language and those of template files. */
export function createWhenSchema(use: TemplateUse): z.ZodType<When> {
  const own = Object.entries(WHEN_TEMPLATES).map(([name, schema]): [string, z.ZodType<When>] => [
    name,
    schema.transform((condition) => ({ condition, sentence: null })),
  ]);
  const template = z.unknown().transform((given, context): When => {
    const report: FieldReport = (path, message) => context.addIssue({ code: 'custom', path: [...path], message });
    return readUse(given, use, report) ?? z.NEVER;
  });
  return choiceField<When>('template', { ...Object.fromEntries(own), template });
}

const useSection = sectionField({
  name: textField('the name of a template'),
  with: z
    .custom<Values>(isRecord, { error: (issue) => describeWrong('expected a map of values by parameter', issue.input) })
    .default({}),
});

function readUse(given: unknown, use: TemplateUse, report: FieldReport): When | undefined {
  const parsed = useSection.safeParse(given);
  if (!parsed.success) {
    for (const fault of parsed.error.issues.flatMap(listFaults)) report(fault.path, fault.message);
    return undefined;
  }
  const { name, with: values } = parsed.data;
  const template = use.templates.find((one) => one.name === name);
  if (template !== undefined) return fillTemplate(template, values, use, report);
  const known = use.templates.map((one) => one.name);
  const answer = known.length > 0 ? describeKnown(name, known) : 'and no template file was given';
  report(['name'], `unknown template "${name}", ${answer}`);
  return undefined;
}

function fillTemplate(template: RuleTemplate, given: Values, use: TemplateUse, report: FieldReport): When | undefined {
  if (!areValuesRight(template, given, report)) return undefined;
  const values = new Map(
    [...template.parameters].map(([name, parameter]) => [name, valueOf(name, given) ?? parameter.default]),
  );
  const written = putValues(template.when, values);
  let isRight = true;
  const route: FieldReport = (path, message) => {
    isRight = false;
    const name = findParameterAt(template.when, path, values);
    const place = `${path.slice(0, 6).join('/')} of the template "${template.name}"`;
    if (name !== undefined && valueOf(name, given) !== undefined) report(['with', name], `${message} (${place})`);
    else if (name !== undefined) use.reportTemplate(template.problemAt(['parameters', name, 'default'], message));
    else use.reportTemplate(template.problemAt(['when', ...path], message));
  };
  const parsed = expandedSchema.safeParse(written);
  for (const fault of parsed.success ? [] : parsed.error.issues.flatMap(listFaults)) route(fault.path, fault.message);
  if (use.categories !== undefined) reportUnknownCategories(written, [], use.categories, route);
  if (!parsed.success || !isRight) return undefined;
  const describe = (name: string): string => {
    const parameter = template.parameters.get(name);
    return parameter === undefined ? `{${name}}` : describeParameterValue(parameter.kind, values.get(name));
  };
  return { condition: parsed.data, sentence: fillSentence(template.sentence, describe) };
}

/** Every parameter without default has a value, each value a parameter of its kind. */
function areValuesRight(template: RuleTemplate, given: Values, report: FieldReport): boolean {
  let isRight = true;
  const refuse: FieldReport = (path, message) => {
    isRight = false;
    report(path, message);
  };
  const known = [...template.parameters.keys()];
  for (const name of Object.keys(given)) {
    if (template.parameters.has(name)) continue;
    const answer = known.length > 0 ? describeKnown(name, known) : `the template "${template.name}" has none`;
    refuse(['with', name], `unknown parameter "${name}", ${answer}`);
  }
  for (const [name, parameter] of template.parameters) {
    const value = valueOf(name, given);
    if (value === undefined && parameter.default !== undefined) continue;
    const fault = describeValueFault(parameter.kind, value);
    if (fault !== null) refuse(['with', name], fault);
  }
  return isRight;
}

function valueOf(name: string, given: Values): unknown {
  return Object.hasOwn(given, name) ? given[name] : undefined;
}
