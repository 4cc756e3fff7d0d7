/**
 * The contact center's rows and claims in one SQLite file: the newest row of each (kind, id) as JSON. What is replaced or deleted is
 * overwritten with zeros, as rows name visitors who may ask to be erased.
 */
import Database from 'better-sqlite3';
import type { OperationsRow } from '#core/effects.ts';
import {
  countRows,
  decideErasure,
  VISITOR_KINDS,
  visitOfRow,
  visitsToErase,
  type ErasableRows,
  type ErasedIdentity,
  type VisitorRow,
} from '#core/engagement/erasable-rows.ts';
import type { Erasure } from '#ports/history.ts';
import type { ClaimOutcome, OperationsKind, OperationsStore } from '#ports/stores.ts';
import { closeDatabase, emptyLog, openDatabase } from './open-database.ts';
import { describeFault } from './sqlite-fault.ts';
import { writeAnew } from './write-anew.ts';

const SCHEMA = {
  migrations: [
    `CREATE TABLE operations (
       kind TEXT NOT NULL,
       id TEXT NOT NULL,
       at INTEGER NOT NULL,
       step INTEGER,
       change INTEGER NOT NULL,
       body TEXT NOT NULL,
       PRIMARY KEY (kind, id)
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE claims (
       key TEXT NOT NULL PRIMARY KEY,
       claimant TEXT NOT NULL
     ) STRICT, WITHOUT ROWID;`,
    `CREATE TABLE lineage (id TEXT NOT NULL) STRICT;
     INSERT INTO lineage VALUES (lower(hex(randomblob(16))));`,
    // The browser's visit that a row belongs to, which never changes.
    `ALTER TABLE operations ADD COLUMN visit TEXT;
     UPDATE operations SET visit = coalesce(body ->> '$.lead.browserVisitID', body ->> '$.visitID');
     CREATE INDEX operations_of_visit ON operations (visit) WHERE visit IS NOT NULL;`,
  ],
};

/** The contact center's file of a store of SQLite files, in its folder. */
export const OPERATIONS_FILE = 'operations.db';

// A row that is there already, word for word, is no change; an older one is dropped.
const UPSERT = `
  INSERT INTO operations (kind, id, at, step, change, body, visit) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (kind, id) DO UPDATE
  SET at = excluded.at, step = excluded.step, change = excluded.change, body = excluded.body
  WHERE (excluded.at > at OR (excluded.at = at AND (excluded.step IS NULL OR step IS NULL OR excluded.step >= step)))
    AND excluded.body <> body`;

// Rows with a text, as JSON writes it, anywhere in them.
const NAMING = 'SELECT body FROM operations WHERE kind IN (SELECT value FROM json_each(?)) AND instr(body, ?) > 0';

export class SqliteOperations implements OperationsStore {
  readonly #file: string;
  readonly #database: Database.Database;
  readonly #upsert: Database.Statement;
  readonly #recover: Database.Statement<[string | null, string | null], string>;
  readonly #naming: Database.Statement<[string, string], string>;
  readonly #ofVisit: Database.Statement<[string], string>;
  readonly #delete: Database.Statement<[string, string]>;
  readonly #claim: Database.Statement<[string, string]>;
  readonly #claimant: Database.Statement<[string], string>;
  /** Which file this is: another one than before, where an older state of it was put in its place. */
  readonly lineage: string;
  /** Somebody was reading the file (a backup is made) when its log was to be emptied. */
  #logHoldsErased = false;
  /** Counts changes through all openings of the file: rows of the same `at` come back in order of storing. */
  #changes: number;

  /** Opens or creates `file`; throws a `StoreFault`. */
  constructor(file: string) {
    this.#file = file;
    this.#database = openDatabase(file, SCHEMA);
    const database = this.#database;
    try {
      database.pragma('secure_delete = ON');
      this.#upsert = database.prepare(UPSERT);
      this.#recover = database
        .prepare<[string | null, string | null], string>(
          `SELECT body FROM operations
           WHERE ? IS NULL OR kind IN (SELECT value FROM json_each(?)) ORDER BY at, change`,
        )
        .pluck();
      this.#naming = database.prepare<[string, string], string>(NAMING).pluck();
      this.#ofVisit = database.prepare<[string], string>('SELECT body FROM operations WHERE visit = ?').pluck();
      this.#delete = database.prepare('DELETE FROM operations WHERE kind = ? AND id = ?');
      this.#claim = database.prepare('INSERT INTO claims (key, claimant) VALUES (?, ?) ON CONFLICT (key) DO NOTHING');
      this.#claimant = database.prepare<[string], string>('SELECT claimant FROM claims WHERE key = ?').pluck();
      this.#changes = Number(database.prepare('SELECT coalesce(max(change), 0) FROM operations').pluck().get());
      this.lineage = String(database.prepare('SELECT id FROM lineage').pluck().get());
    } catch (thrown) {
      database.close();
      throw describeFault(thrown, file);
    }
  }

  async put(rows: readonly OperationsRow[]): Promise<void> {
    this.#run(() =>
      this.#database
        .transaction(() => {
          for (const row of rows) this.#store(row);
        })
        .immediate(),
    );
    if (this.#logHoldsErased) this.#logHoldsErased = !this.#run(() => emptyLog(this.#database));
  }

  async recover(kinds?: readonly OperationsKind[]): Promise<readonly OperationsRow[]> {
    return this.rows(kinds);
  }

  /** As `recover` gives them, at once. */
  rows(kinds?: readonly OperationsKind[]): readonly OperationsRow[] {
    const wanted = kinds === undefined ? null : JSON.stringify(kinds);
    return this.#run(() => this.#recover.all(wanted, wanted).map((body) => JSON.parse(body) as OperationsRow));
  }

  async claim(key: string, claimant: string): Promise<ClaimOutcome> {
    return this.#run(() => {
      if (this.#claim.run(key, claimant).changes === 1) return 'won';
      return this.#claimant.get(key) === claimant ? 'won' : 'lost';
    });
  }

  async erase(whom: ErasedIdentity): Promise<Erasure> {
    return this.#run(() => {
      const { gone, left } = this.#database.transaction(() => this.#erase(whom)).immediate();
      // What was deleted still stands in the log, by now or by an erasure before that was cut short.
      this.#logHoldsErased = !emptyLog(this.#database);
      return { erased: countRows(gone), inProgress: countRows(left) };
    });
  }

  close(): void {
    this.#run(() => closeDatabase(this.#database));
  }

  #erase(whom: ErasedIdentity): ErasableRows {
    const naming = this.#naming.all(JSON.stringify(VISITOR_KINDS), JSON.stringify(whom.identityId)).map(parseRow);
    const ofVisits = [...visitsToErase(whom, naming)].flatMap((visit) => this.#ofVisit.all(visit).map(parseRow));
    const rows = new Map([...naming, ...ofVisits].map((row) => [`${row.kind} ${row.id}`, row]));
    const erasable = decideErasure(whom, [...rows.values()]);
    for (const { kind, id } of erasable.gone) this.#delete.run(kind, id);
    if (erasable.gone.length > 0) writeAnew(this.#database, 'operations');
    return erasable;
  }

  #store(row: OperationsRow): void {
    this.#changes += 1;
    const step = row.kind === 'interaction' ? row.step : null;
    this.#upsert.run(row.kind, row.id, row.at, step, this.#changes, JSON.stringify(row), visitOfRow(row));
  }

  #run<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw describeFault(thrown, this.#file);
    }
  }
}

/** Of a file that is open nowhere: makes another file of it, for those who were told what it held. Throws a `StoreFault`. */
export function renewLineage(file: string): void {
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { fileMustExist: true });
    const hasLineage = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'lineage'").get() !== undefined;
    // A file of before there was one gets it when it is opened.
    if (hasLineage) database.exec('UPDATE lineage SET id = lower(hex(randomblob(16)))');
  } catch (thrown) {
    throw describeFault(thrown, file);
  } finally {
    database?.close();
  }
}

/** Of a kind that tells of visitors, as only those are asked for. */
function parseRow(body: string): VisitorRow {
  return JSON.parse(body) as VisitorRow;
}
