/**
 * The events of one scope that are still needed: the last ones, so that an event delivered twice counts once, and those that
 * open matches hold. An event is its id, time and ordinal; while a wait may fire with what it tells, the event itself.
 *
 *   block := at{capacity}(2 words each) ordinal{capacity} print{capacity}      beside it, as long: id or event
 *
 * Invariant: ordinals ascend. What nobody needs any more may still be there; it goes when room is needed.
 */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival } from './arrival.ts';
import type { RuleMemory } from './rule-memory.ts';
import { NO_SLAB } from './word-pool.ts';

/** How many of the last ones are remembered. */
export const RECENT_EVENTS_MAX = 32;

const ENTRY_WORDS = 4;
const CAPACITY_MIN = 8;
const NONE: (string | VisitEvent)[] = [];

/** Ordinals of events that are needed. */
export interface NeededEvents {
  readonly ids: Set<number>;
  /** Those of which a wait needs everything. */
  readonly wholes: Set<number>;
}

/** Whoever needs events, asked when room has to be made. */
export interface EventHolder {
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
  #told = NONE;
  #holdsWholes = false;

  constructor(memory: RuleMemory, recentMax: number) {
    this.#memory = memory;
    this.#recentMax = recentMax;
  }

  /** Appends an event; false: it has the id of one of the last ones, and is left out. */
  add({ id, at, ordinal }: Arrival, holder: EventHolder): boolean {
    const print = fingerprint(id);
    if (this.#hasRecent(id, print)) return false;
    if (this.#count === this.#capacity) this.#makeRoom(at, holder);
    const { ints, doubles } = this.#slab;
    const entry = this.#count;
    doubles[(this.#base >> 1) + entry] = at;
    ints[this.#base + 2 * this.#capacity + entry] = ordinal;
    ints[this.#base + 3 * this.#capacity + entry] = print;
    this.#told[entry] = id;
    this.#count = entry + 1;
    return true;
  }

  /** One of the last events begins to wait, and may have to tell all of itself. */
  keepWhole(ordinal: number, event: VisitEvent): void {
    this.#told[this.#entryOf(ordinal)] = event;
    this.#holdsWholes = true;
  }

  /** No wait needs any event. */
  letWholesGo(): void {
    if (!this.#holdsWholes) return;
    for (let entry = 0; entry < this.#count; entry += 1) this.#told[entry] = this.#idAt(entry);
    this.#holdsWholes = false;
  }

  /** Of an event that is needed. */
  arrivalOf(ordinal: number): Arrival {
    const entry = this.#entryOf(ordinal);
    return { id: this.#idAt(entry), at: this.#slab.doubles[(this.#base >> 1) + entry] ?? 0, ordinal };
  }

  /** Of an event that is kept whole. */
  eventOf(ordinal: number): VisitEvent {
    const told = this.#told[this.#entryOf(ordinal)];
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
    this.#told = NONE;
    this.#holdsWholes = false;
  }

  get #ordinals(): number {
    return this.#base + 2 * this.#capacity;
  }

  get #prints(): number {
    return this.#base + 3 * this.#capacity;
  }

  #hasRecent(id: string, print: number): boolean {
    const { ints } = this.#slab;
    const end = this.#prints + this.#count;
    for (let place = end - Math.min(this.#count, this.#recentMax); place < end; place += 1) {
      if (ints[place] === print && this.#idAt(place - this.#prints) === id) return true;
    }
    return false;
  }

  #idAt(entry: number): string {
    const told = this.#told[entry] ?? '';
    return typeof told === 'string' ? told : told.eventID;
  }

  #entryOf(ordinal: number): number {
    const { ints } = this.#slab;
    const ordinals = this.#ordinals;
    let [from, to] = [0, this.#count - 1];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((ints[ordinals + middle] ?? 0) < ordinal) from = middle + 1;
      else to = middle;
    }
    if (ints[ordinals + from] !== ordinal) throw new Error(`assertion failed: event ${ordinal} is not kept`);
    return from;
  }

  /** What is older than the longest window no match holds that counts; only where that leaves too little room all are asked. */
  #makeRoom(at: number, holder: EventHolder): void {
    const oldest = at - this.#memory.longestMs;
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
    this.#keep((entry) => ids.has(this.#slab.ints[this.#ordinals + entry] ?? 0));
    for (let entry = 0; entry < this.#count; entry += 1) {
      if (!wholes.has(this.#slab.ints[this.#ordinals + entry] ?? 0)) this.#told[entry] = this.#idAt(entry);
    }
  }

  /** Lets all go but the last ones and those that are needed. */
  #keep(isNeeded: (entry: number) => boolean): void {
    const { ints, doubles } = this.#slab;
    const recent = this.#count - this.#recentMax;
    const [ats, ordinals, prints] = [this.#base >> 1, this.#ordinals, this.#prints];
    let kept = 0;
    for (let entry = 0; entry < this.#count; entry += 1) {
      if (entry < recent && !isNeeded(entry)) continue;
      doubles[ats + kept] = doubles[ats + entry] ?? 0;
      ints[ordinals + kept] = ints[ordinals + entry] ?? 0;
      ints[prints + kept] = ints[prints + entry] ?? 0;
      this.#told[kept] = this.#told[entry] ?? '';
      kept += 1;
    }
    this.#told.fill('', kept);
    this.#count = kept;
  }

  #moveTo(capacity: number): void {
    const from = { slab: this.#slab, base: this.#base, capacity: this.#capacity };
    const to = this.#memory.pool.slabFor(capacity * ENTRY_WORDS);
    const base = to.take();
    const count = this.#count;
    to.doubles.set(from.slab.doubles.subarray(from.base >> 1, (from.base >> 1) + count), base >> 1);
    to.ints.set(from.slab.ints.subarray(this.#ordinals, this.#ordinals + count), base + 2 * capacity);
    to.ints.set(from.slab.ints.subarray(this.#prints, this.#prints + count), base + 3 * capacity);
    this.#told = resized(this.#told, count, capacity);
    if (from.capacity > 0) from.slab.give(from.base);
    this.#slab = to;
    this.#base = base;
    this.#capacity = capacity;
  }
}

/** Few sizes, so that blocks that are given back are taken again; one of them that of the last events. */
function capacityFor(events: number): number {
  let capacity = CAPACITY_MIN;
  while (capacity < events) capacity += capacity < RECENT_EVENTS_MAX ? capacity : capacity >> 1;
  return capacity;
}

/** An array of exactly `length`: one that is pushed to takes 17 places at once, and there is one for each visit. */
function resized(told: readonly (string | VisitEvent)[], count: number, length: number): (string | VisitEvent)[] {
  // oxlint-disable-next-line unicorn/no-new-array -- Array.from is ten times slower, and this runs for each visit
  const resizedTo = new Array<string | VisitEvent>(length).fill('');
  for (let entry = 0; entry < count; entry += 1) resizedTo[entry] = told[entry] ?? '';
  return resizedTo;
}

/** A number made of the id's end, which is nearly always enough to tell that two ids differ. */
function fingerprint(id: string): number {
  let print = id.length;
  for (let i = Math.max(0, id.length - 8); i < id.length; i += 1) print = (Math.imul(print, 31) + id.charCodeAt(i)) | 0;
  return print;
}
