/** A counter's events of the last window, fewer than it takes to fire. When the last one comes it fires and starts anew. */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival, Match } from './arrival.ts';
import { MatchRing } from './match-ring.ts';
import type { PartialMatches, PartialProgress } from './partial-matches.ts';

export class OpenCount implements PartialMatches {
  readonly dropped = 0;
  readonly #times: number;
  readonly #withinMs: number;
  readonly #ring = new MatchRing(1);

  constructor(times: number, withinMs: number) {
    this.#times = times;
    this.#withinMs = withinMs;
  }

  count(): number {
    return this.#ring.count > 0 ? 1 : 0;
  }

  take(_steps: readonly number[], arrival: Arrival, _event: VisitEvent, completed: Match[]): void {
    const ring = this.#ring;
    ring.push(arrival);
    if (ring.count < this.#times) return;
    const match: Arrival[] = [];
    for (let entry = 0; entry < ring.count; entry += 1) match.push(ring.get(entry, 0));
    completed.push(match);
    ring.clear();
  }

  expire(at: number): number {
    return this.#ring.expire(at, this.#withinMs);
  }

  clear(): void {
    this.#ring.clear();
  }

  progress(at: number): PartialProgress | null {
    const ring = this.#ring;
    for (let entry = 0; entry < ring.count; entry += 1) {
      const until = ring.get(entry, 0).at + this.#withinMs;
      if (until >= at) return { done: ring.count - entry, until };
    }
    return null;
  }
}
