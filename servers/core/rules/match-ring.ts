/**
 * A queue of entries of `stride` (time, event id) pairs each, in two flat arrays: open partial matches, oldest first, at a few
 * bytes each and without an object for every one.
 */
import { createIds, createTimes } from './fixed-array.ts';

const CAPACITY_AT_FIRST = 4;

export class MatchRing {
  count = 0;
  readonly #stride: number;
  #capacity = CAPACITY_AT_FIRST;
  #head = 0;
  #times: number[];
  #ids: string[];

  constructor(stride: number) {
    this.#stride = stride;
    this.#times = createTimes(CAPACITY_AT_FIRST * stride);
    this.#ids = createIds(CAPACITY_AT_FIRST * stride);
  }

  /** Appends an entry of which the first pair is known. */
  push(id: string, at: number): void {
    if (this.count === this.#capacity) this.#grow();
    this.count += 1;
    this.set(this.count - 1, 0, id, at);
  }

  set(entry: number, pair: number, id: string, at: number): void {
    const place = this.#placeOf(entry) + pair;
    this.#times[place] = at;
    this.#ids[place] = id;
  }

  timeOf(entry: number, pair: number): number {
    return this.#times[this.#placeOf(entry) + pair] ?? 0;
  }

  idOf(entry: number, pair: number): string {
    return this.#ids[this.#placeOf(entry) + pair] ?? '';
  }

  /** Removes the `entries` oldest. */
  shift(entries: number): void {
    this.#head = (this.#head + entries) & (this.#capacity - 1);
    this.count -= entries;
  }

  clear(): void {
    this.#head = 0;
    this.count = 0;
  }

  #placeOf(entry: number): number {
    return ((this.#head + entry) & (this.#capacity - 1)) * this.#stride;
  }

  #grow(): void {
    const times = createTimes(this.#capacity * 2 * this.#stride);
    const ids = createIds(this.#capacity * 2 * this.#stride);
    for (let entry = 0; entry < this.count; entry += 1) {
      for (let pair = 0; pair < this.#stride; pair += 1) {
        times[entry * this.#stride + pair] = this.timeOf(entry, pair);
        ids[entry * this.#stride + pair] = this.idOf(entry, pair);
      }
    }
    this.#times = times;
    this.#ids = ids;
    this.#head = 0;
    this.#capacity *= 2;
  }
}
