/** What upsets a pacer that has learned its visitors: they accept more often at once; leads come in plenty after a drought. */
import { drawWebVisitor, webVisitor } from '#tests/oracles/pacing-scenarios.ts';
import { simulatePacing, type PacingFigures } from '#tests/oracles/pacing-simulator.ts';
import type { PacingSettings } from '#core/pacing/pacer.ts';
import type { PacingTuning } from '#core/pacing/tuning.ts';
import { abandonmentGoal, pacerWith } from './fixture-pacing.ts';

const JUMP_HOUR = 3;
const DROUGHT_HOURS = 2;

/** The accept share jumps from 0.2 to 0.5 after three hours: figures of each run, and the share abandoned in the next half hour. */
export function jumpOf(
  slots: number,
  runs: number,
  settings: PacingSettings = abandonmentGoal,
): { readonly figures: readonly PacingFigures[]; readonly afterwards: number } {
  const [before, after] = [webVisitor(0.2), webVisitor(0.5)];
  const figures = Array.from({ length: runs }, (_, index) =>
    simulatePacing(
      {
        slots,
        draw: (random, seconds) => (seconds < JUMP_HOUR * 3_600 ? before(random) : after(random)),
        leadsPerHour: null,
        hours: JUMP_HOUR + 1,
        marks: [JUMP_HOUR, JUMP_HOUR + 0.5],
        seed: index + 1,
      },
      pacerWith({}, settings),
    ),
  );
  return { figures, afterwards: shareBetweenMarks(figures) };
}

/** Two hours of `few` leads an hour, then plenty: the share abandoned in the first half hour of plenty. */
export function burstOf(slots: number, runs: number, few: number, tuning: Partial<PacingTuning> = {}): number {
  const plenty = 400 * slots;
  const figures = Array.from({ length: runs }, (_, index) =>
    simulatePacing(
      {
        slots,
        draw: drawWebVisitor,
        leadsPerHour: (seconds) => (seconds < DROUGHT_HOURS * 3_600 ? few : plenty),
        leadsPerHourMax: plenty,
        hours: DROUGHT_HOURS + 0.5,
        marks: [DROUGHT_HOURS, DROUGHT_HOURS + 0.5],
        seed: index + 1,
      },
      pacerWith(tuning),
    ),
  );
  return shareBetweenMarks(figures);
}

/** Over all runs together. */
function shareBetweenMarks(figures: readonly PacingFigures[]): number {
  let [accepted, abandoned] = [0, 0];
  for (const { marks } of figures) {
    accepted += (marks[1]?.accepted ?? 0) - (marks[0]?.accepted ?? 0);
    abandoned += (marks[1]?.abandoned ?? 0) - (marks[0]?.abandoned ?? 0);
  }
  return abandoned / accepted;
}
