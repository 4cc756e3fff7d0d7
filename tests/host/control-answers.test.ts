/** What the control server's routes answer to who has been let in: the calculator, the store that a run would have, and faults by field. */
import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConsistencyReply, ErrorReply, StoreReply } from '#protocol/control-api.ts';
import { replyError } from '#host/control-errors.ts';
import { addControlRoutes } from '#host/control-routes.ts';
import { findStore } from '#host/find-store.ts';
import { findFreePorts } from '#testbed/cassandra/cassandra-ports.ts';
import { createFixtureRunControl } from '#tests/host/fixture-run-control.ts';

let server: FastifyInstance;

beforeEach(() => {
  server = Fastify();
  const resources = {
    uiFolder: import.meta.dirname,
    runs: createFixtureRunControl(),
    about: { product: 'Web Engagement Testbed', version: '0.0.0', protocol: 1, node: process.version },
    listScenarios: async () => [],
    size: () => ({}),
    findStore: (question: unknown) => findStore('scenarios', question),
  };
  addControlRoutes(server, resources, () => '');
  server.setErrorHandler(replyError);
});

afterEach(() => server.close());

function post(url: string, payload: object): Promise<LightMyRequestResponse> {
  return server.inject({ method: 'POST', url, payload });
}

describe('the calculator', () => {
  const asked = { nodes: 4, replicationFactor: 3, write: 'QUORUM', read: 'QUORUM', dataCenters: 'DC1:2, DC2:1' };

  it('answers with the command lines that say the same', async () => {
    const reply = await post('/api/consistency', asked);
    expect(reply.statusCode).toBe(200);
    const { cluster, commands, layouts } = reply.json<ConsistencyReply>();
    expect(cluster.promise).toMatchObject({ consistent: true, survivesWithoutImpact: 1 });
    expect(layouts).toHaveLength(15);
    expect(commands).toEqual({
      cluster: 'engage calculator --nodes 4 --rf 3 --write QUORUM --read QUORUM',
      dataCenters: 'engage calculator --data-centers DC1:2,DC2:1',
    });
  });

  it('gives words back that no shell takes for more', async () => {
    const reply = await post('/api/consistency', { ...asked, dataCenters: "a$(touch${IFS}x):1,b'c:1" });
    expect(reply.json<ConsistencyReply>().commands.dataCenters).toBe(
      "engage calculator --data-centers 'a$(touch${IFS}x):1,b'\\''c:1'",
    );
  });

  it('names what is wrong by its field', async () => {
    const reply = await post('/api/consistency', { ...asked, nodes: 0, read: 'MOST' });
    expect(reply.statusCode).toBe(400);
    expect(reply.json<ErrorReply>().error.problems.map(({ path }) => path)).toEqual(['nodes', 'read']);
  });
});

describe('the store that a live run would have', () => {
  const ask = (store: object, more: object = {}): Promise<LightMyRequestResponse> =>
    post('/api/store', { scenario: 'guide-example.yaml', store, ...more });
  /** An address at which nobody listens. */
  const nowhere = async (): Promise<string> => `127.0.0.1:${(await findFreePorts()).native}`;

  it.each([
    ['sqlite', 'SQLite'],
    ['memory', 'memory, gone when the run ends'],
  ])('is %s where that is asked for', async (name, about) => {
    const reply = await ask({ name, contactPoints: null });
    expect(reply.json<StoreReply>()).toEqual({ kind: name, about });
  });

  it('is SQLite with auto where no Cassandra answers, and says so', async () => {
    const point = await nowhere();
    const reply = await ask({ name: 'auto', contactPoints: [point] });
    expect(reply.json<StoreReply>()).toEqual({ kind: 'sqlite', about: `SQLite, as no Cassandra answers at ${point}` });
  });

  it('is refused in words where the Cassandra can not be reached', async () => {
    const point = await nowhere();
    const reply = await ask({ name: 'cassandra', contactPoints: [point] });
    expect(reply.statusCode).toBe(503);
    expect(reply.json<ErrorReply>().error).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining(
        `no Cassandra answers at ${point}; npm run cassandra -- up starts one`,
      ) as string,
    });
  });

  it.each([
    [{ name: 'mysql', contactPoints: null }, {}, ['store/name']],
    [{ name: 'cassandra', contactPoints: ['10.0.0.1', 'file:///etc'] }, {}, ['store/contactPoints/1']],
    [{ name: 'cassandra', contactPoints: [] }, {}, ['store/contactPoints']],
    [{ name: 'sqlite', contactPoints: ['10.0.0.1'] }, {}, ['store/contactPoints']],
    [{ name: 'memory' }, { scenario: '../secret.yaml' }, ['scenario', 'store/contactPoints']],
    [{ name: 'memory', contactPoints: null, folder: '/' }, { port: 1 }, ['store', '']],
  ])('%j is not asked for with %j: every fault has its place', async (store, more, paths) => {
    const reply = await ask(store, more);
    expect(reply.statusCode).toBe(400);
    expect(reply.json<ErrorReply>().error.problems.map(({ path }) => path)).toEqual(paths);
  });

  it('is not looked for where the scenario is not there', async () => {
    const reply = await ask({ name: 'memory', contactPoints: null }, { scenario: 'nowhere.yaml' });
    expect(reply.statusCode).toBe(400);
    expect(reply.json<ErrorReply>().error.message).toContain('nowhere.yaml');
  });
});
