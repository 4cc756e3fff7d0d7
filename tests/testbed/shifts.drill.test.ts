/** Pacing's promise with several chats at once and slowdown, log-ins and log-outs in mid-run, lognormal times; all sizes: `npm run bench:shifts`. */
import { describe, expect, test } from 'vitest';
import { runScenario } from '#testbed/run-scenario.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { shiftsScenario } from './shifts-scenario.ts';

const SEEDS = [701, 702, 703, 704];

function figuresOf(scenario: Scenario) {
  return SEEDS.map((seed) => runScenario(scenario, { seed }).figures);
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each([
  [10, 6],
  [25, 4],
])('%i agents with two chats at once', (agents, hours) => {
  const size = { agents, capacity: 2, hours };

  test('keep 3 % in the mean and 3.5 % in every seed, as busy as without all that but for 3 points', () => {
    const hard = figuresOf(shiftsScenario(size, true));
    const easy = figuresOf(shiftsScenario(size, false));
    const abandoned = hard.map(({ abandonmentShare }) => abandonmentShare ?? 1);
    expect(meanOf(abandoned)).toBeLessThanOrEqual(0.03);
    expect(Math.max(...abandoned)).toBeLessThanOrEqual(0.035);
    const busyOf = (figures: typeof hard): number => meanOf(figures.map(({ busyShare }) => busyShare ?? 0));
    expect(busyOf(easy) - busyOf(hard)).toBeLessThanOrEqual(0.03);
  });
});

test('the bands tell: inviting everybody breaks them', () => {
  const scenario = { ...shiftsScenario({ agents: 10, capacity: 2, hours: 1 }, true), pacedBy: 'none' as const };
  expect(Math.max(...figuresOf(scenario).map(({ abandonmentShare }) => abandonmentShare ?? 0))).toBeGreaterThan(0.1);
});
