/** A contact center that has not taken its rows up yet says so to Backends that dial it, and lets them in as soon as it has. */
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { present } from '#core/assert.ts';
import { launchCluster } from '#testbed/live/launcher.ts';
import { scenarioOf } from '#tests/testbed/scenario-of.ts';
import { until } from './launcher-stage.ts';

/** The status with which an upgrade to a link is answered; null: nobody listens. Never settles where nobody answers. */
function dial(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
    };
    const dialed = request({ host: '127.0.0.1', port, path: '/link', headers });
    dialed.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? null);
    });
    dialed.on('error', () => resolve(null));
    dialed.end();
  });
}

test('a contact center without its rows answers who dials it, instead of letting him wait', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'door-'));
  const ignore = (): void => undefined;
  const cluster = await launchCluster({
    scenario: scenarioOf({ cluster: { frontends: 1, backends: 1 } }),
    store: 'sqlite',
    folder,
    journal: false,
    proxies: false,
    onTelemetry: ignore,
    onLog: ignore,
    onState: ignore,
  });
  onTestFinished(async () => {
    await cluster.stopAll();
    rmSync(folder, { recursive: true });
  });
  const { port } = present(
    cluster.nodes().find(({ name }) => name === 'contact-center'),
    'contact center',
  );
  await cluster.kill('store');
  await cluster.kill('contact-center');
  const back = cluster.restart('contact-center');
  let status: number | null = null;
  await until(async () => (status = await dial(port)) !== null);
  expect(status).toBe(503);
  await cluster.restart('store');
  await back;
  expect(await dial(port)).toBe(401);
});
