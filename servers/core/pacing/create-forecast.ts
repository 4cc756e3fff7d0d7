/** Which forecast an algorithm works with: SUPER_PROGRESSIVE counts individuals, PREDICTIVE_B goes by flows where the group is large enough. */
import type { BacklogForecast } from './backlog-forecast.ts';
import type { PacingAlgorithm } from './pacing-algorithm.ts';
import { PoissonBinomialBacklog } from './poisson-binomial-backlog.ts';
import { SizedBacklog } from './sized-backlog.ts';
import type { PacingTuning } from './tuning.ts';

/** Moments at which the algorithm judges the backlog. */
export function epochsOf(algorithm: PacingAlgorithm, tuning: PacingTuning): number {
  return isPredictive(algorithm) ? tuning.flowEpochs : tuning.epochs;
}

export function createForecast(algorithm: PacingAlgorithm, epochs: number): BacklogForecast {
  return isPredictive(algorithm) ? new SizedBacklog(epochs) : new PoissonBinomialBacklog(epochs);
}

function isPredictive(algorithm: PacingAlgorithm): boolean {
  return algorithm === 'PREDICTIVE_B' || algorithm === 'PREDICTIVE_B_DUAL';
}
