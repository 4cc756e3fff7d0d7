/** An absence: each match of its `after` waits, and all waits end without a firing when the event comes that is to stay away. */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival, Match } from './arrival.ts';
import type { OpenWaits } from './open-waits.ts';
import type { OpenMatches } from './open-matches.ts';
import type { PartialProgress } from './partial-matches.ts';
import type { RuleScope } from './rule-scope.ts';

export class OpenAbsences implements OpenMatches {
  readonly #after: OpenMatches;
  /** The number of the pattern that is to stay away: the one behind those of `after`. */
  readonly #awaited: number;
  readonly #waits: OpenWaits;

  constructor(after: OpenMatches, awaited: number, waits: OpenWaits) {
    this.#after = after;
    this.#awaited = awaited;
    this.#waits = waits;
  }

  take(scope: RuleScope, steps: readonly number[], arrival: Arrival, event: VisitEvent): void {
    const came = steps[0] === this.#awaited;
    if (came) this.#waits.clear(scope);
    if (came && steps.length === 1) return;
    const found: Match[] = [];
    this.#after.take(scope, came ? steps.slice(1) : steps, arrival, event, found);
    for (const match of found) this.#waits.begin(scope, match, event);
  }

  count(scope: RuleScope): number {
    return this.#waits.count(scope) + this.#after.count(scope);
  }

  clear(scope: RuleScope): void {
    this.#waits.clear(scope);
    this.#after.clear(scope);
  }

  progress(scope: RuleScope, at: number): PartialProgress | null {
    return this.#waits.progress(scope, at) ?? this.#after.progress(scope, at);
  }
}
