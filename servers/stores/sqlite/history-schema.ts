/**
 * The tables of a history file. An event is a row of the time slice that its `at` lies in: a table of its own, small enough that
 * its indexes stay in the cache, and dropped as a whole when all in it is past. What is folded into records is read from these rows
 * (see history-rows.ts), so an event is written once, whatever it tells.
 */
import type Database from 'better-sqlite3';
import type { DatabaseSchema } from './open-database.ts';

/** Version 1 kept all events in one table with indexes over everything, version 2 had an index on visits in each slice. */
const VERSIONS_REFUSED = ['', ''];

const VERSION_3 = `
  CREATE TABLE form (slice_ms INTEGER NOT NULL) STRICT;
  -- What retention was when rows were written: they are kept by it, whatever it is now.
  CREATE TABLE terms (id INTEGER PRIMARY KEY, retention TEXT NOT NULL UNIQUE) STRICT;
  -- A slice holds the events with floor(at / slice_ms) = number; without a number it is on its way out and read no more.
  CREATE TABLE slices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number INTEGER UNIQUE,
    expires_at INTEGER NOT NULL DEFAULT 0,
    written_at INTEGER NOT NULL DEFAULT 0,
    thinned_at INTEGER NOT NULL DEFAULT 0,
    -- Whether tables of the file lead to its rows: slices that are written to no more.
    sealed INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE visits (no INTEGER PRIMARY KEY, visit_id TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE visit_slices (
    visit INTEGER NOT NULL,
    slice INTEGER NOT NULL,
    PRIMARY KEY (visit, slice)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX visits_of_slice ON visit_slices (slice, visit);
  -- Visits with an event that names the identity.
  CREATE TABLE identity_visits (
    identity TEXT NOT NULL,
    visit INTEGER NOT NULL,
    PRIMARY KEY (identity, visit)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX identities_of_visit ON identity_visits (visit);
  CREATE TABLE user_agents (
    id TEXT NOT NULL PRIMARY KEY,
    raw TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX user_agents_by_expiry ON user_agents (expires_at);
  CREATE TABLE attempts (
    attempt_id TEXT NOT NULL,
    step INTEGER NOT NULL,
    at INTEGER NOT NULL,
    visit_id TEXT,
    identity TEXT,
    created_at INTEGER,
    expires_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (attempt_id, step)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX attempts_of_visit ON attempts (visit_id);
  CREATE INDEX attempts_of_identity ON attempts (identity);
  CREATE INDEX attempts_by_expiry ON attempts (expires_at);
`;

export const HISTORY_SCHEMA: DatabaseSchema = { migrations: [...VERSIONS_REFUSED, VERSION_3], oldest: 3 };

/** What an event is for the records that are folded, as its row has it. */
export const EVENT_KINDS = {
  VisitStarted: 1,
  PageEntered: 2,
  PageExited: 3,
  SignIn: 4,
  SignOut: 5,
  UserInfo: 6,
} as const;
export const OTHER_EVENT = 0;

export function sliceTable(id: number): string {
  return `events_${id}`;
}

/** `terms` is negative where the event itself was taken out. `ms`: of `at`, since the beginning of the slice. `id_key`: 32 bits of the event id. */
export function createSliceTable(database: Database.Database, id: number, limitIndexing: boolean): void {
  const table = sliceTable(id);
  database.exec(`
    CREATE TABLE ${table} (
      seq INTEGER PRIMARY KEY,
      id_key INTEGER NOT NULL,
      visit INTEGER NOT NULL,
      ms INTEGER NOT NULL,
      kind INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      terms INTEGER NOT NULL,
      event_id TEXT NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
  `);
  if (limitIndexing) return;
  database.exec(`
    CREATE INDEX ${table}_by_time ON ${table} (ms);
    CREATE INDEX ${table}_by_kind ON ${table} (kind, ms) WHERE kind > 0;
  `);
}

export function idTable(id: number): string {
  return `ids_${id}`;
}

export function visitTable(id: number): string {
  return `visit_rows_${id}`;
}

/** Many rows' places in one value, as a row for each would cost as much as the events: pairs of 32 bits. They may be there already, in part. */
export function createIndexTables(database: Database.Database, id: number): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS ${idTable(id)} (part INTEGER PRIMARY KEY, key_seqs BLOB NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS ${visitTable(id)} (visit INTEGER PRIMARY KEY, ms_seqs BLOB NOT NULL) STRICT;
  `);
}

const SLICES_WANTED = 24;
const SLICES_MAX = 1440;
const SLICE_MS_MIN = 60_000;
const SLICE_MS_USUAL = 3_600_000;

/**
 * How long a slice of a new file is: some 24 of them until everything is past, none longer than an hour, so that indexes stay small
 * at any load, unless there would be more than 1,440 of them.
 */
export function sliceMsOf(longestMs: number): number {
  const usual = Math.min(Math.max(Math.round(longestMs / SLICES_WANTED), SLICE_MS_MIN), SLICE_MS_USUAL);
  return Math.max(usual, Math.ceil(longestMs / SLICES_MAX));
}
