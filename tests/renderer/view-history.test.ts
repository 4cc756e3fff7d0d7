/** What the History screen says and draws of records: addresses, listings that grow, marks, words, zoom, lanes, filters, curl lines. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type {
  EngagementAttemptResource,
  EventResource,
  Insight,
  PageResource,
  SessionResource,
} from '#protocol/wire-history.ts';
import type { StreamItem } from '#protocol/run-feed.ts';
import { formatCurl, formatQuestion } from '#renderer/view/history-asked.ts';
import { fileNameOf, joinCsv } from '#renderer/view/history-csv.ts';
import { describeErased } from '#renderer/view/history-erasure.ts';
import { filterMarks } from '#renderer/view/history-filter.ts';
import { describeInsight } from '#renderer/view/history-insight.ts';
import { besideMark, layOut } from '#renderer/view/history-lanes.ts';
import { extendListing, renewListing, type GrownListing } from '#renderer/view/history-listing.ts';
import { marksOf, outcomeOf, refOf, type StoryMark } from '#renderer/view/history-marks.ts';
import { recentVisits } from '#renderer/view/history-recent.ts';
import { formatHistoryRoute, parseHistoryRoute, MARK_KINDS, type HistoryRoute } from '#renderer/view/history-route.ts';
import { clampSpan, showMoment, wholeSpan, zoomSpan } from '#renderer/view/history-span.ts';
import { describeMark } from '#renderer/view/history-words.ts';

const T0 = 1_772_437_800_000;

function page(id: string, fromS: number, toS: number | null, category = ''): PageResource {
  return {
    pageId: `A1:${id}`,
    browserPageID: id,
    visitId: 'A1',
    sessionId: null,
    url: `https://shop.example/${id}`,
    title: `Page ${id}`,
    category,
    startDate: T0 + fromS * 1_000,
    endDate: toS === null ? 0 : T0 + toS * 1_000,
    eventIds: null,
    events: null,
  };
}

function event(id: string, atS: number, more: Partial<EventResource> = {}): EventResource {
  return {
    eventID: id,
    visitID: 'A1',
    globalVisitID: 'B1',
    pageID: 'A1:P1',
    browserPageID: 'P1',
    eventType: 'SYSTEM',
    eventName: 'PageEntered',
    category: '',
    url: 'https://shop.example/',
    title: 'Home',
    languageCode: 'en-US',
    timestamp: T0 + atS * 1_000,
    serverTimestamp: T0 + atS * 1_000,
    identityId: null,
    data: {},
    ...more,
  };
}

function attempt(more: Partial<EngagementAttemptResource> = {}): EngagementAttemptResource {
  return {
    engagementAttemptId: 'A1.i1',
    visitId: 'A1',
    identityId: null,
    pageId: 'A1:P2',
    interactionId: 'A1.i1',
    channel: 'proactiveChat',
    rule: 'Left the basket',
    attemptNumber: 1,
    createdAt: T0 + 60_000,
    invitedAt: T0 + 61_000,
    disposition: 'acceptCall',
    dispositionAt: T0 + 66_000,
    mediaInteractionId: 'c-A1.i1',
    state: 'accepted',
    ...more,
  };
}

const session: SessionResource = {
  sessionId: 'e3',
  visitId: 'A1',
  identityId: 'ada',
  startDate: T0 + 20_000,
  endDate: 0,
  eventIds: null,
  events: null,
  pageIds: null,
  pages: null,
};

const context = { time: (atMs: number): string => `${(atMs - T0) / 1_000} s` };

function marks(): readonly StoryMark[] {
  return marksOf({
    pages: [page('P2', 30, null, 'cart; product'), page('P1', 1, 30)],
    events: [
      event('e4', 40, {
        eventType: 'BUSINESS',
        eventName: 'Search',
        data: { searchString: 'boots' },
        category: 'cart',
      }),
      event('e3', 20, { eventName: 'SignIn', identityId: 'ada' }),
      event('e2', 1),
      event('e1', 0, { eventName: 'VisitStarted' }),
    ],
    sessions: [session],
    attempts: [attempt()],
  });
}

describe('the address', () => {
  const text = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' });
  const mark = fc.option(fc.record({ kind: fc.constantFrom(...MARK_KINDS), id: text }));
  const routes: fc.Arbitrary<HistoryRoute> = fc.oneof(
    fc.constant<HistoryRoute>({ kind: 'start' }),
    fc.record({ kind: fc.constant('visit' as const), id: text, mark }),
    fc.record({ kind: fc.constant('identity' as const), id: text, visit: text, mark }),
    fc.record({ kind: fc.constant('identity' as const), id: text, visit: fc.constant(null), mark: fc.constant(null) }),
    text.chain((id) =>
      fc.constantFrom(...MARK_KINDS).map((kind): HistoryRoute => ({ kind: 'record', mark: { kind, id } })),
    ),
  );

  it('says what is shown, whatever ids hold, so that a link comes back to it', () => {
    fc.assert(
      fc.property(routes, (route) => {
        expect(parseHistoryRoute(formatHistoryRoute(route))).toEqual(route);
      }),
    );
  });

  it.each(['', '#/run', '#/history', '#/history/visit', '#/history/visit/', '#/history/cookie/x', '#/historyvisit/A1'])(
    '%s shows where to begin',
    (hash) => expect(parseHistoryRoute(hash)).toEqual({ kind: 'start' }),
  );

  it('typed by hand with a sign that is no code is taken as it stands', () => {
    expect(parseHistoryRoute('#/history/visit/100%')).toEqual({ kind: 'visit', id: '100%', mark: null });
  });
});

describe('a listing that grows', () => {
  const list = (from: number, to: number, next: string | null): GrownListing<number> => ({
    items: Array.from({ length: from - to + 1 }, (_, index) => from - index),
    next,
  });
  const id = String;

  it('puts what is new above, and keeps what was read below', () => {
    expect(renewListing(list(10, 1, null), list(12, 8, 'at 8'), id)).toEqual(list(12, 1, null));
    expect(renewListing(list(10, 3, 'at 3'), list(12, 8, 'at 8'), id)).toEqual(list(12, 3, 'at 3'));
  });

  it('drops what is there no more inside the stretch that was read anew', () => {
    const page8 = { items: [12, 10, 8], next: 'at 8' };
    expect(renewListing(list(10, 5, null), page8, id).items).toEqual([12, 10, 8, 7, 6, 5]);
    expect(renewListing(list(10, 1, null), { items: [], next: null }, id)).toEqual({ items: [], next: null });
  });

  it('begins anew where the new page does not reach the known one: no gap is shown as none', () => {
    expect(renewListing(list(10, 1, null), list(30, 20, 'at 20'), id)).toEqual(list(30, 20, 'at 20'));
  });

  it('read page by page is the whole, each record once, though more comes meanwhile (any sizes)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        (steps, size) => {
          let newest = 20;
          const read = (below: number | null): GrownListing<number> => {
            const from = below === null ? newest : below - 1;
            const to = Math.max(1, from - size + 1);
            return list(from, to, to === 1 ? null : String(to));
          };
          let known = read(null);
          for (const step of steps) {
            newest += Math.min(step, size - 1);
            known =
              step === 3 || known.next === null
                ? renewListing(known, read(null), id)
                : extendListing(known, read(Number(known.next)), id);
          }
          known = renewListing(known, read(null), id);
          while (known.next !== null) known = extendListing(known, read(Number(known.next)), id);
          expect(known.items).toEqual(list(newest, 1, null).items);
        },
      ),
    );
  });
});

describe('a story', () => {
  it('is told newest first, with lengths, categories and who was signed in', () => {
    expect(marks().map(({ key, title, tone, isOpen, isDetail }) => [key, title, tone, isOpen, isDetail])).toEqual([
      ['attempt/A1.i1', 'Invite to a chat: accepted', 'invite', false, false],
      ['event/e4', 'Search', 'business', false, false],
      ['page/A1:P2', 'Page P2', 'page', true, false],
      ['event/e3', 'SignIn', 'identity', false, false],
      ['session/e3', 'Signed in as ada', 'identity', true, false],
      ['event/e2', 'PageEntered', 'page', false, true],
      ['page/A1:P1', 'Page P1', 'page', false, false],
      ['event/e1', 'VisitStarted', 'visit', false, false],
    ]);
    expect(marks()[2]?.categories).toEqual(['cart', 'product']);
    expect(marks()[1]?.text).toBe('searchString boots, on Home');
    expect(marks().map(refOf)[0]).toEqual({ kind: 'attempt', id: 'A1.i1' });
  });

  it.each([
    [{ state: 'qualified', disposition: null, invitedAt: null }, 'being decided'],
    [{ state: 'invited', disposition: null }, 'on its way'],
    [{ state: 'shown', disposition: 'shown' as const }, 'shown'],
    [{ state: 'form' }, 'form open'],
    [{}, 'accepted'],
    [{ state: 'rejected', disposition: 'reject' as const }, 'rejected'],
    [{ state: 'timeout', disposition: 'timeout' as const }, 'not answered'],
    [{ state: 'failed', disposition: 'formAbandoned' as const }, 'form abandoned'],
    [{ state: 'failed', disposition: 'shown' as const }, 'shown, then silence'],
    [{ state: 'failed', disposition: null }, 'not shown'],
    [{ state: 'failed', disposition: null, invitedAt: null }, 'not invited'],
  ])('calls an attempt %j %s', (more, words) => expect(outcomeOf(attempt(more))).toBe(words));

  it('tells records in words first, figures second', () => {
    const words = marks().map((mark) => describeMark(mark, context).sentences);
    expect(words[0]).toEqual([
      'The rule “Left the basket” found the visitor worth talking to at 60 s.',
      'An invite to a chat was sent 1.0\u202fs later.',
      'It is accepted, 5.0\u202fs after the invite.',
      'It led to the conversation c-A1.i1.',
    ]);
    expect(words[1]).toEqual(['The page told of Search on “Home”.', 'It stands in the category cart.']);
    expect(words[2]?.slice(0, 2)).toEqual([
      'The visitor has been on “Page P2” since 30 s, and is still there.',
      'The page is in the categories cart and product.',
    ]);
    expect(words[3]).toEqual(['The visitor signed in as ada.']);
    expect(words[4]).toEqual(['ada signed in at 20 s, and still is.']);
    expect(words[6]?.[0]).toBe('The visitor was on “Page P1” for 29\u202fs.');
    const search = marks()[1];
    expect(search && describeMark(search, context).figures).toContainEqual({ name: 'searchString', value: 'boots' });
  });

  it("says when the browser's clock was wrong, and not for what the network takes", () => {
    const says = (offMs: number): string | undefined => {
      const [mark] = marksOf({
        pages: [],
        sessions: [],
        attempts: [],
        events: [event('e', 0, { timestamp: T0 - offMs })],
      });
      return mark && describeMark(mark, context).sentences.at(-1);
    };
    expect(says(3_600_000)).toBe("The browser's clock said 1\u202fh earlier.");
    expect(says(-90_000)).toBe("The browser's clock said 1\u202fmin 30\u202fs later.");
    expect(says(800)).toBe('The visitor opened “Home”.');
  });

  it('is filtered by kind and words, and leaves out the coming and going of pages unless asked', () => {
    const keys = (filter: Parameters<typeof filterMarks>[1]): readonly string[] =>
      filterMarks(marks(), filter).map(({ key }) => key);
    const all = { kinds: new Set<never>(), text: '', withDetail: false };
    expect(keys(all)).toHaveLength(7);
    expect(keys({ ...all, withDetail: true })).toHaveLength(8);
    expect(keys({ ...all, kinds: new Set(['page'] as const) })).toEqual(['page/A1:P2', 'page/A1:P1']);
    expect(keys({ ...all, text: 'CART boots' })).toEqual(['event/e4']);
    expect(keys({ ...all, text: 'nowhere' })).toEqual([]);
  });
});

describe('the span of a timeline', () => {
  const whole = { fromMs: 0, toMs: 100_000 };

  it('is the whole story with air at both ends; what goes on ends now', () => {
    const span = wholeSpan(marks(), T0 + 100_000);
    expect(span).toEqual({ fromMs: T0 - 2_000, toMs: T0 + 102_000 });
    expect(wholeSpan([], T0)).toBeNull();
  });

  it('zooms around a moment, stays inside the whole, and is the whole again in the end', () => {
    expect(zoomSpan(whole, 25_000, 0.5, whole)).toEqual({ fromMs: 12_500, toMs: 62_500 });
    expect(zoomSpan({ fromMs: 0, toMs: 10_000 }, 0, 2, whole)).toEqual({ fromMs: 0, toMs: 20_000 });
    expect(zoomSpan({ fromMs: 10_000, toMs: 90_000 }, 50_000, 2, whole)).toBeNull();
    expect(clampSpan({ fromMs: 99_900, toMs: 99_901 }, whole)).toEqual({ fromMs: 99_000, toMs: 100_000 });
  });

  it('never leaves the whole and never turns around (any zoom)', () => {
    const moments = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(moments, moments, fc.double({ min: 0.01, max: 4, noNaN: true }), (from, at, factor) => {
        const span = clampSpan({ fromMs: from, toMs: from + 5_000 }, whole) ?? whole;
        const zoomed = zoomSpan(span, at, factor, whole) ?? whole;
        expect(zoomed.fromMs).toBeGreaterThanOrEqual(whole.fromMs - 1e-6);
        expect(zoomed.toMs).toBeLessThanOrEqual(whole.toMs + 1e-6);
        expect(zoomed.toMs - zoomed.fromMs).toBeGreaterThanOrEqual(999.999);
      }),
    );
  });

  it('goes to a mark that is out of sight, and stays where it is in sight', () => {
    const span = { fromMs: 10_000, toMs: 20_000 };
    expect(showMoment(span, 15_000, whole)).toEqual(span);
    expect(showMoment(span, 50_000, whole)).toEqual({ fromMs: 45_000, toMs: 55_000 });
  });
});

describe('lanes', () => {
  it('hold spans of what lasts and marks of what happens, in pixels', () => {
    const lanes = layOut(marks(), { fromMs: T0, toMs: T0 + 100_000 }, 1_000, T0 + 90_000);
    expect(lanes.map(({ name }) => name)).toEqual(['page', 'session', 'event', 'attempt']);
    expect(lanes[0]?.spans.map(({ key, x, width }) => [key, x, width])).toEqual([
      ['page/A1:P2', 300, 600],
      ['page/A1:P1', 10, 290],
    ]);
    expect(lanes[2]?.marks.map(({ key, x }) => [key, x])).toEqual([
      ['event/e4', 400],
      ['event/e3', 200],
      ['event/e1', 0],
    ]);
    expect(lanes[3]?.spans.map(({ x, width }) => [x, width])).toEqual([[600, 60]]);
  });

  it('count marks that would lie on each other, and tell them apart when zoomed', () => {
    const crowd = marksOf({
      pages: [],
      sessions: [],
      attempts: [],
      events: Array.from({ length: 5_000 }, (_, index) =>
        event(`e${index}`, index / 10, { eventType: 'BUSINESS', eventName: 'Scroll' }),
      ),
    });
    const all = layOut(crowd, { fromMs: T0, toMs: T0 + 500_000 }, 1_000, T0)[0]?.marks ?? [];
    expect(all.length).toBeLessThan(80);
    expect(all.reduce((sum, { marks: together }) => sum + together.length, 0)).toBe(5_000);
    const near = layOut(crowd, { fromMs: T0, toMs: T0 + 1_000 }, 1_000, T0)[0]?.marks ?? [];
    expect(near.every(({ marks: together }) => together.length === 1)).toBe(true);
  });

  it('lead from mark to mark in the order of time, and over those that are not drawn', () => {
    const step = (key: string | null, way: 1 | -1): string | undefined => besideMark(marks(), key, way)?.key;
    expect(step('event/e1', 1)).toBe('page/A1:P1');
    expect(step('page/A1:P1', 1)).toBe('session/e3');
    expect(step('attempt/A1.i1', 1)).toBeUndefined();
    expect(step(null, 1)).toBe('event/e1');
    expect(step(null, -1)).toBe('attempt/A1.i1');
  });
});

describe('where to begin', () => {
  it('is each visit once that the stream has seen, newest first', () => {
    const line = (n: number, visitID: string | null, text: string): StreamItem => ({
      n,
      atMs: n * 1_000,
      kind: 'invite',
      visitID,
      name: 'rule',
      text,
      why: null,
    });
    const stream = [line(1, 'A', 'a'), line(2, 'B', 'b'), line(3, null, 'x'), line(4, 'A', '')];
    expect(recentVisits(stream, 5)).toEqual([
      { id: 'A', atMs: 4_000, last: 'rule' },
      { id: 'B', atMs: 2_000, last: 'rule: b' },
    ]);
    expect(recentVisits(stream, 1)).toHaveLength(1);
  });
});

describe('what was asked', () => {
  const question = {
    method: 'GET',
    path: ['identities', "o'hara@shop.example", 'events'],
    query: { page_size: '200', category: 'all categories' },
  } as const;

  it('reads as a path, and as a curl line that a shell takes whole', () => {
    expect(formatQuestion(question)).toBe(
      "GET /identities/o'hara%40shop.example/events?page_size=200&category=all+categories",
    );
    expect(formatCurl(question, 'http://127.0.0.1:9081', 'none')).toBe(
      String.raw`curl 'http://127.0.0.1:9081/backend/data/identities/o'\''hara%40shop.example/events?page_size=200&category=all+categories'`,
    );
  });

  it('names variables in place of secrets', () => {
    const erasure = { method: 'DELETE', path: ['identities', 'ada'], query: {} } as const;
    expect(formatCurl(erasure, 'http://127.0.0.1:9081', 'secret')).toBe(
      `curl -H "Authorization: Bearer $ENGAGE_SECRET" -X DELETE 'http://127.0.0.1:9081/backend/data/identities/ada'`,
    );
    expect(formatCurl(question, 'http://h', 'basic')).toContain('-u "$ENGAGE_USER:$ENGAGE_PASSWORD"');
  });
});

describe('insight and erasure in words', () => {
  const insight: Insight = {
    identityId: 'ada',
    visitScope: 'Authenticated',
    complete: false,
    firstSeen: T0,
    lastSeen: T0,
    secondsSinceLastSeen: 90,
    visits: 2,
    visitsInLast30Days: 2,
    daysBetweenVisits: 1.5,
    pages: 7,
    pagesPerVisit: 3.5,
    categories: [
      { name: 'cart', as: 'activity', pages: 3, visits: 2, lastReached: T0 },
      { name: 'paid', as: 'outcome', pages: 1, visits: 1, lastReached: T0 },
    ],
    engagementAttempts: { all: 1, invited: 1, engaged: 0, byState: { rejected: 1 }, byDisposition: { reject: 1 } },
  };

  it('say how recently and often somebody came, what he reached, and that there is more than was counted', () => {
    const { sentences, figures } = describeInsight(insight);
    expect(sentences).toEqual([
      'Last seen 1\u202fmin 30\u202fs ago, in 2 visits so far.',
      'Reached the outcome paid.',
      'Took part in the activity cart.',
      '1 attempt to engage, 1 invited, 0 became a conversation.',
      'There is more than was counted: these are lower bounds.',
    ]);
    expect(figures).toContainEqual({ name: 'between visits', value: '1\u202fd 12\u202fh' });
    expect(figures).toContainEqual({ name: 'invites rejected', value: '1' });
  });

  it('count the rows that tables gave', () => {
    expect(describeErased({ visits: 1, events: 1_200, attempts: 0 })).toEqual({
      sentence: '1,201 rows of 2 tables are gone.',
      tables: [
        { name: 'events', rows: '1,200' },
        { name: 'visits', rows: '1' },
        { name: 'attempts', rows: '0' },
      ],
    });
  });
});

describe('an export', () => {
  it('has one header row, however many pages it came in', () => {
    expect(joinCsv(['a,b\r\n1,2\r\n', 'a,b\r\n3,"x\r\ny"\r\n', 'a,b\r\n'])).toBe('a,b\r\n1,2\r\n3,"x\r\ny"\r\n');
    expect(joinCsv([])).toBe('');
  });

  it('is named so that every system takes it', () => {
    expect(fileNameOf(['identity', 'ada/../x@shop.example', 'events'], 'csv')).toBe(
      'identity-ada_.._x_shop.example-events.csv',
    );
  });
});
