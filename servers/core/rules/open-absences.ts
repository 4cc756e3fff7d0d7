/** An absence: each match of its `after` waits, and all waits end without a firing when the event comes that is to stay away. */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival, Match } from './arrival.ts';
import type { PartialMatches, PartialProgress, Wait, WaitingMatches } from './partial-matches.ts';
import { WaitQueue } from './wait-queue.ts';

export class OpenAbsences implements WaitingMatches {
  readonly #after: PartialMatches;
  /** The number of the pattern that is to stay away: the one behind those of `after`. */
  readonly #awaited: number;
  readonly #waits: WaitQueue;

  constructor(after: PartialMatches, awaited: number, withinMs: number, openMax: number) {
    this.#after = after;
    this.#awaited = awaited;
    this.#waits = new WaitQueue(withinMs, openMax);
  }

  get dropped(): number {
    return this.#waits.dropped + this.#after.dropped;
  }

  count(): number {
    return this.#waits.count + this.#after.count();
  }

  take(steps: readonly number[], arrival: Arrival, event: VisitEvent): void {
    const came = steps[0] === this.#awaited;
    if (came) this.#waits.clear();
    const own = came ? steps.slice(1) : steps;
    if (own.length === 0) return;
    const found: Match[] = [];
    this.#after.take(own, arrival, event, found);
    for (const match of found) this.#waits.begin(match, event);
  }

  expire(at: number): number {
    return this.#after.expire(at);
  }

  clear(): void {
    this.#waits.clear();
    this.#after.clear();
  }

  progress(at: number): PartialProgress | null {
    return this.#waits.progress(at) ?? this.#after.progress(at);
  }

  nextDeadline(): number {
    return this.#waits.nextDeadline();
  }

  takeDue(at: number, due: Wait[]): void {
    this.#waits.takeDue(at, due);
  }
}
