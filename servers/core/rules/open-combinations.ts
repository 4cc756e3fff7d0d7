/**
 * Open matches of a sequence with `select: all`: every combination of events in order is a match, so a partial match stays open
 * when an event extends a copy of it. They are ordered by their events' order of arrival, first event first, a shorter one
 * before its extensions; the first of that order is the oldest.
 */
import type { VisitEvent } from '#core/visits/event.ts';
import { compareMatches, type Arrival, type Match } from './arrival.ts';
import type { PartialMatches, PartialProgress } from './partial-matches.ts';

export class OpenCombinations implements PartialMatches {
  dropped = 0;
  readonly #steps: number;
  readonly #withinMs: number;
  readonly #openMax: number;
  #open: Match[] = [];

  constructor(steps: number, withinMs: number, openMax: number) {
    this.#steps = steps;
    this.#withinMs = withinMs;
    this.#openMax = openMax;
  }

  count(): number {
    return this.#open.length;
  }

  take(steps: readonly number[], arrival: Arrival, _event: VisitEvent, completed: Match[]): void {
    const opened: Match[] = [];
    for (const combination of this.#open) {
      if (!steps.includes(combination.length)) continue;
      const extended = [...combination, arrival];
      if (extended.length === this.#steps) completed.push(extended);
      else opened.push(extended);
    }
    if (steps.includes(0)) opened.push([arrival]);
    if (opened.length === 0) return;
    const open = [...this.#open, ...opened].toSorted(compareMatches);
    const tooMany = Math.max(0, open.length - this.#openMax);
    this.dropped += tooMany;
    this.#open = open.slice(tooMany);
  }

  expire(at: number): void {
    if (this.#endOf(this.#open[0]) < at) this.#open = this.#open.filter((open) => this.#endOf(open) >= at);
  }

  listHeld(ordinals: Set<number>): void {
    for (const { ordinal } of this.#open.flat()) ordinals.add(ordinal);
  }

  progress(at: number): PartialProgress | null {
    const alive = this.#open.filter((combination) => this.#endOf(combination) >= at);
    const done = alive.reduce((most, { length }) => Math.max(most, length), 0);
    const until = this.#endOf(alive.findLast(({ length }) => length === done));
    return done === 0 ? null : { done, until };
  }

  #endOf(combination: Match | undefined): number {
    return combination === undefined ? Infinity : (combination[0]?.at ?? 0) + this.#withinMs;
  }
}
