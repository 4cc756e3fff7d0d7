/**
 * Builds out/ when a part that is needed is missing or older than what it is made from. Two that want it at once (two terminals, two
 * test files) build once: a folder in out/ is the lock, and whoever finds it waits and looks again.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The screen alone (for a browser), or the desktop program with its bundled host too. */
export type BuildTarget = 'screen' | 'desktop';

const RECIPE = ['electron.vite.config.ts', 'package.json'];
const PARTS: {
  readonly [T in BuildTarget]: { readonly outputs: readonly string[]; readonly sources: readonly string[] };
} = {
  screen: { outputs: ['out/renderer/index.html'], sources: ['renderer', 'servers/protocol', ...RECIPE] },
  desktop: {
    outputs: ['out/renderer/index.html', 'out/main/index.js', 'out/preload/preload.cjs', 'out/host/cli.js'],
    sources: ['renderer', 'main', 'servers', ...RECIPE],
  },
};

/** Why a build is needed, in words; null if it is not. Compares the newest source with the oldest output. */
export function describeStaleness(root: string, target: BuildTarget): string | null {
  const { outputs, sources } = PARTS[target];
  const outputTimes = outputs.map((path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? null);
  const oldest = outputTimes.reduce((least, time) => (least === null || time === null ? null : Math.min(least, time)));
  if (oldest === null) return 'The screen is not built yet';
  const newest = Math.max(...sources.map((path) => findNewestTime(join(root, path))));
  return newest > oldest ? 'The sources are newer than the built screen' : null;
}

function findNewestTime(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => findNewestTime(join(path, name))));
}

/** Builds if needed, saying so; false if the build failed, whose words are then on stderr. */
export async function buildIfStale(root: string, target: BuildTarget): Promise<boolean> {
  if (describeStaleness(root, target) === null) return true;
  const unlock = await lockBuild(root);
  try {
    const why = describeStaleness(root, target);
    if (why === null) return true;
    console.log(`${why}: building, a few seconds.`);
    return await build(root);
  } finally {
    unlock();
  }
}

const LOCK_POLL_MS = 100;
/** Longer than any build: a lock of that age was left by a process that was killed. */
const LOCK_AGE_MAX_MS = 120_000;

async function lockBuild(root: string): Promise<() => void> {
  const lock = join(root, 'out/.building');
  mkdirSync(join(root, 'out'), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      return () => rmSync(lock, { recursive: true, force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > LOCK_AGE_MAX_MS) rmSync(lock, { recursive: true, force: true });
    else await sleep(LOCK_POLL_MS);
  }
}

async function build(root: string): Promise<boolean> {
  const startedAt = performance.now();
  const tool = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  const child = spawn(process.execPath, [tool, 'build', '--logLevel', 'error'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let words = '';
  child.stdout.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  if (code === 0) {
    console.log(`Built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
    return true;
  }
  console.error(`${words}The build failed.`);
  return false;
}
