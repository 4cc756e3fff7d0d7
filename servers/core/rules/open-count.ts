/** A counter's events of the last window, fewer than it takes to fire. When the last one comes it fires and starts anew. */
import { MatchRing } from './match-ring.ts';
import type { Match, PartialMatches, PartialProgress } from './partial-matches.ts';

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

  take(_steps: readonly number[], eventID: string, at: number, completed: Match[]): void {
    const ring = this.#ring;
    ring.push(eventID, at);
    if (ring.count < this.#times) return;
    const ids: string[] = [];
    const times: number[] = [];
    for (let entry = 0; entry < ring.count; entry += 1) {
      ids.push(ring.idOf(entry, 0));
      times.push(ring.timeOf(entry, 0));
    }
    completed.push({ ids, times });
    ring.clear();
  }

  expire(at: number): number {
    const ring = this.#ring;
    while (ring.count > 0 && ring.timeOf(0, 0) + this.#withinMs < at) ring.shift(1);
    return ring.count === 0 ? Infinity : ring.timeOf(0, 0) + this.#withinMs;
  }

  clear(): void {
    this.#ring.clear();
  }

  progress(at: number): PartialProgress | null {
    const ring = this.#ring;
    for (let entry = 0; entry < ring.count; entry += 1) {
      const until = ring.timeOf(entry, 0) + this.#withinMs;
      if (until >= at) return { done: ring.count - entry, until };
    }
    return null;
  }
}
