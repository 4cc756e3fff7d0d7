/**
 * Opens a SQLite file so that a commit outlives the machine: write-ahead log, an fsync a commit, every setting read
 * back. Knows schema versions and whether the file was closed cleanly the last time.
 */
import Database from 'better-sqlite3';
import { assert } from '#core/assert.ts';
import { describeFault, SqliteFault } from './sqlite-fault.ts';

/** Before it, a checkpoint beside a commit could damage the file (WAL-reset bug). */
const SQLITE_VERSION_MIN = [3, 51, 3] as const;
const BUSY_TIMEOUT_MS = 5000;
const WAL_BYTES_MAX = 64 * 1024 * 1024;
const SYNCHRONOUS_FULL = 2;
const AUTO_VACUUM_INCREMENTAL = 2;

/** A kind of file: `migrations[n]` takes a file from schema version n to n + 1. */
export interface DatabaseSchema {
  readonly migrations: readonly string[];
  /** Files of versions before it are refused: what stands in them can't be taken along. Absent: none is. */
  readonly oldest?: number;
}

/**
 * The open file. It is marked as in use until `closeDatabase`; where it was so marked already, its last user ended
 * without closing it, and the whole file is checked first. Throws a `SqliteFault`: `newer` where a newer version wrote
 * the file, `older` where one did whose files are refused, `corrupt` where the check fails, `io` and the others as they come.
 */
export function openDatabase(file: string, schema: DatabaseSchema): Database.Database {
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    assertSqliteVersion(database);
    refuseOtherVersions(database, file, schema);
    setUp(database);
    const inUse = isInUse(database);
    if (inUse) checkFile(database, file);
    migrate(database, schema);
    database.prepare('UPDATE file_state SET in_use = 1').run();
    setDurable(database);
    return database;
  } catch (thrown) {
    database?.close();
    throw describeFault(thrown, file);
  }
}

/** Marks the file as closed cleanly, empties the write-ahead log into it and closes it. */
export function closeDatabase(database: Database.Database): void {
  try {
    database.prepare('UPDATE file_state SET in_use = 0').run();
    emptyLog(database);
  } finally {
    database.close();
  }
}

/** False: somebody reads what stands in the log, and is not waited for. */
export function emptyLog(database: Database.Database): boolean {
  database.pragma('busy_timeout = 0');
  try {
    const [result] = database.pragma('wal_checkpoint(TRUNCATE)') as readonly { readonly busy: number }[];
    return result?.busy === 0;
  } finally {
    database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  }
}

function assertSqliteVersion(database: Database.Database): void {
  const version = String(database.prepare('SELECT sqlite_version()').pluck().get());
  const parts = version.split('.').map(Number);
  const difference = SQLITE_VERSION_MIN.map((least, i) => (parts[i] ?? 0) - least).find((d) => d !== 0) ?? 0;
  assert(difference >= 0, `SQLite ${version} is older than ${SQLITE_VERSION_MIN.join('.')}`);
}

/** Shared with who reads a file without opening it as a store. */
export function refuseOtherVersions(database: Database.Database, file: string, schema: DatabaseSchema): void {
  const version = userVersion(database);
  const newest = schema.migrations.length;
  const { oldest = 0 } = schema;
  if (version > newest)
    throw new SqliteFault(
      'newer',
      `${file} was written by a newer version of this program: its schema is ${version}, this version knows ` +
        `${newest} at most. Use the newer version, or another folder.`,
    );
  if (version > 0 && version < oldest)
    throw new SqliteFault(
      'older',
      `${file} was written by an older version of this program: its schema is ${version}, this version knows ` +
        `${oldest} at least. Use the older version, or another folder.`,
    );
}

/** What has to be there before the first table, and what each connection needs. */
function setUp(database: Database.Database): void {
  if (userVersion(database) === 0) database.pragma('auto_vacuum = INCREMENTAL');
  database.pragma('journal_mode = WAL');
  database.pragma('foreign_keys = ON');
  database.pragma('wal_autocheckpoint = 1000');
  database.pragma(`journal_size_limit = ${WAL_BYTES_MAX}`);
  assertSetting(database, 'journal_mode', 'wal');
  assertSetting(database, 'foreign_keys', 1);
  assertSetting(database, 'busy_timeout', BUSY_TIMEOUT_MS);
  assertSetting(database, 'wal_autocheckpoint', 1000);
  assertSetting(database, 'journal_size_limit', WAL_BYTES_MAX);
}

/** The first write puts `synchronous` back to its compiled default, so it is set and read back after one. */
function setDurable(database: Database.Database): void {
  database.pragma('synchronous = FULL');
  database.prepare('UPDATE file_state SET opened = opened + 1').run();
  assertSetting(database, 'synchronous', SYNCHRONOUS_FULL);
  assertSetting(database, 'auto_vacuum', AUTO_VACUUM_INCREMENTAL);
}

function assertSetting(database: Database.Database, name: string, expected: string | number): void {
  const found: unknown = database.pragma(name, { simple: true });
  assert(found === expected, `SQLite keeps ${name} at ${String(expected)}, found ${String(found)}`);
}

function isInUse(database: Database.Database): boolean {
  return userVersion(database) > 0 && database.prepare('SELECT in_use FROM file_state').pluck().get() === 1;
}

function checkFile(database: Database.Database, file: string): void {
  const found: unknown = database.pragma('quick_check(1)', { simple: true });
  if (found === 'ok') return;
  throw new SqliteFault('corrupt', `${file} is damaged: ${String(found)}`);
}

function migrate(database: Database.Database, schema: DatabaseSchema): void {
  database
    .transaction(() => {
      const version = userVersion(database);
      if (version === 0)
        database.exec(`
          CREATE TABLE file_state (in_use INTEGER NOT NULL, opened INTEGER NOT NULL) STRICT;
          INSERT INTO file_state VALUES (0, 0);
        `);
      for (const migration of schema.migrations.slice(version)) database.exec(migration);
      database.pragma(`user_version = ${schema.migrations.length}`);
    })
    .immediate();
}

function userVersion(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}
