/**
 * What the oracle makes of a visit's events so far: who the visitor is (the machine at the top of core/visits/visit.ts, read backwards),
 * where the visit came from, and whether a rule's `while` holds ("The state of the visit" in docs/rules.md).
 */
import { assertNever, present } from '#core/assert.ts';
import type { StateTest } from '#core/rules/rule-package.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import type { IdentityScope } from '#core/visits/visit.ts';
import { compares, fits, passes } from './oracle-patterns.ts';

/** A visit at a moment. */
export interface VisitThen {
  /** Its events up to then, at the times at which they count; duplicates are seen like others. */
  readonly events: readonly VisitEvent[];
  /** Of those, what is no duplicate. */
  readonly seen: readonly VisitEvent[];
  /** Ms. */
  readonly now: number;
  /** The match's last event. */
  readonly last: VisitEvent;
}

export function holdsThen(test: StateTest, then: VisitThen): boolean {
  switch (test.kind) {
    case 'all':
      return test.tests.every((one) => holdsThen(one, then));
    case 'any':
      return test.tests.some((one) => holdsThen(one, then));
    case 'not':
      return !holdsThen(test.test, then);
    case 'identity':
      return test.scopes.includes(identityAt(then.events));
    case 'visitAge':
      return compares(test.operator, then.now - present(then.events[0], 'first event').at, test.bound);
    case 'visitNumber':
      return compares(test.operator, visitNumberOf(then.events), test.bound);
    case 'referrer':
      return passes(test.test, referrerOf(then.events));
    case 'language':
      return passes(test.test, then.last.languageCode);
    case 'seen':
      return then.seen.some((event) => then.now - event.at <= (test.withinMs ?? Infinity) && fits(test.event, event));
    default:
      return assertNever(test, 'test of the state');
  }
}

export function identityAt(events: readonly VisitEvent[]): IdentityScope {
  const signedIn = events.findLastIndex((event) => tells(event, 'SignIn'));
  if (signedIn > events.findLastIndex((event) => isSystem(event, 'SignOut'))) return 'authenticated';
  return events.some((event) => tells(event, 'SignIn') || tells(event, 'UserInfo')) ? 'recognized' : 'anonymous';
}

/** The last who signed in, or was told of while nobody was signed in. */
export function personAt(events: readonly VisitEvent[]): string | undefined {
  return events.findLast(
    (event, i) =>
      tells(event, 'SignIn') || (tells(event, 'UserInfo') && identityAt(events.slice(0, i)) !== 'authenticated'),
  )?.identity;
}

function tells(event: VisitEvent, name: string): boolean {
  return isSystem(event, name) && event.identity !== undefined;
}

function isSystem(event: VisitEvent, name: string): boolean {
  return event.eventType === 'SYSTEM' && event.eventName === name;
}

function visitNumberOf(events: readonly VisitEvent[]): number {
  const told = events.find((event) => isSystem(event, 'VisitStarted'))?.data['visitNumber'];
  return typeof told === 'number' ? told : 1;
}

function referrerOf(events: readonly VisitEvent[]): string {
  const started = events.find((event) => isSystem(event, 'VisitStarted'))?.data['referrer'];
  const entered = events.find((event) => isSystem(event, 'PageEntered'))?.data['referrer'];
  return [started, entered].find((url) => typeof url === 'string' && url !== '')?.toString() ?? '';
}
