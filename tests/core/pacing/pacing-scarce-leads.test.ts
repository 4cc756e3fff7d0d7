/**
 * The promise where leads are scarce, as in the guide's example: about 300 usable leads an hour for ten slots, each invited or
 * lost at its arrival. Against the exact optimum for that flow of leads; short runs; supply that starves and comes back.
 */
import { describe, expect, test } from 'vitest';
import { constrainedOptimum, figuresFromEmpty, type OptimumInput } from '#tests/oracles/constrained-optimum.ts';
import { drawGuideVisitor, markovVisitor } from '#tests/oracles/pacing-scenarios.ts';
import type { PacingFigures } from '#tests/oracles/pacing-simulator.ts';
import { burstOf } from '#tests/core/pacing/fixture-disturbances.ts';
import { busy, busyGoal, describeFigures, meanOf, pacerWith, replicate } from '#tests/core/pacing/fixture-pacing.ts';

const exponential: OptimumInput & { readonly patienceMeanSeconds: number } = {
  slots: 10,
  handleMeanSeconds: 390,
  patienceMeanSeconds: 90,
  responseMeanSeconds: 10,
  acceptShare: 0.3,
  leadsPerHour: 300,
  goalShare: 0.03,
};

const refused = (figures: PacingFigures): number => figures.refusedShare;
const isBroken = (figures: PacingFigures): boolean => figures.abandonmentShare > 0.03;

describe('eight hours from an empty room', () => {
  const optimum = constrainedOptimum(exponential);
  const [strict, loose] = optimum.policies;
  const fromEmpty =
    (1 - optimum.secondTimeShare) * figuresFromEmpty(exponential, strict.pendingMaxByChats, 8).busyShare +
    optimum.secondTimeShare * figuresFromEmpty(exponential, loose.pendingMaxByChats, 8).busyShare;

  test.each([
    ['exponential throughout, as the optimum', markovVisitor(exponential)],
    ['lognormal answers and chats', drawGuideVisitor],
  ] as const)('%s: at most 3 % in every shift, busy near the optimum', (_what, draw) => {
    const figures = replicate(40, { slots: 10, draw, leadsPerHour: () => 300, hours: 8 });
    const said = `${describeFigures(figures)}; optimum ${optimum.busyShare}, from an empty room ${fromEmpty}`;
    expect(figures.filter(isBroken), said).toEqual([]);
    // Two standard errors of 40 shifts are half a point.
    expect(fromEmpty - meanOf(figures, busy), said).toBeLessThan(0.02);
    expect(meanOf(figures, refused), said).toBeGreaterThan(0.1);
    expect(meanOf(figures, refused), said).toBeLessThan(0.2);
  });
});

describe('eighty minutes from an empty room, about a hundred accepted chats', () => {
  const scenario = { slots: 10, draw: drawGuideVisitor, leadsPerHour: () => 300, hours: 4 / 3, marks: [0.5, 0.75, 1] };

  test('the share is at most 3 % at the end of each of 300 runs, and hardly ever above it on the way', () => {
    const figures = replicate(300, scenario, undefined, 1_001);
    expect(figures.filter(isBroken), describeFigures(figures)).toEqual([]);
    const onTheWay = figures.flatMap(({ marks }) => marks.filter((mark) => mark.abandoned > 0.03 * mark.accepted));
    expect(onTheWay.length).toBeLessThanOrEqual(3);
    expect(meanOf(figures, busy), describeFigures(figures)).toBeGreaterThan(0.7);
  });

  test('the check can fail: without the reserve, from a limit of three goals, it does', () => {
    const figures = replicate(300, scenario, () => pacerWith({ reserveSlope: 0, riskStartGoals: 3 }), 1_001);
    expect(figures.filter(isBroken).length, describeFigures(figures)).toBeGreaterThan(3);
  });
});

describe('two hours of hardly any leads, then plenty', () => {
  test.each([
    [10, 30, 250],
    [100, 3, 5_000],
  ] as const)('%i slots: at most 3.5 % abandoned in the first half hour of plenty', (slots, runs, few) => {
    expect(burstOf(slots, runs, few)).toBeLessThan(0.035);
  });

  test('the check can fail: with all credit gathered it does', () => {
    expect(burstOf(100, 3, 5_000, { antiWindup: false })).toBeGreaterThan(0.05);
  });
});

describe('a busy goal with scarce leads', () => {
  test('is reached where the leads suffice, by refusing none for the sake of idle slots', () => {
    const figures = replicate(
      6,
      { slots: 10, draw: drawGuideVisitor, leadsPerHour: () => 300, hours: 24, warmupHours: 2 },
      () => pacerWith({}, busyGoal(0.72)),
    );
    expect(meanOf(figures, busy), describeFigures(figures)).toBeGreaterThanOrEqual(0.72);
  });
});
