/**
 * The rule sets of the rules benchmark. They come in threes: B within 10 minutes of A, three times C within 60 s, no E within 5
 * minutes of D. A, B, C and E are pages, D is a business event; each page is in as many rules as any other.
 */
import { categoryOf, businessEventOf, BUSINESS_EVENTS, PAGES } from './rules-bench-traffic.ts';
import type { Condition, EventPattern, Rule, RulePackage } from '#core/rules/rule-package.ts';
import { counter, createPackage, createRule, enters, sequence, singleton } from '#tests/core/rules/visit-events.ts';

export const SEQUENCE_WITHIN_MS = 600_000;
export const COUNT_WITHIN_MS = 60_000;
export const COUNT_TIMES = 3;
export const ABSENCE_WITHIN_MS = 300_000;

/** Three rules: which pages and which business event they are about. */
export interface Trio {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** Number of a business event. */
  readonly d: number;
  readonly e: number;
  readonly site: number;
}

const TRIOS_A_LAP = PAGES / 4;

/**
 * `rules` / 3 trios. Ten trios, a lap, take up each page and each business event exactly once; in the next lap the pages stand
 * together otherwise (an odd step between the parts keeps them apart from each other). 300 rules are ten laps.
 */
export function createTrios(rules: number, site = 0): readonly Trio[] {
  return Array.from({ length: rules / 3 }, (_, trio) => {
    const lap = Math.floor(trio / TRIOS_A_LAP);
    const page = (part: number): number => (4 * (trio % TRIOS_A_LAP) + part * (2 * lap + 1)) % PAGES;
    return { a: page(0), b: page(1), c: page(2), d: (trio + lap) % BUSINESS_EVENTS.length, e: page(3), site };
  });
}

export function nameRules(trio: number): readonly [sequence: string, count: string, absence: string] {
  return [`sequence ${trio}`, `count ${trio}`, `absence ${trio}`];
}

/** The rules of the trios, in their order. */
export function createPlainPackage(trios: readonly Trio[]): RulePackage {
  return createPackage(trios.flatMap((trio, place) => createTrioRules(trio, place, (pattern) => pattern)));
}

/**
 * The same, but every second trio is hard to index: in turns its first event must also pass a regular expression on the URL, or
 * another event must not have been seen for five minutes, or a second condition will do as well.
 */
export function createMixedPackage(trios: readonly Trio[]): RulePackage {
  return createPackage(
    trios.flatMap((trio, place) => {
      if (place % 2 === 0) return createTrioRules(trio, place, (pattern) => pattern);
      const kind = ((place - 1) / 2) % 3;
      if (kind === 0) return createTrioRules(trio, place, (pattern) => withRegex(pattern, place));
      const rules = createTrioRules(trio, place, (pattern) => pattern);
      return rules.map((rule) => (kind === 1 ? withNegation(rule, trio) : withOr(rule, trio)));
    }),
  );
}

/** Conditions of one event: kind of event and a number in it. What engines without time and memory can express too. */
export function createStatelessPackage(rules: number): RulePackage {
  return createPackage(
    Array.from({ length: rules }, (_, place) =>
      createRule(`single ${place}`, singleton({ ...statelessPattern(place), tests: [statelessTest(place)] })),
    ),
  );
}

/** Which event rule `place` is about. */
export function statelessPattern(place: number): EventPattern {
  const kind = place % (PAGES + BUSINESS_EVENTS.length);
  return kind < PAGES ? enters(categoryOf(kind)) : named(businessEventOf(kind - PAGES));
}

export function statelessTest(place: number): {
  readonly field: 'data.value';
  readonly operator: 'atLeast';
  readonly bound: number;
} {
  return { field: 'data.value', operator: 'atLeast', bound: 90 + (Math.floor(place / 50) % 10) };
}

function createTrioRules(trio: Trio, place: number, first: (pattern: EventPattern) => EventPattern): readonly Rule[] {
  const { site } = trio;
  const [sequenceName, countName, absenceName] = nameRules(place);
  const page = (number: number): EventPattern => enters(categoryOf(number, site));
  const after = singleton(first(named(businessEventOf(trio.d, site))));
  return [
    createRule(sequenceName, sequence([first(page(trio.a)), page(trio.b)], SEQUENCE_WITHIN_MS)),
    createRule(countName, counter(first(page(trio.c)), COUNT_TIMES, COUNT_WITHIN_MS)),
    createRule(absenceName, { template: 'absence', after, event: page(trio.e), withinMs: ABSENCE_WITHIN_MS }),
  ];
}

function named(eventName: string): EventPattern {
  return { eventName, categories: [], tests: [] };
}

/** Passes about half of the items. */
function withRegex(pattern: EventPattern, place: number): EventPattern {
  const expression = `/item-\\d*[${place % 5}-${(place % 5) + 4}](\\?|$)`;
  return { ...pattern, tests: [{ field: 'url', operator: 'matches', expression, matchCase: false }] };
}

function withNegation(rule: Rule, trio: Trio): Rule {
  const event = named(businessEventOf(trio.d + 1, trio.site));
  return { ...rule, provided: { kind: 'not', test: { kind: 'seen', event, withinMs: ABSENCE_WITHIN_MS } } };
}

function withOr(rule: Rule, trio: Trio): Rule {
  const other: Condition = sequence(
    [enters(categoryOf(trio.b, trio.site)), enters(categoryOf(trio.c, trio.site))],
    COUNT_WITHIN_MS,
  );
  return { ...rule, when: { template: 'any', conditions: [rule.when, other] } };
}
