/**
 * Which rules an event can touch: found once for each event name and category text that occurs, then one or two look-ups, so
 * that an event costs time only in those rules.
 */
import type { CompiledRule } from './compiled-rule.ts';
import { compileEventTests, type EventPredicate } from './event-test.ts';
import type { EventPattern } from './rule-package.ts';

/** A rule with those of its steps that an event of some name and categories fits, as far as these two say. */
export interface Touch {
  readonly rule: CompiledRule;
  /** From high to low. */
  readonly steps: readonly number[];
  /** What else each of them asks for; null where nothing else is asked. */
  readonly tests: readonly (EventPredicate | null)[];
  readonly tested: boolean;
  /** The event can begin a match. */
  readonly begins: boolean;
}

/** Category texts remembered for one event name: sites have few, but a browser may send what it likes. */
const CATEGORY_TEXTS_MAX = 4_096;
const NO_TOUCHES: readonly Touch[] = [];

interface IndexedStep {
  readonly rule: CompiledRule;
  readonly step: number;
  readonly pattern: EventPattern;
  readonly test: EventPredicate | null;
}

interface NameIndex {
  readonly steps: readonly IndexedStep[];
  /** All touches where no pattern asks for a category; else null. */
  readonly whatever: readonly Touch[] | null;
  readonly byCategory: Map<string, readonly Touch[]>;
}

export class RuleIndex {
  readonly #byName = new Map<string, NameIndex>();

  /** `rules` in the order of their evaluation. */
  constructor(rules: readonly CompiledRule[]) {
    const steps = rules.flatMap((rule) =>
      rule.patterns
        .map((pattern, step) => ({ rule, step, pattern, test: compileEventTests(pattern.tests) }))
        .toReversed(),
    );
    for (const [name, named] of Map.groupBy(steps, ({ pattern }) => pattern.eventName)) {
      const asksForCategory = named.some(({ pattern }) => pattern.categories.length > 0);
      this.#byName.set(name, {
        steps: named,
        whatever: asksForCategory ? null : createTouches(named),
        byCategory: new Map(),
      });
    }
  }

  /** In the order of evaluation. `category`: names joined by `;`. */
  touchesOf(eventName: string, category: string): readonly Touch[] {
    const named = this.#byName.get(eventName);
    if (named === undefined) return NO_TOUCHES;
    return named.whatever ?? named.byCategory.get(category) ?? remember(named, category);
  }
}

function remember(named: NameIndex, category: string): readonly Touch[] {
  const carried = category.split(';');
  const fitting = named.steps.filter(
    ({ pattern }) => pattern.categories.length === 0 || pattern.categories.some((name) => carried.includes(name)),
  );
  const touches = fitting.length === 0 ? NO_TOUCHES : createTouches(fitting);
  if (named.byCategory.size >= CATEGORY_TEXTS_MAX) named.byCategory.clear();
  named.byCategory.set(category, touches);
  return touches;
}

function createTouches(steps: readonly IndexedStep[]): readonly Touch[] {
  return [...Map.groupBy(steps, ({ rule }) => rule)].map(([rule, ofRule]) => ({
    rule,
    steps: ofRule.map(({ step }) => step),
    tests: ofRule.map(({ test }) => test),
    tested: ofRule.some(({ test }) => test !== null),
    begins: ofRule.some(({ step }) => step === 0),
  }));
}
