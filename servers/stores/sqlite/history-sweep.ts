/**
 * Takes away what is past, a little at each step, so that no put waits for long: slices as a whole (their visits are struck off,
 * their indexes dropped, their rows deleted from the front, the empty table dropped), what is past of others (slice-thinning.ts), attempts
 * and user agents row by row. A slice on its way out is read no more; where the process ends meanwhile, the next one goes on.
 */
import type Database from 'better-sqlite3';
import type { EventSlice } from './event-slice.ts';
import type { EventSlices } from './event-slices.ts';
import { idTable, sliceTable, visitTable } from './history-schema.ts';
import type { RetentionTerms } from './retention-terms.ts';
import { SliceThinning } from './slice-thinning.ts';
import type { SqliteAttempts } from './sqlite-attempts.ts';

/** Rows that are looked up one by one, in one step. */
const STEP_LOOKED_UP = 500;
/** Rows that are deleted from the front of a table without indexes, in one step. */
const STEP_ROWS = 5000;

export class HistorySweep {
  readonly #database: Database.Database;
  readonly #slices: EventSlices;
  readonly #attempts: SqliteAttempts;
  readonly #thinning: SliceThinning;
  /** The transaction that ends its sealing is under way. */
  #sealed: EventSlice | undefined;
  readonly #statements: ReturnType<typeof prepareAll>;

  constructor(database: Database.Database, slices: EventSlices, attempts: SqliteAttempts, terms: RetentionTerms) {
    this.#database = database;
    this.#slices = slices;
    this.#thinning = new SliceThinning(slices, terms);
    this.#attempts = attempts;
    this.#statements = prepareAll(database);
  }

  /** One step, inside a transaction of the caller's; true: there is more to do. */
  step(now: number): boolean {
    this.#sealed = undefined;
    const going = this.#statements.going.get();
    if (going !== undefined) return this.#takeAway(going);
    const past = this.#slices.all().findLast(({ expiresAt }) => expiresAt <= now);
    if (past !== undefined) {
      this.#statements.letGo.run(past.id);
      this.#slices.forget();
      return true;
    }
    const open = this.#slices.toSeal();
    if (open !== undefined) {
      if (open.seal()) this.#sealed = open;
      return true;
    }
    if (this.#attempts.sweep(now, STEP_LOOKED_UP) === STEP_LOOKED_UP || this.#thinning.step(now)) return true;
    return this.#statements.userAgents.run(now, STEP_LOOKED_UP).changes === STEP_LOOKED_UP;
  }

  /** After the transaction of a step, at once. */
  committed(): void {
    this.#sealed?.sealed();
    this.#sealed = undefined;
  }

  #takeAway(slice: number): true {
    const table = sliceTable(slice);
    const visits = this.#statements.visits.all(slice, STEP_LOOKED_UP);
    if (visits.length > 0) {
      for (const visit of visits) this.#strikeOff(visit, slice);
      this.#slices.forgetVisits();
      return true;
    }
    const sealed = [idTable(slice), visitTable(slice)].find((name) => this.#statements.table.get(name) !== undefined);
    const index = this.#statements.index.get(table);
    if (sealed !== undefined) this.#database.exec(`DROP TABLE ${sealed}`);
    else if (index !== undefined) this.#database.exec(`DROP INDEX ${index}`);
    else if (this.#deleteFront(table) === 0) {
      this.#database.exec(`DROP TABLE ${table}`);
      this.#statements.gone.run(slice);
    }
    return true;
  }

  #strikeOff(visit: number, slice: number): void {
    this.#statements.leave.run(visit, slice);
    if (this.#statements.elsewhere.get(visit) !== undefined) return;
    this.#statements.unname.run(visit);
    this.#statements.unfile.run(visit);
  }

  #deleteFront(table: string): number {
    const deletion = `DELETE FROM ${table} WHERE seq < (SELECT min(seq) FROM ${table}) + ?`;
    return this.#database.prepare<[number]>(deletion).run(STEP_ROWS).changes;
  }
}

function prepareAll(database: Database.Database) {
  return {
    going: database.prepare<[], number>('SELECT id FROM slices WHERE number IS NULL LIMIT 1').pluck(),
    letGo: database.prepare<[number]>('UPDATE slices SET number = NULL WHERE id = ?'),
    gone: database.prepare<[number]>('DELETE FROM slices WHERE id = ?'),
    visits: database
      .prepare<[number, number], number>('SELECT visit FROM visit_slices WHERE slice = ? LIMIT ?')
      .pluck(),
    leave: database.prepare<[number, number]>('DELETE FROM visit_slices WHERE visit = ? AND slice = ?'),
    elsewhere: database.prepare<[number], number>('SELECT 1 FROM visit_slices WHERE visit = ? LIMIT 1').pluck(),
    unname: database.prepare<[number]>('DELETE FROM identity_visits WHERE visit = ?'),
    unfile: database.prepare<[number]>('DELETE FROM visits WHERE no = ?'),
    table: database.prepare<[string], number>("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").pluck(),
    index: database
      .prepare<[string], string>(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL LIMIT 1",
      )
      .pluck(),
    userAgents: database.prepare<[number, number]>(
      'DELETE FROM user_agents WHERE id IN (SELECT id FROM user_agents WHERE expires_at <= ? LIMIT ?)',
    ),
  };
}
