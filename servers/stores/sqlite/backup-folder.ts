/**
 * The folder of backups: one sub-folder each, named after its moment. It is written under a name with a dot before, and gets its own
 * name when everything in it is on the disk: a folder with a backup's name is whole.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Backup, BackupFile } from '#ports/backups.ts';
import { SqliteFault } from './sqlite-fault.ts';

const MANIFEST = 'backup.json';
const UNFINISHED = '.unfinished-';
const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/;
const READ_BYTES = 1024 * 1024;

/** A moment as it stands in the names of backups and of files that were set aside. */
export function stampOf(atMs: number): string {
  return new Date(atMs).toISOString().replaceAll(/[:.]/g, '-');
}

/** Where a backup of this moment is written until it is whole; what earlier ones have left unfinished is removed. */
export function beginBackup(folder: string, madeAt: number): string {
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(folder))
    if (entry.startsWith(UNFINISHED)) rmSync(join(folder, entry), { recursive: true, force: true });
  const path = join(folder, UNFINISHED + stampOf(madeAt));
  mkdirSync(path);
  return path;
}

/** `unfinished` holds its files, synced. */
export function completeBackup(
  folder: string,
  unfinished: string,
  madeAt: number,
  files: readonly BackupFile[],
): Backup {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const backup: Backup = { name: stampOf(madeAt), madeAt, bytes, files };
  writeSynced(join(unfinished, MANIFEST), `${JSON.stringify(backup, null, 2)}\n`);
  syncFolder(unfinished);
  renameSync(unfinished, join(folder, backup.name));
  syncFolder(folder);
  return backup;
}

/** Those that are whole, newest first; what is in their files is not looked at. */
export function listBackups(folder: string): readonly Backup[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .toReversed()
    .flatMap((name) => readManifest(folder, name) ?? []);
}

/** What is wrong with a backup, in words; null: it is good, to the last byte. */
export function findBackupFault(folder: string, backup: Backup): string | null {
  for (const { name, bytes, sha256 } of backup.files) {
    const path = join(folder, backup.name, name);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) return `${name} is missing`;
    if (size !== bytes) return `${name} has ${size} bytes, it had ${bytes}`;
    if (digestOf(path) !== sha256) return `${name} is not as it was written`;
  }
  return null;
}

/** The newest good one, those of these names left out; undefined: there is none. */
export function newestGood(folder: string, without: ReadonlySet<string> = new Set()): Backup | undefined {
  return listBackups(folder).find((backup) => !without.has(backup.name) && findBackupFault(folder, backup) === null);
}

/** Removes what is older than the `keep` newest good ones. */
export function rotateBackups(folder: string, keep: number): void {
  let good = 0;
  for (const name of readdirSync(folder)
    .filter((entry) => NAME.test(entry))
    .sort()
    .toReversed()) {
    if (good >= keep) {
      rmSync(join(folder, name), { recursive: true, force: true });
      continue;
    }
    const backup = readManifest(folder, name);
    if (backup !== undefined && findBackupFault(folder, backup) === null) good += 1;
  }
  syncFolder(folder);
}

/** Makes a finished copy a file that stands alone, checks all of it, and says what it is; throws where it is damaged. */
export function checkCopy(path: string, name: string): BackupFile {
  const database = new Database(path, { fileMustExist: true });
  let schema: number;
  try {
    // A backup has no log beside it.
    database.pragma('journal_mode = DELETE');
    const found: unknown = database.pragma('integrity_check(1)', { simple: true });
    if (found !== 'ok') throw new SqliteFault('corrupt', `${name} is damaged, as its copy shows: ${String(found)}`);
    schema = Number(database.pragma('user_version', { simple: true }));
  } finally {
    database.close();
  }
  syncFile(path);
  return { name, bytes: statSync(path).size, sha256: digestOf(path), schema };
}

export function digestOf(path: string): string {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  const file = openSync(path, 'r');
  try {
    for (let bytes = 0; (bytes = readSync(file, buffer, 0, READ_BYTES, null)) > 0;)
      hash.update(buffer.subarray(0, bytes));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

export function writeSynced(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

export function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** So that what was made, renamed or removed in it stays so. */
export function syncFolder(path: string): void {
  // Windows opens no folders.
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function readManifest(folder: string, name: string): Backup | undefined {
  try {
    const backup: unknown = JSON.parse(readFileSync(join(folder, name, MANIFEST), 'utf8'));
    return isBackup(backup) && backup.name === name ? backup : undefined;
  } catch {
    // Whatever is wrong with it, it is no backup.
    return undefined;
  }
}

function isBackup(value: unknown): value is Backup {
  if (!isRecord(value) || typeof value['name'] !== 'string' || !Array.isArray(value['files'])) return false;
  return Number.isSafeInteger(value['madeAt']) && Number.isSafeInteger(value['bytes']) && value['files'].every(isFile);
}

function isFile(value: unknown): boolean {
  if (!isRecord(value) || typeof value['name'] !== 'string' || typeof value['sha256'] !== 'string') return false;
  // It becomes a part of a path.
  return (
    /^[a-z]+\.db$/.test(value['name']) && Number.isSafeInteger(value['bytes']) && Number.isSafeInteger(value['schema'])
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
