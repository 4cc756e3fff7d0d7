/**
 * From visits to load, as the guide's chapter "Sizing Information" counts it, and how far its peak can be trusted.
 * Rates are per second.
 */
import { poissonLevel, poissonTail } from './poisson.ts';

/** What one visit and one page view bring. */
export interface TrafficMix {
  /** Mean page views of a visit. */
  readonly visitDepth: number;
  /** Mean business events of a page view. */
  readonly pageEvents: number;
  /** Mean identity events of a visit. */
  readonly visitEvents: number;
}

export interface Load {
  readonly visitsPerSecond: number;
  readonly pageViewsPerSecond: number;
  readonly eventsPerSecond: number;
  readonly requestsPerSecond: number;
}

/** Guide, "Events Rate Estimation": VisitStarted; PageEntered and PageExited. */
export const SYSTEM_EVENTS_PER_VISIT = 1;
export const SYSTEM_EVENTS_PER_PAGE_VIEW = 2;
/** Guide, "Requests Per Second": the scripts and the DSL; the categories. */
export const REQUESTS_PER_VISIT = 2;
export const REQUESTS_PER_PAGE_VIEW = 1;

/**
 * Guide, "Basic Load Estimation": events = visits x (custom visit events + 1) + page views x (custom page events + 2);
 * requests = 2 x visits + 1 x page views + events. The guide prints the last one with 1 and 2 swapped; its own prose and its
 * worked example (47 and 254 requests/s) count as here.
 */
export function estimateLoad(visitsPerSecond: number, mix: TrafficMix): Load {
  const pageViewsPerSecond = visitsPerSecond * mix.visitDepth;
  const eventsPerSecond =
    visitsPerSecond * (mix.visitEvents + SYSTEM_EVENTS_PER_VISIT) +
    pageViewsPerSecond * (mix.pageEvents + SYSTEM_EVENTS_PER_PAGE_VIEW);
  return {
    visitsPerSecond,
    pageViewsPerSecond,
    eventsPerSecond,
    requestsPerSecond:
      visitsPerSecond * REQUESTS_PER_VISIT + pageViewsPerSecond * REQUESTS_PER_PAGE_VIEW + eventsPerSecond,
  };
}

/** Requests/s by the formula as printed, factors swapped: for people who compare with the guide's text. */
export function requestsAsPrinted(load: Load): number {
  return (
    load.visitsPerSecond * REQUESTS_PER_PAGE_VIEW + load.pageViewsPerSecond * REQUESTS_PER_VISIT + load.eventsPerSecond
  );
}

/** Guide, "Peak Load Estimation": mean + 4 x sqrt(mean), four standard deviations of a Poisson flow above its mean. */
export function peakVisits(meanVisitsPerSecond: number): number {
  return meanVisitsPerSecond + 4 * Math.sqrt(meanVisitsPerSecond);
}

/** What the guide's peak is worth: how often a second brings more visits, and which levels would be exceeded seldom. */
export interface PeakCheck {
  /** Whole visits of a second that the peak still covers: floor(peak). */
  readonly visitsCovered: number;
  /** Probability that a second brings more visits than `visitsCovered`. */
  readonly exceededShare: number;
  /** Expected number of such seconds, at this rate all the time. */
  readonly exceededSecondsPerHour: number;
  readonly exceededSecondsPerDay: number;
  /** Smallest number of visits a second that is exceeded in at most one second an hour on average; and a day. */
  readonly visitsExceededOnceAnHour: number;
  readonly visitsExceededOnceADay: number;
  /**
   * Events/s four standard deviations above the mean when pages fall when visitors turn them, see `spreadEventsPeak`.
   */
  readonly spreadEventsPerSecond: number;
}

/**
 * N, the visits that start in a second, is Poisson with the given mean: P(N > floor(mean + 4 sqrt(mean))) exactly, not the
 * normal curve's 3.2e-5, which is far too low for small means.
 */
export function checkPeak(meanVisitsPerSecond: number, mix: TrafficMix): PeakCheck {
  const visitsCovered = Math.floor(peakVisits(meanVisitsPerSecond));
  const exceededShare = poissonTail(meanVisitsPerSecond, visitsCovered);
  return {
    visitsCovered,
    exceededShare,
    exceededSecondsPerHour: exceededShare * 3600,
    exceededSecondsPerDay: exceededShare * 86_400,
    visitsExceededOnceAnHour: poissonLevel(meanVisitsPerSecond, 1 / 3600),
    visitsExceededOnceADay: poissonLevel(meanVisitsPerSecond, 1 / 86_400),
    spreadEventsPerSecond: spreadEventsPeak(meanVisitsPerSecond, mix),
  };
}

/**
 * The guide lets every event of a visit fall in the second in which the visit starts. In truth page views come minutes apart.
 * On the cautious side all events of one page view still share a second, and those of a visit's start another: a compound
 * Poisson process whose variance a second is visits x E[x^2] + page views x E[y^2], with x and y = the system events and a
 * Poisson number of custom ones, so E[y^2] = (2 + custom)^2 + custom. Four standard deviations above the mean.
 */
export function spreadEventsPeak(visitsPerSecond: number, mix: TrafficMix): number {
  const load = estimateLoad(visitsPerSecond, mix);
  const variance =
    visitsPerSecond * meanSquare(SYSTEM_EVENTS_PER_VISIT, mix.visitEvents) +
    load.pageViewsPerSecond * meanSquare(SYSTEM_EVENTS_PER_PAGE_VIEW, mix.pageEvents);
  return load.eventsPerSecond + 4 * Math.sqrt(variance);
}

function meanSquare(systemEvents: number, customEvents: number): number {
  return (systemEvents + customEvents) ** 2 + customEvents;
}
