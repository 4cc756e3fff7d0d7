/** The oracle's reading of event patterns and tests on values ("Which events fit" in docs/rules.md). */
import { assertNever } from '#core/assert.ts';
import type { Condition, EventPattern, StateTest, TestedField, ValueTest } from '#core/rules/rule-package.ts';
import type { EventValue, VisitEvent } from '#core/visits/event.ts';

export function fits(pattern: EventPattern, event: VisitEvent): boolean {
  return (
    fitsNameAndCategories(pattern, event) && pattern.tests.every((test) => passes(test, fieldOf(test.field, event)))
  );
}

export function fitsNameAndCategories(pattern: EventPattern, event: VisitEvent): boolean {
  if (pattern.eventName !== event.eventName) return false;
  const carried = event.category.split(';');
  return pattern.categories.length === 0 || pattern.categories.some((name) => carried.includes(name));
}

/** Undefined: the event does not have it. */
export function fieldOf(field: TestedField, event: VisitEvent): EventValue | undefined {
  if (field === 'url' || field === 'title' || field === 'languageCode' || field === 'pageID') return event[field];
  return Object.entries(event.data).find(([name]) => `data.${name}` === field)?.[1];
}

export function passes(test: ValueTest, value: EventValue | undefined): boolean {
  if (value === undefined) return false;
  switch (test.operator) {
    case 'is':
      return value === test.value;
    case 'isNot':
      return value !== test.value;
    case 'in':
      return test.values.some((one) => one === value);
    case 'contains':
      return typeof value === 'string' && value.toUpperCase().includes(test.text.toUpperCase());
    case 'matches':
      return typeof value === 'string' && new RegExp(test.expression, test.matchCase ? 'u' : 'iu').test(value);
    default:
      return typeof value === 'number' && compares(test.operator, value, test.bound);
  }
}

export function compares(operator: string, value: number, bound: number): boolean {
  if (operator === 'lessThan') return value < bound;
  if (operator === 'moreThan') return value > bound;
  return operator === 'atMost' ? value <= bound : value >= bound;
}

/** Every pattern that a condition asks of events; of a timeout also what ends its wait. */
export function patternsOf(when: Condition): readonly EventPattern[] {
  switch (when.template) {
    case 'singleton':
    case 'counter':
      return [when.event];
    case 'sequence':
      return when.steps;
    case 'set':
      return when.events;
    case 'timeout':
      return [when.event, { eventName: 'PageExited', categories: [], tests: [] }];
    case 'absence':
      return [...patternsOf(when.after), when.event];
    case 'all':
    case 'any':
      return when.conditions.flatMap(patternsOf);
    default:
      return assertNever(when, 'condition');
  }
}

/** Every pattern that `while` asks to have been seen. */
export function patternsSeen(test: StateTest | null): readonly EventPattern[] {
  if (test === null) return [];
  if (test.kind === 'all' || test.kind === 'any') return test.tests.flatMap(patternsSeen);
  if (test.kind === 'not') return patternsSeen(test.test);
  return test.kind === 'seen' ? [test.event] : [];
}
