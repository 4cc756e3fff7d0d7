/** One time slice of the events: its table and the statements about it, prepared when they are first wanted. */
import type Database from 'better-sqlite3';
import type { HistoryRange } from '#core/visits/history-order.ts';
import { idKeyOf, EVENT_COLUMNS, type EventRow } from './history-rows.ts';
import { createIdTable, idTable, sliceTable } from './history-schema.ts';
import { ID_PARTS, SliceIds } from './slice-ids.ts';
import { writeAnew } from './write-anew.ts';

/** Rows of a slice that is written anew after an erasure: less than half a second. */
const WRITTEN_ANEW_ROWS = 50_000;
/** Rows in one step backwards through a slice. */
const STEP_ROWS = 200;

type Insertion = [number, number, number, number, number, number, string, string];

/** Bounds inside a slice that a range of a listing comes to. */
interface Bounds {
  readonly msMin: number;
  readonly msMax: number;
  readonly beforeMs: number;
  readonly beforeId: string;
}

/** A row of the table of slices. */
export interface SliceRow {
  readonly id: number;
  readonly number: number;
  readonly expires_at: number;
  readonly written_at: number;
  readonly thinned_at: number;
  readonly sealed: number;
}

export class EventSlice {
  readonly id: number;
  readonly number: number;
  /** Of its first moment, ms. */
  readonly start: number;
  readonly #ms: number;
  /** Wall ms: when all of it is past; when it was last written to; when it was last thinned out. */
  expiresAt: number;
  writtenAt: number;
  thinnedAt: number;
  readonly #database: Database.Database;
  readonly #table: string;
  readonly #statements = new Map<string, Database.Statement>();
  #insert: Database.Statement<Insertion> | undefined;
  /** Undefined: the slice is sealed. */
  #ids: SliceIds | undefined;
  #sealedParts = 0;

  constructor(database: Database.Database, row: SliceRow, sliceMs: number) {
    this.#database = database;
    this.id = row.id;
    this.number = row.number;
    this.start = row.number * sliceMs;
    this.#ms = sliceMs;
    this.expiresAt = row.expires_at;
    this.writtenAt = row.written_at;
    this.thinnedAt = row.thinned_at;
    this.#table = sliceTable(row.id);
    if (row.sealed === 0) this.#ids = this.#readIds();
  }

  /** An event that is not there yet. `terms`: their number. */
  insert(
    event: { readonly key: number; readonly id: string; readonly ms: number; readonly kind: number },
    visit: number,
    expiresAt: number,
    terms: number,
    body: string,
  ): void {
    const { key, id, ms, kind } = event;
    this.#insert ??= this.#database.prepare<Insertion>(
      `INSERT INTO ${this.#table} (id_key, visit, ms, kind, expires_at, terms, event_id, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const seq = Number(this.#insert.run(key, visit, ms, kind, expiresAt, terms, id, body).lastInsertRowid);
    this.#ids?.add(key, seq);
    if (this.#ids === undefined || this.#sealedParts > 0) this.#index(key, seq);
  }

  has(key: number, eventID: string): boolean {
    if (this.#ids?.has(key) === false) return false;
    return this.#candidates(key).some((seq) => this.#idOf(seq) === eventID);
  }

  byId(eventID: string): EventRow | undefined {
    const seq = this.#candidates(idKeyOf(eventID)).find((each) => this.#idOf(each) === eventID);
    return seq === undefined ? undefined : this.#rows('WHERE seq = ?', seq)[0];
  }

  /** Whether ids are found by a table of the file. */
  get isSealed(): boolean {
    return this.#ids === undefined;
  }

  /** Writes a part of the ids into their table, inside a transaction of the caller's; true: it was the last. */
  sealPart(): boolean {
    if (this.#ids === undefined) return true;
    if (this.#sealedParts === 0) createIdTable(this.#database, this.id);
    for (const { key, seq } of this.#ids.part(this.#sealedParts)) this.#index(key, seq);
    this.#sealedParts += 1;
    if (this.#sealedParts < ID_PARTS) return false;
    this.#prepare('UPDATE slices SET sealed = 1 WHERE id = ?').run(this.id);
    return true;
  }

  /** After the transaction of the last part, unless it has failed. */
  sealed(): void {
    if (this.#sealedParts === ID_PARTS) this.#ids = undefined;
  }

  /** A transaction has failed, perhaps one of `sealPart`. */
  sealAgain(): void {
    this.#sealedParts = 0;
  }

  /** All of a visit, in order. */
  ofVisit(visit: number): readonly EventRow[] {
    return this.#rows('WHERE visit = ? ORDER BY ms, seq', visit);
  }

  /** Events of a visit that a range asks for, newest first, none that has expired by `now`. */
  newestOfVisit(visit: number, range: HistoryRange, now: number): Iterable<EventRow> {
    const bounds = this.#boundsOf(range);
    if (bounds === null) return [];
    return this.#select(
      `WHERE visit = ? AND ms >= ? AND ms <= ? AND (ms < ? OR event_id < ?) AND expires_at > ?
       ORDER BY ms DESC, event_id DESC`,
    ).iterate(visit, ...valuesOf(bounds), now);
  }

  /** The same, of all visits. */
  newest(range: HistoryRange, now: number): readonly EventRow[] {
    const bounds = this.#boundsOf(range);
    if (bounds === null) return [];
    return this.#rows(
      `WHERE ms >= ? AND ms <= ? AND (ms < ? OR event_id < ?) AND expires_at > ?
       ORDER BY ms DESC, event_id DESC LIMIT ?`,
      ...valuesOf(bounds),
      now,
      range.limit + 1,
    );
  }

  /** Rows of some kinds, newest first, from `at` on backwards. */
  *ofKinds(kinds: readonly number[], at: number): Generator<EventRow> {
    const heads = kinds.map((kind) => this.#ofKind(kind, at));
    const rows = heads.map((head) => nextOf(head));
    for (;;) {
      let newest = -1;
      for (const [i, row] of rows.entries()) {
        const best = rows[newest];
        if (row !== undefined && (best === undefined || row.ms > best.ms)) newest = i;
      }
      const [row, head] = [rows[newest], heads[newest]];
      if (row === undefined || head === undefined) return;
      yield row;
      rows[newest] = nextOf(head);
    }
  }

  /** Ids behind a row, in order of storing. */
  ids(seq: number, limit: number, now: number): readonly string[] {
    return this.#prepare(`SELECT event_id FROM ${this.#table} WHERE seq > ? AND expires_at > ? ORDER BY seq LIMIT ?`)
      .pluck()
      .all(seq, now, limit) as string[];
  }

  count(now: number): { readonly events: number; readonly pages: number } {
    const counted = this.#prepare(
      `SELECT count(*) AS events, count(*) FILTER (WHERE kind = 2) AS pages FROM ${this.#table} WHERE expires_at > ?`,
    ).get(now);
    return counted as { events: number; pages: number };
  }

  visits(now: number): readonly number[] {
    return this.#prepare(`SELECT DISTINCT visit FROM ${this.#table} WHERE expires_at > ?`).pluck().all(now) as number[];
  }

  /** Rows behind a place, in order of storing. */
  inOrder(seq: number, rowsMax: number): readonly EventRow[] {
    return this.#rows('WHERE seq > ? ORDER BY seq LIMIT ?', seq, rowsMax);
  }

  remove(seq: number): void {
    this.#prepare(`DELETE FROM ${this.#table} WHERE seq = ?`).run(seq);
  }

  replace(seq: number, terms: number, body: string): void {
    this.#prepare(`UPDATE ${this.#table} SET terms = ?, body = ? WHERE seq = ?`).run(terms, body, seq);
  }

  /**
   * Rows of a visit that were there. Each is overwritten in its place before it is deleted: when pages are joined afterwards, copies of
   * rows that have gone may be left in their free space.
   */
  eraseVisit(visit: number): number {
    const body = 'hex(zeroblob(octet_length(body) / 2 + 1))';
    this.#prepare(`UPDATE ${this.#table} SET body = substr(${body}, 1, octet_length(body)) WHERE visit = ?`).run(visit);
    return this.#prepare(`DELETE FROM ${this.#table} WHERE visit = ?`).run(visit).changes;
  }

  /** After rows were erased, inside the same transaction; a large slice is left as it is, as nobody could wait for it. */
  writeAnew(): void {
    const rows = Number(this.#prepare(`SELECT max(seq) - min(seq) FROM ${this.#table}`).pluck().get());
    if (rows <= WRITTEN_ANEW_ROWS) writeAnew(this.#database, this.#table);
  }

  *#ofKind(kind: number, at: number): Generator<EventRow> {
    let [ms, seq] = [Math.min(at - this.start, this.#ms), Number.MAX_SAFE_INTEGER];
    for (;;) {
      const rows = this.#rows(
        `WHERE kind = ? AND kind > 0 AND ms <= ? AND (ms < ? OR seq < ?) ORDER BY ms DESC, seq DESC LIMIT ${STEP_ROWS}`,
        kind,
        ms,
        ms,
        seq,
      );
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < STEP_ROWS) return;
      [ms, seq] = [last.ms, last.seq];
    }
  }

  #candidates(key: number): readonly number[] {
    if (this.#ids !== undefined) return this.#ids.seqsOf(key);
    return this.#prepare(`SELECT seq FROM ${idTable(this.id)} WHERE id_key = ?`)
      .pluck()
      .all(key) as number[];
  }

  #idOf(seq: number): unknown {
    return this.#prepare(`SELECT event_id FROM ${this.#table} WHERE seq = ?`).pluck().get(seq);
  }

  #index(key: number, seq: number): void {
    this.#prepare(`INSERT INTO ${idTable(this.id)} (id_key, seq) VALUES (?, ?) ON CONFLICT DO NOTHING`).run(key, seq);
  }

  #readIds(): SliceIds {
    const ids = new SliceIds();
    const rows = this.#database.prepare<[], [number, number]>(`SELECT id_key, seq FROM ${this.#table}`).raw();
    for (const [key, seq] of rows.iterate()) ids.add(key, seq);
    return ids;
  }

  #boundsOf({ since = -Infinity, after }: HistoryRange): Bounds | null {
    const msMin = Math.max(0, since - this.start);
    const afterMs = after === undefined ? Infinity : after.at - this.start;
    if (msMin >= this.#ms || afterMs < 0) return null;
    if (after === undefined || afterMs >= this.#ms)
      return { msMin, msMax: this.#ms, beforeMs: this.#ms + 1, beforeId: '' };
    return { msMin, msMax: afterMs, beforeMs: afterMs, beforeId: after.id };
  }

  #rows(where: string, ...values: readonly (number | string)[]): readonly EventRow[] {
    return this.#select(where).all(...values) as EventRow[];
  }

  #select(where: string): Database.Statement<unknown[], EventRow> {
    const sql = `SELECT ${EVENT_COLUMNS} FROM ${this.#table} CROSS JOIN visits ON visits.no = visit ${where}`;
    return this.#prepare(sql) as Database.Statement<unknown[], EventRow>;
  }

  #prepare(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

function nextOf(rows: Generator<EventRow>): EventRow | undefined {
  const next = rows.next();
  return next.done === true ? undefined : next.value;
}

function valuesOf({ msMin, msMax, beforeMs, beforeId }: Bounds): readonly [number, number, number, string] {
  return [msMin, msMax, beforeMs, beforeId];
}
