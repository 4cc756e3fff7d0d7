/** A counter of different values: the latest event of each value in the window, fewer values than it takes to fire. */
import type { EventValue, VisitEvent } from '#core/visits/event.ts';
import type { Arrival, Match } from './arrival.ts';
import type { PartialMatches, PartialProgress } from './partial-matches.ts';

export class OpenValues implements PartialMatches {
  readonly dropped = 0;
  readonly #times: number;
  readonly #withinMs: number;
  readonly #read: (event: VisitEvent) => EventValue | undefined;
  /** In the order of arrival: a value that comes again goes to the end. */
  readonly #latest = new Map<EventValue, Arrival>();

  constructor(times: number, withinMs: number, read: (event: VisitEvent) => EventValue | undefined) {
    this.#times = times;
    this.#withinMs = withinMs;
    this.#read = read;
  }

  count(): number {
    return this.#latest.size > 0 ? 1 : 0;
  }

  take(_steps: readonly number[], arrival: Arrival, event: VisitEvent, completed: Match[]): void {
    const value = this.#read(event);
    if (value === undefined) return;
    this.#latest.delete(value);
    this.#latest.set(value, arrival);
    if (this.#latest.size < this.#times) return;
    completed.push([...this.#latest.values()]);
    this.#latest.clear();
  }

  expire(at: number): void {
    for (const [value, arrival] of this.#latest) {
      if (arrival.at + this.#withinMs >= at) return;
      this.#latest.delete(value);
    }
  }

  listHeld(ordinals: Set<number>): void {
    for (const { ordinal } of this.#latest.values()) ordinals.add(ordinal);
  }

  progress(at: number): PartialProgress | null {
    const alive = [...this.#latest.values()].filter((arrival) => arrival.at + this.#withinMs >= at);
    const [first] = alive;
    return first === undefined ? null : { done: alive.length, until: first.at + this.#withinMs };
  }
}
