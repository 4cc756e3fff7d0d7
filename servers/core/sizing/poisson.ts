/**
 * The Poisson distribution, exact to the last digits for any mean: how often a second brings more visits than a level.
 * Sizing sets it beside the guide's peak (mean + 4 standard deviations), which is a rule of thumb of the normal curve.
 */
import { assert } from '../assert.ts';

/**
 * P(N = count) for N ~ Poisson(mean), by C. Loader's saddle-point form ("Fast and Accurate Computation of Binomial
 * Probabilities", 2000): no large terms cancel, so the relative error stays near 1e-15 where `exp(count*ln(mean) - mean - ln(count!))`
 * loses digits as the mean grows.
 */
export function poissonProbability(mean: number, count: number): number {
  assert(mean > 0 && Number.isFinite(mean), `a Poisson mean is a positive number, got ${mean}`);
  assert(Number.isSafeInteger(count), `a count is an integer, got ${count}`);
  if (count < 0) return 0;
  if (count === 0) return Math.exp(-mean);
  return Math.exp(-stirlingError(count) - deviance(count, mean)) / Math.sqrt(2 * Math.PI * count);
}

/**
 * P(N > level) for N ~ Poisson(mean). Sums the smaller side: above the mean the terms of the tail itself, from the largest
 * down, so a tail of 1e-30 keeps its relative accuracy.
 */
export function poissonTail(mean: number, level: number): number {
  if (level < 0) return 1;
  if (level + 1 > mean) return sumUp(mean, level + 1);
  return 1 - sumDown(mean, level);
}

/** The smallest level that N ~ Poisson(mean) exceeds with a probability of at most `share` (0 < share < 1). */
export function poissonLevel(mean: number, share: number): number {
  assert(share > 0 && share < 1, `a share of seconds lies between 0 and 1, got ${share}`);
  let below = -1;
  let above = Math.max(1, Math.ceil(mean));
  while (poissonTail(mean, above) > share) {
    below = above;
    above *= 2;
  }
  while (above - below > 1) {
    const middle = Math.floor((above + below) / 2);
    if (poissonTail(mean, middle) > share) below = middle;
    else above = middle;
  }
  return above;
}

function sumUp(mean: number, from: number): number {
  let term = poissonProbability(mean, from);
  let sum = term;
  for (let count = from + 1; term > sum * Number.EPSILON * 0.01; count += 1) {
    term *= mean / count;
    sum += term;
  }
  return sum;
}

function sumDown(mean: number, from: number): number {
  let term = poissonProbability(mean, from);
  let sum = term;
  for (let count = from; count > 0 && term > sum * Number.EPSILON * 0.01; count -= 1) {
    term *= count / mean;
    sum += term;
  }
  return Math.min(1, sum);
}

/** ln(n!) - [(n + 1/2) ln n - n + ln(2 pi)/2]: what Stirling's approximation leaves. */
function stirlingError(n: number): number {
  if (n <= 15) {
    let factorial = 1;
    for (let i = 2; i <= n; i += 1) factorial *= i;
    return Math.log(factorial) - ((n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI));
  }
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
}

/** n ln(n/mean) + mean - n, without cancellation where n is close to the mean. */
function deviance(n: number, mean: number): number {
  const difference = n - mean;
  if (Math.abs(difference) >= 0.1 * (n + mean)) return n * Math.log(n / mean) + mean - n;
  const ratio = difference / (n + mean);
  let sum = difference * ratio;
  let term = 2 * n * ratio;
  for (let odd = 3; ; odd += 2) {
    term *= ratio * ratio;
    const next = sum + term / odd;
    if (next === sum) return sum;
    sum = next;
  }
}
