/** A singleton as a member of other templates: every event that fits is a match, and nothing is kept. */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival, Match } from './arrival.ts';
import type { PartialMatches } from './partial-matches.ts';

export const SINGLE_EVENTS: PartialMatches = {
  dropped: 0,
  count: () => 0,
  take(_steps: readonly number[], arrival: Arrival, _event: VisitEvent, completed: Match[]) {
    completed.push([arrival]);
  },
  expire: () => Infinity,
  clear: () => undefined,
  progress: () => null,
};
