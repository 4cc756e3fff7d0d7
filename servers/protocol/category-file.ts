/**
 * Category files: YAML or JSON, strict, version 1. A tag is one expression under the name of its kind, so that new
 * kinds come as new names. `in` and `matchCase` may be left out: URL and title, any case.
 *
 *   version: 1
 *   categories:
 *     - name: product
 *       names: { de: Produkt, fr: Produit }
 *       tags: [ { plain: /products/, in: url }, { regex: 'tents? for \d+', in: title, matchCase: true } ]
 *     - name: order-placed
 *       as: outcome
 *       tags: [ { wildcard: 'https://*.example/order/*' } ]
 */
import { z } from 'zod';
import { assert } from '#core/assert.ts';
import type { Category, CategoryMeaning, CategoryTag } from '#core/categories/category.ts';
import { describeExpressionFault } from '#core/categories/tag-pattern.ts';
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import { checkDocument, type DocumentPath } from '#protocol/scenario-file-document.ts';
import {
  describeGiven,
  describeWrong,
  isRecord,
  listField,
  sectionField,
  wordField,
} from '#protocol/scenario-file-fields.ts';

const MEANINGS = ['activity', 'outcome'] as const satisfies readonly CategoryMeaning[];
const TAG_KINDS = ['plain', 'wildcard', 'regex'] as const satisfies readonly CategoryTag['kind'][];
const PLACES = ['url', 'title', 'language', 'both'] as const satisfies readonly CategoryTag['in'][];

const NAME_LENGTH_MAX = 100;
/** Stands for bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';
const NO_UTF_8 = 'UTF-8, got bytes or a character that can not be read';

const expressionSchema = z.string({
  error: (issue) => describeWrong('expected a text, in quotes where YAML would read something else', issue.input),
});

const tagSchema = sectionField({
  plain: expressionSchema.optional(),
  wildcard: expressionSchema.optional(),
  regex: expressionSchema.optional(),
  in: wordField(PLACES).default('both'),
  matchCase: z.boolean({ error: (issue) => describeWrong('expected true or false', issue.input) }).default(false),
});

/** Text of one line for people, in form NFC. */
function nameSchema(what: string, pattern: RegExp, expected: string) {
  return z
    .string({ error: (issue) => describeWrong(`expected ${what}`, issue.input) })
    .transform((name) => name.normalize('NFC'))
    .pipe(
      z
        .string()
        .regex(pattern, { error: expected })
        .max(NAME_LENGTH_MAX, { error: `expected at most ${NAME_LENGTH_MAX} characters` })
        .refine((name) => !name.includes(REPLACEMENT), {
          error: `expected a name in ${NO_UTF_8}`,
        }),
    );
}

const categorySchema = sectionField({
  name: nameSchema(
    'a name',
    /^[^;\s](?:[^;\p{Cc}]*[^;\s])?$/u,
    'expected a name without ";" and without spaces around it',
  ),
  names: z
    .record(
      z.string(),
      nameSchema(
        'a name in this language',
        /^\S(?:\P{Cc}*\S)?$/u,
        'expected a name on one line, without spaces around it',
      ),
      { error: (issue) => describeWrong('expected names by language such as { de: Zelte }', issue.input) },
    )
    .optional(),
  as: wordField(MEANINGS).optional(),
  tags: listField(tagSchema, 'tags such as { plain: /cart, in: url }', 1),
});

const categoryFileSchema = sectionField({
  version: z.literal(1, { error: 'expected version: 1, the version of this file format' }),
  categories: listField(categorySchema, 'categories', 1),
});

/** Parses a category file; `file` is only named in problems. */
export function parseCategories(text: string, file: string): Result<readonly Category[], Problem> {
  const document = checkDocument(text, file, categoryFileSchema);
  checkAcrossKeys(document.raw, document.report);
  const { value, problems } = document;
  if (value !== undefined && problems.length === 0) return succeed(value.categories.map(buildCategory));
  return fail(problems.toSorted((a, b) => a.line - b.line || a.column - b.column));
}

function buildCategory({ name, names, as, tags }: z.output<typeof categorySchema>): Category {
  return {
    name,
    ...(names === undefined ? {} : { names }),
    ...(as === undefined ? {} : { as }),
    tags: tags.map(buildTag),
  };
}

function buildTag(tag: z.output<typeof tagSchema>): CategoryTag {
  const kind = TAG_KINDS.find((name) => tag[name] !== undefined);
  const expression = kind === undefined ? undefined : tag[kind];
  assert(kind !== undefined && expression !== undefined, 'a tag without a problem has an expression');
  return { kind, expression, in: tag.in, matchCase: tag.matchCase };
}

type Report = (path: DocumentPath, message: string) => void;

/** What is checked on the file as written, so that a fault elsewhere hides none of it. */
function checkAcrossKeys(raw: unknown, report: Report): void {
  const given: unknown = isRecord(raw) ? raw['categories'] : undefined;
  const categories: readonly unknown[] = Array.isArray(given) ? given : [];
  const names = categories.map((entry) => nameOf(isRecord(entry) ? entry['name'] : undefined));
  names.forEach((name, index) => {
    if (name === undefined || names.indexOf(name) === index) return;
    report(['categories', index, 'name'], `the category "${name}" is there twice`);
  });
  const displayed = new Map<string, string>();
  categories.forEach((entry, index) => {
    if (!isRecord(entry)) return;
    reportNames(entry['names'], ['categories', index, 'names'], displayed, report);
    const tags: unknown[] = Array.isArray(entry['tags']) ? entry['tags'] : [];
    tags.forEach((tag, place) => reportTag(tag, ['categories', index, 'tags', place], report));
  });
}

function nameOf(given: unknown): string | undefined {
  return typeof given === 'string' ? given.normalize('NFC') : undefined;
}

/** Unknown kinds of language codes, and names that two categories share in one language; `displayed` holds those before. */
function reportNames(given: unknown, path: DocumentPath, displayed: Map<string, string>, report: Report): void {
  if (!isRecord(given)) return;
  for (const [code, text] of Object.entries(given)) {
    if (!LANGUAGE_CODE.test(code)) {
      report([...path, code], `expected a language code such as de or pt-BR, got ${describeGiven(code)}`);
    }
    const name = nameOf(text);
    if (name === undefined) continue;
    const key = `${code.toLowerCase()} ${name}`;
    const where = displayed.get(key);
    if (where !== undefined) report([...path, code], `the name "${name}" in ${code} is there twice, first at ${where}`);
    else displayed.set(key, [...path, code].join('/'));
  }
}

/** Language, then script, region and variants (BCP 47, without its extensions). */
const LANGUAGE_CODE = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i;

function reportTag(tag: unknown, path: DocumentPath, report: Report): void {
  if (!isRecord(tag)) return;
  const kinds = TAG_KINDS.filter((kind) => tag[kind] !== undefined);
  if (kinds.length !== 1) {
    report(path, `expected exactly one of ${TAG_KINDS.join(', ')}, got ${kinds.join(', ') || 'none'}`);
  }
  const place = PLACES.find((word) => word === tag['in']) ?? 'both';
  for (const kind of kinds) {
    const expression = tag[kind];
    if (typeof expression !== 'string') continue;
    const fault = expression.includes(REPLACEMENT)
      ? `expected an expression in ${NO_UTF_8}`
      : describeExpressionFault({ kind, expression, in: place });
    if (fault !== null) report([...path, kind], fault);
  }
}
