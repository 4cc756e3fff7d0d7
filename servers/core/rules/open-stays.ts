/** A timeout's waits: each began with an event on a page, and ends without a firing when the visitor leaves that page. */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival } from './arrival.ts';
import type { OpenWaits } from './open-waits.ts';
import type { OpenMatches } from './open-matches.ts';
import type { PartialProgress } from './partial-matches.ts';
import type { RuleScope } from './rule-scope.ts';

/** Pattern 0 begins a wait, pattern 1 is the exit from any page. */
export const STAY_EXIT = 1;

export class OpenStays implements OpenMatches {
  readonly #waits: OpenWaits;

  constructor(waits: OpenWaits) {
    this.#waits = waits;
  }

  take(scope: RuleScope, steps: readonly number[], arrival: Arrival, event: VisitEvent): void {
    if (steps.includes(STAY_EXIT)) this.#waits.endOn(scope, event.pageID);
    if (steps.includes(0)) this.#waits.begin(scope, [arrival], event);
  }

  count(scope: RuleScope): number {
    return this.#waits.count(scope);
  }

  clear(scope: RuleScope): void {
    this.#waits.clear(scope);
  }

  progress(scope: RuleScope, at: number): PartialProgress | null {
    return this.#waits.progress(scope, at);
  }
}
