/** What a profile of rates leads one to expect: visits that begin in a stretch, and how many are under way. */
import type { RateStep } from '#protocol/scenario.ts';

const HOUR_MS = 3_600_000;

/** Expected visits that begin in [fromMs, toMs): the integral of the rate. */
export function countExpectedVisits(steps: readonly RateStep[], fromMs: number, toMs: number): number {
  let visits = 0;
  steps.forEach((step, index) => {
    const from = Math.max(fromMs, step.atMs);
    const to = Math.min(toMs, steps[index + 1]?.atMs ?? Number.POSITIVE_INFINITY);
    if (to > from) visits += (step.visitsPerHour * (to - from)) / HOUR_MS;
  });
  return visits;
}

/**
 * The rate of visits (per hour) that would keep as many under way as there are at a moment. With visits of exponential length of
 * mean tau the number under way follows n' = rate - n / tau; from a steady start it moves towards each step's rate as
 * e^(-t / tau). What visits do (page views, events) comes at this rate, trailing the arrivals.
 */
export function createVisitsUnderWay(steps: readonly RateStep[], visitSeconds: number): (atMs: number) => number {
  const tauMs = Math.max(1, visitSeconds * 1000);
  const starts: { readonly atMs: number; readonly rate: number; readonly level: number }[] = [];
  for (const step of steps) {
    const before = starts.at(-1);
    const level = before === undefined ? step.visitsPerHour : approach(before, step.atMs, tauMs);
    starts.push({ atMs: step.atMs, rate: step.visitsPerHour, level });
  }
  return (atMs) => {
    const start = starts.findLast((candidate) => candidate.atMs <= atMs);
    return start === undefined ? 0 : approach(start, atMs, tauMs);
  };
}

function approach(
  start: { readonly atMs: number; readonly rate: number; readonly level: number },
  atMs: number,
  tauMs: number,
): number {
  return start.rate + (start.level - start.rate) * Math.exp(-(atMs - start.atMs) / tauMs);
}
