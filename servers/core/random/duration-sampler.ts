/** Draws durations from the distributions that scenario files name; the parameters are computed once, when the sampler is made. */
import { assert, assertNever } from '../assert.ts';
import type { DurationDistribution } from './duration-distribution.ts';
import { normalQuantile, sampleNormal } from './normal.ts';
import type { RandomStream } from './stream.ts';

/** Draws one duration in ms: finite, >= 0, not rounded. */
export type DurationSampler = (stream: RandomStream) => number;

/**
 * The sampler of a distribution. Exponential, lognormal and uniform are drawn by inversion, one uniform number each
 * (a larger number gives a longer duration); constant draws none; gamma draws as many as its rejection needs.
 * Parameters out of range (negative, not finite, cv <= 0, from > to) are assertions: scenario parsing refuses them before.
 */
export function createDurationSampler(distribution: DurationDistribution): DurationSampler {
  switch (distribution.kind) {
    case 'constant': {
      const meanMs = checkedMean(distribution.meanMs);
      return () => meanMs;
    }
    case 'exponential': {
      const meanMs = checkedMean(distribution.meanMs);
      return (stream) => 0 - meanMs * Math.log(1 - stream.next());
    }
    case 'lognormal':
      return createLognormal(checkedMean(distribution.meanMs), checkedCv(distribution.cv));
    case 'gamma':
      return createGamma(checkedMean(distribution.meanMs), checkedCv(distribution.cv));
    case 'uniform': {
      const { fromMs, toMs } = distribution;
      assert(
        fromMs >= 0 && toMs >= fromMs && Number.isFinite(toMs),
        `uniform needs 0 <= from <= to, got ${fromMs} to ${toMs}`,
      );
      const widthMs = toMs - fromMs;
      return (stream) => fromMs + widthMs * stream.next();
    }
    default:
      return assertNever(distribution, 'distribution');
  }
}

/** Mean of a distribution, ms. */
export function durationMeanMs(distribution: DurationDistribution): number {
  return distribution.kind === 'uniform' ? (distribution.fromMs + distribution.toMs) / 2 : distribution.meanMs;
}

function checkedMean(meanMs: number): number {
  assert(meanMs >= 0 && Number.isFinite(meanMs), `a mean is finite and >= 0, got ${meanMs}`);
  return meanMs;
}

function checkedCv(cv: number): number {
  assert(cv > 0 && Number.isFinite(cv), `a coefficient of variation is finite and > 0, got ${cv}`);
  return cv;
}

/** exp(location + scale Z) with mean m and standard deviation cv m: scale^2 = ln(1 + cv^2), location = ln m - scale^2 / 2. */
function createLognormal(meanMs: number, cv: number): DurationSampler {
  const scale = Math.sqrt(Math.log1p(cv * cv));
  const medianMs = meanMs * Math.exp((-scale * scale) / 2);
  return (stream) => medianMs * Math.exp(scale * normalQuantile(stream.next()));
}

/**
 * Gamma with shape 1 / cv^2 by Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables", ACM TOMS 26(3), 2000;
 * a shape below 1 by their remark: gamma(shape) = gamma(shape + 1) U^(1 / shape).
 */
function createGamma(meanMs: number, cv: number): DurationSampler {
  const shape = 1 / (cv * cv);
  const boosted = shape < 1;
  const d = (boosted ? shape + 1 : shape) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  const scaleMs = meanMs / shape;
  const standard = (stream: RandomStream): number => {
    for (;;) {
      const x = sampleNormal(stream);
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = 1 - stream.next();
      if (u < 1 - 0.0331 * x * x * x * x || Math.log(u) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
    }
  };
  if (!boosted) return (stream) => scaleMs * standard(stream);
  const power = 1 / shape;
  return (stream) => scaleMs * standard(stream) * (1 - stream.next()) ** power;
}
