/**
 * A queue of entries of `stride` events each, in one flat array that is there only while there are entries: open partial matches,
 * oldest first, at a few bytes each and without an object for every one.
 */
import type { Arrival } from './arrival.ts';
import { createSlots } from './fixed-array.ts';

const NONE: (Arrival | undefined)[] = [];
const NO_ARRIVAL: Arrival = { id: '', at: 0, ordinal: -1 };

export class MatchRing {
  count = 0;
  readonly #stride: number;
  /** 0 or a power of two. */
  #capacity = 0;
  #head = 0;
  #arrivals = NONE;

  constructor(stride: number) {
    this.#stride = stride;
  }

  /** Appends an entry of which the first event is known. */
  push(first: Arrival): void {
    if (this.count === this.#capacity) this.#grow();
    this.count += 1;
    this.set(this.count - 1, 0, first);
  }

  set(entry: number, place: number, arrival: Arrival): void {
    this.#arrivals[this.#placeOf(entry) + place] = arrival;
  }

  get(entry: number, place: number): Arrival {
    return this.#arrivals[this.#placeOf(entry) + place] ?? NO_ARRIVAL;
  }

  /** Removes the `entries` oldest. */
  shift(entries: number): void {
    this.#head = (this.#head + entries) & (this.#capacity - 1);
    this.count -= entries;
  }

  clear(): void {
    this.#head = 0;
    this.count = 0;
    this.#capacity = 0;
    this.#arrivals = NONE;
  }

  /** Removes the oldest while their first event lies more than `withinMs` before `at`; the last moment of the oldest that is left, or Infinity. */
  expire(at: number, withinMs: number): number {
    while (this.count > 0 && this.get(0, 0).at + withinMs < at) this.shift(1);
    if (this.count > 0) return this.get(0, 0).at + withinMs;
    this.clear();
    return Infinity;
  }

  #placeOf(entry: number): number {
    return ((this.#head + entry) & (this.#capacity - 1)) * this.#stride;
  }

  #grow(): void {
    const capacity = Math.max(1, this.#capacity * 2);
    const arrivals = createSlots<Arrival>(capacity * this.#stride);
    for (let entry = 0; entry < this.count; entry += 1) {
      for (let place = 0; place < this.#stride; place += 1)
        arrivals[entry * this.#stride + place] = this.get(entry, place);
    }
    this.#arrivals = arrivals;
    this.#head = 0;
    this.#capacity = capacity;
  }
}
