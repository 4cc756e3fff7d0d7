/**
 * Puts the file of a backup, or nothing, in the place of a file of the store, which is renamed and never deleted. In an order that a
 * process may end in at any point: the copy is whole and the report written before anything is renamed, and a copy that has not come
 * to its place does so at the next start.
 */
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Backup, DamageReport } from '#ports/backups.ts';
import { digestOf, newestGood, stampOf, syncFile, syncFolder, writeSynced } from './backup-folder.ts';
import { describeFault, SqliteFault } from './sqlite-fault.ts';
import { OPERATIONS_FILE, renewLineage } from './sqlite-operations.ts';

const DAMAGE_FILE = 'damage.json';
/** A file with what stands in its log, and the log's index. */
const PARTS = ['', '-wal', '-shm'];
const REPORTS_MAX = 100;

/** What was found so far, oldest first, acknowledged or not. */
export function readDamage(folder: string): readonly DamageReport[] {
  const path = join(folder, DAMAGE_FILE);
  if (!existsSync(path)) return [];
  try {
    const reports: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (Array.isArray(reports)) return reports as readonly DamageReport[];
  } catch {
    // Said below, as for what is no list.
  }
  throw new SqliteFault('unknown', `${path} is no list of damage reports: move it away`);
}

export function acknowledgeDamage(folder: string, at: number): void {
  const reports = readDamage(folder).map((report) => ({ ...report, acknowledgedAt: report.acknowledgedAt ?? at }));
  if (reports.length > 0) writeDamage(folder, reports);
}

export interface DamageFound {
  /** The store's folder and the file in it. */
  readonly folder: string;
  readonly file: string;
  readonly why: string;
  readonly at: number;
  /** Folder of the backups; null: there are none. */
  readonly backups: string | null;
  /** Backups that have been tried. */
  readonly without: ReadonlySet<string>;
}

/** The newest good backup of the file in its place; where there is none, no file. Throws a `StoreFault`; nothing has changed then. */
export function replaceDamaged({ folder, file, why, at, backups, without }: DamageFound): DamageReport {
  try {
    const backup = backups === null ? undefined : newestGood(backups, without);
    const report: DamageReport = {
      file,
      foundAt: at,
      why,
      setAside: freeName(folder, `${file}.damaged-${stampOf(at)}`),
      backup: backup === undefined ? null : { name: backup.name, madeAt: backup.madeAt },
      acknowledgedAt: null,
    };
    const copy = backups === null || backup === undefined ? null : copyIn(backups, backup, folder, file);
    writeDamage(folder, [...readDamage(folder), report]);
    if (copy !== null) renameSync(copy, join(folder, restoringName(file)));
    moveAside(folder, file, report.setAside);
    finishRestoring(folder, file, report.setAside);
    return report;
  } catch (thrown) {
    throw describeFault(thrown, join(folder, file));
  }
}

/**
 * All files of a good backup into a folder that no store has open; those that are there are set aside. Gives the names that they have
 * now. Throws a `StoreFault`.
 */
export function restoreBackup(backups: string, backup: Backup, folder: string, at: number): readonly string[] {
  try {
    const copies = backup.files.map(({ name }) => ({ name, copy: copyIn(backups, backup, folder, name) }));
    const aside: string[] = [];
    for (const { name, copy } of copies) {
      const to = freeName(folder, `${name}.before-${stampOf(at)}`);
      renameSync(copy, join(folder, restoringName(name)));
      if (moveAside(folder, name, to)) aside.push(to);
      finishRestoring(folder, name, to);
    }
    return aside;
  } catch (thrown) {
    throw describeFault(thrown, folder);
  }
}

/**
 * Brings a copy that is whole to its place, where there is one. What still stands there (the process had ended in between) is renamed
 * to `aside`: a log of the old file must not be taken for one of the new.
 */
export function finishRestoring(folder: string, file: string, aside: string): void {
  const copy = join(folder, restoringName(file));
  if (!existsSync(copy)) return;
  moveAside(folder, file, aside);
  renameSync(copy, join(folder, file));
  syncFolder(folder);
}

/** Whole and synced, under a name that says that nothing has been decided yet; gives its path. */
function copyIn(backups: string, backup: Backup, folder: string, file: string): string {
  const expected = backup.files.find(({ name }) => name === file);
  if (expected === undefined) throw new SqliteFault('io', `the backup ${backup.name} has no ${file}`);
  const copy = join(folder, `${restoringName(file)}.partial`);
  try {
    copyFileSync(join(backups, backup.name, file), copy);
    if (digestOf(copy) !== expected.sha256)
      throw new SqliteFault('io', `${file} of the backup ${backup.name} could not be copied as it is`);
    if (file === OPERATIONS_FILE) renewLineage(copy);
    syncFile(copy);
    return copy;
  } catch (thrown) {
    rmSync(copy, { force: true });
    throw thrown;
  }
}

/** What was set aside earlier stays. */
function freeName(folder: string, name: string): string {
  let free = name;
  for (let n = 2; existsSync(join(folder, free)); n += 1) free = `${name}-${n}`;
  return free;
}

function restoringName(file: string): string {
  return `${file}.restoring`;
}

/** Whether there was anything. */
function moveAside(folder: string, file: string, to: string): boolean {
  let moved = false;
  for (const part of PARTS) {
    const path = join(folder, file + part);
    if (!existsSync(path)) continue;
    renameSync(path, join(folder, to + part));
    moved = true;
  }
  syncFolder(folder);
  return moved;
}

function writeDamage(folder: string, reports: readonly DamageReport[]): void {
  const path = join(folder, DAMAGE_FILE);
  writeSynced(`${path}.new`, `${JSON.stringify(reports.slice(-REPORTS_MAX), null, 2)}\n`);
  renameSync(`${path}.new`, path);
  syncFolder(folder);
}
