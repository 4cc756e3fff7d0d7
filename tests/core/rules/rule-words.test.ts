/** Every template, state test, bound and guard in words: as a rule, as what is missing, and as why it fired. */
import { describe, expect, it, test } from 'vitest';
import { compileRules } from '#core/rules/compile-rules.ts';
import { describeProgress } from '#core/rules/describe-progress.ts';
import { describeRule } from '#core/rules/describe-rule.ts';
import { explainFiring } from '#core/rules/explain-firing.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { Condition, Rule, StateTest } from '#core/rules/rule-package.ts';
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
const A = enters('A');
const B = enters('B');
const C = enters('C');
const set: Condition = { template: 'set', events: [A, B, C], withinMs: 10 * MINUTE };
const stay: Condition = { template: 'timeout', event: A, forMs: 90_000 };
const left: Condition = { template: 'absence', after: singleton(A), event: B, withinMs: 5 * MINUTE };
const distinct: Condition = { ...counterOf(3), distinct: 'data.sku' };
const both: Condition = { template: 'all', conditions: [singleton(C), sequence([A, B], MINUTE)], withinMs: 5 * MINUTE };
const either: Condition = { template: 'any', conditions: [stay, counterOf(2)] };

function counterOf(times: number) {
  return { template: 'counter', event: A, times, withinMs: 10 * MINUTE, distinct: null } as const;
}

function ruled(when: Condition, other: Partial<Rule> = {}): string {
  return describeRule(createRule('R', when, other));
}

describe('a condition in words', () => {
  test.each<[Condition, string]>([
    [
      set,
      'enters a page of category "A", enters a page of category "B" and enters a page of category "C", in any order within 10 min',
    ],
    [stay, 'enters a page of category "A" and stays there for 1 min 30 s'],
    [left, 'enters a page of category "A", and then for 5 min never enters a page of category "B"'],
    [distinct, 'enters a page of category "A" with 3 different values of sku within 10 min'],
    [
      both,
      'enters a page of category "C" and (enters a page of category "A", then enters a page of category "B", all within 1 min), all within 5 min',
    ],
    [
      either,
      '(enters a page of category "A" and stays there for 1 min 30 s) or (enters a page of category "A" 2 times within 10 min)',
    ],
  ])('reads as English', (when, words) => {
    expect(ruled(when)).toBe(`When the visitor ${words}, make a hot lead of priority 10.`);
  });

  it("is the template author's sentence where there is one", () => {
    expect(ruled(left, { sentence: 'puts something into the cart and leaves' })).toBe(
      'When the visitor puts something into the cart and leaves, make a hot lead of priority 10.',
    );
  });
});

describe('the state of the visit in words', () => {
  const search = { eventName: 'Search', categories: [], tests: [] };
  const identity: StateTest = { kind: 'identity', scopes: ['recognized', 'authenticated'] };
  const age: StateTest = { kind: 'visitAge', operator: 'atLeast', bound: 2 * MINUTE };
  const seen: StateTest = { kind: 'seen', event: search, withinMs: 5 * MINUTE };
  test.each<[StateTest, string]>([
    [identity, 'the visitor is recognized or authenticated'],
    [age, 'the visit is at least 2 min old'],
    [{ kind: 'visitNumber', operator: 'moreThan', bound: 1 }, "the number of the browser's visit is more than 1"],
    [
      { kind: 'referrer', test: { operator: 'contains', text: 'news.example' } },
      'the referrer is one containing "news.example"',
    ],
    [{ kind: 'language', test: { operator: 'in', values: ['en', 'de'] } }, 'the language is "en" or "de"'],
    [seen, 'the visitor sent event Search in the last 5 min'],
    [{ ...seen, withinMs: null }, 'the visitor sent event Search in this visit'],
    [
      { kind: 'all', tests: [identity, { kind: 'any', tests: [age, seen] }] },
      'the visitor is recognized or authenticated and (the visit is at least 2 min old or the visitor sent event Search in the last 5 min)',
    ],
    [
      { kind: 'not', test: { kind: 'all', tests: [identity, { kind: 'not', test: age }, seen] } },
      'the visitor is not recognized or authenticated, the visit is at least 2 min old or it is not so that the visitor sent event Search in the last 5 min',
    ],
  ])('reads as English', (provided, words) => {
    expect(ruled(singleton(A), { provided })).toBe(
      `When the visitor enters a page of category "A", while ${words}, make a hot lead of priority 10.`,
    );
  });
});

it('tells across what a rule matches, when it holds and what guards it', () => {
  const rule: Partial<Rule> = {
    correlate: 'browser',
    valid: { fromMs: 1_793_491_200_000, toMs: 1_798_761_600_000 },
    hours: { days: [1, 2, 3, 4, 5, 7], fromMinute: 540, toMinute: 1_080, timeZone: 'Europe/Berlin' },
    actions: [{ kind: 'followUp', priority: 20, reason: 'write' }],
    guards: { maxPerVisit: 1, coolDownMs: MINUTE, holdoutShare: 0.125 },
  };
  expect(ruled(singleton(A), rule)).toBe(
    'When the visitor enters a page of category "A", over all visits of the browser, leave a follow-up task of priority 20 ("write"), at most once a browser, not again for 1 min and never for a held-out 12.5% of the browsers, only Monday to Friday and Sunday from 09:00 to 18:00 (Europe/Berlin), from 2026-11-01 00:00 UTC on until 2027-01-01 00:00 UTC.',
  );
});

describe('what a rule lacks', () => {
  const lacks = (when: Condition, visit: string, at: number) => {
    const rules = compileRules([createPackage([createRule('R', when)])]);
    const state = rules.createState(FACTS);
    for (const event of createVisit(visit)) {
      rules.handle(state, { ...event, data: { sku: event.eventID } }, []);
    }
    return describeProgress(rules, state, at)[0]?.sentence;
  };
  const enter = (category: string) => `enters a page of category "${category}"`;
  test.each<[string, Condition, string, number, string]>([
    ['a set', set, 'B@0', MINUTE, `1 of 3; missing: the visitor ${enter('A')} and ${enter('C')}, 9 min left.`],
    [
      'a set, its oldest event gone',
      set,
      'B@0 C@1',
      600_001,
      `1 of 3; missing: the visitor ${enter('A')} and ${enter('B')}, 0 s left.`,
    ],
    ['a timeout', stay, 'A@0', 30_000, '1 of 1; missing: the visitor stays there, 1 min left.'],
    ['an absence', left, 'A@0', MINUTE, `1 of 1; missing: the visitor never ${enter('B')}, 4 min left.`],
    [
      'an absence after a sequence',
      { ...left, after: sequence([A, C], MINUTE) } as Condition,
      'A@0',
      0,
      `1 of 2; missing: the visitor ${enter('C')}, and then for 5 min never ${enter('B')}, 1 min left.`,
    ],
    [
      'different values',
      distinct,
      'A@0 A@1',
      1,
      `2 of 3; missing: the visitor ${enter('A')} with 1 more different value of sku, 10 min left.`,
    ],
    ['all', both, 'C@0', 0, `1 of 3; missing: the visitor (${enter('A')}, then ${enter('B')}), 5 min left.`],
    [
      'all with a sequence begun',
      both,
      'A@0',
      0,
      `1 of 3; missing: the visitor ${enter('C')} and (${enter('B')}), 1 min left.`,
    ],
    ['any', either, 'A@0', 0, '1 of 1; missing: the visitor stays there, 1 min 30 s left.'],
    [
      'any, nothing begun',
      either,
      'B@0',
      0,
      `0 of 1; waits until the visitor (${enter('A')} and stays there for 1 min 30 s) or (${enter('A')} 2 times within 10 min).`,
    ],
  ])('is told of %s', (_, when, visit, at, sentence) => {
    expect(lacks(when, visit, at)).toBe(sentence);
  });

  it('is told of a rule across visits from what the browser did before', () => {
    const rules = compileRules([createPackage([createRule('R', counter(A, 3, MINUTE), { correlate: 'browser' })])]);
    const first = rules.createState(FACTS);
    rules.handle(first, createEvent({ id: '1', at: 0, category: 'A' }), []);
    const second = rules.createState({ ...FACTS, visitID: 'v2' });
    rules.handle(second, { ...createEvent({ id: '2', at: 5, category: 'A' }), visitID: 'v2' }, []);
    expect(describeProgress(rules, second, 5)[0]).toMatchObject({ done: 2, needed: 3, until: MINUTE });
  });
});

it('explains a firing that waited, by the words of its rule', () => {
  const rule = createRule('Left', left, { actions: [{ kind: 'followUp', priority: 5, reason: 'come back' }] });
  const rules = compileRules([createPackage([rule])]);
  const state = rules.createState(FACTS);
  const out: Firing[] = [];
  for (const event of createVisit('A@0')) rules.handle(state, event, out);
  rules.advance(state, 5 * MINUTE, out);
  expect(out.flatMap((firing) => explainFiring(firing, rules))).toEqual([
    'Rule "Left" of com.example fired because the visitor entered a page of category "A", and then for 5 min never entered a page of category "B".',
    '5 min before: entered a page of category "A", event A1.',
    'Then: 5 min had passed.',
    'It left a follow-up task of priority 5: "come back".',
  ]);
});
