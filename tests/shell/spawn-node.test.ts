/** The port that starts processes, over real ones: their lines, their end, their death, and the supervisor's answer to it. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { HostSupervisor, type HostState } from '#main/host-supervisor.ts';
import { createUtilitySpawn, type Utility } from '#main/spawn-node.ts';

const folder = mkdtempSync(join(tmpdir(), 'spawn-'));
const script = join(folder, 'host.mjs');
// A host of the smallest kind: an address, a page that kills it, and a clean end when asked.
writeFileSync(
  script,
  `import { createServer } from 'node:http';
const server = createServer((request, response) => (request.url === '/crash' ? process.exit(7) : response.end(process.argv[2])));
server.listen(0, '127.0.0.1', () => {
  console.error('some words on the other stream');
  console.log('listening http://127.0.0.1:' + server.address().port + '/');
});
process.on('SIGTERM', () => process.exit(0));
`,
);
afterAll(() => rmSync(folder, { recursive: true }));

/** Electron's utilityProcess.fork, played by Node's own fork: both give streams, a pid, kill() and an exit. */
function createSpawn(children: ChildProcess[]): ReturnType<typeof createUtilitySpawn> {
  return createUtilitySpawn(
    (path, args, options) => {
      const child = fork(path, args, { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
      children.push(child);
      const utility: Utility = {
        stdout: child.stdout,
        stderr: child.stderr,
        pid: child.pid,
        kill: () => child.kill('SIGTERM'),
        once: (_event, listener) => child.once('exit', (code) => listener(code ?? 137)),
      };
      return utility;
    },
    (pid) => process.kill(pid, 'SIGKILL'),
  );
}

/** A supervisor over real processes and real, but short, waits, whose states can be awaited one by one. */
function createScene(): { supervisor: HostSupervisor; children: ChildProcess[]; next: () => Promise<HostState> } {
  const children: ChildProcess[] = [];
  const seen: HostState[] = [];
  let wake = (): void => {};
  const supervisor = new HostSupervisor(
    { name: 'host', script, args: ['hello'], cwd: folder },
    createSpawn(children),
    {
      nowMs: () => performance.now(),
      after: (delayMs, call) => {
        const timer = setTimeout(call, delayMs);
        return () => clearTimeout(timer);
      },
    },
    (state) => {
      seen.push(state);
      wake();
    },
  );
  const next = async (): Promise<HostState> => {
    for (;;) {
      const state = seen.shift();
      if (state !== undefined) return state;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { supervisor, children, next };
}

test('a host is started, answers, is started again when it crashes, and is gone after stop', async () => {
  const { supervisor, children, next } = createScene();
  supervisor.start();
  expect(await next()).toEqual({ is: 'starting' });
  const first = await next();
  if (first.is !== 'running') throw new Error(`expected a running host, got ${first.is}`);
  expect(await (await fetch(first.url)).text()).toBe('hello');

  await expect(fetch(`${first.origin}/crash`)).rejects.toThrow('fetch failed');
  expect(await next()).toMatchObject({ is: 'waiting', why: 'The host ended unasked, with exit code 7.' });
  expect(await next()).toEqual({ is: 'starting' });
  const second = await next();
  if (second.is !== 'running') throw new Error(`expected a running host, got ${second.is}`);
  expect(await (await fetch(second.url)).text()).toBe('hello');

  await supervisor.stop();
  expect(await next()).toEqual({ is: 'stopped' });
  expect(children).toHaveLength(2);
  expect(children.map(({ exitCode }) => exitCode)).toEqual([7, 0]);
});

test('a process is killed through its id, and its end is reported', async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const lines: string[] = [];
  const process = createSpawn([])(
    { name: 'host', script, args: [], cwd: folder },
    {
      onLine: (stream, line) => {
        lines.push(`${stream}: ${line.replace(/\d+\/$/, 'PORT/')}`);
        if (lines.length === 2) process.kill();
      },
      onExit: resolve,
    },
  );
  expect(await promise).toBe(137);
  expect(lines.toSorted()).toEqual([
    'stderr: some words on the other stream',
    'stdout: listening http://127.0.0.1:PORT/',
  ]);
});
