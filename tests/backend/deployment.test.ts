/** Deployment over HTTP, on real servers: a Backend in charge and another one, two Frontends, and the store between them. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { LiveStage, SECRET, until } from '#tests/frontend/live-stage.ts';
import type { Scenario } from '#protocol/scenario.ts';

const PACKAGE = `
version: 1
package: example.shop
packageVersion: "1.0"
rules:
  - name: Looks
    when: { singleton: { enters: any } }
    then: [ { hotLead: { priority: 40 } } ]
`;
const CATEGORIES = 'version: 1\ncategories:\n  - name: any\n    tags: [ { plain: /, in: url } ]\n';

interface Answer {
  readonly status: number;
  // Shapes are what these tests are about.
  readonly body: Record<string, unknown>;
}

async function call(base: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers(init.headers);
  if (!headers.has('authorization')) headers.set('authorization', `Bearer ${SECRET}`);
  const reply = await fetch(`${base}${path}`, { ...init, headers });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

function deploy(base: string, text: string, by = 'Ada'): Promise<Answer> {
  const headers = { 'content-type': 'application/yaml' };
  return call(base, `/backend/data/rules/deploy?by=${by}`, { method: 'POST', headers, body: text });
}

async function startStage(
  changes: Partial<Scenario> = {},
): Promise<{ stage: LiveStage; first: string; second: string }> {
  const stage = new LiveStage({ rules: [], categories: [], ...changes });
  onTestFinished(() => stage.stop());
  const { backend } = await stage.startAll();
  const second = await stage.startBackend('backend-2');
  await until(async () => (await fetch(`${second.url}/backend/about`)).status === 200, 'the second Backend is ready');
  const other = await stage.startFrontend('frontend-2');
  await until(async () => (await fetch(`${other.url}/frontend/about`)).status === 200, 'the second Frontend is ready');
  return { stage, first: backend.url, second: second.url };
}

async function rulesOf(base: string): Promise<Record<string, unknown>> {
  return (await call(base, '/backend/data/rules')).body;
}

describe('an author', () => {
  test('deploys, replaces, looks up and rolls back, and every Frontend follows', async () => {
    const { first, second } = await startStage();
    expect(await deploy(first, PACKAGE)).toMatchObject({
      status: 200,
      body: { version: 1, by: 'Ada', change: 'adds example.shop 1.0', outcome: 'committed', reasons: [] },
    });
    const replaced = await deploy(first, PACKAGE.replace('"1.0"', '"1.1"'));
    expect(replaced.body).toMatchObject({ version: 2, change: 'replaces example.shop 1.0 by 1.1' });
    const node = { reachable: true, version: 2, fence: 'open', queued: 0 };
    expect(await rulesOf(second)).toMatchObject({
      version: 2,
      inCharge: 'backend-1',
      consistent: true,
      undecided: null,
      packages: [{ name: 'example.shop', version: '1.1', rules: 1 }],
      nodes: [
        { name: 'frontend-1', ...node },
        { name: 'frontend-2', ...node },
      ],
    });
    const back = await call(first, '/backend/data/rules/rollback', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"version":1}',
    });
    expect(back).toMatchObject({ status: 200, body: { version: 3, change: 'goes back to version 1', by: 'unknown' } });
    const history = (await call(second, '/backend/data/rules/history')).body['deployments'] as { version: number }[];
    expect(history.map(({ version }) => version)).toEqual([3, 2, 1, 0]);
    const content = { packages: [{ name: 'example.shop', version: '1.0' }] };
    expect((await call(second, '/backend/data/rules/history/3')).body).toMatchObject(content);
    expect((await call(second, '/backend/data/rules/history/9')).status).toBe(404);
  });

  test('deploys categories, after which rules may ask for these alone', async () => {
    const { first } = await startStage();
    const put = { method: 'PUT', headers: { 'content-type': 'application/yaml' }, body: CATEGORIES };
    expect(await call(first, '/backend/data/categories', put)).toMatchObject({ status: 200, body: { version: 1 } });
    expect((await rulesOf(first))['categories']).toEqual(['any']);
    expect((await deploy(first, PACKAGE)).status).toBe(200);
    const refused = await deploy(
      first,
      PACKAGE.replace('enters: any', 'enters: cart').replace('priority: 40', 'priority: high'),
    );
    expect(refused.status).toBe(400);
    const { code, problems } = refused.body['error'] as { code: string; problems: { line: number }[] };
    expect([code, problems.map(({ line }) => line)]).toEqual(['INVALID_INPUT', [7, 8]]);
    expect((await rulesOf(first))['version']).toBe(2);
  });

  test('is refused without the secret, at a Backend that is not in charge, and where event-mode is false', async () => {
    const { first, second } = await startStage();
    const bad = await call(first, '/backend/data/rules', { headers: { authorization: 'Bearer wrong' } });
    expect(bad.status).toBe(401);
    expect(await deploy(second, PACKAGE)).toMatchObject({
      status: 409,
      body: { error: { code: 'CONFLICT' }, inCharge: { name: 'backend-1', url: first } },
    });
    const quiet = await startStage({ options: { 'backend.settings': { 'event-mode': false } } });
    const refusal = await deploy(quiet.first, PACKAGE);
    expect(refusal.status).toBe(409);
    expect(JSON.stringify(refusal.body)).toContain('event-mode');
  });
});

describe('a Frontend', () => {
  test('that is down stops the deployment, and one that comes back has what is in force before it takes traffic', async () => {
    const { stage, first } = await startStage();
    await deploy(first, PACKAGE);
    const { nodes } = stage;
    await nodes.find(({ name }) => name === 'frontend-2')?.stop();
    const refused = await deploy(first, PACKAGE.replace('"1.0"', '"1.1"'));
    expect(refused).toMatchObject({ status: 503, body: { error: { code: 'UNAVAILABLE' } } });
    const back = await stage.startFrontend('frontend-2');
    let about = await fetch(`${back.url}/frontend/about`);
    await until(async () => (about = await fetch(`${back.url}/frontend/about`)).status === 200, 'it is ready');
    expect(await about.json()).toMatchObject({ rules: { version: 1, fence: 'open', queued: 0 } });
    const metrics = await (await fetch(`${back.url}/metrics`)).text();
    expect(metrics).toContain('engage_rules_version 1\n');
    expect(metrics).toContain('engage_rules_fence_up 0\n');
  });
});
