/**
 * The desktop program itself, in the real Electron. Its binary comes over the network on first use; where it is not there, or no
 * display is, or nothing was built, every test says so and is counted as skipped.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '#tests/house/project-files.ts';

const ELECTRON = join(PROJECT_ROOT, 'node_modules/electron');
const binary = findBinary();
const missing = describeMissing();

/** The path that the electron package would start; it is read, not imported, since importing would download. */
function findBinary(): string | null {
  const pathFile = join(ELECTRON, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const path = join(ELECTRON, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(path) ? path : null;
}

function describeMissing(): string | null {
  if (binary === null) return "Electron's binary is not installed (npx install-electron fetches it)";
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'])
    return 'there is no display';
  return existsSync(join(PROJECT_ROOT, 'out/host/cli.js')) ? null : 'nothing is built (npm run build)';
}

describe('the desktop program in Electron', () => {
  let app: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    if (missing !== null || binary === null) {
      console.warn(`skipped: ${missing}`);
      return;
    }
    // Chromium's own sandbox refuses root, which containers run as; the page's sandbox preference holds all the same.
    const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), PROJECT_ROOT];
    app = await _electron.launch({ executablePath: binary, args });
    page = await app.firstWindow();
    await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\//);
  });
  afterAll(async () => {
    if (missing === null) await app.close();
  });
  beforeEach(({ skip }) => {
    if (missing !== null) skip(missing);
  });

  test('shows the host, with the desktop shell and without Node', async () => {
    const seen = await page.evaluate(() => ({
      kind: window.engageShell?.kind,
      verbs: Object.keys(window.engageShell ?? {}).toSorted(),
      node: [typeof Reflect.get(window, 'require'), typeof Reflect.get(window, 'process')],
    }));
    expect(seen).toEqual({
      kind: 'desktop',
      verbs: ['kind', 'openExternal', 'openFile', 'saveFile'],
      node: ['undefined', 'undefined'],
    });
  });

  test('stays where it is when the page tries to leave', async () => {
    const before = page.url();
    await page.evaluate(() => window.location.assign('http://evil.invalid/'));
    expect(await page.evaluate(() => window.open('http://evil.invalid/'))).toBeNull();
    expect(page.url()).toBe(before);
  });

  test('grants the page nothing', async () => {
    expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
    expect(await page.evaluate(async () => (await navigator.permissions.query({ name: 'geolocation' })).state)).toBe(
      'denied',
    );
  });

  test('refuses to open anything but https outside', async () => {
    expect(await page.evaluate(() => window.engageShell?.openExternal('file:///etc/passwd'))).toBe(false);
  });

  test('brings the host back when it is killed', async () => {
    const before = page.url();
    await app.evaluate(({ app: electronApp }) => {
      const host = electronApp.getAppMetrics().find(({ name }) => name === 'Web Engagement Testbed host');
      if (host === undefined) throw new Error('no host process');
      process.kill(host.pid, 'SIGKILL');
    });
    await page.waitForURL((url) => url.protocol === 'http:' && url.href !== before);
    expect(await page.evaluate(() => window.engageShell?.kind)).toBe('desktop');
  });
});
