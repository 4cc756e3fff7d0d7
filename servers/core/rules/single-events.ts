/** A singleton as a member of other templates: every event that fits is a match, and nothing is kept. */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival, Match } from './arrival.ts';
import type { OpenMatches } from './open-matches.ts';
import type { RuleScope } from './rule-scope.ts';

export const SINGLE_EVENTS: OpenMatches = {
  take(_scope: RuleScope, _steps: readonly number[], arrival: Arrival, _event: VisitEvent, completed: Match[]) {
    completed.push([arrival]);
  },
  count: () => 0,
  clear: () => undefined,
  progress: () => null,
};
