/** Reads all events of a history file without opening it as a store: for an export of a run that is over. */
import Database from 'better-sqlite3';
import type { VisitEvent } from '#core/visits/event.ts';
import { EVENT_COLUMNS, parseEvent, type EventRow } from './history-rows.ts';
import { HISTORY_SCHEMA, sliceTable } from './history-schema.ts';
import { refuseOtherVersions } from './open-database.ts';
import { describeFault } from './sqlite-fault.ts';

/** The history of a store of SQLite files, in its folder. */
export const HISTORY_FILE = 'history.db';

/** In the order of `at`, then of storing, one after the other; also what is kept no more and still there. Throws a `StoreFault`. */
export function* readEvents(file: string): Generator<VisitEvent> {
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { readonly: true, fileMustExist: true });
    refuseOtherVersions(database, file, HISTORY_SCHEMA);
    const sliceMs = Number(database.prepare('SELECT slice_ms FROM form').pluck().get());
    const slices = database.prepare<[], { id: number; number: number }>(
      'SELECT id, number FROM slices WHERE number IS NOT NULL ORDER BY number',
    );
    for (const { id, number } of slices.all()) {
      const rows = database.prepare<[], EventRow>(
        `SELECT ${EVENT_COLUMNS} FROM ${sliceTable(id)} CROSS JOIN visits ON visits.no = visit
         WHERE terms > 0 ORDER BY ms, seq`,
      );
      for (const row of rows.iterate()) yield parseEvent(row, number * sliceMs);
    }
  } catch (thrown) {
    throw describeFault(thrown, file);
  } finally {
    database?.close();
  }
}
