/**
 * A counter's events of the last window, fewer than it takes to fire. When the last one comes it fires and starts anew.
 *
 * Each event is a cell; the latest one's `more` tells how many there are at most, so that they are looked at only when
 * there may be enough.
 */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival, Match } from './arrival.ts';
import type { OpenMatches } from './open-matches.ts';
import type { PartialProgress } from './partial-matches.ts';
import type { RuleMemory } from './rule-memory.ts';
import type { RuleScope } from './rule-scope.ts';

export class OpenCount implements OpenMatches {
  readonly #times: number;
  readonly #withinMs: number;
  readonly #key: number;

  constructor(memory: RuleMemory, times: number, withinMs: number) {
    this.#times = times;
    this.#withinMs = withinMs;
    this.#key = memory.allot(1, { keptMs: withinMs, holds: 'event', wait: null });
  }

  take(scope: RuleScope, _steps: readonly number[], arrival: Arrival, _event: VisitEvent, completed: Match[]): void {
    const { cells } = scope;
    const { at, ordinal } = arrival;
    const latest = cells.first(this.#key);
    let before = latest === 0 ? 0 : cells.moreOf(latest);
    if (before + 1 >= this.#times) before = cells.expire(this.#key, at - this.#withinMs);
    if (before + 1 < this.#times) {
      cells.reserve(1, at);
      cells.setMore(cells.add(this.#key, ordinal, at), before + 1);
      return;
    }
    const match = [arrival];
    for (let cell = cells.first(this.#key); cell !== 0; cell = cells.older(cell))
      match.push(scope.arrivalOf(cells.ordinalOf(cell)));
    cells.removeAll(this.#key);
    completed.push(match.toReversed());
  }

  count({ cells, lastAt }: RuleScope): number {
    return cells.expire(this.#key, lastAt - this.#withinMs) > 0 ? 1 : 0;
  }

  clear({ cells }: RuleScope): void {
    cells.removeAll(this.#key);
  }

  progress({ cells }: RuleScope, at: number): PartialProgress | null {
    let done = 0;
    let until = -Infinity;
    for (let cell = cells.first(this.#key); cell !== 0; cell = cells.older(cell)) {
      if (cells.atOf(cell) + this.#withinMs < at) break;
      until = cells.atOf(cell) + this.#withinMs;
      done += 1;
    }
    return done === 0 ? null : { done, until };
  }
}
