/** Who may talk to a client-facing server: exact origins, nothing that looks like them. */
import { describe, expect, test } from 'vitest';
import { ClientOrigins } from '#node/client-origin.ts';
import { createHttpApp } from '#node/http-limits.ts';
import { createNodeLog } from '#node/node-log.ts';

const ALLOWED = 'http://127.0.0.1:8080';

describe('the list of origins', () => {
  const origins = new ClientOrigins([ALLOWED, 'https://shop.example']);

  test.each([ALLOWED, 'https://shop.example'])('allows %s', (origin) => {
    expect(origins.allows(origin, 'refused')).toBe(true);
  });

  test.each([
    'http://127.0.0.1:8081',
    'http://127.0.0.1',
    'https://127.0.0.1:8080',
    'https://shop.example.evil.example',
    'https://evil.example/https://shop.example',
    'https://shop.example/',
    'HTTPS://SHOP.EXAMPLE',
    'https://shop.example:443',
    'null',
    '',
    `${ALLOWED} https://evil.example`,
  ])('refuses %j', (origin) => {
    expect(origins.allows(origin, 'allowed')).toBe(false);
  });

  test('a missing origin is for the route to say', () => {
    expect([origins.allows(undefined, 'allowed'), origins.allows(undefined, 'refused')]).toEqual([true, false]);
  });

  test.each(['shop.example', 'https://shop.example/', '*', 'null', 'https://Shop.example'])(
    '%j can not be put on it',
    (origin) => {
      expect(() => new ClientOrigins([origin])).toThrow(/is no origin/);
    },
  );

  test('as a hook it refuses with 403 and lets an allowed page read the answer', async () => {
    const app = createHttpApp(createNodeLog({ name: 'n', role: 'frontend', incarnation: 1 }, 'silent'));
    app.get('/x', { onRequest: origins.guard('refused') }, () => ({ ok: true }));
    const ask = (headers: Record<string, string>) => app.inject({ url: '/x', headers });
    const allowed = await ask({ origin: ALLOWED });
    expect([allowed.statusCode, allowed.headers['access-control-allow-origin'], allowed.headers.vary]).toEqual([
      200,
      ALLOWED,
      'origin',
    ]);
    const refused = await ask({ origin: 'https://evil.example' });
    expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([403, undefined]);
    expect(refused.json()).toEqual({ error: { code: 'FORBIDDEN', message: 'this origin may not use this server' } });
    expect((await ask({})).statusCode).toBe(403);
  });
});
