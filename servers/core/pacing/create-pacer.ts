/** Makes the pacer of a group; the algorithms that this version knows. */
import { assert } from '../assert.ts';
import { GroupPacer } from './group-pacer.ts';
import type { Pacer, PacingAlgorithm, PacingSettings } from './pacer.ts';
import { PoissonBinomialBacklog } from './poisson-binomial-backlog.ts';
import { defaultTuning, type PacingTuning } from './tuning.ts';

export const SUPPORTED_ALGORITHMS: readonly PacingAlgorithm[] = ['SUPER_PROGRESSIVE'];

export function createPacer(group: string, settings: PacingSettings, tuning: PacingTuning = defaultTuning): Pacer {
  assert(
    SUPPORTED_ALGORITHMS.includes(settings.algorithm),
    `pacing algorithm ${settings.algorithm} is not supported yet`,
  );
  return new GroupPacer(group, settings, new PoissonBinomialBacklog(tuning.epochs), tuning);
}
