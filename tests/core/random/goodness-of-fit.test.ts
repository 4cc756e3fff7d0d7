/** The tests of fit against printed tables, since everything random is judged by them. */
import { describe, expect, test } from 'vitest';
import { chiSquare, kolmogorovSmirnov, logGamma, normalCdf, regularizedGammaP } from './goodness-of-fit.ts';

describe('tests of fit', () => {
  test('ln Gamma equals ln (n - 1)! and ln sqrt(pi) at one half', () => {
    expect(logGamma(10)).toBeCloseTo(Math.log(362_880), 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
  });

  test.each([
    [1, 3.841459],
    [10, 18.307038],
    [100, 124.342113],
    [255, 293.247835],
  ])('the chi-square distribution with %i degrees of freedom reaches 95 %% at %d', (degrees, quantile) => {
    expect(regularizedGammaP(degrees / 2, quantile / 2)).toBeCloseTo(0.95, 6);
  });

  test('the normal distribution function meets its tabled values', () => {
    expect(normalCdf(1.959963985)).toBeCloseTo(0.975, 9);
    expect(normalCdf(-3)).toBeCloseTo(0.001349898, 9);
  });

  test('Kolmogorov-Smirnov gives 5 % at a scaled distance of 1.358', () => {
    // A sample of 10,000 evenly spaced points, moved up by a distance d, has the statistic d + 1 / 20,000.
    const distance = 1.3581 / (100 + 0.12 + 0.0011) - 1 / 20_000;
    const sample = Array.from({ length: 10_000 }, (_, index) => (index + 0.5) / 10_000);
    const fit = kolmogorovSmirnov(sample, (x) => Math.min(1, x + distance));
    expect(fit.pValue).toBeCloseTo(0.05, 4);
  });

  test('both reject a sample that leans by a tenth', () => {
    const leaning = Array.from({ length: 10_000 }, (_, index) => ((index + 0.5) / 10_000) ** 1.1);
    expect(kolmogorovSmirnov(leaning, (x) => x).pValue).toBeLessThan(1e-6);
    const observed = new Float64Array(10);
    for (const x of leaning) observed[Math.floor(x * 10)] = (observed[Math.floor(x * 10)] ?? 0) + 1;
    expect(chiSquare(observed, new Float64Array(10).fill(1000)).pValue).toBeLessThan(1e-6);
  });
});
