/** Template files: what a good one gives, what rules make of it, and where each fault is told: in the package or in the template's file. */
import { describe, expect, it, test } from 'vitest';
import { describeProblem } from '#protocol/operating-error.ts';
import { parseRulePackage } from '#protocol/rule-package-file.ts';
import { parseRuleTemplates, type RuleTemplate } from '#protocol/rule-template-file.ts';

const DEAR_CART = `version: 1
templates:
  - name: dear cart left
    type: web_engagement
    events: true
    about: Something dear was put into the cart, and no checkout followed
    sentence: puts something {colour} for at least {price} into the cart and does not enter {checkout} within {patience}
    parameters:
      price: { number: { min: 0 }, default: 100, about: in the shop's currency }
      patience: { duration: { min: 10s, max: 1h } }
      checkout: { category: {}, default: checkout }
      colour: { choice: [red, green], default: green }
      phrase: { text: {}, default: tent }
    when:
      absence:
        after:
          singleton:
            event: AddToCart
            where: { price: { atLeast: "{price}" }, colour: "{colour}", text: { matches: "{phrase}" } }
        of: { enters: "{checkout}" }
        within: "{patience}"
`;

function templatesOf(text: string): readonly RuleTemplate[] {
  const parsed = parseRuleTemplates(text, 't.yaml');
  if (!parsed.ok) throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return parsed.value;
}

function faultsOf(text: string): string[] {
  const parsed = parseRuleTemplates(text, 't.yaml');
  return parsed.ok ? [] : parsed.problems.map(describeProblem);
}

/** A package whose only rule takes a template; `use` stands at line 6, column 23. */
function withUse(use: string): string {
  return `version: 1
package: com.example
packageVersion: "1"
rules:
  - name: R
    when: { template: ${use} }
    then: [ { hotLead: {} } ]`;
}

function parseUse(use: string, templates: readonly RuleTemplate[] = templatesOf(DEAR_CART)) {
  return parseRulePackage(withUse(use), 'r.yaml', { templates });
}

function useFaultsOf(use: string, templates?: readonly RuleTemplate[]): string[] {
  const parsed = parseUse(use, templates);
  return parsed.ok ? [] : parsed.problems.map(describeProblem);
}

describe('a rule that takes a template', () => {
  it('has its condition and its sentence, values and defaults put in', () => {
    const parsed = parseUse('{ name: dear cart left, with: { price: 200, patience: 5m, checkout: [pay, checkout] } }');
    expect(parsed.ok && parsed.value.rules[0]).toMatchObject({
      sentence:
        'puts something green for at least 200 into the cart and does not enter "pay" or "checkout" within 5 min',
      when: {
        template: 'absence',
        after: {
          template: 'singleton',
          event: {
            eventName: 'AddToCart',
            categories: [],
            tests: [
              { field: 'data.price', operator: 'atLeast', bound: 200 },
              { field: 'data.colour', operator: 'is', value: 'green' },
              { field: 'data.text', operator: 'matches', expression: 'tent', matchCase: false },
            ],
          },
        },
        event: { eventName: 'PageEntered', categories: ['pay', 'checkout'], tests: [] },
        withinMs: 300_000,
      },
    });
  });

  test.each([
    [
      '{ name: dear cart let, with: { patience: 5m } }',
      'r.yaml:6:25 rules/0/when/template/name: unknown template "dear cart let", known: dear cart left; did you mean "dear cart left"?',
    ],
    [
      '{ name: dear cart left }',
      'r.yaml:6:13 rules/0/when/template/with/patience: missing, expected a duration such as 90s, 15m, 4h or 250ms',
    ],
    [
      '{ name: dear cart left, with: { patience: 5s } }',
      'r.yaml:6:55 rules/0/when/template/with/patience: expected a duration of at least 10 s and of at most 1 h, got "5s"',
    ],
    [
      '{ name: dear cart left, with: { patience: 5m, prise: 5 } }',
      'r.yaml:6:69 rules/0/when/template/with/prise: unknown parameter "prise", known: price, patience, checkout, colour, phrase; did you mean "price"?',
    ],
    [
      '{ name: dear cart left, with: { patience: 5m, price: -1 } }',
      'r.yaml:6:69 rules/0/when/template/with/price: expected a number of at least 0, got -1',
    ],
    [
      '{ name: dear cart left, with: { patience: 5m, colour: blue } }',
      'r.yaml:6:69 rules/0/when/template/with/colour: expected one of red, green, got "blue"',
    ],
    [
      '{ name: dear cart left, with: { patience: 5m, checkout: 5 } }',
      'r.yaml:6:69 rules/0/when/template/with/checkout: expected the name of a category, or a list of them, got 5',
    ],
    [
      '{ name: dear cart left, with: { patience: 5m, phrase: a** } }',
      'r.yaml:6:69 rules/0/when/template/with/phrase: expected a regular expression (RE2 syntax: no look-around, no back-references): ',
    ],
    [
      '{ name: dear cart left, wth: {} }',
      'r.yaml:6:47 rules/0/when/template/wth: unknown key "wth", expected one of name, with',
    ],
    [
      '{ name: dear cart left, with: 5 }',
      'r.yaml:6:47 rules/0/when/template/with: expected a map of values by parameter, got 5',
    ],
  ])('is refused where its own values are wrong: %s', (use, problem) => {
    // What RE2 says of a wrong expression is its own.
    expect(useFaultsOf(use).map((told) => told.slice(0, problem.length))).toEqual([problem]);
  });

  it('names the place in the template that a value of its own does not suit', () => {
    const text = `version: 1
templates:
  - name: often
    sentence: enters {page} {times} times
    parameters: { page: { category: {} }, times: { number: {} } }
    when: { counter: { of: { enters: "{page}" }, times: "{times}", within: 5m } }`;
    expect(useFaultsOf('{ name: often, with: { page: a, times: 1 } }', templatesOf(text))).toEqual([
      'r.yaml:6:55 rules/0/when/template/with/times: expected a whole number of at least 2 and of at most 1000, got 1 (counter/times of the template "often")',
    ]);
  });

  it('says so where no template was given', () => {
    expect(useFaultsOf('{ name: often }', [])).toEqual([
      'r.yaml:6:25 rules/0/when/template/name: unknown template "often", and no template file was given',
    ]);
  });

  it('asks for known categories, the rule for its own and the template for the rest, each once', () => {
    const templates = templatesOf(DEAR_CART.replace('event: AddToCart', 'enters: cart'));
    const rule =
      '\n  - name: S\n    when: { template: { name: dear cart left, with: { patience: 5m } } }\n    then: [{ hotLead: {} }]';
    const text = withUse('{ name: dear cart left, with: { patience: 5m, checkout: pay } }') + rule;
    const parsed = parseRulePackage(text, 'r.yaml', { templates, categories: [{ name: 'product' }] });
    expect(parsed.ok ? [] : parsed.problems.map(describeProblem)).toEqual([
      'r.yaml:6:69 rules/0/when/template/with/checkout: unknown category "pay", known: product (absence/of/enters of the template "dear cart left")',
      't.yaml:18:13 templates/0/when/absence/after/singleton/enters: unknown category "cart", known: product',
      't.yaml:11:33 templates/0/parameters/checkout/default: unknown category "checkout", known: product',
    ]);
  });

  it('takes it as the whole of when only', () => {
    const inside = withUse('{}').replace(
      '{ template: {} }',
      '{ any: [{ search: {} }, { template: { name: dear cart left } }] }',
    );
    const parsed = parseRulePackage(inside, 'r.yaml', { templates: templatesOf(DEAR_CART) });
    expect(parsed.ok ? [] : parsed.problems.map(describeProblem)).toEqual([
      'r.yaml:6:37 rules/0/when/any/1/template: a template of a template file can only be the whole of when',
    ]);
  });
});

describe('a wrong template file is refused with path, line and what was expected', () => {
  const minimal = (parameters: string, when: string, sentence = 'does it'): string =>
    `version: 1\ntemplates:\n  - name: T\n    sentence: ${sentence}\n    parameters: ${parameters}\n    when: ${when}`;
  const counter = (times: string): string => `{ counter: { of: { enters: a }, times: ${times}, within: 1m } }`;
  const N = '{ n: { number: {} } }';

  test.each<[string, string, string[]]>([
    [
      'a placeholder without parameter',
      minimal('{}', counter('"{n}"')),
      ['t.yaml:6:43 templates/0/when/counter/times: unknown parameter "n", there is none'],
    ],
    [
      'a parameter that stands nowhere',
      minimal('{ n: { number: {} } }', counter('2')),
      [
        't.yaml:5:19 templates/0/parameters/n: expected "{n}" in "when": a parameter that stands nowhere changes nothing',
      ],
    ],
    [
      'a sentence that names another',
      minimal(N, counter('"{n}"'), 'does it {m} times'),
      ['t.yaml:4:5 templates/0/sentence: unknown parameter "m", known: n'],
    ],
    [
      'a parameter of the wrong kind for its place',
      minimal('{ n: { duration: {} } }', counter('"{n}"')),
      [
        't.yaml:6:43 templates/0/when/counter/times: expected a whole number of at least 2 and of at most 1000, got "60000ms"',
      ],
    ],
    [
      'a default that does not suit its place',
      minimal('{ n: { number: {}, default: 1 } }', counter('"{n}"')),
      ['t.yaml:6:43 templates/0/when/counter/times: expected a whole number of at least 2 and of at most 1000, got 1'],
    ],
    [
      'a choice of which one value does not',
      minimal('{ n: { choice: [2, 3, x] } }', counter('"{n}"')),
      [
        't.yaml:6:43 templates/0/when/counter/times: expected a whole number of at least 2 and of at most 1000, got "x"',
      ],
    ],
    [
      'a default out of its range',
      minimal('{ n: { number: { min: 5 }, default: 2 } }', counter('"{n}"')),
      ['t.yaml:5:44 templates/0/parameters/n/default: expected a number of at least 5, got 2'],
    ],
    [
      'an empty range',
      minimal('{ n: { number: { min: 5, max: 2 } } }', counter('"{n}"')),
      ['t.yaml:5:42 templates/0/parameters/n/number/max: expected at least "min"'],
    ],
    [
      'a parameter of two kinds',
      minimal('{ n: { number: {}, text: {} } }', counter('"{n}"')),
      [
        't.yaml:5:19 templates/0/parameters/n: expected exactly one of number, duration, category, choice, text, got number, text',
      ],
    ],
    [
      'a condition that is wrong itself',
      minimal(N, '{ counter: { of: { entrs: a }, times: "{n}", within: 1m } }'),
      [
        't.yaml:6:24 templates/0/when/counter/of: expected exactly one of enters, leaves, event, got none',
        't.yaml:6:30 templates/0/when/counter/of/entrs: unknown key "entrs", expected one of enters, leaves, event, category, url, title, language, pageID, where',
      ],
    ],
    [
      'a template in a template',
      minimal('{}', '{ template: { name: T } }'),
      ['t.yaml:6:13 templates/0/when/template: a template may not use a template'],
    ],
    [
      'another type, without events, and no condition',
      'version: 1\ntemplates:\n  - { name: T, sentence: s, type: web, events: false }',
      [
        't.yaml:3:5 templates/0/when: missing, expected a condition',
        't.yaml:3:29 templates/0/type: expected type: web_engagement, the only one',
        't.yaml:3:40 templates/0/events: expected events: true, what web_engagement is about',
      ],
    ],
    [
      'twin names',
      `${minimal('{}', counter('2'))}\n${minimal('{}', counter('2')).split('\n').slice(2).join('\n')}`,
      ['t.yaml:7:5 templates/1/name: the template "T" is there twice'],
    ],
  ])('%s', (_, text, problems) => {
    expect(faultsOf(text)).toEqual(problems);
  });

  it('leaves open what a text without default will be', () => {
    expect(
      faultsOf(
        minimal('{ n: { text: {} } }', '{ counter: { of: { event: "{n}" }, times: 2, within: 1m, distinct: "{n}" } }'),
      ),
    ).toEqual([]);
  });
});
