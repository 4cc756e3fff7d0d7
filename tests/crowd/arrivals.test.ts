/** Arrivals are a Poisson process, steady or along a profile. */
import { describe, expect, test } from 'vitest';
import { createRandomSource } from '#core/random/random-source.ts';
import { Arrivals, type RateStepUs } from '#crowd/arrivals.ts';

const PER_HOUR = 1 / 3_600_000_000;

function times(steps: readonly RateStepUs[], seed: number, untilUs: number): number[] {
  const arrivals = new Arrivals(steps, createRandomSource(seed).stream('arrivals'), 0);
  const found: number[] = [];
  for (let at = arrivals.next(); at < untilUs; at = arrivals.next()) found.push(at);
  return found;
}

/** Largest distance of an empirical distribution to Exp(1), times sqrt(n): above 1.95 with probability 0.001. */
function kolmogorovSmirnov(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  let distance = 0;
  sorted.forEach((value, index) => {
    const expected = 1 - Math.exp(-value);
    distance = Math.max(distance, Math.abs(expected - index / sorted.length));
    distance = Math.max(distance, Math.abs(expected - (index + 1) / sorted.length));
  });
  return distance * Math.sqrt(sorted.length);
}

function gapsOf(given: readonly number[], ratePerUs: number): number[] {
  return given.slice(1).map((at, index) => (at - (given[index] ?? 0)) * ratePerUs);
}

describe('arrivals', () => {
  test('at a steady rate the gaps are exponential (Kolmogorov-Smirnov, 30,000 of them)', () => {
    const ratePerUs = 3_000 * PER_HOUR;
    const found = times([{ atUs: 0, ratePerUs }], 11, 36_000_000_000);
    expect(found.length).toBeGreaterThan(29_000);
    expect(kolmogorovSmirnov(gapsOf(found, ratePerUs))).toBeLessThan(1.95);
  });

  test('the test of fit can fail: gaps that are a little too regular are caught', () => {
    const ratePerUs = 3_000 * PER_HOUR;
    const found = times([{ atUs: 0, ratePerUs }], 11, 36_000_000_000);
    const regular = gapsOf(found, ratePerUs).map((gap) => 0.95 * gap + 0.05);
    expect(kolmogorovSmirnov(regular)).toBeGreaterThan(1.95);
  });

  test('a profile is followed step by step: counts are Poisson with the integrated rate', () => {
    const steps = [
      { atUs: 0, ratePerUs: 1_000 * PER_HOUR },
      { atUs: 3_600_000_000, ratePerUs: 0 },
      { atUs: 7_200_000_000, ratePerUs: 20_000 * PER_HOUR },
    ];
    const found = times(steps, 5, 10_800_000_000);
    const within = (from: number, to: number) => found.filter((at) => at >= from && at < to).length;
    expect(Math.abs(within(0, 3_600_000_000) - 1_000)).toBeLessThan(4 * Math.sqrt(1_000));
    expect(within(3_600_000_000, 7_200_000_000)).toBe(0);
    expect(Math.abs(within(7_200_000_000, 10_800_000_000) - 20_000)).toBeLessThan(4 * Math.sqrt(20_000));
  });

  test('the time-changed gaps of a profile are exponential across its steps', () => {
    const steps = Array.from({ length: 200 }, (_, index) => ({
      atUs: index * 60_000_000,
      ratePerUs: (index % 2 === 0 ? 2_000 : 9_000) * PER_HOUR,
    }));
    const integrated = (at: number): number =>
      steps.reduce((sum, step, index) => {
        const end = Math.min(at, steps[index + 1]?.atUs ?? Infinity);
        return end > step.atUs ? sum + (end - step.atUs) * step.ratePerUs : sum;
      }, 0);
    const found = times(steps, 3, 12_000_000_000).map(integrated);
    expect(found.length).toBeGreaterThan(15_000);
    expect(kolmogorovSmirnov(gapsOf(found, 1))).toBeLessThan(1.95);
  });

  test('a rate that ends at zero brings nobody any more', () => {
    const arrivals = new Arrivals([{ atUs: 0, ratePerUs: 0 }], createRandomSource(1).stream('arrivals'), 0);
    expect(arrivals.next()).toBe(Infinity);
  });
});
