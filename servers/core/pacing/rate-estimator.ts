/**
 * Learns a rate from what was counted and for how long it could have happened, forgetting exponentially: completions per busy
 * slot-second, abandonments per second of waiting. Right under censoring: what is still under way counts its time.
 */
import type { RateSnapshot } from './pacer-snapshot.ts';

export interface RatePrior {
  readonly events: number;
  readonly meanSeconds: number;
  readonly halfLifeSeconds: number;
  /** The rate is never taken lower than this, per second. */
  readonly rateMin: number;
}

export class RateEstimator {
  readonly #prior: RatePrior;
  #events: number;
  #seconds: number;

  constructor(prior: RatePrior) {
    this.#prior = prior;
    this.#events = prior.events;
    this.#seconds = prior.events * prior.meanSeconds;
  }

  get perSecond(): number {
    return Math.max(this.#prior.rateMin, this.#events / this.#seconds);
  }

  observed(events: number, exposureSeconds: number): void {
    this.#events += events;
    this.#seconds += exposureSeconds;
  }

  snapshot(): RateSnapshot {
    return { events: this.#events, seconds: this.#seconds };
  }

  restore({ events, seconds }: RateSnapshot): void {
    this.#events = events;
    this.#seconds = seconds;
  }

  /** Never down to less than the prior knew, so that one event after a quiet day is not the whole truth. */
  forget(elapsedSeconds: number): void {
    const { events, meanSeconds, halfLifeSeconds } = this.#prior;
    const keep = Math.max(
      2 ** (-elapsedSeconds / halfLifeSeconds),
      Math.min(1, (events * meanSeconds) / this.#seconds),
    );
    this.#events *= keep;
    this.#seconds *= keep;
  }
}
