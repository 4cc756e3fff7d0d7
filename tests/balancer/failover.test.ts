/** Nodes that refuse, break off, fall silent or say that they are not ready, and what clients then feel. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { QUICK_LIMITS } from '#tests/balancer/fixture-nodes.ts';
import { ask, createStage } from '#tests/balancer/stage.ts';

/** So seldom that only requests find out. */
const NEVER_ASKING = { ...QUICK_LIMITS, health: { intervalMs: 1_000_000, timeoutMs: 1_000 } };

test('a request whose connection is refused reaches another node with its whole body', async () => {
  const { balancer, backends, becomes } = await createStage({}, NEVER_ASKING);
  await backends[0]?.close();
  const headers = { cookie: 'ROUTEID=.backend-1' };
  const answer = await ask(balancer.port, '/backend/x', { method: 'POST', body: 'whole', headers });
  expect(answer).toMatchObject({ status: 200, node: 'backend-2', body: 'whole' });
  expect(answer.headers['set-cookie']).toEqual(['ROUTEID=.backend-2; Path=/; HttpOnly; SameSite=Lax']);
  await becomes('backend-1', 'down');
});

test('a WebSocket whose node refuses is opened on another', async () => {
  const { balancer, frontends } = await createStage({}, NEVER_ASKING);
  await frontends[0]?.close();
  const socket = new WebSocket(`ws://127.0.0.1:${balancer.port}/frontend/cometd?alias=.frontend-1`);
  const hello = await new Promise((resolve) => {
    socket.on('message', (words: Buffer) => resolve(words.toString()));
  });
  expect(hello).toBe('hello of frontend-2');
  socket.terminate();
});

test('it is tried once on another node and no more', async () => {
  const { balancer, backends } = await createStage({ backends: 3 }, NEVER_ASKING);
  await Promise.all(backends.slice(0, 2).map((node) => node.close()));
  const answer = await ask(balancer.port, '/backend/x');
  expect(answer.status).toBe(502);
  expect(answer.headers['retry-after']).toBe('1');
  expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'UNAVAILABLE' } });
  expect((await ask(balancer.port, '/backend/x')).node).toBe('backend-3');
});

test('with no node left it is 503 with Retry-After, at once', async () => {
  const { balancer, frontends, becomes } = await createStage();
  await Promise.all(frontends.map((node) => node.close()));
  await Promise.all(frontends.map((node) => becomes(node.name, 'down')));
  const answer = await ask(balancer.port, '/frontend/x');
  expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
});

test('a request that a node may have seen is not sent again', async () => {
  const { balancer, backends } = await createStage();
  const answer = await ask(balancer.port, '/backend/break', { method: 'POST', body: 'x' });
  expect(answer).toMatchObject({ status: 502, headers: { 'retry-after': '1' } });
  expect(backends.flatMap((node) => node.seen)).toHaveLength(1);
});

test('a Frontend that says 503 gets no traffic, unless all do', async () => {
  const { balancer, frontends, becomes } = await createStage();
  const [first, second] = frontends;
  if (first === undefined || second === undefined) throw new Error('two Frontends are staged');
  first.ready = false;
  await becomes('frontend-1', 'unready');
  expect((await ask(balancer.port, '/frontend/x?alias=.frontend-1')).node).toBe('frontend-2');
  second.ready = false;
  await becomes('frontend-2', 'unready');
  expect((await ask(balancer.port, '/frontend/x?alias=.frontend-1')).node).toBe('frontend-1');
});

test('a node that falls silent is down, and who waits for it is told to try again', async () => {
  const { balancer, backends, becomes } = await createStage();
  const [first] = backends;
  if (first === undefined) throw new Error('two Backends are staged');
  const socket = new WebSocket(`ws://127.0.0.1:${balancer.port}/backend/cometd?alias=.backend-1`);
  await new Promise((resolve) => socket.once('message', resolve));
  const ended = new Promise((resolve) => socket.once('close', resolve));
  first.silent = true;
  const waiting = ask(balancer.port, '/backend/x?alias=.backend-1');
  await becomes('backend-1', 'down');
  expect((await ask(balancer.port, '/backend/x?alias=.backend-1')).node).toBe('backend-2');
  expect(await waiting).toMatchObject({ status: 502, headers: { 'retry-after': '1' } });
  await ended;
  first.silent = false;
  await becomes('backend-1', 'up');
});

test('a node that takes longer than the limit is given up with 504', async () => {
  const limits = { ...NEVER_ASKING, upstreamTimeoutMs: 50 };
  const { balancer, backends } = await createStage({ backends: 1 }, limits);
  const [node] = backends;
  if (node === undefined) throw new Error('a Backend is staged');
  node.silent = true;
  expect((await ask(balancer.port, '/backend/x')).status).toBe(504);
});

test('a node that moved is found where it is now', async () => {
  const { balancer, backends, frontends, becomes } = await createStage({ backends: 1 });
  const [node] = backends;
  if (node === undefined) throw new Error('a Backend is staged');
  await node.close();
  await becomes('backend-1', 'down');
  node.port = 0;
  await node.open();
  balancer.setNodes({ frontends: frontends.map(({ address }) => address), backends: [node.address] });
  await becomes('backend-1', 'up');
  expect((await ask(balancer.port, '/backend/x')).node).toBe('backend-1');
});

test('about and metrics tell how the nodes are', async () => {
  const { balancer, frontends, becomes } = await createStage();
  await ask(balancer.port, '/frontend/x');
  await frontends[0]?.close();
  await becomes('frontend-1', 'down');
  const about = await ask(balancer.port, '/balancer/about');
  expect(about.status).toBe(200);
  expect(JSON.parse(about.body)).toMatchObject({
    name: 'balancer',
    status: 'up',
    dependencies: [
      { name: 'frontend-1', status: 'failing', reason: 'it does not answer' },
      { name: 'frontend-2', status: 'up', reason: null },
      { name: 'backend-1', status: 'up', reason: null },
      { name: 'backend-2', status: 'up', reason: null },
    ],
  });
  const { body } = await ask(balancer.port, '/metrics');
  expect(body).toContain('balancer_answers_total{node="frontend-1",status="2xx"} 1');
  expect(body).toContain('balancer_node_up{node="frontend-1"} 0');
});

test.each([
  { what: 'headers that never end', head: 'GET /frontend/x HTTP/1.1\r\nHost: x\r\n', says: /^HTTP\/1\.1 408/ },
  {
    what: 'two lengths',
    head: 'POST /frontend/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    says: /^HTTP\/1\.1 400/,
  },
  {
    what: 'a coding of its own',
    head: 'POST /frontend/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n0\r\n\r\n',
    says: /^HTTP\/1\.1 501/,
  },
])('$what: refused, and no node sees it', async ({ head, says }) => {
  const limits = { ...QUICK_LIMITS, headersTimeoutMs: 50, requestTimeoutMs: 100 };
  const { balancer, frontends } = await createStage({}, limits);
  const raw = connect(balancer.port, '127.0.0.1');
  raw.write(head);
  expect(await text(raw)).toMatch(says);
  expect(frontends.flatMap((node) => node.seen)).toEqual([]);
});

test('a client that goes away in the middle harms neither its node nor the next one', async () => {
  const { balancer, backends } = await createStage({ backends: 1 });
  const raw = connect(balancer.port, '127.0.0.1');
  raw.write('POST /backend/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
  await new Promise((resolve) => raw.once('data', resolve));
  raw.destroy();
  const [seen] = backends[0]?.seen ?? [];
  if (seen === undefined) throw new Error('the node saw the request');
  if (!seen.destroyed) await new Promise((resolve) => seen.once('close', resolve));
  expect((await ask(balancer.port, '/backend/x')).status).toBe(200);
  expect((await ask(balancer.port, '/metrics')).body).toContain('balancer_node_up{node="backend-1"} 1');
});
