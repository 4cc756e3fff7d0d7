/**
 * A store node on a disk that is filled up while clients put, and emptied again: what it refused, what it acknowledged, what is there
 * afterwards. The disk is a small tmpfs, which root alone can mount.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createStoreClient } from '#node/store-client.ts';
import { Load, readBack, type KillFindings } from './store-kills.ts';
import { STORE_SECRET, StoreProcess } from './store-process.ts';

const DISK = 'size=24m';
const SILENT = { warn: () => undefined, info: () => undefined };
/** A store that refuses nothing although its disk is full is not waited for any longer. */
const FULL_MS_MAX = 5_000;
const STAYS_FULL_MS = 2_000;

export interface FullDiskFindings extends KillFindings {
  /** Puts that were refused while the disk was full. */
  readonly refused: number;
  /** What the store node's about said then. */
  readonly about: { readonly status: number; readonly reasons: readonly string[] };
  readonly diedOf: number | null;
  /** From room on the disk to the next acknowledgements. */
  readonly resumedMs: number;
}

/** Whether this machine lets us mount one. */
export function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    withDisk(() => undefined);
    return true;
  } catch {
    return false;
  }
}

export async function fillDiskUnderLoad(script: string): Promise<FullDiskFindings> {
  return withDisk(async (disk) => {
    const folder = join(disk, 'store');
    mkdirSync(folder);
    const node = new StoreProcess(script, folder);
    const client = createStoreClient({ url: await node.start(), secret: STORE_SECRET, log: SILENT });
    const load = new Load(client);
    try {
      await load.acknowledgements(200);
      const { pid } = node;
      const ballast = join(disk, 'ballast');
      fillDisk(ballast);
      const fullUntil = performance.now() + FULL_MS_MAX;
      while (load.refused === 0 && performance.now() < fullUntil) await sleep(20);
      await sleep(STAYS_FULL_MS);
      const about = await askAbout(node.url);
      const { refused } = load;
      rmSync(ballast);
      const roomAt = performance.now();
      await load.acknowledgements(50);
      const resumedMs = performance.now() - roomAt;
      const diedOf = isAlive(pid) ? null : pid;
      await node.kill();
      load.end();
      return { ...(await readBack(folder, load)), refused, about, diedOf, resumedMs };
    } finally {
      load.end();
      client.close();
      await node.kill();
    }
  });
}

/** Fills what is left, to the last page. */
export function fillDisk(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let bytes = 1024 * 1024; bytes >= 512; bytes /= 2) {
      const block = Buffer.alloc(bytes, 1);
      try {
        while (writeSync(file, block) === bytes);
      } catch (error) {
        if (!(error instanceof Error) || !/ENOSPC/.test(error.message)) throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

async function askAbout(url: string): Promise<FullDiskFindings['about']> {
  const reply = await fetch(`${url}/store/about`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
  if (reply === null || reply.status === 404) return { status: reply?.status ?? 0, reasons: [] };
  const { dependencies } = (await reply.json()) as {
    readonly dependencies: readonly { readonly reason: string | null }[];
  };
  return { status: reply.status, reasons: dependencies.flatMap(({ reason }) => reason ?? []) };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A small disk of its own for `work`, gone afterwards. */
export function withDisk<T>(work: (disk: string) => T): T {
  const disk = mkdtempSync(join(tmpdir(), 'full-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', DISK, 'tmpfs', disk], { stdio: 'ignore' });
  const end = (): void => {
    execFileSync('umount', [disk], { stdio: 'ignore' });
    rmSync(disk, { recursive: true });
  };
  let result: T;
  try {
    result = work(disk);
  } catch (error) {
    end();
    throw error;
  }
  if (result instanceof Promise) return result.finally(end) as T;
  end();
  return result;
}
