/**
 * Category files: YAML or JSON, strict, version 1. A tag is one expression under the name of its kind, so that new
 * kinds come as new names. `in` and `matchCase` may be left out: both places, any case.
 *
 *   version: 1
 *   categories:
 *     - name: product
 *       tags: [ { plain: /products/, in: url }, { regex: 'tents? for \d+', in: title, matchCase: true } ]
 */
import { z } from 'zod';
import type { Category, CategoryTag } from '#core/categories/category.ts';
import { describeExpressionFault } from '#core/categories/tag-pattern.ts';
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import { checkDocument } from '#protocol/scenario-file-document.ts';
import { describeWrong, isRecord, listField, sectionField, wordField } from '#protocol/scenario-file-fields.ts';

const TAG_KINDS = ['plain', 'regex'] as const;

const expressionSchema = z.string({
  error: (issue) => describeWrong('expected a text, in quotes where YAML would read something else', issue.input),
});

const tagSchema = sectionField({
  plain: expressionSchema.optional(),
  regex: expressionSchema.optional(),
  in: wordField(['url', 'title', 'both']).default('both'),
  matchCase: z.boolean({ error: (issue) => describeWrong('expected true or false', issue.input) }).default(false),
}).transform((given, context): CategoryTag => {
  const kinds = TAG_KINDS.filter((kind) => given[kind] !== undefined);
  const kind = kinds[0];
  const expression = kind === undefined ? undefined : given[kind];
  if (kind === undefined || expression === undefined || kinds.length > 1) {
    const got = kinds.join(', ') || 'none';
    context.addIssue({ code: 'custom', message: `expected exactly one of ${TAG_KINDS.join(', ')}, got ${got}` });
    return z.NEVER;
  }
  const fault = describeExpressionFault(kind, expression);
  if (fault !== null) context.addIssue({ code: 'custom', path: [kind], message: fault });
  return { kind, expression, in: given.in, matchCase: given.matchCase };
});

const categorySchema = sectionField({
  name: z
    .string({ error: (issue) => describeWrong('expected a name', issue.input) })
    .regex(/^[^;\s](?:[^;\p{Cc}]*[^;\s])?$/u, { error: 'expected a name without ";" and without spaces around it' })
    .max(100, { error: 'expected at most 100 characters' }),
  tags: listField(tagSchema, 'tags such as { plain: /cart, in: url }', 1),
});

const categoryFileSchema = sectionField({
  version: z.literal(1, { error: 'expected version: 1, the version of this file format' }),
  categories: listField(categorySchema, 'categories', 1),
});

/** Parses a category file; `file` is only named in problems. */
export function parseCategories(text: string, file: string): Result<readonly Category[], Problem> {
  const document = checkDocument(text, file, categoryFileSchema);
  // Found on what was written, so that a fault elsewhere hides no twin.
  const given: unknown = isRecord(document.raw) ? document.raw['categories'] : undefined;
  const names = (Array.isArray(given) ? given : []).map((entry) => (isRecord(entry) ? entry['name'] : undefined));
  names.forEach((name, index) => {
    if (typeof name !== 'string' || names.indexOf(name) === index) return;
    document.report(['categories', index, 'name'], `the category "${name}" is there twice`);
  });
  const { value, problems } = document;
  if (value !== undefined && problems.length === 0) return succeed(value.categories);
  return fail(problems.toSorted((a, b) => a.line - b.line || a.column - b.column));
}
