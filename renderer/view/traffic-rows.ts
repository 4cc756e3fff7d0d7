/** Traffic as its charts draw it: rates a second of each bucket, and the band in which pure chance would keep them. */
import type { Expectation, SeriesPoint } from '#protocol/run-feed.ts';
import { eventsDeviation, visitsDeviation } from '#protocol/traffic-band.ts';

export interface Band {
  readonly low: number;
  readonly mean: number;
  readonly high: number;
}

export interface TrafficRow {
  readonly atMs: number;
  readonly visits: number;
  readonly events: number;
  readonly visitsBand: Band;
  /** null under a changing rate: events follow arrivals by the length of a visit, and no band says how. */
  readonly eventsBand: Band | null;
}

interface RateStep {
  readonly atMs: number;
  readonly visitsPerHour: number;
}

/** About 95 of 100 buckets lie within two standard deviations. */
const DEVIATIONS = 2;

export function trafficRows(
  points: readonly SeriesPoint[],
  expectation: Expectation,
  profile: readonly RateStep[],
): TrafficRow[] {
  return points.map((point) => {
    const seconds = point.bucketMs / 1_000;
    const visitsPerSecond =
      profile.length > 0 ? meanRate(profile, point.atMs - point.bucketMs, point.atMs) : expectation.visitsPerSecond;
    const visitsSpread = (DEVIATIONS * visitsDeviation({ ...expectation, visitsPerSecond }, seconds)) / seconds;
    const eventsSpread = (DEVIATIONS * eventsDeviation(expectation, seconds)) / seconds;
    return {
      atMs: point.atMs,
      visits: point.visits / seconds,
      events: point.events / seconds,
      visitsBand: bandAround(visitsPerSecond, visitsSpread),
      eventsBand: profile.length > 1 ? null : bandAround(expectation.eventsPerSecond, eventsSpread),
    };
  });
}

function bandAround(mean: number, spread: number): Band {
  return { low: Math.max(0, mean - spread), mean, high: mean + spread };
}

/** Mean arrivals a second between two moments of a piecewise constant profile. */
export function meanRate(profile: readonly RateStep[], fromMs: number, toMs: number): number {
  let visits = 0;
  for (const [index, step] of profile.entries()) {
    const begin = Math.max(fromMs, step.atMs);
    const end = Math.min(toMs, profile[index + 1]?.atMs ?? Number.POSITIVE_INFINITY);
    if (end > begin) visits += (step.visitsPerHour / 3_600) * (end - begin);
  }
  return toMs > fromMs ? visits / (toMs - fromMs) : 0;
}
