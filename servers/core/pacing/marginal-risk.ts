/**
 * The one currency of pacing: what one more waiting chat costs, in expected abandonments of the whole system. In a queue of n
 * with no further arrivals the next event is an abandonment with probability n theta / (S mu + n theta).
 */

/** How fast a full group drains: a slot is released, and a waiting chat gives up. */
export interface DrainRates {
  /** All slots together, S mu, per second. */
  readonly releasesPerSecond: number;
  /** One waiting chat, theta, per second; Infinity: who finds all slots busy is lost. */
  readonly abandonsPerSecond: number;
}

/** v(n): extra expected abandonments that the n-th waiting chat brings; 0 for n <= 0. */
export function marginalRisk(n: number, rates: DrainRates): number {
  if (n <= 0) return 0;
  if (rates.abandonsPerSecond === Infinity) return 1;
  const abandons = n * rates.abandonsPerSecond;
  return abandons / (rates.releasesPerSecond + abandons);
}

/** V(n) = v(1) + ... + v(n): expected abandonments of a queue of n that drains alone. */
export function drainLoss(n: number, rates: DrainRates): number {
  let loss = 0;
  for (let i = 1; i <= n; i += 1) loss += marginalRisk(i, rates);
  return loss;
}
