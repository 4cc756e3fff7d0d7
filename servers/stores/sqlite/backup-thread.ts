/**
 * Makes a backup in a thread of its own, so that neither copying nor checking holds this one. Only the moment is common: for it this
 * thread stands still until the other has begun to read all files, some milliseconds, so that both are backed up as of the same commit.
 */
import { Worker } from 'node:worker_threads';
import type { Backup } from '#ports/backups.ts';
import type { StoreFaultCode } from '#ports/stores.ts';
import { SqliteFault } from './sqlite-fault.ts';

/** States of the gate at which the two threads meet. */
export const ASKED = 1;
export const PINNED = 2;
const MISSED = 3;

/** How long this thread may stand still; the other one may have no processor just then, and is asked again. */
const MOMENT_MS_MAX = 40;
const MOMENT_AGAIN_MS = 100;
const MOMENTS_MAX = 50;

export interface BackupThreadOrder {
  readonly store: string;
  readonly files: readonly string[];
  readonly backups: string;
  readonly keep: number;
  readonly gate: Int32Array;
}

export interface ToBackupThread {
  readonly madeAt: number;
}

export type FromBackupThread =
  | { readonly type: 'ready' | 'missed' }
  | { readonly type: 'made'; readonly backup: Backup }
  | { readonly type: 'failed'; readonly fault: StoreFaultCode; readonly message: string };

export interface BackupOrder extends Omit<BackupThreadOrder, 'gate'> {
  /** Told of the moment, just before it. */
  readonly onMoment: () => void;
  /** Ends it, with what it has written left unfinished. */
  readonly signal: AbortSignal;
}

/** Rejects with a `SqliteFault`. */
export function makeBackup({ onMoment, signal, ...order }: BackupOrder): Promise<Backup> {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./backup-worker.ts', import.meta.url), {
    name: 'backup',
    workerData: { ...order, gate } satisfies BackupThreadOrder,
  });
  let moments = 0;
  let again: NodeJS.Timeout | undefined;
  const ask = (): void => {
    moments += 1;
    onMoment();
    Atomics.store(gate, 0, ASKED);
    worker.postMessage({ madeAt: Date.now() } satisfies ToBackupThread);
    Atomics.wait(gate, 0, ASKED, MOMENT_MS_MAX);
    Atomics.compareExchange(gate, 0, ASKED, MISSED);
  };
  const made = new Promise<Backup>((resolve, reject) => {
    const fail = (fault: StoreFaultCode, message: string): void => reject(new SqliteFault(fault, message));
    worker.on('message', (message: FromBackupThread) => {
      if (message.type === 'made') resolve(message.backup);
      else if (message.type === 'failed') fail(message.fault, message.message);
      else if (moments < MOMENTS_MAX) again = setTimeout(ask, moments === 0 ? 0 : MOMENT_AGAIN_MS);
      else fail('busy', `${order.backups}: this computer was too busy for a backup`);
    });
    worker.on('error', (error) => fail('unknown', `${order.backups}: ${String(error)}`));
    worker.on('exit', () => fail('unknown', `${order.backups}: the backup was broken off`));
  });
  const stop = (): void => {
    clearTimeout(again);
    void worker.terminate();
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return made.finally(() => {
    signal.removeEventListener('abort', stop);
    stop();
  });
}
