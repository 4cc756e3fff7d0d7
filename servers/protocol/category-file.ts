/**
 * Category files: YAML or JSON, strict, version 1. A tag is one expression under the name of its kind, so that new kinds
 * come as new names. `in` and `matchCase` may be left out: both places, any case.
 */
import { z } from 'zod';
import type { Category, CategoryTag } from '#core/categories/category.ts';
import { describeExpressionFault } from '#core/categories/tag-pattern.ts';
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import { parseYaml } from './parse-yaml.ts';

const TAG_KINDS = ['plain', 'regex'] as const;
const expressionSchema = z.string({ error: 'expected a text, in quotes where YAML would read something else' });

const tagSchema = z
  .strictObject(
    {
      plain: expressionSchema.optional(),
      regex: expressionSchema.optional(),
      in: z.enum(['url', 'title', 'both'], { error: 'expected url, title or both' }).default('both'),
      matchCase: z.boolean({ error: 'expected true or false' }).default(false),
    },
    {
      error: (issue) =>
        issue.code === 'invalid_type' ? 'expected a tag such as { plain: /cart, in: url }' : undefined,
    },
  )
  .transform((given, context): CategoryTag => {
    const kinds = TAG_KINDS.filter((kind) => given[kind] !== undefined);
    const kind = kinds[0];
    const expression = kind === undefined ? undefined : given[kind];
    if (kind === undefined || expression === undefined || kinds.length > 1) {
      context.addIssue({ code: 'custom', message: `expected exactly one of ${TAG_KINDS.join(', ')}` });
      return z.NEVER;
    }
    const fault = describeExpressionFault(kind, expression);
    if (fault !== null) context.addIssue({ code: 'custom', path: [kind], message: fault });
    return { kind, expression, in: given.in, matchCase: given.matchCase };
  });

const categorySchema = z.strictObject({
  name: z
    .string({ error: 'expected a name' })
    .regex(/^[^;\s](?:[^;\p{Cc}]*[^;\s])?$/u, { error: 'expected a name without ";" and without spaces around it' })
    .max(100, { error: 'expected at most 100 characters' }),
  tags: z.array(tagSchema, { error: 'expected a list of tags' }).min(1, { error: 'expected at least one tag' }),
});

const categoryFileSchema = z.strictObject({
  version: z.literal(1, { error: 'expected version: 1, the version of this file format' }),
  categories: z.array(categorySchema, { error: 'expected a list of categories' }),
});

/** Parses a category file; `file` is only named in problems. */
export function parseCategories(text: string, file: string): Result<readonly Category[], Problem> {
  const parsed = parseYaml(text, file, categoryFileSchema);
  const given = parseYaml(text, file, z.unknown());
  if (!given.ok) return given;
  const repeated = findRepeatedNames(given.value.value).map(({ index, name }) =>
    given.value.source.problemAt(['categories', index, 'name'], `the name "${name}" is given twice`),
  );
  if (!parsed.ok) return fail([...parsed.problems, ...repeated]);
  return repeated.length > 0 ? fail(repeated) : succeed(parsed.value.value.categories);
}

/** Found on the document as it was given, so that a fault elsewhere hides no repetition. */
function findRepeatedNames(given: unknown): { index: number; name: string }[] {
  const names = z.object({ categories: z.array(z.unknown()) }).safeParse(given);
  if (!names.success) return [];
  const seen = new Set<string>();
  return names.data.categories.flatMap((category, index) => {
    const named = z.object({ name: z.string() }).safeParse(category);
    if (!named.success) return [];
    const { name } = named.data;
    if (seen.has(name)) return [{ index, name }];
    seen.add(name);
    return [];
  });
}
