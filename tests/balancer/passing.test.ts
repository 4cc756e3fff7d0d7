/** What passes through the balancer arrives as it was sent: large bodies both ways, headers, WebSockets, many at once. */
import { createHash, randomBytes } from 'node:crypto';
import { request as openRequest } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ask, createStage } from '#tests/balancer/stage.ts';

const CHUNK = randomBytes(64 * 1024);
const CHUNKS = 512;

/** 32 MiB through an echo, hashed as they go and as they come: nothing of it is held whole. */
async function echoLarge(port: number, headers: Record<string, string>): Promise<{ sent: string; received: string }> {
  const sent = createHash('sha256');
  const received = createHash('sha256');
  const body = Readable.from(
    (function* chunks() {
      for (let index = 0; index < CHUNKS; index += 1) {
        sent.update(CHUNK);
        yield CHUNK;
      }
    })(),
  );
  const request = openRequest({ host: '127.0.0.1', port, path: '/backend/x', method: 'POST', agent: false, headers });
  const answered = new Promise<void>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      response.on('data', (chunk: Buffer) => received.update(chunk));
      response.on('end', resolve);
      response.on('error', reject);
    });
  });
  await Promise.all([pipeline(body, request), answered]);
  return { sent: sent.digest('hex'), received: received.digest('hex') };
}

test.each([
  { framing: 'in chunks', headers: {} },
  { framing: 'with its length', headers: { 'content-length': String(CHUNK.length * CHUNKS) } },
])('32 MiB $framing stream through both ways', async ({ headers }) => {
  const { balancer, backends } = await createStage({ backends: 1 });
  const { sent, received } = await echoLarge(balancer.port, headers);
  expect(received).toBe(sent);
  expect(backends[0]?.seen[0]?.headers['content-length']).toBe(headers['content-length']);
});

test('a client that does not read stops the other side instead of filling the balancer', async () => {
  const { balancer } = await createStage({ backends: 1 });
  let sent = 0;
  const body = Readable.from(
    (function* chunks() {
      for (; sent < 16 * CHUNKS; sent += 1) yield CHUNK;
    })(),
  );
  const request = openRequest({
    host: '127.0.0.1',
    port: balancer.port,
    path: '/backend/x',
    method: 'POST',
    agent: false,
  });
  request.on('error', () => undefined);
  const response = new Promise((resolve) => request.once('response', resolve));
  body.pipe(request);
  await response;
  // Sent and unread comes to rest when what lies between is full.
  for (let still = 0, before = sent; still < 50; still = sent === before ? still + 1 : 0) {
    before = sent;
    await ask(balancer.port, '/balancer/about');
  }
  expect(sent).toBeLessThan(16 * CHUNKS);
  request.destroy();
});

test('a hundred requests at once are each answered with their own body by their own node', async () => {
  const { balancer } = await createStage();
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      ask(balancer.port, `/frontend/x?alias=.frontend-${1 + (index % 2)}`, { method: 'POST', body: `body ${index}` }),
    ),
  );
  expect(answers.map(({ status, node, body }) => ({ status, node, body }))).toEqual(
    answers.map((_, index) => ({ status: 200, node: `frontend-${1 + (index % 2)}`, body: `body ${index}` })),
  );
});

test('connections to nodes are kept from one request to the next', async () => {
  const { balancer, backends } = await createStage({ backends: 1 });
  for (let turn = 0; turn < 3; turn += 1) await ask(balancer.port, '/backend/x');
  const ports = backends[0]?.seen.map(({ socket }) => socket);
  expect(new Set(ports).size).toBe(1);
});

test('hop-by-hop headers stay behind, others arrive', async () => {
  const { balancer, backends } = await createStage({ backends: 1 });
  await ask(balancer.port, '/backend/x', {
    method: 'POST',
    body: 'x',
    headers: {
      connection: 'close, x-private',
      'x-private': '1',
      te: 'trailers',
      'x-kept': 'y',
      authorization: 'Bearer z',
    },
  });
  const headers = backends[0]?.seen[0]?.headers ?? {};
  expect(headers).toMatchObject({ 'x-kept': 'y', authorization: 'Bearer z', host: `127.0.0.1:${balancer.port}` });
  expect(headers).not.toHaveProperty('x-private');
  expect(headers).not.toHaveProperty('te');
});

test('who the client is, the balancer says and nobody else', async () => {
  const { balancer, backends } = await createStage({ backends: 1 });
  const lies = {
    'x-forwarded-for': '10.0.0.1',
    forwarded: 'for=10.0.0.1',
    'x-real-ip': '10.0.0.1',
    'x-forwarded-host': 'elsewhere',
    'x-forwarded-proto': 'https',
  };
  await ask(balancer.port, '/backend/x', { headers: lies });
  const headers = backends[0]?.seen[0]?.headers ?? {};
  expect(headers).toMatchObject({
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': `127.0.0.1:${balancer.port}`,
    forwarded: `for=127.0.0.1;host="127.0.0.1:${balancer.port}";proto=http`,
  });
  expect(headers).not.toHaveProperty('x-real-ip');
});

test('a request that waits for 100 Continue gets it and its answer', async () => {
  const { balancer } = await createStage();
  const request = openRequest({
    host: '127.0.0.1',
    port: balancer.port,
    path: '/backend/x',
    method: 'POST',
    agent: false,
    headers: { expect: '100-continue', 'content-length': '4' },
  });
  request.on('continue', () => request.end('body'));
  request.flushHeaders();
  const answer = await new Promise<string>((resolve, reject) => {
    request.on('response', (response) => text(response).then(resolve, reject));
  });
  expect(answer).toBe('body');
});

test('a WebSocket is joined to its sticky node, text and bytes both ways, and ends at both ends', async () => {
  const { balancer, frontends } = await createStage();
  const socket = new WebSocket(`ws://127.0.0.1:${balancer.port}/frontend/cometd?alias=.frontend-2`);
  const received: string[] = [];
  const payload = randomBytes(200_000);
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (bytes: Buffer, binary) => {
      received.push(binary ? bytes.toString('base64') : bytes.toString());
      if (received.length === 1) socket.send(payload);
      else resolve();
    });
  });
  expect(received).toEqual(['hello of frontend-2', payload.toString('base64')]);
  const nodeSocket = frontends[1]?.seen[0]?.socket;
  const gone = new Promise((resolve) => nodeSocket?.once('close', resolve));
  socket.terminate();
  await gone;
});

test('a WebSocket without a sticky node is told the cookie of its node in the handshake', async () => {
  const { balancer } = await createStage();
  const socket = new WebSocket(`ws://127.0.0.1:${balancer.port}/backend/cometd`);
  const cookies = await new Promise((resolve) => {
    socket.on('upgrade', (response) => resolve(response.headers['set-cookie']));
  });
  expect(cookies).toEqual(['ROUTEID=.backend-1; Path=/; HttpOnly; SameSite=Lax']);
  socket.terminate();
});

test("a node's refusal of a WebSocket is passed on", async () => {
  const { balancer } = await createStage();
  const socket = new WebSocket(`ws://127.0.0.1:${balancer.port}/frontend/no`);
  const status = await new Promise((resolve) => {
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode);
      request.destroy();
    });
    socket.on('error', () => undefined);
  });
  expect(status).toBe(403);
});

test.each(['/link', '/store', '/frontend/../link'])('no WebSocket is opened on %s', async (path) => {
  const { balancer, frontends, backends } = await createStage();
  const raw = connect(balancer.port, '127.0.0.1');
  raw.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  expect(await text(raw)).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
  expect([...frontends, ...backends].flatMap((node) => node.seen)).toEqual([]);
});
