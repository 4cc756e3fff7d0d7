/** `engage serve` as a process: the one line it prints, the run that begins by itself, its end, and its refusals by exit status. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';

const CLI = resolve(import.meta.dirname, '../../servers/host/cli.ts');
const ui = mkdtempSync(join(tmpdir(), 'serve-ui-'));
mkdirSync(join(ui, 'assets'));
writeFileSync(join(ui, 'index.html'), '<title>screen</title>');
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(ui, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function serve(...words: readonly string[]): {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly link: Promise<string>;
} {
  const child = spawn(process.execPath, [CLI, 'serve', '--ui', ui, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  children.push(child);
  let out = '';
  let err = '';
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const link = new Promise<string>((found) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const line = /^listening (http:\S+)\n/.exec(out);
      if (line?.[1] !== undefined) found(line[1]);
    });
  });
  const ended = new Promise<Ended>((done) => child.on('close', (code) => done({ code, out, err })));
  return { child, ended, link };
}

it.each([
  [[], 'live'],
  [['--mode', 'sim'], 'sim'],
])(
  'given %j prints one line, runs guide-example %s at 1x by itself, and ends as asked with status 0',
  async (words, mode) => {
    const { child, ended, link } = serve(...words);
    const url = new URL(await link);
    expect(url.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/enter\?token=[\w-]{43}$/);
    const entered = await fetch(url);
    const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const feed = new WebSocket(`ws://${url.host}/api/feed`, { headers: { cookie, origin: url.origin } });
    const status = await new Promise((found) => {
      feed.on('message', (message) => {
        const update = JSON.parse(message.toString()) as { status?: { state: string } };
        if (update.status?.state === 'running') found(update.status);
      });
    });
    expect(status).toMatchObject({ scenario: 'guide-example', mode, speed: 1, seed: 1 });
    feed.terminate();
    child.kill('SIGTERM');
    const { code, out, err } = await ended;
    expect({ code, err, lines: out.split('\n').length }).toEqual({ code: 0, err: '', lines: 2 });
  },
);

it('ends with status 4 and the reason where its port is in use', async () => {
  const other = createServer();
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
  const { port } = other.address() as AddressInfo;
  const { code, out, err } = await serve('--port', String(port), '--no-run').ended;
  other.close();
  expect({ code, out }).toEqual({ code: 4, out: '' });
  expect(err).toContain(`port ${port} is in use on 127.0.0.1`);
  expect(err).not.toContain('    at ');
});

it.each([
  [['--port', '70000'], 2, 'expected a port from 0 to 65535'],
  [['--speed', 'fast'], 2, 'expected a speed from 0.01 to 100000, or max'],
  [['--speed', '100'], 2, 'A live run goes at 0.1x to 10x, not at 100x'],
  [['--mode', 'real'], 2, 'Allowed choices are live, sim'],
  [['--run', 'nowhere.yaml'], 2, 'there is no nowhere.yaml in'],
  [['--ui', '/nowhere'], 4, 'the screen is not built'],
])('refuses %j with status %i', async (words, status, reason) => {
  const { code, out, err } = await serve(...words).ended;
  expect({ code, out }).toEqual({ code: status, out: '' });
  expect(err).toContain(reason);
});
