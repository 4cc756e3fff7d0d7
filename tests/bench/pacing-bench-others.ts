/** Rows of `bench:pacing` beside the promise itself: busy goals, change, reactive visitors, a pacer broken on purpose. */
import { createPacer } from '#core/pacing/create-pacer.ts';
import type { PacingTuning } from '#core/pacing/tuning.ts';
import { burstOf, jumpOf } from '#tests/core/pacing/fixture-disturbances.ts';
import { dualFigures, meanShare } from '#tests/core/pacing/fixture-dual.ts';
import {
  abandoned,
  abandonmentGoal,
  busy,
  busyGoal,
  meanOf,
  pacerWith,
  replicate,
} from '#tests/core/pacing/fixture-pacing.ts';
import { drawWebVisitor } from '#tests/oracles/pacing-scenarios.ts';
import { type BandTable, percent } from './pacing-bench-table.ts';
import { HOURS, shortName, withAlgorithm } from './pacing-bench-promise.ts';

/** Highest abandonment at a busy goal, with patience and in the loss model: with 5, 10, and 30 slots or more. */
const LOST_MAX = {
  75: { P: [0.002, 0.0005, 0.0002], L: [0.002, 0.0005, 0.0002] },
  85: { P: [0.018, 0.004, 0.001], L: [0.033, 0.012, 0.001] },
} as const;

export function busyGoals(table: BandTable, runs: number): void {
  table.columns(`busy goal, ${Math.ceil(runs / 2)} runs`, 'slots', 'busy', 'abandoned', 'band');
  for (const goal of [75, 85] as const) {
    for (const kind of ['P', 'L'] as const) {
      for (const [index, slots] of [5, 10, 30, 100, 300].entries()) {
        const settings = withAlgorithm(slots, busyGoal(goal / 100));
        const scenario = { slots, draw: drawWebVisitor, lossModel: kind === 'L', leadsPerHour: null };
        const figures = replicate(Math.ceil(runs / 2), { ...scenario, hours: HOURS[slots] ?? 1, warmupHours: 2 }, () =>
          createPacer('chat', settings),
        );
        const share = meanOf(figures, busy);
        const lost = meanOf(figures, abandoned);
        const lostMax = LOST_MAX[goal][kind][Math.min(2, index)] ?? 0;
        table.row(
          [
            `${goal}, W-${kind} ${shortName(settings)}`,
            slots,
            percent(share),
            percent(lost),
            `${goal} to ${goal + 1.5}, abandoned <= ${percent(lostMax)}`,
          ],
          share >= goal / 100,
          share <= goal / 100 + 0.015,
          lost <= lostMax,
        );
      }
    }
  }
}

export function disturbances(table: BandTable, runs: number): void {
  table.columns('what changes', 'slots', 'runs', 'abandoned in the next half hour', 'band');
  for (const [slots, count, most] of [
    [10, 3 * runs, 0.06],
    [100, runs, 0.045],
  ] as const) {
    const { afterwards } = jumpOf(slots, count, withAlgorithm(slots, abandonmentGoal));
    table.row(
      ['accept share 0.2, then 0.5', slots, count, percent(afterwards), `<= ${percent(most)}`],
      afterwards <= most,
    );
  }
  for (const [slots, count, few] of [
    [10, 3 * runs, 250],
    [100, Math.ceil(runs / 2), 5_000],
  ] as const) {
    const share = burstOf(slots, count, few);
    table.row(['hardly any leads, then plenty', slots, count, percent(share), '<= 3.50'], share <= 0.035);
  }
}

export function duals(table: BandTable, runs: number): void {
  table.columns(
    `DUAL, goal 3 %, ${Math.ceil(runs / 2)} runs; reactive load a slot, ratio`,
    'slots',
    'abandoned of all / proactive / reactive',
    'busy proactive / reactive',
    'let in',
    'band',
  );
  for (const slots of [20, 60]) {
    for (const [load, ratio, form] of [
      [0.3, 0],
      [0.3, 0.3],
      [0.3, 0.6],
      [0.6, 0],
      [0.6, 0.3],
      [0.6, 0.6],
      [1, 0],
      [1, 0.3],
      [1, 0.6],
      [0.6, 1],
      [0.3, 0, 'faithful'],
    ] as const) {
      const faithful = form === 'faithful';
      const hours = slots === 20 ? 12 : 4;
      const figures = dualFigures({ slots, load, ratio, runs: Math.ceil(runs / 2), hours, faithful });
      const all = meanShare(figures, 'abandoned');
      const letIn = meanShare(figures, 'letIn');
      table.row(
        [
          `${load}, ${100 * ratio}${ratio > 0 ? '' : faithful ? ', faithful: all let in' : ', improved: protected'}`,
          slots,
          `${percent(all)} / ${percent(meanShare(figures, 'proactiveAbandoned'))} / ${percent(meanShare(figures, 'reactiveAbandoned'))}`,
          `${percent(meanShare(figures, 'proactiveBusy'))} / ${percent(meanShare(figures, 'reactiveBusy'))}`,
          percent(letIn),
          'all <= 3.20, busy proactive >= ratio',
        ],
        all <= 0.032,
        ratio === 1 || meanShare(figures, 'proactiveBusy') >= ratio,
        ratio < 1 || letIn === 0,
        ratio > 0 || load > 0.3 || letIn >= 0.99,
        !faithful || letIn === 1,
      );
    }
  }
}

/** Three parts taken out one by one: each must be missed, lest nobody would notice that it does nothing. */
export function broken(table: BandTable): void {
  brokenGain(table);
  brokenWindup(table);
  brokenPrice(table);
}

/**
 * With a gain that does not shrink with the group the limit swings. The design study asks for 2 points of busy time at least, of a
 * ledger without our reserve: there ours is held to it. With the reserve, which damps the swing, half a point must be seen.
 */
function brokenGain(table: BandTable): void {
  table.columns('broken on purpose, W-P, 300 slots, 2 runs', 'busy', 'instead of', 'band');
  const scenario = { slots: 300, draw: drawWebVisitor, leadsPerHour: null, hours: 2, warmupHours: 1 };
  const busyWith = (tuning: Partial<PacingTuning>): number =>
    meanOf(
      replicate(2, scenario, () => pacerWith(tuning, withAlgorithm(300, abandonmentGoal))),
      busy,
    );
  const bare = { reserveSlope: 0, useShareMin: 1 };
  for (const [name, whole, fixed, least] of [
    ['gain fixed at 2, with our reserve, which damps the swing', busyWith({}), busyWith({ gainFixed: 2 }), 0.005],
    [
      "the same in the design study's ledger: no reserve, no share used",
      busyWith(bare),
      busyWith({ ...bare, gainFixed: 2 }),
      0.02,
    ],
  ] as const) {
    table.row(
      [name, percent(fixed), percent(whole), `at least ${(100 * least).toFixed(1)} points less`],
      whole - fixed >= least,
    );
  }
}

/** Credit that nobody could spend is gathered all the same, and spent at once when leads come in plenty. */
function brokenWindup(table: BandTable): void {
  table.columns('broken on purpose: hardly any leads, then plenty, 3 runs', 'slots', 'abandoned', 'instead of', 'band');
  const [slots, few] = [100, 5_000];
  const [whole, unwound] = [burstOf(slots, 3, few), burstOf(slots, 3, few, { antiWindup: false })];
  table.row(['no anti-windup', slots, percent(unwound), percent(whole), '> 5.00'], unwound > 0.05);
}

/** Invites that cost only those who are there crowd out the reactive visitors who are still to come. */
function brokenPrice(table: BandTable): void {
  const columns = ['let in', 'instead of', 'reactive abandoned', 'instead of', 'band'];
  table.columns('broken on purpose: DUAL, 20 slots, reactive load 0.6, ratio 0, 2 runs', ...columns);
  const at = { slots: 20, load: 0.6, ratio: 0, runs: 2, hours: 8 } as const;
  const [priced, unpriced] = [dualFigures(at), dualFigures({ ...at, unpriced: true })];
  const [letIn, before] = [meanShare(unpriced, 'letIn'), meanShare(priced, 'letIn')];
  const [lost, lostBefore] = [meanShare(unpriced, 'reactiveAbandoned'), meanShare(priced, 'reactiveAbandoned')];
  table.row(
    [
      'no shadow price',
      percent(letIn),
      percent(before),
      percent(lost),
      percent(lostBefore),
      'let in < 85, abandoned more than 1.2 times as many',
    ],
    letIn < 0.85,
    lost > 1.2 * lostBefore,
  );
}
