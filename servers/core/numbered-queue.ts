/**
 * What waits for an answer, under consecutive numbers: answers come in about the order of the questions. An array, not a Map:
 * a Map that is given and robbed of entries all the time is copied into a new table every few dozen of them; old tables keep
 * what they held, and one that has outlived a collection of the young generation keeps all that came after it until the next
 * full collection. With requests and answers as entries nearly all garbage survived so, and collections took 20 to 60 ms.
 */

import { emptyList } from '#core/empty-list.ts';

/** So many entries that have gone are kept by their place before they are cut off, where none is left and where some are. */
const GONE_MIN = 16;
const GONE_MAX = 1_024;

export class NumberedQueue<T> {
  /** From number `#base` on; undefined: taken. */
  #entries: (T | undefined)[] = [];
  #base = 1;
  /** Place of the first that is not taken. */
  #first = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The number that the next entry will have: 1, 2, ... */
  get next(): number {
    return this.#base + this.#entries.length;
  }

  /** The number of the oldest that is there; `next` where none is. */
  get oldest(): number {
    return this.#base + this.#first;
  }

  /** Gives back the entry's number. */
  add(entry: T): number {
    const number = this.next;
    this.#entries.push(entry);
    this.#size += 1;
    return number;
  }

  get(number: number): T | undefined {
    return this.#entries[number - this.#base];
  }

  /** Gives the entry back and forgets it; undefined: there is none, or it was taken. */
  take(number: number): T | undefined {
    const place = number - this.#base;
    const entry = this.#entries[place];
    if (entry === undefined) return undefined;
    this.#entries[place] = undefined;
    this.#size -= 1;
    if (place === this.#first) this.#skipTaken();
    return entry;
  }

  /** All that are there, in their order. */
  values(): T[] {
    return this.#entries.slice(this.#first).filter((entry) => entry !== undefined);
  }

  clear(): void {
    this.#cut(this.#entries.length);
    this.#size = 0;
  }

  #skipTaken(): void {
    const { length } = this.#entries;
    while (this.#first < length && this.#entries[this.#first] === undefined) this.#first += 1;
    if (this.#first >= (this.#first === length ? GONE_MIN : GONE_MAX)) this.#cut(this.#first);
  }

  #cut(places: number): void {
    this.#base += places;
    this.#first = 0;
    if (places === this.#entries.length) emptyList(this.#entries);
    else this.#entries.splice(0, places);
  }
}
