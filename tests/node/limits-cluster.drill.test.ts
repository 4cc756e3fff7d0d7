/**
 * Oversize, slow and flooding clients (reliability plan G13, G14, G18) against the servers as they are assembled, straight
 * and behind the balancer: each attacker is cut off, everybody else is served, memory stays bounded.
 */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '#testbed/live/launcher-cluster.ts';
import { startAttacked } from '#tests/frontend/malformed-attack.ts';
import { postEvents, wireEvent } from '#tests/frontend/wire-event.ts';
import { frame, HostileSocket, OPCODE } from '#tests/node/bayeux/hostile-socket.ts';

const MIB = 1_048_576;
const DRIPPING = 500;
const DRIP_MS_MAX = 12_500;
/** Generous: what counts is that it does not grow with what is sent. */
const GROWTH_BYTES_MAX = 160 * MIB;
/** Hung up on in the middle of its body, the sender may miss the answer (0), and so may the balancer (502). */
const OVERSIZE = [413, 502, 0];
const HEAD = 'host: a\r\ncontent-type: application/json\r\n';
const POST = `POST /frontend/data/visits/v/events HTTP/1.1\r\n${HEAD}`;

let cluster: Cluster;
let stop: () => Promise<void>;
let urls: Readonly<Record<'frontend' | 'balancer', string>>;

beforeAll(async () => {
  ({ cluster, stop } = await startAttacked());
  urls = { frontend: await cluster.urlOf('frontend-1'), balancer: cluster.balancerUrl };
});

afterAll(async () => stop());

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** Resident bytes of all nodes. */
function residentBytes(): number {
  return cluster.nodes().reduce((bytes, { pid }) => {
    const pages = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    return bytes + pages * 1_024;
  }, 0);
}

/** Somebody else, who posts an event every 20 ms and is to be served whatever happens beside him. */
function neighbour(url: string, name: string): () => Promise<void> {
  const answers: Promise<number>[] = [];
  const post = (): void => {
    const n = answers.length;
    const answer = postEvents(url, name, [wireEvent(name, n)], { connection: 'close' });
    answers.push(answer.then(({ status }) => status).catch(() => 0));
  };
  const timer = setInterval(post, 20);
  // However short the attack is.
  post();
  return async () => {
    clearInterval(timer);
    expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
  };
}

/** Others are served while `attack` goes on, and the nodes' memory is bounded. */
async function beside(url: string, name: string, attack: () => Promise<void>): Promise<void> {
  const before = residentBytes();
  const served = neighbour(url, name.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 40));
  const outcome = await attack().catch((error: unknown) => error);
  await served();
  expect(outcome).toBeUndefined();
  const grown = residentBytes() - before;
  console.log(`${name}: ${(grown / MIB).toFixed(1)} MiB more resident`);
  expect(grown).toBeLessThan(GROWTH_BYTES_MAX);
}

/** Sends and gives back the status; 0: hung up without one. */
function statusOf(url: string, ...parts: (string | Buffer)[]): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(portOf(url), '127.0.0.1');
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      socket.end();
    });
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)));
    for (const part of parts) socket.write(part);
  });
}

describe.each(['frontend', 'balancer'] as const)('at the %s', (place) => {
  const bomb = gzipSync(Buffer.alloc(50 * MIB));
  const chunk = 'x'.repeat(MIB);

  test.each<[string, readonly (string | Buffer)[], readonly number[]]>([
    ['a body above the limit', [`${POST}content-length: ${MIB}\r\n\r\n`, chunk], OVERSIZE],
    [
      'a body without length',
      [`${POST}transfer-encoding: chunked\r\n\r\n`, `${MIB.toString(16)}\r\n${chunk}\r\n0\r\n\r\n`],
      OVERSIZE,
    ],
    ['64 KiB of headers', [`${POST}x: ${'x'.repeat(65_536)}\r\n\r\n`], [431]],
    ['a gzip bomb', [`${POST}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`, bomb], [400, 413, 415]],
    ['100,000 query parameters', [`GET /frontend/about?${'a=b&'.repeat(100_000)} HTTP/1.1\r\n${HEAD}\r\n`], [414, 431]],
  ])('%s is refused', async (what, parts, statuses) => {
    await beside(urls[place], `${place} ${what}`, async () => {
      for (let n = 0; n < 50; n += 1) expect(statuses).toContain(await statusOf(urls[place], ...parts));
    });
  });

  // oxlint-disable-next-line vitest/expect-expect -- `beside` expects
  test('500 clients that drip are gone in time', async () => {
    await beside(urls[place], `${place} drip`, () => drip(portOf(urls[place])));
  });

  // oxlint-disable-next-line vitest/expect-expect -- `beside` expects
  test('clients that never read what they ask for stay without consequence', async () => {
    const sockets: Socket[] = [];
    await beside(urls[place], `${place} slow readers`, async () => {
      const ask = 'GET /frontend/openapi.json HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(20);
      for (let n = 0; n < 100; n += 1) {
        const socket = connect(portOf(urls[place]), '127.0.0.1').pause();
        socket.on('error', () => undefined);
        socket.write(ask);
        sockets.push(socket);
      }
      await new Promise((resolve) => setTimeout(resolve, 3_000));
    });
    for (const socket of sockets) socket.destroy();
  });

  // oxlint-disable-next-line vitest/expect-expect -- `beside` expects
  test('a flood of frames, a frame of 100 MiB and silence end their sockets', async () => {
    await beside(urls[place], `${place} WebSocket`, async () => {
      const flood = await upgraded(portOf(urls[place]));
      await flood.flood(Buffer.concat(Array.from({ length: 1_000 }, () => frame(OPCODE.text, '1'))), 200);
      await flood.closed;
      const huge = await upgraded(portOf(urls[place]));
      await huge.flood(frame(OPCODE.text, '', true, 100 * MIB), 1);
      await huge.flood(Buffer.alloc(MIB), 100);
      await huge.closed;
      const idle = await Promise.all(Array.from({ length: 200 }, () => upgraded(portOf(urls[place]))));
      await Promise.all(idle.map(({ closed }) => closed));
    });
  });
});

test('sockets that drip would stay where nothing limits them (the control)', async () => {
  const { createServer } = await import('node:http');
  const lax = createServer({ requestTimeout: 0, headersTimeout: 0 });
  await new Promise<void>((resolve) => lax.listen(0, '127.0.0.1', resolve));
  const address = lax.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(drip(port)).rejects.toThrow('still open');
  lax.closeAllConnections();
  lax.close();
});

async function upgraded(port: number): Promise<HostileSocket> {
  const socket = new HostileSocket(port);
  expect(await socket.upgrade()).toBe(101);
  return socket;
}

/** Half never finish their headers, half their body; fails where one is still open in the end. */
async function drip(port: number): Promise<void> {
  const sockets = Array.from({ length: DRIPPING }, (_, n) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(n % 2 === 0 ? `${POST}content-length: 4000\r\n\r\n{` : `${POST}x: `);
    });
    socket.on('error', () => undefined).resume();
    return socket;
  });
  const dripping = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write('x');
  }, 1_000);
  const gone = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  const outcome = await Promise.race([
    gone.then(() => 'gone'),
    new Promise<string>((resolve) => setTimeout(() => resolve('still open'), DRIP_MS_MAX)),
  ]);
  clearInterval(dripping);
  for (const socket of sockets) socket.destroy();
  if (outcome !== 'gone') throw new Error(`${sockets.length} sockets that drip: some still open`);
}
