/** Makes the pacer of a group: by its algorithm, or by a plain rule in its place. */
import { createForecast, epochsOf } from './create-forecast.ts';
import { DualSide } from './dual-side.ts';
import { GroupPacer } from './group-pacer.ts';
import { GroupWatch } from './group-watch.ts';
import type { Pacer, PacingSettings } from './pacer.ts';
import { PlainPacer } from './plain-pacer.ts';
import { isDual } from './pacing-algorithm.ts';
import { defaultTuning, type PacingTuning } from './tuning.ts';

export function createPacer(group: string, settings: PacingSettings, tuning: PacingTuning = defaultTuning): Pacer {
  const { algorithm, inviteTimeoutMs, pacedBy = 'algorithm' } = settings;
  if (pacedBy !== 'algorithm') return new PlainPacer(group, pacedBy, settings, tuning);
  const epochs = epochsOf(algorithm, tuning);
  const own = { ...tuning, epochs };
  const watch = new GroupWatch(inviteTimeoutMs, own);
  const dual = isDual(algorithm) ? new DualSide(settings, own, watch) : null;
  return new GroupPacer(group, settings, { watch, forecast: createForecast(algorithm, epochs), dual }, own);
}
