/** The Poisson band behind the traffic: how far counts of a bucket stray by chance alone. */
import type { Expectation } from './run-feed.ts';

/** Standard deviation of the visits that start in `seconds`: a Poisson count. */
export function visitsDeviation(expectation: Expectation, seconds: number): number {
  return Math.sqrt(expectation.visitsPerSecond * seconds);
}

/**
 * Standard deviation of the events in `seconds`. Events come in visits: with E events/s, visits of exponential length
 * of mean tau and r = events of a visit / tau, Var(b) = E b + 2 E r tau^2 (b / tau - 1 + e^(-b / tau)): a Poisson count
 * for buckets short against a visit, a compound Poisson one for long buckets.
 */
export function eventsDeviation(expectation: Expectation, seconds: number): number {
  const { eventsPerSecond, visitsPerSecond, visitSeconds } = expectation;
  if (visitsPerSecond === 0 || visitSeconds === 0) return 0;
  const ratio = seconds / visitSeconds;
  const eventsPerVisit = eventsPerSecond / visitsPerSecond;
  const clustered = 2 * eventsPerSecond * eventsPerVisit * visitSeconds * (ratio - 1 + Math.exp(-ratio));
  return Math.sqrt(eventsPerSecond * seconds + clustered);
}
