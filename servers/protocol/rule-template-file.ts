/**
 * Rule template files: conditions with parameters and their own sentence, for authors who need not know the language below
 * them. YAML or JSON, strict, version 1. A template is tried when it is read, with its defaults and with each of its choices, so
 * that what is wrong in it is told to its author and not to those who use it.
 *
 *   version: 1
 *   templates:
 *     - name: comes back
 *       sentence: enters a page of category {category} {times} times within {time}
 *       parameters: { category: { category: {} }, times: { number: { min: 2, whole: true } }, time: { duration: {} } }
 *       when: { counter: { of: { enters: "{category}" }, times: "{times}", within: "{time}" } }
 */
import { z } from 'zod';
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import type { Condition } from '#core/rules/rule-package.ts';
import { parseYaml } from '#protocol/parse-yaml.ts';
import { choiceField } from '#protocol/rule-package-file-choice.ts';
import { WHEN_TEMPLATES } from '#protocol/rule-package-file-condition.ts';
import { checkedSection, type FieldReport } from '#protocol/rule-package-file-section.ts';
import { describeKnown } from '#protocol/rule-package-file-suggestion.ts';
import {
  listParameters,
  listSamples,
  parameterSchema,
  type TemplateParameter,
} from '#protocol/rule-template-file-parameter.ts';
import {
  findParameterAt,
  listNamed,
  listPlaceholders,
  PARAMETER_NAME,
  putValues,
} from '#protocol/rule-template-file-placeholder.ts';
import { checkDocument, type DocumentPath } from '#protocol/scenario-file-document.ts';
import {
  describeWrong,
  isRecord,
  listFaults,
  listField,
  sectionField,
  textField,
} from '#protocol/scenario-file-fields.ts';

/** A condition that is not whole: its parameters' values come from the rule that uses it. */
export interface RuleTemplate {
  /** Unique among the templates that a package may use. */
  readonly name: string;
  readonly about: string | null;
  /** Goes on after "the visitor", with `{parameter}` where a value belongs. */
  readonly sentence: string;
  readonly parameters: ReadonlyMap<string, TemplateParameter>;
  /** As written, with `"{parameter}"` in the places of values; whole and right once they are put in. */
  readonly when: unknown;
  /** A problem at a place of the template, such as `['when', 'counter', 'times']`, in its file. */
  readonly problemAt: (path: DocumentPath, message: string) => Problem;
}

const PARAMETERS_MAX = 20;

/** The condition that is left when the values are in. */
export const expandedSchema = choiceField<Condition>('template', WHEN_TEMPLATES, {
  template: 'a template may not use a template',
});

const parametersSchema = z
  .unknown()
  .optional()
  .transform((given, context): ReadonlyMap<string, TemplateParameter> => {
    if (given === undefined) return new Map();
    if (!isRecord(given)) {
      const message = describeWrong('expected a map of parameters by name', given);
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
    if (Object.keys(given).length > PARAMETERS_MAX) {
      context.addIssue({ code: 'custom', message: `expected at most ${PARAMETERS_MAX} parameters` });
    }
    const parameters = new Map<string, TemplateParameter>();
    for (const [name, written] of Object.entries(given)) {
      if (!PARAMETER_NAME.test(name)) {
        const message = 'expected a name of letters and digits, a letter first, at most 40';
        context.addIssue({ code: 'custom', path: [name], message });
      }
      const parsed = parameterSchema.safeParse(written);
      if (parsed.success) parameters.set(name, parsed.data);
      for (const fault of parsed.success ? [] : parsed.error.issues.flatMap(listFaults)) {
        context.addIssue({ code: 'custom', path: [name, ...fault.path], message: fault.message });
      }
    }
    return parameters;
  });

const templateSchema = checkedSection(
  {
    name: textField('a name').refine((name) => name.trim() === name && name.length <= 100, {
      error: 'expected a name of at most 100 characters without spaces around it',
    }),
    type: z
      .literal('web_engagement', { error: 'expected type: web_engagement, the only one' })
      .default('web_engagement'),
    events: z.literal(true, { error: 'expected events: true, what web_engagement is about' }).default(true),
    about: textField('a sentence about the template').optional(),
    sentence: textField('how a rule reads, going on after "the visitor": enters {category} {times} times'),
    parameters: parametersSchema,
    when: z.custom<unknown>((given) => given !== undefined, { error: 'missing, expected a condition' }),
  },
  checkTemplate,
  (given) => given,
);

const templateFileSchema = sectionField({
  version: z.literal(1, { error: 'expected version: 1, the version of this file format' }),
  templates: listField(templateSchema, 'templates', 1),
});

/** Parses a template file; `file` is only named in problems. */
export function parseRuleTemplates(text: string, file: string): Result<readonly RuleTemplate[], Problem> {
  const document = checkDocument(text, file, templateFileSchema);
  // Found on what was written, so that a fault elsewhere hides no twin.
  const given: unknown = isRecord(document.raw) ? document.raw['templates'] : undefined;
  const names = (Array.isArray(given) ? given : []).map((entry) => (isRecord(entry) ? entry['name'] : undefined));
  names.forEach((name, index) => {
    if (typeof name !== 'string' || names.indexOf(name) === index) return;
    document.report(['templates', index, 'name'], `the template "${name}" is there twice`);
  });
  const { value, problems, problemAt } = document;
  if (value === undefined || problems.length > 0) {
    return fail(problems.toSorted((a, b) => a.line - b.line || a.column - b.column));
  }
  return succeed(
    value.templates.map(({ name, about = null, sentence, parameters, when }, index) => ({
      name,
      about,
      sentence,
      parameters,
      when,
      problemAt: (path, message) => problemAt(['templates', index, ...path], message),
    })),
  );
}

/** Whether a text means to be a template file, faults and all: it has templates and no rules. */
export function isTemplateFile(text: string): boolean {
  const read = parseYaml(text, '', z.unknown());
  if (!read.ok || !isRecord(read.value.value)) return false;
  return Object.hasOwn(read.value.value, 'templates') && !Object.hasOwn(read.value.value, 'rules');
}

/** Placeholders and parameters fit together, and the condition is right with any of the values tried. */
function checkTemplate(given: Readonly<Record<string, unknown>>, report: FieldReport): void {
  const { sentence, when } = given;
  const parameters = new Map(listParameters(given['parameters']));
  const known = [...parameters.keys()];
  const placeholders = listPlaceholders(when);
  const refuse = (path: DocumentPath, name: string): void => {
    const answer = known.length > 0 ? describeKnown(name, known) : 'there is none';
    report(path, `unknown parameter "${name}", ${answer}`);
  };
  for (const { name, path } of placeholders) if (!parameters.has(name)) refuse(['when', ...path], name);
  for (const name of typeof sentence === 'string' ? listNamed(sentence) : []) {
    if (!parameters.has(name)) refuse(['sentence'], name);
  }
  for (const name of known) {
    if (placeholders.some((placeholder) => placeholder.name === name)) continue;
    report(['parameters', name], `expected "{${name}}" in "when": a parameter that stands nowhere changes nothing`);
  }
  if (when !== undefined) tryCondition(when, parameters, report);
}

/** Puts in one value of each parameter, then each further one of the choices, and tells what is wrong with what comes of it. */
function tryCondition(
  when: unknown,
  parameters: ReadonlyMap<string, TemplateParameter | null>,
  report: FieldReport,
): void {
  const told = new Set<string>();
  for (const values of listTrials(parameters)) {
    const parsed = expandedSchema.safeParse(putValues(when, values));
    for (const fault of parsed.success ? [] : parsed.error.issues.flatMap(listFaults)) {
      const name = findParameterAt(when, fault.path, values);
      const parameter = name === undefined ? undefined : parameters.get(name);
      // What a text without default will be, and what is wrong with the parameter itself, can't be told here.
      const isOpen = parameter?.kind.kind === 'text' && parameter.default === undefined;
      if (name !== undefined && (!parameter || isOpen)) continue;
      const key = `${fault.path.join('/')} ${fault.message}`;
      if (!told.has(key)) report(['when', ...fault.path], fault.message);
      told.add(key);
    }
  }
}

function listTrials(
  parameters: ReadonlyMap<string, TemplateParameter | null>,
): readonly ReadonlyMap<string, unknown>[] {
  const samples = [...parameters].flatMap(([name, parameter]) =>
    parameter === null ? [] : [{ name, values: listSamples(parameter) }],
  );
  const first = new Map(samples.map(({ name, values }) => [name, values[0]]));
  const others = samples.flatMap(({ name, values }) => values.slice(1).map((value) => new Map(first).set(name, value)));
  return [first, ...others];
}
