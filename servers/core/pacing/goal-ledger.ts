/**
 * Keeps the abandonment promise from the first chat on: credit grows by the goal with each accepted chat and falls by one with
 * each abandoned one, and the risk limit is a function of the credit, so that errors of the model cannot accumulate.
 *
 *     ln(limit) = ln(0.1 goal / use) + gain credit - 2 max(0, 2 - credit + 4 underWay)
 *
 * `use` is the mean share of the limit that the invites sent really risked: near 1 where leads are plenty and every place is
 * filled up to the limit, near 0.1 where they are scarce. Dividing by it makes one credit spend at one rate in both. The last
 * term makes short runs safe: until the credit covers two abandonments beyond what is under way, almost nothing is risked.
 */
import type { LedgerSnapshot } from './pacer-snapshot.ts';
import type { PacingTuning } from './tuning.ts';

export class GoalLedger {
  readonly #tuning: PacingTuning;
  /** Credit for one accepted chat: a little less than the goal. */
  readonly #grant: number;
  #credit = 0;
  #gain: number;
  /** Weighted sum of used shares, of weights, and the mean that the limit goes by: it moves at refreshes only. */
  #useSum: number;
  #useWeight: number;
  #useShare = 1;

  /** The limit at no reserve is never kept below this; 0: however low. */
  readonly #limitMin: number;

  constructor(goalShare: number, tuning: PacingTuning, limitMin = 0) {
    this.#tuning = tuning;
    this.#limitMin = limitMin;
    this.#grant = tuning.grantedGoalShare * goalShare;
    this.#gain = tuning.gainFixed ?? tuning.gainMax;
    this.#useSum = tuning.usePriorInvites;
    this.#useWeight = tuning.usePriorInvites;
  }

  /** Abandonments that the goal would still bear. */
  get credit(): number {
    return this.#credit;
  }

  get gain(): number {
    return this.#gain;
  }

  /** Risk limit while the chats and invites under way are expected to bring `underWay` abandonments. */
  limit(underWay: number): number {
    const { reserveCredit, reserveSlope, underWayWeight, riskLimitMax } = this.#tuning;
    const missing = Math.max(0, reserveCredit - this.#credit + underWayWeight * underWay);
    return Math.min(riskLimitMax, Math.exp(this.#logStart() + this.#gain * this.#credit - reserveSlope * missing));
  }

  /** An invite went out at a risk, under a limit. */
  sent(risk: number, limit: number): void {
    const keep = 1 - 1 / this.#tuning.useMemoryInvites;
    this.#useSum = keep * this.#useSum + Math.min(1, risk / limit);
    this.#useWeight = keep * this.#useWeight + 1;
  }

  /** Anti-windup: while leads are scarce no credit is gathered, nor ever beyond the reserve and what the highest limit needs. */
  accepted(starved: boolean): void {
    const { reserveCredit, riskLimitMax } = this.#tuning;
    const creditMax = reserveCredit + (Math.log(riskLimitMax) - this.#logStart()) / this.#gain;
    if (this.#tuning.antiWindup && (starved || this.#credit >= creditMax)) return;
    this.#credit += this.#grant;
  }

  abandoned(): void {
    const creditMin = (Math.log(this.#limitMin) - this.#logStart()) / this.#gain;
    this.#credit = Math.max(creditMin, this.#credit - 1);
  }

  /**
   * At a refresh. Gain = min(0.5, 3 / sqrt(S), 0.3 / (goal S mu delay)): in small groups bounded by the noise of single events,
   * in large ones by the loop's delay (from an invite to the abandonment that it may cause), which would make the limit swing.
   */
  refresh(slots: number, releasePerSecond: number, delaySeconds: number): void {
    const { gainMax, gainNoise, gainLoop, gainFixed, useShareMin } = this.#tuning;
    const loop = gainLoop / (this.#grant * slots * releasePerSecond * delaySeconds);
    this.#gain = gainFixed ?? Math.min(gainMax, gainNoise / Math.sqrt(slots), loop);
    this.#useShare = Math.max(useShareMin, this.#useSum / this.#useWeight);
  }

  /** A new account; what was learned of how credit is spent stays. */
  reset(): void {
    this.#credit = 0;
  }

  snapshot(): LedgerSnapshot {
    return {
      credit: this.#credit,
      gain: this.#gain,
      useSum: this.#useSum,
      useWeight: this.#useWeight,
      useShare: this.#useShare,
    };
  }

  restore({ credit, gain, useSum, useWeight, useShare }: LedgerSnapshot): void {
    this.#credit = credit;
    this.#gain = gain;
    this.#useSum = useSum;
    this.#useWeight = useWeight;
    this.#useShare = useShare;
  }

  #logStart(): number {
    return Math.log((this.#tuning.riskStartGoals * this.#grant) / this.#useShare);
  }
}
