/** Open partial matches that don't fit into cells: one object for each scope that has any, which the scope holds by its key. */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival, Match } from './arrival.ts';
import type { OpenMatches } from './open-matches.ts';
import type { PartialMatches, PartialProgress } from './partial-matches.ts';
import type { RuleMemory } from './rule-memory.ts';
import type { RuleScope } from './rule-scope.ts';

export class OpenObjects implements OpenMatches {
  readonly #key: number;
  readonly #create: () => PartialMatches;

  constructor(memory: RuleMemory, create: () => PartialMatches) {
    this.#key = memory.allot(1, { keptMs: 0, holds: 'nothing', wait: null });
    this.#create = create;
  }

  take(scope: RuleScope, steps: readonly number[], arrival: Arrival, event: VisitEvent, completed: Match[]): void {
    const open = scope.objects?.get(this.#key) ?? this.#create();
    open.expire(arrival.at);
    const before = open.dropped;
    open.take(steps, arrival, event, completed);
    scope.dropped += open.dropped - before;
    if (open.count() === 0) scope.objects?.delete(this.#key);
    else (scope.objects ??= new Map()).set(this.#key, open);
  }

  count(scope: RuleScope): number {
    const open = scope.objects?.get(this.#key);
    open?.expire(scope.lastAt);
    return open?.count() ?? 0;
  }

  clear(scope: RuleScope): void {
    scope.objects?.delete(this.#key);
  }

  progress(scope: RuleScope, at: number): PartialProgress | null {
    return scope.objects?.get(this.#key)?.progress(at) ?? null;
  }
}
