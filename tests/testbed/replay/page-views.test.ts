/** From requests to visits: which requests are page views, which clients are robots, and when a visit ends. */
import { describe, expect, it } from 'vitest';
import type { BrowserEvent } from '#core/visits/event.ts';
import { parseLogLine, type LogLine } from '#testbed/replay/log-line.ts';
import { LogVisits } from '#testbed/replay/log-visits.ts';
import { findPage } from '#testbed/replay/page-request.ts';
import { RobotFinder } from '#testbed/replay/robots.ts';
import { findSearchTerms } from '#testbed/replay/search-terms.ts';
import { BROWSER, formatLogLine, NOON, replayAll, writeRecording, type GivenLogLine } from './recordings.ts';

function line(given: GivenLogLine = {}): LogLine {
  const parsed = parseLogLine(formatLogLine(given));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

const get = (target: string): GivenLogLine => ({ request: `GET ${target} HTTP/1.1` });

describe('a page view', () => {
  it.each([
    '/',
    '/blog/',
    '/blog/geekery/xdotool-2.20110530',
    '/a.html',
    '/a.xhtml?x=y.png',
    '/talk.pdf.html',
    '/cart.php?format=short',
    '/a?utm_medium=feed&source=rss20',
    '/feeding-cats',
    '/%7Euser/',
    '/a b',
  ])('is GET %s', (target) => {
    expect(findPage(line(get(target)))).toEqual({ target });
  });

  it.each([200, 206, 299, 304])('may have the status %i', (status) => {
    expect(findPage(line({ status }))).toEqual({ target: '/' });
  });

  it.each([
    ['request', { request: '-' }],
    ['request', { request: '\u0016\u0003\u0001' }],
    ['request', { request: 'get / HTTP/1.1' }],
    ['method', { request: 'HEAD / HTTP/1.1' }],
    ['method', { request: 'POST /cart HTTP/1.1' }],
    ['status', { status: 301 }],
    ['status', { status: 404 }],
    ['status', { status: 100 }],
    ['target', get('http://elsewhere.example/')],
    ['target', get('*')],
    ['feed', get('/index.rss')],
    ['feed', get('/blog/feed/')],
    ['feed', get('/?flav=atom')],
    ['feed', get('/blog/tags/puppet?page=2&flav=rss20')],
    ['file', get('/images/logo.PNG')],
    ['file', get('/style.css?v=3.2.1')],
    ['file', get('/robots.txt')],
    ['file', get('/favicon.ico')],
    ['file', get('/talk.pdf')],
    ['file', get('/logstash-1.3.2-monolithic.jar')],
  ] as const)('is not for the reason of its %s: %o', (reason, given) => {
    expect(findPage(line(given))).toEqual({ reason });
  });

  it('may come without a protocol, from HTTP/0.9', () => {
    expect(findPage(line({ request: 'GET /old' }))).toEqual({ target: '/old' });
  });
});

describe('a robot', () => {
  const ruleOf = (userAgent: string | null): string | null => new RobotFinder().ruleOf(line({ userAgent }));

  it.each([
    ['noUserAgent', ''],
    ['named', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
    ['named', 'Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)'],
    ['named', 'curl/8.5.0'],
    ['named', 'Python-urllib/2.7'],
    ['named', 'Java/1.8.0'],
    ['named', 'UniversalFeedParser/4.2'],
    ['contact', 'Mozilla/5.0 (compatible; Ezooms/1.0; help@moz.com)'],
    ['contact', 'Chef Client/10.18.2 (ruby; +http://opscode.com)'.replace('ruby; ', '')],
    [null, BROWSER],
    [null, 'Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36'],
    [null, 'Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; chromeframe/19.0.1084.52)'],
    [null, null],
  ])('is found by the rule %s in %s', (rule, userAgent) => {
    expect(ruleOf(userAgent)).toBe(rule);
  });

  it('is who asked for /robots.txt, whatever came of it, but not who else has its address or its user agent', () => {
    const robots = new RobotFinder();
    robots.observe(line({ ...get('/robots.txt?x'), status: 404 }));
    robots.observe(line({ address: '192.0.2.9', ...get('/about?/robots.txt') }));
    expect(robots.ruleOf(line())).toBe('robotsTxt');
    expect(robots.ruleOf(line({ address: '192.0.2.2' }))).toBeNull();
    expect(robots.ruleOf(line({ address: '192.0.2.9' }))).toBeNull();
    expect(robots.ruleOf(line({ userAgent: 'Another/1.0' }))).toBeNull();
  });

  it('is one with all of its requests, those before it asked for /robots.txt included, and counts for its first rule', async () => {
    const file = writeRecording([
      formatLogLine({ at: NOON }),
      formatLogLine({ at: NOON + 1_000, address: '192.0.2.7' }),
      formatLogLine({ at: NOON + 2_000, ...get('/robots.txt') }),
      formatLogLine({ at: NOON + 3_000, userAgent: 'Somebot/1.0', ...get('/robots.txt') }),
    ]);
    const { log, visits } = await replayAll({ file, packages: [], categories: [] });
    expect(log?.robots.filter(({ requests }) => requests > 0)).toEqual([
      { rule: 'named', clients: 1, requests: 1 },
      { rule: 'robotsTxt', clients: 1, requests: 2 },
    ]);
    expect(visits).toBe(1);
  });
});

describe('a visit of an access log', () => {
  /** Takes page views, each of a minute, an address and a path, and tells the events as `visit name id at minute url`. */
  function follow(pages: readonly (readonly [minutes: number, address: string, target: string])[]): readonly string[] {
    const visits = new LogVisits('');
    return pages.flatMap(([minutes, address, target], index) => {
      const at = NOON + minutes * 60_000;
      const { visitID, events } = visits.takePage(line({ at, address, ...get(target) }), index + 1, target);
      return events.map((event) => `${visitID} ${event.eventName} ${event.eventID} ${minutes} ${event.url}`);
    });
  }

  it('goes from page to page: each is left when the next one is entered, the last one never', () => {
    expect(
      follow([
        [0, 'a', '/one'],
        [1, 'b', '/other'],
        [2, 'a', '/two'],
        [2, 'a', '/two'],
      ]),
    ).toEqual([
      'V1 VisitStarted L1.start 0 /one',
      'V1 PageEntered L1 0 /one',
      'V2 VisitStarted L2.start 1 /other',
      'V2 PageEntered L2 1 /other',
      'V1 PageExited L1.exit 2 /one',
      'V1 PageEntered L3 2 /two',
      'V1 PageExited L3.exit 2 /two',
      'V1 PageEntered L4 2 /two',
    ]);
  });

  it('ends after exactly 30 minutes without a page view, not a second before', () => {
    const second = 1 / 60;
    const visitsOf = (gapMinutes: number): readonly string[] => [
      ...new Set(
        follow([
          [0, 'a', '/'],
          [10, 'a', '/'],
          [10 + gapMinutes, 'a', '/'],
        ]).map((event) => event.split(' ')[0] ?? ''),
      ),
    ];
    expect(visitsOf(30 - second)).toEqual(['V1']);
    expect(visitsOf(30)).toEqual(['V1', 'V3']);
    expect(visitsOf(30 + second)).toEqual(['V1', 'V3']);
  });

  it('is told apart by address and user agent, and knows a client again that comes back', () => {
    const visits = new LogVisits('https://www.example.com');
    const take = (minutes: number, given: GivenLogLine): readonly BrowserEvent[] =>
      visits.takePage(line({ at: NOON + minutes * 60_000, ...given }), minutes + 1, '/').events;
    const [first] = take(0, {});
    const [otherAgent] = take(1, { userAgent: 'Another/1.0' });
    const [again] = take(90, {});
    expect(new Set([first?.visitID, otherAgent?.visitID, again?.visitID]).size).toBe(3);
    expect(again?.globalVisitID).toBe(first?.globalVisitID);
    expect(otherAgent?.globalVisitID).not.toBe(first?.globalVisitID);
    expect(JSON.stringify(first?.globalVisitID)).not.toContain('192.0.2.1');
    expect(first?.url).toBe('https://www.example.com/');
  });

  it('carries what the log tells: referrer, user agent, time on the page, terms of a search', () => {
    const visits = new LogVisits('');
    const referrer = 'https://www.google.co.uk/search?q=warm+tent&hl=en';
    const first = visits.takePage(line({ referrer }), 1, '/').events;
    const second = visits.takePage(line({ at: NOON + 4_000, referrer: 'https://shop.example/?q=x' }), 2, '/').events;
    expect([...first, ...second].map(({ data }) => data)).toEqual([
      { userAgent: BROWSER, referrer },
      { referrer, searchString: 'warm tent' },
      { durationMs: 4_000 },
      { referrer: 'https://shop.example/?q=x' },
    ]);
  });

  it.each([
    ['http://www.google.com/url?sa=t&q=xdotool%20key', 'xdotool key'],
    ['http://search.yahoo.com/search?p=a+b&q=c', 'a b'],
    ['http://yandex.ru/yandsearch?text=%D0%B0', 'а'],
    ['https://www.google.com/', undefined],
    ['https://www.google.com/?q=', undefined],
    ['https://notgoogle.example/?q=x', undefined],
    ['https://example.google/?q=x', undefined],
    ['not a URL?q=x', undefined],
    ['', undefined],
  ])('comes from %s with the terms %s', (referrer, terms) => {
    expect(findSearchTerms(referrer)).toBe(terms);
  });
});
