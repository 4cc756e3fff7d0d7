/** The members of `any`, each by itself; what they complete at one event, or at the end of waits, is brought into one order. */
import { present } from '#core/assert.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { compareMatches, type Arrival, type Match } from './arrival.ts';
import type { Members } from './members.ts';
import {
  isWaiting,
  type PartialMatches,
  type PartialProgress,
  type Wait,
  type WaitingMatches,
} from './partial-matches.ts';

export class OpenAny implements WaitingMatches {
  readonly #members: Members;
  readonly #open: readonly PartialMatches[];
  readonly #waiting: readonly WaitingMatches[];

  constructor(members: Members) {
    this.#members = members;
    this.#open = members.createPartials();
    this.#waiting = this.#open.filter(isWaiting);
  }

  get dropped(): number {
    return this.#open.reduce((dropped, open) => dropped + open.dropped, 0);
  }

  count(): number {
    return this.#open.reduce((count, open) => count + open.count(), 0);
  }

  take(steps: readonly number[], arrival: Arrival, event: VisitEvent, completed: Match[]): void {
    const found: Match[] = [];
    for (let member = 0; member < this.#open.length; member += 1) {
      const own = this.#members.stepsOf(member, steps);
      if (own.length > 0) present(this.#open[member], 'member').take(own, arrival, event, found);
    }
    if (found.length > 1) found.sort(compareMatches);
    completed.push(...found);
  }

  expire(at: number): number {
    return this.#open.reduce((next, open) => Math.min(next, open.expire(at)), Infinity);
  }

  clear(): void {
    for (const open of this.#open) open.clear();
  }

  /** Of the member that lacks least. */
  progress(at: number): PartialProgress | null {
    let best: PartialProgress | null = null;
    let lacking = Infinity;
    for (let member = 0; member < this.#open.length; member += 1) {
      const progress = this.#open[member]?.progress(at) ?? null;
      if (progress === null) continue;
      const needed = progress.needed ?? this.#members.neededBy(member);
      if (needed - progress.done >= lacking) continue;
      lacking = needed - progress.done;
      best = { done: progress.done, until: progress.until, needed, nearest: { member, progress } };
    }
    return best;
  }

  nextDeadline(): number {
    return this.#waiting.reduce((next, waiting) => Math.min(next, waiting.nextDeadline()), Infinity);
  }

  takeDue(at: number, due: Wait[]): void {
    const found: Wait[] = [];
    for (const waiting of this.#waiting) if (waiting.nextDeadline() === at) waiting.takeDue(at, found);
    due.push(...found.toSorted((a, b) => compareMatches(a.match, b.match)));
  }
}
