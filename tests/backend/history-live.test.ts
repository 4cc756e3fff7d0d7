/** The History REST API over real sockets: what browsers post to a Frontend is read from a Backend that asks the store node. */
import { afterEach, describe, expect, it } from 'vitest';
import { LiveStage, SECRET, SHOP, until, type StageNode } from '#tests/frontend/live-stage.ts';
import { postEvents, wireEvent } from '#tests/frontend/wire-event.ts';
import type { Erasure } from '#ports/history.ts';
import { sampleContact } from '#tests/stores/store-samples.ts';
import { LISTINGS, SINGLES } from '#backend/history-methods.ts';

const ADA = 'ada@shop.example';
const FULL = { 'service:wmdb': { 'wmdb.limitIndexing': false } };
const SECURED = { security: { 'auth-scheme': 'basic', 'user-id': 'desk', password: 'never-shown' } };

let stage: LiveStage;

afterEach(async () => stage.stop());

async function start(
  options: Readonly<Record<string, Readonly<Record<string, string | boolean>>>>,
): Promise<StageNode> {
  stage = new LiveStage({ options });
  // The contact center takes it up.
  await stage.stores.operations.put([sampleContact(ADA, 1, 3)]);
  const { frontend, backend } = await stage.startAll();
  const events = [
    wireEvent('v1', 1, { eventName: 'VisitStarted', pageID: '', data: { userAgent: 'Firefox/130.0' } }),
    wireEvent('v1', 2, { eventName: 'SignIn', pageID: '', identity: ADA, data: { location: 'London' } }),
    wireEvent('v1', 3, { identity: ADA, url: 'https://shop.example/cart', title: 'Cart' }),
    wireEvent('v1', 4, { identity: ADA, eventType: 'BUSINESS', eventName: 'Search', data: { searchString: 'boots' } }),
  ];
  for (const event of events) expect((await postEvents(frontend.url, 'v1', [event])).status).toBe(200);
  return backend;
}

async function ask(
  { url }: StageNode,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<{ readonly status: number; readonly body: unknown; readonly headers: Headers }> {
  const reply = await fetch(`${url}/backend/data${path}`, { method, headers });
  return { status: reply.status, body: await reply.json(), headers: reply.headers };
}

describe('a Backend with a store', () => {
  it('answers what was posted, by the categories that the Frontend gave, and erases it', async () => {
    const backend = await start(FULL);
    expect(await ask(backend, '/visits/v1?include_pages=true&include_events=true')).toMatchObject({
      status: 200,
      body: { visitId: 'v1', activeSessionId: 'v1.e2', pageIds: ['v1:v1.p3'], endDate: 0 },
    });
    const events = await ask(backend, '/visits/v1/events?category=cart');
    expect(events.body).toMatchObject([{ eventID: 'v1.e3', category: 'cart', identityId: ADA }]);
    const first = await ask(backend, `/identities/${ADA}/events?page_size=1`);
    expect(first.body).toMatchObject([{ eventName: 'Search', data: { searchString: 'boots' } }]);
    const next = String(first.headers.get('paging-next'));
    const second = await ask(backend, `/identities/${ADA}/events?page_size=1`, { 'paging-next': next });
    expect(second.body).toMatchObject([{ eventID: 'v1.e3' }]);
    expect((await ask(backend, '/events?eventName=Search')).body).toHaveLength(1);
    expect((await ask(backend, `/identities/${ADA}/insight`)).body).toMatchObject({ visits: 1, pages: 1 });
    await until(async () => {
      const attempts = await ask(backend, '/visits/v1/engagementattempts');
      return (attempts.body as unknown[]).length === 1;
    }, 'the hot lead of the cart is an attempt to engage');
    const erase = await ask(backend, `/identities/${ADA}`, { authorization: `Bearer ${SECRET}` }, 'DELETE');
    expect(erase).toMatchObject({ status: 200, body: { identityId: ADA, erased: { events: 4, contacts: 1 } } });
    const { erased, inProgress } = erase.body as Erasure;
    expect([erased['interactions'], inProgress['interactions']].toSorted()).toEqual([0, 1]);
    const rows = await stage.stores.operations.recover(['contact', 'interaction']);
    expect(rows.map(({ kind }) => kind)).toEqual(inProgress['interactions'] === 1 ? ['interaction'] : []);
    for (const path of [`/identities/${ADA}`, '/visits/v1', '/visits/v1/events', '/events/v1.e3']) {
      expect((await ask(backend, path)).status, path).toBe(404);
    }
    expect((await ask(backend, '/events')).body).toEqual([]);
  });

  it('refuses questions about all visitors by default, pages of the site, and wrong credentials', async () => {
    const backend = await start(SECURED);
    const authorization = `Basic ${Buffer.from('desk:never-shown').toString('base64')}`;
    expect((await ask(backend, '/visits/v1')).status).toBe(401);
    expect((await ask(backend, '/visits/v1', { authorization })).status).toBe(200);
    expect((await ask(backend, '/visits/v1', { authorization, origin: SHOP })).status).toBe(403);
    expect(await ask(backend, '/events', { authorization })).toMatchObject({
      status: 501,
      body: { error: { code: 'NOT_SUPPORTED', message: expect.stringContaining('wmdb.limitIndexing') } },
    });
    for (const path of ['/backend/about', '/backend/openapi.json', '/metrics']) {
      expect(await (await fetch(`${backend.url}${path}`)).text(), path).not.toContain('never-shown');
    }
  });

  it('says 503 and when to come again while the store is away', async () => {
    const backend = await start({});
    await stage.stopStore();
    await until(async () => (await fetch(`${backend.url}/backend/about`)).status === 503, 'the loss is noticed');
    const { status, body, headers } = await ask(backend, '/visits/v1/events');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body).toMatchObject({ error: { code: 'UNAVAILABLE' } });
  });

  it('describes every method in its OpenAPI document, with its parameters and answers', async () => {
    const backend = await start(SECURED);
    const described = (await (await fetch(`${backend.url}/backend/openapi.json`)).json()) as {
      paths: Record<string, { get?: { parameters: { name: string }[]; responses: object }; delete?: object }>;
    };
    for (const { path, parameters } of [...LISTINGS, ...SINGLES]) {
      const method = described.paths[`/backend/data${path.replace(':id', '{id}')}`]?.get;
      const names = (method?.parameters ?? []).map(({ name }) => name).filter((name) => name !== 'id');
      expect(names.toSorted(), path).toEqual([...parameters].sort());
      expect(Object.keys(method?.responses ?? {}), path).toEqual(expect.arrayContaining(['200', '400', '401', '503']));
    }
    const listing = described.paths['/backend/data/visits/{id}/events']?.get?.responses;
    expect(listing).toMatchObject({
      200: {
        headers: { 'Paging-Next': {} },
        content: { 'application/json': { schema: { type: 'array' } }, 'text/csv': {} },
      },
    });
    expect(described.paths['/backend/data/identities/{id}']?.delete).toMatchObject({
      security: [{ historyBasic: [] }],
    });
  });
});
