/** Tests of fit for random numbers: Kolmogorov-Smirnov and chi-square with their p-values, and the functions these need. */

/** ln Gamma(x), x > 0: Lanczos's approximation with g = 7 and nine terms, relative error below 1e-13. */
export function logGamma(x: number): number {
  const coefficients = [
    0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
    12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  const shifted = x - 1;
  let sum = coefficients[0] ?? 1;
  for (let index = 1; index < coefficients.length; index++) sum += (coefficients[index] ?? 0) / (shifted + index);
  const t = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The regularised lower incomplete gamma function P(shape, x): series below shape + 1, Lentz's continued fraction above (DLMF 8.7, 8.9). */
export function regularizedGammaP(shape: number, x: number): number {
  if (x <= 0) return 0;
  const front = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  if (x < shape + 1) {
    let term = 1 / shape;
    let sum = term;
    for (let n = 1; term > sum * 1e-16; n++) {
      term *= x / (shape + n);
      sum += term;
    }
    return front * sum;
  }
  let b = x + 1 - shape;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 10_000; n++) {
    const a = -n * (n - shape);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return 1 - front * fraction;
}

export function normalCdf(x: number): number {
  const half = regularizedGammaP(0.5, (x * x) / 2) / 2;
  return x < 0 ? 0.5 - half : 0.5 + half;
}

export interface Fit {
  readonly statistic: number;
  /** Chance of a statistic at least as large when the numbers do have the distribution. */
  readonly pValue: number;
}

/** One-sample Kolmogorov-Smirnov against a continuous distribution function; p-value by Kolmogorov's limit with Stephens's correction for finite n. */
export function kolmogorovSmirnov(sample: readonly number[], cdf: (x: number) => number): Fit {
  const count = sample.length;
  let distance = 0;
  Float64Array.from(sample)
    .sort()
    .forEach((x, index) => {
      const share = cdf(x);
      distance = Math.max(distance, share - index / count, (index + 1) / count - share);
    });
  const root = Math.sqrt(count);
  const scaled = distance * (root + 0.12 + 0.11 / root);
  let pValue = 0;
  for (let k = 1; k <= 100; k++) pValue += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * scaled * scaled);
  return { statistic: distance, pValue: scaled < 0.2 ? 1 : Math.min(1, Math.max(0, pValue)) };
}

/** Pearson's chi-square of counts against expected counts (each at least 5, same total); `categories - 1` degrees of freedom. */
export function chiSquare(observed: ArrayLike<number>, expected: ArrayLike<number>): Fit {
  let statistic = 0;
  for (let index = 0; index < expected.length; index++) {
    const wanted = expected[index] ?? 0;
    if (wanted < 5) throw new Error(`expected count ${wanted} in category ${index} is below 5`);
    statistic += ((observed[index] ?? 0) - wanted) ** 2 / wanted;
  }
  return { statistic, pValue: 1 - regularizedGammaP((expected.length - 1) / 2, statistic / 2) };
}

/** Counts whole numbers by category, the last category holding everything from `categories - 1` up, and tests them against their probabilities. */
export function chiSquareOfCounts(sample: readonly number[], probabilityOf: (value: number) => number): Fit {
  const expected: number[] = [];
  let remaining = sample.length;
  for (let value = 0; ; value++) {
    const wanted = sample.length * probabilityOf(value);
    if (remaining - wanted < 5) break;
    expected.push(wanted);
    remaining -= wanted;
  }
  expected.push(remaining);
  const merged = mergeSmall(expected);
  const observed = new Float64Array(merged.length);
  for (const value of sample) {
    const category = merged.findIndex(({ upTo }) => value <= upTo);
    observed[category] = (observed[category] ?? 0) + 1;
  }
  return chiSquare(
    observed,
    merged.map(({ wanted }) => wanted),
  );
}

interface Category {
  readonly upTo: number;
  readonly wanted: number;
}

/** Joins neighbouring values until each category expects at least 5; the last one is open to the right. */
function mergeSmall(expected: readonly number[]): readonly Category[] {
  const merged: Category[] = [];
  let wanted = 0;
  expected.forEach((share, value) => {
    wanted += share;
    if (wanted < 5 && value < expected.length - 1) return;
    merged.push({ upTo: value < expected.length - 1 ? value : Infinity, wanted });
    wanted = 0;
  });
  return merged;
}

/** Pearson's correlation of two samples of equal length. */
export function correlation(first: readonly number[], second: readonly number[]): number {
  const count = first.length;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / count;
  const firstMean = mean(first);
  const secondMean = mean(second);
  let covariance = 0;
  let firstSquares = 0;
  let secondSquares = 0;
  first.forEach((value, index) => {
    const x = value - firstMean;
    const y = (second[index] ?? 0) - secondMean;
    covariance += x * y;
    firstSquares += x * x;
    secondSquares += y * y;
  });
  return covariance / Math.sqrt(firstSquares * secondSquares);
}
