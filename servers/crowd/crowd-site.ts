/**
 * A site model made ready for browsing: samplers in place of weights, and the mean number of business events of each
 * page scaled so that a page view of the whole site has exactly the mean that the traffic asks for.
 */
import { present } from '#core/assert.ts';
import { createDurationSampler, durationMeanMs, type DurationSampler } from '#core/random/duration-sampler.ts';
import type { RandomStream } from '#core/random/stream.ts';
import { createWeightedChoice } from '#core/random/weighted-choice.ts';
import type { EventData } from '#core/visits/event.ts';
import type { SiteEvent, SiteModel, SitePage } from '#core/visits/site-model.ts';

type Choice = (stream: RandomStream) => number;

export interface CrowdPage {
  readonly url: string;
  readonly title: string;
  readonly dwellMs: DurationSampler;
  readonly chooseNext: Choice;
  /** Index into the site's events; undefined where none happens. */
  readonly chooseEvent: Choice | undefined;
  /** Business and identity events of one view of this page, mean. */
  readonly eventsMean: number;
  /** Share of these that are identity events. */
  readonly identityShare: number;
}

export interface CrowdEvent {
  readonly name: string;
  readonly data: (stream: RandomStream) => EventData;
}

export interface CrowdSite {
  readonly languageCode: string;
  readonly domain: string;
  readonly pages: readonly CrowdPage[];
  readonly events: readonly CrowdEvent[];
  readonly chooseEntry: Choice;
  /** Probability that a page is not the last one: 1 - 1 / visit depth. */
  readonly goOnShare: number;
  /** 0 SignIn, 1 UserInfo, 2 SignOut. */
  readonly chooseIdentity: Choice;
  /** Share of page views by page, in the long run. */
  readonly pageShares: readonly number[];
  /** Mean time on a page, ms, over page views. */
  readonly dwellMeanMs: number;
}

export interface CrowdTraffic {
  readonly visitDepth: number;
  readonly pageEvents: number;
  readonly visitEvents: number;
}

export function createCrowdSite(model: SiteModel, traffic: CrowdTraffic): CrowdSite {
  const goOnShare = 1 - 1 / traffic.visitDepth;
  const shares = pageViewShares(model.pages, goOnShare);
  const eventWeights = model.pages.map((page) => page.events.reduce((sum, event) => sum + event.weight, 0));
  const weightMean = eventWeights.reduce((sum, weight, index) => sum + weight * (shares[index] ?? 0), 0);
  const identityMean = traffic.visitEvents / traffic.visitDepth;
  const { signInShare, userInfoShare, signOutShare } = model.identities;
  return {
    languageCode: model.languageCode,
    domain: model.domain,
    pages: model.pages.map((page, index) => {
      const businessMean = weightMean === 0 ? 0 : (traffic.pageEvents * (eventWeights[index] ?? 0)) / weightMean;
      return createPage(page, model.pages.length, model.events.length, businessMean, identityMean);
    }),
    events: model.events.map((event) => ({ name: event.name, data: createEventData(event) })),
    chooseEntry: createWeightedChoice(model.pages.map((page) => page.entryWeight)),
    goOnShare,
    chooseIdentity: createWeightedChoice([signInShare, userInfoShare, signOutShare]),
    pageShares: shares,
    dwellMeanMs: model.pages.reduce((sum, page, index) => sum + durationMeanMs(page.dwell) * (shares[index] ?? 0), 0),
  };
}

function createPage(
  page: SitePage,
  pageCount: number,
  eventCount: number,
  businessMean: number,
  identityMean: number,
): CrowdPage {
  const next = Array.from({ length: pageCount }, () => 0);
  for (const link of page.next) next[link.page] = (next[link.page] ?? 0) + link.weight;
  const events = Array.from({ length: eventCount }, () => 0);
  for (const event of page.events) events[event.event] = (events[event.event] ?? 0) + event.weight;
  const eventsMean = businessMean + identityMean;
  return {
    url: page.url,
    title: page.title,
    dwellMs: createDurationSampler(page.dwell),
    chooseNext: createWeightedChoice(next),
    chooseEvent: businessMean > 0 ? createWeightedChoice(events) : undefined,
    eventsMean,
    identityShare: eventsMean === 0 ? 0 : identityMean / eventsMean,
  };
}

/**
 * Share of page views by page: the expected views of a visit that enters by the entry weights, goes on with probability
 * `goOnShare` after each page and then moves by `next`, x = entry + goOn x P, divided by the depth. Iterated until it
 * moves by less than 1e-12.
 */
export function pageViewShares(pages: readonly SitePage[], goOnShare: number): readonly number[] {
  const entrySum = pages.reduce((sum, page) => sum + page.entryWeight, 0);
  const entry = pages.map((page) => page.entryWeight / entrySum);
  const links = pages.map((page) => {
    const sum = page.next.reduce((total, link) => total + link.weight, 0);
    return page.next.map((link) => ({ page: link.page, share: link.weight / sum }));
  });
  let shares = entry;
  for (let moved = 1; moved > 1e-12;) {
    const next = entry.map((share) => share * (1 - goOnShare));
    links.forEach((from, index) => {
      for (const link of from) {
        next[link.page] = (next[link.page] ?? 0) + goOnShare * (shares[index] ?? 0) * link.share;
      }
    });
    moved = next.reduce((sum, share, index) => sum + Math.abs(share - (shares[index] ?? 0)), 0);
    shares = next;
  }
  return shares;
}

const NO_DATA: EventData = {};

/**
 * One value a field, each equally likely. Events without fields share one object; with one field, one object a value.
 */
function createEventData(event: SiteEvent): (stream: RandomStream) => EventData {
  const [first, ...rest] = event.data;
  if (first === undefined) return () => NO_DATA;
  if (rest.length === 0) {
    const choices = first.values.map((value): EventData => ({ [first.field]: value }));
    return (stream) => present(choices[Math.floor(stream.next() * choices.length)], 'event value');
  }
  return (stream) => {
    const data: Record<string, string | number | boolean> = {};
    for (const { field, values } of event.data) {
      data[field] = present(values[Math.floor(stream.next() * values.length)], 'event value');
    }
    return data;
  };
}
