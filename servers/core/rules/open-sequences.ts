/**
 * Open matches of a sequence of k steps where each step takes its first following match: A1 A2 B gives two, A B B one.
 *
 * Invariant: the ring holds the partial matches ordered by their first event, and who began earlier has matched at least as
 * many steps, since an event that fits step s moves all that wait for s. So those that have matched s steps stand together,
 * behind those with more; `reached[s]` is how many they are.
 */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival, Match } from './arrival.ts';
import { createCounts } from './fixed-array.ts';
import { MatchRing } from './match-ring.ts';
import type { PartialMatches, PartialProgress } from './partial-matches.ts';

export class OpenSequences implements PartialMatches {
  dropped = 0;
  readonly #steps: number;
  readonly #withinMs: number;
  readonly #openMax: number;
  readonly #ring: MatchRing;
  readonly #reached: number[];

  constructor(steps: number, withinMs: number, openMax: number) {
    this.#steps = steps;
    this.#withinMs = withinMs;
    this.#openMax = openMax;
    this.#ring = new MatchRing(steps - 1);
    this.#reached = createCounts(steps);
  }

  count(): number {
    return this.#ring.count;
  }

  take(steps: readonly number[], arrival: Arrival, _event: VisitEvent, completed: Match[]): void {
    // From the last step to the first, so that one event moves a partial match by one step at most.
    for (let i = 0; i < steps.length; i += 1) {
      const step = steps[i] ?? 0;
      if (step === 0) this.#open(arrival);
      else if (step === this.#steps - 1) this.#complete(arrival, completed);
      else this.#move(step, arrival);
    }
  }

  expire(at: number): number {
    const ring = this.#ring;
    while (ring.count > 0 && ring.get(0, 0).at + this.#withinMs < at) this.#shiftOldest();
    return ring.expire(at, this.#withinMs);
  }

  clear(): void {
    this.#ring.clear();
    this.#reached.fill(0);
  }

  progress(at: number): PartialProgress | null {
    let end = 0;
    for (let done = this.#steps - 1; done > 0; done -= 1) {
      end += this.#reachedBy(done);
      if (this.#reachedBy(done) === 0) continue;
      // The last of those that have matched so many steps began last, so it has the most time left.
      const until = this.#ring.get(end - 1, 0).at + this.#withinMs;
      if (until >= at) return { done, until };
    }
    return null;
  }

  #open(arrival: Arrival): void {
    if (this.#ring.count === this.#openMax) {
      this.#shiftOldest();
      this.dropped += 1;
    }
    this.#ring.push(arrival);
    this.#reached[1] = this.#reachedBy(1) + 1;
  }

  #move(step: number, arrival: Arrival): void {
    const moving = this.#reachedBy(step);
    if (moving === 0) return;
    let start = 0;
    for (let s = step + 1; s < this.#steps; s += 1) start += this.#reachedBy(s);
    for (let entry = start; entry < start + moving; entry += 1) this.#ring.set(entry, step, arrival);
    this.#reached[step] = 0;
    this.#reached[step + 1] = this.#reachedBy(step + 1) + moving;
  }

  #complete(arrival: Arrival, completed: Match[]): void {
    const last = this.#steps - 1;
    const completing = this.#reachedBy(last);
    for (let entry = 0; entry < completing; entry += 1) {
      const match: Arrival[] = [];
      for (let step = 0; step < last; step += 1) match.push(this.#ring.get(entry, step));
      match.push(arrival);
      completed.push(match);
    }
    this.#ring.shift(completing);
    this.#reached[last] = 0;
  }

  #shiftOldest(): void {
    const reached = this.#reachedByOldest();
    this.#reached[reached] = this.#reachedBy(reached) - 1;
    this.#ring.shift(1);
  }

  #reachedByOldest(): number {
    let reached = this.#steps - 1;
    while (reached > 1 && this.#reachedBy(reached) === 0) reached -= 1;
    return reached;
  }

  #reachedBy(step: number): number {
    return this.#reached[step] ?? 0;
  }
}
