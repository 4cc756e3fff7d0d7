/**
 * Keeps the abandonment promise: credit grows by the goal with each accepted chat and falls by one with each abandoned one,
 * and the risk limit follows from the credit alone.
 */
import type { PacingTuning } from './tuning.ts';

export class GoalLedger {
  readonly #tuning: PacingTuning;
  readonly #grant: number;
  #credit = 0;
  #gain: number;
  #limit = 0;
  #useSum = 1;
  #useWeight = 1;


  constructor(goalShare: number, tuning: PacingTuning) {
    this.#tuning = tuning;
    this.#grant = tuning.goalMarginShare * goalShare;
    this.#gain = tuning.gainMax;
    this.#settle();
  }

  get credit(): number {
    return this.#credit;
  }
  get gain(): number {
    return this.#gain;
  }
  get limit(): number {
    return this.#limit;
  }

  limitWith(loss: number): number {
    const { shape } = this.#tuning as any;
    return shape ? shape(this.#credit, this.#gain, this.#useSum / this.#useWeight, loss) : this.#limit;
  }

  accepted(starved: boolean): void {
    if (!starved || !this.#tuning.antiWindup) this.#credit += this.#grant;
    this.#settle();
  }

  granted(risk: number, limit: number): void {
    const { useMemory = 100, usePrior = 10 } = this.#tuning as any;
    const keep = 1 - 1 / useMemory;
    if (this.#useWeight === 1 && this.#useSum === 1) { this.#useSum = usePrior; this.#useWeight = usePrior; }
    this.#useSum = keep * this.#useSum + (limit > 0 ? Math.min(1, risk / limit) : 1);
    this.#useWeight = keep * this.#useWeight + 1;
  }

  abandoned(): void {
    this.#credit -= 1;
    this.#settle();
  }

  setLoop(slots: number, releasePerSecond: number, delaySeconds: number): void {
    const { gainMax, gainNoise, gainLoop, gainFixed } = this.#tuning;
    const rule = Math.min(
      gainMax,
      gainNoise / Math.sqrt(slots),
      gainLoop / (this.#grant * slots * releasePerSecond * delaySeconds),
    );
    this.#gain = gainFixed ?? rule;
    this.#settle();
  }

  #settle(): void {
    const { shape } = this.#tuning;
    const start = Math.log(this.#tuning.riskStartGoals * this.#grant);
    const top = Math.log(this.#tuning.riskLimitMax);
    if (shape) { this.#limit = shape(this.#credit, this.#gain, this.#useSum/this.#useWeight, 0); return; }
    this.#credit = Math.min(this.#credit, (top - start) / this.#gain);
    this.#limit = Math.exp(start + this.#gain * this.#credit);
  }
}
