/**
 * `npm start` from end to end, where there is no display: it builds, says why it is not Electron, serves the testbed, and leaves
 * nothing behind; and the host as it is built for the desktop program does the same as the one from the sources.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { parseListening } from '#main/host-supervisor.ts';
import { buildIfStale } from '#host/start-build.ts';
import { PROJECT_ROOT } from '#tests/house/project-files.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Running {
  readonly lines: readonly string[];
  readonly address: URL;
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** Starts a script as `npm start` does. */
async function startHost(script: string, args: readonly string[]): Promise<Running> {
  return startCommand(process.execPath, [join(PROJECT_ROOT, script), ...args]);
}

/** Waits for the address; fails with all that was said if the command ends before. */
async function startCommand(command: string, args: readonly string[]): Promise<Running> {
  const env = { ...process.env };
  for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'CI']) delete env[name];
  const child = spawn(command, args, {
    cwd: PROJECT_ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const lines: string[] = [];
  const address = await new Promise<URL>((resolve, reject) => {
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => {
        lines.push(line);
        const url = parseListening(line);
        if (url !== null) resolve(url);
      });
    }
    void exit.then((code) => reject(new Error(`ended with ${code}: ${lines.join('\n')}`)));
  });
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return exit;
  };
  return { lines, address, end };
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'npm start serves the testbed to the browser until %s, and ends cleanly',
  async (signal) => {
    const { lines, address, end } = await startHost('servers/host/start.mjs', []);
    expect(lines).toContain(
      'There is no display for the desktop window, so the same screen is served to your browser.',
    );
    const entrance = await fetch(address);
    expect(entrance.status).toBe(200);
    const cookie = entrance.headers.get('set-cookie')?.split(';')[0] ?? '';
    const screen = await fetch(address.origin, { headers: { cookie } });
    expect(screen.status).toBe(200);
    expect(await screen.text()).toContain('<div id="root">');
    expect(await end(signal)).toBe(0);
    await expect(fetch(address.origin)).rejects.toThrow('fetch failed');
  },
);

test.skipIf(process.platform === 'win32')(
  'a signal to npm itself, which passes none on, leaves nothing behind',
  async () => {
    const { address, end } = await startCommand('npm', ['start']);
    await end('SIGTERM');
    const answers = (): Promise<boolean> => fetch(address.origin).then(Boolean, () => false);
    await expect.poll(answers, { timeout: 10_000 }).toBe(false);
  },
);

test('npm start refuses an option that it does not know, with its usage', async () => {
  await expect(startHost('servers/host/start.mjs', ['--prot', '1'])).rejects.toThrow(
    /ended with 2: .*--prot.*usage: npm start/s,
  );
});

test('the host built for the desktop program serves the same screen', async () => {
  expect(await buildIfStale(PROJECT_ROOT, 'desktop')).toBe(true);
  const { address, end } = await startHost('out/host/cli.js', ['serve', '--port', '0']);
  const entrance = await fetch(address);
  const cookie = entrance.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect(await (await fetch(address.origin, { headers: { cookie } })).text()).toContain('<div id="root">');
  await end('SIGTERM');
});

test('the host built for the desktop program starts its threads', async () => {
  expect(await buildIfStale(PROJECT_ROOT, 'desktop')).toBe(true);
  const args = ['run', 'scenarios/guide-example.yaml', '--seeds', '2', '--duration', '2m', '--quiet'];
  const { status, stderr } = spawnSync(process.execPath, ['out/host/cli.js', ...args], {
    cwd: PROJECT_ROOT,
    encoding: 'utf8',
  });
  // Whether thresholds hold over two minutes is not the question here: 3 says that they were judged.
  expect([0, 3], stderr).toContain(status);
});
