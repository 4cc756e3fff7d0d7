/** Makes the pacer of a group; the algorithms that this version knows. */
import { assert } from '../assert.ts';
import { createForecast, epochsOf } from './create-forecast.ts';
import { GroupPacer } from './group-pacer.ts';
import type { Pacer, PacingAlgorithm, PacingSettings } from './pacer.ts';
import { defaultTuning, type PacingTuning } from './tuning.ts';

export const SUPPORTED_ALGORITHMS: readonly PacingAlgorithm[] = ['SUPER_PROGRESSIVE', 'PREDICTIVE_B'];

export function createPacer(group: string, settings: PacingSettings, tuning: PacingTuning = defaultTuning): Pacer {
  const { algorithm } = settings;
  assert(SUPPORTED_ALGORITHMS.includes(algorithm), `pacing algorithm ${algorithm} is not supported yet`);
  const epochs = epochsOf(algorithm, tuning);
  return new GroupPacer(group, settings, createForecast(algorithm, epochs), { ...tuning, epochs });
}
