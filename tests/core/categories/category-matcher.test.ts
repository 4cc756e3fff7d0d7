/** Which categories a page carries: plain, wildcard and regular tags, case, place, order, and what a hostile expression costs. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { compileCategories } from '#core/categories/category-matcher.ts';
import { displayNameOf, type Category, type CategoryTag } from '#core/categories/category.ts';
import { describeExpressionFault, EXPRESSION_LENGTH_MAX } from '#core/categories/tag-pattern.ts';

type Tag = Partial<CategoryTag> & { readonly expression: string };

function category(name: string, ...tags: readonly Tag[]): Category {
  return { name, tags: tags.map((tag) => ({ kind: 'plain', in: 'both', matchCase: false, ...tag })) };
}

/** Is the page in a category of just this tag? */
function found(tag: Tag, url: string, title = '', languageCode = ''): boolean {
  return compileCategories([category('c', tag)]).categoriesOf(url, title, languageCode) === 'c';
}

describe('a plain tag', () => {
  test.each([
    [{ expression: 'TENTS' }, 'https://x.example/tents', '', true],
    [{ expression: 'TENTS', matchCase: true }, 'https://x.example/tents', '', false],
    [{ expression: 'tents', matchCase: true }, 'https://x.example/tents', '', true],
    [{ expression: 'zelte für' }, 'https://x.example/', 'Zelte FÜR zwei', true],
    [{ expression: 'ΔΡΟΜΟΣ' }, 'https://x.example/', 'ο δρόμος δρομος', true],
    [{ expression: 'a.c' }, 'https://x.example/abc', '', false],
    [{ expression: 'a*c' }, 'https://x.example/abc', '', false],
    [{ expression: 'tents', in: 'title' }, 'https://x.example/tents', 'Home', false],
    [{ expression: 'tents', in: 'url' }, 'https://x.example/', 'Tents', false],
    [{ expression: 'tents', in: 'both' }, 'https://x.example/', 'Tents', true],
  ] as const)('%o on %s "%s": %s', (tag, url, title, expected) => {
    expect(found(tag, url, title)).toBe(expected);
  });

  test.each(['plain', 'wildcard', 'regex'] as const)(
    '(%s) takes the two forms of an accented letter for one',
    (kind) => {
      const written = kind === 'wildcard' ? '*Café*' : 'Café';
      for (const expression of [written.normalize('NFC'), written.normalize('NFD')]) {
        for (const title of ['Café bar'.normalize('NFC'), 'Café bar'.normalize('NFD')]) {
          expect(found({ kind, expression, matchCase: true }, '', title)).toBe(true);
        }
      }
    },
  );
});

describe('a wildcard tag', () => {
  test.each([
    ['https://*.example/products/*', 'https://x.example/products/tents', true],
    ['https://*.example/products/*', 'https://x.example/products/', true],
    ['https://*.example/products/*', 'https://x.example/product/tents', false],
    ['*/PRODUCTS/*', 'https://x.example/products/tents', true],
    ['/products/*', 'https://x.example/products/tents', false],
    ['*/products', 'https://x.example/products/', false],
    ['*/tent-?', 'https://x.example/tent-2', true],
    ['*/tent-?', 'https://x.example/tent-', false],
    ['*/tent-?', 'https://x.example/tent-22', false],
    ['*/tent-?', 'https://x.example/tent-⛺', true],
    ['*/tent.+(x)|[y]^$', 'https://x.example/tent.+(x)|[y]^$', true],
    ['*/tent.html', 'https://x.example/tentxhtml', false],
    ['*search\\?q=\\*', 'https://x.example/search?q=*', true],
    ['*search\\?q=\\*', 'https://x.example/searchXq=boots', false],
    ['*a\\\\b', 'https://x.example/a\\b', true],
    ['*/x', 'https://x.example/\n/x', true],
  ])('%s on %s: %s', (expression, url, expected) => {
    expect(found({ kind: 'wildcard', expression }, url)).toBe(expected);
  });

  it('tells case apart where its tag says so', () => {
    expect(found({ kind: 'wildcard', expression: '*/Cart', matchCase: true }, 'https://x.example/cart')).toBe(false);
    expect(found({ kind: 'wildcard', expression: '*/Cart', matchCase: true }, 'https://x.example/Cart')).toBe(true);
  });

  it('fits what a search by hand finds, whatever it is made of', () => {
    const characters = fc.constantFrom('a', 'b', 'A', 'é', '*', '?', '.', 's', 'ſ', 'σ', 'ς');
    const text = fc.array(characters, { maxLength: 7 }).map((all) => all.join(''));
    const expressions = text.filter(
      (one) => describeExpressionFault({ kind: 'wildcard', expression: one, in: 'url' }) === null,
    );
    fc.assert(
      fc.property(expressions, text, fc.boolean(), (expression, url, matchCase) => {
        expect(found({ kind: 'wildcard', expression, matchCase, in: 'url' }, url)).toBe(
          fitsByHand([...expression], [...url], matchCase),
        );
      }),
      { numRuns: 3_000 },
    );
  });
});

/** Wildcards by their definition, trying everything. */
function fitsByHand([first, ...others]: readonly string[], text: readonly string[], matchCase: boolean): boolean {
  if (first === undefined) return text.length === 0;
  if (first === '*') return [...text, ''].some((_, skipped) => fitsByHand(others, text.slice(skipped), matchCase));
  const [character, ...rest] = text;
  if (character === undefined) return false;
  const same = first === '?' || (matchCase ? first === character : first.toUpperCase() === character.toUpperCase());
  return same && fitsByHand(others, rest, matchCase);
}

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
});

describe('a tag on the language', () => {
  test.each([
    ['plain', 'de', 'de', true],
    ['plain', 'de', 'de-AT', true],
    ['plain', 'DE', 'de-at', true],
    ['plain', 'de', 'en-DE', false],
    ['plain', 'de', 'den', false],
    ['plain', 'de-AT', 'de', false],
    ['wildcard', '*-CH', 'fr-CH', true],
    ['wildcard', '*-CH', 'fr', false],
    ['regex', '^(de|fr)-ch$', 'fr-CH', true],
    ['regex', '^(de|fr)-ch$', 'it-CH', false],
  ] as const)('%s %s on %s: %s', (kind, expression, languageCode, expected) => {
    expect(found({ kind, expression, in: 'language' }, 'https://x.example/de', 'de', languageCode)).toBe(expected);
  });

  it('changes the categories of one page as its language does, and no other tag looks there', () => {
    const matcher = compileCategories([
      category('german', { expression: 'de', in: 'language' }),
      category('cart', { expression: '/cart', in: 'both' }),
      category('both', { expression: 'de-AT', in: 'both' }),
    ]);
    for (let round = 0; round < 2; round += 1) {
      expect(matcher.categoriesOf('https://x.example/cart', 'Cart', 'de-AT')).toBe('cart;german');
      expect(matcher.categoriesOf('https://x.example/cart', 'Cart', 'en')).toBe('cart');
    }
  });
});

/** An engine that backtracks would not come back from these before the test's time is up. */
describe('a hostile expression on a long page', () => {
  const long = `${'a'.repeat(50_000)}!`;

  test.each([
    ['regex', '(a+)+$'],
    ['regex', '(a|aa)+b'],
    ['regex', 'a*a*a*a*a*a*b'],
    ['wildcard', '*a*a*a*a*a*a*a*a*b'],
    ['wildcard', '*a?a?a?a?a?a?a?ab'],
  ] as const)('%s %s takes time that grows with the text, not with its powers', (kind, expression) => {
    expect(found({ kind, expression }, long, long)).toBe(false);
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
    expect(matcher.categoriesOf(url, title, 'en')).toBe(expected);
    expect(matcher.categoriesOf(url, title, 'de')).toBe(expected);
  });

  it('are not mixed up between titles of one URL, nor lost when thousands of pages have been asked for', () => {
    const ask = (n: number) =>
      matcher.categoriesOf(`https://x.example/${n % 3 === 0 ? 'tent' : 'boots'}/${n}`, `${n % 7}`, 'en');
    const first = Array.from({ length: 20_000 }, (_, n) => ask(n));
    expect(Array.from({ length: 20_000 }, (_, n) => ask(n))).toEqual(first);
    const titles = Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? `Sale ${n}` : `New ${n}`));
    const expected = titles.map((_, n) => (n % 2 === 0 ? 'cheap' : ''));
    for (let round = 0; round < 3; round += 1) {
      expect(titles.map((title) => matcher.categoriesOf('https://x.example/', title, 'en'))).toEqual(expected);
    }
  });

  it('are what the newest matcher says, whatever another one was asked before', () => {
    const other = compileCategories([category('tent', { expression: '/tent/ridge' })]);
    expect(matcher.categoriesOf('https://x.example/tent', '', 'en')).toBe('tent');
    expect(other.categoriesOf('https://x.example/tent', '', 'en')).toBe('');
    expect(matcher.categoriesOf('https://x.example/tent', '', 'en')).toBe('tent');
  });
});

describe("a category's name for people", () => {
  const tents: Category = {
    ...category('tents', { expression: 'x' }),
    names: { de: 'Zelte', 'de-CH': 'Zält', FR: 'Tentes' },
  };

  test.each([
    ['de', 'Zelte'],
    ['de-AT', 'Zelte'],
    ['DE-ch', 'Zält'],
    ['de-CH-1996', 'Zält'],
    ['fr-CA', 'Tentes'],
    ['den', 'tents'],
    ['', 'tents'],
  ])('in "%s" is %s', (languageCode, expected) => {
    expect(displayNameOf(tents, languageCode)).toBe(expected);
  });

  it('is its own name where it has no other', () => {
    expect(displayNameOf(category('tents', { expression: 'x' }), 'de')).toBe('tents');
  });
});

describe('an expression is refused', () => {
  test.each([
    ['plain', '', 'url', 'empty text'],
    ['regex', '', 'url', 'empty text'],
    ['wildcard', '', 'url', 'empty text'],
    ['wildcard', '**', 'url', 'a character beside * and ?'],
    ['wildcard', '?*', 'url', 'a character beside * and ?'],
    ['wildcard', 'a\\', 'url', 'a character after the last \\'],
    ['plain', 'German!', 'language', 'a language code such as de'],
    ['regex', '(a', 'url', 'missing closing )'],
    ['regex', '(?=a)b', 'url', 'RE2 syntax'],
    ['regex', 'a*', 'url', 'not every text matches'],
    ['regex', '(a{1000}){1000}', 'url', 'RE2 syntax'],
    ['plain', 'a'.repeat(EXPRESSION_LENGTH_MAX + 1), 'url', 'at most 1000 characters'],
  ] as const)('%s %j in %s: %s', (kind, expression, place, reason) => {
    expect(describeExpressionFault({ kind, expression, in: place })).toContain(reason);
  });

  test.each([
    ['plain', '(a', 'both'],
    ['plain', 'pt-BR', 'language'],
    ['wildcard', '*\\\\', 'both'],
    ['wildcard', '\\*', 'both'],
    ['regex', '^$', 'both'],
    ['regex', '\\p{Greek}+', 'both'],
  ] as const)('but not %s %s in %s', (kind, expression, place) => {
    expect(describeExpressionFault({ kind, expression, in: place })).toBeNull();
  });
});
