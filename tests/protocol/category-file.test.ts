/** Category files: what a good one gives and what is wrong with a bad one, with path and line. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseCategories } from '#protocol/category-file.ts';
import { describeProblem } from '#protocol/operating-error.ts';

const SHOP = readFileSync(join(import.meta.dirname, '../../scenarios/categories/shop.yaml'), 'utf8');

function problemsOf(text: string): string[] {
  const parsed = parseCategories(text, 'c.yaml');
  return parsed.ok ? [] : parsed.problems.map(describeProblem);
}

function withTag(tag: string): string {
  return `version: 1\ncategories:\n  - name: a\n    tags:\n      - ${tag}\n`;
}

describe('a good file', () => {
  test.each([
    ['{ plain: /cart }', { kind: 'plain', expression: '/cart', in: 'both', matchCase: false }],
    ['{ regex: "^/x", in: url, matchCase: true }', { kind: 'regex', expression: '^/x', in: 'url', matchCase: true }],
    ['{ plain: "5", in: title }', { kind: 'plain', expression: '5', in: 'title', matchCase: false }],
    ['{ wildcard: "*/a-?", in: both }', { kind: 'wildcard', expression: '*/a-?', in: 'both', matchCase: false }],
    ['{ plain: de, in: language }', { kind: 'plain', expression: 'de', in: 'language', matchCase: false }],
  ])('reads the tag %s', (tag, expected) => {
    expect(parseCategories(withTag(tag), 'c.yaml')).toEqual({ ok: true, value: [{ name: 'a', tags: [expected] }] });
  });

  it('may be JSON, with names in any script', () => {
    const json = JSON.stringify({ version: 1, categories: [{ name: 'テント', tags: [{ plain: 'x' }] }] });
    expect(parseCategories(json, 'c.json')).toMatchObject({ ok: true, value: [{ name: 'テント' }] });
  });

  it('gives a category names by language and a meaning, all names in form NFC', () => {
    const text = `version: 1
categories:
  - { name: "${'Café'.normalize('NFD')}", names: { de: "${'Kaffeehäuser'.normalize('NFD')}", pt-BR: Cafés }, as: activity, tags: [{ plain: x }] }
  - { name: paid, as: outcome, tags: [{ plain: y }] }
`;
    const parsed = parseCategories(text, 'c.yaml');
    expect(parsed).toMatchObject({
      ok: true,
      value: [
        { name: 'Café', names: { de: 'Kaffeehäuser', 'pt-BR': 'Cafés' }, as: 'activity' },
        { name: 'paid', as: 'outcome' },
      ],
    });
    expect(parsed.ok && parsed.value[1]).not.toHaveProperty('names');
  });

  it('is the shop of the scenarios', () => {
    const parsed = parseCategories(SHOP, 'shop.yaml');
    expect(parsed.ok && parsed.value.map(({ name }) => name)).toEqual([
      'product',
      'cart',
      'checkout',
      'order',
      'returns',
      'support',
    ]);
  });
});

describe('a wrong file is refused', () => {
  test.each([
    ['{}', 'c.yaml:5:9 categories/0/tags/0: expected exactly one of plain, wildcard, regex, got none'],
    [
      '{ plain: a, regex: b }',
      'c.yaml:5:9 categories/0/tags/0: expected exactly one of plain, wildcard, regex, got plain, regex',
    ],
    [
      '{ regex: "(a" }',
      'c.yaml:5:11 categories/0/tags/0/regex: expected a regular expression (RE2 syntax: no look-around, no back-references): error parsing regexp: missing closing ): `(a`',
    ],
    [
      '{ plain: 5 }',
      'c.yaml:5:11 categories/0/tags/0/plain: expected a text, in quotes where YAML would read something else, got 5',
    ],
    [
      '{ plain: a, in: body }',
      'c.yaml:5:21 categories/0/tags/0/in: expected url or title or language or both, got "body"',
    ],
  ])('%s', (tag, problem) => {
    expect(problemsOf(withTag(tag))).toEqual([problem]);
  });

  it('with the known keys for an unknown one', () => {
    expect(problemsOf(withTag('{ plan: a }'))).toEqual([
      'c.yaml:5:9 categories/0/tags/0: expected exactly one of plain, wildcard, regex, got none',
      'c.yaml:5:11 categories/0/tags/0/plan: unknown key "plan", expected one of plain, wildcard, regex, in, matchCase',
    ]);
  });

  it('with everything at once', () => {
    expect(
      problemsOf(
        'version: 1\ncategories:\n  - { name: "a;b", tags: [ { plain: x } ] }\n  - { name: c, tags: [] }\n  - { name: c }\n',
      ),
    ).toEqual([
      'c.yaml:3:7 categories/0/name: expected a name without ";" and without spaces around it',
      'c.yaml:4:16 categories/1/tags: expected a list of tags such as { plain: /cart, in: url }, at least 1, got an empty one',
      'c.yaml:5:5 categories/2/tags: missing, expected a list of tags such as { plain: /cart, in: url }, at least 1',
      'c.yaml:5:7 categories/2/name: the category "c" is there twice',
    ]);
  });

  it('with every fault of names, meanings and expressions, though another one stands beside them', () => {
    const text = [
      'version: 1',
      'categories:',
      `  - name: "${'é'.normalize('NFC')}"`,
      '    names: { deutsch!: Zelte, de: " Zelte", fr: 5 }',
      '    as: goal',
      '    tags:',
      '      - { regex: "(a", in: body }',
      '      - { wildcard: "**", extra: 1 }',
      '      - { plain: "German!", in: language }',
      `  - name: "${'é'.normalize('NFD')}"`,
      '    names: { en: Tents }',
      '    tags: [{ plain: x }]',
      '  - name: c',
      '    names: { EN: Tents }',
      '    tags: [{ plain: "\ufffd" }]',
      '  - { name: "\ufffd", tags: [{ plain: x }] }',
    ].join('\n');
    expect(problemsOf(text)).toEqual([
      'c.yaml:4:14 categories/0/names/deutsch!: expected a language code such as de or pt-BR, got "deutsch!"',
      'c.yaml:4:31 categories/0/names/de: expected a name on one line, without spaces around it',
      'c.yaml:4:45 categories/0/names/fr: expected a name in this language, got 5',
      'c.yaml:5:5 categories/0/as: expected activity or outcome, got "goal"',
      'c.yaml:7:11 categories/0/tags/0/regex: expected a regular expression (RE2 syntax: no look-around, no back-references): error parsing regexp: missing closing ): `(a`',
      'c.yaml:7:24 categories/0/tags/0/in: expected url or title or language or both, got "body"',
      'c.yaml:8:11 categories/0/tags/1/wildcard: expected a character beside * and ?, got "**", which says nothing about a page',
      'c.yaml:8:27 categories/0/tags/1/extra: unknown key "extra", expected one of plain, wildcard, regex, in, matchCase',
      'c.yaml:9:11 categories/0/tags/2/plain: expected a language code such as de or pt-BR, got "German!"',
      'c.yaml:10:5 categories/1/name: the category "é" is there twice',
      'c.yaml:14:14 categories/2/names/EN: the name "Tents" in EN is there twice, first at categories/1/names/en',
      'c.yaml:15:14 categories/2/tags/0/plain: expected an expression in UTF-8, got bytes or a character that can not be read',
      'c.yaml:16:7 categories/3/name: expected a name in UTF-8, got bytes or a character that can not be read',
    ]);
  });

  it('whatever becomes of its text, without a crash', () => {
    const property = fc.property(fc.nat(SHOP.length), fc.nat(30), fc.string(), (at, length, other) => {
      const text = SHOP.slice(0, at) + other + SHOP.slice(at + length);
      const parsed = parseCategories(text, 'c.yaml');
      for (const problem of parsed.ok ? [] : parsed.problems) expect(problem.line).toBeGreaterThanOrEqual(1);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
