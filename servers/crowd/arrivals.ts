/**
 * Arrivals of visitors: a Poisson process whose rate is constant between steps. Unit exponentials are spent against the
 * integrated rate (time change), so that gaps are exact across steps.
 */
import type { RandomStream } from '#core/random/stream.ts';
import { assert, present } from '#core/assert.ts';

export interface RateStepUs {
  /** From this kernel time on, us. */
  readonly atUs: number;
  /** Arrivals a microsecond, >= 0. */
  readonly ratePerUs: number;
}

export class Arrivals {
  readonly #steps: readonly RateStepUs[];
  readonly #stream: RandomStream;
  #index = 0;
  #nowUs: number;

  /** `steps` in order of time, at least one, the first in force from the beginning on. */
  constructor(steps: readonly RateStepUs[], stream: RandomStream, startUs: number) {
    assert(steps.length > 0, 'a rate profile has a first step');
    this.#steps = steps;
    this.#stream = stream;
    this.#nowUs = startUs;
  }

  /** Time of the next arrival, us (not rounded); Infinity when the rate stays zero. */
  next(): number {
    let toSpend = -Math.log(1 - this.#stream.next());
    for (;;) {
      const rate = present(this.#steps[this.#index], 'rate step').ratePerUs;
      const endUs = this.#steps[this.#index + 1]?.atUs ?? Infinity;
      if (this.#nowUs < endUs && rate > 0) {
        const atUs = this.#nowUs + toSpend / rate;
        if (atUs < endUs) {
          this.#nowUs = atUs;
          return atUs;
        }
        toSpend -= (endUs - this.#nowUs) * rate;
      }
      if (endUs === Infinity) return Infinity;
      this.#nowUs = Math.max(this.#nowUs, endUs);
      this.#index += 1;
    }
  }
}
