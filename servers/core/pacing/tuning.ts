/**
 * Every constant of pacing in one place; docs/pacing.md tells where each comes from. They are handed to the pacer, so that a
 * test can break one on purpose and see the promise fail.
 */
export interface PacingTuning {
  /** J: the backlog is forecast at the quantiles (j - 1/2)/J of the accept delay. */
  readonly epochs: number;
  /** The same for PREDICTIVE_B. */
  readonly flowEpochs: number;
  /** What is believed before the first answer, and for how many invites it counts. A high accept share is the safe side. */
  readonly responsePriorInvites: number;
  readonly responsePriorAcceptShare: number;
  readonly responsePriorMeanSeconds: number;
  readonly responseHalfLifeSeconds: number;
  /** The accept share is never taken lower: it bounds the number of invites. */
  readonly acceptShareMin: number;
  /** Answers that the upward jump detector remembers, and how many standard deviations make a jump. */
  readonly jumpMemoryInvites: number;
  readonly jumpDeviations: number;
  readonly releasePriorChats: number;
  readonly releasePriorMeanSeconds: number;
  readonly releaseHalfLifeSeconds: number;
  readonly patiencePriorChats: number;
  readonly patiencePriorMeanSeconds: number;
  readonly patienceHalfLifeSeconds: number;
  /** A waiting chat's rate of giving up is never taken lower, per second. */
  readonly abandonPerSecondMin: number;
  /** Share of the goal that an accepted chat adds to the ledger. */
  readonly grantedGoalShare: number;
  /** Risk limit at no credit, in goals, before the reserve; and the highest limit. */
  readonly riskStartGoals: number;
  readonly riskLimitMax: number;
  /** The lowest limit of the account of all chats, which reactive traffic alone could drive down for ever. */
  readonly wholeLimitMin: number;
  /** Share of reactive chats that may be abandoned where the goal is about busy agents. */
  readonly reactiveGoalShare: number;
  /** Half-life of how often reactive visitors ask. */
  readonly reactiveHalfLifeSeconds: number;
  /** Where they are held back, below this limit of all chats fewer reactive ones are let in: share x exp((ln limit - ln this) / softness). */
  readonly reactiveLimitFull: number;
  readonly reactiveSoftness: number;
  /** Nothing is sent while what is known is older than so many refresh periods. */
  readonly stalePeriods: number;
  /** Bounds of the ledger's gain: outright, by the noise of single events, by the delay of the loop. */
  readonly gainMax: number;
  readonly gainNoise: number;
  readonly gainLoop: number;
  /** Instead of the rule for the gain; null: the rule. */
  readonly gainFixed: number | null;
  /** Credit that is kept in reserve for what is under way, and how steeply the limit falls below it. */
  readonly reserveCredit: number;
  readonly reserveSlope: number;
  readonly underWayWeight: number;
  /** How the used share of the limit is learned: prior and memory in invites, lowest value. */
  readonly usePriorInvites: number;
  readonly useMemoryInvites: number;
  readonly useShareMin: number;
  /** Whether credit that cannot be spent is not gathered. */
  readonly antiWindup: boolean;
  /** Leads that the supply watch remembers, the refused share it starts from and the one below which leads count as scarce. */
  readonly supplyMemoryLeads: number;
  readonly refusedPriorShare: number;
  readonly refusedShareMin: number;
}

export const defaultTuning: PacingTuning = {
  epochs: 4,
  flowEpochs: 6,
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
  grantedGoalShare: 0.98,
  riskStartGoals: 0.1,
  riskLimitMax: 0.5,
  wholeLimitMin: 1e-4,
  reactiveGoalShare: 0.03,
  reactiveHalfLifeSeconds: 600,
  reactiveLimitFull: 0.004,
  reactiveSoftness: 1.5,
  stalePeriods: 3,
  gainMax: 0.5,
  gainNoise: 3,
  gainLoop: 0.3,
  gainFixed: null,
  reserveCredit: 2,
  reserveSlope: 2,
  underWayWeight: 4,
  usePriorInvites: 10,
  useMemoryInvites: 100,
  useShareMin: 0.05,
  antiWindup: true,
  supplyMemoryLeads: 100,
  refusedPriorShare: 0.1,
  refusedShareMin: 0.02,
};
