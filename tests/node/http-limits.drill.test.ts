/**
 * Slow clients (reliability plan G14) against the limits as they are: each of 500 sockets that drip is hung up on in time,
 * others are served all the while, and without limits they would all still be there.
 */
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { createHttpApp, HTTP_LIMITS, type HttpLimits } from '#node/http-limits.ts';
import { createNodeLog } from '#node/node-log.ts';

const DRIPPING = 500;
const DEADLINE_MS = 12_000;
const SLOW_BODY = 'POST /events HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 4000\r\n\r\n{';
const SLOW_HEADERS = 'POST /events HTTP/1.1\r\nhost: a\r\nx: ';

const apps: FastifyInstance[] = [];
const attackers: Socket[] = [];
afterAll(async () => {
  for (const socket of attackers) socket.destroy();
  await Promise.all(apps.map((app) => app.close()));
});

async function startApp(limits: HttpLimits): Promise<number> {
  const app = createHttpApp(createNodeLog({ name: 'n', role: 'frontend', incarnation: 1 }, 'silent'), limits);
  apps.push(app);
  app.post('/events', () => ({ stored: 1 }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

/** Half of the sockets never finish their headers, half their body; each sends a byte a second. */
function attack(port: number): { readonly open: () => number; readonly ended: Promise<void> } {
  let open = DRIPPING;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  for (let index = 0; index < DRIPPING; index += 1) {
    const socket = connect(port, '127.0.0.1', () => socket.write(index % 2 === 0 ? SLOW_BODY : SLOW_HEADERS));
    attackers.push(socket);
    const drip = setInterval(() => socket.write('x'), 1_000);
    socket.on('error', () => undefined).resume();
    socket.on('close', () => {
      clearInterval(drip);
      open -= 1;
      if (open === 0) end();
    });
  }
  return { open: () => open, ended };
}

test('500 clients that drip are gone within 12 s, and everybody else is served meanwhile', async () => {
  const port = await startApp(HTTP_LIMITS);
  const lax = await startApp({ ...HTTP_LIMITS, requestMsMax: 0, headersMsMax: 0 });
  const control = attack(lax);
  const startMs = performance.now();
  const attacked = attack(port);
  const replies: Promise<number>[] = [];
  const others = setInterval(() => replies.push(ask(port)), 20);
  await attacked.ended;
  expect(performance.now() - startMs).toBeLessThan(DEADLINE_MS);
  expect(control.open()).toBe(DRIPPING);
  clearInterval(others);
  expect(replies.length).toBeGreaterThan(100);
  expect(new Set(await Promise.all(replies))).toEqual(new Set([200]));
});

async function ask(port: number): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(`http://127.0.0.1:${port}/events`, { method: 'POST', headers, body: '{}' });
  await reply.body?.cancel();
  return reply.status;
}
