/** The History REST API method by method: shapes, filters, inclusions, paging, refusals; without sockets. */
import { beforeEach, describe, expect, it } from 'vitest';
import { LISTINGS, SINGLES } from '#backend/history-methods.ts';
import { insightSchema, NO_SESSION, RESOURCE_SCHEMAS } from '#protocol/wire-history.ts';
import { eventAt, HistoryStage, MORNING, type HistoryReply } from './history-stage.ts';

const ADA = 'ada@shop.example';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0';
const CART = { url: 'https://shop.example/cart', title: 'Cart', category: 'cart;checkout' };

/** Ada looks around, logs in, goes to her cart and logs out; her visit goes on. */
const VISIT = [
  eventAt('v1', 0, 0, { eventName: 'VisitStarted', data: { userAgent: FIREFOX } }),
  eventAt('v1', 1, 1, { pageID: 'p1' }),
  eventAt('v1', 2, 20, { pageID: 'p1', eventName: 'PageExited' }),
  eventAt('v1', 3, 21, { eventName: 'SignIn', identity: ADA, data: { firstName: 'Ada', location: 'London' } }),
  eventAt('v1', 4, 22, { pageID: 'p2', identity: ADA, ...CART }),
  eventAt('v1', 5, 40, {
    pageID: 'p2',
    eventType: 'BUSINESS',
    eventName: 'Search',
    identity: ADA,
    data: { searchString: '=boots' },
    ...CART,
  }),
  eventAt('v1', 6, 60, { pageID: 'p2', eventName: 'SignOut', identity: ADA, ...CART }),
];

let stage: HistoryStage;

beforeEach(async () => {
  stage = await HistoryStage.create({ categories: [{ name: 'checkout', tags: [], as: 'outcome' }] });
  stage.now = MORNING + 100_000;
  await stage.put(VISIT);
});

function ids(reply: HistoryReply, key: string): unknown {
  return (reply.body as Record<string, unknown>[]).map((record) => record[key]);
}

describe('one resource', () => {
  it('a visit has the documented shape, the zero id where nobody is signed in, and null for what is not included', async () => {
    expect(await stage.ask('/visits/v1')).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect((await stage.ask('/visits/v1')).body).toEqual({
      visitId: 'v1',
      startDate: MORNING,
      endDate: 0,
      activeSessionId: NO_SESSION,
      globalVisitID: 'g-v1',
      userAgentID: expect.stringMatching(/./),
      eventIds: null,
      events: null,
      pageIds: null,
      pages: null,
      sessionIds: null,
      sessions: null,
    });
  });

  it('an identity, a session, a page, an event and a user agent are found by their ids', async () => {
    const identity = await stage.ask(`/identities/${ADA}?include_visits=true&include_sessions=true`);
    expect(identity.body).toMatchObject({
      identityId: ADA,
      name: 'Ada',
      location: 'London',
      entityInCS: null,
      visitScope: 'Authenticated',
      visitIds: ['v1'],
      visits: null,
      sessionIds: ['v1.e0003'],
      pageIds: null,
    });
    const session = await stage.ask('/sessions/v1.e0003?include_pages=true&include_events=true');
    expect(session.body).toMatchObject({
      sessionId: 'v1.e0003',
      visitId: 'v1',
      identityId: ADA,
      startDate: MORNING + 21_000,
      endDate: MORNING + 60_000,
      pageIds: ['v1:p2'],
      eventIds: ['v1.e0006', 'v1.e0005', 'v1.e0004', 'v1.e0003'],
    });
    const page = await stage.ask('/pages/v1:p2?include_events=true&include_events_detail=true');
    expect(page.body).toMatchObject({
      pageId: 'v1:p2',
      browserPageID: 'p2',
      sessionId: 'v1.e0003',
      category: 'cart;checkout',
      eventIds: null,
      events: [{ eventName: 'SignOut' }, { eventName: 'Search' }, { eventName: 'PageEntered' }],
    });
    expect((await stage.ask('/events/v1.e0005')).body).toMatchObject({
      eventID: 'v1.e0005',
      serverTimestamp: MORNING + 40_000,
      pageID: 'v1:p2',
      browserPageID: 'p2',
      data: { searchString: '=boots' },
    });
    const { userAgentID } = (await stage.ask('/visits/v1')).body as { userAgentID: string };
    expect((await stage.ask(`/useragents/${userAgentID}`)).body).toEqual({
      userAgentID,
      raw: FIREFOX,
      browser: 'Firefox 130',
      os: 'Linux',
      device: 'desktop',
    });
  });

  it('detail without include_x includes nothing', async () => {
    const { body } = await stage.ask('/visits/v1?include_pages_detail=true');
    expect(body).toMatchObject({ pages: null, pageIds: null });
  });

  it.each(SINGLES)('of what is not there is 404 with its name: $path', async ({ path }) => {
    const { status, body } = await stage.ask(path.replace(':id', 'nobody'));
    expect(status).toBe(404);
    expect(body).toMatchObject({ error: { code: 'NOT_FOUND', message: expect.stringContaining('"nobody"') } });
  });

  it('a visit that crossed to another domain names the visits before and after it', async () => {
    const help = { url: 'https://help.example/', globalVisitID: 'g-v1' };
    await stage.put([
      eventAt('v1.2', 0, 70, { pageID: 'p3', ...help }),
      eventAt('v1.3', 0, 80, { pageID: 'p4', ...help }),
    ]);
    expect((await stage.ask('/visits/v1')).headers['link']).toBe('</backend/data/visits/v1.2>; rel="next"');
    expect((await stage.ask('/visits/v1.2')).headers['link']).toBe(
      '</backend/data/visits/v1>; rel="prev", </backend/data/visits/v1.3>; rel="next"',
    );
    expect((await stage.ask('/visits/v1')).body).toMatchObject({ endDate: MORNING + 70_000 });
  });

  it('a visit of another browser that is only called alike is no crossing', async () => {
    await stage.put([eventAt('v1.2', 0, 70, { pageID: 'p3' })]);
    expect((await stage.ask('/visits/v1')).headers['link']).toBeUndefined();
  });
});

describe('a listing', () => {
  it('is newest first and filtered by every parameter together', async () => {
    expect(ids(await stage.ask('/visits/v1/events'), 'eventName')).toEqual([
      'SignOut',
      'Search',
      'PageEntered',
      'SignIn',
      'PageExited',
      'PageEntered',
      'VisitStarted',
    ]);
    const query = `eventType=SYSTEM&category=cart&url=*/cart&title=C*&browserPageID=p2&age=79&globalVisitID=g-v1`;
    expect(ids(await stage.ask(`/visits/v1/events?${query}`), 'eventID')).toEqual(['v1.e0006', 'v1.e0004']);
    expect(ids(await stage.ask(`/visits/v1/events?${query}&eventName=SignOut`), 'eventID')).toEqual(['v1.e0006']);
    expect(ids(await stage.ask('/visits/v1/events?category=all%20categories'), 'eventID')).toHaveLength(3);
    expect(ids(await stage.ask('/visits/v1/events?category=check'), 'eventID')).toEqual([]);
    expect(ids(await stage.ask('/visits/v1/sessions?identityId=bob'), 'sessionId')).toEqual([]);
    expect(ids(await stage.ask('/visits/v1/identities?association=Recognized'), 'identityId')).toEqual([]);
    expect(ids(await stage.ask('/visits/v1/identities?association=Authenticated'), 'identityId')).toEqual([ADA]);
    expect(ids(await stage.ask('/identities?location=London&userAgent=*Firefox*'), 'identityId')).toEqual([ADA]);
    expect(ids(await stage.ask('/identities?userAgent=Firefox'), 'identityId')).toEqual([]);
  });

  it('says in the visit how somebody was known there, not elsewhere', async () => {
    await stage.put([
      eventAt('v2', 0, 61, { eventName: 'VisitStarted' }),
      eventAt('v2', 1, 62, { eventName: 'UserInfo', identity: ADA }),
    ]);
    expect((await stage.ask('/visits/v2/identities')).body).toMatchObject([{ visitScope: 'Recognized' }]);
    expect((await stage.ask('/identities')).body).toMatchObject([{ visitScope: 'Authenticated' }]);
    expect(ids(await stage.ask('/visits/v2/identities?association=Authenticated'), 'identityId')).toEqual([]);
  });

  it('is taken on where the header Paging-Next says, given back as parameter or header', async () => {
    const first = await stage.ask('/visits/v1/events?page_size=3');
    const next = String(first.headers['paging-next']);
    expect(next).toBe(`v1#${MORNING + 22_000}#v1.e0004`);
    const second = await stage.ask(`/visits/v1/events?page_size=3&paging_next=${encodeURIComponent(next)}`);
    expect(ids(second, 'eventID')).toEqual(['v1.e0003', 'v1.e0002', 'v1.e0001']);
    expect(await stage.ask('/visits/v1/events?page_size=3', { headers: { 'paging-next': next } })).toMatchObject({
      text: second.text,
    });
    const both = `/visits/v1/events?paging_next=${encodeURIComponent(next)}`;
    expect((await stage.ask(both, { headers: { 'paging-next': next } })).status).toBe(400);
    const last = await stage.ask('/visits/v1/events?page_size=7');
    expect(ids(last, 'eventID')).toHaveLength(7);
    expect(last.headers['paging-next']).toBeUndefined();
  });

  it('has a header for the next page only where a record of it passes the filters', async () => {
    const { headers, body } = await stage.ask('/visits/v1/events?eventName=Search&page_size=1');
    expect(body).toHaveLength(1);
    expect(headers['paging-next']).toBeUndefined();
  });

  it.each(LISTINGS.filter(({ of }) => of !== 'everybody'))(
    'inside what is not there is 404: $path',
    async ({ path }) => {
      expect((await stage.ask(path.replace(':id', 'nobody'))).status).toBe(404);
    },
  );

  it.each(LISTINGS)('has the documented shapes: $path', async ({ path, entity, of }) => {
    const { status, body } = await stage.ask(path.replace(':id', of === 'visit' ? 'v1' : ADA));
    expect(status).toBe(200);
    expect(RESOURCE_SCHEMAS[entity].array().safeParse(body).error).toBeUndefined();
  });

  it('of attempts to engage is empty where there were none', async () => {
    expect(await stage.ask('/visits/v1/engagementattempts')).toMatchObject({ status: 200, body: [] });
  });
});

describe('a bad question', () => {
  it('is told all of its faults at once, and what is known', async () => {
    const { status, body } = await stage.ask(
      '/visits/v1/events?age=-1&page_size=0&colour=red&eventType=Other&url=a&url=b&paging_next=x&association=Recognized',
    );
    expect(status).toBe(400);
    const { error } = body as { error: { code: string; problems: { parameter: string; message: string }[] } };
    expect(error.code).toBe('INVALID_INPUT');
    expect(error.problems.map(({ parameter }) => parameter).sort()).toEqual([
      'age',
      'association',
      'colour',
      'eventType',
      'page_size',
      'paging_next',
      'url',
    ]);
    const messageOf = (name: string): string =>
      error.problems.find(({ parameter }) => parameter === name)?.message ?? '';
    expect(messageOf('colour')).toContain('known: age, url, title, category');
    expect(messageOf('url')).toBe('given more than once');
    expect(messageOf('page_size')).toContain('1 to 1000');
  });

  it.each([
    ['/visits/v1?age=1', 'age'],
    ['/visits/v1?include_visits=true', 'include_visits'],
    ['/visits/v1?include_events=yes', 'include_events'],
    [`/identities/${'a'.repeat(257)}`, 'id'],
    [`/identities/${'a'.repeat(257)}/events`, 'id'],
    ['/visits/v1/pages?include_events=true&format=csv', 'include_events'],
    ['/visits/v1/events?page_size=1001', 'page_size'],
    ['/visits/v1/events?paging_next=v2%231%23x', 'paging_next'],
    ['/visits/v1/events?paging_next=v1%231%23%25zz', 'paging_next'],
    ['/visits/v1/events?title=', 'title'],
    [`/identities/${ADA}/insight?age=1`, 'age'],
  ])('is refused: %s', async (path, parameter) => {
    const { status, body } = await stage.ask(path);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 'INVALID_INPUT', problems: [{ parameter }] } });
  });

  it('of a page in a browser is refused, wherever the page is from', async () => {
    const headers = { origin: 'https://shop.example' };
    expect(await stage.ask('/visits/v1', { headers })).toMatchObject({ status: 403 });
  });
});

describe('without full indexing', () => {
  async function createLimited(): Promise<HistoryStage> {
    const limited = await HistoryStage.create({ limitIndexing: true });
    limited.now = stage.now;
    await limited.put(VISIT);
    return limited;
  }

  it.each(LISTINGS.filter(({ of }) => of === 'everybody'))(
    '$path says by which option it does not work',
    async ({ path }) => {
      const { status, body } = await (await createLimited()).ask(path);
      expect(status).toBe(501);
      expect(body).toMatchObject({
        error: { code: 'NOT_SUPPORTED', message: expect.stringContaining('service:wmdb/wmdb.limitIndexing') },
      });
    },
  );

  it.each(LISTINGS.filter(({ of }) => of !== 'everybody'))('$path works all the same', async ({ path, of }) => {
    const limited = await createLimited();
    expect((await limited.ask(path.replace(':id', of === 'visit' ? 'v1' : ADA))).status).toBe(200);
  });

  it('filters inside a visit or an identity work all the same', async () => {
    const path = `/identities/${ADA}/events?category=cart&eventName=Search&url=*cart`;
    expect(ids(await (await createLimited()).ask(path), 'eventID')).toEqual(['v1.e0005']);
  });
});

describe('as CSV', () => {
  it('has a header row and a row an event, and no text begins a formula', async () => {
    const reply = await stage.ask('/visits/v1/events?format=csv&eventName=Search');
    expect(reply.headers['content-type']).toContain('text/csv');
    expect(reply.headers['content-disposition']).toContain('event.csv');
    const at = MORNING + 40_000;
    expect(reply.text).toBe(
      'serverTimestamp,timestamp,eventType,eventName,category,url,title,languageCode,identityId,eventID,visitID,globalVisitID,pageID,browserPageID,data\r\n' +
        `${at},${at},BUSINESS,Search,cart;checkout,https://shop.example/cart,Cart,en-US,${ADA},v1.e0005,v1,g-v1,v1:p2,p2,"{""searchString"":""=boots""}"\r\n`,
    );
  });

  it('is what Accept asks for, with the same paging', async () => {
    const headers = { accept: 'text/csv' };
    const reply = await stage.ask('/visits/v1/pages?page_size=1', { headers });
    expect(reply.text.split('\r\n')).toHaveLength(3);
    expect(reply.headers).toMatchObject({ 'paging-next': expect.stringContaining('v1#'), vary: 'accept' });
    expect((await stage.ask('/visits/v1/pages?format=json', { headers })).body).toHaveLength(2);
  });
});

describe('insight', () => {
  it('tells recency, frequency, pages, outcomes and attempts', async () => {
    const { body } = await stage.ask(`/identities/${ADA}/insight`);
    expect(insightSchema.safeParse(body).error).toBeUndefined();
    expect(body).toMatchObject({
      identityId: ADA,
      complete: true,
      firstSeen: MORNING + 21_000,
      lastSeen: MORNING + 60_000,
      secondsSinceLastSeen: 40,
      visits: 1,
      daysBetweenVisits: null,
      pages: 2,
      pagesPerVisit: 2,
      categories: [
        { name: 'cart', as: null, pages: 1, visits: 1 },
        { name: 'checkout', as: 'outcome', pages: 1, lastReached: MORNING + 22_000 },
      ],
      engagementAttempts: { all: 0 },
    });
    expect((await stage.ask('/identities/nobody/insight')).status).toBe(404);
  });
});
