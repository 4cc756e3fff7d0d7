/**
 * Which rules an event can touch: found once for each event name and category text that occurs, then one or two look-ups, so
 * that an event costs time only in those rules.
 */
import type { CompiledRule } from './compiled-rule.ts';
import { compileEventTests, type EventPredicate } from './event-test.ts';
import type { EventPattern } from './rule-package.ts';
import type { TestContext } from './state-test.ts';

/** A rule with those of its patterns that an event of some name and categories fits, as far as these two say. */
export interface Touch {
  readonly rule: CompiledRule;
  /** The patterns' numbers, from high to low. */
  readonly steps: readonly number[];
  /** What else each of them asks for; null where nothing else is asked. */
  readonly tests: readonly (EventPredicate | null)[];
  readonly tested: boolean;
  /** Its events are those of all visits of a browser or person. */
  readonly isAcrossVisits: boolean;
  /** The rule or its package can be spent. */
  readonly canBeSpent: boolean;
}

/** A pattern of a `seen` test, by its place, with what it asks for besides. */
export interface SeenTouch {
  readonly place: number;
  readonly test: EventPredicate | null;
}

/** What an event of some name and categories concerns. */
export interface Touches {
  /** In the order of evaluation. */
  readonly rules: readonly Touch[];
  readonly seen: readonly SeenTouch[];
  /** What the event begins in the visit counts for so long at most, ms; -Infinity: it can't begin anything. */
  readonly beginForMs: number;
}

/** Category texts remembered for one event name: sites have few, but a browser may send what it likes. */
const CATEGORY_TEXTS_MAX = 4_096;

interface IndexedPattern {
  readonly pattern: EventPattern;
  readonly test: EventPredicate | null;
  /** Whose it is; null: a `seen` test's. */
  readonly rule: CompiledRule | null;
  /** Its number in the rule, or its place among the `seen` ones. */
  readonly number: number;
}

interface NameIndex {
  readonly patterns: readonly IndexedPattern[];
  /** What an event concerns where no pattern asks for a category; else undefined. */
  readonly whatever: Touches | null | undefined;
  /** Null: the event concerns nothing. */
  readonly byCategory: Map<string, Touches | null>;
}

export class RuleIndex {
  readonly #byName = new Map<string, NameIndex>();

  /** `rules` in the order of their evaluation. */
  constructor(rules: readonly CompiledRule[], { seen, expressions }: TestContext) {
    const index = (rule: CompiledRule | null) => (pattern: EventPattern, number: number) => ({
      pattern,
      test: compileEventTests(pattern.tests, expressions),
      rule,
      number,
    });
    const patterns: readonly IndexedPattern[] = [
      ...rules.flatMap((rule) => rule.patterns.map(index(rule)).toReversed()),
      ...seen.patterns.map(index(null)),
    ];
    for (const [name, named] of Map.groupBy(patterns, ({ pattern }) => pattern.eventName)) {
      const asksForCategory = named.some(({ pattern }) => pattern.categories.length > 0);
      this.#byName.set(name, {
        patterns: named,
        whatever: asksForCategory ? undefined : createTouches(named),
        byCategory: new Map(),
      });
    }
  }

  /** Null where the event concerns no rule. `category`: names joined by `;`. */
  touchesOf(eventName: string, category: string): Touches | null {
    const named = this.#byName.get(eventName);
    if (named === undefined) return null;
    if (named.whatever !== undefined) return named.whatever;
    const known = named.byCategory.get(category);
    return known === undefined ? remember(named, category) : known;
  }
}

function remember(named: NameIndex, category: string): Touches | null {
  const carried = category.split(';');
  const touches = createTouches(
    named.patterns.filter(
      ({ pattern }) => pattern.categories.length === 0 || pattern.categories.some((name) => carried.includes(name)),
    ),
  );
  if (named.byCategory.size >= CATEGORY_TEXTS_MAX) named.byCategory.clear();
  named.byCategory.set(category, touches);
  return touches;
}

function createTouches(patterns: readonly IndexedPattern[]): Touches | null {
  if (patterns.length === 0) return null;
  const byRule = Map.groupBy(patterns, ({ rule }) => rule);
  const seen = byRule.get(null) ?? [];
  byRule.delete(null);
  const begun = patterns.map(({ rule, number }) => (rule?.begins[number] === true ? rule.withinMs : -Infinity));
  return {
    rules: [...byRule].flatMap(([rule, ofRule]) => (rule === null ? [] : [createTouch(rule, ofRule)])),
    seen: seen.map(({ number, test }) => ({ place: number, test })),
    beginForMs: Math.max(...begun),
  };
}

function createTouch(rule: CompiledRule, patterns: readonly IndexedPattern[]): Touch {
  return {
    rule,
    steps: patterns.map(({ number }) => number),
    tests: patterns.map(({ test }) => test),
    tested: patterns.some(({ test }) => test !== null),
    isAcrossVisits: rule.rule.correlate !== 'visit',
    canBeSpent: rule.rule.guards.maxPerVisit !== null || rule.package.guards.maxPerVisit !== null,
  };
}
