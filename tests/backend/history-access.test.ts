/** Who may read the history and who may erase it: Basic authentication, slow guessing, the secret of the run. */
import { describe, expect, it } from 'vitest';
import { GuessLimiter, GUESS_LIMITS } from '#backend/guess-limiter.ts';
import { eventAt, HISTORY_SECRET, HistoryStage, MORNING } from './history-stage.ts';

const ADA = 'ada@shop.example';
const SECURITY = { scheme: 'basic' as const, user: 'désk', password: 'pass:wörd' };

function basic(user: string, password: string): Readonly<Record<string, string>> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
const RIGHT = basic(SECURITY.user, SECURITY.password);

async function create(security: typeof SECURITY | null = SECURITY): Promise<HistoryStage> {
  const stage = await HistoryStage.create(security === null ? {} : { security });
  stage.now = MORNING + 10_000;
  await stage.put([
    eventAt('v1', 0, 0, { eventName: 'VisitStarted', data: { userAgent: 'x' } }),
    eventAt('v1', 1, 1, { eventName: 'SignIn', identity: ADA }),
    eventAt('v1', 2, 2, { pageID: 'p1', identity: ADA }),
    eventAt('v2', 0, 3, { eventName: 'VisitStarted' }),
  ]);
  return stage;
}

describe('Basic authentication', () => {
  it('lets in who knows user and password, with colons and letters of any alphabet', async () => {
    const stage = await create();
    expect((await stage.ask('/visits/v1', { headers: RIGHT })).status).toBe(200);
    const lower = { authorization: String(RIGHT['authorization']).replace('Basic', 'basic') };
    expect((await stage.ask('/visits/v1', { headers: lower })).status).toBe(200);
  });

  it.each([
    ['nothing', {}],
    ['a wrong password', basic('désk', 'pass')],
    ['a wrong user', basic('desk', 'pass:wörd')],
    ['a colon too many', basic('désk:', 'pass:wörd')],
    ['an empty password', basic('désk', '')],
    ['no colon', { authorization: `Basic ${Buffer.from('désk').toString('base64')}` }],
    ['what is no base64', { authorization: 'Basic désk:pass' }],
    ['the secret of the run', { authorization: `Bearer ${HISTORY_SECRET}` }],
    ['an empty header', { authorization: '' }],
  ])('answers %s with 401 and the challenge, whatever is asked', async (_, headers) => {
    const stage = await create();
    for (const path of ['/visits/v1', '/visits/v1/events', '/events', `/identities/${ADA}/insight`, '/visits/none']) {
      const reply = await stage.ask(path, { headers });
      expect(reply).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Basic realm="history", charset="UTF-8"' },
        body: { error: { code: 'FORBIDDEN' } },
      });
      expect(reply.text).not.toContain('wörd');
    }
  });

  it('lets nobody in where user or password is not given', async () => {
    const stage = await HistoryStage.create({ security: { scheme: 'basic', user: null, password: null } });
    for (const headers of [basic('', ''), basic('null', 'null')]) {
      expect((await stage.ask('/visits/v1', { headers })).status).toBe(401);
    }
  });

  it('is not asked for where the scheme is none', async () => {
    const stage = await create(null);
    expect((await stage.ask('/visits/v1')).status).toBe(200);
    expect((await stage.ask('/visits/v1', { headers: basic('who', 'ever') })).status).toBe(200);
  });
});

describe('guessing', () => {
  const wrong = { headers: basic('désk', 'guess') };

  it('is slowed for the address that guesses, right guesses included, and for no other one', async () => {
    const stage = await create();
    for (let guess = 0; guess < GUESS_LIMITS.burst; guess += 1) {
      expect((await stage.ask('/visits/v1', wrong)).status).toBe(401);
    }
    const refused = await stage.ask('/visits/v1', { headers: RIGHT });
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'retry-after': '2' },
      body: { error: { code: 'TOO_MANY' } },
    });
    expect((await stage.ask('/visits/v1', { headers: RIGHT, remoteAddress: '10.0.0.9' })).status).toBe(200);
    // Who does not guess is only told to.
    expect((await stage.ask('/visits/v1')).status).toBe(401);
    stage.monoMs += GUESS_LIMITS.refillMs;
    expect((await stage.ask('/visits/v1', wrong)).status).toBe(401);
    expect((await stage.ask('/visits/v1', wrong)).status).toBe(429);
    stage.monoMs += GUESS_LIMITS.refillMs;
    expect((await stage.ask('/visits/v1', { headers: RIGHT })).status).toBe(200);
    expect((await stage.ask('/visits/v1', { headers: RIGHT })).status).toBe(200);
  });

  it('lets at most burst + time / refill guesses through, however they come', () => {
    const limiter = new GuessLimiter({ burst: 5, refillMs: 1_000, addressesMax: 10 });
    let heard = 0;
    for (let ms = 0; ms <= 60_000; ms += 100) {
      if (limiter.waitMs('10.0.0.1', ms) > 0) continue;
      heard += 1;
      limiter.noteWrong('10.0.0.1', ms);
    }
    expect(heard).toBeLessThanOrEqual(5 + 60);
    expect(heard).toBeGreaterThanOrEqual(60);
  });

  it('takes a bounded memory, and forgets who was wrong long ago', () => {
    const limiter = new GuessLimiter({ burst: 2, refillMs: 1_000, addressesMax: 100 });
    for (let n = 0; n < 1_000; n += 1) limiter.noteWrong(`10.0.${n >> 8}.${n & 255}`, 0);
    expect(limiter.size).toBe(100);
    limiter.noteWrong('10.9.9.9', 5_000);
    expect(limiter.size).toBe(1);
  });

  it('counts a network of IPv6 and an address of IPv4 as one, however they are written', () => {
    const limiter = new GuessLimiter({ burst: 1, refillMs: 1_000, addressesMax: 100 });
    limiter.noteWrong('2001:db8::1', 0);
    limiter.noteWrong('::ffff:10.0.0.1', 0);
    limiter.noteWrong('::1', 0);
    expect(limiter.waitMs('2001:db8:0:0:9::7', 0)).toBe(1_000);
    expect(limiter.waitMs('2001:db8:0:1::1', 0)).toBe(0);
    expect(limiter.waitMs('10.0.0.1', 0)).toBe(1_000);
    expect(limiter.waitMs('10.0.0.2', 0)).toBe(0);
    expect(limiter.waitMs('::1', 0)).toBe(1_000);
  });
});

describe('the right to erasure', () => {
  const paths = [
    `/identities/${ADA}`,
    `/identities/${ADA}/insight`,
    '/visits/v1',
    '/visits/v1/events',
    '/visits/v1/sessions',
    '/pages/v1:p1',
    '/events/v1.e0002',
    '/sessions/v1.e0001',
  ];

  it.each([
    ['Basic', SECURITY, RIGHT],
    ['the secret of the run where there is no authentication', null, { authorization: `Bearer ${HISTORY_SECRET}` }],
  ])('takes %s, tells rows by table, and leaves nothing of the identity', async (_, security, headers) => {
    const stage = await create(security);
    for (const path of paths) expect((await stage.ask(path, { headers: RIGHT })).status, path).toBe(200);
    const erased = await stage.ask(`/identities/${ADA}`, { method: 'DELETE', headers });
    expect(erased).toMatchObject({ status: 200, body: { identityId: ADA, erased: { events: 3, visits: 1 } } });
    for (const path of paths) expect((await stage.ask(path, { headers: RIGHT })).status, path).toBe(404);
    expect((await stage.ask('/events', { headers: RIGHT })).body).toMatchObject([{ visitID: 'v2' }]);
    expect((await stage.ask('/visits/v2', { headers: RIGHT })).status).toBe(200);
    const again = await stage.ask(`/identities/${ADA}`, { method: 'DELETE', headers });
    expect(again.status).toBe(404);
    expect(stage.logged[0]).toContain('an identity was erased');
    expect(stage.logged.join('')).not.toContain(ADA);
  });

  it.each([
    ['nobody in particular', null, {}],
    ['a wrong secret', null, { authorization: 'Bearer guess' }],
    ['no credentials', SECURITY, {}],
    ['the secret in place of credentials', SECURITY, { authorization: `Bearer ${HISTORY_SECRET}` }],
  ])('is not for %s', async (_, security, headers) => {
    const stage = await create(security);
    expect((await stage.ask(`/identities/${ADA}`, { method: 'DELETE', headers })).status).toBe(401);
    expect((await stage.ask(`/identities/${ADA}`, { headers: RIGHT })).status).toBe(200);
  });
});
