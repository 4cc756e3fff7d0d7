/**
 * A thread that copies the store's files while their process goes on writing: it reads them as they were at one moment (a read
 * transaction over each), checks the copies whole, and only then gives the backup its name.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { assert } from '#core/assert.ts';
import type { Backup, BackupFile } from '#ports/backups.ts';
import { beginBackup, checkCopy, completeBackup, rotateBackups } from './backup-folder.ts';
import { ASKED, PINNED, type BackupThreadOrder, type FromBackupThread, type ToBackupThread } from './backup-thread.ts';
import { describeFault } from './sqlite-fault.ts';

/** Pages that are copied between two looks at what the parent says. */
const STEP_PAGES = 2_000;

const order = workerData as BackupThreadOrder;
const port = parentPort;
assert(port !== null, 'a backup is made in a thread of its own');
const say = (message: FromBackupThread): void => port.postMessage(message);

try {
  const sources = order.files.map((name) => ({
    name,
    database: new Database(join(order.store, name), { readonly: true, fileMustExist: true }),
  }));
  port.on('message', ({ madeAt }: ToBackupThread) => {
    for (const { database } of sources) {
      database.exec('BEGIN');
      // The moment is that of the first reading.
      database.prepare('SELECT count(*) FROM sqlite_schema').get();
    }
    if (Atomics.compareExchange(order.gate, 0, ASKED, PINNED) !== ASKED) {
      for (const { database } of sources) database.exec('ROLLBACK');
      say({ type: 'missed' });
      return;
    }
    Atomics.notify(order.gate, 0);
    void copyAll(sources, madeAt).then(
      (backup) => end({ type: 'made', backup }),
      (error: unknown) => end(failure(error)),
    );
  });
  say({ type: 'ready' });
} catch (error) {
  end(failure(error));
}

interface Source {
  readonly name: string;
  readonly database: Database.Database;
}

async function copyAll(sources: readonly Source[], madeAt: number): Promise<Backup> {
  const unfinished = beginBackup(order.backups, madeAt);
  try {
    const files: BackupFile[] = [];
    for (const { name, database } of sources) {
      await database.backup(join(unfinished, name), { progress: () => STEP_PAGES });
      // The log may be emptied again, while the copy is checked.
      database.close();
      files.push(checkCopy(join(unfinished, name), name));
    }
    const backup = completeBackup(order.backups, unfinished, madeAt, files);
    rotateBackups(order.backups, order.keep);
    return backup;
  } finally {
    // It has another name by now where all went well; where the disk is full, its room is wanted.
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function failure(error: unknown): FromBackupThread {
  const { fault, message } = describeFault(error, order.backups);
  return { type: 'failed', fault, message };
}

function end(message: FromBackupThread): void {
  say(message);
  port?.close();
}
