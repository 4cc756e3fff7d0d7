/** The oracle alone, against examples of docs/rules.md that were worked out by hand: a judge has to be judged first. */
import { describe, expect, it } from 'vitest';
import type { Condition, EventPattern, Guards, Rule, StateTest } from '#core/rules/rule-package.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import type { Log, Told } from './oracle-log.ts';
import { evaluateByOracle } from './oracle.ts';
import {
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
const DAY = 24 * 3_600_000;

/** Each firing as `A1 B1 at 5`. */
function fired(when: Condition, log: Log | string, given: Partial<Rule> = {}, openPartialsMax = 64): string[] {
  const items = typeof log === 'string' ? createVisit(log) : log;
  return evaluateByOracle([createPackage([createRule('R', when, given)])], items, openPartialsMax).map(
    ({ matchedEvents, at }) => `${matchedEvents.join(' ')} at ${at}`,
  );
}

function different(event: EventPattern, times: number, withinMs: number): Condition {
  return { template: 'counter', event, times, withinMs, distinct: 'data.n' };
}

function all(withinMs: number, ...conditions: Condition[]): Condition {
  return { template: 'all', conditions, withinMs };
}

function any(...conditions: Condition[]): Condition {
  return { template: 'any', conditions };
}

function set(withinMs: number, ...events: EventPattern[]): Condition {
  return { template: 'set', events, withinMs };
}

function timeout(event: EventPattern, forMs: number): Condition {
  return { template: 'timeout', event, forMs };
}

function absence(after: Condition, event: EventPattern, withinMs: number): Condition {
  return { template: 'absence', after, event, withinMs };
}

function told(at: number): Told {
  return { visitID: 'v1', told: at };
}

function guarded(guards: Partial<Guards>): Partial<Rule> {
  return { guards: { maxPerVisit: null, coolDownMs: null, holdoutShare: null, ...guards } };
}

function happens(id: string, at: number, given: Partial<VisitEvent> = {}): VisitEvent {
  return { ...createEvent({ id, at, category: 'A' }), ...given };
}

describe('the oracle, on templates of events', () => {
  it.each<[string, Condition, string, string[]]>([
    ['a counter in its window, bounds included', counter(A, 3, 10), 'A@0 A@4 A@10 A@11', ['A1 A2 A3 at 10']],
    ['a sequence that selects the first', sequence([A, B], 10), 'A@1 A@2 B@3', ['A1 B1 at 3', 'A2 B1 at 3']],
    ['a sequence that uses a beginning once', sequence([A, B], 10), 'A@1 B@2 B@3', ['A1 B1 at 2']],
    ['a sequence whose first following event is too late', sequence([A, B], 10), 'A@0 B@11', []],
    ['a sequence of one pattern', sequence([A, A], 10), 'A@1 A@2 A@3', ['A1 A2 at 2', 'A2 A3 at 3']],
    [
      'a sequence that selects all',
      sequence([A, B], 10, 'all'),
      'A@1 A@2 B@3 B@4',
      ['A1 B1 at 3', 'A2 B1 at 3', 'A1 B2 at 4', 'A2 B2 at 4'],
    ],
    ['a set in any order', set(10, A, B), 'B@0 A@10 B@11', ['B1 A1 at 10']],
    ['a set that keeps the latest', set(10, A, B), 'A@0 A@5 B@15', ['A2 B1 at 15']],
    ['a set of which one is too old', set(10, A, B), 'A@0 B@11', []],
    ['a set for which one event stands twice', set(10, A, B), 'A;B@3 A@4 B@5', ['AB1 at 3', 'A1 B1 at 5']],
    [
      'all, with the first event in the window',
      all(10, counter(A, 2, 10), singleton(B)),
      'A@0 A@5 B@10',
      ['A1 A2 B1 at 10'],
    ],
    ['all, with the first event too old', all(9, counter(A, 2, 10), singleton(B)), 'A@0 A@5 B@10', []],
    [
      'all, that starts anew while its members go on',
      all(20, counter(A, 2, 20), singleton(B)),
      'A@0 A@1 A@2 B@3 B@4 A@5',
      ['A1 A2 B1 at 3', 'A3 B2 A4 at 5'],
    ],
    [
      'all, of several matches the last',
      all(20, sequence([A, B], 10), singleton(C)),
      'A@0 A@1 B@2 C@3',
      ['A2 B1 C1 at 3'],
    ],
    ['any, twice by equal matches', any(singleton(A), singleton(enters('A', 'B'))), 'A@1', ['A1 at 1', 'A1 at 1']],
    [
      'any, what has ended first',
      any(sequence([A, B], 10), singleton(enters('A', 'B'))),
      'A@1 B@2',
      ['A1 at 1', 'A1 B1 at 2', 'B1 at 2'],
    ],
  ])('%s', (_, when, visit, expected) => {
    expect(fired(when, visit)).toEqual(expected);
  });

  it('counts different values, the latest event of each', () => {
    const visit = [1, 1, 2, null, '1', undefined, 1].map((n, i) =>
      createEvent({ id: `e${i}`, at: i, category: 'A', data: n === undefined ? {} : { n } }),
    );
    expect(fired(different(A, 3, 10), visit)).toEqual(['e1 e2 e3 at 3']);
    expect(fired(different(A, 4, 10), visit)).toEqual(['e1 e2 e3 e4 at 4']);
    expect(fired(different(A, 3, 1), visit)).toEqual([]);
  });
});

describe('the oracle, on waits', () => {
  const exit = (id: string, at: number, pageID: string) => happens(id, at, { eventName: 'PageExited', pageID });
  const enter = (id: string, at: number, pageID: string) => happens(id, at, { pageID });

  it('fires a timeout at its very end, when time is told or goes on', () => {
    expect(fired(timeout(A, 10), [enter('a', 1, 'p'), told(10)])).toEqual([]);
    expect(fired(timeout(A, 10), [enter('a', 1, 'p'), told(11)])).toEqual(['a at 11']);
    expect(fired(timeout(A, 10), [enter('a', 1, 'p'), exit('x', 12, 'p')])).toEqual(['a at 11']);
    expect(fired(timeout(A, 10), [enter('a', 1, 'p'), exit('x', 11, 'p'), told(99)])).toEqual([]);
    expect(fired(timeout(A, 10), [enter('a', 1, 'p'), told(11), exit('x', 11, 'p')])).toEqual(['a at 11']);
  });

  it('ends a timeout with the exit of its own page alone', () => {
    expect(fired(timeout(A, 10), [enter('a', 1, 'p'), exit('x', 5, 'q'), told(99)])).toEqual(['a at 11']);
  });

  it('waits after every match of an absence, and for an event later than its last', () => {
    const when = absence(sequence([A, B], 10), B, 5);
    expect(fired(when, [...createVisit('A@0 B@1'), told(6)])).toEqual(['A1 B1 at 6']);
    expect(fired(when, [...createVisit('A@0 B@1 B@6'), told(99)])).toEqual([]);
    expect(fired(when, [...createVisit('A@0 A@0 B@1'), told(6)])).toEqual(['A1 B1 at 6', 'A2 B1 at 6']);
  });

  it('lets the oldest of too many waits go', () => {
    expect(fired(timeout(A, 10), [...createVisit('A@0 A@1 A@2'), told(99)], {}, 2)).toEqual(['A2 at 11', 'A3 at 12']);
  });

  it('fires what is due before the event that tells so, in the order of the ends', () => {
    const rules = [
      createRule('long', timeout(A, 10)),
      createRule('short', timeout(A, 5)),
      createRule('at once', singleton(B)),
    ];
    const found = evaluateByOracle([createPackage(rules)], createVisit('A@0 B@20'), 64);
    expect(found.map(({ rule, at }) => `${rule} at ${at}`)).toEqual(['short at 5', 'long at 10', 'at once at 20']);
  });
});

describe('the oracle, on the state of the visit', () => {
  const identify = (name: string, at: number, identity?: string) =>
    happens(`${name}${at}`, at, { eventName: name, eventType: 'SYSTEM', identity, category: '' });
  const provided = (test: StateTest): Partial<Rule> => ({ provided: test });
  const visit = [
    happens('a1', 1),
    identify('UserInfo', 2, 'u'),
    happens('a2', 3),
    identify('SignIn', 4, 'u'),
    happens('a3', 5),
    identify('SignOut', 6),
    happens('a4', 7),
  ];

  it.each<[string, StateTest, string[]]>([
    ['anonymous', { kind: 'identity', scopes: ['anonymous'] }, ['a1 at 1']],
    ['recognized', { kind: 'identity', scopes: ['recognized'] }, ['a2 at 3', 'a4 at 7']],
    ['authenticated', { kind: 'identity', scopes: ['authenticated'] }, ['a3 at 5']],
    ['old enough', { kind: 'visitAge', operator: 'atLeast', bound: 4 }, ['a3 at 5', 'a4 at 7']],
    [
      'after a SignIn of late',
      { kind: 'seen', event: { eventName: 'SignIn', categories: [], tests: [] }, withinMs: 1 },
      ['a3 at 5'],
    ],
    [
      'the first visit',
      { kind: 'visitNumber', operator: 'atMost', bound: 1 },
      ['a1 at 1', 'a2 at 3', 'a3 at 5', 'a4 at 7'],
    ],
  ])('fires while the visitor is %s', (_, test, expected) => {
    expect(fired(singleton(A), visit, provided(test))).toEqual(expected);
  });

  it('uses a match up whose while does not hold', () => {
    const test: StateTest = { kind: 'visitAge', operator: 'moreThan', bound: 3 };
    expect(fired(counter(A, 2, 100), 'A@0 A@1 A@8 A@9', provided(test))).toEqual(['A3 A4 at 9']);
  });

  it('takes the referrer of the start, else of the first page', () => {
    const from = (referrer: string) => ({ data: { referrer } });
    const test: StateTest = { kind: 'referrer', test: { operator: 'contains', text: 'NEWS' } };
    const start = (given: Partial<VisitEvent>) =>
      happens('s', 0, { eventName: 'VisitStarted', eventType: 'SYSTEM', ...given });
    const page = happens('a', 1, { eventType: 'SYSTEM', ...from('https://news.example/') });
    expect(fired(singleton(A), [start({}), page], provided(test))).toEqual(['a at 1']);
    expect(fired(singleton(A), [start(from('https://x.example/')), page], provided(test))).toEqual([]);
  });
});

describe('the oracle, on guards, hours and several visits', () => {
  it('asks the guards in the order of the firings', () => {
    expect(fired(singleton(A), 'A@0 A@5 A@6', guarded({ coolDownMs: 5 }))).toEqual(['A1 at 0', 'A3 at 6']);
    expect(fired(singleton(A), 'A@0 A@5 A@6', guarded({ maxPerVisit: 2 }))).toEqual(['A1 at 0', 'A2 at 5']);
  });

  it('holds out a share of the browsers by the hash of docs/rules.md', () => {
    // FNV-1a of "com.example/R/g1", by another program: 0x7f10a288, of 2^32 the share 0.49635.
    const share = (holdoutShare: number) => fired(singleton(A), 'A@0', guarded({ holdoutShare })).length;
    expect([share(0.4963), share(0.4964)]).toEqual([1, 0]);
  });

  it('fires in the hours of its own time zone alone, from inclusive, to not', () => {
    const hours = { days: [1], fromMinute: 9 * 60, toMinute: 10 * 60, timeZone: 'Europe/Berlin' };
    const monday = (hour: number, minute: number) => Date.UTC(2026, 2, 2, hour, minute);
    const visit = [monday(7, 59), monday(8, 0), monday(8, 59), monday(9, 0)].map((at, i) => happens(`e${i}`, at));
    expect(fired(singleton(A), visit, { hours }).map((line) => line.slice(0, 2))).toEqual(['e1', 'e2']);
    const valid = { fromMs: monday(8, 0), toMs: monday(9, 0) };
    expect(fired(singleton(A), visit, { valid }).map((line) => line.slice(0, 2))).toEqual(['e1', 'e2']);
  });

  it('takes the visits of a browser together, and forgets it after a day', () => {
    const visits = [happens('a', 0), happens('b', 5, { visitID: 'v2' }), happens('c', 6 + DAY, { visitID: 'v3' })];
    const when = counter(A, 2, 3 * DAY);
    expect(fired(when, visits)).toEqual([]);
    expect(fired(when, visits, { correlate: 'browser' })).toEqual(['a b at 5']);
    const once = { correlate: 'browser', ...guarded({ maxPerVisit: 1 }) } as const;
    expect(fired(singleton(A), visits, once)).toEqual(['a at 0', `c at ${6 + DAY}`]);
  });

  it('takes the visits of a person together from when he is known', () => {
    const visits = [
      happens('a', 0),
      happens('b', 1, { identity: 'u' }),
      happens('c', 2, { visitID: 'v2', eventName: 'UserInfo', eventType: 'SYSTEM', identity: 'u' }),
      happens('d', 3, { visitID: 'v2' }),
    ];
    expect(fired(counter(A, 2, 10), visits, { correlate: 'identity' })).toEqual(['b d at 3']);
  });

  it('leaves out what repeats one of the last 32 ids that concerned a rule', () => {
    const others = Array.from({ length: 31 }, (_, i) => happens(`e${i}`, 1));
    expect(
      fired(singleton(A), [happens('a', 0), ...others, happens('a', 2)]).filter((line) => line.startsWith('a ')),
    ).toEqual(['a at 0']);
    expect(
      fired(singleton(A), [happens('a', 0), ...others, happens('f', 1), happens('a', 2)]).filter((line) =>
        line.startsWith('a '),
      ),
    ).toEqual(['a at 0', 'a at 2']);
  });

  it('counts an event that lies before its visit at the latest time', () => {
    expect(fired(sequence([A, B], 3), 'A@5 B@1')).toEqual(['A1 B1 at 5']);
  });
});
