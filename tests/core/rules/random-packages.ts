/**
 * Random rule packages and what comes to an engine that has them, for comparing engines: small windows, few names and equal times, so that
 * every bound of docs/rules.md is met often.
 */
import fc from 'fast-check';
import type {
  BusinessHours,
  Condition,
  Correlation,
  EventPattern,
  EventTest,
  Guards,
  Rule,
  RulePackage,
  StateTest,
  Validity,
} from '#core/rules/rule-package.ts';
import type { Log } from './oracle-log.ts';
import { createRandomLog } from './random-log.ts';
import { createPackage, createRule } from './visit-events.ts';

export interface RandomCase {
  readonly packages: readonly RulePackage[];
  readonly log: Log;
  readonly openPartialsMax: number;
  /** So many items of the log are replayed as past. */
  readonly replayed: number;
}

/** Shortly before nine o'clock on a Monday in Berlin, and before the clock goes from two to three there. */
export const BEGINS = [Date.UTC(2026, 2, 2, 8) - 15, Date.UTC(2026, 2, 29, 1) - 15] as const;
const HOURS: readonly BusinessHours[] = [
  { days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 18 * 60, timeZone: 'Europe/Berlin' },
  { days: [6, 7], fromMinute: 0, toMinute: 2 * 60, timeZone: 'Europe/Berlin' },
  { days: [1, 7], fromMinute: 3 * 60, toMinute: 24 * 60, timeZone: 'Europe/Berlin' },
  { days: [1], fromMinute: 0, toMinute: 8 * 60, timeZone: 'UTC' },
];

const windows = fc.constantFrom(1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20);

const eventTests: fc.Arbitrary<readonly EventTest[]> = fc.constantFrom<(readonly EventTest[])[]>(
  ...Array.from({ length: 16 }, () => []),
  [{ field: 'data.n', operator: 'atLeast', bound: 2 }],
  [{ field: 'data.n', operator: 'isNot', value: 1 }],
  [{ field: 'data.n', operator: 'in', values: ['2', 1] }],
  [{ field: 'title', operator: 'contains', text: 'a PAGE' }],
  [{ field: 'pageID', operator: 'matches', expression: '^P[12]$', matchCase: false }],
  [{ field: 'languageCode', operator: 'is', value: 'de' }],
);

const patterns: fc.Arbitrary<EventPattern> = fc.record({
  eventName: fc.oneof(
    { weight: 6, arbitrary: fc.constant('PageEntered') },
    { weight: 1, arbitrary: fc.constantFrom('Search', 'PageExited', 'SignIn') },
  ),
  categories: fc.constantFrom([], [], [], ['A'], ['A'], ['B'], ['A', 'B']),
  tests: eventTests,
});

const singletons = patterns.map((event): Condition => ({ template: 'singleton', event }));

const counters = fc.record({
  template: fc.constant('counter' as const),
  event: patterns,
  times: fc.integer({ min: 2, max: 4 }),
  withinMs: windows,
  distinct: fc.constantFrom(null, 'data.n' as const, 'pageID' as const),
});

const sequences = fc.record({
  template: fc.constant('sequence' as const),
  steps: fc.array(patterns, { minLength: 2, maxLength: 4 }),
  withinMs: windows,
  select: fc.constantFrom('first' as const, 'all' as const),
});

const sets = fc.record({
  template: fc.constant('set' as const),
  events: fc.array(patterns, { minLength: 2, maxLength: 3 }),
  withinMs: windows,
});

const plain = fc.oneof(singletons, counters, sequences, sets);

const combinations = (members: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> => {
  const conditions = fc.array(members, { minLength: 2, maxLength: 3 });
  return fc.oneof(
    fc.record({ template: fc.constant('all' as const), conditions, withinMs: windows }),
    fc.record({ template: fc.constant('any' as const), conditions }),
  );
};

/** Conditions that do not wait. */
const prompt: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 6, arbitrary: plain },
  { weight: 2, arbitrary: combinations(plain) },
  { weight: 1, arbitrary: combinations(fc.oneof(plain, combinations(plain))) },
);

const waiting: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ template: fc.constant('timeout' as const), event: patterns, forMs: windows }),
  fc.record({ template: fc.constant('absence' as const), after: prompt, event: patterns, withinMs: windows }),
);

const conditions: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 6, arbitrary: prompt },
  { weight: 3, arbitrary: waiting },
  {
    weight: 1,
    arbitrary: fc.record({
      template: fc.constant('any' as const),
      conditions: fc.array(fc.oneof(plain, waiting), { minLength: 2, maxLength: 3 }),
    }),
  },
);

const comparisons = fc.constantFrom('lessThan' as const, 'atMost' as const, 'moreThan' as const, 'atLeast' as const);

const plainStateTests: fc.Arbitrary<StateTest> = fc.oneof(
  fc.record({
    kind: fc.constant('identity' as const),
    scopes: fc.constantFrom(
      ['anonymous' as const],
      ['recognized' as const, 'authenticated' as const],
      ['authenticated' as const],
    ),
  }),
  fc.record({ kind: fc.constant('visitAge' as const), operator: comparisons, bound: fc.integer({ min: 0, max: 12 }) }),
  fc.record({
    kind: fc.constant('visitNumber' as const),
    operator: comparisons,
    bound: fc.integer({ min: 1, max: 2 }),
  }),
  fc.constant<StateTest>({ kind: 'referrer', test: { operator: 'contains', text: 'NEWS' } }),
  fc.constant<StateTest>({ kind: 'language', test: { operator: 'in', values: ['de', 'fr'] } }),
  fc.record({ kind: fc.constant('seen' as const), event: patterns, withinMs: fc.constantFrom(null, 1, 5) }),
);

const stateTests: fc.Arbitrary<StateTest> = fc.oneof(
  { weight: 3, arbitrary: plainStateTests },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      tests: fc.array(plainStateTests, { minLength: 2, maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: plainStateTests.map((test): StateTest => ({ kind: 'not', test })) },
);

const guards: fc.Arbitrary<Guards> = fc.record({
  maxPerVisit: fc.constantFrom(null, null, null, null, 1, 3),
  coolDownMs: fc.constantFrom(null, null, null, null, 2, 9),
  holdoutShare: fc.constantFrom(null, null, null, null, null, null, null, 0.5),
});

/** Mostly what is plain. */
function seldom<T>(rare: fc.Arbitrary<T>, plainValue: T, weight = 6): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: fc.constant(plainValue) }, { weight: 1, arbitrary: rare });
}

const validities: fc.Arbitrary<Validity> = fc.record({
  fromMs: fc.constantFrom(null, ...BEGINS.map((at) => at + 5)),
  toMs: fc.constantFrom(null, ...BEGINS.map((at) => at + 20)),
});

const PHASE_LISTS = [['standard'], ['early', 'standard'], ['standard', 'late'], ['late', 'standard', 'early']];

function rulesIn(phases: readonly string[], correlations: readonly Correlation[]): fc.Arbitrary<Rule> {
  return fc
    .record({
      when: conditions,
      guards,
      on: seldom(fc.constant(false), true, 9),
      phase: fc.constantFrom(...phases),
      salience: fc.integer({ min: -1, max: 1 }),
      correlate: fc.constantFrom(...correlations),
      provided: seldom<StateTest | null>(stateTests, null, 2),
      valid: seldom(validities, { fromMs: null, toMs: null }),
      hours: seldom<BusinessHours | null>(fc.constantFrom(...HOURS), null, 9),
    })
    .map((rule) => createRule('', rule.when, rule));
}

function packagesWith(correlations: readonly Correlation[], guarding: fc.Arbitrary<Guards>) {
  return fc
    .array(
      fc.constantFrom(...PHASE_LISTS).chain((phases) =>
        fc.record({
          phases: fc.constant(phases),
          guards: guarding,
          rules: fc.array(rulesIn(phases, correlations), { minLength: 1, maxLength: 4 }),
        }),
      ),
      { minLength: 1, maxLength: 2, size: 'max' },
    )
    .map((list) =>
      list.map(({ rules, ...given }, p) =>
        createPackage(
          rules.map((rule, r) => ({ ...rule, name: `rule ${r}` })),
          { ...given, name: `com.p${p}` },
        ),
      ),
    );
}

const caps = fc.constantFrom(1, 2, 3, 64);
const pasts = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(20) });

/** One visit, rules that match its events alone, and a past in every third case. */
export const singleVisits: fc.Arbitrary<RandomCase> = fc.record({
  packages: packagesWith(['visit'], guards),
  log: createRandomLog(BEGINS, 1),
  openPartialsMax: caps,
  replayed: pasts,
});

/**
 * Up to three visits of two browsers and two persons, rules of every correlation. No package counts hot leads a visit, and what waits across
 * visits asks nothing of the visit in which its end is found.
 */
export const severalVisits: fc.Arbitrary<RandomCase> = fc.record({
  packages: packagesWith(
    ['visit', 'browser', 'browser', 'identity'],
    guards.map((given) => ({ ...given, maxPerVisit: null })),
  ).map((list) => list.map((one) => ({ ...one, rules: one.rules.map(askNothingAcrossVisits) }))),
  log: createRandomLog(BEGINS, 3),
  openPartialsMax: caps,
  replayed: fc.constant(0),
});

function askNothingAcrossVisits(rule: Rule): Rule {
  return rule.correlate !== 'visit' && waits(rule.when) ? { ...rule, provided: null } : rule;
}

function waits(when: Condition): boolean {
  return 'conditions' in when
    ? when.conditions.some(waits)
    : when.template === 'timeout' || when.template === 'absence';
}
