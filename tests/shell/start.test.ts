/** What `npm start` decides before it starts anything: whether to build, whether Electron can be had, and how a browser is opened. */
import { createServer } from 'node:http';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { describeBrowserCommand } from '#host/start-browser.ts';
import { buildIfStale, describeStaleness } from '#host/start-build.ts';
import { findElectron, findInstalledElectron, isReachable } from '#host/start-electron.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'start-'));
  // What it tells the person at the terminal would only be noise here.
  for (const stream of ['log', 'error'] as const) vi.spyOn(console, stream).mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

/** Writes a file of the tree, `atS` seconds after the epoch. */
function write(path: string, atS: number): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), path);
  utimesSync(join(root, path), atS, atS);
}

describe('whether to build', () => {
  const build = (atS: number): void => {
    for (const path of ['renderer/index.html', 'main/index.js', 'preload/preload.cjs', 'host/cli.js']) {
      write(`out/${path}`, atS);
    }
  };
  const writeSources = (atS: number): void => {
    for (const path of [
      'renderer/view/page.tsx',
      'servers/core/a.ts',
      'servers/protocol/a.ts',
      'main/main.ts',
      'package.json',
    ]) {
      write(path, atS);
    }
  };

  test('on a fresh clone, yes', () => {
    writeSources(100);
    expect(describeStaleness(root, 'screen')).toBe('The screen is not built yet');
    expect(describeStaleness(root, 'desktop')).toBe('The screen is not built yet');
  });

  test('when all is built from the present sources, no', () => {
    writeSources(100);
    build(101);
    expect(describeStaleness(root, 'screen')).toBeNull();
    expect(describeStaleness(root, 'desktop')).toBeNull();
  });

  test.each([
    ['renderer/view/page.tsx', true, true],
    ['servers/protocol/a.ts', true, true],
    ['package.json', true, true],
    ['servers/core/a.ts', false, true],
    ['main/main.ts', false, true],
    ['tests/a.test.ts', false, false],
  ])('after a change of %s: for the browser %s, for the desktop %s', (path, forScreen, forDesktop) => {
    writeSources(100);
    build(101);
    write(path, 102);
    expect(describeStaleness(root, 'screen') !== null).toBe(forScreen);
    expect(describeStaleness(root, 'desktop') !== null).toBe(forDesktop);
  });

  test('when a part is missing, yes, if that part is needed', () => {
    writeSources(100);
    build(101);
    rmSync(join(root, 'out/host/cli.js'));
    expect(describeStaleness(root, 'screen')).toBeNull();
    expect(describeStaleness(root, 'desktop')).toBe('The screen is not built yet');
  });
});

describe('building', () => {
  // A build tool of the smallest kind: it counts its calls, and makes or does not make the screen.
  const installTool = (body: string): void => {
    write('node_modules/electron-vite/bin/electron-vite.js', 1);
    writeFileSync(
      join(root, 'node_modules/electron-vite/bin/electron-vite.js'),
      `const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
${body}`,
    );
  };

  test('two that want the screen at once build it once', async () => {
    write('renderer/view/page.tsx', 100);
    installTool("mkdirSync('out/renderer', { recursive: true }); writeFileSync('out/renderer/index.html', '');");
    expect(await Promise.all([buildIfStale(root, 'screen'), buildIfStale(root, 'screen')])).toEqual([true, true]);
    expect(readFileSync(join(root, 'calls'), 'utf8')).toBe('build --logLevel error\n');
    expect(existsSync(join(root, 'out/.building'))).toBe(false);
  });

  test('a lock that a killed build left behind is not waited for', async () => {
    write('out/.building/x', 1);
    rmSync(join(root, 'out/.building/x'));
    utimesSync(join(root, 'out/.building'), 1, 1);
    installTool("mkdirSync('out/renderer', { recursive: true }); writeFileSync('out/renderer/index.html', '');");
    expect(await buildIfStale(root, 'screen')).toBe(true);
  });

  test('a build that fails is told, and does not block the next', async () => {
    installTool('process.exitCode = 1;');
    expect(await buildIfStale(root, 'screen')).toBe(false);
    expect(await buildIfStale(root, 'screen')).toBe(false);
  });
});

describe('whether Electron can be had', () => {
  const display = { DISPLAY: ':0' };
  const install = (): void => {
    write('node_modules/electron/path.txt', 1);
    writeFileSync(join(root, 'node_modules/electron/path.txt'), 'electron');
    write('node_modules/electron/dist/electron', 1);
  };

  test('an installed binary is found without a word on the network', async () => {
    install();
    const path = join(root, 'node_modules/electron/dist/electron');
    expect(findInstalledElectron(join(root, 'node_modules/electron'))).toBe(path);
    expect(await findElectron(root, display, 'linux')).toEqual({ path });
  });

  test('without a display there is none, installed or not', async () => {
    install();
    expect(await findElectron(root, {}, 'linux')).toEqual({ missing: 'There is no display for the desktop window' });
  });

  test('in CI nothing is fetched', async () => {
    expect(await findElectron(root, { ...display, CI: 'true' }, 'linux')).toEqual({
      missing: "Electron's binary is not installed",
    });
  });

  test('a mirror that does not answer is noticed before anything is fetched', async () => {
    write('node_modules/electron/install.js', 1);
    const env = { ...display, ELECTRON_MIRROR: 'http://127.0.0.1:1/' };
    expect(await findElectron(root, env, 'linux')).toEqual({
      missing: "Electron's binary is not installed and cannot be fetched from here",
    });
  });

  test('a mirror that answers is asked by the package’s own installer, and believed only if the binary is there', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const mirror = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
    expect(await isReachable(mirror)).toBe(true);
    const env = { ...display, ELECTRON_MIRROR: mirror };

    write('node_modules/electron/install.js', 1);
    const installer = join(root, 'node_modules/electron/install.js');
    writeFileSync(installer, 'process.exitCode = 1;');
    expect(await findElectron(root, env, 'linux')).toEqual({ missing: "Electron's binary could not be fetched" });

    writeFileSync(
      installer,
      `const { mkdirSync, writeFileSync } = require('node:fs');
mkdirSync(__dirname + '/dist');
writeFileSync(__dirname + '/dist/electron', '');
writeFileSync(__dirname + '/path.txt', 'electron');`,
    );
    expect(await findElectron(root, env, 'linux')).toEqual({ path: join(root, 'node_modules/electron/dist/electron') });
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('how a browser is opened', () => {
  const address = 'http://127.0.0.1:40123/?token=a&b=c%20d';

  test.each([
    ['linux', { DISPLAY: ':0' }, { file: 'xdg-open', args: [address] }],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, { file: 'xdg-open', args: [address] }],
    ['linux', {}, null],
    ['linux', { DISPLAY: ':0', CI: 'true' }, null],
    ['darwin', {}, { file: 'open', args: [address] }],
    ['win32', {}, { file: 'rundll32', args: ['url.dll,FileProtocolHandler', address] }],
    ['win32', { CI: '1' }, null],
  ])('on %s with %o: %o', (platform, env, command) => {
    expect(describeBrowserCommand(address, env, platform)).toEqual(command);
  });
});
