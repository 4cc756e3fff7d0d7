/** Parts of rules in plain English, from which sentences about rules, firings and progress are made. */
import { assertNever } from '#core/assert.ts';
import { joinWith } from '#core/plain-words.ts';
import type { EventValue } from '#core/visits/event.ts';
import type { EventPattern, EventTest, TestedField, ValueTest } from './rule-package.ts';

export type Tense = 'present' | 'past';

const SYSTEM_EVENT_PHRASES: Readonly<Record<string, Readonly<Record<Tense, string>>>> = {
  VisitStarted: { present: 'starts a visit', past: 'started a visit' },
  PageEntered: { present: 'enters a page', past: 'entered a page' },
  PageExited: { present: 'leaves a page', past: 'left a page' },
  SignIn: { present: 'signs in', past: 'signed in' },
  SignOut: { present: 'signs out', past: 'signed out' },
  UserInfo: { present: 'is recognized', past: 'was recognized' },
};

/** What the visitor does: `enters a page of category "product"`, `sent event Search with searchString containing "tent"`. */
export function describePattern(pattern: EventPattern, tense: Tense): string {
  const phrases = Object.hasOwn(SYSTEM_EVENT_PHRASES, pattern.eventName)
    ? SYSTEM_EVENT_PHRASES[pattern.eventName]
    : undefined;
  const own = `${tense === 'present' ? 'sends' : 'sent'} event ${pattern.eventName}`;
  const isPage = pattern.eventName === 'PageEntered' || pattern.eventName === 'PageExited';
  const categories =
    pattern.categories.length === 0
      ? ''
      : `${isPage ? '' : ' on a page'} of category ${joinWith('or', pattern.categories.map(quote))}`;
  const tests = pattern.tests.length === 0 ? '' : ` with ${joinWith('and', pattern.tests.map(describeTest))}`;
  return `${phrases?.[tense] ?? own}${categories}${tests}`;
}

function describeTest(test: EventTest): string {
  return describeValueTest(test, describeField(test.field));
}

/** `what` with what is asked of it: `price of at least 100`. */
export function describeValueTest(test: ValueTest, what: string): string {
  switch (test.operator) {
    case 'is':
      return `${what} ${describeValue(test.value)}`;
    case 'isNot':
      return `${what} other than ${describeValue(test.value)}`;
    case 'in':
      return `${what} ${joinWith('or', test.values.map(describeValue))}`;
    case 'contains':
      return `${what} containing ${quote(test.text)}`;
    case 'matches':
      return `${what} matching ${quote(test.expression)}`;
    case 'lessThan':
      return `${what} below ${test.bound}`;
    case 'atMost':
      return `${what} of at most ${test.bound}`;
    case 'moreThan':
      return `${what} above ${test.bound}`;
    case 'atLeast':
      return `${what} of at least ${test.bound}`;
    default:
      return assertNever(test, 'operator of a test');
  }
}

/** A field by the word that people use for it: `URL`, `sku`. */
export function describeField(field: TestedField): string {
  switch (field) {
    case 'url':
      return 'URL';
    case 'title':
      return 'title';
    case 'languageCode':
      return 'language';
    case 'pageID':
      return 'page id';
    default:
      return field.slice('data.'.length);
  }
}

function describeValue(value: EventValue): string {
  return typeof value === 'string' ? quote(value) : String(value);
}

function quote(text: string): string {
  return `"${text}"`;
}
