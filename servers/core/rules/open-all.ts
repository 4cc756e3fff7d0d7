/** The latest match of each member of `all`. When all are there it fires and keeps none, while its members go on. */
import { present } from '#core/assert.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { uniteMatches, type Arrival, type Match } from './arrival.ts';
import { createSlots } from './fixed-array.ts';
import type { Members } from './members.ts';
import type { PartialMatches, PartialProgress } from './partial-matches.ts';

export class OpenAll implements PartialMatches {
  readonly #members: Members;
  readonly #withinMs: number;
  readonly #open: readonly PartialMatches[];
  readonly #latest: (Match | undefined)[];

  constructor(members: Members, withinMs: number) {
    this.#members = members;
    this.#withinMs = withinMs;
    this.#open = members.createPartials();
    this.#latest = createSlots<Match>(members.count);
  }

  get dropped(): number {
    return this.#open.reduce((dropped, open) => dropped + open.dropped, 0);
  }

  count(): number {
    const kept = this.#latest.some((match) => match !== undefined) ? 1 : 0;
    return this.#open.reduce((count, open) => count + open.count(), kept);
  }

  take(steps: readonly number[], arrival: Arrival, event: VisitEvent, completed: Match[]): void {
    let grown = false;
    for (let member = 0; member < this.#open.length; member += 1) {
      const own = this.#members.stepsOf(member, steps);
      if (own.length === 0) continue;
      const found: Match[] = [];
      present(this.#open[member], 'member').take(own, arrival, event, found);
      const last = found.at(-1);
      if (last === undefined) continue;
      this.#latest[member] = last;
      grown = true;
    }
    if (!grown) return;
    this.#expireKept(arrival.at);
    const matches = this.#latest.filter((match) => match !== undefined);
    if (matches.length < this.#open.length) return;
    completed.push(uniteMatches(matches));
    this.#latest.fill(undefined);
  }

  expire(at: number): number {
    return this.#open.reduce((next, open) => Math.min(next, open.expire(at)), this.#expireKept(at));
  }

  clear(): void {
    this.#latest.fill(undefined);
    for (const open of this.#open) open.clear();
  }

  progress(at: number): PartialProgress | null {
    const members = this.#open.map((open, member) => {
      const kept = this.#latest[member];
      const end = this.#endOf(kept);
      if (kept === undefined || end < at) return open.progress(at);
      return { done: this.#members.neededBy(member), until: end, isComplete: true };
    });
    const begun = members.filter((member) => member !== null);
    if (begun.length === 0) return null;
    const done = begun.reduce((sum, member) => sum + member.done, 0);
    return { done, until: Math.min(...begun.map(({ until }) => until)), members };
  }

  /** Drops the matches that are too old by `at`; the last moment of the first of the rest to go. */
  #expireKept(at: number): number {
    let next = Infinity;
    for (let member = 0; member < this.#latest.length; member += 1) {
      const end = this.#endOf(this.#latest[member]);
      if (end < at) this.#latest[member] = undefined;
      else if (end < next) next = end;
    }
    return next;
  }

  #endOf(match: Match | undefined): number {
    return match === undefined ? Infinity : (match[0]?.at ?? 0) + this.#withinMs;
  }
}
