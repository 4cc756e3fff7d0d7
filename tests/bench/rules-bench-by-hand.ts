/**
 * A matcher for exactly the trios of rules-bench-rules.ts and nothing else, as one would write it by hand for speed: what is open
 * stands in flat arrays of 32-bit integers with a place for each visit and trio, matched events are ordinals, a wait that is ended is
 * only marked so. It leaves out what the engine does besides: duplicates, late events, bounds on what is open, guards, other templates.
 */
import { present } from '#core/assert.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { ABSENCE_WITHIN_MS, COUNT_WITHIN_MS, nameRules, SEQUENCE_WITHIN_MS, type Trio } from './rules-bench-rules.ts';
import { businessEventOf, categoryOf, STARTS_AT, type Traffic } from './rules-bench-traffic.ts';

/** What the engine's firings are compared with. */
export interface HandFiring {
  readonly at: number;
  readonly rule: string;
  readonly visitID: string;
  readonly matchedEvents: readonly string[];
  readonly matchedAt: readonly number[];
}

/** What an event does to a trio: an event's deeds are pairs of `trio * 8 + deed` and the place of what it touches in the visit's row. */
const OPEN = 0;
const COMPLETE = 1;
const COUNT = 2;
const WAIT = 3;
const END_WAIT = 4;

/** No event is as old. */
const LONG_AGO = -1e9;
const NO_DEEDS = new Int32Array(0);
/** A node: time, ordinal of its event, trio, next node; 0: none. */
const NODE = 4;
const NODES_AT_FIRST = 1 << 16;
/** A count: time and ordinal of the last but one and of the last C. */
const COUNTED = 4;

export class HandWritten {
  readonly #trios: number;
  readonly #names: readonly (readonly [string, string, string])[];
  readonly #byName = new Map<string, Int32Array>();
  readonly #byCategory = new Map<string, Int32Array>();
  /** Of each visit and trio: first and last of the queue of nodes that A has opened. */
  readonly #opened: Int32Array;
  readonly #counts: Int32Array;
  /** Of each visit and trio: time of the latest E. */
  readonly #endedAt: Int32Array;
  /** Place of a trio in the row of a visit's latest Es. */
  readonly #endPlaces: Int32Array;
  /** Of each visit: first and last of its queue of waits, which all last equally long. */
  readonly #waits: Int32Array;
  #nodes = new Int32Array(NODES_AT_FIRST * NODE);
  #nodesMade = 1;
  #free = 0;
  /** By the event's ordinal. Nothing is ever thrown away, which costs memory and no time. */
  readonly #ids: string[] = [];

  constructor(trios: readonly Trio[], visits: number) {
    this.#trios = trios.length;
    this.#names = trios.map((_, place) => nameRules(place));
    // What one event reads and writes stands together, so that it is fetched at once.
    const sequences = rankBy(trios, ({ b }) => b);
    const counts = rankBy(trios, ({ c }) => c);
    const ends = rankBy(trios, ({ e }) => e);
    this.#endPlaces = Int32Array.from(ends);
    for (const [trio, { a, b, c, d, e, site }] of trios.entries()) {
      // In the order of the rules, which is the order of the firings.
      addDeed(this.#byCategory, categoryOf(a, site), trio * 8 + OPEN, sequences[trio]);
      addDeed(this.#byCategory, categoryOf(b, site), trio * 8 + COMPLETE, sequences[trio]);
      addDeed(this.#byCategory, categoryOf(c, site), trio * 8 + COUNT, counts[trio]);
      addDeed(this.#byName, businessEventOf(d, site), trio * 8 + WAIT, 0);
      addDeed(this.#byCategory, categoryOf(e, site), trio * 8 + END_WAIT, ends[trio]);
    }
    const places = visits * trios.length;
    this.#opened = new Int32Array(places * 2);
    this.#counts = new Int32Array(places * COUNTED);
    this.#endedAt = new Int32Array(places);
    this.#waits = new Int32Array(visits * 2);
  }

  handle(visit: number, event: VisitEvent, out: HandFiring[]): void {
    const at = event.at - STARTS_AT;
    if (this.#waits[visit * 2] !== 0) this.#fireWaits(visit, event.visitID, at - 1, out);
    const deeds =
      event.eventName === 'PageEntered' ? this.#byCategory.get(event.category) : this.#byName.get(event.eventName);
    if (deeds === undefined) return;
    const ordinal = this.#ids.push(event.eventID) - 1;
    const base = visit * this.#trios;
    for (let i = 0; i < deeds.length; i += 2) {
      const trio = (deeds[i] ?? 0) >> 3;
      const place = base + (deeds[i + 1] ?? 0);
      switch ((deeds[i] ?? 0) & 7) {
        case OPEN:
          this.#open(place, ordinal, at);
          break;
        case COMPLETE:
          if (this.#opened[place * 2] !== 0) this.#complete(place * 2, trio, event, at, out);
          break;
        case COUNT:
          this.#count(place * COUNTED, trio, event, ordinal, out);
          break;
        case WAIT:
          this.#wait(visit, trio, ordinal, at);
          break;
        default:
          this.#endedAt[place] = at;
      }
    }
  }

  /** Time has come to `at` in the visit. */
  advance(visit: number, visitID: string, at: number, out: HandFiring[]): void {
    this.#fireWaits(visit, visitID, at - STARTS_AT, out);
  }

  #open(place: number, ordinal: number, at: number): void {
    let head = this.#opened[place * 2] ?? 0;
    while (head !== 0 && (this.#nodes[head * NODE] ?? 0) + SEQUENCE_WITHIN_MS < at) {
      const next = this.#nextOf(head);
      this.#release(head, head);
      head = next;
    }
    const node = this.#take(ordinal, at, 0);
    if (head === 0) head = node;
    else this.#nodes[(this.#opened[place * 2 + 1] ?? 0) * NODE + 3] = node;
    this.#opened[place * 2] = head;
    this.#opened[place * 2 + 1] = node;
  }

  #complete(place: number, trio: number, event: VisitEvent, at: number, out: HandFiring[]): void {
    const head = this.#opened[place] ?? 0;
    for (let node = head; node !== 0; node = this.#nextOf(node)) {
      const openedAt = this.#nodes[node * NODE] ?? 0;
      if (openedAt + SEQUENCE_WITHIN_MS < at) continue;
      out.push({
        at: event.at,
        rule: this.#names[trio]?.[0] ?? '',
        visitID: event.visitID,
        matchedEvents: [this.#idOf(this.#nodes[node * NODE + 1] ?? 0), event.eventID],
        matchedAt: [openedAt + STARTS_AT, event.at],
      });
    }
    this.#release(head, this.#opened[place + 1] ?? 0);
    this.#opened[place] = 0;
  }

  #count(place: number, trio: number, event: VisitEvent, ordinal: number, out: HandFiring[]): void {
    const counts = this.#counts;
    const at = event.at - STARTS_AT;
    const older = counts[place] || LONG_AGO;
    const newer = counts[place + 2] || LONG_AGO;
    if (older + COUNT_WITHIN_MS < at) {
      counts[place] = newer;
      counts[place + 1] = counts[place + 3] ?? 0;
      counts[place + 2] = at;
      counts[place + 3] = ordinal;
      return;
    }
    out.push({
      at: event.at,
      rule: this.#names[trio]?.[1] ?? '',
      visitID: event.visitID,
      matchedEvents: [this.#idOf(counts[place + 1] ?? 0), this.#idOf(counts[place + 3] ?? 0), event.eventID],
      matchedAt: [older + STARTS_AT, newer + STARTS_AT, event.at],
    });
    counts[place] = LONG_AGO;
    counts[place + 2] = LONG_AGO;
  }

  #wait(visit: number, trio: number, ordinal: number, at: number): void {
    const node = this.#take(ordinal, at, trio);
    if (this.#waits[visit * 2] === 0) this.#waits[visit * 2] = node;
    else this.#nodes[(this.#waits[visit * 2 + 1] ?? 0) * NODE + 3] = node;
    this.#waits[visit * 2 + 1] = node;
  }

  /** Those due by `at`, the first begun first. */
  #fireWaits(visit: number, visitID: string, at: number, out: HandFiring[]): void {
    let node = this.#waits[visit * 2] ?? 0;
    while (node !== 0 && (this.#nodes[node * NODE] ?? 0) + ABSENCE_WITHIN_MS <= at) {
      const begunAt = this.#nodes[node * NODE] ?? 0;
      const trio = this.#nodes[node * NODE + 2] ?? 0;
      if ((this.#endedAt[visit * this.#trios + (this.#endPlaces[trio] ?? 0)] ?? 0) <= begunAt) {
        out.push({
          at: begunAt + ABSENCE_WITHIN_MS + STARTS_AT,
          rule: this.#names[trio]?.[2] ?? '',
          visitID,
          matchedEvents: [this.#idOf(this.#nodes[node * NODE + 1] ?? 0)],
          matchedAt: [begunAt + STARTS_AT],
        });
      }
      const next = this.#nextOf(node);
      this.#release(node, node);
      node = next;
    }
    this.#waits[visit * 2] = node;
  }

  #nextOf(node: number): number {
    return this.#nodes[node * NODE + 3] ?? 0;
  }

  #take(ordinal: number, at: number, trio: number): number {
    let node = this.#free;
    if (node === 0) {
      node = this.#nodesMade++;
      if (node * NODE === this.#nodes.length) this.#nodes = doubled(this.#nodes);
    } else {
      this.#free = this.#nextOf(node);
    }
    const nodes = this.#nodes;
    nodes[node * NODE] = at;
    nodes[node * NODE + 1] = ordinal;
    nodes[node * NODE + 2] = trio;
    nodes[node * NODE + 3] = 0;
    return node;
  }

  /** Gives back a chain of nodes. */
  #release(first: number, last: number): void {
    this.#nodes[last * NODE + 3] = this.#free;
    this.#free = first;
  }

  #idOf(ordinal: number): string {
    return this.#ids[ordinal] ?? '';
  }
}

function addDeed(deeds: Map<string, Int32Array>, name: string, deed: number, place: number | undefined): void {
  deeds.set(name, Int32Array.from([...(deeds.get(name) ?? NO_DEEDS), deed, place ?? 0]));
}

/** Place of each trio when they are in the order of one of their pages. */
function rankBy(trios: readonly Trio[], pageOf: (trio: Trio) => number): readonly number[] {
  const order = trios
    .map((trio, place) => ({ place, page: pageOf(trio) }))
    .toSorted((one, other) => one.page - other.page || one.place - other.place);
  const ranks: number[] = [];
  for (const [rank, { place }] of order.entries()) ranks[place] = rank;
  return ranks;
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** Runs the traffic from nothing to the last event's time; gives how often the rules fired. */
export function runByHand(trios: readonly Trio[], traffic: Traffic): number {
  const { events, visitOf, visits } = traffic;
  const matcher = new HandWritten(trios, visits);
  const out: HandFiring[] = [];
  let firings = 0;
  for (let i = 0; i < events.length; i += 1) {
    const event = events[i];
    const visit = visitOf[i];
    if (event === undefined || visit === undefined) break;
    matcher.handle(visit, event, out);
    if (out.length === 0) continue;
    firings += out.length;
    out.length = 0;
  }
  const endsAt = present(events.at(-1), 'event').at;
  for (let visit = 0; visit < visits; visit += 1) matcher.advance(visit, '', endsAt, out);
  return firings + out.length;
}
