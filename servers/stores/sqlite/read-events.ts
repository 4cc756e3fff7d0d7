/** Reads all events of a history file without opening it as a store: for an export of a run that is over. */
import Database from 'better-sqlite3';
import type { VisitEvent } from '#core/visits/event.ts';
import { describeFault } from './sqlite-fault.ts';
import { COLUMNS, parseEvent, type EventRow } from './sqlite-history.ts';

/** The history of a store of SQLite files, in its folder. */
export const HISTORY_FILE = 'history.db';

/** In the order of `at`, then of storing, one after the other. Throws a `StoreFault`. */
export function* readEvents(file: string): Generator<VisitEvent> {
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { readonly: true, fileMustExist: true });
    const all = database.prepare<[], EventRow>(`SELECT ${COLUMNS} FROM events ORDER BY at, seq`);
    for (const row of all.iterate()) yield parseEvent(row);
  } catch (thrown) {
    throw describeFault(thrown, file);
  } finally {
    database?.close();
  }
}
