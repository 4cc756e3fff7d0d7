/** A set's latest event of each of its patterns in the window, each under a key of its own. When all are there it fires and keeps nothing. */
import type { VisitEvent } from '#core/visits/event.ts';
import { uniteMatches, type Arrival, type Match } from './arrival.ts';
import type { OpenMatches } from './open-matches.ts';
import type { PartialProgress } from './partial-matches.ts';
import type { RuleMemory } from './rule-memory.ts';
import type { RuleScope } from './rule-scope.ts';

export class OpenSet implements OpenMatches {
  readonly #patterns: number;
  readonly #withinMs: number;
  readonly #key: number;

  constructor(memory: RuleMemory, patterns: number, withinMs: number) {
    this.#patterns = patterns;
    this.#withinMs = withinMs;
    this.#key = memory.allot(patterns, { keptMs: withinMs, holds: 'match', wait: null });
  }

  take(scope: RuleScope, steps: readonly number[], arrival: Arrival, _event: VisitEvent, completed: Match[]): void {
    const { cells } = scope;
    cells.reserve(steps.length, arrival.at);
    for (const step of steps) {
      cells.removeAll(this.#key + step);
      cells.add(this.#key + step, arrival.ordinal, arrival.at);
    }
    if (this.#open(scope, arrival.at) < this.#patterns) return;
    const kept = Array.from({ length: this.#patterns }, (_, pattern) =>
      scope.matchOf(cells.first(this.#key + pattern)),
    );
    this.clear(scope);
    completed.push(uniteMatches(kept));
  }

  count(scope: RuleScope): number {
    return this.#open(scope, scope.lastAt) > 0 ? 1 : 0;
  }

  clear({ cells }: RuleScope): void {
    for (let pattern = 0; pattern < this.#patterns; pattern += 1) cells.removeAll(this.#key + pattern);
  }

  progress(scope: RuleScope, at: number): PartialProgress | null {
    const ends = Array.from({ length: this.#patterns }, (_, pattern) => this.#endOf(scope, pattern));
    const lacking = [...ends.keys()].filter((pattern) => (ends[pattern] ?? 0) < at);
    const done = ends.length - lacking.length;
    return done === 0 ? null : { done, until: Math.min(...ends.filter((end) => end >= at)), lacking };
  }

  /** How many patterns have an event that still counts at `at`. */
  #open(scope: RuleScope, at: number): number {
    let open = 0;
    for (let pattern = 0; pattern < this.#patterns; pattern += 1) if (this.#endOf(scope, pattern) >= at) open += 1;
    return open;
  }

  /** The last moment at which a pattern's event still counts; -Infinity: there is none. */
  #endOf({ cells }: RuleScope, pattern: number): number {
    const cell = cells.first(this.#key + pattern);
    return cell === 0 ? -Infinity : cells.atOf(cell) + this.#withinMs;
  }
}
