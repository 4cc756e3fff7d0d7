/** The control server from outside: who gets in, what is refused, and what every reply forbids the browser. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { sizeDeployment } from '#core/sizing/sizing-report.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { startControlServer, type ControlServer } from '#host/control-server.ts';
import { createFixtureRunControl } from '#tests/host/fixture-run-control.ts';

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let uiFolder: string;
let server: ControlServer;

beforeEach(async () => {
  uiFolder = mkdtempSync(join(tmpdir(), 'control-ui-'));
  mkdirSync(join(uiFolder, 'assets'));
  writeFileSync(join(uiFolder, 'index.html'), '<meta name="style-nonce" nonce="__STYLE_NONCE__"><title>screen</title>');
  writeFileSync(join(uiFolder, 'assets', 'main-1a2b.js'), 'export {};');
  writeFileSync(join(uiFolder, 'secret.txt'), 'not an asset');
  server = await start(0);
});

afterEach(async () => {
  await server.close();
  rmSync(uiFolder, { recursive: true });
});

function start(port: number): Promise<ControlServer> {
  return startControlServer({
    port,
    uiFolder,
    runs: createFixtureRunControl(),
    about: { product: 'Web Engagement Testbed', version: '0.0.0', protocol: 1, node: process.version },
    listScenarios: async () => [],
    size: (inputs) => {
      const report = sizeDeployment(inputs as object);
      if (report.ok) return report.value;
      throw new OperatingError('INVALID_INPUT', 'These inputs can not be sized', report.problems);
    },
    findStore: async () => ({ kind: 'memory', about: 'memory' }),
  });
}

function ask(path: string, options: RequestOptions = {}, body?: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port: server.port, path, agent: false, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

/** Comes in by a new link; the cookie as a browser sends it back. */
async function signIn(): Promise<string> {
  const { pathname, search } = new URL(server.createLink());
  const entered = await ask(pathname + search);
  const [cookie = ''] = entered.headers['set-cookie'] ?? [];
  return cookie.split(';')[0] ?? '';
}

const origin = (): string => `http://127.0.0.1:${server.port}`;
const post = (cookie: string, headers: Record<string, string> = {}): RequestOptions => ({
  method: 'POST',
  headers: { cookie, origin: origin(), 'content-type': 'application/json', ...headers },
});

describe('the entrance', () => {
  it('exchanges a token for a cookie that scripts and other sites never see', async () => {
    const { pathname, search } = new URL(server.createLink());
    const entered = await ask(pathname + search);
    expect(entered.status).toBe(200);
    expect(entered.headers['set-cookie']).toEqual([
      expect.stringMatching(
        new RegExp(`^engage-session-${server.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
      ),
    ]);
    expect(entered.body).toContain('url=/');
  });

  it('takes a token once', async () => {
    const { pathname, search } = new URL(server.createLink());
    expect((await ask(pathname + search)).status).toBe(200);
    const again = await ask(pathname + search);
    expect(again.status).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(again.body).toContain('opens the testbed once');
  });

  it('lets the browser that used a link open it again', async () => {
    const { pathname, search } = new URL(server.createLink());
    const entered = await ask(pathname + search);
    const cookie = (entered.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
    expect((await ask(pathname + search, { headers: { cookie } })).status).toBe(200);
  });

  it.each([
    ['purpose', 'prefetch'],
    ['sec-purpose', 'prefetch;prerender'],
  ])('does not use a link up for a browser that only looks ahead (%s: %s)', async (name, value) => {
    const { pathname, search } = new URL(server.createLink());
    expect((await ask(pathname + search, { headers: { [name]: value } })).status).toBe(503);
    expect((await ask(pathname + search)).status).toBe(200);
  });

  it.each(['', '?token=', '?token=guess', `?token=${'A'.repeat(43)}`, '?token=a&token=b'])(
    'refuses the guess "%s"',
    async (guess) => {
      expect((await ask(`/enter${guess}`)).status).toBe(403);
    },
  );
});

describe('a request', () => {
  it.each([
    '/',
    '/api/about',
    '/api/scenarios',
    '/api/consistency',
    '/api/store',
    '/assets/main-1a2b.js',
    '/api/runs/x/report',
    '/api/runs/x/decision',
    '/nowhere',
  ])('to %s needs the cookie', async (path) => {
    expect((await ask(path)).status).toBe(401);
    expect((await ask(path, { headers: { cookie: `engage-session-${server.port}=${'A'.repeat(43)}` } })).status).toBe(
      401,
    );
    const allowed = await ask(path, { headers: { cookie: await signIn() } });
    expect(allowed.status).not.toBe(401);
    expect(allowed.status).not.toBe(403);
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '127.0.0.1.evil.example'])(
    'for the host %s is refused, whatever its cookie',
    async (host) => {
      const cookie = await signIn();
      expect((await ask('/api/about', { headers: { cookie, host } })).status).toBe(403);
      expect((await ask(new URL(server.createLink()).pathname, { headers: { host } })).status).toBe(403);
    },
  );

  it('for localhost is answered as for 127.0.0.1', async () => {
    const cookie = await signIn();
    expect((await ask('/api/about', { headers: { cookie, host: `localhost:${server.port}` } })).status).toBe(200);
  });

  it.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'https://127.0.0.1'])(
    'from the origin %s is refused',
    async (foreign) => {
      const cookie = await signIn();
      expect((await ask('/api/about', { headers: { cookie, origin: foreign } })).status).toBe(403);
      expect((await ask('/api/links', post(cookie, { origin: foreign }), '{}')).status).toBe(403);
    },
  );

  it('that writes must name its origin; one that reads need not', async () => {
    const cookie = await signIn();
    expect((await ask('/api/about', { headers: { cookie } })).status).toBe(200);
    expect((await ask('/api/links', { method: 'POST', headers: { cookie } })).status).toBe(403);
    expect((await ask('/api/links', post(cookie), '{}')).status).toBe(200);
  });

  it.each(['cross-site', 'same-site'])(
    'that a browser says comes %s is refused unless a person navigates',
    async (site) => {
      const cookie = await signIn();
      const headers = { cookie, 'sec-fetch-site': site };
      expect(
        (await ask('/api/about', { headers: { ...headers, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' } }))
          .status,
      ).toBe(403);
      expect(
        (await ask('/', { headers: { ...headers, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' } }))
          .status,
      ).toBe(200);
      expect(
        (await ask('/', { headers: { ...headers, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' } })).status,
      ).toBe(403);
    },
  );

  it('never leaves the folder of assets', async () => {
    const cookie = await signIn();
    for (const path of [
      '/assets/../secret.txt',
      '/assets/%2e%2e/secret.txt',
      '/assets/..%2fsecret.txt',
      '/secret.txt',
    ]) {
      const reply = await ask(path, { headers: { cookie } });
      expect([400, 403, 404], path).toContain(reply.status);
      expect(reply.body).not.toContain('not an asset');
    }
  });
});

describe('every reply', () => {
  it.each(['/', '/api/about', '/api/unknown', '/enter?token=wrong', '/assets/main-1a2b.js'])(
    'to %s forbids framing, sniffing and foreign scripts',
    async (path) => {
      const { headers } = await ask(path, { headers: { cookie: await signIn() } });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toContain('unsafe-inline');
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    },
  );

  it('to / carries a fresh nonce, in the page as in the policy', async () => {
    const cookie = await signIn();
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const page = await ask('/', { headers: { cookie } });
        const nonce = /nonce="([\w-]+)"/.exec(page.body)?.[1];
        expect(page.headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
        return nonce;
      }),
    );
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  it('of a decision gives it as it was, and says what is wrong with a question', async () => {
    const cookie = await signIn();
    await openFeed(cookie, { type: 'start', mode: 'sim', scenario: 'a.yaml', seed: 1, speed: 1, traffic: null });
    const decision = await ask('/api/runs/fixture-1/decision?group=Web%20Engagement%20Chat&atMs=1500', {
      headers: { cookie },
    });
    expect(decision.status).toBe(200);
    expect(JSON.parse(decision.body)).toMatchObject({
      group: 'Web Engagement Chat',
      atMs: 1_500,
      bucketMs: 1_000,
      why: { record: { binding: 'risk' } },
    });
    const gone = await ask('/api/runs/fixture-2/decision?group=a&atMs=0', { headers: { cookie } });
    expect(gone.status).toBe(404);
    const wrong = await ask('/api/runs/fixture-1/decision?atMs=-1&x=1', { headers: { cookie } });
    expect(wrong.status).toBe(400);
    for (const place of ['group', 'atMs', 'x']) expect(wrong.body).toContain(place);
  });

  it('of a report shuts it off from the origin and its scripts', async () => {
    const cookie = await signIn();
    await openFeed(cookie, { type: 'start', mode: 'sim', scenario: 'a.yaml', seed: 1, speed: 1, traffic: null });
    const report = await ask('/api/runs/fixture-1/report', { headers: { cookie } });
    expect(report.status).toBe(200);
    expect(report.headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox/);
    expect(report.headers['content-security-policy']).not.toContain('allow-scripts');
    expect((await ask('/api/runs/other/report', { headers: { cookie } })).status).toBe(404);
  });
});

describe('input', () => {
  it('names every fault with its place', async () => {
    const reply = await ask(
      '/api/sizing',
      post(await signIn()),
      '{"visitsPerHour":-1,"pageViewsPerHour":"many","nodez":4}',
    );
    expect(reply.status).toBe(400);
    const { error } = JSON.parse(reply.body) as { error: { code: string; problems: { path: string }[] } };
    expect(error.code).toBe('INVALID_INPUT');
    expect(error.problems.map(({ path }) => path).sort()).toEqual(['nodez', 'pageViewsPerHour', 'visitsPerHour']);
  });

  it('is answered where nothing is wrong with it', async () => {
    const reply = await ask('/api/sizing', post(await signIn()), '{"visitsPerHour":3000,"pageViewsPerHour":32000}');
    expect(reply.status).toBe(200);
    expect((JSON.parse(reply.body) as { eventsPerSecond: number }).eventsPerSecond).toBeCloseTo(36.472, 3);
  });

  it('is JSON alone: a form or text, which foreign pages may post unasked, is not read', async () => {
    const cookie = await signIn();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      expect((await ask('/api/sizing', post(cookie, { 'content-type': type }), '{}')).status, type).toBe(415);
    }
    expect((await ask('/api/sizing', post(cookie), '{broken')).status).toBe(400);
  });

  it('has an end', async () => {
    const reply = await ask('/api/sizing', post(await signIn()), JSON.stringify({ padding: 'x'.repeat(40_000) }));
    expect(reply.status).toBe(413);
  });
});

describe('the port', () => {
  it('in use is an operating error with exit status 4, in words', async () => {
    await expect(start(server.port)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringMatching(new RegExp(`^port ${server.port} is in use on 127\\.0\\.0\\.1: `)),
    });
  });

  it('is on loopback alone', () => {
    expect(new URL(server.createLink()).hostname).toBe('127.0.0.1');
  });
});

/** The feed, opened; resolves with its first message after `command` was sent. */
function openFeed(cookie: string, command: object, headers: Record<string, string> = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/feed`, {
      headers: { cookie, origin: origin(), ...headers },
    });
    let heard = 0;
    socket.on('message', (message) => {
      heard += 1;
      if (heard === 1) return socket.send(JSON.stringify(command));
      socket.terminate();
      return resolve(JSON.parse(message.toString()));
    });
    socket.on('unexpected-response', (_asking, response) => reject(new Error(`refused ${response.statusCode}`)));
    socket.on('error', reject);
  });
}

describe('the feed', () => {
  const pause = { type: 'pause' };

  it('opens for the signed-in browser of this origin', async () => {
    await expect(openFeed(await signIn(), pause)).resolves.toEqual({
      type: 'error',
      message: 'Nothing runs: start a scenario first',
    });
  });

  it('is refused without the cookie', async () => {
    await expect(openFeed('', pause)).rejects.toThrow('refused 401');
  });

  it.each(['http://evil.example', 'null', `http://localhost:1`])(
    'is refused to a page of %s that has the cookie',
    async (foreign) => {
      await expect(openFeed(await signIn(), pause, { origin: foreign })).rejects.toThrow('refused 403');
    },
  );

  it('is refused under a foreign host name', async () => {
    await expect(openFeed(await signIn(), pause, { host: 'evil.example' })).rejects.toThrow('refused 403');
  });

  it.each([
    [{ type: 'format-disk' }, /^Not a command/],
    [
      { type: 'start', mode: 'sim', scenario: '../../etc/passwd', seed: 1, speed: 1, traffic: null },
      /scenario: .*scenarios folder/,
    ],
    [{ type: 'speed', speed: -1 }, /speed: /],
    [{ type: 'pause', also: 1 }, /also/],
    [{ type: 'start', mode: 'real', scenario: 'a.yaml', seed: 1, speed: 1, traffic: null }, /mode: /],
    [{ type: 'fault', kind: 'burn', node: 'backend-1', forMs: null }, /kind: /],
    [{ type: 'fault', kind: 'kill', node: '../backend', forMs: null }, /node: expected the name of a node/],
    [{ type: 'heal', node: '' }, /node: /],
    [{ type: 'logs', node: 'store', after: -1 }, /after: /],
    [
      {
        type: 'start',
        mode: 'sim',
        scenario: 'a.yaml',
        seed: 1,
        speed: 1,
        traffic: { visitsPerHour: 10, pageViewsPerHour: 5, pageEvents: 0, visitEvents: 0 },
      },
      /traffic\/pageViewsPerHour: .*page view/,
    ],
  ])('says what is wrong with %j', async (command, words) => {
    await expect(openFeed(await signIn(), command)).resolves.toEqual({
      type: 'error',
      message: expect.stringMatching(words),
    });
  });
});
