/**
 * Probabilities of whole numbers in an array, for the exact backlog: binomial, Poisson, one more zero-one variable, the sum of
 * two, a cap. Direct convolution is stable (Biscarri, Zhao, Brunner 2018). Cells below 1e-16 are cut.
 */
const cellMin = 1e-16;

/** Probabilities of consecutive integers; cells outside low..high hold nothing. */
export interface LatticeDistribution {
  cells: Float64Array;
  low: number;
  high: number;
}

export function createLattice(cells: number): LatticeDistribution {
  return { cells: new Float64Array(cells), low: 0, high: 0 };
}

/** Room for so many cells; what they hold stays. */
export function reserveCells(distribution: LatticeDistribution, cells: number): void {
  if (cells <= distribution.cells.length) return;
  const larger = new Float64Array(2 * cells);
  larger.set(distribution.cells);
  distribution.cells = larger;
}

/** Cells become Binomial(count, share). */
export function fillBinomial(distribution: LatticeDistribution, count: number, share: number): void {
  const odds = share / (1 - share);
  const mode = Math.min(count, Math.floor((count + 1) * share));
  fillOutwards(distribution, mode, count, {
    above: (i) => ((count - i) / (i + 1)) * odds,
    below: (i) => i / ((count - i + 1) * odds),
  });
}

/** Cells become Poisson(mean). */
export function fillPoisson(distribution: LatticeDistribution, mean: number): void {
  const mode = Math.floor(mean);
  reserveCells(distribution, mode + Math.ceil(12 * Math.sqrt(mean + 1)) + 32);
  const top = distribution.cells.length - 1;
  fillOutwards(distribution, mode, top, { above: (i) => mean / (i + 1), below: (i) => i / mean });
}

/** From the mode outwards, so that nothing underflows; `above` and `below`: what a neighbour holds of what cell i does. */
function fillOutwards(
  distribution: LatticeDistribution,
  mode: number,
  top: number,
  { above, below }: { readonly above: (i: number) => number; readonly below: (i: number) => number },
): void {
  const { cells } = distribution;
  let low = mode;
  let high = mode;
  let sum = 1;
  cells[mode] = 1;
  for (let p = 1; high < top; high += 1) {
    p *= above(high);
    if (!(p > cellMin)) break;
    cells[high + 1] = p;
    sum += p;
  }
  for (let p = 1; low > 0; low -= 1) {
    p *= below(low);
    if (!(p > cellMin)) break;
    cells[low - 1] = p;
    sum += p;
  }
  for (let i = low; i <= high; i += 1) cells[i] = (cells[i] ?? 0) / sum;
  distribution.low = low;
  distribution.high = high;
}

/** One more variable that is 1 with `share`, else 0; needs a cell beyond `high`. */
export function addBernoulli(distribution: LatticeDistribution, share: number): void {
  if (share <= 0) return;
  const { cells, low, high } = distribution;
  const stays = 1 - share;
  let here = cells[high] ?? 0;
  cells[high + 1] = here * share;
  for (let i = high; i > low; i -= 1) {
    const below = cells[i - 1] ?? 0;
    cells[i] = here * stays + below * share;
    here = below;
  }
  cells[low] = here * stays;
  distribution.high = high + 1;
  cutTails(distribution);
}

/** The sum of two: `one` becomes it, through a scratch array that changes places with its cells and is returned. */
export function addDistribution(
  one: LatticeDistribution,
  other: LatticeDistribution,
  scratch: Float64Array,
): Float64Array {
  const { cells } = one;
  const low = one.low + other.low;
  const high = one.high + other.high;
  const length = Math.max(cells.length, high + 2);
  const product = scratch.length >= length ? scratch : new Float64Array(length);
  for (let i = low; i <= high; i += 1) product[i] = 0;
  for (let i = other.low; i <= other.high; i += 1) {
    const share = other.cells[i] ?? 0;
    for (let k = one.low; k <= one.high; k += 1) product[i + k] = (product[i + k] ?? 0) + share * (cells[k] ?? 0);
  }
  one.cells = product;
  one.low = low;
  one.high = high;
  cutTails(one);
  return cells;
}

/** What lies above `top` (>= 0) is put on it. */
export function capAt(distribution: LatticeDistribution, top: number): void {
  const { cells, low, high } = distribution;
  if (high <= top) return;
  let mass = 0;
  for (let i = Math.max(low, top); i <= high; i += 1) mass += cells[i] ?? 0;
  cells[top] = mass;
  distribution.high = top;
  distribution.low = Math.min(low, top);
}

export function meanOfLattice({ cells, low, high }: LatticeDistribution): number {
  let mean = 0;
  for (let i = low; i <= high; i += 1) mean += i * (cells[i] ?? 0);
  return mean;
}

export function varianceOfLattice(distribution: LatticeDistribution): number {
  const { cells, low, high } = distribution;
  const mean = meanOfLattice(distribution);
  let variance = 0;
  for (let i = low; i <= high; i += 1) variance += (i - mean) ** 2 * (cells[i] ?? 0);
  return variance;
}

function cutTails(distribution: LatticeDistribution): void {
  const { cells } = distribution;
  while (distribution.high > distribution.low && (cells[distribution.high] ?? 0) < cellMin) distribution.high -= 1;
  while (distribution.high > distribution.low && (cells[distribution.low] ?? 0) < cellMin) distribution.low += 1;
}
