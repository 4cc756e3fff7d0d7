/** Random histories of a few visits, and random questions about them, from few choices so that they meet. */
import fc from 'fast-check';
import type { VisitEvent } from '#core/visits/event.ts';
import { eventAt } from './history-stage.ts';

const PEOPLE = ['ada@shop.example', 'bob#2@shop.example', 'Zoë'];
const PAGES = [
  { url: 'https://shop.example/', title: 'Home', category: '' },
  { url: 'https://shop.example/cart?n=1', title: 'Cart (1)', category: 'cart' },
  { url: 'https://shop.example/boots', title: 'Boots', category: 'products;sale' },
  { url: 'https://help.shop.example/*', title: 'Help', category: 'sale' },
];
const AGENTS = ['Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0', 'curl/8.0'];
const VISITS = ['v1', 'v2', 'v3'];
const BROWSERS = ['g1', 'g2'];

interface Step {
  readonly act: 'enter' | 'exit' | 'signIn' | 'signOut' | 'userInfo' | 'search';
  readonly page: number;
  readonly who: number;
  readonly location: string | null;
  /** Seconds since the step before; 0: at the same moment. */
  readonly after: number;
}

interface Plan {
  readonly browser: number;
  readonly agent: number;
  readonly startsAt: number;
  readonly steps: readonly Step[];
}

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom('enter', 'enter', 'exit', 'signIn', 'signOut', 'userInfo', 'search'),
  page: fc.nat(PAGES.length - 1),
  who: fc.nat(PEOPLE.length - 1),
  location: fc.constantFrom(null, 'Köln', 'Bath'),
  after: fc.constantFrom(0, 1, 7),
});

const plan: fc.Arbitrary<Plan> = fc.record({
  browser: fc.nat(BROWSERS.length - 1),
  agent: fc.nat(AGENTS.length - 1),
  startsAt: fc.nat(60),
  steps: fc.array(step, { maxLength: 14 }),
});

/** In the order in which the events happened; all within some minutes. */
export const histories: fc.Arbitrary<readonly VisitEvent[]> = fc
  .array(plan, { minLength: 1, maxLength: VISITS.length })
  .map((plans) =>
    plans
      .flatMap((one, index) => play(VISITS[index] ?? '', one))
      .toSorted((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1)),
  );

/** As a browser tells it: once it is known who the visitor is, every event names him. */
function play(visitID: string, { browser, agent, startsAt, steps }: Plan): VisitEvent[] {
  const globalVisitID = BROWSERS[browser] ?? '';
  const started = { eventName: 'VisitStarted', data: { userAgent: AGENTS[agent] ?? '' }, globalVisitID };
  const events = [eventAt(visitID, 0, startsAt, started)];
  let second = startsAt;
  let identity: string | undefined;
  let pageID = '';
  for (const [index, { act, page, who, location, after }] of steps.entries()) {
    const n = index + 1;
    second += after;
    const shown = PAGES[page] ?? PAGES[0];
    const add = (changes: Partial<VisitEvent>): void => {
      events.push(eventAt(visitID, n, second, { ...shown, globalVisitID, identity, pageID, ...changes }));
    };
    switch (act) {
      case 'enter':
        pageID = `p${n}`;
        add({ pageID });
        break;
      case 'exit':
        if (pageID !== '') add({ eventName: 'PageExited' });
        pageID = '';
        break;
      case 'signIn':
      case 'userInfo':
        identity = PEOPLE[who];
        add({
          eventName: act === 'signIn' ? 'SignIn' : 'UserInfo',
          identity,
          data: location === null ? {} : { location },
        });
        break;
      case 'signOut':
        add({ eventName: 'SignOut' });
        break;
      case 'search':
        add({ eventName: 'Search', eventType: 'BUSINESS', data: { searchString: shown?.title ?? '' } });
        break;
      default:
        throw new Error('every act is played');
    }
  }
  return events;
}

export interface HistoryQuestion {
  readonly what: string;
  readonly owner: { readonly visit: string } | { readonly identity: string } | 'everybody';
  readonly query: Readonly<Record<string, string>>;
  readonly pageSize: number;
}

const VALUES: Readonly<Record<string, readonly string[]>> = {
  age: ['0', '30', '70', '9999999999'],
  eventName: ['PageEntered', 'Search', 'SignIn', 'pageentered'],
  eventType: ['SYSTEM', 'BUSINESS'],
  category: ['sale', 'cart', 'product', 'all categories'],
  url: [...PAGES.map(({ url }) => url), 'https://shop.example*', '*cart*', '*', '*.example/**', 'https://shop.example'],
  title: ['Home', '*o*', 'B*s', 'Cart (1)', 'home'],
  globalVisitID: BROWSERS,
  browserPageID: ['p1', 'p2', 'p3'],
  userAgent: [...AGENTS, '*Firefox*', 'curl*', 'curl'],
  location: ['Köln', 'B*', 'bath'],
  association: ['Authenticated', 'Recognized'],
  identityId: PEOPLE,
};
const OF_PAGES = ['age', 'url', 'title', 'category', 'browserPageID'];
const OF_EVENTS = [...OF_PAGES, 'eventName', 'eventType', 'globalVisitID'];
const OF_VISITS = ['age', 'globalVisitID', 'userAgent'];

/** What each listing can be asked for, as domain notes 8.1 have it. */
const LISTINGS: readonly (readonly [
  what: string,
  of: string,
  filters: readonly string[],
  included: readonly string[],
])[] = [
  ['identities', 'everybody', ['location', 'userAgent'], ['visits', 'sessions', 'pages', 'events']],
  ['visits', 'everybody', OF_VISITS, ['sessions', 'pages', 'events']],
  ['events', 'everybody', OF_EVENTS, []],
  ['visits', 'identity', OF_VISITS, ['sessions', 'pages', 'events']],
  ['pages', 'identity', OF_PAGES, ['events']],
  ['events', 'identity', OF_EVENTS, []],
  ['sessions', 'identity', ['age'], ['pages', 'events']],
  ['events', 'visit', OF_EVENTS, []],
  ['pages', 'visit', OF_PAGES, ['events']],
  ['sessions', 'visit', ['age', 'identityId'], ['pages', 'events']],
  ['identities', 'visit', ['association'], ['visits', 'sessions', 'pages', 'events']],
];

export const questions: fc.Arbitrary<HistoryQuestion> = fc
  .constantFrom(...LISTINGS)
  .chain(([what, of, filters, included]) => {
    const values = filters.map((name) => fc.tuple(fc.constant(name), fc.constantFrom(...(VALUES[name] ?? []))));
    const flags = included.flatMap((name) => [
      fc.constant([`include_${name}`, 'true'] as const),
      fc.constant([`include_${name}_detail`, 'true'] as const),
    ]);
    const owners = {
      everybody: fc.constant('everybody' as const),
      identity: fc.constantFrom(...PEOPLE).map((identity) => ({ identity })),
      visit: fc.constantFrom(...VISITS).map((visit) => ({ visit })),
    };
    return fc.record({
      what: fc.constant(what),
      owner: of === 'everybody' ? owners.everybody : of === 'visit' ? owners.visit : owners.identity,
      query: fc
        .tuple(someOf(values, 2), someOf(flags, 4))
        .map(([filter, flag]) => Object.fromEntries([...filter, ...flag])),
      pageSize: fc.constantFrom(1, 2, 3, 100),
    });
  });

/** Up to `most` of what the arbitraries make. */
function someOf(
  each: readonly fc.Arbitrary<readonly [string, string]>[],
  most: number,
): fc.Arbitrary<readonly (readonly [string, string])[]> {
  if (each.length === 0) return fc.constant([]);
  return fc.array(fc.oneof(...each), { maxLength: most });
}
