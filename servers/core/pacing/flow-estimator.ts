/** Learns how often something comes from outside, forgetting exponentially: reactive visitors who ask for a chat. */
import type { RateSnapshot } from './pacer-snapshot.ts';

/** Time that counts as seen without a visitor before the first: one early visitor is no flood. */
const quietSeconds = 60;

export class FlowEstimator {
  readonly #halfLifeSeconds: number;
  #events = 0;
  #seconds = quietSeconds;

  constructor(halfLifeSeconds: number) {
    this.#halfLifeSeconds = halfLifeSeconds;
  }

  get perSecond(): number {
    return this.#events / this.#seconds;
  }

  came(): void {
    this.#events += 1;
  }

  /** So much time has gone by. */
  passed(seconds: number): void {
    const keep = 2 ** (-seconds / this.#halfLifeSeconds);
    this.#events *= keep;
    this.#seconds = Math.max(quietSeconds, keep * this.#seconds + seconds);
  }

  snapshot(): RateSnapshot {
    return { events: this.#events, seconds: this.#seconds };
  }

  restore({ events, seconds }: RateSnapshot): void {
    this.#events = events;
    this.#seconds = seconds;
  }
}
