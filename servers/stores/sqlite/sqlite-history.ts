/** The history in one SQLite file: a row an event, columns for what is asked for, the rest as JSON. */
import type Database from 'better-sqlite3';
import type { StoreBatch } from '#core/messages.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import type { HistoryCounts, HistoryStore } from '#ports/stores.ts';
import { closeDatabase, openDatabase } from './open-database.ts';
import { describeFault } from './sqlite-fault.ts';

const SCHEMA = {
  migrations: [
    `CREATE TABLE events (
       seq INTEGER PRIMARY KEY,
       event_id TEXT NOT NULL UNIQUE,
       visit_id TEXT NOT NULL,
       at INTEGER NOT NULL,
       event_name TEXT NOT NULL,
       body TEXT NOT NULL
     ) STRICT;
     CREATE INDEX events_by_visit ON events (visit_id, at, seq);
     CREATE INDEX page_views ON events (seq) WHERE event_name = 'PageEntered';`,
  ],
};

/** A row of the table of events. */
export interface EventRow {
  readonly event_id: string;
  readonly visit_id: string;
  readonly at: number;
  readonly event_name: string;
  readonly body: string;
}

type EventBody = Omit<VisitEvent, 'eventID' | 'visitID' | 'at' | 'eventName'>;

export const COLUMNS = 'event_id, visit_id, at, event_name, body';

export class SqliteHistory implements HistoryStore {
  readonly #file: string;
  readonly #database: Database.Database;
  readonly #insert: Database.Statement;
  readonly #past: Database.Statement<[string, string, string], EventRow>;
  readonly #ids: Database.Statement<[string, number], string>;
  readonly #firstIds: Database.Statement<[number], string>;

  /** Opens or creates `file`; throws a `StoreFault`. */
  constructor(file: string) {
    this.#file = file;
    this.#database = openDatabase(file, SCHEMA);
    const database = this.#database;
    this.#insert = database.prepare(
      `INSERT INTO events (${COLUMNS}) VALUES (?, ?, ?, ?, ?) ON CONFLICT (event_id) DO NOTHING`,
    );
    // '/' is the code point after '.': between them lie the visits that begin with the id and a dot.
    this.#past = database.prepare(
      `SELECT ${COLUMNS} FROM events
       WHERE visit_id = ? OR (visit_id >= ? || '.' AND visit_id < ? || '/') ORDER BY at, seq`,
    );
    this.#ids = database
      .prepare<[string, number], string>('SELECT event_id FROM events WHERE event_id > ? ORDER BY event_id LIMIT ?')
      .pluck();
    this.#firstIds = database
      .prepare<[number], string>('SELECT event_id FROM events ORDER BY event_id LIMIT ?')
      .pluck();
  }

  async put(batches: readonly StoreBatch[]): Promise<void> {
    this.#run(() =>
      this.#database
        .transaction(() => {
          for (const batch of batches) for (const event of batch.events) this.#store(event);
        })
        .immediate(),
    );
  }

  async pastOf(browserVisitID: string): Promise<readonly VisitEvent[]> {
    const rows = this.#run(() => this.#past.all(browserVisitID, browserVisitID, browserVisitID));
    return rows
      .filter((row) => row.visit_id === browserVisitID || /^\.[0-9]+$/.test(row.visit_id.slice(browserVisitID.length)))
      .map(parseEvent);
  }

  async eventIDs(after: string | null, limit: number): Promise<readonly string[]> {
    return this.#run(() => (after === null ? this.#firstIds.all(limit) : this.#ids.all(after, limit)));
  }

  async counts(): Promise<HistoryCounts> {
    return this.#run(() => ({
      events: this.#count('SELECT count(*) FROM events'),
      visits: this.#count('SELECT count(DISTINCT visit_id) FROM events'),
      pages: this.#count("SELECT count(*) FROM events WHERE event_name = 'PageEntered'"),
    }));
  }

  close(): void {
    this.#run(() => closeDatabase(this.#database));
  }

  #store(event: VisitEvent): void {
    const { eventID, visitID, at, eventName, ...body } = event;
    this.#insert.run(eventID, visitID, at, eventName, JSON.stringify(body satisfies EventBody));
  }

  #count(query: string): number {
    return Number(this.#database.prepare(query).pluck().get());
  }

  #run<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw describeFault(thrown, this.#file);
    }
  }
}

/** The event of a row, as it was stored. */
export function parseEvent(row: EventRow): VisitEvent {
  const body = JSON.parse(row.body) as EventBody;
  return {
    eventID: row.event_id,
    visitID: row.visit_id,
    at: row.at,
    eventName: row.event_name,
    ...body,
    identity: body.identity,
  };
}
