/** Tests on an event's fields and data, compiled to one predicate. Values are compared as they are: the text "5" is not the number 5. */
import { assertNever } from '#core/assert.ts';
import type { EventValue, VisitEvent } from '#core/visits/event.ts';
import type { Expressions } from './expressions.ts';
import type { EventTest, TestedField, ValueTest } from './rule-package.ts';

export type EventPredicate = (event: VisitEvent) => boolean;

export type ValuePredicate = (value: EventValue) => boolean;

/** All of `tests` must hold; null where there are none. */
export function compileEventTests(tests: readonly EventTest[], expressions: Expressions): EventPredicate | null {
  const [first, ...others] = tests.map((test) => compileEventTest(test, expressions));
  if (first === undefined) return null;
  return others.length === 0 ? first : (event) => first(event) && others.every((holds) => holds(event));
}

function compileEventTest(test: EventTest, expressions: Expressions): EventPredicate {
  const read = compileFieldReader(test.field);
  const holds = compileValueTest(test, expressions);
  return (event) => {
    const value = read(event);
    return value !== undefined && holds(value);
  };
}

/** Undefined where the event does not have the field. */
export function compileFieldReader(field: TestedField): (event: VisitEvent) => EventValue | undefined {
  if (field === 'url' || field === 'title' || field === 'languageCode' || field === 'pageID')
    return (event) => event[field];
  const name = field.slice('data.'.length);
  return (event) => (Object.hasOwn(event.data, name) ? event.data[name] : undefined);
}

export function compileValueTest(test: ValueTest, expressions: Expressions): ValuePredicate {
  switch (test.operator) {
    case 'is':
      return (value) => value === test.value;
    case 'isNot':
      return (value) => value !== test.value;
    case 'in': {
      const values = new Set(test.values);
      return (value) => values.has(value);
    }
    case 'contains': {
      const sought = test.text.toLowerCase();
      return (value) => typeof value === 'string' && value.toLowerCase().includes(sought);
    }
    case 'lessThan':
      return (value) => typeof value === 'number' && value < test.bound;
    case 'atMost':
      return (value) => typeof value === 'number' && value <= test.bound;
    case 'moreThan':
      return (value) => typeof value === 'number' && value > test.bound;
    case 'atLeast':
      return (value) => typeof value === 'number' && value >= test.bound;
    case 'matches': {
      const isFound = expressions.compile(test.expression, test.matchCase);
      return (value) => typeof value === 'string' && isFound(value);
    }
    default:
      return assertNever(test, 'operator of a test');
  }
}
