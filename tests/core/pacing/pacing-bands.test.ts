/**
 * The promise where leads are plenty, against the bands of the design (docs/pacing.md) and the exact optimum: all parameters
 * learned on the run from a wrong prior. And the same checks with the pacer broken on purpose: they must fail.
 */
import { describe, expect, test } from 'vitest';
import { constrainedOptimum } from '#tests/oracles/constrained-optimum.ts';
import { inviteOnePerFreeSlot } from '#tests/oracles/invite-rules.ts';
import { drawMarkovVisitor, drawWebVisitor } from '#tests/oracles/pacing-scenarios.ts';
import { simulatePacing, type PacingFigures } from '#tests/oracles/pacing-simulator.ts';
import { jumpOf } from '#tests/core/pacing/fixture-disturbances.ts';
import {
  abandoned,
  abandonmentGoal,
  busy,
  busyGoal,
  describeFigures,
  meanOf,
  pacerWith,
  replicate,
} from '#tests/core/pacing/fixture-pacing.ts';

describe('abandonment at most 3 %, steady state, at least 4500 accepted chats a run', () => {
  test.each([
    ['W', 5, 71, 8, false, 0.875],
    ['W', 10, 34, 8, false, 0.913],
    ['W', 30, 11, 8, false, 0.96],
    ['W', 5, 71, 4, true, 0.845],
    ['W', 10, 36, 4, true, 0.877],
  ] as const)('scenario %s, %i slots', (_name, slots, hours, runs, lossModel, busyMin) => {
    const figures = replicate(runs, {
      slots,
      draw: drawWebVisitor,
      lossModel,
      leadsPerHour: null,
      hours,
      warmupHours: 2,
    });
    const said = describeFigures(figures);
    expect(Math.min(...figures.map((figure) => figure.accepted))).toBeGreaterThan(4_500);
    expect(meanOf(figures, abandoned), said).toBeGreaterThan(0.0275);
    expect(meanOf(figures, abandoned), said).toBeLessThanOrEqual(0.03);
    expect(Math.max(...figures.map(abandoned)), said).toBeLessThanOrEqual(0.0305);
    expect(meanOf(figures, busy), said).toBeGreaterThan(busyMin);
  });

  test.each([
    [5, 71, 0.015],
    [10, 34, 0.015],
  ] as const)('scenario M, %i slots: near the constrained optimum', (slots, hours, gapMax) => {
    const optimum = constrainedOptimum({
      slots,
      handleMeanSeconds: 240,
      patienceMeanSeconds: 60,
      responseMeanSeconds: 10,
      acceptShare: 0.2,
      leadsPerHour: null,
      goalShare: 0.03,
    });
    const figures = replicate(8, { slots, draw: drawMarkovVisitor, leadsPerHour: null, hours, warmupHours: 2 });
    const said = `${describeFigures(figures)}; optimum ${optimum.busyShare}`;
    expect(Math.max(...figures.map(abandoned)), said).toBeLessThanOrEqual(0.0305);
    expect(optimum.busyShare - meanOf(figures, busy), said).toBeLessThan(gapMax);
  });

  test('beats one invite for each free slot by far, with the same visitors', () => {
    for (const [slots, hours, points] of [
      [5, 30, 0.11],
      [10, 15, 0.15],
    ] as const) {
      const scenario = { slots, draw: drawWebVisitor, leadsPerHour: null, hours, warmupHours: 2, seed: 5 };
      const paced = simulatePacing(scenario, pacerWith({}));
      const progressive = simulatePacing(scenario, inviteOnePerFreeSlot());
      expect(paced.busyShare - progressive.busyShare).toBeGreaterThan(points);
    }
  });
});

describe('a hundred slots', () => {
  function hundred(gainFixed: number | null): readonly PacingFigures[] {
    const scenario = { slots: 100, draw: drawWebVisitor, leadsPerHour: null, hours: 4, warmupHours: 1 };
    return replicate(2, scenario, () => pacerWith({ gainFixed }));
  }

  test('98.7 % busy at 3 % abandonment', () => {
    const figures = hundred(null);
    expect(meanOf(figures, busy), describeFigures(figures)).toBeGreaterThan(0.987);
    expect(Math.max(...figures.map(abandoned)), describeFigures(figures)).toBeLessThanOrEqual(0.0305);
  });

  test('the check can fail: with the gain fixed at 2 the limit swings, and a point of busy time is lost', () => {
    const figures = hundred(2);
    expect(meanOf(figures, busy), describeFigures(figures)).toBeLessThan(0.981);
  });
});

describe('PREDICTIVE_B from thirty slots on, where counting and moments are as good', () => {
  const predictive = { ...abandonmentGoal, algorithm: 'PREDICTIVE_B' } as const;

  test.each([
    ['W-P', 30, 11, false, 0.96],
    ['W-L', 30, 11, true, 0.922],
    ['W-P', 100, 4, false, 0.987],
  ] as const)('%s, %i slots', (_name, slots, hours, lossModel, busyMin) => {
    const scenario = { slots, draw: drawWebVisitor, lossModel, leadsPerHour: null, hours, warmupHours: 1.5 };
    const figures = replicate(2, scenario, () => pacerWith({}, predictive));
    const said = describeFigures(figures);
    expect(meanOf(figures, abandoned), said).toBeGreaterThan(0.0275);
    expect(Math.max(...figures.map(abandoned)), said).toBeLessThanOrEqual(0.0305);
    expect(meanOf(figures, busy), said).toBeGreaterThan(busyMin);
  });

  test.each([0.75, 0.85])('busy at least %f at thirty slots, with hardly an abandonment', (goal) => {
    const figures = replicate(
      2,
      { slots: 30, draw: drawWebVisitor, leadsPerHour: null, hours: 10, warmupHours: 2 },
      () => pacerWith({}, { ...predictive, target: 'BUSY_FACTOR', goalShare: goal }),
    );
    const said = describeFigures(figures);
    expect(meanOf(figures, busy), said).toBeGreaterThanOrEqual(goal);
    expect(meanOf(figures, busy), said).toBeLessThan(goal + 0.015);
    expect(meanOf(figures, abandoned), said).toBeLessThan(0.001);
  });
});

describe('eight hours from a cold start, the whole shift counted', () => {
  test.each([
    [5, 0.019],
    [10, 0.024],
    [30, 0.027],
  ] as const)('%i slots: at most 3 % in each of 20 shifts, without hiding below it', (slots, meanMin) => {
    const figures = replicate(20, { slots, draw: drawWebVisitor, leadsPerHour: null, hours: 8 });
    const said = describeFigures(figures);
    expect(Math.max(...figures.map(abandoned)), said).toBeLessThanOrEqual(0.03);
    expect(meanOf(figures, abandoned), said).toBeGreaterThan(meanMin);
  });
});

describe('busy at least the goal', () => {
  test.each([
    [0.75, 5, 60, 0.002],
    [0.75, 10, 30, 0.0005],
    [0.85, 5, 60, 0.018],
    [0.85, 10, 30, 0.004],
  ] as const)('%f, %i slots: within 1.5 points above it, with hardly an abandonment', (goal, slots, hours, lostMax) => {
    const figures = replicate(4, { slots, draw: drawWebVisitor, leadsPerHour: null, hours, warmupHours: 2 }, () =>
      pacerWith({}, busyGoal(goal)),
    );
    const said = describeFigures(figures);
    expect(meanOf(figures, busy), said).toBeGreaterThanOrEqual(goal);
    expect(meanOf(figures, busy), said).toBeLessThan(goal + 0.015);
    expect(meanOf(figures, abandoned), said).toBeLessThan(lostMax);
  });

  test('a shift from a cold start, its first half hour cut, is not below the goal either', () => {
    const figures = replicate(
      6,
      { slots: 10, draw: drawWebVisitor, leadsPerHour: null, hours: 7.5, warmupHours: 0.5 },
      () => pacerWith({}, busyGoal(0.85)),
    );
    expect(Math.min(...figures.map(busy)), describeFigures(figures)).toBeGreaterThanOrEqual(0.85);
  });
});

describe('visitors who change', () => {
  test('the accept share jumps from 0.2 to 0.5: at most 6 % abandoned over the next half hour', () => {
    const { figures, afterwards } = jumpOf(10, 20);
    expect(afterwards, describeFigures(figures)).toBeLessThan(0.06);
    expect(Math.max(...figures.map(abandoned)), describeFigures(figures)).toBeLessThanOrEqual(0.032);
  });
});
