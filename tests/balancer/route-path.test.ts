/** What may pass the balancer: two prefixes and nothing that could be read as another path behind it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { routePath } from '#balancer/route-path.ts';
import { ask, createStage } from '#tests/balancer/stage.ts';

const NOWHERE = [
  '/',
  '/link',
  '/store',
  '/frontend',
  '/frontendx/about',
  '/Frontend/about',
  '/frontend/../link',
  '/frontend/%2e%2e/link',
  '/frontend/.%2E/link',
  '/frontend/..',
  '/frontend/./x',
  '/frontend//link',
  '//frontend/x',
  '/frontend/..%2flink',
  '/frontend/%5c..%5clink',
  '/frontend\\..\\link',
  '/metrics/',
  '/contact-center/about',
  'http://127.0.0.1/frontend/x',
  '*',
];

test.each(NOWHERE)('%s leads nowhere', (path) => {
  expect(routePath(path)).toBeUndefined();
});

test.each([
  ['/frontend/about', 'frontend'],
  ['/frontend/data/visits/a.b~c/events', 'frontend'],
  ['/frontend/x?next=/../link//', 'frontend'],
  ['/backend/cometd', 'backend'],
  ['/backend/', 'backend'],
] as const)('%s leads to the %ss', (path, pool) => {
  expect(routePath(path)).toBe(pool);
});

test('no path that a browser or a node would resolve to elsewhere passes', () => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '%2e',
    '%2E%2e',
    'a',
    'link',
    '/',
    '//',
    '%2f',
    '\\',
    '%5C',
    '?',
    '%00',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const target = `/frontend/${pieces.join('/')}`;
      if (routePath(target) === undefined) return;
      expect(new URL(target, 'http://127.0.0.1').pathname).toMatch(/^\/frontend\//);
    }),
  );
});

test.each(['/link', '/store', '/frontend/../link', '/'])(
  'the balancer itself answers %s with 404 in JSON',
  async (path) => {
    const { balancer, frontends, backends } = await createStage();
    const answer = await ask(balancer.port, path);
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    expect([...frontends, ...backends].flatMap((node) => node.seen)).toEqual([]);
  },
);
