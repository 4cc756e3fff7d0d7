/** Matches of one condition that wait, all for the same time: the first to begin is the first to end. */
import type { VisitEvent } from '#core/visits/event.ts';
import { compareMatches, type Match } from './arrival.ts';
import type { PartialProgress, Wait } from './partial-matches.ts';

const NONE: readonly Wait[] = [];

export class WaitQueue {
  dropped = 0;
  readonly #forMs: number;
  readonly #openMax: number;
  /** Copied at each change, since most are short: an array that is pushed to takes 17 places at once. */
  #waits = NONE;

  constructor(forMs: number, openMax: number) {
    this.#forMs = forMs;
    this.#openMax = openMax;
  }

  get count(): number {
    return this.#waits.length;
  }

  /** `event`: the last one of the match. */
  begin(match: Match, event: VisitEvent): void {
    const tooMany = Math.max(0, this.#waits.length + 1 - this.#openMax);
    this.dropped += tooMany;
    this.#waits = [...this.#waits.slice(tooMany), { match, event }];
  }

  /** Ends those for which `ends` holds without a firing. */
  end(ends: (wait: Wait) => boolean): void {
    if (this.#waits.some(ends)) this.#waits = this.#waits.filter((wait) => !ends(wait));
  }

  clear(): void {
    this.#waits = NONE;
  }

  nextDeadline(): number {
    return this.#deadlineOf(this.#waits[0]);
  }

  /** Takes those that end at `at`, where none ends before. */
  takeDue(at: number, due: Wait[]): void {
    const left = this.#waits.findIndex((wait) => this.#deadlineOf(wait) > at);
    const taken = left === -1 ? this.#waits : this.#waits.slice(0, left);
    this.#waits = left === -1 ? NONE : this.#waits.slice(left);
    due.push(...taken.toSorted((a, b) => compareMatches(a.match, b.match)));
  }

  /** Of the wait that ends first at `at` or later. */
  progress(at: number): PartialProgress | null {
    const next = this.#waits.find((wait) => this.#deadlineOf(wait) >= at);
    return next === undefined ? null : { done: next.match.length, until: this.#deadlineOf(next), waits: true };
  }

  #deadlineOf(wait: Wait | undefined): number {
    return wait === undefined ? Infinity : (wait.match.at(-1)?.at ?? 0) + this.#forMs;
  }
}
