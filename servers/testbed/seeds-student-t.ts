/**
 * Quantiles of Student's t distribution, for intervals over a few seeds. Sources: Abramowitz and Stegun, Handbook of
 * Mathematical Functions, 26.7.1 (t through the incomplete beta function) and 26.5.8 (its continued fraction, evaluated by
 * Lentz's method); log gamma after Lanczos with g = 7, n = 9 (relative error below 1e-13).
 */
import { assert } from '#core/assert.ts';

/** The t with P(|T| <= t) = `coverage`, 0 < coverage < 1, for `degrees` > 0 degrees of freedom; error below 1e-9. */
export function findStudentT(coverage: number, degrees: number): number {
  assert(coverage > 0 && coverage < 1, `a coverage lies between 0 and 1, got ${coverage}`);
  assert(degrees > 0, `degrees of freedom are above 0, got ${degrees}`);
  let low = 0;
  let high = 1;
  while (coverWithin(high, degrees) < coverage) high *= 2;
  for (let step = 0; step < 200 && high - low > 1e-12 * high; step += 1) {
    const middle = (low + high) / 2;
    if (coverWithin(middle, degrees) < coverage) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(|T| <= t) = 1 - I_x(degrees / 2, 1 / 2) with x = degrees / (degrees + t^2). */
function coverWithin(t: number, degrees: number): number {
  return 1 - incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** The regularized incomplete beta function I_x(a, b), 0 <= x <= 1. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  // The fraction converges fast below the mean; above it the symmetry I_x(a, b) = 1 - I_{1-x}(b, a) is used.
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a;
  return 1 - (front * betaFraction(1 - x, b, a)) / b;
}

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return fraction;
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** log of the gamma function, x > 0. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  let sum: number = LANCZOS[0];
  for (let index = 1; index < LANCZOS.length; index += 1) sum += (LANCZOS[index] ?? 0) / (z + index);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}
