/**
 * What is open in one scope, in cells of six words: a hash table in one block of the pool.
 *
 *   block := bucket{capacity} cell{capacity}
 *   cell  := key next ordinal more at(2 words)
 *
 * A bucket holds the place of its first cell, `next` that of the following one; 0 ends a list. Cells of one key are found the
 * latest first. `more` of a match is a chain of cells for its further events, the latest first; of other keys what its owner likes.
 *
 * Invariants: `live` cells are reached from buckets or are on the way from one to another (detached), the others stand in the
 * list of free ones or were never used. A cell's place holds until the next `reserve`, which may move all to another block.
 * What is too old to count may still be there: whoever asks for a key looks at the times, and all of it goes when room is needed.
 */
import type { RuleMemory } from './rule-memory.ts';
import { NO_SLAB } from './word-pool.ts';

const KEY = 0;
const NEXT = 1;
const ORDINAL = 2;
const MORE = 3;
const AT = 4;
const CELL = 6;

const CAPACITY_MIN = 8;
/** 2^32 divided by the golden ratio: keys that follow each other fall far apart. */
const SPREAD = 0x9e3779b1;

export class OpenCells {
  readonly #memory: RuleMemory;
  #slab = NO_SLAB;
  #ints = NO_SLAB.ints;
  #doubles = NO_SLAB.doubles;
  #base = 0;
  /** Even. */
  #capacity = 0;
  #live = 0;
  /** Cells that were used at least once. */
  #begun = 0;
  #free = 0;

  constructor(memory: RuleMemory) {
    this.#memory = memory;
  }

  /** Cells in use. */
  get live(): number {
    return this.#live;
  }

  /** The latest cell of a key; 0: none. */
  first(key: number): number {
    return this.#find(this.#ints[this.#bucketOf(key)] ?? 0, key);
  }

  /** The next cell of the same key, which came before. */
  older(cell: number): number {
    const ints = this.#ints;
    return this.#find(ints[cell + NEXT] ?? 0, ints[cell] ?? 0);
  }

  keyOf(cell: number): number {
    return this.#ints[cell + KEY] ?? 0;
  }

  ordinalOf(cell: number): number {
    return this.#ints[cell + ORDINAL] ?? 0;
  }

  setOrdinal(cell: number, ordinal: number): void {
    this.#ints[cell + ORDINAL] = ordinal;
  }

  moreOf(cell: number): number {
    return this.#ints[cell + MORE] ?? 0;
  }

  setMore(cell: number, more: number): void {
    this.#ints[cell + MORE] = more;
  }

  /** Ms. */
  atOf(cell: number): number {
    return this.#doubles[(cell + AT) >> 1] ?? 0;
  }

  setAt(cell: number, at: number): void {
    this.#doubles[(cell + AT) >> 1] = at;
  }

  /** Makes sure of room for so many cells; `at`: the time, ms. */
  reserve(cells: number, at: number): void {
    if (this.#capacity - this.#live < cells) this.#makeRoom(cells, at);
  }

  /** Adds the latest cell of a key, where room is reserved. */
  add(key: number, ordinal: number, at: number): number {
    const cell = this.#take(key, ordinal);
    this.#doubles[(cell + AT) >> 1] = at;
    this.#link(cell, key);
    return cell;
  }

  /** Adds a further event to a match, where room is reserved. */
  chain(cell: number, ordinal: number): void {
    const ints = this.#ints;
    const link = this.#take(ints[cell + KEY] ?? 0, ordinal);
    ints[link + MORE] = ints[cell + MORE] ?? 0;
    ints[cell + MORE] = link;
  }

  /** Takes the cells of a key with a time before `oldestAt` (ms) away; tells how many are left. */
  expire(key: number, oldestAt: number): number {
    const ints = this.#ints;
    let left = 0;
    let link = this.#bucketOf(key);
    for (let cell = ints[link] ?? 0; cell !== 0; cell = ints[link] ?? 0) {
      if (ints[cell] !== key || this.atOf(cell) >= oldestAt) {
        if (ints[cell] === key) left += 1;
        link = cell + NEXT;
      } else {
        ints[link] = ints[cell + NEXT] ?? 0;
        this.free(cell);
      }
    }
    return left;
  }

  /** Takes all cells of a key out of their list, to be freed or attached; gives the latest, which leads to the older ones. */
  detach(key: number): number {
    const ints = this.#ints;
    let link = this.#bucketOf(key);
    let first = 0;
    let last = 0;
    for (let cell = ints[link] ?? 0; cell !== 0; cell = ints[link] ?? 0) {
      if (ints[cell] !== key) {
        link = cell + NEXT;
        continue;
      }
      ints[link] = ints[cell + NEXT] ?? 0;
      if (last === 0) first = cell;
      else ints[last + NEXT] = cell;
      last = cell;
    }
    if (last !== 0) ints[last + NEXT] = 0;
    return first;
  }

  /** Makes detached cells, in their order, the latest ones of a key. */
  attach(detached: number, key: number): void {
    for (let cell = this.#reverse(detached); cell !== 0;) {
      const next = this.#ints[cell + NEXT] ?? 0;
      this.#ints[cell + KEY] = key;
      this.#link(cell, key);
      cell = next;
    }
  }

  /** Takes one cell out of its list and frees it. */
  remove(cell: number): void {
    const ints = this.#ints;
    let link = this.#bucketOf(this.keyOf(cell));
    while (ints[link] !== cell && ints[link] !== 0) link = (ints[link] ?? 0) + NEXT;
    ints[link] = ints[cell + NEXT] ?? 0;
    this.free(cell);
  }

  /** Frees all cells of a key; tells how many. */
  removeAll(key: number): number {
    let removed = 0;
    for (let cell = this.detach(key); cell !== 0; removed += 1) {
      const next = this.#ints[cell + NEXT] ?? 0;
      this.free(cell);
      cell = next;
    }
    return removed;
  }

  /** Frees a detached cell with the chain of its further events. */
  free(cell: number): void {
    const ints = this.#ints;
    const more = ints[cell + MORE] ?? 0;
    if (more !== 0 && this.#memory.factsOf(ints[cell] ?? 0).holds === 'match') {
      for (let link = more; link !== 0;) {
        const next = ints[link + MORE] ?? 0;
        this.#release(link);
        link = next;
      }
    }
    this.#release(cell);
  }

  /** Calls `take` with each cell, those of chains left out. Neither adds nor takes any away. */
  forEach(take: (cell: number) => void): void {
    for (let bucket = this.#base; bucket < this.#base + this.#capacity; bucket += 1) {
      for (let cell = this.#ints[bucket] ?? 0; cell !== 0; cell = this.#ints[cell + NEXT] ?? 0) take(cell);
    }
  }

  /** Takes away what is too old at `at` (ms), and keeps no larger block than the rest needs. */
  shrink(at: number): void {
    this.#sweep(at);
    if (this.#live === 0) this.clear();
    else if (this.#live * 3 < this.#capacity) this.#moveTo(capacityFor(this.#live));
  }

  /** Forgets everything and gives the block back. */
  clear(): void {
    if (this.#capacity > 0) this.#slab.give(this.#base);
    this.#slab = NO_SLAB;
    this.#begin(0);
  }

  #makeRoom(cells: number, at: number): void {
    this.#sweep(at);
    const needed = this.#live + cells;
    // A block that is nearly full again would soon be swept again.
    if (needed * 8 > this.#capacity * 7) this.#moveTo(capacityFor(needed));
  }

  #sweep(at: number): void {
    const ints = this.#ints;
    for (let bucket = this.#base; bucket < this.#base + this.#capacity; bucket += 1) {
      let link = bucket;
      for (let cell = ints[link] ?? 0; cell !== 0; cell = ints[link] ?? 0) {
        if (this.atOf(cell) >= at - this.#memory.factsOf(ints[cell] ?? 0).keptMs) {
          link = cell + NEXT;
        } else {
          ints[link] = ints[cell + NEXT] ?? 0;
          this.free(cell);
        }
      }
    }
  }

  #moveTo(capacity: number): void {
    const { ints, doubles } = this.#slab;
    const [slab, base, before] = [this.#slab, this.#base, this.#capacity];
    const old = { ints, doubles };
    this.#slab = this.#memory.pool.slabFor(capacity + capacity * CELL);
    this.#begin(capacity);
    for (let bucket = base; bucket < base + before; bucket += 1) this.#copyList(old, ints[bucket] ?? 0);
    if (before > 0) slab.give(base);
  }

  /** An empty block of `capacity` cells from the slab. */
  #begin(capacity: number): void {
    this.#ints = this.#slab.ints;
    this.#doubles = this.#slab.doubles;
    this.#capacity = capacity;
    this.#base = capacity > 0 ? this.#slab.take() : 0;
    this.#ints.fill(0, this.#base, this.#base + capacity);
    this.#live = 0;
    this.#begun = 0;
    this.#free = 0;
  }

  /** Copies a bucket's list, its last cell first, so that cells of one key keep their order. */
  #copyList(old: { readonly ints: Int32Array; readonly doubles: Float64Array }, first: number): void {
    const { ints, doubles } = old;
    for (let cell = reverse(ints, first); cell !== 0; cell = ints[cell + NEXT] ?? 0) {
      const key = ints[cell + KEY] ?? 0;
      const copy = this.add(key, ints[cell + ORDINAL] ?? 0, doubles[(cell + AT) >> 1] ?? 0);
      const more = ints[cell + MORE] ?? 0;
      if (more === 0 || this.#memory.factsOf(key).holds !== 'match') {
        this.#ints[copy + MORE] = more;
        continue;
      }
      let last = copy;
      for (let link = more; link !== 0; link = ints[link + MORE] ?? 0) {
        const next = this.#take(key, ints[link + ORDINAL] ?? 0);
        this.#ints[last + MORE] = next;
        last = next;
      }
    }
  }

  #find(from: number, key: number): number {
    const ints = this.#ints;
    let cell = from;
    while (cell !== 0 && ints[cell] !== key) cell = ints[cell + NEXT] ?? 0;
    return cell;
  }

  #reverse(first: number): number {
    return reverse(this.#ints, first);
  }

  #link(cell: number, key: number): void {
    const ints = this.#ints;
    const bucket = this.#bucketOf(key);
    ints[cell + NEXT] = ints[bucket] ?? 0;
    ints[bucket] = cell;
  }

  #take(key: number, ordinal: number): number {
    const ints = this.#ints;
    let cell = this.#free;
    if (cell === 0) cell = this.#base + this.#capacity + this.#begun++ * CELL;
    else this.#free = ints[cell + NEXT] ?? 0;
    this.#live += 1;
    ints[cell + KEY] = key;
    ints[cell + ORDINAL] = ordinal;
    ints[cell + MORE] = 0;
    return cell;
  }

  #release(cell: number): void {
    this.#ints[cell + NEXT] = this.#free;
    this.#free = cell;
    this.#live -= 1;
  }

  #bucketOf(key: number): number {
    return this.#base + (((Math.imul(key, SPREAD) >>> 16) * this.#capacity) >>> 16);
  }
}

/** The list that leads the other way. */
function reverse(ints: Int32Array, first: number): number {
  let reversed = 0;
  for (let cell = first; cell !== 0;) {
    const next = ints[cell + NEXT] ?? 0;
    ints[cell + NEXT] = reversed;
    reversed = cell;
    cell = next;
  }
  return reversed;
}

/** Room for `cells` and for some to come: few sizes, so that blocks that are given back are taken again. */
function capacityFor(cells: number): number {
  let capacity = CAPACITY_MIN;
  while (capacity * 7 < cells * 8) capacity += capacity < 32 ? capacity : 2 * (capacity >> 3);
  return capacity;
}
