/** `while`: tests on the state of the visit, compiled to one predicate. Meaning: docs/rules.md. */
import { assertNever } from '#core/assert.ts';
import type { EventValue } from '#core/visits/event.ts';
import type { IdentityScope } from '#core/visits/visit.ts';
import { compileValueTest } from './event-test.ts';
import type { Expressions } from './expressions.ts';
import type { StateTest, ValueTest } from './rule-package.ts';
import type { SeenPatterns } from './seen-patterns.ts';
import type { VisitFacts } from './visit-facts.ts';

/** How a visit stands. */
export interface VisitStanding {
  readonly facts: VisitFacts;
  /** When each pattern of a `seen` test was last seen, ms, by its place; undefined: not yet. */
  readonly seenAt: readonly (number | undefined)[] | null;
}

/** The moment at which a match would fire. */
export interface FiringMoment {
  readonly visit: VisitStanding;
  /** Epoch ms. */
  readonly at: number;
  /** Of the match's last event. */
  readonly languageCode: string;
}

export type StatePredicate = (moment: FiringMoment) => boolean;

/** What the tests of an engine's rules share. */
export interface TestContext {
  readonly seen: SeenPatterns;
  readonly expressions: Expressions;
}

export function compileStateTest(test: StateTest, context: TestContext): StatePredicate {
  switch (test.kind) {
    case 'all': {
      const all = test.tests.map((one) => compileStateTest(one, context));
      return (moment) => all.every((holds) => holds(moment));
    }
    case 'any': {
      const any = test.tests.map((one) => compileStateTest(one, context));
      return (moment) => any.some((holds) => holds(moment));
    }
    case 'not': {
      const holds = compileStateTest(test.test, context);
      return (moment) => !holds(moment);
    }
    case 'identity': {
      const scopes = new Set<IdentityScope>(test.scopes);
      return ({ visit }) => scopes.has(visit.facts.scope);
    }
    case 'visitAge':
      return compileRead(test, context, ({ visit, at }) => at - visit.facts.startedAt);
    case 'visitNumber':
      return compileRead(test, context, ({ visit }) => visit.facts.visitNumber);
    case 'referrer':
      return compileRead(test.test, context, ({ visit }) => visit.facts.referrer);
    case 'language':
      return compileRead(test.test, context, ({ languageCode }) => languageCode);
    case 'seen': {
      const place = context.seen.add(test.event, test.withinMs);
      const withinMs = test.withinMs ?? Infinity;
      return ({ visit, at }) => {
        const seenAt = visit.seenAt?.[place];
        return seenAt !== undefined && at - seenAt <= withinMs;
      };
    }
    default:
      return assertNever(test, 'state test');
  }
}

function compileRead(
  test: ValueTest,
  { expressions }: TestContext,
  read: (moment: FiringMoment) => EventValue,
): StatePredicate {
  const holds = compileValueTest(test, expressions);
  return (moment) => holds(read(moment));
}
