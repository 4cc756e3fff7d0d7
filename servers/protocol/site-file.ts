/**
 * The site file: a site as synthetic visitors browse it, in YAML. It fixes the mix alone (which pages, in what order,
 * for how long, which events); how many there are comes from the scenario's traffic.
 *
 *   version: 1
 *   name: shop
 *   domain: www.shop.example
 *   languageCode: en-US
 *   identities: { signIn: 50%, userInfo: 30%, signOut: 20% }
 *   events:
 *     - { name: Search, fields: { searchString: [ boots, rain jacket ] } }
 *   pages:
 *     - { id: home, url: /, title: Shop, entry: 5, dwell: { exponential: { mean: 40s } }, next: { list: 3, home: 1 },
 * events: { Search: 1 } }
 */
import { z } from 'zod';
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import type { SiteEvent, SiteModel, SitePage } from '#core/visits/site-model.ts';
import { parseShare, shareSchema } from '#protocol/quantities.ts';
import { distributionSchema } from '#protocol/scenario-file-distribution.ts';
import { checkDocument, type DocumentPath } from '#protocol/scenario-file-document.ts';
import { isRecord, listField, numberField, sectionField, textField } from '#protocol/scenario-file-fields.ts';

const weightField = numberField({ what: 'a weight', min: 0 });
const weightsField = (what: string) =>
  z.record(z.string(), weightField, { error: `expected a map of weights by ${what}` });
const valueField = z.union([z.string(), z.number(), z.boolean()], {
  error: 'expected text, a number or true or false',
});

const siteSchema = sectionField({
  version: z.literal(1, { error: 'expected version: 1, the version of this file format' }),
  name: textField("the site's name"),
  domain: textField('a domain such as www.shop.example'),
  languageCode: textField('a language code such as en-US').default('en-US'),
  identities: sectionField({ signIn: shareSchema, userInfo: shareSchema, signOut: shareSchema }).default({
    signIn: 0.5,
    userInfo: 0.3,
    signOut: 0.2,
  }),
  events: listField(
    sectionField({
      name: textField("the event's name"),
      fields: z
        .record(z.string(), listField(valueField, 'values', 1), { error: 'expected a map of value lists by field' })
        .default({}),
    }),
    'events',
    0,
  ).default([]),
  pages: listField(
    sectionField({
      id: textField("the page's id"),
      url: textField('a path such as /cart, or a whole URL'),
      title: textField("the page's title"),
      entry: weightField.default(0),
      dwell: distributionSchema,
      next: weightsField('page id'),
      events: weightsField('event name').default({}),
    }),
    'pages',
    1,
  ),
});
type SiteFile = z.output<typeof siteSchema>;
type Report = (path: DocumentPath, message: string) => void;

/**
 * Parses a site file; names every unknown page and event, every page that nobody reaches and shares that do not add up.
 */
export function parseSite(text: string, file: string): Result<SiteModel, Problem> {
  const document = checkDocument(text, file, siteSchema);
  if (document.raw !== undefined) checkSiteAcrossKeys(viewSite(document.raw), document.report);
  const { value, problems } = document;
  return value === undefined || problems.length > 0 ? fail(problems) : succeed(buildSite(value));
}

function buildSite(site: SiteFile): SiteModel {
  const pageIndex = new Map(site.pages.map((page, index) => [page.id, index]));
  const eventIndex = new Map(site.events.map((event, index) => [event.name, index]));
  return {
    name: site.name,
    domain: site.domain,
    languageCode: site.languageCode,
    identities: {
      signInShare: site.identities.signIn,
      userInfoShare: site.identities.userInfo,
      signOutShare: site.identities.signOut,
    },
    events: site.events.map((event): SiteEvent => ({
      name: event.name,
      data: Object.entries(event.fields).map(([field, values]) => ({ field, values })),
    })),
    pages: site.pages.map((page): SitePage => ({
      id: page.id,
      url: page.url.startsWith('/') ? `https://${site.domain}${page.url}` : page.url,
      title: page.title,
      entryWeight: page.entry,
      dwell: page.dwell,
      next: indexWeights(page.next, pageIndex).map(([index, weight]) => ({ page: index, weight })),
      events: indexWeights(page.events, eventIndex).map(([index, weight]) => ({ event: index, weight })),
    })),
  };
}

function indexWeights(
  weights: Readonly<Record<string, number>>,
  indexes: ReadonlyMap<string, number>,
): [number, number][] {
  return Object.entries(weights).flatMap(([name, weight]): [number, number][] => {
    const index = indexes.get(name);
    return index === undefined || weight === 0 ? [] : [[index, weight]];
  });
}

/** What the checks across keys look at, taken from whatever was written: faults of form are the schema's to name. */
interface SiteView {
  readonly identityShares: readonly (number | undefined)[];
  readonly events: readonly (string | undefined)[];
  readonly pages: readonly PageView[];
}
interface PageView {
  readonly id: string | undefined;
  readonly entry: number;
  readonly next: Readonly<Record<string, unknown>> | undefined;
  readonly events: Readonly<Record<string, unknown>>;
}

function viewSite(raw: unknown): SiteView {
  const site = isRecord(raw) ? raw : {};
  const identities = isRecord(site['identities']) ? site['identities'] : {};
  const text = (given: unknown): string | undefined => (typeof given === 'string' ? given : undefined);
  const entries = (given: unknown) =>
    (Array.isArray(given) ? given : []).map((entry) => (isRecord(entry) ? entry : {}));
  return {
    identityShares: Object.values(identities).map((share) =>
      typeof share === 'string' || typeof share === 'number' ? parseShare(share) : undefined,
    ),
    events: entries(site['events']).map((event) => text(event['name'])),
    pages: entries(site['pages']).map((page) => ({
      id: text(page['id']),
      entry: typeof page['entry'] === 'number' ? page['entry'] : 0,
      next: isRecord(page['next']) ? page['next'] : undefined,
      events: isRecord(page['events']) ? page['events'] : {},
    })),
  };
}

function checkSiteAcrossKeys(site: SiteView, report: Report): void {
  const total = site.identityShares.reduce<number>((sum, share) => sum + (share ?? Number.NaN), 0);
  if (site.identityShares.length > 0 && Math.abs(total - 1) > 1e-9) {
    report(['identities'], `expected shares that add up to 1 (100%), got ${Number(total.toFixed(6))}`);
  }
  const pageIds = site.pages.map((page) => page.id);
  reportTwins(pageIds, 'page', (index, message) => report(['pages', index, 'id'], message));
  reportTwins(site.events, 'event', (index, message) => report(['events', index, 'name'], message));
  site.pages.forEach((page, index) => {
    reportUnknown(page.next ?? {}, pageIds, 'page', (id, message) => report(['pages', index, 'next', id], message));
    reportUnknown(page.events, site.events, 'event', (name, message) =>
      report(['pages', index, 'events', name], message),
    );
    if (page.next !== undefined && !Object.values(page.next).some((weight) => weight !== 0)) {
      report(['pages', index, 'next'], 'expected at least one next page with a weight above 0');
    }
  });
  reportUnreachable(site, report);
}

function reportTwins(
  names: readonly (string | undefined)[],
  what: string,
  report: (index: number, message: string) => void,
): void {
  names.forEach((name, index) => {
    if (name !== undefined && names.indexOf(name) < index) report(index, `the ${what} "${name}" is there twice`);
  });
}

function reportUnknown(
  weights: Readonly<Record<string, unknown>>,
  known: readonly (string | undefined)[],
  what: string,
  report: (name: string, message: string) => void,
): void {
  const names = known.filter((name) => name !== undefined);
  for (const name of Object.keys(weights)) {
    if (names.includes(name)) continue;
    report(name, `unknown ${what} "${name}", ${names.length > 0 ? `known: ${names.join(', ')}` : 'there is none'}`);
  }
}

/**
 * Visits begin at pages with an entry weight and go where `next` leads; a page that none of them comes to is a slip.
 */
function reportUnreachable(site: SiteView, report: Report): void {
  if (site.pages.length === 0) return;
  const reached = new Set(site.pages.filter((page) => page.entry > 0).map((page) => page.id));
  if (reached.size === 0) {
    report(['pages'], 'expected at least one page with an entry weight above 0, where visits begin');
    return;
  }
  const pages = new Map(site.pages.map((page) => [page.id, page]));
  for (const id of reached) {
    for (const [next, weight] of Object.entries(pages.get(id)?.next ?? {})) if (weight !== 0) reached.add(next);
  }
  site.pages.forEach((page, index) => {
    if (page.id !== undefined && !reached.has(page.id)) {
      report(['pages', index, 'id'], `nobody can come to the page "${page.id}"`);
    }
  });
}
