/**
 * The shop of the scenarios is what the sizing example assumes: half of its page views categorized, about 300 hot leads
 * an hour.
 */
import { FACTS } from '#tests/core/rules/visit-events.ts';
import { describe, expect, it } from 'vitest';
import { compileRules } from '#core/rules/compile-rules.ts';
import type { Firing } from '#core/rules/firing.ts';
import { createShopVisits, loadShop, SHOP_TRAFFIC } from '#tests/core/rules/shop-visits.ts';

const VISITS = 10_000;
const VISITS_PER_HOUR = 3_000;

describe('the shop', () => {
  const shop = loadShop();

  it('carries exactly one category on half of the page views, and none on the others', () => {
    const categories = shop.site.pages.map((page) => shop.categoriesOf(page.url, page.title, shop.site.languageCode));
    expect(categories.filter((names) => names.includes(';'))).toEqual([]);
    const share = shop.site.pageShares.reduce((sum, views, i) => (categories[i] === '' ? sum : sum + views), 0);
    expect(share).toBeGreaterThan(0.48);
    expect(share).toBeLessThan(0.52);
  });

  it('makes about 300 hot leads an hour, at most one a visit, and every rule takes part', () => {
    const rules = compileRules([shop.rules]);
    const visits = createShopVisits(shop, VISITS, 7);
    const firings = visits.map((events) => {
      const out: Firing[] = [];
      const state = rules.createState(FACTS);
      for (const event of events) rules.handle(state, event, out);
      return out;
    });
    expect(Math.max(...firings.map((of) => of.length))).toBe(1);
    const perHour = (firings.flat().length * VISITS_PER_HOUR) / VISITS;
    expect(perHour).toBeGreaterThan(270);
    expect(perHour).toBeLessThan(360);
    const firing = new Set(firings.flat().map((of) => of.rule));
    expect([...firing].toSorted()).toEqual(shop.rules.rules.map(({ name }) => name).toSorted());
    const pageViews = visits.flat().filter(({ eventName }) => eventName === 'PageEntered').length;
    expect(Math.abs(pageViews / VISITS / SHOP_TRAFFIC.visitDepth - 1)).toBeLessThan(0.05);
  });
});
