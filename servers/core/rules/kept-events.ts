/**
 * The events of one scope that are still needed: the last ones, so that an event delivered twice counts once, and those that
 * open matches hold. An event is its id, time and ordinal; while a wait may fire with what it tells, the event itself.
 *
 *   block  := at{capacity}(2 words each) column{5}
 *   column := word{capacity}      of ordinals and of the four words of ids
 *
 * An id that is no UUID is told beside the block, and its last word is a print of it. Invariants: ordinals ascend; equal ids
 * have equal last words. What nobody needs any more may still be there; it goes when room is needed.
 */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival } from './arrival.ts';
import type { RuleMemory } from './rule-memory.ts';
import { packUuid, unpackUuid } from './uuid-words.ts';
import { NO_SLAB } from './word-pool.ts';

/** How many of the last ones are remembered. */
export const RECENT_EVENTS_MAX = 32;

/** Columns of single words: the ordinal, then the id, of which the last word comes last. */
const COLUMNS = 5;
const LAST_WORD = 4;
const ENTRY_WORDS = 2 + COLUMNS;
const CAPACITY_MIN = 8;
/** Written over for each id. */
const idWords = new Int32Array(4);

/** Ordinals of events that are needed. */
export interface NeededEvents {
  readonly ids: Set<number>;
  /** Those of which a wait needs everything. */
  readonly wholes: Set<number>;
}

/** Whoever needs events, asked when room has to be made. */
export interface EventHolder {
  /** Nothing that counts holds an event of before this time, ms; -Infinity: that is not known. */
  oldestNeeded(at: number): number;
  listNeeded(): NeededEvents;
}

export class KeptEvents {
  readonly #memory: RuleMemory;
  /** How many of the last ones stay, whoever needs them. */
  readonly #recentMax: number;
  #slab = NO_SLAB;
  #base = 0;
  #capacity = 0;
  #count = 0;
  /** Ids that are no UUIDs, and events that a wait needs; null: there are none. */
  #told: (string | VisitEvent | undefined)[] | null = null;
  #holdsWholes = false;

  constructor(memory: RuleMemory, recentMax: number) {
    this.#memory = memory;
    this.#recentMax = recentMax;
  }

  /** Appends an event; false: it has the id of one of the last ones, and is left out. */
  add({ id, at, ordinal }: Arrival, holder: EventHolder): boolean {
    const isUuid = packUuid(id, idWords);
    if (!isUuid) idWords.fill(0).fill(fingerprint(id), 3);
    if (this.#hasRecent(id, idWords[3] ?? 0)) return false;
    if (this.#count === this.#capacity) this.#makeRoom(at, holder);
    const { ints, doubles } = this.#slab;
    const entry = this.#count;
    doubles[(this.#base >> 1) + entry] = at;
    ints[this.#column(0) + entry] = ordinal;
    for (let word = 0; word < 4; word += 1) ints[this.#column(1 + word) + entry] = idWords[word] ?? 0;
    this.#count = entry + 1;
    if (!isUuid) this.#tell(entry, id);
    return true;
  }

  /** One of the last events begins to wait, and may have to tell all of itself. */
  keepWhole(ordinal: number, event: VisitEvent): void {
    this.#tell(this.#entryOf(ordinal), event);
    this.#holdsWholes = true;
  }

  /** No wait needs any event. */
  letWholesGo(): void {
    if (!this.#holdsWholes) return;
    for (let entry = 0; entry < this.#count; entry += 1) this.#forgetWhole(entry);
    this.#holdsWholes = false;
    if (this.#told?.every((told) => told === undefined) === true) this.#told = null;
  }

  /** Of an event that is needed. */
  arrivalOf(ordinal: number): Arrival {
    const entry = this.#entryOf(ordinal);
    return { id: this.#idAt(entry), at: this.#slab.doubles[(this.#base >> 1) + entry] ?? 0, ordinal };
  }

  /** Of an event that is kept whole. */
  eventOf(ordinal: number): VisitEvent {
    const told = this.#told?.[this.#entryOf(ordinal)];
    if (told === undefined || typeof told === 'string') throw new Error('assertion failed: no event that a wait needs');
    return told;
  }

  /** Keeps only what is needed, in no larger block than that takes. */
  shrink(needed: NeededEvents): void {
    this.#compact(needed);
    if (this.#count === 0) this.clear();
    else if (capacityFor(this.#count) < this.#capacity) this.#moveTo(capacityFor(this.#count));
  }

  clear(): void {
    if (this.#capacity > 0) this.#slab.give(this.#base);
    this.#slab = NO_SLAB;
    this.#base = 0;
    this.#capacity = 0;
    this.#count = 0;
    this.#told = null;
    this.#holdsWholes = false;
  }

  #column(number: number): number {
    return this.#base + (2 + number) * this.#capacity;
  }

  #tell(entry: number, told: string | VisitEvent): void {
    this.#told ??= createTold(this.#capacity);
    this.#told[entry] = told;
  }

  #forgetWhole(entry: number): void {
    const told = this.#told?.[entry];
    if (this.#told === null || told === undefined || typeof told === 'string') return;
    this.#told[entry] = packUuid(told.eventID, idWords) ? undefined : told.eventID;
  }

  #hasRecent(id: string, lastWord: number): boolean {
    const { ints } = this.#slab;
    const column = this.#column(LAST_WORD);
    for (let entry = Math.max(0, this.#count - this.#recentMax); entry < this.#count; entry += 1) {
      if (ints[column + entry] === lastWord && this.#idAt(entry) === id) return true;
    }
    return false;
  }

  #idAt(entry: number): string {
    const told = this.#told?.[entry];
    if (told !== undefined) return typeof told === 'string' ? told : told.eventID;
    for (let word = 0; word < 4; word += 1) idWords[word] = this.#slab.ints[this.#column(1 + word) + entry] ?? 0;
    return unpackUuid(idWords);
  }

  #entryOf(ordinal: number): number {
    const { ints } = this.#slab;
    const ordinals = this.#column(0);
    let [from, to] = [0, this.#count - 1];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((ints[ordinals + middle] ?? 0) < ordinal) from = middle + 1;
      else to = middle;
    }
    if (ints[ordinals + from] !== ordinal) throw new Error(`assertion failed: event ${ordinal} is not kept`);
    return from;
  }

  /** By the times alone where that makes room enough, else by asking for each that is needed. */
  #makeRoom(at: number, holder: EventHolder): void {
    const oldest = holder.oldestNeeded(at);
    if (this.#count > this.#recentMax)
      this.#keep((entry) => (this.#slab.doubles[(this.#base >> 1) + entry] ?? 0) >= oldest);
    if (this.#isFull && this.#count > this.#recentMax) this.#compact(holder.listNeeded());
    if (this.#isFull) this.#moveTo(capacityFor(this.#capacity + 1));
  }

  /** Or nearly so: it would soon be full again. */
  get #isFull(): boolean {
    return this.#count * 4 >= this.#capacity * 3;
  }

  #compact({ ids, wholes }: NeededEvents): void {
    this.#keep((entry) => ids.has(this.#slab.ints[this.#column(0) + entry] ?? 0));
    for (let entry = 0; entry < this.#count; entry += 1) {
      if (!wholes.has(this.#slab.ints[this.#column(0) + entry] ?? 0)) this.#forgetWhole(entry);
    }
  }

  /** Lets all go but the last ones and those that are needed. */
  #keep(isNeeded: (entry: number) => boolean): void {
    const recent = this.#count - this.#recentMax;
    let kept = 0;
    for (let entry = 0; entry < this.#count; entry += 1) {
      if (entry >= recent || isNeeded(entry)) this.#copy(entry, kept++);
    }
    this.#told?.fill(undefined, kept);
    this.#count = kept;
  }

  #copy(from: number, to: number): void {
    const { ints, doubles } = this.#slab;
    const ats = this.#base >> 1;
    doubles[ats + to] = doubles[ats + from] ?? 0;
    for (let column = 0; column < COLUMNS; column += 1)
      ints[this.#column(column) + to] = ints[this.#column(column) + from] ?? 0;
    if (this.#told !== null) this.#told[to] = this.#told[from];
  }

  #moveTo(capacity: number): void {
    const { ints, doubles } = this.#slab;
    const to = this.#memory.pool.slabFor(capacity * ENTRY_WORDS);
    const base = to.take();
    to.doubles.set(doubles.subarray(this.#base >> 1, (this.#base >> 1) + this.#count), base >> 1);
    for (let column = 0; column < COLUMNS; column += 1) {
      const from = this.#column(column);
      to.ints.set(ints.subarray(from, from + this.#count), base + (2 + column) * capacity);
    }
    if (this.#capacity > 0) this.#slab.give(this.#base);
    this.#slab = to;
    this.#base = base;
    this.#capacity = capacity;
    if (this.#told !== null) this.#told = createTold(capacity, this.#told);
  }
}

/** Few sizes, so that blocks that are given back are taken again; one of them that of the last events. */
function capacityFor(events: number): number {
  let capacity = CAPACITY_MIN;
  while (capacity < events) capacity += capacity < RECENT_EVENTS_MAX ? capacity : 2 * (capacity >> 2);
  return capacity;
}

/** An array of exactly `length`: one that is pushed to takes 17 places at once, and there is one for each visit. */
function createTold(
  length: number,
  told: readonly (string | VisitEvent | undefined)[] = [],
): (string | VisitEvent | undefined)[] {
  // oxlint-disable-next-line unicorn/no-new-array -- Array.from is ten times slower, and this runs for each visit
  const created = new Array<string | VisitEvent | undefined>(length).fill(undefined);
  for (let entry = 0; entry < Math.min(length, told.length); entry += 1) created[entry] = told[entry];
  return created;
}

/** A number made of the id's end, which is nearly always enough to tell that two ids differ. */
function fingerprint(id: string): number {
  let print = id.length;
  for (let i = Math.max(0, id.length - 8); i < id.length; i += 1) print = (Math.imul(print, 31) + id.charCodeAt(i)) | 0;
  return print;
}
