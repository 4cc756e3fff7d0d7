/**
 * What a scenario's traffic implies: rates for the band behind the charts. Rates of the steady state; a profile's mean
 * over the run.
 */
import type { Expectation } from '#protocol/run-feed.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { createCrowdSite } from '#crowd/crowd-site.ts';

/** Mean visits per hour over the run, time-weighted. */
export function meanVisitsPerHour(scenario: Scenario): number {
  const totalMs = scenario.warmupMs + scenario.durationMs;
  const { visits } = scenario.traffic;
  let sum = 0;
  visits.forEach((step, index) => {
    const fromMs = Math.min(step.atMs, totalMs);
    const toMs = Math.min(visits[index + 1]?.atMs ?? totalMs, totalMs);
    sum += step.visitsPerHour * (toMs - fromMs);
  });
  return totalMs > 0 ? sum / totalMs : (visits[0]?.visitsPerHour ?? 0);
}

export function expectedTraffic(scenario: Scenario): Expectation {
  const { visitDepth, pageEvents, visitEvents } = scenario.traffic;
  const visitsPerSecond = meanVisitsPerHour(scenario) / 3_600;
  const eventsPerVisit = 1 + visitEvents + visitDepth * (2 + pageEvents);
  const site = createCrowdSite(scenario.site, scenario.traffic);
  return {
    visitsPerSecond,
    pageViewsPerSecond: visitsPerSecond * visitDepth,
    eventsPerSecond: visitsPerSecond * eventsPerVisit,
    eventsVariancePerSecond: visitsPerSecond * eventsSecondMoment(visitDepth, pageEvents + visitEvents / visitDepth),
    visitSeconds: (visitDepth * site.dwellMeanMs) / 1_000,
  };
}

/**
 * E[N^2] of the events N of a visit: 1 + sum over K pages of 2 + Poisson(m), K geometric with mean D, so that
 * Var N = D m + (2 + m)^2 D (D - 1). For long buckets the events of t seconds have variance (visits per second) E[N^2]
 * t (compound Poisson).
 */
function eventsSecondMoment(depth: number, eventsPerPage: number): number {
  const perPage = 2 + eventsPerPage;
  const mean = 1 + depth * perPage;
  return depth * eventsPerPage + perPage * perPage * depth * (depth - 1) + mean * mean;
}
