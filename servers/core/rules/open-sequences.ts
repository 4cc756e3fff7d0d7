/**
 * Open matches of a sequence of k steps where each step takes its first following match: A1 A2 B gives two, A B B one.
 *
 * Those that have matched s steps, 0 < s < k, stand under the key `key + s - 1`, each with the time of its first event. Invariant:
 * who began earlier has matched at least as many steps, since an event that fits step s moves all that wait for s. So all that
 * move came later than all that stand where they move to, and the oldest of all is the last of those that have matched most.
 */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival, Match } from './arrival.ts';
import type { OpenMatches } from './open-matches.ts';
import type { PartialProgress } from './partial-matches.ts';
import type { RuleMemory } from './rule-memory.ts';
import type { RuleScope } from './rule-scope.ts';

export class OpenSequences implements OpenMatches {
  readonly #steps: number;
  readonly #withinMs: number;
  readonly #openMax: number;
  readonly #key: number;

  constructor(memory: RuleMemory, steps: number, withinMs: number, openMax: number) {
    this.#steps = steps;
    this.#withinMs = withinMs;
    this.#openMax = openMax;
    this.#key = memory.allot(steps - 1, { keptMs: withinMs, holds: 'match', wait: null });
  }

  take(scope: RuleScope, steps: readonly number[], arrival: Arrival, _event: VisitEvent, completed: Match[]): void {
    // From the last step to the first, so that one event moves a partial match by one step at most.
    for (let i = 0; i < steps.length; i += 1) {
      const step = steps[i] ?? 0;
      if (step === 0) this.#open(scope, arrival);
      else if (step === this.#steps - 1) this.#complete(scope, arrival, completed);
      else this.#move(scope, step, arrival);
    }
  }

  count(scope: RuleScope): number {
    return this.#expire(scope, scope.lastAt);
  }

  clear(scope: RuleScope): void {
    for (let reached = 1; reached < this.#steps; reached += 1) scope.cells.removeAll(this.#keyOf(reached));
  }

  progress({ cells }: RuleScope, at: number): PartialProgress | null {
    for (let reached = this.#steps - 1; reached > 0; reached -= 1) {
      // The latest of those that have matched so many steps has the most time left.
      const latest = cells.first(this.#keyOf(reached));
      const until = cells.atOf(latest) + this.#withinMs;
      if (latest !== 0 && until >= at) return { done: reached, until };
    }
    return null;
  }

  #open(scope: RuleScope, { ordinal, at }: Arrival): void {
    if (this.#expire(scope, at) >= this.#openMax) this.#dropOldest(scope);
    scope.cells.reserve(1, at);
    scope.cells.add(this.#key, ordinal, at);
  }

  #move({ cells }: RuleScope, step: number, { ordinal, at }: Arrival): void {
    const moving = cells.expire(this.#keyOf(step), at - this.#withinMs);
    if (moving === 0) return;
    cells.reserve(moving, at);
    const first = cells.detach(this.#keyOf(step));
    for (let cell = first; cell !== 0; cell = cells.older(cell)) cells.chain(cell, ordinal);
    cells.attach(first, this.#keyOf(step + 1));
  }

  #complete(scope: RuleScope, arrival: Arrival, completed: Match[]): void {
    const { cells } = scope;
    const before = completed.length;
    for (let cell = cells.detach(this.#keyOf(this.#steps - 1)); cell !== 0;) {
      if (cells.atOf(cell) + this.#withinMs >= arrival.at) {
        const match = scope.matchOf(cell);
        match.push(arrival);
        completed.push(match);
      }
      const older = cells.older(cell);
      cells.free(cell);
      cell = older;
    }
    if (completed.length - before > 1) completed.push(...completed.splice(before).toReversed());
  }

  /** Takes away what is too old at `at`; tells how many are left. */
  #expire({ cells }: RuleScope, at: number): number {
    let left = 0;
    for (let reached = 1; reached < this.#steps; reached += 1)
      left += cells.expire(this.#keyOf(reached), at - this.#withinMs);
    return left;
  }

  #dropOldest(scope: RuleScope): void {
    const { cells } = scope;
    let reached = this.#steps - 1;
    while (cells.first(this.#keyOf(reached)) === 0) reached -= 1;
    let oldest = cells.first(this.#keyOf(reached));
    for (let cell = oldest; cell !== 0; cell = cells.older(cell)) oldest = cell;
    cells.remove(oldest);
    scope.dropped += 1;
  }

  #keyOf(reached: number): number {
    return this.#key + reached - 1;
  }
}
