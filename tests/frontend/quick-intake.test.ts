/** The short way of intake requests against the route of Fastify: whoever asks can't tell which of them has answered. */
import { once } from 'node:events';
import { connect } from 'node:net';
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

/** Another spelling, which the short way leaves to Fastify. */
const LONG_WAY = { 'content-type': 'application/json; charset=utf-8' };

interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

async function tellOf(response: Response): Promise<Told> {
  const { date: _date, ...headers } = Object.fromEntries(response.headers);
  return { status: response.status, headers, body: await response.json() };
}

it.each([
  ['an event', 'v1', [wireEvent('v1', 1)], {}],
  ['an event of an allowed page', 'v2', [wireEvent('v2', 1)], { origin: SHOP }],
  ['two events and a clock', 'v3', { sentAt: 5, events: [wireEvent('v3', 1), wireEvent('v3', 2)] }, {}],
  ['an escape by number', 'v4', JSON.stringify([wireEvent('v4', 1)]).replace('Home', '\\u0048ome'), {}],
  ['half of a surrogate pair', 'v5', JSON.stringify([wireEvent('v5', 1)]).replace('Home', '\\ud800'), {}],
  ['no JSON', 'v6', '{', {}],
  ['no events', 'v7', [], {}],
  ['an event of another visit', 'v8', [wireEvent('other', 1)], {}],
  ['a field too many', 'v9', [{ ...wireEvent('v9', 1), more: 1 }], {}],
  ['a poisoned prototype', 'v10', JSON.stringify([wireEvent('v10', 1)]).replace('{}', '{"__proto__":1}'), {}],
  ['a byte order mark', 'v11', `\ufeff${JSON.stringify([wireEvent('v11', 1)])}`, {}],
])('answers %s as Fastify does', async (_what, visitID, body, headers) => {
  const short = await tellOf(await postEvents(frontend.url, visitID, body, headers));
  const long = await tellOf(await postEvents(frontend.url, visitID, body, { ...headers, ...LONG_WAY }));
  expect(short).toEqual(long);
  const stored = await stage.stores.history.pastOf(visitID);
  expect(stored.length > 0, 'stored is what was acknowledged').toBe(short.status === 200);
});

it('takes bodies that come in pieces, and requests one after the other on a connection', async () => {
  const socket = connect(Number(new URL(frontend.url).port), '127.0.0.1');
  let heard = '';
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
  await once(socket, 'connect');
  for (let n = 1; n <= 3; n += 1) {
    const body = JSON.stringify([wireEvent('pieces', n)]);
    const head = `POST /frontend/data/visits/pieces/events HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n`;
    socket.write(`${head}content-length: ${body.length}\r\n\r\n${body.slice(0, 100)}`);
    // The metrics are another connection's: when they have come, the first piece has been read.
    await fetch(`${frontend.url}/metrics`);
    socket.write(body.slice(100));
    await until(() => heard.split('{"stored":1}').length === n + 1, `answer ${n}`);
  }
  socket.destroy();
  expect((await stage.stores.history.pastOf('pieces')).map(({ eventID }) => eventID)).toEqual(
    [1, 2, 3].map((n) => `pieces.e${n}`),
  );
});

it('drops a request whose client hangs up in the middle of its body', async () => {
  const socket = connect(Number(new URL(frontend.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    'POST /frontend/data/visits/gone/events HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 400\r\n\r\n[{',
  );
  await fetch(`${frontend.url}/metrics`);
  socket.destroy();
  expect((await postEvents(frontend.url, 'after', [wireEvent('after', 1)])).status).toBe(200);
  expect(await stage.stores.history.pastOf('gone')).toEqual([]);
});
