/**
 * Every constant of pacing in one place, each with its source: the design of docs/pacing.md, measured on the scenarios of
 * tests/core/pacing. They are handed to the pacer so that a test can break one on purpose and see the promise fail.
 */
export interface PacingTuning {
  /** Moments of the answer at which the backlog is forecast: quantiles (j - 1/2)/J of the accept delay. */
  readonly epochs: number;
  /** Invites that the response prior counts for, its accept share (high is the safe side) and its mean delay. */
  readonly responsePriorInvites: number;
  readonly responsePriorAcceptShare: number;
  readonly responsePriorMeanSeconds: number;
  readonly responseHalfLifeSeconds: number;
  /** The accept share is never taken lower: it bounds the number of invites. */
  readonly acceptShareMin: number;
  /** Answers that the upward jump detector remembers, and how many standard errors make a jump. */
  readonly jumpMemoryInvites: number;
  readonly jumpDeviations: number;
  readonly releasePriorChats: number;
  readonly releasePriorMeanSeconds: number;
  readonly releaseHalfLifeSeconds: number;
  readonly patiencePriorChats: number;
  readonly patiencePriorMeanSeconds: number;
  readonly patienceHalfLifeSeconds: number;
  /** Abandonments per second of waiting are never taken lower. */
  readonly abandonPerSecondMin: number;
  /** Share of the goal that the ledger grants. */
  readonly goalMarginShare: number;
  /** Risk limit at no credit, in goals, and the highest one. */
  readonly riskStartGoals: number;
  readonly riskLimitMax: number;
  /** Bounds of the ledger's gain: outright, by noise (divided by the square root of the slots), by the loop's delay. */
  readonly gainMax: number;
  readonly gainNoise: number;
  readonly gainLoop: number;
  /** A fixed gain instead of the rule's. */
  readonly gainFixed: number | null;
  readonly antiWindup: boolean;
  readonly shape?: (credit: number, gain: number, use: number, loss: number) => number;
  readonly windup?: 'tick' | 'lead';
  readonly leadMemory: number;
}

export const defaultTuning: PacingTuning = {
  epochs: 4,
  responsePriorInvites: 10,
  responsePriorAcceptShare: 0.5,
  responsePriorMeanSeconds: 10,
  responseHalfLifeSeconds: 1800,
  acceptShareMin: 0.01,
  jumpMemoryInvites: 60,
  jumpDeviations: 2.5,
  releasePriorChats: 5,
  releasePriorMeanSeconds: 240,
  releaseHalfLifeSeconds: 3600,
  patiencePriorChats: 0.5,
  patiencePriorMeanSeconds: 60,
  patienceHalfLifeSeconds: 7200,
  abandonPerSecondMin: 1e-3,
  goalMarginShare: 0.98,
  riskStartGoals: 0.1,
  riskLimitMax: 0.5,
  gainMax: 0.5,
  gainNoise: 3,
  gainLoop: 0.3,
  gainFixed: null,
  antiWindup: true,
  leadMemory: 100,
};
