/** Tests on an event's fields and data, compiled to one predicate. Values are compared as they are: the text "5" is not the number 5. */
import { RE2JS } from 're2js';
import { assertNever } from '#core/assert.ts';
import type { EventValue, VisitEvent } from '#core/visits/event.ts';
import type { EventTest, TestedField } from './rule-package.ts';

export type EventPredicate = (event: VisitEvent) => boolean;

/** All of `tests` must hold; null where there are none. */
export function compileEventTests(tests: readonly EventTest[]): EventPredicate | null {
  const [first, ...others] = tests.map(compileEventTest);
  if (first === undefined) return null;
  return others.length === 0 ? first : (event) => first(event) && others.every((holds) => holds(event));
}

function compileEventTest(test: EventTest): EventPredicate {
  const read = compileField(test.field);
  const holds = compileOperator(test);
  return (event) => {
    const value = read(event);
    return value !== undefined && holds(value);
  };
}

function compileField(field: TestedField): (event: VisitEvent) => EventValue | undefined {
  if (field === 'url' || field === 'title' || field === 'languageCode' || field === 'pageID')
    return (event) => event[field];
  const name = field.slice('data.'.length);
  return (event) => (Object.hasOwn(event.data, name) ? event.data[name] : undefined);
}

function compileOperator(test: EventTest): (value: EventValue) => boolean {
  switch (test.operator) {
    case 'is':
      return (value) => value === test.value;
    case 'isNot':
      return (value) => value !== test.value;
    case 'in':
      return (value) => test.values.includes(value);
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
      const regex = RE2JS.compile(test.expression, test.matchCase ? 0 : RE2JS.CASE_INSENSITIVE);
      return (value) => typeof value === 'string' && regex.test(value);
    }
    default:
      return assertNever(test, 'operator of an event test');
  }
}
