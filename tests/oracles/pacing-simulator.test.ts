/**
 * The gates of the test simulator: closed formulas that it must meet before anything that it says about pacing is believed.
 * Intervals are four standard errors of independent replications.
 */
import { describe, expect, test } from 'vitest';
import { erlangA } from '#tests/oracles/erlang-a.ts';
import { inviteEverybody, inviteOnePerFreeSlot } from '#tests/oracles/invite-rules.ts';
import { drawMarkovVisitor, drawWebVisitor } from '#tests/oracles/pacing-scenarios.ts';
import {
  simulatePacing,
  type InviteRule,
  type PacingFigures,
  type PacingScenario,
} from '#tests/oracles/pacing-simulator.ts';

const seeds = Array.from({ length: 24 }, (_, index) => index + 1);

function run(scenario: Omit<PacingScenario, 'seed'>, create: () => InviteRule): readonly PacingFigures[] {
  return seeds.map((seed) => simulatePacing({ ...scenario, seed }, create()));
}

function expectMean(
  figures: readonly PacingFigures[],
  pick: (figures: PacingFigures) => number,
  exact: number,
  what: string,
) {
  const values = figures.map(pick);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const error = Math.sqrt(variance / values.length);
  expect(Math.abs(mean - exact), `${what}: ${mean} +- ${error}, exactly ${exact}`).toBeLessThan(4 * error);
  expect(error, `${what}: precise enough to say something`).toBeLessThan(0.04 * exact);
}

describe('displacement: invites to everybody at Poisson moments make Poisson arrivals, so Erlang A holds', () => {
  test.each([
    ['E1', 5, 32.915221, 100],
    ['E6', 30, 373.859918, 20],
  ] as const)('row %s, %i slots: abandonment, busy, waits and queue', (_row, slots, acceptedPerHour, hours) => {
    const figures = run(
      { slots, draw: drawMarkovVisitor, leadsPerHour: () => acceptedPerHour / 0.2, hours, warmupHours: 2 },
      inviteEverybody,
    );
    const exact = erlangA(slots, acceptedPerHour / 3600, 1 / 240, 1 / 60);
    expectMean(figures, (figure) => figure.abandonmentShare, exact.abandonmentShare, 'abandoned');
    expectMean(figures, (figure) => figure.busyShare, exact.busyShare, 'busy');
    expectMean(figures, (figure) => figure.waitMeanSeconds, exact.waitMeanSeconds, 'wait');
    expectMean(figures, (figure) => figure.queueMean, exact.queueMean, 'queue');
    // Little's law for the invites that are out: rate x 10 s.
    expectMean(figures, (figure) => figure.pendingMean, (acceptedPerHour / 0.2 / 3600) * 10, 'pending');
    // Whoever waits gives up at rate 1/60: P(abandon) = E[wait] / 60.
    const paired = figures.map((figure) => figure.abandonmentShare - figure.waitMeanSeconds / 60);
    const bias = paired.reduce((sum, value) => sum + value, 0) / paired.length;
    expect(Math.abs(bias)).toBeLessThan(0.003);
  });
});

describe('progressive renewal: one invite for each free slot never lets anybody wait', () => {
  test.each([
    ['M', drawMarkovVisitor, 240 / (240 + 0.5 / 0.2 + (1 / 0.2 - 1) * 10 + 10)],
    ['W', drawWebVisitor, 0.716708],
  ] as const)('scenario %s: busy = handle / (handle + time to win the next chat)', (_name, draw, exact) => {
    const figures = run({ slots: 10, draw, leadsPerHour: null, hours: 20, warmupHours: 2 }, inviteOnePerFreeSlot);
    expect(figures.every((figure) => figure.abandoned === 0)).toBe(true);
    expectMean(figures, (figure) => figure.busyShare, exact, 'busy');
  });
});

test('the same seed gives the same run, another seed another, and the rule does not change the visitors', () => {
  const scenario = { slots: 5, draw: drawWebVisitor, leadsPerHour: () => 200, hours: 5 };
  const one = simulatePacing({ ...scenario, seed: 1 }, inviteEverybody());
  expect(simulatePacing({ ...scenario, seed: 1 }, inviteEverybody())).toEqual(one);
  expect(simulatePacing({ ...scenario, seed: 2 }, inviteEverybody())).not.toEqual(one);
});
