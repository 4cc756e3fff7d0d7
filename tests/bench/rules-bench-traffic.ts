/**
 * The traffic of the rules benchmark: visits under way at the same time, each walking to and fro between a few of a site's pages.
 * Events are made beforehand, so that a round costs what the rules cost and no more.
 */
import { createRandomSource } from '#core/random/random-source.ts';
import type { RandomStream } from '#core/random/stream.ts';
import type { VisitEvent } from '#core/visits/event.ts';

/** Pages of the site in the usual traffic, each a category of its own. */
export const PAGES = 40;
export const BUSINESS_EVENTS = [
  'AddToCart',
  'Search',
  'Filter',
  'Compare',
  'Review',
  'Wishlist',
  'Coupon',
  'Availability',
  'SizeGuide',
  'Share',
] as const;
/** Before the first event of any traffic, epoch ms. */
export const STARTS_AT = 1_772_438_400_000;

const ITEMS = 200;
const PAGES_OF_A_VISIT = 6;
const BUSINESS_SHARE = 0.05;
const GAP_MEAN_MS = 40_000;

export interface TrafficSettings {
  /** Visits under way at any time. */
  readonly underWay: number;
  readonly events: number;
  /** Events of a visit, in whose place another begins then; Infinity: a visit lasts to the end. */
  readonly visitLength?: number;
  /** Sites of PAGES pages each between which the visits are divided; all but the first have names of their own. */
  readonly sites?: number;
}

export interface Traffic {
  /** In order of arrival; the times of one visit's events all differ. */
  readonly events: readonly VisitEvent[];
  /** Number of each event's visit. */
  readonly visitOf: Int32Array;
  readonly visits: number;
  readonly longestVisit: number;
}

export function categoryOf(page: number, site = 0): string {
  return site === 0 ? `page-${page}` : `page-${page}-of-${site}`;
}

export function businessEventOf(kind: number, site = 0): string {
  const name = BUSINESS_EVENTS[kind % BUSINESS_EVENTS.length] ?? '';
  return site === 0 ? name : `${name}-of-${site}`;
}

interface Lane {
  visit: number;
  site: number;
  left: number;
  lastAt: number;
  pages: readonly number[];
}

/** A visit's next event comes after 40 s in the mean, exponentially distributed. Equal settings and seed give equal traffic. */
export function createTraffic(settings: TrafficSettings, seed: number): Traffic {
  const { underWay, visitLength = Infinity, sites = 1 } = settings;
  const stream = createRandomSource(seed).stream('rules traffic');
  const urls = createUrls(sites);
  const events: VisitEvent[] = [];
  const visitOf = new Int32Array(settings.events);
  let visits = 0;
  const begin = (): Lane => ({
    visit: visits,
    site: visits++ % sites,
    left: visitLength,
    lastAt: 0,
    pages: choosePages(stream),
  });
  const lanes = Array.from({ length: underWay }, begin);
  let at = STARTS_AT + 1;
  while (events.length < settings.events) {
    at += (-Math.log(1 - stream.next()) * GAP_MEAN_MS) / underWay;
    const place = Math.floor(stream.next() * underWay);
    const lane = lanes[place];
    if (lane === undefined || lane.lastAt === Math.floor(at)) continue;
    lane.lastAt = Math.floor(at);
    visitOf[events.length] = lane.visit;
    events.push(createBrowsing(lane, events.length, urls, stream));
    lane.left -= 1;
    if (lane.left === 0) lanes[place] = begin();
  }
  const lengths = new Int32Array(visits);
  for (const visit of visitOf) lengths[visit] = (lengths[visit] ?? 0) + 1;
  return { events, visitOf, visits, longestVisit: lengths.reduce((most, length) => Math.max(most, length), 0) };
}

function createUrls(sites: number): readonly (readonly string[])[] {
  return Array.from({ length: sites * PAGES }, (_, page) =>
    Array.from({ length: ITEMS }, (_item, item) => `https://shop.example/page-${page}/item-${item}?from=list`),
  );
}

/** The lower a page's number, the more popular it is. */
function choosePages(stream: RandomStream): readonly number[] {
  const chosen = new Set<number>();
  while (chosen.size < PAGES_OF_A_VISIT) chosen.add(Math.floor(PAGES * stream.next() ** 1.5));
  return [...chosen];
}

function createBrowsing(
  { visit, site, lastAt, pages }: Lane,
  serial: number,
  urls: readonly (readonly string[])[],
  stream: RandomStream,
): VisitEvent {
  const page = pages[Math.floor(stream.next() * pages.length)] ?? 0;
  const isBusiness = stream.next() < BUSINESS_SHARE;
  const kind = Math.floor(stream.next() * BUSINESS_EVENTS.length);
  return {
    eventID: createEventID(serial),
    at: lastAt,
    timestamp: lastAt,
    visitID: `v${visit}`,
    globalVisitID: `g${visit}`,
    pageID: `page of ${serial}`,
    eventType: isBusiness ? 'BUSINESS' : 'SYSTEM',
    eventName: isBusiness ? businessEventOf(kind, site) : 'PageEntered',
    url: urls[site * PAGES + page]?.[Math.floor(stream.next() * ITEMS)] ?? '',
    title: 'A page',
    category: isBusiness ? '' : categoryOf(page, site),
    languageCode: 'en-US',
    identity: undefined,
    data: { value: Math.floor(stream.next() * 100) },
  };
}

/** Of the length of a UUID, and one flat text as a parser makes it, not one that V8 has yet to put together. */
function createEventID(serial: number): string {
  const text = `0192f0a1-7c3e-7b1d-9f2a-${serial.toString(16).padStart(12, '0')}`;
  return Buffer.from(text, 'latin1').toString('latin1');
}
