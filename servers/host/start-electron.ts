/**
 * Finds Electron's binary, fetching it once where that can work. Its package carries none; importing it would download without
 * asking, and fail loudly offline: so its files are read instead, and the network is tried for two seconds first.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasDisplay } from './start-browser.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type ElectronFinding = { readonly path: string } | { readonly missing: string };

const PROBE_TIMEOUT_MS = 2_000;
const RELEASES = 'https://github.com/electron/electron/releases/download/';

/** @returns the binary, or half a sentence that says why there is none */
export async function findElectron(root: string, env: Environment, platform: string): Promise<ElectronFinding> {
  if (!hasDisplay(env, platform)) return { missing: 'There is no display for the desktop window' };
  const folder = join(root, 'node_modules/electron');
  const installed = findInstalledElectron(folder);
  if (installed !== null) return { path: installed };
  if (env['CI']) return { missing: "Electron's binary is not installed" };
  const mirror = env['ELECTRON_MIRROR'] ?? env['npm_config_electron_mirror'] ?? RELEASES;
  if (!existsSync(join(folder, 'install.js')) || !(await isReachable(mirror))) {
    return { missing: "Electron's binary is not installed and cannot be fetched from here" };
  }
  console.log("Fetching Electron's binary, about 120 MB, once.");
  await new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 'inherit', 'ignore'] });
    child.on('error', resolve);
    child.on('exit', resolve);
  });
  const fetched = findInstalledElectron(folder);
  return fetched === null ? { missing: "Electron's binary could not be fetched" } : { path: fetched };
}

/** The path that Electron's own package would start, without importing it. */
export function findInstalledElectron(folder: string): string | null {
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const path = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(path) ? path : null;
}

/** Whether something answers there, whatever it says, within two seconds. */
export async function isReachable(address: string): Promise<boolean> {
  try {
    await fetch(address, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return true;
  } catch {
    // Any failure means the same here: no.
    return false;
  }
}
