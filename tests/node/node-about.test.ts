/** The about page names what is failing, since when and why, and its status code says it too. */
import Fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { addAbout, NodeAbout } from '#node/node-about.ts';

describe('GET about', () => {
  const wall = { ms: 1_000 };
  const about = new NodeAbout({ name: 'frontend-1', role: 'frontend', incarnation: 2 }, '0.1.0', () => wall.ms);
  const app = Fastify();
  addAbout(app, '/frontend/about', about);
  const ask = async () => {
    const { statusCode, headers, payload } = await app.inject('/frontend/about');
    return { statusCode, cache: headers['cache-control'], body: JSON.parse(payload) };
  };

  test('is 200 and up where nothing is failing', async () => {
    about.report('backend-1', null);
    expect(await ask()).toEqual({
      statusCode: 200,
      cache: 'no-store',
      body: {
        name: 'frontend-1',
        role: 'frontend',
        version: '0.1.0',
        incarnation: 2,
        status: 'up',
        dependencies: [{ name: 'backend-1', status: 'up', since: 1_000, reason: null }],
      },
    });
  });

  test('is 503 and names the one that is failing, with the time of the change and the newest reason', async () => {
    wall.ms = 2_000;
    about.report('backend-2', 'not connected yet');
    wall.ms = 3_000;
    about.report('backend-2', 'refused the connection');
    about.report('backend-1', null);
    const { statusCode, body } = await ask();
    expect([statusCode, body.status]).toEqual([503, 'failing']);
    expect(body.dependencies).toEqual([
      { name: 'backend-1', status: 'up', since: 1_000, reason: null },
      { name: 'backend-2', status: 'failing', since: 2_000, reason: 'refused the connection' },
    ]);
    expect([about.reasonOf('backend-1'), about.reasonOf('backend-2')]).toEqual([null, 'refused the connection']);
  });

  test('is 200 again when it is back, or is no more', async () => {
    wall.ms = 4_000;
    about.report('backend-2', null);
    expect(await ask()).toMatchObject({ statusCode: 200, body: { dependencies: [{}, { since: 4_000 }] } });
    about.report('backend-2', 'gone');
    about.forget('backend-2');
    expect(await ask()).toMatchObject({ statusCode: 200, body: { dependencies: [{ name: 'backend-1' }] } });
  });
});
