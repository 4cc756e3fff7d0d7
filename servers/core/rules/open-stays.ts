/** A timeout's waits: each began with an event on a page, and ends without a firing when the visitor leaves that page. */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival } from './arrival.ts';
import type { PartialProgress, Wait, WaitingMatches } from './partial-matches.ts';
import { WaitQueue } from './wait-queue.ts';

/** Pattern 0 begins a wait, pattern 1 is the exit from any page. */
export const STAY_EXIT = 1;

export class OpenStays implements WaitingMatches {
  readonly #waits: WaitQueue;

  constructor(forMs: number, openMax: number) {
    this.#waits = new WaitQueue(forMs, openMax);
  }

  get dropped(): number {
    return this.#waits.dropped;
  }

  count(): number {
    return this.#waits.count;
  }

  take(steps: readonly number[], arrival: Arrival, event: VisitEvent): void {
    if (steps.includes(STAY_EXIT)) this.#waits.end((wait) => wait.event.pageID === event.pageID);
    if (steps.includes(0)) this.#waits.begin([arrival], event);
  }

  /** Waits end by firing. */
  expire(): number {
    return Infinity;
  }

  clear(): void {
    this.#waits.clear();
  }

  progress(at: number): PartialProgress | null {
    return this.#waits.progress(at);
  }

  nextDeadline(): number {
    return this.#waits.nextDeadline();
  }

  takeDue(at: number, due: Wait[]): void {
    this.#waits.takeDue(at, due);
  }
}
