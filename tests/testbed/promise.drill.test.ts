/** Pacing's promise over more seeds and longer runs than the quick tests allow. */
import { describe, expect, test } from 'vitest';
import { runScenario } from '#testbed/run-scenario.ts';
import { isFull } from '#tests/house/drill-counts.ts';
import { guideExample } from './guide-example.ts';

const LONG_SEEDS = isFull ? 30 : 15;

describe('the promise of pacing', () => {
  test.each([
    ['the busy hour', [], isFull ? 200 : 100],
    ['half of the agents', ['groups/0/agents=3'], isFull ? 100 : 50],
    ['eight hours from a cold start', ['warmup=0s', 'duration=8h'], LONG_SEEDS],
    [
      'an agent with one chat at a time',
      ['groups/0/capacity=1', 'groups/0/agents=10', 'warmup=0s', 'duration=4h'],
      LONG_SEEDS,
    ],
  ] as const)('%s: at most 3 %% abandoned in all but one in a hundred seeds', (what, set, seeds) => {
    const scenario = guideExample(set);
    const shares = Array.from({ length: seeds }, (_, index) => {
      const { figures } = runScenario(scenario, { seed: 1_001 + index });
      return figures.abandonmentShare ?? 0;
    });
    const broken = shares.flatMap((share, index) => (share > 0.03 ? [`${1_001 + index}: ${share.toFixed(4)}`] : []));
    const mean = shares.reduce((sum, share) => sum + share, 0) / seeds;
    console.log(
      `${what}: mean ${(mean * 100).toFixed(2)} %, over the goal: ${broken.join(', ') || 'none'} of ${seeds}`,
    );
    expect(broken.length).toBeLessThanOrEqual(seeds / 100);
  });
});
