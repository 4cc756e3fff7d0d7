/** Which categories a page carries: plain and regular tags, case, place, order, and what a hostile expression costs. */
import { describe, expect, it, test } from 'vitest';
import type { Category, CategoryTag } from '#core/categories/category.ts';
import { compileCategories } from '#core/categories/category-matcher.ts';
import { describeExpressionFault, EXPRESSION_LENGTH_MAX } from '#core/categories/tag-pattern.ts';

function category(name: string, ...tags: (Partial<CategoryTag> & { expression: string })[]): Category {
  return { name, tags: tags.map((tag) => ({ kind: 'plain', in: 'both', matchCase: false, ...tag })) };
}

/** Is the page in a category of just this tag? */
function found(tag: Partial<CategoryTag> & { expression: string }, url: string, title = ''): boolean {
  return compileCategories([category('c', tag)]).categoriesOf(url, title) === 'c';
}

describe('a plain tag', () => {
  test.each([
    [{ expression: 'TENTS' }, 'https://x.example/tents', '', true],
    [{ expression: 'TENTS', matchCase: true }, 'https://x.example/tents', '', false],
    [{ expression: 'tents', matchCase: true }, 'https://x.example/tents', '', true],
    [{ expression: 'zelte für' }, 'https://x.example/', 'Zelte FÜR zwei', true],
    [{ expression: 'a.c' }, 'https://x.example/abc', '', false],
    [{ expression: 'tents', in: 'title' }, 'https://x.example/tents', 'Home', false],
    [{ expression: 'tents', in: 'url' }, 'https://x.example/', 'Tents', false],
    [{ expression: 'tents', in: 'both' }, 'https://x.example/', 'Tents', true],
  ] as const)('%o on %s "%s": %s', (tag, url, title, expected) => {
    expect(found(tag, url, title)).toBe(expected);
  });
});

describe('a regular tag', () => {
  test.each([
    ['/products/[a-z]+-\\d$', 'https://x.example/products/tent-2', true],
    ['/products/[a-z]+-\\d$', 'https://x.example/products/tent-2/reviews', false],
    ['/Cart([/?#]|$)', 'https://x.example/cart?step=1', true],
    ['/Cart([/?#]|$)', 'https://x.example/cartoons', false],
    ['tents?', 'https://x.example/ten', false],
    ['tents?', 'https://x.example/tent', true],
    ['foo|tent', 'https://x.example/tent', true],
    ['boots*', 'https://x.example/boot', true],
    ['bo{2}ts', 'https://x.example/boots', true],
    ['products', 'https://x.example/PRODUCTS', true],
    ['mess', 'https://x.example/me\u017f\u017f', true],
    ['(?-i)Tent', 'https://x.example/tent', false],
  ])('%s on %s: %s', (expression, url, expected) => {
    expect(found({ kind: 'regex', expression }, url)).toBe(expected);
  });

  it('tells case apart where its tag says so', () => {
    expect(found({ kind: 'regex', expression: '/Cart$', matchCase: true }, 'https://x.example/cart')).toBe(false);
    expect(found({ kind: 'regex', expression: '/Cart$', matchCase: true }, 'https://x.example/Cart')).toBe(true);
  });

  it('takes time that grows with the text, not with its powers', () => {
    const began = performance.now();
    expect(found({ kind: 'regex', expression: '(a+)+$' }, `${'a'.repeat(50_000)}!`)).toBe(false);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe('the categories of a page', () => {
  const matcher = compileCategories([
    category('tent', { expression: '/tent' }, { expression: 'ridgeline' }),
    category('Boot', { expression: '/boot' }),
    category('cheap', { expression: 'sale' }),
    category('boot', { expression: '/boot' }),
    category('cheap', { expression: 'outlet' }),
  ]);

  test.each([
    ['https://x.example/tent/ridgeline', 'Sale', 'cheap;tent'],
    ['https://x.example/boots', 'Outlet', 'Boot;boot;cheap'],
    ['https://x.example/', 'Home', ''],
  ])('of %s "%s" are each told once, in the order of their code units: "%s"', (url, title, expected) => {
    expect(matcher.categoriesOf(url, title)).toBe(expected);
    expect(matcher.categoriesOf(url, title)).toBe(expected);
  });

  it('are not mixed up between titles of one URL, nor lost when thousands of pages have been asked for', () => {
    const ask = (n: number) =>
      matcher.categoriesOf(`https://x.example/${n % 3 === 0 ? 'tent' : 'boots'}/${n}`, `${n % 7}`);
    const first = Array.from({ length: 20_000 }, (_, n) => ask(n));
    expect(Array.from({ length: 20_000 }, (_, n) => ask(n))).toEqual(first);
    const titles = Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? `Sale ${n}` : `New ${n}`));
    const expected = titles.map((_, n) => (n % 2 === 0 ? 'cheap' : ''));
    for (let round = 0; round < 3; round += 1) {
      expect(titles.map((title) => matcher.categoriesOf('https://x.example/', title))).toEqual(expected);
    }
  });
});

describe('an expression is refused', () => {
  test.each([
    ['plain', '', 'empty text'],
    ['regex', '', 'empty text'],
    ['regex', '(a', 'missing closing )'],
    ['regex', '(?=a)b', 'RE2 syntax'],
    ['regex', 'a*', 'not every text matches'],
    ['regex', '(a{1000}){1000}', 'RE2 syntax'],
    ['plain', 'a'.repeat(EXPRESSION_LENGTH_MAX + 1), 'at most 1000 characters'],
  ] as const)('%s %j: %s', (kind, expression, reason) => {
    expect(describeExpressionFault(kind, expression)).toContain(reason);
  });

  test.each([
    ['plain', '(a'],
    ['regex', '^$'],
    ['regex', '\\p{Greek}+'],
  ] as const)('but not %s %s', (kind, expression) => {
    expect(describeExpressionFault(kind, expression)).toBeNull();
  });
});
