/** Rules, firings and progress in words, and the orders of phases and of firings. */
import { describe, expect, it, test } from 'vitest';
import { compileRules } from '#core/rules/compile-rules.ts';
import { describeProgress } from '#core/rules/describe-progress.ts';
import { describeRule } from '#core/rules/describe-rule.ts';
import { explainFiring } from '#core/rules/explain-firing.ts';
import type { Firing } from '#core/rules/firing.ts';
import { createFiringOrder } from '#core/rules/firing-order.ts';
import { orderPhases } from '#core/rules/phase-order.ts';
import { describeDuration } from '#core/plain-words.ts';
import type { EventPattern, Rule } from '#core/rules/rule-package.ts';
import {
  FACTS,
  counter,
  createEvent,
  createPackage,
  createRule,
  createVisit,
  enters,
  sequence,
  singleton,
} from '#tests/core/rules/visit-events.ts';

const MINUTE = 60_000;

function pattern(eventName: string, categories: string[] = [], tests: EventPattern['tests'] = []): EventPattern {
  return { eventName, categories, tests };
}

describe('a rule in one sentence', () => {
  test.each<[Rule, string]>([
    [
      createRule('R', counter(enters('product'), 3, 10 * MINUTE), {
        actions: [{ kind: 'hotLead', priority: 40, reason: 'compares' }],
        guards: { maxPerVisit: 1, coolDownMs: 90_000, holdoutShare: null },
      }),
      'When the visitor enters a page of category "product" 3 times within 10 min, make a hot lead of priority 40 ("compares"), at most once a visit and not again for 1 min 30 s.',
    ],
    [
      createRule('R', sequence([enters('a', 'b'), pattern('PageExited'), enters('a')], 1_500, 'all'), {
        guards: { maxPerVisit: 2, coolDownMs: null, holdoutShare: null },
      }),
      'When the visitor enters a page of category "a" or "b", then leaves a page, then enters a page of category "a", all within 2 s (every combination), make a hot lead of priority 10, at most 2 times a visit.',
    ],
    [
      createRule('R', singleton(pattern('SignIn')), { on: false }),
      'Off: when the visitor signs in, make a hot lead of priority 10.',
    ],
    [
      createRule(
        'R',
        singleton(
          pattern(
            'Search',
            ['product'],
            [
              { field: 'data.searchString', operator: 'contains', text: 'tent' },
              { field: 'data.results', operator: 'atMost', bound: 3 },
              { field: 'languageCode', operator: 'in', values: ['de', 'fr', 'it'] },
              { field: 'url', operator: 'isNot', value: 'x' },
            ],
          ),
        ),
      ),
      'When the visitor sends event Search on a page of category "product" with searchString containing "tent", results of at most 3, language "de", "fr" or "it" and URL other than "x", make a hot lead of priority 10.',
    ],
  ])('reads as English', (rule, sentence) => {
    expect(describeRule(rule)).toBe(sentence);
  });

  test.each([
    [0, '0 s'],
    [250, '250 ms'],
    [41_000, '41 s'],
    [5_400_000, '1 h 30 min'],
    [90_061_400, '1 d 1 h 1 min 1 s'],
  ])('%i ms are %s', (ms, words) => {
    expect(describeDuration(ms)).toBe(words);
  });
});

describe('why a rule fired', () => {
  const rules = compileRules([
    createPackage([createRule('Back and forth', sequence([enters('A'), enters('B')], 60_000))]),
  ]);
  const state = rules.createState(FACTS);
  const out: Firing[] = [];
  for (const event of createVisit('A@1000 B@42000')) rules.handle(state, event, out);
  const firing = out[0];

  it('is told event by event, from the firing backwards', () => {
    expect(firing && explainFiring(firing, rules)).toEqual([
      'Rule "Back and forth" of com.example fired because the visitor entered a page of category "A", then entered a page of category "B", all within 1 min; it took 41 s.',
      '41 s before: entered a page of category "A", event A1.',
      'Then: entered a page of category "B", event B1.',
      'It made a hot lead of priority 10.',
    ]);
  });

  it('is told with a clock where there is one, and without the rule when it is gone', () => {
    expect(firing && explainFiring(firing, compileRules([]), (at) => `second ${at / 1_000}`)).toEqual([
      'Rule "Back and forth" of com.example fired because its condition held; it took 41 s.',
      'second 1: event A1.',
      'second 42: event B1.',
      'It made a hot lead of priority 10.',
    ]);
  });
});

describe('how far a rule is', () => {
  const guards = { maxPerVisit: null, coolDownMs: null, holdoutShare: null };
  const rules = compileRules([
    createPackage([
      createRule('one', singleton(enters('A')), { guards: { ...guards, maxPerVisit: 1 } }),
      createRule('count', counter(enters('A'), 3, 60_000)),
      createRule('steps', sequence([enters('A'), enters('B'), enters('C')], 100_000)),
      createRule('all', sequence([enters('A'), enters('B'), enters('C')], 100_000, 'all')),
      createRule('cool', singleton(enters('A')), { guards: { ...guards, coolDownMs: 30_000 } }),
    ]),
  ]);
  const after = (visit: string, at: number) => {
    const state = rules.createState(FACTS);
    for (const event of createVisit(visit)) rules.handle(state, event, []);
    return describeProgress(rules, state, at).map(({ rule, sentence }) => `${rule}: ${sentence}`);
  };

  it('is nothing at first', () => {
    expect(after('', 0)).toEqual([
      'one: 0 of 1; waits until the visitor enters a page of category "A".',
      'count: 0 of 3; waits until the visitor enters a page of category "A" 3 times.',
      'steps: 0 of 3; waits until the visitor enters a page of category "A", then enters a page of category "B", then enters a page of category "C".',
      'all: 0 of 3; waits until the visitor enters a page of category "A", then enters a page of category "B", then enters a page of category "C".',
      'cool: 0 of 1; waits until the visitor enters a page of category "A".',
    ]);
  });

  it('says what is missing and how long there is', () => {
    expect(after('A@0 A@10000 B@15000', 19_000)).toEqual([
      'one: Spent: its hot leads of this visit are made.',
      'count: 2 of 3; missing: the visitor enters a page of category "A" 1 more time, 41 s left.',
      'steps: 2 of 3; missing: the visitor enters a page of category "C", 1 min 31 s left.',
      'all: 2 of 3; missing: the visitor enters a page of category "C", 1 min 31 s left.',
      'cool: 0 of 1; cools down for 11 s more.',
    ]);
  });

  it('forgets what has expired without another event', () => {
    const state = rules.createState(FACTS);
    for (const event of createVisit('A@0 B@10000 A@50000')) rules.handle(state, event, []);
    const steps = describeProgress(rules, state, 100_001)[2];
    expect(steps).toMatchObject({ state: 'open', done: 1, needed: 3, until: 150_000, fired: 0 });
    expect(describeProgress(rules, state, 110_001).map((progress) => progress.done)).toEqual([0, 0, 1, 1, 0]);
  });

  it('tells hot leads made and firings held back', () => {
    const state = rules.createState(FACTS);
    for (const event of createVisit('A@0 A@1000 A@2000')) rules.handle(state, event, []);
    expect(describeProgress(rules, state, 2_000).map(({ fired, heldBack }) => [fired, heldBack])).toEqual([
      [1, 0],
      [1, 0],
      [0, 0],
      [0, 0],
      [1, 2],
    ]);
  });

  it('says when the package has made its hot leads', () => {
    const spent = compileRules([
      createPackage([createRule('R', singleton(enters('A'))), createRule('S', singleton(enters('B')))], {
        guards: { ...guards, maxPerVisit: 1 },
      }),
    ]);
    const state = spent.createState(FACTS);
    spent.handle(state, createEvent({ id: '1', at: 0, category: 'A' }), []);
    expect(describeProgress(spent, state, 0)[1]?.sentence).toBe(
      "Spent: its package's hot leads of this visit are made.",
    );
  });
});

describe('orders', () => {
  test.each([
    [[['standard']], ['standard']],
    [
      [['standard'], ['early', 'standard', 'late']],
      ['early', 'standard', 'late'],
    ],
    [
      [
        ['a', 'c'],
        ['b', 'c', 'd'],
      ],
      ['a', 'b', 'c', 'd'],
    ],
    [
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
      ['a', 'b'],
    ],
    [
      [['a'], ['x', 'y']],
      ['a', 'x', 'y'],
    ],
  ])('phases %j come as %j', (lists, expected) => {
    expect(orderPhases(lists)).toEqual(expected);
  });

  it('firings of many visits come by time, rule, visit, first matched event', () => {
    const rules = compileRules([
      createPackage([createRule('low', singleton(enters())), createRule('high', singleton(enters()), { salience: 1 })]),
    ]);
    const out: Firing[] = [];
    for (const [visitID, at] of [
      ['v2', 1],
      ['v1', 1],
      ['v3', 0],
    ] as const) {
      rules.handle(rules.createState(FACTS), { ...createEvent({ id: visitID, at }), visitID }, out);
    }
    const sorted = out.toSorted(createFiringOrder(rules)).map(({ at, rule, visitID }) => `${at} ${rule} ${visitID}`);
    expect(sorted).toEqual(['0 high v3', '0 low v3', '1 high v1', '1 high v2', '1 low v1', '1 low v2']);
  });
});
