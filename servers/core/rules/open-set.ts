/** A set's latest event of each of its patterns in the window. When all are there it fires and keeps nothing. */
import type { VisitEvent } from '#core/visits/event.ts';
import { uniteMatches, type Arrival, type Match } from './arrival.ts';
import { createSlots } from './fixed-array.ts';
import type { PartialMatches, PartialProgress } from './partial-matches.ts';

export class OpenSet implements PartialMatches {
  readonly dropped = 0;
  readonly #withinMs: number;
  readonly #latest: (Arrival | undefined)[];

  constructor(patterns: number, withinMs: number) {
    this.#withinMs = withinMs;
    this.#latest = createSlots<Arrival>(patterns);
  }

  count(): number {
    return this.#latest.some((arrival) => arrival !== undefined) ? 1 : 0;
  }

  take(steps: readonly number[], arrival: Arrival, _event: VisitEvent, completed: Match[]): void {
    for (const step of steps) this.#latest[step] = arrival;
    if (this.#latest.includes(undefined)) return;
    completed.push(uniteMatches([this.#latest.filter((kept) => kept !== undefined)]));
    this.clear();
  }

  expire(at: number): number {
    let next = Infinity;
    for (let i = 0; i < this.#latest.length; i += 1) {
      const arrival = this.#latest[i];
      if (arrival === undefined) continue;
      const until = arrival.at + this.#withinMs;
      if (until < at) this.#latest[i] = undefined;
      else if (until < next) next = until;
    }
    return next;
  }

  clear(): void {
    this.#latest.fill(undefined);
  }

  progress(at: number): PartialProgress | null {
    const lacking = [...this.#latest.keys()].filter((pattern) => this.#endOf(pattern) < at);
    const done = this.#latest.length - lacking.length;
    if (done === 0) return null;
    const ends = [...this.#latest.keys()].map((pattern) => this.#endOf(pattern)).filter((end) => end >= at);
    return { done, until: Math.min(...ends), lacking };
  }

  /** The last moment at which a pattern's event still counts; -Infinity: there is none. */
  #endOf(pattern: number): number {
    const arrival = this.#latest[pattern];
    return arrival === undefined ? -Infinity : arrival.at + this.#withinMs;
  }
}
