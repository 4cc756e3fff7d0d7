/**
 * Learns how invites are answered: competing-risk hazards by age in bins of one second (Aalen-Johansen), not the ratio of
 * answers, because acceptances come sooner than time-outs and an invite's age tells how likely its acceptance still is.
 */
import { numbersOf, type ResponseSnapshot } from './pacer-snapshot.ts';
import type { ResponseModel } from './response-model.ts';
import type { PacingTuning } from './tuning.ts';

/** Seconds beyond the time-out that the table reaches: the last bin's hazards go on (a form filled in after the click). */
const tailSeconds = 60;

export class ResponseEstimator implements ResponseModel {
  readonly horizons: Float64Array;
  readonly #tuning: PacingTuning;
  /** Last bin: it holds every age from the time-out on. */
  readonly #lastBin: number;
  readonly #entered: Float64Array;
  readonly #accepted: Float64Array;
  readonly #ended: Float64Array;
  /** By age in whole seconds: accepted so far, still pending; linear between. */
  readonly #acceptedBy: Float64Array;
  readonly #pendingAt: Float64Array;
  #safety = 1;
  #acceptShare = 0;
  #acceptDelaySeconds = 0;
  #changed = true;
  /** Jump detector: exponentially weighted answers, the sum of weights and of their squares. */
  #recentAccepted = 0;
  #recentWeight = 0;
  #recentSquares = 0;

  constructor(inviteTimeoutMs: number, tuning: PacingTuning) {
    this.#tuning = tuning;
    this.horizons = new Float64Array(tuning.epochs);
    this.#lastBin = Math.ceil(inviteTimeoutMs / 1000);
    const bins = this.#lastBin + 1;
    this.#entered = new Float64Array(bins);
    this.#accepted = new Float64Array(bins);
    this.#ended = new Float64Array(bins);
    this.#acceptedBy = new Float64Array(bins + tailSeconds + 1);
    this.#pendingAt = new Float64Array(bins + tailSeconds + 1);
    const share = 1 - Math.exp(-1 / tuning.responsePriorMeanSeconds);
    for (let bin = 0; bin < bins; bin += 1) {
      const entered = tuning.responsePriorInvites * Math.exp(-bin / tuning.responsePriorMeanSeconds);
      this.#entered[bin] = entered;
      this.#accepted[bin] = entered * share * tuning.responsePriorAcceptShare;
      this.#ended[bin] = entered * share;
    }
    // At the time-out everything ends, and nothing by acceptance, until seen otherwise.
    this.#accepted[this.#lastBin] = 0;
    this.#ended[this.#lastBin] = this.#entered[this.#lastBin] ?? 0;
    this.update();
  }

  /** Learned share of invites that are accepted, without the safety factor. */
  get acceptShare(): number {
    return this.#acceptShare;
  }

  /** Mean time to an acceptance, seconds. */
  get acceptDelaySeconds(): number {
    return this.#acceptDelaySeconds;
  }

  /** An invite reached the bins from `from` to `to` (ages in whole seconds). */
  entered(from: number, to: number): void {
    for (let bin = from; bin <= to; bin += 1) {
      const i = Math.min(bin, this.#lastBin);
      this.#entered[i] = (this.#entered[i] ?? 0) + 1;
    }
    this.#changed = true;
  }

  /** An invite that has `entered` ages up to this one was never sent, so that nobody could answer it. */
  withdrawn(to: number): void {
    for (let bin = 0; bin <= to; bin += 1) {
      const i = Math.min(bin, this.#lastBin);
      this.#entered[i] = Math.max(this.#ended[i] ?? 0, (this.#entered[i] ?? 0) - 1);
    }
    this.#changed = true;
  }

  /** An invite ended at an age in whole seconds, after `entered` up to that age. */
  resolved(bin: number, accepted: boolean): void {
    const i = Math.min(bin, this.#lastBin);
    if (accepted) this.#accepted[i] = (this.#accepted[i] ?? 0) + 1;
    this.#ended[i] = (this.#ended[i] ?? 0) + 1;
    const keep = 1 - 1 / this.#tuning.jumpMemoryInvites;
    this.#recentAccepted = keep * this.#recentAccepted + (accepted ? 1 : 0);
    this.#recentWeight = keep * this.#recentWeight + 1;
    this.#recentSquares = keep * keep * this.#recentSquares + 1;
    this.#changed = true;
  }

  /** Never down to less than one invite's weight: what was learned last stays, with a large error. */
  forget(elapsedSeconds: number): void {
    const least = Math.min(1, 1 / Math.max(1, this.#entered[0] ?? 0));
    const keep = Math.max(2 ** (-elapsedSeconds / this.#tuning.responseHalfLifeSeconds), least);
    for (let bin = 0; bin <= this.#lastBin; bin += 1) {
      this.#entered[bin] = keep * (this.#entered[bin] ?? 0);
      this.#accepted[bin] = keep * (this.#accepted[bin] ?? 0);
      this.#ended[bin] = keep * (this.#ended[bin] ?? 0);
    }
  }

  /** Brings the curves, the horizons and the safety factor up to date; tells whether the horizons moved. */
  update(): boolean {
    const changed = this.#changed;
    if (changed) this.#updateCurves();
    this.#changed = false;
    this.#safety = this.#safetyFactor();
    return changed;
  }

  snapshot(): ResponseSnapshot {
    return {
      entered: numbersOf(this.#entered),
      accepted: numbersOf(this.#accepted),
      ended: numbersOf(this.#ended),
      recentAccepted: this.#recentAccepted,
      recentWeight: this.#recentWeight,
      recentSquares: this.#recentSquares,
    };
  }

  /** Where invites are shown for another time than then, what was learned is of no use: the prior stays. */
  restore(snapshot: ResponseSnapshot): void {
    const bins = this.#entered.length;
    if ([snapshot.entered, snapshot.accepted, snapshot.ended].some(({ length }) => length !== bins)) return;
    this.#entered.set(snapshot.entered);
    this.#accepted.set(snapshot.accepted);
    this.#ended.set(snapshot.ended);
    this.#recentAccepted = snapshot.recentAccepted;
    this.#recentWeight = snapshot.recentWeight;
    this.#recentSquares = snapshot.recentSquares;
    this.#changed = true;
    this.update();
  }

  /** Chance that an invite of this age, still pending, is accepted at all; without the safety factor. */
  acceptedLater(ageSeconds: number): number {
    const from = Math.min(ageSeconds, this.#lastBin);
    const pending = valueAt(this.#pendingAt, from);
    if (pending <= 1e-9) return 0;
    return Math.min(1, Math.max(0, this.#acceptShare - valueAt(this.#acceptedBy, from)) / pending);
  }

  acceptedWithin(epoch: number, ageSeconds: number): number {
    const from = Math.min(ageSeconds, this.#lastBin);
    const pending = valueAt(this.#pendingAt, from);
    if (pending <= 1e-9) return Math.min(1, this.#safety * this.#acceptShare);
    const share = valueAt(this.#acceptedBy, from + (this.horizons[epoch] ?? 0)) - valueAt(this.#acceptedBy, from);
    return Math.min(1, (this.#safety * share) / pending);
  }

  #updateCurves(): void {
    let accepted = 0;
    let pending = 1;
    let delaySum = 0;
    const last = this.#acceptedBy.length - 1;
    for (let age = 0; age <= last; age += 1) {
      this.#acceptedBy[age] = accepted;
      this.#pendingAt[age] = pending;
      const bin = Math.min(age, this.#lastBin);
      const entered = this.#entered[bin] ?? 0;
      const acceptHazard = entered > 0 ? Math.min(1, (this.#accepted[bin] ?? 0) / entered) : 0;
      const endHazard = entered > 0 ? Math.min(1, (this.#ended[bin] ?? 0) / entered) : 1;
      const gain = age < last ? pending * acceptHazard : 0;
      accepted += gain;
      delaySum += gain * (age + 0.5);
      pending *= 1 - endHazard;
    }
    this.#acceptShare = Math.max(this.#tuning.acceptShareMin, accepted);
    this.#acceptDelaySeconds = accepted > 0 ? delaySum / accepted : this.#lastBin;
    this.#updateHorizons(accepted);
  }

  #updateHorizons(accepted: number): void {
    const { epochs } = this.#tuning;
    let age = 0;
    const last = this.#acceptedBy.length - 1;
    for (let j = 0; j < epochs; j += 1) {
      const level = ((j + 0.5) / epochs) * accepted;
      while (age < last - 1 && (this.#acceptedBy[age + 1] ?? 0) < level) age += 1;
      const low = this.#acceptedBy[age] ?? 0;
      const step = (this.#acceptedBy[age + 1] ?? 0) - low;
      this.horizons[j] = age + (step > 0 ? Math.min(1, (level - low) / step) : 1);
    }
  }

  /** One standard error above the estimate; more where the last answers show an upward jump (the dangerous side). */
  #safetyFactor(): number {
    const share = this.#acceptShare;
    const error = Math.sqrt((share * (1 - share)) / (this.#entered[0] ?? 1));
    const factor = (share + error) / share;
    if (this.#recentWeight <= 0) return factor;
    const recent = this.#recentAccepted / this.#recentWeight;
    const sample = (this.#recentWeight * this.#recentWeight) / this.#recentSquares;
    const spread = Math.sqrt(Math.max(recent * (1 - recent), 0.01) / sample);
    return recent - this.#tuning.jumpDeviations * spread > share ? Math.max(factor, recent / share) : factor;
  }
}

function valueAt(curve: Float64Array, ageSeconds: number): number {
  const whole = Math.floor(ageSeconds);
  if (whole >= curve.length - 1) return curve[curve.length - 1] ?? 0;
  const low = curve[whole] ?? 0;
  return low + (ageSeconds - whole) * ((curve[whole + 1] ?? 0) - low);
}
