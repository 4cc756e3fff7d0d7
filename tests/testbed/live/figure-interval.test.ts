/** Means of runs beside each other, in groups and pair by pair. */
import { expect, test } from 'vitest';
import { differenceOf, intervalOf, mayBeWithin, overlap } from './figure-interval.ts';

test('the interval of three values is the mean and 4.303 standard errors', () => {
  const { mean, half } = intervalOf([1, 2, 3]);
  expect(mean).toBe(2);
  expect(half).toBeCloseTo(4.3027 / Math.sqrt(3), 3);
});

test('a shift of pairs is noticed that the groups themselves would hide', () => {
  const sim = [240, 250, 260, 270, 280];
  const live = [248, 259, 267, 279, 288];
  expect(overlap(intervalOf(live), intervalOf(sim))).toBe(true);
  expect(mayBeWithin(differenceOf(live, sim), 5)).toBe(false);
  expect(mayBeWithin(differenceOf(live, sim), 9)).toBe(true);
  expect(mayBeWithin(differenceOf(sim, sim), 0)).toBe(true);
});
