/** Pacing's promise over more seeds than the quick tests allow. */
import { expect, test } from 'vitest';
import { isFull } from '#tests/house/drill-counts.ts';
import { brokenPromises } from './promise-of-seeds.ts';

test.each([
  ['the busy hour', [], isFull ? 200 : 100],
  ['half of the agents', ['groups/0/agents=3'], isFull ? 100 : 50],
] as const)('%s: at most 3 %% abandoned in all but one in a hundred seeds', (what, set, seeds) => {
  expect(brokenPromises(what, set, seeds).length).toBeLessThanOrEqual(seeds / 100);
});
