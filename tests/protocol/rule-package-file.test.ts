/** Rule package files: what a good one gives, what is wrong with a bad one and where, and that no text crashes the parser. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { describeProblem } from '#protocol/operating-error.ts';
import { parseRulePackage } from '#protocol/rule-package-file.ts';

const SHOP = readFileSync(join(import.meta.dirname, '../../scenarios/rules/shop.yaml'), 'utf8');

/** A package with one rule whose lines are given, from line 6 on. */
function withRule(...lines: string[]): string {
  return [
    'version: 1',
    'package: com.example',
    'packageVersion: "1"',
    'rules:',
    '  - name: R',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');
}
const THEN = 'then: [ { hotLead: {} } ]';

function problemsOf(text: string): string[] {
  const parsed = parseRulePackage(text, 'r.yaml');
  return parsed.ok ? [] : parsed.problems.map(describeProblem);
}

describe('a good package', () => {
  it('gives its rules with defaults filled in', () => {
    const parsed = parseRulePackage(withRule('when: { singleton: { enters: product } }', THEN), 'r.yaml');
    const guards = { maxPerVisit: null, coolDownMs: null, holdoutShare: null };
    expect(parsed).toEqual({
      ok: true,
      value: {
        name: 'com.example',
        version: '1',
        about: null,
        phases: ['standard'],
        guards,
        rules: [
          {
            name: 'R',
            about: null,
            on: true,
            phase: 'standard',
            salience: 0,
            correlate: 'visit',
            when: { template: 'singleton', event: { eventName: 'PageEntered', categories: ['product'], tests: [] } },
            provided: null,
            valid: { fromMs: null, toMs: null },
            hours: null,
            actions: [{ kind: 'hotLead', priority: 0, reason: null }],
            guards,
            sentence: null,
          },
        ],
      },
    });
  });

  it('may be JSON', () => {
    const json = JSON.stringify({
      version: 1,
      package: 'com.example',
      packageVersion: '1',
      phases: ['early', 'late'],
      rules: [
        {
          name: 'R',
          on: false,
          phase: 'late',
          salience: -3,
          when: { counter: { of: { event: 'Search' }, times: 3, within: '1m30s' } },
          // oxlint-disable-next-line unicorn/no-thenable -- the file's word for its actions
          then: [{ hotLead: { priority: 7, reason: 'searches' } }],
          guards: { maxPerVisit: 2, coolDown: '10m' },
        },
      ],
    });
    const parsed = parseRulePackage(json, 'r.json');
    expect(parsed.ok && parsed.value.rules[0]).toMatchObject({
      on: false,
      phase: 'late',
      salience: -3,
      when: { template: 'counter', times: 3, withinMs: 90_000 },
      actions: [{ kind: 'hotLead', priority: 7, reason: 'searches' }],
      guards: { maxPerVisit: 2, coolDownMs: 600_000, holdoutShare: null },
    });
  });

  it('takes a rule without a phase into the first', () => {
    const parsed = parseRulePackage(`phases: [a, b]\n${withRule('when: { singleton: { event: X } }', THEN)}`, 'r.yaml');
    expect(parsed.ok && parsed.value.rules[0]?.phase).toBe('a');
  });

  test.each([
    ['{ leaves: [cart, checkout] }', { eventName: 'PageExited', categories: ['cart', 'checkout'], tests: [] }],
    ['{ event: Search, category: product }', { eventName: 'Search', categories: ['product'], tests: [] }],
    [
      '{ event: Add, where: { price: { atLeast: 5, lessThan: 9 }, colour: green, gift: { isNot: true }, size: { in: [S, 40] } } }',
      {
        eventName: 'Add',
        categories: [],
        tests: [
          { field: 'data.price', operator: 'atLeast', bound: 5 },
          { field: 'data.price', operator: 'lessThan', bound: 9 },
          { field: 'data.colour', operator: 'is', value: 'green' },
          { field: 'data.gift', operator: 'isNot', value: true },
          { field: 'data.size', operator: 'in', values: ['S', 40] },
        ],
      },
    ],
    [
      '{ enters: a, url: { contains: /x }, title: Home, language: { in: [de] } }',
      {
        eventName: 'PageEntered',
        categories: ['a'],
        tests: [
          { field: 'url', operator: 'contains', text: '/x' },
          { field: 'title', operator: 'is', value: 'Home' },
          { field: 'languageCode', operator: 'in', values: ['de'] },
        ],
      },
    ],
  ])('reads the pattern %s', (written, event) => {
    const parsed = parseRulePackage(withRule(`when: { singleton: ${written} }`, THEN), 'r.yaml');
    expect(parsed.ok && parsed.value.rules[0]?.when).toEqual({ template: 'singleton', event });
  });

  it('is the shop of the scenarios, with rules of all three kinds', () => {
    const parsed = parseRulePackage(SHOP, 'shop.yaml');
    expect(new Set(parsed.ok ? parsed.value.rules.map(({ when }) => when.template) : [])).toEqual(
      new Set(['singleton', 'counter', 'sequence']),
    );
  });
});

describe('a wrong package is refused with path, line and what was expected', () => {
  test.each([
    [
      'when: { countr: {} }',
      'r.yaml:6:13 rules/0/when/countr: unknown template "countr", known: singleton, counter, sequence, set, search, identity, timeout, absence, all, any, template; did you mean "counter"?',
    ],
    [
      'when: {}',
      'r.yaml:6:5 rules/0/when: expected exactly one template of singleton, counter, sequence, set, search, identity, timeout, absence, all, any, template, got none',
    ],
    [
      'when: { sequence: { steps: [], within: 1m } }',
      'r.yaml:6:25 rules/0/when/sequence/steps: expected at least 2 steps',
    ],
    [
      'when: { sequence: { steps: [ { enters: a }, { enters: b } ], within: 0s } }',
      'r.yaml:6:66 rules/0/when/sequence/within: expected a duration above 0',
    ],
    [
      'when: { counter: { of: { enters: a }, times: 1, within: 1m } }',
      'r.yaml:6:43 rules/0/when/counter/times: expected a whole number of at least 2 and of at most 1000, got 1',
    ],
    [
      'when: { counter: { of: { enters: a }, times: 2 } }',
      'r.yaml:6:13 rules/0/when/counter/within: expected a duration such as 90s, 15m, 4h or 250ms',
    ],
    [
      'when: { singleton: { enters: a, event: B } }',
      'r.yaml:6:13 rules/0/when/singleton: expected exactly one of enters, leaves, event, got enters, event',
    ],
    [
      'when: { singleton: { enters: a, category: b } }',
      'r.yaml:6:37 rules/0/when/singleton/category: category goes with event; write enters: [ ... ] for several categories',
    ],
    [
      'when: { singleton: { enters: "a;b" } }',
      'r.yaml:6:26 rules/0/when/singleton/enters: expected the name of a category, or a list of them, got "a;b"',
    ],
    [
      'when: { singleton: { event: A, where: { x: { matchs: y } } } }',
      'r.yaml:6:50 rules/0/when/singleton/where/x/matchs: unknown operator "matchs", known: is, isNot, in, contains, matches, lessThan, atMost, moreThan, atLeast; did you mean "matches"?',
    ],
    [
      'when: { singleton: { event: A, where: { x: { atLeast: "5" } } } }',
      'r.yaml:6:50 rules/0/when/singleton/where/x/atLeast: expected a number, got "5"',
    ],
    [
      'when: { singleton: { event: A, wher: {} } }',
      'r.yaml:6:36 rules/0/when/singleton/wher: unknown key "wher", expected one of enters, leaves, event, category, url, title, language, pageID, where',
    ],
  ])('%s', (when, problem) => {
    expect(problemsOf(withRule(when, THEN))).toEqual([problem]);
  });

  test.each([
    ['phase: late', 'r.yaml:8:5 rules/0/phase: unknown phase "late", known: standard'],
    ['salience: 1.5', 'r.yaml:8:5 rules/0/salience: expected a whole number, got 1.5'],
    ['on: perhaps', 'r.yaml:8:5 rules/0/on: expected true or false, got "perhaps"'],
    [
      'guards: { maxPerVisit: 0 }',
      'r.yaml:8:15 rules/0/guards/maxPerVisit: expected a whole number of at least 1, got 0',
    ],
    [
      'guards: { coolDown: soon }',
      'r.yaml:8:15 rules/0/guards/coolDown: expected a duration such as 90s, 15m, 4h or 250ms, got "soon"',
    ],
    [
      'saliense: 1',
      'r.yaml:8:5 rules/0/saliense: unknown key "saliense", expected one of name, about, on, phase, salience, correlate, when, while, valid, hours, then, guards',
    ],
  ])('%s', (line, problem) => {
    expect(problemsOf(withRule('when: { singleton: { event: A } }', THEN, line))).toEqual([problem]);
  });

  it('tells everything at once, in the order of the lines', () => {
    const text = [
      'version: 2',
      'package: Shop',
      'rules:',
      '  - name: A',
      '    when: { singleton: { event: X } }',
      '    then: []',
      '  - name: A',
      '    phase: late',
      '    when: { sometimes: {} }',
      '    then: [ { hotLead: { priority: 101 } }, { hotLead: {} } ]',
    ].join('\n');
    expect(problemsOf(text)).toEqual([
      'r.yaml:1:1 version: expected version: 1, the version of this file format',
      'r.yaml:1:1 packageVersion: missing, expected the version of the package\'s content in quotes, such as "1.0"',
      'r.yaml:2:1 package: expected a package name such as com.example.shop: lower-case labels joined by dots',
      'r.yaml:6:5 rules/0/then: expected a list of actions, at least 1, got an empty one',
      'r.yaml:7:5 rules/1/name: the rule "A" is there twice',
      'r.yaml:8:5 rules/1/phase: unknown phase "late", known: standard',
      'r.yaml:9:13 rules/1/when/sometimes: unknown template "sometimes", known: singleton, counter, sequence, set, search, identity, timeout, absence, all, any, template',
      'r.yaml:10:5 rules/1/then: expected exactly one action, got 2',
      'r.yaml:10:26 rules/1/then/0/hotLead/priority: expected a whole number of at least 0 and of at most 100, got 101',
    ]);
  });

  test.each([
    ['', 4],
    ['[]', 1],
    ['a: [', 1],
    ['rules: 5', 4],
    ['just words', 1],
  ])('%j', (text, atLeast) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThanOrEqual(atLeast);
    for (const problem of problems) expect(problem).toMatch(/^r\.yaml:\d+:\d+/);
  });
});
