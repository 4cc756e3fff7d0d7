/** Site files: what a good one gives, and that every slip is named with its line. */
import { expect, test } from 'vitest';
import { describeProblem } from '#protocol/operating-error.ts';
import { parseSite } from '#protocol/site-file.ts';

const SITE = `version: 1
name: shop
domain: www.shop.example
identities: { signIn: 50%, userInfo: 0.3, signOut: 20% }
events:
  - { name: Search, fields: { searchString: [ boots, 7, true ] } }
pages:
  - { id: home, url: /, title: Shop, entry: 5, dwell: 40s, next: { list: 3, home: 1 }, events: { Search: 1 } }
  - { id: list, url: https://other.example/list, title: List, dwell: 20s, next: { home: 1, list: 0 } }
`;

function problemsOf(text: string): string[] {
  const parsed = parseSite(text, 'site.yaml');
  return parsed.ok ? [] : parsed.problems.map(describeProblem);
}

test('pages and events come out by index, paths as whole URLs, weights of zero not at all', () => {
  const parsed = parseSite(SITE, 'site.yaml');
  expect(parsed).toEqual({
    ok: true,
    value: {
      name: 'shop',
      domain: 'www.shop.example',
      languageCode: 'en-US',
      identities: { signInShare: 0.5, userInfoShare: 0.3, signOutShare: 0.2 },
      events: [{ name: 'Search', data: [{ field: 'searchString', values: ['boots', 7, true] }] }],
      pages: [
        {
          id: 'home',
          url: 'https://www.shop.example/',
          title: 'Shop',
          entryWeight: 5,
          dwell: { kind: 'constant', meanMs: 40_000 },
          next: [
            { page: 1, weight: 3 },
            { page: 0, weight: 1 },
          ],
          events: [{ event: 0, weight: 1 }],
        },
        {
          id: 'list',
          url: 'https://other.example/list',
          title: 'List',
          entryWeight: 0,
          dwell: { kind: 'constant', meanMs: 20_000 },
          next: [{ page: 0, weight: 1 }],
          events: [],
        },
      ],
    },
  });
});

test('one reading names every slip, also beside faults of form', () => {
  const broken = SITE.replace('signOut: 20%', 'signOut: 30%')
    .replace('next: { list: 3, home: 1 }', 'next: { lst: 3 }')
    .replace('events: { Search: 1 }', 'events: { Serch: 1 }')
    .replace('dwell: 20s', 'dwell: soon')
    .replace('next: { home: 1, list: 0 }', 'next: { list: 0 }');
  expect(problemsOf(broken)).toEqual([
    expect.stringMatching(/^site\.yaml:9:\d+ pages\/1\/dwell: expected a duration/),
    expect.stringMatching(/^site\.yaml:4:1 identities: expected shares that add up to 1 \(100%\), got 1\.1/),
    expect.stringMatching(/^site\.yaml:8:\d+ pages\/0\/next\/lst: unknown page "lst", known: home, list/),
    expect.stringMatching(/^site\.yaml:8:\d+ pages\/0\/events\/Serch: unknown event "Serch", known: Search/),
    expect.stringMatching(/^site\.yaml:9:\d+ pages\/1\/next: expected at least one next page with a weight above 0/),
    expect.stringMatching(/^site\.yaml:9:\d+ pages\/1\/id: nobody can come to the page "list"/),
  ]);
});

test.each([
  [
    'no page where visits begin',
    SITE.replace('entry: 5', 'entry: 0'),
    /^site\.yaml:7:1 pages: expected at least one page with an entry weight/,
  ],
  [
    'a page that is there twice',
    SITE.replace('id: list', 'id: home').replace('list: 3, ', '').replace(', list: 0', ''),
    /pages\/1\/id: the page "home" is there twice/,
  ],
  [
    'a negative weight',
    SITE.replace('home: 1 }, events', 'home: -1 }, events'),
    /pages\/0\/next\/home: expected a weight of at least 0, got -1/,
  ],
  ['another version', SITE.replace('version: 1', 'version: 2'), /^site\.yaml:1:1 version: expected version: 1/],
])('%s is refused', (_what, text, expected) => {
  expect(problemsOf(text)).toEqual([expect.stringMatching(expected)]);
});
