/** What the rules remember takes bounded room, gives it back, and stands in cells that keep what was put into them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '#core/assert.ts';
import { compileRules } from '#core/rules/compile-rules.ts';
import { OpenCells } from '#core/rules/open-cells.ts';
import { RuleMemory } from '#core/rules/rule-memory.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { Condition } from '#core/rules/rule-package.ts';
import { RulesInForce } from '#core/rules/rules-in-force.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { FACTS, counter, createEvent, createPackage, createRule, enters, sequence, singleton } from './visit-events.ts';

const A = enters('A');
const B = enters('B');
const C = enters('C');
const MINUTE = 60_000;

const absence = (after: Condition): Condition => ({ template: 'absence', after, event: C, withinMs: MINUTE });
const conditions: readonly Condition[] = [
  sequence([A, B], 10 * MINUTE),
  sequence([A, B, B, C], 5 * MINUTE),
  sequence([B, B], MINUTE, 'all'),
  counter(A, 3, MINUTE),
  { template: 'counter', event: B, times: 4, withinMs: MINUTE, distinct: 'pageID' },
  { template: 'set', events: [A, B, C], withinMs: MINUTE },
  absence(sequence([A, B], MINUTE)),
  { template: 'timeout', event: A, forMs: 2 * MINUTE },
  { template: 'all', conditions: [counter(A, 2, MINUTE), singleton(B)], withinMs: MINUTE },
  { template: 'any', conditions: [absence(singleton(A)), counter(B, 2, MINUTE)] },
];
const everything = createPackage(conditions.map((when, place) => createRule(`rule ${place}`, when)));

/** The `place`-th event of a visitor who looks at A, B and sometimes C, an event every `gapMs`. */
function eventAt(place: number, gapMs: number, visit = 0): VisitEvent {
  const category = place % 7 === 6 ? 'C' : ['A', 'B'][place % 2];
  return createEvent({ id: `${visit} ${place}`, at: place * gapMs, category: present(category, 'category') });
}

describe('the memory of the rules', () => {
  it('is given back when visits end, after a hundred thousand of them', () => {
    const rules = new RulesInForce([everything]);
    let most = 0;
    for (let visit = 0; visit < 100_000; visit += 1) {
      const state = rules.createVisit(FACTS);
      for (let place = 0; place < 3; place += 1) rules.handle(state, eventAt(place, 1_000, visit), []);
      most = Math.max(most, rules.wordsTaken);
      rules.endVisit(state);
      if (rules.wordsTaken !== 0) break;
    }
    expect(rules.wordsTaken).toBe(0);
    expect(most).toBeLessThan(2_000);
  });

  it('takes no more for a visit of a hundred thousand events than for one of five hundred', () => {
    const rules = compileRules([everything]);
    const wordsAfter = (events: number): number => {
      const state = rules.createState(FACTS);
      let most = 0;
      for (let place = 0; place < events; place += 1) {
        rules.handle(state, eventAt(place, 1_000), []);
        most = Math.max(most, rules.wordsTaken);
      }
      rules.release(state);
      return most;
    };
    expect(wordsAfter(100_000)).toBe(wordsAfter(500));
  });

  it('holds after one longest window of silence no more than the last events and what the guards count', () => {
    const rules = compileRules([everything]);
    const state = rules.createState(FACTS);
    for (let place = 0; place < 1_000; place += 1) rules.handle(state, eventAt(place, 1_000), []);
    const full = rules.wordsTaken;
    rules.advance(state, 1_000_000 + rules.longestWindowMs, []);
    expect(rules.countOpen(state)).toBe(0);
    expect(full).toBeGreaterThan(1_000);
    // Seven words for each of 32 events, seven for the cell of each of ten rules, in blocks of few sizes.
    expect(rules.wordsTaken).toBeLessThan(32 * 7 + 2 * 10 * 7);
  });

  it('of a package that is taken away goes, that of one that stays is kept and given back by a visit under way', () => {
    const other = createPackage([createRule('other', counter(A, 5, MINUTE))], { name: 'com.other' });
    const rules = new RulesInForce([everything, other]);
    const visit = rules.createVisit(FACTS);
    rules.handle(visit, eventAt(0, 1_000), []);
    const both = rules.wordsTaken;
    rules.replace([other]);
    expect(rules.wordsTaken).toBeGreaterThan(0);
    expect(rules.wordsTaken).toBeLessThan(both);
    rules.endVisit(visit);
    expect(rules.wordsTaken).toBe(0);
  });

  it('of browsers is given back a day after their last events', () => {
    const rules = compileRules([createPackage([createRule('R', counter(A, 3, MINUTE), { correlate: 'browser' })])]);
    const take = (browser: number, at: number): void => {
      const state = rules.createState({ ...FACTS, globalVisitID: `g${browser}` });
      rules.handle(state, { ...createEvent({ id: 'e', at, category: 'A' }), globalVisitID: `g${browser}` }, []);
      rules.release(state);
    };
    take(-1, 0);
    const ofOne = rules.wordsTaken;
    for (let browser = 0; browser < 100; browser += 1) take(browser, browser);
    expect(rules.wordsTaken).toBe(101 * ofOne);
    take(100, 3 * 86_400_000);
    expect(rules.wordsTaken).toBe(ofOne);
  });
});

it('keeps the events of a wait that is overdue because no visit of its person has come', () => {
  const rule = createRule('R', absence(singleton(A)), { correlate: 'identity' });
  const rules = compileRules([createPackage([rule, createRule('busy', counter(B, 2, 1), { correlate: 'identity' })])]);
  const strangers = rules.createState({ ...FACTS, identity: 'stranger' });
  for (let place = 0; place < 1_000; place += 1) {
    const event = createEvent({ id: `e${place}`, at: place * MINUTE, category: place === 0 ? 'A' : 'B' });
    rules.handle(strangers, { ...event, identity: 'known' }, []);
  }
  const out: Firing[] = [];
  rules.advance(rules.createState({ ...FACTS, identity: 'known' }), 1_000 * MINUTE, out);
  expect(out.map(({ at, matchedEvents }) => [at, matchedEvents])).toEqual([[MINUTE, ['e0']]]);
});

/** What the cells should hold: of each key the latest first, each with its ordinals, first event first. */
interface Kept {
  readonly at: number;
  readonly ordinals: readonly number[];
}

describe('cells', () => {
  const KEYS = 12;
  const KEPT_MS = 50;
  const steps = fc.array(
    fc.record({
      deed: fc.constantFrom('add', 'add', 'add', 'chain', 'move', 'expire', 'remove', 'removeAll', 'pass', 'shrink'),
      key: fc.nat(KEYS - 1),
      other: fc.nat(KEYS - 1),
    }),
    { maxLength: 120 },
  );

  it('hold what was put into them, whatever is taken away, moved or grown meanwhile', () => {
    const property = fc.property(steps, (taken) => {
      const memory = new RuleMemory();
      memory.allot(KEYS, { keptMs: KEPT_MS, holds: 'match', wait: null });
      const cells = new OpenCells(memory);
      const model = new Map<number, readonly Kept[]>();
      const of = (key: number): readonly Kept[] => model.get(key) ?? [];
      const counted: [number, number][] = [];
      let at = 0;
      for (const [ordinal, { deed, key, other }] of taken.entries()) {
        if (deed === 'add') {
          cells.reserve(1, at);
          cells.add(key, ordinal, at);
          model.set(key, [{ at, ordinals: [ordinal] }, ...of(key)]);
        } else if (deed === 'chain' && of(key).length > 0) {
          cells.reserve(of(key).length, at);
          for (let cell = cells.first(key); cell !== 0; cell = cells.older(cell)) cells.chain(cell, ordinal);
          model.set(
            key,
            of(key).map((kept) => ({ ...kept, ordinals: [...kept.ordinals, ordinal] })),
          );
        } else if (deed === 'move' && key !== other) {
          cells.attach(cells.detach(key), other);
          model.set(other, [...of(key), ...of(other)]);
          model.delete(key);
        } else if (deed === 'expire') {
          const left = of(key).filter((kept) => kept.at >= at - 10);
          counted.push([cells.expire(key, at - 10), left.length]);
          model.set(key, left);
        } else if (deed === 'remove' && of(key).length > 0) {
          cells.remove(cells.first(key));
          model.set(key, of(key).slice(1));
        } else if (deed === 'removeAll') {
          cells.removeAll(key);
          model.delete(key);
        } else if (deed === 'pass') at += 7;
        else if (deed === 'shrink') cells.shrink(at);
        expectToHold(cells, model, at - KEPT_MS);
      }
      expect(counted.map(([left]) => left)).toEqual(counted.map(([, left]) => left));
      cells.clear();
      expect(memory.pool.takenWords).toBe(0);
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  /** What is older may be there or not. */
  function expectToHold(cells: OpenCells, model: ReadonlyMap<number, readonly Kept[]>, oldestAt: number): void {
    for (let key = 0; key < KEYS; key += 1) {
      const found: Kept[] = [];
      for (let cell = cells.first(key); cell !== 0; cell = cells.older(cell)) {
        const ordinals: number[] = [];
        for (let link = cells.moreOf(cell); link !== 0; link = cells.moreOf(link))
          ordinals.unshift(cells.ordinalOf(link));
        if (cells.atOf(cell) >= oldestAt)
          found.push({ at: cells.atOf(cell), ordinals: [cells.ordinalOf(cell), ...ordinals] });
      }
      expect(found).toEqual((model.get(key) ?? []).filter((kept) => kept.at >= oldestAt));
    }
  }
});
