/** The rule language as files write it: every template, state test, calendar and guard, what it becomes and how a wrong one is refused. */
import { describe, expect, it, test } from 'vitest';
import { describeProblem } from '#protocol/operating-error.ts';
import { parseRulePackage, type RuleSurroundings } from '#protocol/rule-package-file.ts';

/** A package with one rule; `lines` stand from line 6 on, at column 5. */
function withRule(...lines: string[]): string {
  const head = ['version: 1', 'package: com.example', 'packageVersion: "1"', 'rules:', '  - name: R'];
  return [...head, ...lines.map((line) => `    ${line}`)].join('\n');
}

const WHEN = 'when: { singleton: { event: A } }';
const THEN = 'then: [ { hotLead: {} } ]';

function ruleOf(...lines: string[]) {
  const parsed = parseRulePackage(withRule(...lines), 'r.yaml');
  if (!parsed.ok) throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return parsed.value.rules[0];
}

function problemsOf(lines: readonly string[], surroundings?: RuleSurroundings): string[] {
  const parsed = parseRulePackage(withRule(...lines), 'r.yaml', surroundings);
  return parsed.ok ? [] : parsed.problems.map(describeProblem);
}

const entered = (...categories: string[]) => ({ eventName: 'PageEntered', categories, tests: [] });
const named = (eventName: string) => ({ eventName, categories: [], tests: [] });
const one = (event: object) => ({ template: 'singleton', event });

describe('when', () => {
  test.each<[string, object]>([
    [
      '{ counter: { of: { enters: product }, times: 3, within: 10m, distinct: data.sku } }',
      { template: 'counter', event: entered('product'), times: 3, withinMs: 600_000, distinct: 'data.sku' },
    ],
    [
      '{ counter: { of: { enters: product }, times: 3, within: 10m, distinct: language } }',
      { template: 'counter', event: entered('product'), times: 3, withinMs: 600_000, distinct: 'languageCode' },
    ],
    [
      '{ set: { of: [{ enters: a }, { event: B }], within: 1h } }',
      { template: 'set', events: [entered('a'), named('B')], withinMs: 3_600_000 },
    ],
    [
      '{ search: { contains: tent, isNot: tents } }',
      one({
        ...named('Search'),
        tests: [
          { field: 'data.searchString', operator: 'contains', text: 'tent' },
          { field: 'data.searchString', operator: 'isNot', value: 'tents' },
        ],
      }),
    ],
    ['{ search: {} }', one(named('Search'))],
    ['{ identity: recognized }', one(named('UserInfo'))],
    ['{ identity: authenticated }', one(named('SignIn'))],
    [
      '{ timeout: { on: { enters: checkout }, for: 90s } }',
      { template: 'timeout', event: entered('checkout'), forMs: 90_000 },
    ],
    [
      '{ absence: { after: { search: {} }, of: { enters: a }, within: 5m } }',
      { template: 'absence', after: one(named('Search')), event: entered('a'), withinMs: 300_000 },
    ],
    [
      '{ all: { of: [{ any: [{ search: {} }, { identity: recognized }] }, { singleton: { enters: a } }], within: 5m } }',
      {
        template: 'all',
        conditions: [
          { template: 'any', conditions: [one(named('Search')), one(named('UserInfo'))] },
          one(entered('a')),
        ],
        withinMs: 300_000,
      },
    ],
    [
      '{ any: [{ timeout: { on: { enters: a }, for: 1s } }, { singleton: { event: B } }] }',
      { template: 'any', conditions: [{ template: 'timeout', event: entered('a'), forMs: 1_000 }, one(named('B'))] },
    ],
    [
      "{ singleton: { event: A, pageID: p1, url: { matches: '^https://[a-z]+/tents' } } }",
      one({
        ...named('A'),
        tests: [
          { field: 'url', operator: 'matches', expression: '^https://[a-z]+/tents', matchCase: false },
          { field: 'pageID', operator: 'is', value: 'p1' },
        ],
      }),
    ],
  ])('%s', (written, when) => {
    expect(ruleOf(`when: ${written}`, THEN)?.when).toEqual(when);
  });

  const WAITS = 'waits; expected a template that does not, or any: [ ... ] as the whole of when';
  test.each([
    [
      '{ set: { of: [{ enters: a }], within: 1h } }',
      'r.yaml:6:20 rules/0/when/set/of: expected at least 2 event patterns',
    ],
    [
      '{ counter: { of: { enters: a }, times: 2, within: 1m, distinct: sku } }',
      'r.yaml:6:65 rules/0/when/counter/distinct: expected a field such as data.sku, or one of url, title, language, pageID, got "sku"',
    ],
    [
      '{ search: { containing: tent } }',
      'r.yaml:6:23 rules/0/when/search/containing: unknown operator "containing", known: is, isNot, in, contains, matches, lessThan, atMost, moreThan, atLeast; did you mean "contains"?',
    ],
    [
      '{ search: }',
      'r.yaml:6:13 rules/0/when/search: expected tests of what was searched for, such as { contains: tent }, or {} for any search, got null',
    ],
    [
      '{ identity: anonymous }',
      'r.yaml:6:13 rules/0/when/identity: expected recognized or authenticated, got "anonymous"',
    ],
    [
      '{ timeout: { on: { enters: a } } }',
      'r.yaml:6:13 rules/0/when/timeout/for: expected a duration such as 90s, 15m, 4h or 250ms',
    ],
    [
      '{ singleton: { event: A, title: { matches: "(?=a)" } } }',
      'r.yaml:6:45 rules/0/when/singleton/title/matches: expected a regular expression (RE2 syntax: no look-around, no back-references): ',
    ],
    [
      '{ absence: { after: { timeout: { on: { enters: a }, for: 1s } }, of: { enters: a }, within: 5m } }',
      `r.yaml:6:33 rules/0/when/absence/after/timeout: timeout ${WAITS}`,
    ],
    [
      '{ all: { of: [{ search: {} }, { absence: {} }], within: 5m } }',
      `r.yaml:6:43 rules/0/when/all/of/1/absence: absence ${WAITS}`,
    ],
    [
      '{ any: [{ search: {} }, { any: [{ search: {} }, { timeout: {} }] }] }',
      `r.yaml:6:61 rules/0/when/any/1/any/1/timeout: timeout ${WAITS}`,
    ],
    ['{ any: [{ search: {} }] }', 'r.yaml:6:13 rules/0/when/any: expected at least 2 templates'],
    [
      `{ all: { of: [${Array.from({ length: 11 }, () => '{ search: {} }').join(', ')}], within: 1m } }`,
      'r.yaml:6:20 rules/0/when/all/of: expected at most 10 templates',
    ],
    [
      `{ sequence: { steps: [${Array.from({ length: 21 }, () => '{ enters: a }').join(', ')}], within: 1m } }`,
      'r.yaml:6:25 rules/0/when/sequence/steps: expected at most 20 steps',
    ],
  ])('%s is refused', (written, problem) => {
    const problems = problemsOf([`when: ${written}`, THEN]);
    // What RE2 says of a wrong expression is its own.
    expect(problems.map((told) => told.slice(0, problem.length))).toEqual([problem]);
  });

  it('nests groups five deep, and no deeper', () => {
    const nest = (levels: number): string =>
      levels === 0 ? '{ search: {} }' : `{ any: [{ search: {} }, ${nest(levels - 1)}] }`;
    expect(problemsOf([`when: ${nest(5)}`, THEN])).toEqual([]);
    expect(problemsOf([`when: ${nest(6)}`, THEN])).toEqual([
      expect.stringMatching(/: expected at most 5 levels of all and any inside one another$/),
    ]);
  });
});

describe('while', () => {
  const bound = (kind: string, operator: string, value: number) => ({ kind, operator, bound: value });
  const seen = (event: object, withinMs: number | null) => ({ kind: 'seen', event, withinMs });
  test.each<[string, object]>([
    ['{ identity: anonymous }', { kind: 'identity', scopes: ['anonymous'] }],
    ['{ identity: [authenticated, recognized] }', { kind: 'identity', scopes: ['recognized', 'authenticated'] }],
    ['{ visitAge: { atLeast: 2m } }', bound('visitAge', 'atLeast', 120_000)],
    [
      '{ visitNumber: { moreThan: 1, lessThan: 9 } }',
      { kind: 'all', tests: [bound('visitNumber', 'moreThan', 1), bound('visitNumber', 'lessThan', 9)] },
    ],
    ['{ referrer: { contains: news } }', { kind: 'referrer', test: { operator: 'contains', text: 'news' } }],
    ['{ language: en-GB }', { kind: 'language', test: { operator: 'is', value: 'en-GB' } }],
    ['{ seen: { event: Search, within: 5m } }', seen(named('Search'), 300_000)],
    ['{ seen: { enters: a } }', seen(entered('a'), null)],
    ['{ reached: order-placed }', seen(entered('order-placed'), null)],
    [
      '{ identity: recognized, not: { any: [{ reached: a }, { visitAge: { lessThan: 1m } }] } }',
      {
        kind: 'all',
        tests: [
          { kind: 'identity', scopes: ['recognized'] },
          {
            kind: 'not',
            test: { kind: 'any', tests: [seen(entered('a'), null), bound('visitAge', 'lessThan', 60_000)] },
          },
        ],
      },
    ],
  ])('%s', (written, provided) => {
    expect(ruleOf(WHEN, THEN, `while: ${written}`)?.provided).toEqual(provided);
  });

  const KEYS = 'identity, visitAge, visitNumber, referrer, language, seen, reached, all, any, not';
  test.each([
    ['{}', `r.yaml:8:5 rules/0/while: expected at least one of ${KEYS}, got none`],
    ['{ identty: anonymous }', `r.yaml:8:14 rules/0/while/identty: unknown key "identty", expected one of ${KEYS}`],
    [
      '{ identity: known }',
      'r.yaml:8:14 rules/0/while/identity: expected one of anonymous, recognized, authenticated, or a list of them, got "known"',
    ],
    [
      '{ visitAge: { atLeast: 5 } }',
      'r.yaml:8:26 rules/0/while/visitAge/atLeast: expected a duration such as 90s, 15m, 4h or 250ms, got 5',
    ],
    [
      '{ visitNumber: { is: 2 } }',
      'r.yaml:8:29 rules/0/while/visitNumber/is: unknown operator "is", known: lessThan, atMost, moreThan, atLeast',
    ],
    [
      '{ visitNumber: { atLeast: 0 } }',
      'r.yaml:8:29 rules/0/while/visitNumber/atLeast: expected a whole number of at least 1, got 0',
    ],
    ['{ seen: { event: A, within: 0s } }', 'r.yaml:8:32 rules/0/while/seen/within: expected a duration above 0'],
    ['{ not: { not: {} } }', `r.yaml:8:21 rules/0/while/not/not: expected at least one of ${KEYS}, got none`],
    [
      '{ not: { not: { not: { not: { not: { not: { reached: a } } } } } } }',
      'r.yaml:8:49 rules/0/while/not/not/not/not/not/not: expected at most 5 levels of all, any and not inside one another',
    ],
  ])('%s is refused', (written, problem) => {
    expect(problemsOf([WHEN, THEN, `while: ${written}`])).toEqual([problem]);
  });
});

describe('calendar, correlation, actions and guards', () => {
  it('reads moments with their offsets', () => {
    const valid = 'valid: { from: 2026-11-01T00:00:00Z, to: "2027-01-01T01:30:00+01:00" }';
    expect(ruleOf(WHEN, THEN, valid)?.valid).toEqual({
      fromMs: Date.UTC(2026, 10, 1),
      toMs: Date.UTC(2027, 0, 1, 0, 30),
    });
    expect(ruleOf(WHEN, THEN, 'valid: { to: 2024-02-29T12:00Z }')?.valid).toEqual({
      fromMs: null,
      toMs: Date.UTC(2024, 1, 29, 12),
    });
  });

  test.each<[string, object]>([
    ['{ days: mon-fri, from: "09:00", to: "18:00", timeZone: Europe/Berlin }', { days: [1, 2, 3, 4, 5] }],
    ['{ days: [sun, sat], timeZone: Europe/Berlin }', { days: [6, 7], fromMinute: 0, toMinute: 1_440 }],
    ['{ days: [fri-mon, wed], to: "24:00", timeZone: UTC }', { days: [1, 3, 5, 6, 7], timeZone: 'UTC' }],
    ['{ from: "22:30", timeZone: UTC }', { days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 1_350, toMinute: 1_440 }],
  ])('hours: %s', (written, hours) => {
    expect(ruleOf(WHEN, THEN, `hours: ${written}`)?.hours).toMatchObject(hours);
  });

  it('reads correlation, follow-ups and hold-outs', () => {
    const action = 'then: [ { followUp: { priority: 5, reason: call back } } ]';
    expect(ruleOf(WHEN, action, 'correlate: identity', 'guards: { holdout: 10% }')).toMatchObject({
      correlate: 'identity',
      actions: [{ kind: 'followUp', priority: 5, reason: 'call back' }],
      guards: { maxPerVisit: null, coolDownMs: null, holdoutShare: 0.1 },
    });
  });

  const MOMENT = 'expected a time with Z or its offset, such as 2026-11-01T00:00:00Z or 2026-11-01T01:00:00+01:00';
  test.each([
    ['valid: { from: 2026-11-01T00:00:00 }', `r.yaml:8:14 rules/0/valid/from: ${MOMENT}, got "2026-11-01T00:00:00"`],
    ['valid: { to: 2026-02-30T00:00:00Z }', `r.yaml:8:14 rules/0/valid/to: ${MOMENT}, got "2026-02-30T00:00:00Z"`],
    [
      'valid: { from: 2026-11-01T00:00:00Z, to: 2026-11-01T01:00:00+01:00 }',
      'r.yaml:8:42 rules/0/valid/to: expected a later time than "from"',
    ],
    ['valid: {}', 'r.yaml:8:5 rules/0/valid: expected from, to or both, got none'],
    [
      'hours: { days: mo-fr, timeZone: UTC }',
      'r.yaml:8:14 rules/0/hours/days: expected days such as mon-fri or [sat, sun], of mon, tue, wed, thu, fri, sat, sun, got "mo-fr"',
    ],
    [
      'hours: { from: "24:01", timeZone: UTC }',
      'r.yaml:8:14 rules/0/hours/from: expected a time of day in quotes, from "00:00" to "24:00", got "24:01"',
    ],
    [
      'hours: { from: "18:00", to: "09:00", timeZone: UTC }',
      'r.yaml:8:29 rules/0/hours/to: expected hours that end after they begin, on the same day',
    ],
    [
      'hours: { timeZone: "+01:00" }',
      'r.yaml:8:14 rules/0/hours/timeZone: expected a time zone such as Europe/Berlin, got "+01:00"',
    ],
    ['hours: {}', 'r.yaml:8:5 rules/0/hours/timeZone: missing, expected a time zone such as Europe/Berlin'],
    ['correlate: person', 'r.yaml:8:5 rules/0/correlate: expected visit or browser or identity, got "person"'],
    ['guards: { holdout: 100% }', 'r.yaml:8:15 rules/0/guards/holdout: expected a share above 0 and below 100%'],
    [
      'guards: { holdout: some }',
      'r.yaml:8:15 rules/0/guards/holdout: expected a share such as 0.03 or 3%, got "some"',
    ],
  ])('%s is refused', (line, problem) => {
    expect(problemsOf([WHEN, THEN, line])).toEqual([problem]);
  });

  it('knows no other action', () => {
    expect(problemsOf([WHEN, 'then: [ { followup: {} } ]'])).toEqual([
      'r.yaml:7:15 rules/0/then/0/followup: unknown action "followup", known: hotLead, followUp; did you mean "followUp"?',
    ]);
  });

  it('tells what is wrong between keys beside what is wrong in them', () => {
    expect(problemsOf(['when: { singleton: { enters: a, event: B, title: {} } }', THEN])).toEqual([
      'r.yaml:6:13 rules/0/when/singleton: expected exactly one of enters, leaves, event, got enters, event',
      'r.yaml:6:47 rules/0/when/singleton/title: expected a value or a map of is, isNot, in, contains, matches, lessThan, atMost, moreThan, atLeast, got {}',
    ]);
  });
});

describe('categories that are known', () => {
  const TEXT = [
    'when: { sequence: { steps: [ { enters: [a, b] }, { event: X, category: cart, where: { category: d } } ], within: 1m } }',
    'while: { all: [{ reached: a }, { not: { seen: { leaves: crt } } }] }',
    THEN,
  ];

  it('are the only ones that rules may ask for, and only activities and outcomes are reached', () => {
    expect(problemsOf(TEXT)).toEqual([]);
    const given = ['a', 'b', 'cart', 'crt'].map((name) => ({ name }));
    expect(problemsOf(TEXT, { categories: [...given.slice(1), { name: 'a', as: 'outcome' }] })).toEqual([]);
    expect(problemsOf(TEXT, { categories: [{ name: 'a' }, { name: 'cart', as: 'activity' }] })).toEqual([
      'r.yaml:6:36 rules/0/when/sequence/steps/0/enters: unknown category "b", known: a, cart',
      'r.yaml:7:22 rules/0/while/all/0/reached: expected a category tagged as activity or outcome, got "a"; these are: cart',
      'r.yaml:7:53 rules/0/while/all/1/not/seen/leaves: unknown category "crt", known: a, cart; did you mean "cart"?',
    ]);
  });

  it('may be none', () => {
    expect(problemsOf(['when: { singleton: { leaves: a } }', THEN], { categories: [] })).toEqual([
      'r.yaml:6:26 rules/0/when/singleton/leaves: unknown category "a", there is none',
    ]);
  });
});
