/** What the tests of pacing share: settings, replications over seeds, and their figures in percent. */
import { createPacer } from '#core/pacing/create-pacer.ts';
import type { Pacer, PacingSettings } from '#core/pacing/pacer.ts';
import { defaultTuning, type PacingTuning } from '#core/pacing/tuning.ts';
import { simulatePacing, type PacingFigures, type PacingScenario } from '#tests/oracles/pacing-simulator.ts';

export const abandonmentGoal: PacingSettings = {
  algorithm: 'SUPER_PROGRESSIVE',
  target: 'ABANDONMENT_RATE',
  goalShare: 0.03,
  refreshPeriodMs: 1000,
  inviteTimeoutMs: 30_000,
};

export function busyGoal(goalShare: number): PacingSettings {
  return { ...abandonmentGoal, target: 'BUSY_FACTOR', goalShare };
}

export function pacerWith(tuning: Partial<PacingTuning>, settings: PacingSettings = abandonmentGoal): Pacer {
  return createPacer('chat', settings, { ...defaultTuning, ...tuning });
}

/** Runs seeds 1 to `count`, each with a fresh pacer. */
export function replicate(
  count: number,
  scenario: Omit<PacingScenario, 'seed'>,
  create: () => Pacer = () => createPacer('chat', abandonmentGoal),
  firstSeed = 1,
): readonly PacingFigures[] {
  return Array.from({ length: count }, (_, index) =>
    simulatePacing({ ...scenario, seed: firstSeed + index }, create()),
  );
}

export const abandoned = (figures: PacingFigures): number => figures.abandonmentShare;
export const busy = (figures: PacingFigures): number => figures.busyShare;

export function meanOf(figures: readonly PacingFigures[], pick: (figures: PacingFigures) => number): number {
  return figures.reduce((sum, figure) => sum + pick(figure), 0) / figures.length;
}

/** "abandoned 2.93 % (at most 2.97), busy 88.40 %, refused 0.00 %", for messages and for the eye. */
export function describeFigures(figures: readonly PacingFigures[]): string {
  const percent = (share: number): string => (100 * share).toFixed(2);
  const highest = Math.max(...figures.map(abandoned));
  return (
    `abandoned ${percent(meanOf(figures, abandoned))} % (at most ${percent(highest)}), ` +
    `busy ${percent(meanOf(figures, busy))} %, ` +
    `refused ${percent(meanOf(figures, (figure) => figure.refusedShare))} %`
  );
}
