/**
 * Arrival rates over time from counts, such as a server's requests a minute: a real day's shape at the size that is
 * wanted.
 */
import type { RateStep } from '#protocol/scenario.ts';

export interface CountedTraffic {
  /** One count an interval, in order, each >= 0. */
  readonly counts: readonly number[];
  readonly everyMs: number;
  /** Rates are means over stretches of so long, a multiple of `everyMs`; `everyMs` itself keeps every interval. */
  readonly averageMs: number;
  readonly scale: number;
  /** What was counted. */
  readonly unit: 'visits' | 'pageViews';
  readonly pageViewsPerVisit: number;
}

const HOUR_MS = 3_600_000;

/**
 * Visits per hour of a stretch = counts / hours of the stretch x scale, divided by the page views of a visit where page
 * views were counted. A last, shorter stretch is averaged over its own length. Equal neighbours become one step.
 */
export function createRateSteps(traffic: CountedTraffic): RateStep[] {
  const stride = Math.max(1, Math.round(traffic.averageMs / traffic.everyMs));
  const perVisit = traffic.unit === 'pageViews' ? traffic.pageViewsPerVisit : 1;
  const steps: RateStep[] = [];
  for (let first = 0; first < traffic.counts.length; first += stride) {
    const counts = traffic.counts.slice(first, first + stride);
    const hours = (counts.length * traffic.everyMs) / HOUR_MS;
    const total = counts.reduce((sum, count) => sum + count, 0);
    const visitsPerHour = (total / hours / perVisit) * traffic.scale;
    if (steps.at(-1)?.visitsPerHour !== visitsPerHour) steps.push({ atMs: first * traffic.everyMs, visitsPerHour });
  }
  return steps;
}
