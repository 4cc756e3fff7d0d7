/** What docs/rules.md says of templates, time, order and guards, sentence by sentence. */
import { describe, expect, it, test } from 'vitest';
import { compileRules, OPEN_PARTIALS_MAX } from '#core/rules/compile-rules.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { Condition, EventTest, Rule, RulePackage } from '#core/rules/rule-package.ts';
import type { VisitEvent } from '#core/visits/event.ts';
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

const A = enters('A');
const B = enters('B');
const C = enters('C');

function run(packages: readonly RulePackage[], events: readonly VisitEvent[], openPartialsMax = 64): Firing[] {
  const rules = compileRules(packages, { openPartialsMax });
  const state = rules.createState(FACTS);
  const out: Firing[] = [];
  for (const event of events) rules.handle(state, event, out);
  return out;
}

/** `A1 B1 at 5`: the matched events of each firing and its time. */
function fired(when: Condition, visit: string, openPartialsMax = 64): string[] {
  return run([createPackage([createRule('R', when)])], createVisit(visit), openPartialsMax).map(
    (firing) => `${firing.matchedEvents.join(' ')} at ${firing.at}`,
  );
}

describe('a singleton', () => {
  test.each([
    ['A@1 B@2 A@3', ['A1 at 1', 'A2 at 3']],
    ['AB@1 A;B@2 B;C;A@3', ['AB1 at 2', 'BCA1 at 3']],
    ['B@1 @2', []],
  ])('fires at every event that fits: %s', (visit, expected) => {
    expect(fired(singleton(A), visit)).toEqual(expected);
  });

  it('takes any of several categories, and all events where none is asked', () => {
    expect(fired(singleton(enters('A', 'B')), 'A@1 C@2 B@3')).toEqual(['A1 at 1', 'B1 at 3']);
    expect(fired(singleton(enters()), 'A@1 @2')).toEqual(['A1 at 1', '1 at 2']);
  });

  it('looks at the event name', () => {
    const packages = [
      createPackage([createRule('R', singleton({ eventName: 'PageExited', categories: ['A'], tests: [] }))]),
    ];
    const visit = [
      createEvent({ id: '1', at: 1, category: 'A' }),
      createEvent({ id: '2', at: 2, category: 'A', name: 'PageExited' }),
    ];
    expect(run(packages, visit).map((firing) => firing.matchedEvents)).toEqual([['2']]);
  });
});

describe('a counter', () => {
  test.each([
    ['within the window, bounds included', 'A@0 A@4 A@10', ['A1 A2 A3 at 10']],
    ['not a millisecond later', 'A@0 A@4 A@11', []],
    ['with a sliding window', 'A@0 A@8 A@12 A@15', ['A2 A3 A4 at 15']],
    ['anew after it fired', 'A@0 A@1 A@2 A@3 A@4 A@5', ['A1 A2 A3 at 2', 'A4 A5 A6 at 5']],
    ['at equal times', 'A@5 A@5 A@5', ['A1 A2 A3 at 5']],
    ['whatever lies between', 'A@0 B@1 A@2 B@3 A@4', ['A1 A2 A3 at 4']],
  ])('counts %s', (_, visit, expected) => {
    expect(fired(counter(A, 3, 10), visit)).toEqual(expected);
  });
});

describe('a sequence that selects the first', () => {
  test.each([
    ['pairs each beginning with its first following end', 'A@0 A@1 B@2', ['A1 B1 at 2', 'A2 B1 at 2']],
    ['uses a beginning once', 'A@0 B@1 B@2', ['A1 B1 at 1']],
    ['includes the bounds of its window', 'A@0 B@10', ['A1 B1 at 10']],
    ['is lost a millisecond later', 'A@0 B@11', []],
    ['keeps the later beginning', 'A@0 A@5 B@11', ['A2 B1 at 11']],
    ['takes equal times in order of arrival', 'B@5 A@5 B@5', ['A1 B2 at 5']],
    ['wants its order', 'B@0 A@1', []],
  ])('%s: %s', (_, visit, expected) => {
    expect(fired(sequence([A, B], 10), visit)).toEqual(expected);
  });

  test.each([
    ['A@0 B@1 C@2', ['A1 B1 C1 at 2']],
    ['A@0 B@1 B@2 C@3 C@4', ['A1 B1 C1 at 3']],
    ['A@0 A@1 B@2 A@3 C@4 B@5 C@6', ['A1 B1 C1 at 4', 'A2 B1 C1 at 4', 'A3 B2 C2 at 6']],
    ['A@0 C@1 B@2 C@3', ['A1 B1 C2 at 3']],
    ['A@0 B@5 C@11', []],
  ])('takes the first following match at each of three steps: %s', (visit, expected) => {
    expect(fired(sequence([A, B, C], 10), visit)).toEqual(expected);
  });

  it('lets one event end a match and begin another, but not be two steps of one', () => {
    expect(fired(sequence([A, A], 10), 'A@0 A@1 A@2')).toEqual(['A1 A2 at 1', 'A2 A3 at 2']);
    expect(fired(sequence([A, A, A], 10), 'A@0 A@1 A@2 A@3')).toEqual(['A1 A2 A3 at 2', 'A2 A3 A4 at 3']);
  });

  it('drops the oldest of too many open matches and counts them', () => {
    expect(fired(sequence([A, B], 100), 'A@0 A@1 A@2 A@3 B@4', 3)).toEqual(['A2 B1 at 4', 'A3 B1 at 4', 'A4 B1 at 4']);
    const rules = compileRules([createPackage([createRule('R', sequence([A, B], 1_000))])]);
    const state = rules.createState(FACTS);
    const many = Array.from({ length: OPEN_PARTIALS_MAX + 5 }, (_, i) =>
      createEvent({ id: `e${i}`, at: i, category: 'A' }),
    );
    for (const event of many) rules.handle(state, event, []);
    expect(rules.countOpen(state)).toBe(OPEN_PARTIALS_MAX);
    expect(state.dropped).toBe(5);
  });
});

describe('a sequence that selects all', () => {
  test.each([
    [[A, B], 'A@0 A@1 B@2 B@3', ['A1 B1 at 2', 'A2 B1 at 2', 'A1 B2 at 3', 'A2 B2 at 3']],
    [[A, B], 'A@0 B@10 B@11', ['A1 B1 at 10']],
    [[A, B, C], 'A@0 B@1 B@2 C@3', ['A1 B1 C1 at 3', 'A1 B2 C1 at 3']],
    [[A, A], 'A@0 A@1 A@2', ['A1 A2 at 1', 'A1 A3 at 2', 'A2 A3 at 2']],
  ])('gives every combination', (steps, visit, expected) => {
    expect(fired(sequence(steps, 10, 'all'), visit)).toEqual(expected);
  });

  it('drops the oldest of too many, a shorter one before its extensions', () => {
    // Open after B2: A1, A1 B1, A1 B2; of two places the last two.
    expect(fired(sequence([A, B, C], 100, 'all'), 'A@0 B@1 B@2 B@3 C@4', 2)).toEqual([
      'A1 B1 C1 at 4',
      'A1 B2 C1 at 4',
    ]);
  });
});

describe('time and duplicates', () => {
  it('counts an event that is out of order at the latest time of its visit', () => {
    expect(fired(sequence([A, B], 10), 'A@100 B@50')).toEqual(['A1 B1 at 100']);
    expect(fired(counter(A, 2, 10), 'A@0 C@20 A@5')).toEqual([]);
  });

  it('takes an event once that is delivered twice', () => {
    const twice = [1, 1, 2].map((n) => createEvent({ id: `e${n}`, at: 1, category: 'A' }));
    expect(run([createPackage([createRule('R', counter(A, 2, 10))])], twice).map((f) => f.matchedEvents)).toEqual([
      ['e1', 'e2'],
    ]);
  });

  it('remembers the last 32 ids that concern a rule, no more', () => {
    const packages = [createPackage([createRule('R', singleton(A))])];
    const others = (count: number) =>
      Array.from({ length: count }, (_, i) => createEvent({ id: `x${i}`, at: 1, category: 'A' }));
    const twin = createEvent({ id: 'twin', at: 1, category: 'A' });
    expect(run(packages, [twin, ...others(31), twin])).toHaveLength(32);
    expect(run(packages, [twin, ...others(32), twin])).toHaveLength(34);
    const unconcerned = others(40).map((event) => ({ ...event, category: 'Z' }));
    expect(run(packages, [twin, ...unconcerned, twin])).toHaveLength(1);
  });
});

describe('the order of firings', () => {
  const named = (packages: readonly RulePackage[]) => run(packages, createVisit('A@1')).map(({ rule }) => rule);
  const at = (name: string, other: Partial<Rule> = {}) => createRule(name, singleton(A), other);

  it('is phase, salience from high to low, package, place', () => {
    const first = createPackage([at('1 low', { salience: -1 }), at('2'), at('3 early', { phase: 'early' }), at('4')], {
      phases: ['early', 'standard'],
    });
    const second = createPackage([at('5 high', { salience: 5 }), at('6')], { name: 'com.second' });
    expect(named([first, second])).toEqual(['3 early', '5 high', '2', '4', '6', '1 low']);
    expect(named([second, first])).toEqual(['3 early', '5 high', '6', '2', '4', '1 low']);
  });

  it('leaves out rules that are off', () => {
    expect(named([createPackage([at('off', { on: false }), at('on')])])).toEqual(['on']);
  });
});

describe('guards', () => {
  const guarded = (guards: Partial<Rule['guards']>, ofPackage: Partial<Rule['guards']> = {}) => {
    const none = { maxPerVisit: null, coolDownMs: null, holdoutShare: null };
    const rules = [
      createRule('R', singleton(A), { guards: { ...none, ...guards } }),
      createRule('S', singleton(A), { salience: -1 }),
    ];
    return [createPackage(rules, { guards: { ...none, ...ofPackage } })];
  };
  const times = (packages: readonly RulePackage[], visit: string) =>
    run(packages, createVisit(visit)).map((firing) => `${firing.rule}@${firing.at}`);

  it('make at most n hot leads of a rule in a visit', () => {
    expect(times(guarded({ maxPerVisit: 2 }), 'A@1 A@2 A@3')).toEqual(['R@1', 'S@1', 'R@2', 'S@2', 'S@3']);
  });

  it('make at most n hot leads of a package in a visit, the first rule in order first', () => {
    expect(times(guarded({}, { maxPerVisit: 1 }), 'A@1 A@2')).toEqual(['R@1']);
    expect(times(guarded({}, { maxPerVisit: 3 }), 'A@1 A@2')).toEqual(['R@1', 'S@1', 'R@2']);
  });

  it('hold firings back until a cool-down is over, its last millisecond included', () => {
    expect(times(guarded({ coolDownMs: 10 }), 'A@0 A@10 A@11').filter((one) => one.startsWith('R'))).toEqual([
      'R@0',
      'R@11',
    ]);
    expect(times(guarded({}, { coolDownMs: 10 }), 'A@0 A@10 A@11')).toEqual(['R@0', 'R@11']);
  });

  it('use up the events of a firing that is held back', () => {
    const guards = { maxPerVisit: null, coolDownMs: 5, holdoutShare: null };
    const packages = [createPackage([createRule('R', counter(A, 2, 100), { guards })])];
    expect(run(packages, createVisit('A@0 A@1 A@2 A@3 A@7 A@8')).map(({ matchedEvents }) => matchedEvents)).toEqual([
      ['A1', 'A2'],
      ['A5', 'A6'],
    ]);
  });

  it('leave nothing open in a rule that is spent', () => {
    const rules = compileRules([
      createPackage([
        createRule('R', sequence([A, A], 100), { guards: { maxPerVisit: 1, coolDownMs: null, holdoutShare: null } }),
      ]),
    ]);
    const state = rules.createState(FACTS);
    for (const event of createVisit('A@0 A@1 A@2')) rules.handle(state, event, []);
    expect(rules.countOpen(state)).toBe(0);
  });

  it('leave nothing open in a package that is spent', () => {
    const ofPackage = { maxPerVisit: 1, coolDownMs: null, holdoutShare: null };
    const rules = compileRules([
      createPackage([createRule('pair', sequence([A, C], 100)), createRule('B', singleton(B))], { guards: ofPackage }),
    ]);
    const state = rules.createState(FACTS);
    for (const event of createVisit('A@0 A@1')) rules.handle(state, event, []);
    expect(rules.countOpen(state)).toBe(2);
    for (const event of createVisit('B@2 A@3')) rules.handle(state, event, []);
    expect(rules.countOpen(state)).toBe(0);
  });
});

describe('the state of a visit', () => {
  const rules = compileRules([
    createPackage([
      createRule('count', counter(A, 3, 60)),
      createRule('pair', sequence([A, B], 100)),
      createRule('three', sequence([A, B, C], 30, 'all')),
    ]),
  ]);

  it('holds nothing beyond its window once the next event arrives, whatever that event is', () => {
    const state = rules.createState(FACTS);
    for (const event of createVisit('A@0 A@1 B@2')) rules.handle(state, event, []);
    expect(rules.countOpen(state)).toBe(5);
    rules.handle(state, createEvent({ id: 'z', at: 61, name: 'Other' }), []);
    expect(rules.countOpen(state)).toBe(1);
    rules.handle(state, createEvent({ id: 'y', at: 62, name: 'Other' }), []);
    expect(rules.countOpen(state)).toBe(0);
  });

  it('holds nothing after one longest window of silence', () => {
    const state = rules.createState(FACTS);
    for (const event of createVisit('A@0 A@1 A@50')) rules.handle(state, event, []);
    expect(rules.longestWindowMs).toBe(100);
    rules.advance(state, 150, []);
    expect(rules.countOpen(state)).toBe(1);
    rules.advance(state, 151, []);
    expect(rules.countOpen(state)).toBe(0);
    expect(rules.nextDeadline(state)).toBe(Infinity);
  });

  it('is after replaying the past what it is after handling it', () => {
    const past = createVisit('A@0 A@1');
    const now = createVisit('B@2');
    const replayed = rules.createState(FACTS);
    for (const event of past) rules.replay(replayed, event);
    const out: Firing[] = [];
    for (const event of now) rules.handle(replayed, event, out);
    expect(out.map(({ rule, matchedEvents }) => `${rule}: ${matchedEvents.join(' ')}`)).toEqual([
      'pair: A1 B1',
      'pair: A2 B1',
    ]);
  });

  it('knows after a replay the hot leads that a guard counts', () => {
    const guards = { maxPerVisit: 1, coolDownMs: null, holdoutShare: null };
    const once = compileRules([createPackage([createRule('R', singleton(A), { guards })])]);
    const state = once.createState(FACTS);
    const out: Firing[] = [];
    for (const event of createVisit('A@0')) once.replay(state, event);
    once.handle(state, createEvent({ id: 'later', at: 5, category: 'A' }), out);
    expect(out).toEqual([]);
  });
});

describe('tests on an event', () => {
  const holds = (tests: readonly Rule['when'][], data: VisitEvent['data']) =>
    tests.map(
      (when) => run([createPackage([createRule('R', when)])], [createEvent({ id: '1', at: 0, data })]).length === 1,
    );
  const on = (one: EventTest): Condition => singleton({ ...enters(), tests: [one] });

  it('compare texts, numbers and what is not there as docs/rules.md says', () => {
    const field = 'data.x';
    const tests = [
      on({ field, operator: 'is', value: 'Tent' }),
      on({ field, operator: 'isNot', value: 'Tent' }),
      on({ field, operator: 'in', values: ['Tent', 5] }),
      on({ field, operator: 'contains', text: 'EN' }),
      on({ field, operator: 'lessThan', bound: 5 }),
      on({ field, operator: 'atMost', bound: 5 }),
      on({ field, operator: 'moreThan', bound: 5 }),
      on({ field, operator: 'atLeast', bound: 5 }),
    ];
    expect(holds(tests, { x: 'Tent' })).toEqual([true, false, true, true, false, false, false, false]);
    expect(holds(tests, { x: 'tent' })).toEqual([false, true, false, true, false, false, false, false]);
    expect(holds(tests, { x: 5 })).toEqual([false, true, true, false, false, true, false, true]);
    expect(holds(tests, { x: '5' })).toEqual([false, true, false, false, false, false, false, false]);
    expect(holds(tests, { y: 1 })).toEqual(tests.map(() => false));
  });

  it('see nothing that data has from its prototype', () => {
    expect(holds([on({ field: 'data.constructor', operator: 'isNot', value: 1 })], {})).toEqual([false]);
  });

  it('look at URL, title and language too, and all must hold', () => {
    const tests: readonly EventTest[] = [
      { field: 'url', operator: 'contains', text: 'SHOP' },
      { field: 'languageCode', operator: 'is', value: 'en-US' },
      { field: 'title', operator: 'is', value: 'A page' },
    ];
    expect(fired(singleton({ ...enters(), tests }), 'A@1')).toEqual(['A1 at 1']);
    const oneMore = [...tests, { field: 'title', operator: 'is', value: 'x' } as const];
    expect(fired(singleton({ ...enters(), tests: oneMore }), 'A@1')).toEqual([]);
  });

  it('pick the steps of a sequence that an event fits', () => {
    const search = (text: string) => ({
      eventName: 'Search',
      categories: [],
      tests: [{ field: 'data.searchString', operator: 'contains', text } as const],
    });
    const visit = ['tent', 'tarp', 'tent'].map((searchString, i) =>
      createEvent({ id: `s${i + 1}`, at: i, name: 'Search', data: { searchString } }),
    );
    const packages = [createPackage([createRule('R', sequence([search('t'), search('tarp')], 10))])];
    expect(run(packages, visit).map((firing) => firing.matchedEvents)).toEqual([['s1', 's2']]);
  });
});

it('gives a hot lead that carries why', () => {
  const rule = createRule('R', sequence([A, B], 10), {
    salience: 3,
    actions: [{ kind: 'hotLead', priority: 40, reason: 'compares' }],
  });
  const [a, b] = createVisit('A@1 C;B@4');
  const events = [a, { ...(b ?? createEvent({ id: 'b', at: 4 })), data: { price: 5 } }].filter(
    (event) => event !== undefined,
  );
  expect(run([createPackage([rule])], events)).toEqual([
    {
      at: 4,
      rule: 'R',
      package: 'com.example',
      phase: 'standard',
      salience: 3,
      action: 'hotLead',
      priority: 40,
      reason: 'compares',
      visitID: 'v1',
      globalVisitID: 'g1',
      matchedEvents: ['A1', 'CB1'],
      matchedAt: [1, 4],
      values: { price: 5 },
      pageID: 'page of CB1',
      url: 'https://shop.example/x',
      category: 'C;B',
    },
  ]);
});
