/** What the History screen says around a story: addresses, listings that grow, where to begin, what was asked, insight, exports. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Insight } from '#protocol/wire-history.ts';
import type { StreamItem } from '#protocol/run-feed.ts';
import { formatCurl, formatQuestion } from '#renderer/view/history-asked.ts';
import { fileNameOf, joinCsv } from '#renderer/view/history-csv.ts';
import { describeErased, describeLeft } from '#renderer/view/history-erasure.ts';
import { describeInsight } from '#renderer/view/history-insight.ts';
import { extendListing, renewListing, type GrownListing } from '#renderer/view/history-listing.ts';
import { recentVisits } from '#renderer/view/history-recent.ts';
import { formatHistoryRoute, parseHistoryRoute, MARK_KINDS, type HistoryRoute } from '#renderer/view/history-route.ts';
import { T0 } from '#tests/renderer/history-records.ts';

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

  it('say what an erasure had to leave, and nothing where it left nothing', () => {
    expect(describeLeft({ interactions: 1, chats: 1 })).toMatch(/^2 rows of the contact center stayed: .* Erase again/);
    expect(describeLeft({ interactions: 0 })).toBeNull();
    expect(describeLeft({})).toBeNull();
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
