/** Draws whole numbers: Poisson and geometric counts, and integers from a range. */
import { assert } from '../assert.ts';
import type { RandomStream } from './stream.ts';

const LOG_SQRT_TWO_PI = 0.9189385332046727;

/** ln(k!) for an integer k >= 0; Stirling's series from 16 on, where its error is below 1e-13. */
function logFactorial(k: number): number {
  if (k < 16) {
    let product = 1;
    for (let factor = 2; factor <= k; factor++) product *= factor;
    return Math.log(product);
  }
  const x = k + 1;
  const inverse = 1 / x;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return (x - 0.5) * Math.log(x) - x + LOG_SQRT_TWO_PI + series;
}

/**
 * A Poisson count with this mean (>= 0, finite). Below 10 by inversion: one draw, summing probabilities upwards; from 10 by
 * PTRS, transformed rejection with squeeze (Hormann, "The transformed rejection method for generating Poisson random
 * variables", Insurance: Mathematics and Economics 12, 1993).
 */
export function samplePoisson(mean: number, stream: RandomStream): number {
  assert(mean >= 0 && Number.isFinite(mean), `a Poisson mean is finite and >= 0, got ${mean}`);
  return mean < 10 ? poissonByInversion(mean, stream) : poissonByRejection(mean, stream);
}

function poissonByInversion(mean: number, stream: RandomStream): number {
  let remaining = stream.next();
  let probability = Math.exp(-mean);
  let count = 0;
  while (remaining >= probability && probability > 0) {
    remaining -= probability;
    count++;
    probability *= mean / count;
  }
  return count;
}

function poissonByRejection(mean: number, stream: RandomStream): number {
  const logMean = Math.log(mean);
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = stream.next() - 0.5;
    const v = 1 - stream.next();
    const us = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= squeeze) return count;
    if (count < 0 || (us < 0.013 && v > us)) continue;
    const accepted = Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (us * us) + b);
    if (accepted <= -mean + count * logMean - logFactorial(count)) return count;
  }
}

/** Failures before the first success when each trial succeeds with `successShare` in (0, 1]: mean (1 - s) / s. One draw. */
export function sampleGeometric(successShare: number, stream: RandomStream): number {
  assert(successShare > 0 && successShare <= 1, `a success share lies in (0, 1], got ${successShare}`);
  if (successShare === 1) return 0;
  return Math.floor(Math.log(1 - stream.next()) / Math.log1p(-successShare)) + 0;
}

/** An integer from 0 to `count` - 1, each equally likely (to within count / 2^53). One draw. */
export function sampleIndex(count: number, stream: RandomStream): number {
  return Math.floor(stream.next() * count);
}
