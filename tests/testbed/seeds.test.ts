/**
 * Intervals over seeds: Student's quantiles against the published table, and their coverage on numbers that are known.
 */
import { expect, test } from 'vitest';
import { estimateOverSeeds, listSeeds, parseSeedChoice } from '#testbed/seeds.ts';
import { findStudentT } from '#testbed/seeds-student-t.ts';

/**
 * Two-sided quantiles as printed, e.g., in Abramowitz and Stegun, table 26.10 (three decimals), and for 95 % with more
 * digits.
 */
test.each([
  [0.95, 1, 12.7062047362],
  [0.95, 2, 4.3026527297],
  [0.95, 3, 3.1824463053],
  [0.95, 4, 2.7764451052],
  [0.95, 5, 2.5705818356],
  [0.95, 9, 2.2621571628],
  [0.95, 10, 2.228138852],
  [0.95, 19, 2.0930240544],
  [0.95, 29, 2.0452296421],
  [0.95, 30, 2.0422724563],
  [0.95, 60, 2.0002978221],
  [0.95, 120, 1.9799304051],
])('t(%d, %d) = %d', (coverage, degrees, expected) => {
  expect(findStudentT(coverage, degrees)).toBeCloseTo(expected, 8);
});

test.each([
  [0.9, 1, 6.314],
  [0.9, 19, 1.729],
  [0.99, 1, 63.657],
  [0.99, 19, 2.861],
  [0.999, 5, 6.869],
  [0.5, 7, 0.711],
])('t(%d, %d) = %d to the three decimals of the table', (coverage, degrees, expected) => {
  expect(findStudentT(coverage, degrees)).toBeCloseTo(expected, 3);
});

test('closed forms: one degree is tan(pi c / 2), two are c sqrt(2 / (1 - c^2)), and many come to the normal quantile', () => {
  for (const coverage of [0.1, 0.5, 0.9, 0.95, 0.999]) {
    expect(findStudentT(coverage, 1)).toBeCloseTo(Math.tan((Math.PI * coverage) / 2), 7);
    expect(findStudentT(coverage, 2)).toBeCloseTo(coverage * Math.sqrt(2 / (1 - coverage ** 2)), 8);
  }
  expect(findStudentT(0.95, 1e7)).toBeCloseTo(1.959963985, 6);
});

test('an interval is mean and t times the standard error, by hand for 1, 2, 3, 4', () => {
  const estimate = estimateOverSeeds([1, 2, 3, 4]);
  const half = 3.1824463053 * Math.sqrt(5 / 3 / 4);
  expect(estimate).toEqual({
    mean: 2.5,
    low: expect.closeTo(2.5 - half, 8),
    high: expect.closeTo(2.5 + half, 8),
    min: 1,
    max: 4,
  });
});

test('a single seed has no interval, seeds without data are counted, and none at all gives none', () => {
  expect(estimateOverSeeds([7])).toEqual({ mean: 7, low: null, high: null, min: 7, max: 7 });
  expect(estimateOverSeeds([7, null, 7])).toEqual({ mean: 7, low: 7, high: 7, min: 7, max: 7, noData: 1 });
  expect(estimateOverSeeds([null, null])).toBeNull();
});

test.each([
  ['20', { count: 20 }],
  ['3,5,9', { list: [3, 5, 9] }],
  ['3,', { list: [3] }],
  ['0', undefined],
  ['3,3', undefined],
  ['many', undefined],
  ['-2', undefined],
  ['1.5', undefined],
  ['', undefined],
])('--seeds %s is %o', (text, expected) => {
  expect(parseSeedChoice(text)).toEqual(expected);
});

test('a number of seeds counts up from the first', () => {
  expect(listSeeds({ count: 3 }, 7)).toEqual([7, 8, 9]);
  expect(listSeeds({ list: [4, 2] }, 7)).toEqual([4, 2]);
});
