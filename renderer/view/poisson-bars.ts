/** How many visits start in a second, and how often: the Poisson distribution as bars for a chart. */

export interface PoissonBar {
  readonly visits: number;
  /** Share of all seconds. */
  readonly share: number;
  readonly isAbovePeak: boolean;
}

/** P(N = k) = e^-mean mean^k / k!, from where it matters to well above `peak`. In logarithms: no mean is too large. */
export function poissonBars(mean: number, peak: number): readonly PoissonBar[] {
  const spread = Math.sqrt(mean);
  const from = Math.max(0, Math.floor(mean - 5 * spread));
  const to = Math.max(Math.ceil(peak) + 3, Math.ceil(mean + 6 * spread));
  const bars: PoissonBar[] = [];
  let logFactorial = 0;
  for (let k = 1; k <= from; k += 1) logFactorial += Math.log(k);
  for (let visits = from; visits <= to; visits += 1) {
    if (visits > from) logFactorial += Math.log(visits);
    const share = Math.exp(visits * Math.log(mean) - mean - logFactorial);
    bars.push({ visits, share, isAbovePeak: visits > Math.floor(peak) });
  }
  return bars;
}
