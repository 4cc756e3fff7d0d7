/** What docs/rules.md says of sets, different values, waits, groups, the state of the visit, the calendar, hold-outs and rules across visits. */
import { describe, expect, it, test } from 'vitest';
import { present } from '#core/assert.ts';
import { compileRules } from '#core/rules/compile-rules.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { Condition, Rule } from '#core/rules/rule-package.ts';
import type { VisitFacts } from '#core/rules/visit-facts.ts';
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
} from './visit-events.ts';

const A = enters('A');
const B = enters('B');
const C = enters('C');
const DAY_MS = 86_400_000;
const set: Condition = { template: 'set', events: [A, B], withinMs: 10 };
const distinct: Condition = { template: 'counter', event: A, times: 2, withinMs: 10, distinct: 'data.sku' };
const stay: Condition = { template: 'timeout', event: A, forMs: 10 };
const absent: Condition = { template: 'absence', after: singleton(A), event: B, withinMs: 10 };

const describeFiring = ({ matchedEvents, at }: Firing): string => `${matchedEvents.join(' ')} at ${at}`;

interface Given extends Partial<Rule> {
  readonly facts?: Partial<VisitFacts>;
}

/** All that fires, with the time told as `until` after the last event. */
function run(when: Condition, events: readonly VisitEvent[], until: number, { facts, ...rule }: Given = {}): string[] {
  const rules = compileRules([createPackage([createRule('R', when, rule)])]);
  const state = rules.createState({ ...FACTS, ...facts });
  const out: Firing[] = [];
  for (const event of events) rules.handle(state, event, out);
  rules.advance(state, until, out);
  return out.map(describeFiring);
}

const exit = (pageID: string, at: number): VisitEvent => ({
  ...createEvent({ id: 'x', at, name: 'PageExited' }),
  pageID,
});

test.each<[string, Condition, string, string[]]>([
  ['a set, in any order, and starts anew', set, 'B@0 A@5 A@6 B@9', ['B1 A1 at 5', 'A2 B2 at 9']],
  ['a set, the bound included and not a millisecond later', set, 'A@0 B@10 A@20 B@31', ['A1 B1 at 10']],
  ['a set, of the latest events', set, 'A@0 A@7 B@12', ['A2 B1 at 12']],
  ['a set, one event for several patterns', set, 'A;B@3', ['AB1 at 3']],
  [
    'all, of the latest matches',
    { template: 'all', conditions: [singleton(A), singleton(B)], withinMs: 10 },
    'A@0 A@4 B@12 B@13',
    ['A2 B1 at 12'],
  ],
  [
    'all, whose members go on with what they have half matched',
    { template: 'all', conditions: [sequence([A, B], 100), singleton(C)], withinMs: 100 },
    'A@0 B@1 A@2 C@3 B@4 C@5',
    ['A1 B1 C1 at 3', 'A2 B2 C2 at 5'],
  ],
  [
    'any, in the order of arrival',
    { template: 'any', conditions: [singleton(B), sequence([A, B], 10)] },
    'A@0 B@1',
    ['A1 B1 at 1', 'B1 at 1'],
  ],
  ['an absence', absent, 'A@0 C@5', ['A1 at 10']],
  ['no absence that something ended at its very end', absent, 'A@0 B@10', []],
  ['an absence that something came too late to end', absent, 'A@0 B@11', ['A1 at 10']],
  ['an absence after a sequence', { ...absent, after: sequence([A, C], 5) }, 'A@0 C@3 A@4', ['A1 C1 at 13']],
])('fires %s', (_, when, visit, expected) => {
  expect(run(when, createVisit(visit), 100)).toEqual(expected);
});

it('counts different values, of each the latest event, and none where the field is missing', () => {
  const skus = [1, '1', undefined, '1', 2];
  const visit = skus.map((sku, i) =>
    createEvent({ id: `e${i}`, at: i * 4, category: 'A', data: sku === undefined ? {} : { sku } }),
  );
  expect(run(distinct, visit, 100)).toEqual(['e0 e1 at 4', 'e3 e4 at 16']);
});

describe('a timeout', () => {
  const on = (id: string, at: number): VisitEvent => ({ ...createEvent({ id, at, category: 'A' }), pageID: 'p' });

  test.each([
    ['fires at its end, when the time is told', [on('a', 0)], ['a at 10']],
    ['ends with the exit from its page, at the very end too', [on('a', 0), exit('p', 10)], []],
    ['does not end with the exit from another page', [on('a', 0), exit('q', 5)], ['a at 10']],
    ['fires before a later event', [on('a', 0), exit('p', 11)], ['a at 10']],
    ['begins anew with each event', [on('a', 0), exit('p', 5), on('b', 6)], ['b at 16']],
  ])('%s', (_, visit, expected) => {
    expect(run(stay, visit, 100)).toEqual(expected);
  });

  it('tells when it wants to be woken, and that no more once it has ended', () => {
    const rules = compileRules([createPackage([createRule('R', stay)])]);
    const state = rules.createState(FACTS);
    rules.handle(state, on('a', 5), []);
    expect(rules.nextDeadline(state)).toBe(15);
    rules.handle(state, exit('p', 7), []);
    expect(rules.nextDeadline(state)).toBe(Infinity);
    expect(rules.countOpen(state)).toBe(0);
  });

  it('carries the data and page of the event that began it', () => {
    const rules = compileRules([createPackage([createRule('R', stay)])]);
    const state = rules.createState(FACTS);
    const out: Firing[] = [];
    rules.handle(state, { ...on('a', 0), data: { price: 5 } }, out);
    rules.handle(state, createEvent({ id: 'z', at: 50, name: 'Other' }), out);
    expect(out).toMatchObject([{ at: 10, pageID: 'p', category: 'A', values: { price: 5 }, matchedAt: [0] }]);
  });
});

it('drops the waits that began first where there are too many', () => {
  const rules = compileRules([createPackage([createRule('R', absent)])], { openPartialsMax: 2 });
  const state = rules.createState(FACTS);
  const out: Firing[] = [];
  for (const event of createVisit('A@0 A@1 A@2')) rules.handle(state, event, out);
  expect(state.dropped).toBe(1);
  rules.advance(state, 50, out);
  expect(out.map(describeFiring)).toEqual(['A2 at 11', 'A3 at 12']);
});

describe('the state of the visit', () => {
  const search = { eventName: 'Search', categories: [], tests: [] };
  test.each<[string, Rule['provided'], string[]]>([
    ['identity', { kind: 'identity', scopes: ['authenticated'] }, []],
    ['not identity', { kind: 'not', test: { kind: 'identity', scopes: ['authenticated'] } }, ['A1 at 5', 'A2 at 20']],
    ['visit age', { kind: 'visitAge', operator: 'atLeast', bound: 20 }, ['A2 at 20']],
    ['visit number', { kind: 'visitNumber', operator: 'moreThan', bound: 1 }, []],
    ['referrer', { kind: 'referrer', test: { operator: 'contains', text: 'NEWS' } }, ['A1 at 5', 'A2 at 20']],
    ['language', { kind: 'language', test: { operator: 'in', values: ['de'] } }, []],
    ['seen lately', { kind: 'seen', event: search, withinMs: 2 }, ['A1 at 5']],
    ['seen in the visit', { kind: 'seen', event: search, withinMs: null }, ['A1 at 5', 'A2 at 20']],
  ])('lets a match pass: %s', (_, provided, expected) => {
    const visit = [createEvent({ id: 's', at: 3, name: 'Search' }), ...createVisit('A@5 A@20')];
    expect(run(singleton(A), visit, 100, { provided, facts: { referrer: 'https://news.example/' } })).toEqual(expected);
  });
});

describe('the calendar', () => {
  /** Sunday 25 October 2026, when the clock of Berlin goes from 3:00 back to 2:00 at 1:00 UTC. */
  const back = Date.UTC(2026, 9, 25, 1);
  const hours = { days: [7], fromMinute: 120, toMinute: 150, timeZone: 'Europe/Berlin' };

  it('follows the clock of its time zone through the change to winter time', () => {
    const minutes = [-61, -60, -31, -30, -1, 0, 29, 30];
    const visit = minutes.map((minute) => createEvent({ id: `m${minute}`, at: back + minute * 60_000, category: 'A' }));
    const fired = run(singleton(A), visit, back + DAY_MS, { hours });
    expect(fired.map((line) => line.split(' ')[0])).toEqual(['m-60', 'm-31', 'm0', 'm29']);
  });

  it('holds a rule to its time, the end not included, and counts what it held back', () => {
    const rules = compileRules([createPackage([createRule('R', singleton(A), { valid: { fromMs: 5, toMs: 10 } })])]);
    const state = rules.createState(FACTS);
    const out: Firing[] = [];
    for (const event of createVisit('A@4 A@5 A@9 A@10')) rules.handle(state, event, out);
    expect(out.map(describeFiring)).toEqual(['A2 at 5', 'A3 at 9']);
    expect(rules.standingOf(state, present(rules.rules[0], 'rule'), 10).heldBack).toBe(2);
  });
});

it('holds out the same share of the browsers each time', () => {
  const guards = { maxPerVisit: null, coolDownMs: null, holdoutShare: 0.25 };
  const heldOut = (name: string): number[] => {
    const rules = compileRules([createPackage([createRule(name, singleton(A), { guards })])]);
    return Array.from({ length: 2_000 }, (_, browser) => browser).filter((browser) => {
      const out: Firing[] = [];
      const event = { ...createEvent({ id: 'e', at: 0, category: 'A' }), globalVisitID: `g${browser}` };
      rules.handle(rules.createState(FACTS), event, out);
      return out.length === 0;
    });
  };
  const first = heldOut('R');
  expect(first.length / 2_000).toBeCloseTo(0.25, 1);
  expect(heldOut('R')).toEqual(first);
  expect(heldOut('S')).not.toEqual(first);
});

describe('a rule across visits', () => {
  const inVisit = (visitID: string, at: number, other: Partial<VisitEvent> = {}): VisitEvent => ({
    ...createEvent({ id: `${visitID} ${at}`, at, category: 'A' }),
    visitID,
    ...other,
  });
  const across = (rule: Partial<Rule>, when: Condition, events: readonly VisitEvent[]): string[] => {
    const rules = compileRules([createPackage([createRule('R', when, rule)])]);
    const states = new Map<string, ReturnType<typeof rules.createState>>();
    const out: Firing[] = [];
    for (const event of events) {
      const state = states.get(event.visitID) ?? rules.createState({ ...FACTS, ...event, startedAt: event.at });
      states.set(event.visitID, state);
      rules.handle(state, event, out);
    }
    return out.map(describeFiring);
  };

  it('matches the events of all visits of one browser together, and of no other', () => {
    const events = [inVisit('v1', 0), inVisit('v2', 5), inVisit('v3', 6, { globalVisitID: 'g2' }), inVisit('v2', 7)];
    expect(across({ correlate: 'browser' }, counter(A, 2, 100), events)).toEqual(['v1 0 v2 5 at 5']);
    expect(across({ correlate: 'visit' }, counter(A, 2, 100), events)).toEqual(['v2 5 v2 7 at 7']);
  });

  it('matches those of one person from when it is known', () => {
    const events = [inVisit('v1', 0), inVisit('v1', 1, { identity: 'ann' }), inVisit('v2', 2), inVisit('v1', 3)];
    expect(across({ correlate: 'identity' }, counter(A, 2, 100), events)).toEqual(['v1 1 v1 3 at 3']);
  });

  it('counts its hot leads for the browser, for a day after the last event', () => {
    const guards = { maxPerVisit: 1, coolDownMs: null, holdoutShare: null };
    const events = [0, 5, 5 + DAY_MS, 6 + 2 * DAY_MS].map((at, i) => inVisit(`v${i}`, at));
    expect(across({ correlate: 'browser', guards }, singleton(A), events)).toEqual([
      'v0 0 at 0',
      `v3 ${6 + 2 * DAY_MS} at ${6 + 2 * DAY_MS}`,
    ]);
  });
});
