/**
 * The incremental matcher against the naive oracle, on random packages and visits; it must find the same firings in the
 * same order.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRules } from '#core/rules/compile-rules.ts';
import type { CompiledRules } from '#core/rules/compiled-rules.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { EventPattern, Guards, Rule, RulePackage } from '#core/rules/rule-package.ts';
import { countOpenPartials } from '#core/rules/visit-rule-state.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { evaluateByOracle } from '#tests/core/rules/oracle.ts';
import {
  FACTS,
  counter,
  createEvent,
  createPackage,
  createRule,
  sequence,
  singleton,
} from '#tests/core/rules/visit-events.ts';

const CASES = Number(process.env['RULES_CASES'] ?? 2_000);

const EVENT_NAMES = ['PageEntered', 'PageEntered', 'Search'];
const windows = fc.integer({ min: 1, max: 14 });

const patterns: fc.Arbitrary<EventPattern> = fc.record({
  eventName: fc.constantFrom(...EVENT_NAMES),
  categories: fc.constantFrom([], ['A'], ['A'], ['B'], ['A', 'B']),
  tests: fc.constantFrom(
    [],
    [],
    [],
    [{ field: 'data.n', operator: 'atLeast', bound: 2 }],
    [{ field: 'data.n', operator: 'isNot', value: 1 }],
    [{ field: 'title', operator: 'contains', text: 'a PAGE' }],
  ),
});

const conditions = fc.oneof(
  patterns.map(singleton),
  fc
    .tuple(patterns, fc.integer({ min: 2, max: 4 }), windows)
    .map(([event, times, within]) => counter(event, times, within)),
  fc
    .tuple(fc.array(patterns, { minLength: 2, maxLength: 4 }), windows, fc.constantFrom('first', 'all'))
    .map(([steps, within, select]) => sequence(steps, within, select)),
);

const guards: fc.Arbitrary<Guards> = fc.record({
  maxPerVisit: fc.constantFrom(null, null, null, 1, 3),
  coolDownMs: fc.constantFrom(null, null, null, 2, 9),
  holdoutShare: fc.constant(null),
});

const PHASE_LISTS = [['standard'], ['early', 'standard'], ['standard', 'late'], ['late', 'standard', 'early']];

const packageLists: fc.Arbitrary<RulePackage[]> = fc
  .array(
    fc.constantFrom(...PHASE_LISTS).chain((phases) =>
      fc.record({
        phases: fc.constant(phases),
        guards,
        rules: fc.array(
          fc.record({
            when: conditions,
            guards,
            on: fc.constantFrom(true, true, true, false),
            phase: fc.constantFrom(...phases),
            salience: fc.integer({ min: -1, max: 1 }),
          }),
          { minLength: 1, maxLength: 4 },
        ),
      }),
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((packages) =>
    packages.map((given, p) =>
      createPackage(
        given.rules.map((rule, r): Rule => createRule(`rule ${r}`, rule.when, rule)),
        {
          ...given,
          name: `com.p${p}`,
          rules: given.rules.map((rule, r): Rule => createRule(`rule ${r}`, rule.when, rule)),
        },
      ),
    ),
  );

/** Mostly small steps of time, equal times, now and then a step back or a long pause; some ids come again. */
const visits: fc.Arbitrary<VisitEvent[]> = fc
  .array(
    fc.record({
      name: fc.constantFrom(...EVENT_NAMES, 'Other'),
      category: fc.constantFrom('', 'A', 'B', 'A;B', 'B;C', 'AB'),
      step: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 3 }) }, fc.constantFrom(-2, 20)),
      n: fc.constantFrom(undefined, 1, 2, '2'),
      again: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 40 })),
    }),
    { minLength: 5, maxLength: 45, size: 'max' },
  )
  .map((given) => {
    let at = 1_000;
    return given.map(({ name, category, step, n, again }, i) => {
      at += step;
      const id = again > 0 && again <= i ? `e${i - again}` : `e${i}`;
      return createEvent({ id, at, name, category, data: n === undefined ? {} : { n } });
    });
  });

const caps = fc.constantFrom(1, 2, 3, 64);

function runMatcher(rules: CompiledRules, events: readonly VisitEvent[]): Firing[][] {
  const state = rules.createState(FACTS);
  return events.map((event) => {
    const out: Firing[] = [];
    rules.handle(state, event, out);
    return out;
  });
}

function summarize(firings: readonly Firing[]) {
  return firings.map(({ at, rule, package: of, matchedEvents }) => ({ at, rule, package: of, matchedEvents }));
}

describe(`the matcher, on ${CASES} random packages and visits (as many as RULES_CASES says)`, () => {
  it('fires exactly what the oracle fires, in its order', () => {
    let firings = 0;
    let dropping = 0;
    const property = fc.property(packageLists, visits, caps, (packages, events, cap) => {
      const expected = evaluateByOracle(packages, events, cap);
      firings += expected.length;
      if (evaluateByOracle(packages, events, 1_000_000).length !== expected.length) dropping += 1;
      expect(summarize(runMatcher(compileRules(packages, { openPartialsMax: cap }), events).flat())).toEqual(expected);
    });
    fc.assert(property, { numRuns: CASES });
    // The cases say something: they fire, and the cap on open matches is felt.
    expect(firings).toBeGreaterThan(CASES);
    expect(dropping).toBeGreaterThan(CASES / 200);
  });

  it('goes on after a replay of the past as if it had handled it, and leaves nothing open after a silence', () => {
    const property = fc.property(packageLists, visits, fc.nat(45), fc.nat(3), (packages, events, cut, pause) => {
      const rules = compileRules(packages);
      const whole = runMatcher(rules, events).slice(cut);
      const state = rules.createState(FACTS);
      for (const event of events.slice(0, cut)) rules.replay(state, event);
      const rest = events.slice(cut).map((event) => {
        const out: Firing[] = [];
        rules.advance(state, Math.min(state.lastAt + pause, event.at), out);
        rules.handle(state, event, out);
        return out;
      });
      expect(rest).toEqual(whole);
      rules.advance(state, state.lastAt + rules.longestWindowMs + 1, []);
      expect(countOpenPartials(state)).toBe(0);
    });
    fc.assert(property, { numRuns: CASES / 4 });
  });
});

describe('the comparison itself', () => {
  it('notices a matcher whose window is a millisecond too long', () => {
    const stretch = (packages: readonly RulePackage[]): RulePackage[] =>
      packages.map((one) => ({
        ...one,
        rules: one.rules.map((rule) =>
          !('withinMs' in rule.when) ? rule : { ...rule, when: { ...rule.when, withinMs: rule.when.withinMs + 1 } },
        ),
      }));
    const wrong = fc.property(packageLists, visits, caps, (packages, events, cap) => {
      const rules = compileRules(stretch(packages), { openPartialsMax: cap });
      expect(summarize(runMatcher(rules, events).flat())).toEqual(evaluateByOracle(packages, events, cap));
    });
    expect(fc.check(wrong, { numRuns: CASES }).failed).toBe(true);
  });

  it('notices a matcher that takes duplicates', () => {
    const wrong = fc.property(packageLists, visits, (packages, events) => {
      const renamed = events.map((event, i) => ({ ...event, eventID: `${event.eventID}#${i}` }));
      const found = summarize(runMatcher(compileRules(packages), renamed).flat()).length;
      expect(found).toBe(evaluateByOracle(packages, events, 64).length);
    });
    expect(fc.check(wrong, { numRuns: CASES }).failed).toBe(true);
  });
});
