/** The host as the desktop starts it from the sources: it says its address, ends when asked, and does not outlive who started it. */
import { resolve } from 'node:path';
import { spawn as spawnProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createForkSpawn } from '#main/spawn-node.ts';

const CLI = resolve(import.meta.dirname, '../../servers/host/cli.ts');
const SPAWN = resolve(import.meta.dirname, '../../main/spawn-node.ts');
const ui = mkdtempSync(join(tmpdir(), 'desktop-ui-'));
mkdirSync(join(ui, 'assets'));
writeFileSync(join(ui, 'index.html'), '<title>screen</title>');
const SPEC = { name: 'host', script: CLI, args: ['serve', '--ui', ui, '--no-run'], cwd: process.cwd() };

afterAll(() => rmSync(ui, { recursive: true }));

it('gives its address in a line and ends with status 0 when it is asked to', async () => {
  const listening = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<number>();
  const host = createForkSpawn(process.execPath)(SPEC, {
    onLine: (_stream, line) => listening.resolve(line),
    onExit: ended.resolve,
  });
  expect(await listening.promise).toMatch(/^listening http:\/\/127\.0\.0\.1:\d+\/enter/);
  host.stop();
  expect(await ended.promise).toBe(0);
});

it('tells as an end that it could not be started', async () => {
  const ended = Promise.withResolvers<number>();
  const lines: string[] = [];
  createForkSpawn('/nowhere/node')(SPEC, { onLine: (_stream, line) => lines.push(line), onExit: ended.resolve });
  expect(await ended.promise).toBe(1);
  expect(lines.join()).toContain('/nowhere/node');
});

it('ends when who started it is killed', async () => {
  const parent = spawnProcess(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { createForkSpawn } from ${JSON.stringify(SPAWN)};
       createForkSpawn(process.execPath)(${JSON.stringify(SPEC)}, { onLine: (_, line) => console.log(line), onExit() {} });`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const said = await new Promise<string>((heard) =>
    parent.stdout.once('data', (line: Buffer) => heard(line.toString())),
  );
  const { origin } = new URL(said.replace('listening ', '').trim());
  parent.kill('SIGKILL');
  const answers = async (): Promise<boolean> => {
    try {
      await fetch(origin);
      return true;
    } catch {
      // Nobody listens any more.
      return false;
    }
  };
  await expect.poll(answers, { timeout: 10_000 }).toBe(false);
});
