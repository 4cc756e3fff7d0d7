/** The way from the screen to a run's history: what is passed on and how, who is kept out, and what becomes of Backends that are silent. */
import { createServer, request, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryAnswer, HistoryQuestion } from '#protocol/history-passage.ts';
import { startControlServer, type ControlServer } from '#host/control-server.ts';
import { HistoryPassage, PASSAGE_LIMITS } from '#host/history-passage.ts';
import type { BackendAccess } from '#host/run-control.ts';
import { createFixtureRunControl } from '#tests/host/fixture-run-control.ts';

interface FakeBackend {
  readonly name: string;
  readonly url: string;
  readonly heard: IncomingMessage[];
  readonly close: () => void;
}

let uiFolder: string;
let server: ControlServer;
let backends: FakeBackend[];
let basic: BackendAccess['basic'];

beforeEach(async () => {
  uiFolder = mkdtempSync(join(tmpdir(), 'history-ui-'));
  mkdirSync(join(uiFolder, 'assets'));
  writeFileSync(join(uiFolder, 'index.html'), '');
  backends = [];
  basic = null;
  server = await startControlServer({
    port: 0,
    uiFolder,
    runs: { ...createFixtureRunControl(), backendAccess: async (runId) => (runId === 'tiny-1' ? access() : undefined) },
    about: { product: 'Web Engagement Testbed', version: '0.0.0', protocol: 1, node: process.version },
    listScenarios: async () => [],
    size: () => ({}),
    findStore: async () => ({ kind: 'memory', about: 'memory' }),
  });
});

afterEach(async () => {
  await server.close();
  for (const backend of backends) backend.close();
  rmSync(uiFolder, { recursive: true });
});

const SECRET = 'the-secret-of-the-run';
const access = (): BackendAccess => ({ backends, basic, secret: SECRET });

async function addBackend(answer: RequestListener = (_request, reply) => void reply.end('[]')): Promise<FakeBackend> {
  const heard: IncomingMessage[] = [];
  const http: Server = createServer((asked, reply) => {
    heard.push(asked);
    answer(asked, reply);
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const { port } = http.address() as AddressInfo;
  const backend = {
    name: `backend-${backends.length + 1}`,
    url: `http://127.0.0.1:${port}`,
    heard,
    close: () => {
      http.closeAllConnections();
      http.close();
    },
  };
  backends.push(backend);
  return backend;
}

interface Reply {
  readonly status: number;
  readonly body: string;
}

function post(path: string, body: unknown, headers: Record<string, string>): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        host: '127.0.0.1',
        port: server.port,
        path,
        method: 'POST',
        agent: false,
        headers: { 'content-type': 'application/json', ...headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    asking.on('error', reject);
    asking.end(JSON.stringify(body));
  });
}

async function signIn(): Promise<string> {
  const entered = await fetch(server.createLink(), { redirect: 'manual' });
  return (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

const origin = (): string => `http://127.0.0.1:${server.port}`;

async function ask(question: unknown, runId = 'tiny-1'): Promise<Reply> {
  return post(`/api/runs/${runId}/history`, question, { cookie: await signIn(), origin: origin() });
}

const EVENTS: HistoryQuestion = { method: 'GET', path: ['visits', 'A1', 'events'], query: { page_size: '2' } };
const ERASURE: HistoryQuestion = { method: 'DELETE', path: ['identities', 'ada@shop.example'], query: {} };

describe('a question', () => {
  it('reaches a Backend as it was asked, and its answer comes back as it was given, headers of paging with it', async () => {
    const backend = await addBackend((_request, reply) => {
      reply.setHeader('paging-next', 'A1#1#e1');
      reply.setHeader('link', '</backend/data/visits/A1.2>; rel="next"');
      reply.setHeader('set-cookie', 'sly=1');
      reply.end('[{"eventID":"e1"}]');
    });
    const reply = await ask(EVENTS);
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toEqual({
      outcome: 'answered',
      status: 200,
      body: '[{"eventID":"e1"}]',
      pagingNext: 'A1#1#e1',
      includeTruncated: null,
      link: '</backend/data/visits/A1.2>; rel="next"',
      backend: 'backend-1',
      url: backend.url,
      credentials: 'none',
      tookMs: expect.any(Number),
      unanswered: [],
    });
    const [heard] = backend.heard;
    expect([heard?.method, heard?.url]).toEqual(['GET', '/backend/data/visits/A1/events?page_size=2']);
    expect(heard?.headers.origin).toBeUndefined();
    expect(heard?.headers.cookie).toBeUndefined();
    expect(heard?.headers.authorization).toBeUndefined();
  });

  it('brings ids whole, whatever they hold, and texts of filters too', async () => {
    const backend = await addBackend();
    const id = `a/../b?c#d%e ${'é'.repeat(240)}`;
    await ask({ method: 'GET', path: ['identities', id, 'pages'], query: { title: '*Cart & more*' } });
    const [path = '', search] = (backend.heard[0]?.url ?? '').split('?');
    expect(path.split('/').map(decodeURIComponent)).toEqual(['', 'backend', 'data', 'identities', id, 'pages']);
    expect(new URLSearchParams(search).get('title')).toBe('*Cart & more*');
  });

  it.each([400, 404, 501])(
    'that a Backend answers with %i is answered so: 200 of the host, its status inside',
    async (status) => {
      await addBackend((_request, reply) => {
        reply.statusCode = status;
        reply.end('{"error":{}}');
      });
      const reply = await ask(EVENTS);
      expect(reply.status).toBe(200);
      expect(JSON.parse(reply.body)).toMatchObject({ outcome: 'answered', status, body: '{"error":{}}' });
    },
  );

  it.each([
    ['a path that is not on the list', { ...EVENTS, path: ['pacing', 'prediction'] }],
    ['a listing that there is not', { ...EVENTS, path: ['visits', 'A1', 'insight'] }],
    ['a listing of all that there is not', { ...EVENTS, path: ['pages'] }],
    ['a name from JavaScript itself', { ...EVENTS, path: ['constructor', 'A1'] }],
    ['a way up', { ...EVENTS, path: ['visits', '..', 'events'] }],
    ['too long a path', { ...EVENTS, path: ['visits', 'A1', 'events', 'e1'] }],
    ['too long an id', { ...EVENTS, path: ['visits', 'A'.repeat(257)] }],
    ['an empty id', { ...EVENTS, path: ['visits', ''] }],
    ['another parameter', { ...EVENTS, query: { include_events: 'true' } }],
    ['a method that writes', { ...EVENTS, method: 'POST' }],
    ['an erasure of a visit', { ...ERASURE, path: ['visits', 'A1'] }],
    ['an erasure inside', { ...ERASURE, path: ['identities', 'ada', 'visits'] }],
    ['a header', { ...EVENTS, headers: { authorization: 'x' } }],
    ['nothing', null],
  ])('with %s is refused, and no Backend hears of it', async (_what, question) => {
    const backend = await addBackend();
    const reply = await ask(question);
    expect(reply.status).toBe(400);
    expect(backend.heard).toEqual([]);
  });

  it.each([
    ['without a session', 401, async () => ({ origin: origin() })],
    ['of a page of another origin', 403, async () => ({ cookie: await signIn(), origin: 'http://evil.example' })],
    ['that names no origin', 403, async () => ({ cookie: await signIn() })],
    ['under another host', 403, async () => ({ cookie: await signIn(), origin: origin(), host: 'evil.example' })],
  ])('%s is %i, and no Backend hears of it', async (_who, status, headers) => {
    const backend = await addBackend();
    for (const question of [EVENTS, ERASURE]) {
      expect((await post('/api/runs/tiny-1/history', question, await headers())).status).toBe(status);
    }
    expect(backend.heard).toEqual([]);
  });

  it('about a run that is simulated, or is another one now, is 404', async () => {
    await addBackend();
    const reply = await ask(EVENTS, 'tiny-2');
    expect(reply.status).toBe(404);
    expect(reply.body).toContain('live runs have');
  });
});

describe('credentials', () => {
  it('are those of the run where Backends ask for them, and no answer shows them', async () => {
    basic = { user: 'desk', password: 'pä:ss' };
    const backend = await addBackend();
    const replies = [await ask(EVENTS), await ask(ERASURE)];
    const expected = `Basic ${Buffer.from('desk:pä:ss').toString('base64')}`;
    expect(backend.heard.map(({ headers }) => headers.authorization)).toEqual([expected, expected]);
    for (const { body } of replies) {
      expect(body).toContain('"credentials":"basic"');
      for (const secret of ['pä:ss', expected, SECRET]) expect(body).not.toContain(secret);
    }
  });

  it('without them: the secret of the run, for erasure alone', async () => {
    const backend = await addBackend((_request, reply) => void reply.end('{}'));
    await ask(EVENTS);
    const reply = await ask(ERASURE);
    expect(backend.heard.map(({ headers }) => headers.authorization)).toEqual([undefined, `Bearer ${SECRET}`]);
    expect(reply.body).toContain('"credentials":"secret"');
    expect(reply.body).not.toContain(SECRET);
  });

  it('that a Backend does not take are told as such, and not as a session that is over', async () => {
    await addBackend((_request, reply) => {
      reply.statusCode = 401;
      reply.end('{}');
    });
    const reply = await ask(EVENTS);
    expect(reply.status).toBe(403);
    expect(reply.body).toContain('backend-1 does not take the credentials of this run');
  });
});

describe('a Backend that does not answer', () => {
  const answerOf = async (question: HistoryQuestion, limits = PASSAGE_LIMITS): Promise<HistoryAnswer> =>
    new HistoryPassage(limits).ask(access(), question);

  it('gives way to the next one, and is named', async () => {
    (await addBackend()).close();
    const second = await addBackend();
    expect(await answerOf(EVENTS)).toMatchObject({
      outcome: 'answered',
      backend: 'backend-2',
      unanswered: ['backend-1'],
    });
    expect(second.heard).toHaveLength(1);
  });

  it('because it hangs, gives way when its time is over', async () => {
    await addBackend(() => undefined);
    await addBackend();
    const answer = await answerOf(EVENTS, { ...PASSAGE_LIMITS, answerMsMax: 2_000 });
    expect(answer).toMatchObject({ backend: 'backend-2', unanswered: ['backend-1'] });
  });

  it('because it ends in the middle of its answer, gives way too', async () => {
    await addBackend((_request, reply) => {
      reply.setHeader('content-length', 100);
      reply.write('[');
      reply.socket?.destroy();
    });
    await addBackend();
    expect(await answerOf(EVENTS)).toMatchObject({ backend: 'backend-2', unanswered: ['backend-1'] });
  });

  it('because its store is away, gives way; the last one’s own words are passed on', async () => {
    const away: RequestListener = (_request, reply) => {
      reply.statusCode = 503;
      reply.end('{"error":{"message":"no store"}}');
    };
    await addBackend(away);
    await addBackend(away);
    expect(await answerOf(EVENTS)).toMatchObject({
      outcome: 'answered',
      status: 503,
      backend: 'backend-2',
      unanswered: ['backend-1'],
      body: '{"error":{"message":"no store"}}',
    });
  });

  it('leaves nobody to ask when it was the only one: that is said, and is no failure of the host', async () => {
    (await addBackend()).close();
    const reply = await ask(EVENTS);
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toEqual({
      outcome: 'unanswered',
      message: 'No Backend of this run answers (backend-1 asked).',
      unanswered: ['backend-1'],
    });
    backends.splice(0);
    expect(JSON.parse((await ask(EVENTS)).body)).toMatchObject({
      message: expect.stringMatching(/^No Backend .* is up/),
    });
  });

  it('to an erasure leaves open what became of it: it is not begun again elsewhere', async () => {
    await addBackend((asked) => void asked.socket.destroy());
    const second = await addBackend();
    const answer = await answerOf(ERASURE);
    expect(answer).toMatchObject({
      outcome: 'unanswered',
      message: expect.stringContaining('ask for the identity again'),
    });
    expect(second.heard).toEqual([]);
  });
});

describe('limits', () => {
  it('an answer beyond them is refused, and not held in memory', async () => {
    await addBackend((_request, reply) => void reply.end('x'.repeat(2_000)));
    const passage = new HistoryPassage({ ...PASSAGE_LIMITS, answerBytesMax: 1_000 });
    await expect(passage.ask(access(), EVENTS)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  it('questions beyond them are refused at once, and taken again when there is room', async () => {
    const waiting: (() => void)[] = [];
    await addBackend((_request, reply) => void waiting.push(() => reply.end('[]')));
    const passage = new HistoryPassage({ ...PASSAGE_LIMITS, questionsMax: 1 });
    const first = passage.ask(access(), EVENTS);
    await expect(passage.ask(access(), EVENTS)).rejects.toMatchObject({ code: 'TOO_MANY' });
    await expect.poll(() => waiting.length).toBe(1);
    waiting.pop()?.();
    await expect(first).resolves.toMatchObject({ status: 200 });
    const again = passage.ask(access(), EVENTS);
    await expect.poll(() => waiting.length).toBe(1);
    waiting.pop()?.();
    await expect(again).resolves.toMatchObject({ status: 200 });
  });
});
