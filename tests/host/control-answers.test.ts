/** What the control server's routes answer to who has been let in: the calculator with its command lines, and faults by field. */
import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConsistencyReply, ErrorReply } from '#protocol/control-api.ts';
import { replyError } from '#host/control-errors.ts';
import { addControlRoutes } from '#host/control-routes.ts';
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
