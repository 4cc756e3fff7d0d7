/** The Poisson tail against exact arithmetic on whole numbers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poissonLevel, poissonProbability, poissonTail } from '#core/sizing/poisson.ts';

/**
 * The oracle: exact arithmetic on whole numbers in units of 10^-80, far from any trick of the code under test.
 * exp(-mean) by its series on mean/2^k, squared k times; the tail by adding the probabilities up.
 */
const UNIT = 10n ** 80n;

function exactProbabilities(meanInThousandths: number, count: number): bigint[] {
  const mean = (BigInt(meanInThousandths) * UNIT) / 1000n;
  const probabilities = [exactExponential(mean)];
  for (let n = 1; n <= count; n += 1) {
    const before = probabilities[n - 1] ?? 0n;
    probabilities.push((before * mean) / UNIT / BigInt(n));
  }
  return probabilities;
}

function exactExponential(mean: bigint): bigint {
  const halvings = 12n;
  const small = mean / 2n ** halvings;
  let sum = UNIT;
  let term = UNIT;
  for (let n = 1n; n < 80n; n += 1n) {
    term = (-term * small) / UNIT / n;
    sum += term;
  }
  for (let i = 0n; i < halvings; i += 1n) sum = (sum * sum) / UNIT;
  return sum;
}

function exactTail(meanInThousandths: number, level: number): number {
  const probabilities = exactProbabilities(meanInThousandths, level + 400);
  const tail = probabilities.slice(level + 1).reduce((sum, probability) => sum + probability, 0n);
  return Number(tail) / Number(UNIT);
}

describe('the Poisson distribution', () => {
  it.each([
    [833, 4],
    [833, 0],
    [1_000, 5],
    [10_000, 22],
    [25_000, 45],
    [60_000, 90],
    [60_000, 60],
    [100, 1],
    [1, 0],
  ])('has the exact tail for a mean of %i thousandths above %i', (mean, level) => {
    const exact = exactTail(mean, level);
    expect(Math.abs(poissonTail(mean / 1000, level) / exact - 1)).toBeLessThan(1e-13);
  });

  it('keeps its relative accuracy where the tail is tiny', () => {
    const exact = exactTail(10_000, 60);
    expect(exact).toBeLessThan(1e-25);
    expect(Math.abs(poissonTail(10, 60) / exact - 1)).toBeLessThan(1e-12);
  });

  it('is 1 below zero, and 1 - exp(-mean) above zero', () => {
    expect(poissonTail(3, -1)).toBe(1);
    expect(poissonTail(1e-6, 0)).toBeCloseTo(-Math.expm1(-1e-6), 18);
  });

  it('adds up to 1 for means from a thousandth to a million', () => {
    for (const mean of [0.001, 0.5, 1, 14.9, 15, 100, 12_345.6, 1e6]) {
      const spread = Math.ceil(12 * Math.sqrt(mean) + 20);
      let sum = 0;
      for (let n = Math.max(0, Math.floor(mean) - spread); n <= mean + spread; n += 1)
        sum += poissonProbability(mean, n);
      expect(sum).toBeCloseTo(1, 11);
    }
  });

  it('has a tail that falls with the level and joins both ways of summing at the mean', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 5_000, noNaN: true }),
        fc.integer({ min: 0, max: 6_000 }),
        (mean, level) => {
          const here = poissonTail(mean, level);
          const next = poissonTail(mean, level + 1);
          expect(here).toBeGreaterThanOrEqual(0);
          expect(here).toBeLessThanOrEqual(1);
          expect(here - next).toBeCloseTo(poissonProbability(mean, level + 1), 11);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('finds the smallest level whose tail is small enough', () => {
    for (const mean of [0.01, 0.8333, 4, 277.7, 277_777]) {
      for (const share of [0.5, 1 / 3600, 1 / 86_400, 1e-12]) {
        const level = poissonLevel(mean, share);
        expect(poissonTail(mean, level)).toBeLessThanOrEqual(share);
        expect(poissonTail(mean, level - 1)).toBeGreaterThan(share);
      }
    }
  });
});
