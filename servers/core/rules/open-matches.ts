/** What keeps the open partial matches of a condition, whatever its template. */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival, Match } from './arrival.ts';
import type { PartialProgress } from './partial-matches.ts';
import type { RuleScope } from './rule-scope.ts';

/** One for each condition of an engine: it holds nothing itself, but finds what is open in a scope. */
export interface OpenMatches {
  /**
   * An event that fits the patterns `steps` (indexes from 0, from high to low); what it completes is appended to `completed`, the
   * match whose first event is oldest first. The event has arrived in the scope. What is too old by then does not count.
   */
  take(scope: RuleScope, steps: readonly number[], arrival: Arrival, event: VisitEvent, completed: Match[]): void;
  /** How many are open at the scope's latest time. */
  count(scope: RuleScope): number;
  clear(scope: RuleScope): void;
  /** Of those that can still complete at `at`, ms; null where there are none. */
  progress(scope: RuleScope, at: number): PartialProgress | null;
}
