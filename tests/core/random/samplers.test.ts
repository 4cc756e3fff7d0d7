/**
 * Every sampler against the closed form of its distribution: moments within four standard errors, and a test of fit.
 */
import { describe, expect, test } from 'vitest';
import { sampleGeometric, sampleIndex, samplePoisson } from '#core/random/count-sampler.ts';
import type { DurationDistribution } from '#core/random/duration-distribution.ts';
import { createDurationSampler, durationMeanMs } from '#core/random/duration-sampler.ts';
import { normalQuantile, sampleNormal } from '#core/random/normal.ts';
import { createRandomSource } from '#core/random/random-source.ts';
import type { RandomStream } from '#core/random/stream.ts';
import { createWeightedChoice } from '#core/random/weighted-choice.ts';
import {
  chiSquare,
  chiSquareOfCounts,
  kolmogorovSmirnov,
  logGamma,
  normalCdf,
  regularizedGammaP,
} from './goodness-of-fit.ts';

const SEED = 4711;
const COUNT = 200_000;
const P_MIN = 1e-4;

function drawMany(name: string, sampler: (stream: RandomStream) => number): number[] {
  const stream = createRandomSource(SEED).stream(name);
  return Array.from({ length: COUNT }, () => sampler(stream));
}

function momentsOf(sample: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = sample.reduce((sum, x) => sum + x, 0) / sample.length;
  return { mean, variance: sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (sample.length - 1) };
}

interface Case {
  readonly distribution: DurationDistribution;
  readonly cv: number;
  readonly cdf: (x: number) => number;
}

function lognormalCdf(meanMs: number, cv: number): (x: number) => number {
  const scale = Math.sqrt(Math.log(1 + cv * cv));
  return (x) => normalCdf((Math.log(x / meanMs) + (scale * scale) / 2) / scale);
}

function gammaCdf(meanMs: number, cv: number): (x: number) => number {
  const shape = 1 / (cv * cv);
  return (x) => regularizedGammaP(shape, (x * shape) / meanMs);
}

const CASES: readonly Case[] = [
  { distribution: { kind: 'exponential', meanMs: 90_000 }, cv: 1, cdf: (x) => 1 - Math.exp(-x / 90_000) },
  { distribution: { kind: 'lognormal', meanMs: 360_000, cv: 0.8 }, cv: 0.8, cdf: lognormalCdf(360_000, 0.8) },
  { distribution: { kind: 'lognormal', meanMs: 8_000, cv: 1 }, cv: 1, cdf: lognormalCdf(8_000, 1) },
  {
    distribution: { kind: 'gamma', meanMs: 8_000, cv: Math.SQRT1_2 },
    cv: Math.SQRT1_2,
    cdf: gammaCdf(8_000, Math.SQRT1_2),
  },
  { distribution: { kind: 'gamma', meanMs: 500, cv: 0.1 }, cv: 0.1, cdf: gammaCdf(500, 0.1) },
  { distribution: { kind: 'gamma', meanMs: 5_000, cv: 1.5 }, cv: 1.5, cdf: gammaCdf(5_000, 1.5) },
  {
    distribution: { kind: 'uniform', fromMs: 1_000, toMs: 5_000 },
    cv: 4_000 / Math.sqrt(12) / 3_000,
    cdf: (x) => (x - 1_000) / 4_000,
  },
];

describe(`samplers of durations with seed ${SEED}`, () => {
  test.each(CASES)('$distribution.kind of cv $cv has its mean, its spread and its distribution function', (given) => {
    const meanMs = durationMeanMs(given.distribution);
    const sample = drawMany(`${given.distribution.kind} ${given.cv}`, createDurationSampler(given.distribution));
    const { mean, variance } = momentsOf(sample);
    expect(Math.abs(mean - meanMs)).toBeLessThan((4 * given.cv * meanMs) / Math.sqrt(COUNT));
    const fourth = momentsOf(sample.map((x) => (x - mean) ** 2));
    expect(Math.abs(variance - (given.cv * meanMs) ** 2)).toBeLessThan(4 * Math.sqrt(fourth.variance / COUNT));
    expect(kolmogorovSmirnov(sample, given.cdf).pValue).toBeGreaterThan(P_MIN);
  });

  test('a wrong cv or mean is caught by the same test of fit', () => {
    const sample = drawMany('wrong', createDurationSampler({ kind: 'gamma', meanMs: 500, cv: 0.5 }));
    expect(kolmogorovSmirnov(sample, gammaCdf(500, 0.51)).pValue).toBeLessThan(P_MIN);
    expect(kolmogorovSmirnov(sample, gammaCdf(504, 0.5)).pValue).toBeLessThan(P_MIN);
    expect(kolmogorovSmirnov(sample, lognormalCdf(500, 0.5)).pValue).toBeLessThan(P_MIN);
  });

  test('a constant is constant and draws nothing', () => {
    const sampler = createDurationSampler({ kind: 'constant', meanMs: 1_500 });
    const untouchable: RandomStream = {
      next: () => {
        throw new Error('a constant drew a number');
      },
    };
    expect(sampler(untouchable)).toBe(1_500);
  });

  test.each(['exponential', 'lognormal', 'uniform'] as const)('%s draws one number each and grows with it', (kind) => {
    const distribution: DurationDistribution =
      kind === 'uniform'
        ? { kind, fromMs: 0, toMs: 9 }
        : kind === 'lognormal'
          ? { kind, meanMs: 3, cv: 2 }
          : { kind, meanMs: 3 };
    const sampler = createDurationSampler(distribution);
    let drawn = 0;
    const at = (x: number): number =>
      sampler({
        next: () => {
          drawn++;
          return x;
        },
      });
    const durations = [0, 2 ** -53, 0.1, 0.5, 0.9, 1 - 2 ** -53].map(at);
    expect(drawn).toBe(6);
    expect(durations.every(Number.isFinite)).toBe(true);
    expect(durations).toEqual([...durations].sort((a, b) => a - b));
    expect(Object.is(durations[0], 0)).toBe(true);
  });

  test.each<DurationDistribution>([
    { kind: 'exponential', meanMs: -1 },
    { kind: 'constant', meanMs: NaN },
    { kind: 'lognormal', meanMs: 1, cv: 0 },
    { kind: 'gamma', meanMs: 1, cv: Infinity },
    { kind: 'uniform', fromMs: 2, toMs: 1 },
    { kind: 'uniform', fromMs: -2, toMs: 1 },
  ])('refuses the impossible $kind', (distribution) => {
    expect(() => createDurationSampler(distribution)).toThrow('assertion failed');
  });
});

describe('normal numbers', () => {
  test.each([
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167814],
    [1e-20, -9.262340089798407],
    [0.5, 0],
    [0.975, 1.959963984540054],
  ])('the quantile at %d is the one printed for AS 241 and in tables, %d', (p, expected) => {
    expect(normalQuantile(p)).toBeCloseTo(expected, 13);
  });

  test('the quantile is infinite at 0 and 1 and odd about one half', () => {
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    for (const p of [0.01, 0.07, 0.2, 0.4]) expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 13);
  });

  test('are normal', () => {
    expect(kolmogorovSmirnov(drawMany('normal', sampleNormal), normalCdf).pValue).toBeGreaterThan(P_MIN);
  });
});

describe(`samplers of counts with seed ${SEED}`, () => {
  test.each([0.2, 3, 9.99, 10, 47, 1_000, 1e6])('Poisson of mean %d has its probabilities', (mean) => {
    const sample = drawMany(`poisson ${mean}`, (stream) => samplePoisson(mean, stream));
    const moments = momentsOf(sample);
    expect(Math.abs(moments.mean - mean)).toBeLessThan(4 * Math.sqrt(mean / COUNT));
    expect(Math.abs(moments.variance / mean - 1)).toBeLessThan(4 * Math.sqrt((2 + 1 / mean) / COUNT));
    if (mean > 1_000) return;
    const probabilityOf = (k: number): number => Math.exp(k * Math.log(mean) - mean - logGamma(k + 1));
    expect(chiSquareOfCounts(sample, probabilityOf).pValue).toBeGreaterThan(P_MIN);
    const shifted = sample.map((count) => count + (count % 20 === 0 ? 1 : 0));
    expect(chiSquareOfCounts(shifted, probabilityOf).pValue).toBeLessThan(P_MIN);
  });

  test('Poisson of mean 0 is 0', () => {
    expect(samplePoisson(0, createRandomSource(1).stream('zero'))).toBe(0);
  });

  test.each([0.01, 0.2, 0.9])('geometric of success share %d has its probabilities', (share) => {
    const sample = drawMany(`geometric ${share}`, (stream) => sampleGeometric(share, stream));
    expect(chiSquareOfCounts(sample, (k) => share * (1 - share) ** k).pValue).toBeGreaterThan(P_MIN);
  });

  test('geometric of certain success is 0, and never minus 0', () => {
    const zero: RandomStream = { next: () => 0 };
    expect(Object.is(sampleGeometric(1, zero), 0)).toBe(true);
    expect(Object.is(sampleGeometric(0.5, zero), 0)).toBe(true);
  });

  test.each([1, 3, 7, 1000])('an index below %i is each equally likely and never out of range', (count) => {
    const sample = drawMany(`index ${count}`, (stream) => sampleIndex(count, stream));
    expect(Math.max(...new Set(sample))).toBeLessThan(count);
    const fit = count === 1 ? 1 : chiSquareOfCounts(sample, (k) => (k < count ? 1 / count : 0)).pValue;
    expect(fit).toBeGreaterThan(P_MIN);
    expect(sampleIndex(count, { next: () => 1 - 2 ** -53 })).toBe(count - 1);
  });
});

describe(`weighted choice with seed ${SEED}`, () => {
  test.each([
    [[1]],
    [[1, 1]],
    [[0, 3, 0, 1, 0]],
    [[0.1, 0.2, 0.3, 0.4]],
    [[1e-3, 1, 1000]],
    [Array.from({ length: 57 }, (_, index) => 1 / (index + 1))],
  ])('of %j chooses each by its weight and never one of weight 0', (weights) => {
    const choose = createWeightedChoice(weights);
    const counts = new Float64Array(weights.length);
    const stream = createRandomSource(SEED).stream(`choice ${weights.length}`);
    for (let index = 0; index < COUNT; index++) {
      const chosen = choose(stream);
      counts[chosen] = (counts[chosen] ?? 0) + 1;
    }
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const likely = weights.flatMap((weight, index) => ((weight / sum) * COUNT >= 5 ? [index] : []));
    expect(weights.some((weight, index) => weight === 0 && counts[index] !== 0)).toBe(false);
    if (likely.length < 2) return;
    const observed = likely.map((index) => counts[index] ?? 0);
    const total = observed.reduce((all, count) => all + count, 0);
    const likelySum = likely.reduce((all, index) => all + (weights[index] ?? 0), 0);
    const expected = likely.map((index) => ((weights[index] ?? 0) / likelySum) * total);
    expect(chiSquare(observed, expected).pValue).toBeGreaterThan(P_MIN);
  });

  test('draws one number a choice', () => {
    let drawn = 0;
    const choose = createWeightedChoice([1, 2, 3]);
    for (let index = 0; index < 10; index++) {
      choose({
        next: () => {
          drawn++;
          return index / 10;
        },
      });
    }
    expect(drawn).toBe(10);
  });

  test.each([[[]], [[0, 0]], [[1, -1]], [[1, NaN]], [[Infinity]]])('refuses the weights %j', (weights) => {
    expect(() => createWeightedChoice(weights)).toThrow('assertion failed');
  });
});
