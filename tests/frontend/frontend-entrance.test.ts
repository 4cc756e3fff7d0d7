/** Who and what gets through the Frontend's door, and that nothing of what does not is stored. */
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LiveStage, SHOP, until, type StageNode } from './live-stage.ts';
import { postEvents, wireEvent } from './wire-event.ts';

let stage: LiveStage;
let frontend: StageNode;

beforeAll(async () => {
  stage = new LiveStage();
  ({ frontend } = await stage.startAll());
});

afterAll(async () => stage.stop());

async function storedIDs(visitID: string): Promise<readonly string[]> {
  return (await stage.stores.history.pastOf(visitID)).map(({ eventID }) => eventID);
}

it('takes plain text from a page of an allowed origin, and lets the page read the answer', async () => {
  const response = await postEvents(frontend.url, 'plain', [wireEvent('plain', 1)], {
    'content-type': 'text/plain;charset=UTF-8',
    origin: SHOP,
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBe(SHOP);
  expect(response.headers.get('access-control-allow-credentials')).toBe('true');
});

it.each([
  ['plain text without an origin', { 'content-type': 'text/plain' }, 403],
  ['plain text of another origin', { 'content-type': 'text/plain', origin: 'https://evil.example' }, 403],
  ['JSON of another origin', { origin: 'https://evil.example' }, 403],
  ['a look-alike origin', { origin: `${SHOP}.evil.example` }, 403],
  ['the origin null', { origin: 'null' }, 403],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded', origin: SHOP }, 415],
])('refuses %s and stores nothing', async (_what, headers, status) => {
  const response = await postEvents(frontend.url, 'refused', [wireEvent('refused', 1)], headers);
  expect(response.status).toBe(status);
  expect(await storedIDs('refused')).toEqual([]);
});

it('answers the preflight of an allowed page alone', async () => {
  const url = `${frontend.url}/frontend/data/visits/v1/events`;
  const allowed = await fetch(url, { method: 'OPTIONS', headers: { origin: SHOP } });
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-headers')).toBe('content-type');
  expect((await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } })).status).toBe(403);
});

it.each<[string, unknown]>([
  ['another visit than in the path', [wireEvent('other', 1)]],
  ['a SYSTEM event that there is not', [wireEvent('bad', 1, { eventName: 'Bought' })]],
  ['an empty list', []],
  ['no JSON', '{"events":'],
  ['1e400', JSON.stringify([wireEvent('bad', 1, { data: { n: 12345 } })]).replace('12345', '1e400')],
  ['a poisoned prototype', `[${JSON.stringify(wireEvent('bad', 1)).replace('{}', '{"__proto__":{"x":1}}')}]`],
])('refuses %s with 400 and says why', async (_what, body) => {
  const response = await postEvents(frontend.url, 'bad', body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 'INVALID_INPUT', message: expect.any(String) } });
  expect(await storedIDs('bad')).toEqual([]);
});

it('refuses a body above 64 KiB with 413 and a path that is no id with 400', async () => {
  const big = await postEvents(frontend.url, 'big', `[${' '.repeat(65_600)}]`);
  expect(big.status).toBe(413);
  expect((await postEvents(frontend.url, 'a%2Fb', [wireEvent('v', 1)])).status).toBe(400);
});

it('refuses headers above 16 KiB with 431', async () => {
  expect(await rawStatus(`GET /frontend/about HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`)).toBe(431);
});

it('ends a request whose headers do not come with 408', async () => {
  expect(await rawStatus('POST /frontend/data/visits/v/events HTTP/1.1\r\nhost: x\r\n')).toBe(408);
}, 15_000);

it('answers whatever is sent instead of events with 2xx or 4xx, and stores only what it has acknowledged', async () => {
  const good = Buffer.from(
    JSON.stringify([wireEvent('fuzz', 1, { title: 'Café \u{1f6d2}', data: { price: 12.5, gift: true, note: null } })]),
  );
  const flips = fc
    .array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const bytes = Buffer.from(good);
      for (const [at, mask] of changes) bytes[at] = (bytes[at] ?? 0) ^ mask;
      return bytes;
    });
  const fields = fc
    .tuple(fc.constantFrom(...Object.keys(wireEvent('fuzz', 1))), fc.anything({ withBigInt: false }))
    .map(([field, value]) => Buffer.from(JSON.stringify([{ ...wireEvent('fuzz', 1), [field]: value }])));
  const shapes = fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text));
  const statuses = new Map<number, number>();
  const acknowledged = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.oneof(flips, fields, shapes), async (body) => {
      const response = await fetch(`${frontend.url}/frontend/data/visits/fuzz/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: new Uint8Array(body),
      });
      await response.arrayBuffer();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      expect([200, 400]).toContain(response.status);
      if (response.status === 200) acknowledged.add(JSON.parse(body.toString())[0].eventID);
    }),
    { numRuns: 1_000 },
  );
  expect(statuses.get(400), 'a fuzzer whose bodies are all good proves nothing').toBeGreaterThan(100);
  expect(new Set(await storedIDs('fuzz'))).toEqual(acknowledged);
  expect((await postEvents(frontend.url, 'after', [wireEvent('after', 1)])).status).toBe(200);
}, 60_000);

it.each([
  ['GET', '', 200],
  ['POST', '', 200],
  ['GET', '&alias=.frontend-1', 200],
  ['HEAD', '', 404],
  ['GET', '&surplus=1', 400],
])('takes a disposition by %s with "%s": %i', async (method, more, status) => {
  const path = `/frontend/data/notification/disposition/v1?interactionId=i1&code=shown${more}`;
  expect((await fetch(frontend.url + path, { method })).status).toBe(status);
});

it('describes every route, with its schemas', async () => {
  const response = await fetch(`${frontend.url}/frontend/openapi.json`);
  const document = (await response.json()) as { openapi: string; paths: Record<string, Record<string, object>> };
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths).toSorted()).toEqual([
    '/frontend/about',
    '/frontend/cometd',
    '/frontend/cometd/{*}',
    '/frontend/data/notification/disposition/{id}',
    '/frontend/data/notification/notify/{id}',
    '/frontend/data/visits/{id}/events',
    '/frontend/openapi.json',
    '/metrics',
  ]);
  expect(document.paths['/frontend/data/visits/{id}/events']?.['post']).toHaveProperty('requestBody');
});

it('tells what it counts, to the launcher and at /metrics', async () => {
  const text = await (await fetch(`${frontend.url}/metrics`)).text();
  expect(text).toContain('engage_requests_total{status="400"}');
  await until(() => (frontend.counters()['requests200'] ?? 0) > 0, 'figures have been told');
  expect(frontend.counters()).toMatchObject({ pageViews: expect.any(Number), visitsStarted: expect.any(Number) });
});

async function rawStatus(text: string): Promise<number> {
  const socket = connect(Number(new URL(frontend.url).port), '127.0.0.1');
  socket.on('error', () => socket.destroy());
  socket.write(text);
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return Number(first.toString().split(' ')[1]);
}
