/**
 * Open matches of a sequence with `select: all`: every combination of events in order is a match, so a partial match stays open
 * when an event extends a copy of it. They are ordered by their events' order of arrival, first event first, a shorter one
 * before its extensions; the first of that order is the oldest.
 */
import type { Match, PartialMatches, PartialProgress } from './partial-matches.ts';

interface Combination extends Match {
  /** Order of arrival of its events. */
  readonly ordinals: readonly number[];
}

export class OpenCombinations implements PartialMatches {
  dropped = 0;
  readonly #steps: number;
  readonly #withinMs: number;
  readonly #openMax: number;
  #open: Combination[] = [];
  #arrived = 0;

  constructor(steps: number, withinMs: number, openMax: number) {
    this.#steps = steps;
    this.#withinMs = withinMs;
    this.#openMax = openMax;
  }

  count(): number {
    return this.#open.length;
  }

  take(steps: readonly number[], eventID: string, at: number, completed: Match[]): void {
    this.#arrived += 1;
    const opened: Combination[] = [];
    for (const combination of this.#open) {
      if (!steps.includes(combination.ids.length)) continue;
      const extended = extend(combination, eventID, at, this.#arrived);
      if (extended.ids.length === this.#steps) completed.push({ ids: extended.ids, times: extended.times });
      else opened.push(extended);
    }
    if (steps.includes(0)) opened.push({ ids: [eventID], times: [at], ordinals: [this.#arrived] });
    if (opened.length === 0) return;
    const open = [...this.#open, ...opened].toSorted(compareArrival);
    const tooMany = Math.max(0, open.length - this.#openMax);
    this.dropped += tooMany;
    this.#open = open.slice(tooMany);
  }

  expire(at: number): number {
    this.#open = this.#open.filter((combination) => this.#endOf(combination) >= at);
    return this.#endOf(this.#open[0]);
  }

  clear(): void {
    this.#open = [];
  }

  progress(at: number): PartialProgress | null {
    const alive = this.#open.filter((combination) => this.#endOf(combination) >= at);
    const done = alive.reduce((most, { ids }) => Math.max(most, ids.length), 0);
    const until = this.#endOf(alive.findLast(({ ids }) => ids.length === done));
    return done === 0 ? null : { done, until };
  }

  #endOf(combination: Combination | undefined): number {
    return combination === undefined ? Infinity : (combination.times[0] ?? 0) + this.#withinMs;
  }
}

function extend(combination: Combination, eventID: string, at: number, ordinal: number): Combination {
  return {
    ids: [...combination.ids, eventID],
    times: [...combination.times, at],
    ordinals: [...combination.ordinals, ordinal],
  };
}

function compareArrival(a: Combination, b: Combination): number {
  for (let i = 0; i < a.ordinals.length && i < b.ordinals.length; i += 1) {
    const difference = (a.ordinals[i] ?? 0) - (b.ordinals[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.ordinals.length - b.ordinals.length;
}
