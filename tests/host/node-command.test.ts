/** `engage node`: an installation's nodes as processes of their own, from engage.yaml; and what it says where the file lacks something. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const CLI = resolve(import.meta.dirname, '../../servers/host/cli.ts');
const SCENARIO = resolve(import.meta.dirname, '../../scenarios/live-smoke.yaml');
const ROLES = [
  ['store', 'store'],
  ['contact-center', 'contactCenter'],
  ['balancer', 'balancer'],
  ['backend-1', 'backend'],
  ['frontend-1', 'frontend'],
] as const;

let folder = '';
const ports = new Map<string, number>();
const children: ChildProcess[] = [];

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function writeConfig(name: string, more: string): string {
  const nodes = ROLES.map(([node, role]) => `  - { name: ${node}, role: ${role}, port: ${ports.get(node)} }`);
  const file = join(folder, name);
  writeFileSync(file, `nodes:\n${nodes.join('\n')}\n${more}`);
  return file;
}

function engage(words: readonly string[], secret: string | undefined): ChildProcess {
  const env = { PATH: process.env['PATH'], ...(secret === undefined ? {} : { ENGAGE_SECRET: secret }) };
  const child = spawn(process.execPath, [CLI, ...words], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  return child;
}

/** Resolves with what it said on stderr when that matches, or when it has ended. */
function heard(child: ChildProcess, pattern: RegExp): Promise<{ readonly text: string; readonly code: number | null }> {
  let text = '';
  return new Promise((done) => {
    child.stderr?.on('data', (data) => {
      text += String(data);
      if (pattern.test(text)) done({ text, code: null });
    });
    child.once('close', (code) => done({ text, code }));
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'engage-node-'));
  for (const [name] of ROLES) ports.set(name, await freePort());
});

afterAll(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = new Promise((done) => child.once('close', done));
    child.kill('SIGTERM');
    await gone;
  }
  rmSync(folder, { recursive: true, force: true });
});

describe('engage node', () => {
  test('starts the nodes of an installation one by one, which find each other and store what a browser sends', async () => {
    const more = `secret: { env: ENGAGE_SECRET }\nserves: ${SCENARIO}\norigins: [https://kiosk.example]\n`;
    const file = writeConfig('engage.yaml', more);
    for (const [name] of ROLES) {
      const { text } = await heard(engage(['node', name, '--config', file], 'sixteen characters'), / serves at /);
      expect(text).toContain(`${name} serves at http://127.0.0.1:${ports.get(name)}`);
    }
    const url = `http://127.0.0.1:${ports.get('balancer')}`;
    const event = {
      eventID: 'e1',
      timestamp: 1,
      visitID: 'v1',
      globalVisitID: 'g1',
      pageID: 'p1',
      eventType: 'SYSTEM',
      eventName: 'VisitStarted',
      url: 'https://kiosk.example/',
      title: 'Kiosk',
      languageCode: 'en',
      data: {},
    };
    await expect
      .poll(
        async () => {
          const reply = await fetch(`${url}/frontend/data/visits/v1/events`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify([event]),
          });
          return [reply.status, reply.ok ? await reply.json() : null];
        },
        { timeout: 20_000, interval: 200 },
      )
      .toEqual([200, { stored: 1 }]);
  });

  test.each([
    ['no secret', `secret: { env: ENGAGE_SECRET }\nserves: ${SCENARIO}\n`, undefined, 'at least 16 characters'],
    ['no reference to a secret', `serves: ${SCENARIO}\n`, 'sixteen characters', 'does not say where the secret is'],
    ['nothing to serve', 'secret: { env: ENGAGE_SECRET }\n', 'sixteen characters', 'what the nodes serve'],
    ['an unknown key', 'serve: x\n', 'sixteen characters', 'unrecognized|unknown key'],
  ])('with %s it says so and exits with 2', async (what, more, secret, expected) => {
    const file = writeConfig(`${what.replaceAll(' ', '-')}.yaml`, more);
    const { text, code } = await heard(engage(['node', 'store', '--config', file], secret), /$^/);
    expect(text).toMatch(new RegExp(expected, 'i'));
    expect(text).not.toContain('sixteen characters');
    expect(code).toBe(2);
  });

  test('starts all of them with --all, each when the one before it serves, and stops them when it is asked to', async () => {
    for (const [name] of ROLES) ports.set(name, await freePort());
    const more = `secret: { env: ENGAGE_SECRET }\nserves: ${SCENARIO}\nstore: { folder: all }\n`;
    const file = writeConfig('all.yaml', more);
    const child = engage(['node', '--all', '--config', file], 'sixteen characters');
    const { text } = await heard(child, /all 5 nodes serve/);
    expect([...text.matchAll(/^(\S+) serves at /gm)].map(([, name]) => name)).toEqual(ROLES.map(([name]) => name));
    const ended = new Promise((done) => child.once('close', done));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  test.each([[['node']], [['node', 'store', '--all']]])('expects a name or --all: %j', async (words) => {
    const { text, code } = await heard(engage(words, undefined), /$^/);
    expect(text).toContain('expected the name of a node, or --all');
    expect(code).toBe(2);
  });

  test('names the nodes that there are when asked for another', async () => {
    const file = writeConfig('other.yaml', '');
    const { text, code } = await heard(engage(['node', 'frontend-7', '--config', file], undefined), /$^/);
    expect(text).toContain('it names store, contact-center, balancer, backend-1, frontend-1');
    expect(code).toBe(2);
  });
});
