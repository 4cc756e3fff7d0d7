/** Pacing's promise over longer runs than the quick tests allow, from a cold start. */
import { expect, test } from 'vitest';
import { isFull } from '#tests/house/drill-counts.ts';
import { brokenPromises } from './promise-of-seeds.ts';

const SEEDS = isFull ? 30 : 15;

test.each([
  ['eight hours', ['warmup=0s', 'duration=8h']],
  ['an agent with one chat at a time', ['groups/0/capacity=1', 'groups/0/agents=10', 'warmup=0s', 'duration=4h']],
] as const)('%s: at most 3 %% abandoned in every seed', (what, set) => {
  expect(brokenPromises(what, set, SEEDS)).toEqual([]);
});
