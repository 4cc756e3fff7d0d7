/** A reader that stands still, over a true socket: what it missed is not kept for it. */
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { RunUpdate } from '#protocol/run-feed.ts';
import { startControlServer } from '#host/control-server.ts';
import type { RunControl } from '#host/run-control.ts';

const UPDATES = 4_000;
const PADDING = 'x'.repeat(10_000);

it('a screen that stands still for 40 MB of updates gets a few of them, and then the newest picture', async () => {
  const uiFolder = mkdtempSync(join(tmpdir(), 'control-ui-'));
  mkdirSync(join(uiFolder, 'assets'));
  writeFileSync(join(uiFolder, 'index.html'), '');
  const listeners = new Set<(update: RunUpdate) => void>();
  let told = 0;
  const runs: RunControl = {
    command: () => undefined,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => ({ type: 'error', message: `snapshot ${told}` }),
    report: async () => undefined,
    decision: async () => undefined,
    backendAccess: async () => undefined,
    close: async () => undefined,
  };
  const tell = (): void => {
    told += 1;
    for (const listener of listeners) listener({ type: 'error', message: `update ${told} ${PADDING}` });
  };
  const server = await startControlServer({
    port: 0,
    uiFolder,
    runs,
    about: { product: '', version: '', protocol: 1, node: '' },
    listScenarios: async () => [],
    size: () => ({}),
    findStore: async () => ({ kind: 'memory', about: 'memory' }),
    feedLimits: { bufferedBytesMax: 200_000, stalledMsMax: 60_000 },
  });
  const entered = await fetch(server.createLink());
  const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const origin = `http://127.0.0.1:${server.port}`;
  const screen = new WebSocket(`ws://127.0.0.1:${server.port}/api/feed`, { headers: { cookie, origin } });
  const heard: string[] = [];
  await new Promise((resolve) => screen.once('message', resolve));
  screen.on('message', (message) =>
    heard.push((JSON.parse(message.toString()) as { message: string }).message.slice(0, 30)),
  );
  screen.pause();
  for (let n = 0; n < UPDATES; n += 1) {
    tell();
    if (n % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  screen.resume();
  await expect
    .poll(
      () => {
        tell();
        return heard.some((message) => message.startsWith('snapshot'));
      },
      { timeout: 20_000, interval: 20 },
    )
    .toBe(true);
  expect(heard.length).toBeLessThan(UPDATES);
  const snapshot = Number(heard.find((message) => message.startsWith('snapshot'))?.split(' ')[1]);
  expect(snapshot).toBeGreaterThan(UPDATES);
  screen.terminate();
  await server.close();
  rmSync(uiFolder, { recursive: true });
});
