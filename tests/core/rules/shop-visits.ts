/** Visits to the shop of the scenarios as the crowd makes them, as bare events: for tests and benchmarks of rules without a simulator. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileCategories } from '#core/categories/category-matcher.ts';
import { samplePoisson } from '#core/random/count-sampler.ts';
import { createRandomSource } from '#core/random/random-source.ts';
import type { RandomStream } from '#core/random/stream.ts';
import type { Problem, Result } from '#core/result.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import type { EventData, VisitEvent } from '#core/visits/event.ts';
import { createCrowdSite, type CrowdPage, type CrowdSite } from '#crowd/crowd-site.ts';
import { parseCategories } from '#protocol/category-file.ts';
import { describeProblem } from '#protocol/operating-error.ts';
import { parseRulePackage } from '#protocol/rule-package-file.ts';
import { parseSite } from '#protocol/site-file.ts';

const SCENARIOS = join(import.meta.dirname, '../../../scenarios');
/** The sizing example of the deployment guide. */
export const SHOP_TRAFFIC = { visitDepth: 32_000 / 3_000, pageEvents: 2, visitEvents: 0.1 };
const STARTS_AT = 1_772_438_400_000;

export interface Shop {
  readonly site: CrowdSite;
  readonly pageIds: readonly string[];
  readonly rules: RulePackage;
  readonly categoriesOf: (url: string, title: string, languageCode: string) => string;
}

export function loadShop(): Shop {
  const site = load('sites/shop.yaml', parseSite);
  const matcher = compileCategories(load('categories/shop.yaml', parseCategories));
  return {
    site: createCrowdSite(site, SHOP_TRAFFIC),
    pageIds: site.pages.map((page) => page.id),
    rules: load('rules/shop.yaml', parseRulePackage),
    categoriesOf: (url, title, languageCode) => matcher.categoriesOf(url, title, languageCode),
  };
}

function load<T>(name: string, parse: (text: string, file: string) => Result<T, Problem>): T {
  const parsed = parse(readFileSync(join(SCENARIOS, name), 'utf8'), name);
  if (parsed.ok) return parsed.value;
  throw new Error(parsed.problems.map(describeProblem).join('\n'));
}

/** Each visit's events, all visits beginning at one time: PageEntered, business events spread evenly over the stay, PageExited. */
export function createShopVisits(shop: Shop, visits: number, seed: number): VisitEvent[][] {
  const stream = createRandomSource(seed).stream('browsing');
  return Array.from({ length: visits }, (_, visit) => createShopVisit(shop, `v${visit}`, stream));
}

function createShopVisit(shop: Shop, visitID: string, stream: RandomStream): VisitEvent[] {
  const { site } = shop;
  const events: VisitEvent[] = [];
  let at = STARTS_AT;
  const add = (page: CrowdPage, eventName: string, eventType: VisitEvent['eventType'], data: EventData): void => {
    events.push({
      eventID: `${visitID}-${events.length}`,
      at: Math.round(at),
      timestamp: Math.round(at),
      visitID,
      globalVisitID: `g-${visitID}`,
      pageID: `${visitID}-page`,
      eventType,
      eventName,
      url: page.url,
      title: page.title,
      category: shop.categoriesOf(page.url, page.title, site.languageCode),
      languageCode: site.languageCode,
      identity: undefined,
      data,
    });
  };
  for (let next: number | undefined = site.chooseEntry(stream); next !== undefined;) {
    const page: CrowdPage | undefined = site.pages[next];
    if (page === undefined) throw new Error(`assertion failed: no page ${next}`);
    const count = samplePoisson(page.eventsMean, stream);
    const step = page.dwellMs(stream) / (count + 1);
    add(page, 'PageEntered', 'SYSTEM', {});
    for (let i = 0; i < count; i += 1) {
      at += step;
      const event = page.chooseEvent === undefined ? undefined : site.events[page.chooseEvent(stream)];
      if (event !== undefined) add(page, event.name, 'BUSINESS', event.data(stream));
    }
    at += step;
    add(page, 'PageExited', 'SYSTEM', {});
    next = stream.next() < site.goOnShare ? page.chooseNext(stream) : undefined;
  }
  return events;
}
