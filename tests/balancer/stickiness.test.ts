/** The guide's "Sticky Sessions" as a table: alias with and without its dot, cookies, neither, and sticky nodes that are down. */
import { expect, test } from 'vitest';
import { ask, createStage } from '#tests/balancer/stage.ts';

const TABLE = [
  { says: 'alias with its dot', path: '/frontend/x?alias=.frontend-2', cookie: '', node: 'frontend-2', sets: null },
  { says: 'alias without its dot', path: '/frontend/x?alias=frontend-2', cookie: '', node: 'frontend-2', sets: null },
  {
    says: 'alias among others',
    path: '/frontend/x?a=1&alias=%2Efrontend-2&b',
    cookie: '',
    node: 'frontend-2',
    sets: null,
  },
  {
    says: 'alias against the cookie',
    path: '/frontend/x?alias=.frontend-2',
    cookie: 'FRONTEND_ROUTEID=.frontend-1',
    node: 'frontend-2',
    sets: null,
  },
  {
    says: 'FRONTEND_ROUTEID',
    path: '/frontend/x',
    cookie: 'a=b; FRONTEND_ROUTEID=.frontend-2',
    node: 'frontend-2',
    sets: null,
  },
  {
    says: 'the cookie without its dot',
    path: '/frontend/x',
    cookie: 'FRONTEND_ROUTEID=frontend-2',
    node: 'frontend-2',
    sets: null,
  },
  { says: 'ROUTEID', path: '/backend/x', cookie: 'ROUTEID=.backend-2', node: 'backend-2', sets: null },
  { says: 'alias of a Backend', path: '/backend/x?alias=.backend-2', cookie: '', node: 'backend-2', sets: null },
  {
    says: 'each cluster its own cookie',
    path: '/backend/x',
    cookie: 'FRONTEND_ROUTEID=.frontend-1; ROUTEID=.backend-2',
    node: 'backend-2',
    sets: null,
  },
  {
    says: 'an unknown node',
    path: '/frontend/x',
    cookie: 'FRONTEND_ROUTEID=.gone',
    node: 'frontend-1',
    sets: 'frontend-1',
  },
  {
    says: 'an unknown alias and a cookie',
    path: '/frontend/x?alias=.gone',
    cookie: 'FRONTEND_ROUTEID=.frontend-2',
    node: 'frontend-2',
    sets: null,
  },
  { says: 'nothing', path: '/frontend/x', cookie: '', node: 'frontend-1', sets: 'frontend-1' },
] as const;

test.each(TABLE)('a request that says $says goes to $node', async ({ path, cookie, node, sets }) => {
  const { balancer } = await createStage();
  const answer = await ask(balancer.port, path, { headers: cookie === '' ? {} : { cookie } });
  expect(answer.node).toBe(node);
  const name = path.startsWith('/frontend') ? 'FRONTEND_ROUTEID' : 'ROUTEID';
  expect(answer.headers['set-cookie']).toEqual(
    sets === null ? undefined : [`${name}=.${sets}; Path=/; HttpOnly; SameSite=Lax`],
  );
});

test('requests that say nothing go to all nodes in turn', async () => {
  const { balancer } = await createStage({ backends: 3 });
  const nodes: (string | undefined)[] = [];
  for (let turn = 0; turn < 6; turn += 1) nodes.push((await ask(balancer.port, '/backend/x')).node);
  expect(nodes).toEqual(['backend-1', 'backend-2', 'backend-3', 'backend-1', 'backend-2', 'backend-3']);
});

test.each([
  { says: 'cookie', path: '/frontend/x', cookie: 'FRONTEND_ROUTEID=.frontend-1' },
  { says: 'alias', path: '/frontend/x?alias=.frontend-1', cookie: '' },
])('a client whose $says names a node that is down gets another and its cookie', async ({ path, cookie }) => {
  const { balancer, frontends, becomes } = await createStage();
  await frontends[0]?.close();
  await becomes('frontend-1', 'down');
  const headers = cookie === '' ? {} : { cookie };
  const answer = await ask(balancer.port, path, { headers });
  expect(answer.node).toBe('frontend-2');
  expect(answer.headers['set-cookie']).toEqual(['FRONTEND_ROUTEID=.frontend-2; Path=/; HttpOnly; SameSite=Lax']);
});

test('while the node of its alias is down, a client stays with the node of the cookie that it got', async () => {
  const { balancer, frontends, becomes } = await createStage({ frontends: 4 });
  await frontends[0]?.close();
  await becomes('frontend-1', 'down');
  for (let turn = 0; turn < 4; turn += 1) {
    const headers = { cookie: 'FRONTEND_ROUTEID=.frontend-4' };
    const answer = await ask(balancer.port, '/frontend/x?alias=.frontend-1', { headers });
    expect(answer.node).toBe('frontend-4');
  }
  await frontends[0]?.open();
  await becomes('frontend-1', 'up');
  expect((await ask(balancer.port, '/frontend/x?alias=.frontend-1')).node).toBe('frontend-1');
});

test("the node's own cookies are kept beside the balancer's", async () => {
  const { balancer } = await createStage();
  const { headers } = await ask(balancer.port, '/frontend/cookies');
  expect(headers['set-cookie']).toEqual(['a=1', 'b=2', 'FRONTEND_ROUTEID=.frontend-1; Path=/; HttpOnly; SameSite=Lax']);
});
