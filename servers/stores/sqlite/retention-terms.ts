/**
 * The retentions that rows of a file were written under. A row carries the number of its terms and the moment at which its event
 * expires, from which follows when all else that it tells does: a new retention holds for what is written from then on.
 */
import type Database from 'better-sqlite3';
import { present } from '#core/assert.ts';
import type { HistoryEntity } from '#core/visits/history-records.ts';

export type Retention = Readonly<Record<HistoryEntity, number>>;

export class RetentionTerms {
  /** The number of the terms that hold now, and the retention that they stand for. */
  readonly current: number;
  readonly retention: Retention;
  /** What is written now is past after so long, whatever it tells; ms. */
  readonly longestMs: number;
  /** Every retention that any row may be under, ms. */
  readonly lengths: readonly number[];
  readonly #all: ReadonlyMap<number, Retention>;

  constructor(database: Database.Database, retention: Retention) {
    const body = JSON.stringify(Object.entries(retention).sort(([a], [b]) => (a < b ? -1 : 1)));
    database.prepare('INSERT INTO terms (retention) VALUES (?) ON CONFLICT (retention) DO NOTHING').run(body);
    const rows = database.prepare<[], { id: number; retention: string }>('SELECT id, retention FROM terms').all();
    this.#all = new Map(
      rows.map((row) => [row.id, Object.fromEntries(JSON.parse(row.retention) as [string, number][]) as Retention]),
    );
    this.current = present(rows.find((row) => row.retention === body)?.id, 'terms that were just written');
    this.retention = retention;
    this.longestMs = Math.max(...lengthsOf(retention));
    this.lengths = [...new Set([...this.#all.values()].flatMap(lengthsOf))];
  }

  /** Whether something of this entity that a row tells is still kept at `now`. */
  isKept(entity: HistoryEntity, row: { readonly terms: number; readonly expires_at: number }, now: number): boolean {
    const retention = present(this.#all.get(Math.abs(row.terms)), 'terms of a row');
    return now < row.expires_at - retention.event + retention[entity];
  }
}

/** Attempts have rows of their own. */
function lengthsOf({ event, page, session, visit, useragent, identity }: Retention): readonly number[] {
  return [event, page, session, visit, useragent, identity];
}
