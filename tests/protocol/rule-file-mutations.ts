/** Rule packages and template files gone wrong: as data (keys lost, renamed, values swapped or absurd) and as text (lines garbled, aliases). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';

const SCENARIOS = join(import.meta.dirname, '../../scenarios');

export const TEMPLATES = join(SCENARIOS, 'templates/web-engagement.yaml');
export const CATEGORIES = join(SCENARIOS, 'categories/shop.yaml');
export const PACKAGE = join(SCENARIOS, 'rules/shop-templates.yaml');

type Path = readonly (string | number)[];
type Tree = Readonly<Record<string, unknown>>;

/** The keys of the formats, and a few that are nearly so. */
const KEYS = [
  'version package rules templates name when while then guards valid hours phase singleton counter sequence set search identity',
  'timeout absence all any template of steps within for on after enters leaves event where matches reached not parameters',
  'sentence with default number choice countr enter __proto__ toString',
].flatMap((line) => line.split(' '));

const ABSURD: readonly unknown[] = [
  [null, true, '', ' ', [], {}, [[]], -1, 0.5, 1e308, 2 ** 53, Number.POSITIVE_INFINITY, Number.NaN],
  [
    '{times}',
    '{nobody}',
    'a;b',
    '\u0000',
    '\ud800',
    '5m',
    '0s',
    '99999999999999999999d',
    '101%',
    '(a+)+$',
    '(?=a)',
    '[',
  ],
  [
    '2026-13-40T99:99:99Z',
    '25:00',
    'Mars/Phobos',
    'x'.repeat(5_000),
    '(((('.repeat(300),
    Array.from({ length: 50 }, () => ({})),
  ],
  [nest(200, 'not'), nest(40, 'any'), { template: { name: 'enters a page', with: { category: {} } } }],
].flat();

function nest(levels: number, key: string): unknown {
  let inner: unknown = { search: {} };
  for (let level = 0; level < levels; level += 1) inner = { [key]: key === 'any' ? [{ search: {} }, inner] : inner };
  return inner;
}

function listPaths(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => listPaths(inner, [...path, key]))];
}

function readAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
}

/** A copy in which `change` has made a new list of entries of the map or list that holds `path`. */
function changeAt(
  value: unknown,
  [key, ...rest]: Path,
  change: (entries: [string, unknown][], key: string) => [string, unknown][],
): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const changed =
    rest.length === 0
      ? change(entries, String(key))
      : entries.map(([own, inner]): [string, unknown] => [
          own,
          own === String(key) ? changeAt(inner, rest, change) : inner,
        ]);
  return Array.isArray(value) ? changed.map(([, inner]) => inner) : Object.fromEntries(changed);
}

const putAt = (value: unknown, path: Path, other: unknown): unknown =>
  changeAt(value, path, (entries, key) => entries.map(([own, inner]) => [own, own === key ? other : inner]));

type Change = (tree: unknown) => unknown;

/** A place of a tree by a number of any size. */
function pick(tree: unknown, at: number): Path {
  const paths = listPaths(tree);
  return paths[at % paths.length] ?? [];
}

const place = fc.nat({ max: 100_000 });

const dataChange: fc.Arbitrary<Change> = fc.oneof(
  place.map(
    (at): Change =>
      (tree) =>
        changeAt(tree, pick(tree, at), (all, key) => all.filter(([own]) => own !== key)),
  ),
  fc.tuple(place, fc.constantFrom(...KEYS)).map(
    ([at, name]): Change =>
      (tree) =>
        changeAt(tree, pick(tree, at), (all, key) => all.map(([own, inner]) => [own === key ? name : own, inner])),
  ),
  fc.tuple(place, place).map(([at, other]): Change => (tree) => {
    const [one, two] = [pick(tree, at), pick(tree, other)];
    return putAt(putAt(tree, one, readAt(tree, two)), two, readAt(tree, one));
  }),
  fc.tuple(place, fc.constantFrom(...ABSURD)).map(
    ([at, value]): Change =>
      (tree) =>
        putAt(tree, pick(tree, at), value),
  ),
  place.map(
    (at): Change =>
      (tree) =>
        changeAt(tree, pick(tree, at), (all, key) => [...all, ...all.filter(([own]) => own === key)]),
  ),
  place.map(
    (at): Change =>
      (tree) =>
        putAt(tree, pick(tree, at), [readAt(tree, pick(tree, at))]),
  ),
);

type TextChange = (lines: readonly string[]) => readonly string[];

const textChange: fc.Arbitrary<TextChange> = fc.oneof(
  fc.tuple(place, place, fc.constantFrom(...'{}[]:,-#&*!|>"\'%? \t\u0000@`')).map(
    ([at, column, char]): TextChange =>
      (lines) =>
        lines.map((line, index) => {
          const cut = column % (line.length + 1);
          return index === at % lines.length ? line.slice(0, cut) + char + line.slice(cut + 1) : line;
        }),
  ),
  place.map(
    (at): TextChange =>
      (lines) =>
        lines.toSpliced(at % lines.length, 1),
  ),
  fc.tuple(place, place).map(
    ([at, other]): TextChange =>
      (lines) =>
        lines.toSpliced(at % lines.length, 0, lines[other % lines.length] ?? ''),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 5 })).map(
    ([at, by]): TextChange =>
      (lines) =>
        lines.map((line, index) => (index === at % lines.length ? ' '.repeat(by) + line : line)),
  ),
  fc
    .tuple(
      place,
      fc.constantFrom(
        ' &a [*a]',
        ' &a { not: *a }',
        ' *nobody',
        ' !!binary x',
        ' !!set { a }',
        ' |',
        ` ${'['.repeat(3_000)}`,
      ),
    )
    .map(
      ([at, end]): TextChange =>
        (lines) =>
          lines.map((line, index) => (index === at % lines.length ? line.replace(/:.*$/, `:${end}`) : line)),
    ),
  place.map(
    (at): TextChange =>
      (lines) =>
        lines.slice(0, at % lines.length),
  ),
  fc.constantFrom<TextChange>(
    (lines) => [`\uFEFF${lines.join('\r\n')}`],
    (lines) => [...lines, '---', ...lines],
    (lines) => lines.map((line) => line.replace(/^ +/, '\t')),
  ),
);

const packageTree: Tree = parse(readFileSync(PACKAGE, 'utf8'));
const templateTree: Tree = parse(readFileSync(TEMPLATES, 'utf8'));

/** A few rules or templates of the product's own, as one file. */
const sound: fc.Arbitrary<Tree> = fc
  .tuple(fc.constantFrom('rules', 'templates'), fc.array(place, { minLength: 1, maxLength: 3 }))
  .map(([key, places]) => {
    const tree = key === 'rules' ? packageTree : templateTree;
    const all: unknown = tree[key];
    const list: readonly unknown[] = Array.isArray(all) ? all : [];
    return { ...tree, [key]: [...new Set(places.map((at) => at % list.length))].map((at) => list[at]) };
  });

/** The text of a file after one to three changes, mostly YAML, now and then JSON. */
export const mutated: fc.Arbitrary<string> = fc
  .record({
    tree: sound,
    isJson: fc.boolean(),
    data: fc.array(dataChange, { maxLength: 2 }),
    text: fc.array(textChange, { maxLength: 1 }),
  })
  .filter(({ data, text }) => data.length + text.length > 0)
  .map(({ tree, isJson, data, text }) => {
    const changed = data.reduce<unknown>((value, change) => change(value), tree);
    const written =
      isJson && text.length === 0 ? JSON.stringify(changed, null, 1) : stringify(changed, { lineWidth: 0 });
    return text.reduce<readonly string[]>((lines, change) => change(lines), (written ?? '').split('\n')).join('\n');
  });
