/**
 * What the rules remember of one visit, browser or person: what is open, the events that it holds, when the first wait ends,
 * and how often each rule has fired. Nothing takes room before it is needed, and what is too old to count gives it back.
 */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival, Match } from './arrival.ts';
import { KeptEvents, type EventHolder, type NeededEvents } from './kept-events.ts';
import { OpenCells } from './open-cells.ts';
import type { PartialMatches } from './partial-matches.ts';
import type { RuleMemory } from './rule-memory.ts';

/** A wait whose end has come. */
export interface EndedWait {
  readonly scope: RuleScope;
  /** When it ended, ms. */
  readonly at: number;
  readonly ruleOrdinal: number;
  readonly key: number;
  readonly match: Match;
  /** The last of its events. */
  readonly event: VisitEvent;
}

export class RuleScope implements EventHolder {
  readonly memory: RuleMemory;
  readonly cells: OpenCells;
  readonly #events: KeptEvents;
  /** Latest time seen, ms; -Infinity before the first event. */
  lastAt = -Infinity;
  /** Events that concerned a rule: the next one's ordinal. */
  arrived = 0;
  /** Partial matches given up because more were open than may be. */
  dropped = 0;
  /** When all that is open now will be too old to count or have fired, ms, at the latest; -Infinity: nothing is open. */
  #aliveUntil = -Infinity;
  /** What conditions keep that does not fit into cells, by their keys. */
  objects: Map<number, PartialMatches> | null = null;
  /** Waits that are under way. */
  #waits = 0;
  /** None of them ends before, ms; Infinity: none waits. */
  #wakesAt = Infinity;
  /** One of them ends then. */
  #isWakeExact = true;

  /** `recentMax`: how many of the last events are remembered to tell those that are delivered twice. */
  constructor(memory: RuleMemory, recentMax: number) {
    this.memory = memory;
    this.cells = new OpenCells(memory);
    this.#events = new KeptEvents(memory, recentMax);
  }

  /** Takes up an event that concerns a rule; it counts at `at`, ms. Null where it is one of the last ones again. */
  arrive(id: string, at: number): Arrival | null {
    const arrival = { id, at, ordinal: this.arrived };
    if (!this.#events.add(arrival, this)) return null;
    this.arrived += 1;
    return arrival;
  }

  /** The events of a match that a cell stands for, in the order of their arrival. */
  matchOf(cell: number): Arrival[] {
    const { cells } = this;
    const match = [this.#events.arrivalOf(cells.ordinalOf(cell))];
    const latest = cells.moreOf(cell);
    if (latest === 0) return match;
    for (let link = latest; link !== 0; link = cells.moreOf(link))
      match.splice(1, 0, this.#events.arrivalOf(cells.ordinalOf(link)));
    return match;
  }

  arrivalOf(ordinal: number): Arrival {
    return this.#events.arrivalOf(ordinal);
  }

  /** Keeps a match under a key; `at`: the time by which it gets too old, or waits, ms. */
  keepMatch(key: number, match: Match, at: number): void {
    this.cells.reserve(match.length, this.lastAt);
    const cell = this.cells.add(key, match[0]?.ordinal ?? 0, at);
    for (let i = 1; i < match.length; i += 1) this.cells.chain(cell, match[i]?.ordinal ?? 0);
  }

  /** A match begins to wait until `endsAt`, ms; `event` is its last one. */
  beginWait(key: number, match: Match, event: VisitEvent, endsAt: number): void {
    const last = match.at(-1);
    if (last === undefined) return;
    this.keepMatch(key, match, last.at);
    this.#events.keepWhole(last.ordinal, event);
    this.#waits += 1;
    if (endsAt < this.#wakesAt) this.#wakesAt = endsAt;
  }

  /** Something has begun that counts until `until` at the latest, ms. */
  noteBegun(until: number): void {
    if (until > this.#aliveUntil) this.#aliveUntil = until;
  }

  /** So many waits have ended without a firing: their cells are gone. */
  noteEnded(waits: number): void {
    this.#waits -= waits;
    this.#isWakeExact = false;
    if (this.#waits === 0) this.#restWaits();
  }

  get waits(): number {
    return this.#waits;
  }

  /** What a waiting match's last event tells. */
  eventOf(cell: number): VisitEvent {
    return this.#events.eventOf(this.cells.ordinalOf(this.#lastOf(cell)));
  }

  /** A wait may end by `due`, ms. */
  mayWake(due: number): boolean {
    return this.#wakesAt <= due;
  }

  /** When the first wait ends, ms; Infinity: none waits. */
  nextDeadline(): number {
    if (!this.#isWakeExact) this.#lookForNextDeadline();
    return this.#wakesAt;
  }

  /** Takes the waits that end by `due` (ms). */
  takeEnded(due: number, ended: EndedWait[]): void {
    if (this.#wakesAt > due) return;
    const { cells } = this;
    const over: number[] = [];
    let next = Infinity;
    cells.forEach((cell) => {
      const end = this.#endOf(cell);
      if (end <= due) over.push(cell);
      else if (end < next) next = end;
    });
    for (const cell of over) {
      const key = cells.keyOf(cell);
      const ruleOrdinal = this.memory.factsOf(key).wait?.ruleOrdinal ?? 0;
      const [match, event] = [this.matchOf(cell), this.eventOf(cell)];
      ended.push({ scope: this, at: this.#endOf(cell), ruleOrdinal, key, match, event });
    }
    for (const cell of over) cells.remove(cell);
    this.noteEnded(over.length);
    this.#wakesAt = next;
    this.#isWakeExact = true;
  }

  /** Time has come to `at` (ms), and what ended by then has been taken: what is too old gives its room back. */
  expire(at: number): void {
    if (this.#aliveUntil >= at || this.#aliveUntil === -Infinity) return;
    this.#aliveUntil = -Infinity;
    this.objects = null;
    this.cells.shrink(at);
    this.#events.shrink(this.listNeeded());
  }

  /** Forgets everything and gives all room back. */
  release(): void {
    this.objects = null;
    this.cells.clear();
    this.#events.clear();
    this.#waits = 0;
    this.#restWaits();
  }

  /** A wait that is overdue, because nobody has told this scope the time, may hold events from before the longest window. */
  oldestNeeded(at: number): number {
    return this.#wakesAt < at ? -Infinity : at - this.memory.longestMs;
  }

  listNeeded(): NeededEvents {
    const ids = new Set<number>();
    const wholes = new Set<number>();
    const { cells } = this;
    cells.forEach((cell) => {
      const { holds, wait } = this.memory.factsOf(cells.keyOf(cell));
      if (holds === 'nothing') return;
      ids.add(cells.ordinalOf(cell));
      if (holds === 'event') return;
      for (let link = cells.moreOf(cell); link !== 0; link = cells.moreOf(link)) ids.add(cells.ordinalOf(link));
      if (wait !== null) wholes.add(cells.ordinalOf(this.#lastOf(cell)));
    });
    for (const open of this.objects?.values() ?? []) open.listHeld(ids);
    return { ids, wholes };
  }

  #restWaits(): void {
    this.#wakesAt = Infinity;
    this.#isWakeExact = true;
    this.#events.letWholesGo();
  }

  /** The cell or link that stands for the last event of a match. */
  #lastOf(cell: number): number {
    const latest = this.cells.moreOf(cell);
    return latest === 0 ? cell : latest;
  }

  /** When the cell's wait ends, ms; Infinity: it doesn't wait. */
  #endOf(cell: number): number {
    const { wait } = this.memory.factsOf(this.cells.keyOf(cell));
    return wait === null ? Infinity : this.cells.atOf(cell) + wait.forMs;
  }

  #lookForNextDeadline(): void {
    let first = Infinity;
    this.cells.forEach((cell) => {
      first = Math.min(first, this.#endOf(cell));
    });
    this.#wakesAt = first;
    this.#isWakeExact = true;
  }
}
