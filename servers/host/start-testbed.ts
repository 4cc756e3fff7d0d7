/**
 * `npm start`: builds what is missing or old, then opens the testbed in Electron where its binary can be had, else says so in one
 * sentence and serves the same screen to the browser from the same host. The guide's example runs live at once. Ctrl-C ends it.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeBrowserCommand } from './start-browser.ts';
import { buildIfStale } from './start-build.ts';
import { findElectron } from './start-electron.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const USAGE = `usage: npm start [-- --port N] [--browser] [--no-open]
  --port N    the port of the screen, on loopback (default: a free one)
  --browser   the browser even where Electron is installed
  --no-open   only print the address`;

interface StartOptions {
  readonly port: string | undefined;
  readonly browser: boolean;
  readonly open: boolean;
}

function parseOptions(args: readonly string[]): StartOptions | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { port: { type: 'string' }, browser: { type: 'boolean' }, 'no-open': { type: 'boolean' } },
    });
    return { port: values.port, browser: values.browser ?? false, open: !(values['no-open'] ?? false) };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return null;
  }
}

async function start(options: StartOptions): Promise<number> {
  const wantsWindow = !options.browser && options.open && options.port === undefined;
  const electron = wantsWindow ? await findElectron(ROOT, process.env, process.platform) : null;
  const path = electron !== null && 'path' in electron ? electron.path : null;
  const built = await buildIfStale(ROOT, path === null ? 'screen' : 'desktop');
  if (!built) return 1;
  if (path !== null) return runToEnd(path, [ROOT], null, { ENGAGE_NODE: process.execPath });
  if (electron !== null && 'missing' in electron) {
    console.log(`${electron.missing}, so the same screen is served to your browser.`);
  }
  const args = [
    join(import.meta.dirname, 'cli.ts'),
    'serve',
    ...(options.port === undefined ? [] : ['--port', options.port]),
  ];
  return runToEnd(process.execPath, args, (line) => {
    const address = /^listening (http:\S+)$/.exec(line)?.[1];
    if (address === undefined) return;
    console.log('Ctrl-C ends it.');
    if (options.open) openBrowser(address);
  });
}

/** The exit code of a command that ran to its end; 0 when it was we who were asked to end (Ctrl-C is the way out, not a failure). */
function runToEnd(
  command: string,
  args: readonly string[],
  onLine: ((line: string) => void) | null,
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['inherit', onLine === null ? 'inherit' : 'pipe', 'inherit'],
  });
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      console.log(line);
      onLine?.(line);
    });
  }
  let asked = false;
  const end = (signal: NodeJS.Signals): void => {
    // A terminal's Ctrl-C has reached the child too; a second signal would be a second wish, to end at once.
    if (!asked && !(signal === 'SIGINT' && process.stdin.isTTY)) child.kill('SIGTERM');
    asked = true;
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('exit', (code) => done(asked ? 0 : (code ?? 1)));
  });
}

function openBrowser(address: string): void {
  const command = describeBrowserCommand(address, process.env, process.platform);
  if (command === null) return;
  const child = spawn(command.file, command.args, { stdio: 'ignore', detached: true });
  child.on('error', () =>
    console.log(`No browser could be opened (${command.file}): open the address above yourself.`),
  );
  child.unref();
}

const options = parseOptions(process.argv.slice(2));
process.exitCode = options === null ? 2 : await start(options);
