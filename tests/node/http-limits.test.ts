/** What a client may cost: too much, too slow and too odd are answered as such, without a word about the server's insides. */
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OperatingError } from '#protocol/operating-error.ts';
import { createHttpApp, HTTP_LIMITS } from '#node/http-limits.ts';
import { createNodeLog } from '#node/node-log.ts';

const LIMITS = { ...HTTP_LIMITS, bodyBytesMax: 1_024, requestMsMax: 200, headersMsMax: 100, checkMs: 20 };
const SCHEMA = {
  body: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'], additionalProperties: false },
};

describe('an application with limits', () => {
  const lines: string[] = [];
  const log = createNodeLog({ name: 'n', role: 'frontend', incarnation: 1 }, 'info', {
    write: (line) => void lines.push(line),
  });
  const app = createHttpApp(log, LIMITS);
  app.post('/events/:id', { schema: SCHEMA }, () => ({ stored: 1 }));
  app.get('/bug', () => {
    throw new Error('the key is in /etc/key');
  });
  app.get('/busy', () => {
    throw new OperatingError('UNAVAILABLE', 'no Backend can be reached');
  });
  let port = 0;

  beforeAll(async () => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    port = (app.server.address() as AddressInfo).port;
  });
  afterAll(() => app.close());

  /** Sends as it is, and gives back all that comes until the server hangs up. */
  async function exchange(...parts: string[]): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.on('error', () => undefined);
    for (const part of parts) socket.write(part);
    await once(socket, 'close');
    return answer;
  }

  const post = (payload: string, type = 'application/json') =>
    app.inject({ method: 'POST', url: '/events/1', payload, headers: { 'content-type': type } });

  test('answers what is within them (the control)', async () => {
    expect((await post('{"a":1}')).json()).toEqual({ stored: 1 });
    const close = 'POST /events/1 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n';
    expect(await exchange(`${close}content-type: application/json\r\ncontent-length: 7\r\n\r\n{"a":1}`)).toMatch(
      / 200 OK/,
    );
  });

  test('a body that is too long, with or without its length, is 413', async () => {
    const long = JSON.stringify({ a: 1, b: 'x'.repeat(2_000) });
    expect((await post(long)).json()).toMatchObject({ error: { code: 'TOO_LARGE' } });
    const head =
      'POST /events/1 HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
    expect(await exchange(head, `${long.length.toString(16)}\r\n${long}\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1.1 413 /);
  });

  test('headers that are too long are 431', async () => {
    const answer = await exchange(`GET /busy HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 431 .*"error":\{"code":"INVALID_INPUT"/s);
  });

  test('headers and bodies that drip are 408', async () => {
    expect(await exchange('GET /busy HTTP/1.1\r\nhost:')).toMatch(/^HTTP\/1.1 408 /);
    const head = 'POST /events/1 HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n';
    expect(await exchange(head, '{"a"')).toMatch(/^HTTP\/1.1 408 /);
  });

  test('what is no HTTP is 400', async () => {
    expect(await exchange('HELLO\r\n\r\n')).toMatch(/^HTTP\/1.1 400 Bad Request/);
  });

  test.each([
    ['is no JSON', '{"a":', 'application/json', 400],
    ['would poison a prototype', '{"a":1,"__proto__":{"x":1}}', 'application/json', 400],
    ['would poison a constructor', '{"a":1,"constructor":{"prototype":{"x":1}}}', 'application/json', 400],
    ['has a member too many', '{"a":1,"b":2}', 'application/json', 400],
    ['has another type', '{"a":"1"}', 'application/json', 400],
    ['comes as text', '{"a":1}', 'text/plain', 415],
  ])('a body that %s is refused', async (_what, payload, type, statusCode) => {
    const reply = await post(payload, type);
    expect([reply.statusCode, reply.json().error.code]).toEqual([statusCode, 'INVALID_INPUT']);
  });

  test('a path that is too long or no path is refused', async () => {
    const long = await app.inject({ method: 'POST', url: `/events/${'x'.repeat(65)}`, payload: { a: 1 } });
    expect([long.statusCode, long.json().error.code]).toEqual([414, 'INVALID_INPUT']);
    const bad = await app.inject('/%zz');
    expect([bad.statusCode, bad.json().error.code]).toEqual([400, 'INVALID_INPUT']);
    const missing = await app.inject('/nowhere');
    expect([missing.statusCode, missing.json().error.code]).toEqual([404, 'NOT_FOUND']);
  });

  test('an operating error is told in its words, a bug is logged and told in none', async () => {
    const busy = await app.inject('/busy');
    expect([busy.statusCode, busy.json()]).toEqual([
      503,
      { error: { code: 'UNAVAILABLE', message: 'no Backend can be reached' } },
    ]);
    const bug = await app.inject('/bug');
    expect([bug.statusCode, bug.json()]).toEqual([
      500,
      { error: { code: 'INTERNAL', message: 'the server failed; its log says why' } },
    ]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('the key is in /etc/key');
  });
});
