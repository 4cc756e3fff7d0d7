/**
 * Two sets of 300 rules for the shop's recordings. Rules as in use: an event touches a few of them, and a few per cent of the visits make a
 * hot lead. Dense rules: each page view touches all of them, and three of four events make a hot lead, which no site wants, but which is
 * the worst that a replay is given.
 */
import type { Category } from '#core/categories/category.ts';
import type { Condition, EventPattern, RulePackage } from '#core/rules/rule-package.ts';
import { loadCategories } from '#testbed/replay/load-rule-files.ts';
import { loadShop } from '#tests/core/rules/shop-visits.ts';
import { counter, createPackage, createRule, enters, sequence } from '#tests/core/rules/visit-events.ts';

export const RULES = 300;
/** Product lines of the shop in use: five rules each. */
export const LINES = 60;

const ONCE = { maxPerVisit: 1, coolDownMs: null, holdoutShare: null };

export interface RuleSetting {
  readonly packages: readonly RulePackage[];
  readonly categories: readonly Category[];
}

function loadShopCategories(): readonly Category[] {
  const categories = loadCategories('scenarios/categories/shop.yaml');
  if (!categories.ok) throw new Error('the categories of the shop are wrong');
  return categories.value;
}

function nameLine(line: number): string {
  return `line-${line}`;
}

/** Five rules for each product line, on what visitors do with its pages; one category a line beside those of the shop. */
export function createRulesInUse(): RuleSetting {
  const lines = Array.from({ length: LINES }, (_, line) => line);
  const rules = lines.flatMap((line) =>
    createLineConditions(nameLine(line)).map((when, n) => createRule(`Line ${line}, ${n}`, when, { guards: ONCE })),
  );
  const categories = lines.map((line): Category => {
    const expression = `/lines/${line}/`;
    return { name: nameLine(line), tags: [{ kind: 'plain', expression, in: 'url', matchCase: false }] };
  });
  return { packages: [createPackage(rules)], categories: [...loadShopCategories(), ...categories] };
}

function createLineConditions(line: string): readonly Condition[] {
  const on = (eventName: string, priceMin?: number): EventPattern => ({
    eventName,
    categories: [line],
    tests: priceMin === undefined ? [] : [{ field: 'data.price', operator: 'atLeast', bound: priceMin }],
  });
  const addsDear = on('AddToCart', 549);
  return [
    sequence([enters(line), enters('returns'), enters('checkout')], 180_000),
    counter(enters(line), 9, 300_000),
    sequence([addsDear, enters('support')], 180_000),
    {
      template: 'absence',
      after: sequence([addsDear, enters('checkout')], 180_000),
      event: enters('order'),
      withinMs: 300_000,
    },
    counter(on('ReviewRead'), 5, 240_000),
  ];
}

/** A third each: a sequence within 10 min, a count within 60 s, an absence within 5 min; each on a page and a category that go round. */
export function createDenseRules(): RuleSetting {
  const names = ['product', 'cart', 'checkout', 'order', 'returns', 'support'];
  const { pages } = loadShop().site;
  const entersPage = (n: number): EventPattern => ({
    ...enters(),
    tests: [{ field: 'url', operator: 'is', value: pages[n % pages.length]?.url ?? '' }],
  });
  const rules = Array.from({ length: RULES }, (_, n) => {
    const [page, then] = [entersPage(n), enters(names[(n + Math.floor(n / pages.length)) % names.length] ?? '')];
    const absence: Condition = {
      template: 'absence',
      after: { template: 'singleton', event: page },
      event: then,
      withinMs: 300_000,
    };
    const when = [sequence([page, then], 600_000), counter(page, 3, 60_000), absence][n % 3] ?? absence;
    return createRule(`Rule ${n}`, when, { guards: ONCE });
  });
  return { packages: [createPackage(rules)], categories: loadShopCategories() };
}
