/** One time slice of the events: its table and the statements about it, prepared when they are first wanted. */
import type Database from 'better-sqlite3';
import { compareCodePoints, isInRange, type HistoryRange } from '#core/visits/history-order.ts';
import { idKeyOf, EVENT_COLUMNS, type EventRow } from './history-rows.ts';
import { sliceTable } from './history-schema.ts';
import { RowInserts } from './row-inserts.ts';
import { SliceIndex, type IndexedRow } from './slice-index.ts';
import type { VisitPlace } from './slice-visits.ts';
import { writeAnew } from './write-anew.ts';

/** Rows of a slice that is written anew after an erasure: less than half a second. */
const WRITTEN_ANEW_ROWS = 50_000;
/** Rows in one step backwards through a slice. */
const STEP_ROWS = 200;

const COLUMNS = ['seq', 'id_key', 'visit', 'ms', 'kind', 'expires_at', 'terms', 'event_id', 'body'];
type Insertion = [number, number, number, number, number, number, number, string, string];

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
  #insertions: RowInserts<Insertion> | undefined;
  readonly #index: SliceIndex;
  /** Rises even where a transaction has failed: what the index has of rows that were never committed must not become another's. */
  #nextSeq: number;

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
    this.#index = new SliceIndex(database, row.id, row.sealed === 0 ? this.#readIndexed() : undefined);
    this.#nextSeq = Number(this.#prepare(`SELECT coalesce(max(seq), 0) + 1 FROM ${this.#table}`).pluck().get());
  }

  /** An event that is not there yet; it is in the table after `flush`. `terms`: their number. */
  insert(
    event: { readonly key: number; readonly id: string; readonly ms: number; readonly kind: number },
    visit: number,
    expiresAt: number,
    terms: number,
    body: string,
  ): void {
    const { key, id, ms, kind } = event;
    const seq = this.#nextSeq;
    this.#nextSeq += 1;
    this.#insertions ??= new RowInserts(this.#database, this.#table, COLUMNS);
    this.#insertions.add(seq, key, visit, ms, kind, expiresAt, terms, id, body);
    this.#index.add({ key, visit, ms, seq });
  }

  /** Before a transaction with insertions ends. */
  flush(): void {
    this.#insertions?.flush();
  }

  has(key: number, eventID: string): boolean {
    if (!this.#index.mayHave(key)) return false;
    this.flush();
    return this.#index.seqsOf(key).some((seq) => this.#idOf(seq) === eventID);
  }

  byId(eventID: string): EventRow | undefined {
    const seq = this.#index.seqsOf(idKeyOf(eventID)).find((each) => this.#idOf(each) === eventID);
    return seq === undefined ? undefined : this.#row(seq);
  }

  /** Whether what leads to its rows stands in tables of the file. */
  get isSealed(): boolean {
    return this.#index.isSealed;
  }

  /** A step of writing it, inside a transaction of the caller's; true: it was the last. */
  seal(): boolean {
    if (!this.#index.seal()) return false;
    this.#prepare('UPDATE slices SET sealed = 1 WHERE id = ?').run(this.id);
    return true;
  }

  /** After the transaction of the last step, unless it has failed. */
  sealed(): void {
    this.#index.sealed();
  }

  /** A transaction has failed, perhaps one with insertions or of `seal`. */
  restart(): void {
    this.#insertions?.discard();
    this.#index.sealAgain();
  }

  /** All of a visit, in order. */
  ofVisit(visit: number): readonly EventRow[] {
    return this.#index
      .placesOf(visit)
      .toReversed()
      .flatMap((place) => this.#rowAt(place, visit) ?? []);
  }

  /** Events of a visit that a range asks for, newest first, none that has expired by `now`. */
  *newestOfVisit(visit: number, range: HistoryRange, now: number): Generator<EventRow> {
    // Of one moment, which the index does not have in the order of ids.
    let together: EventRow[] = [];
    for (const place of this.#index.placesOf(visit)) {
      const at = this.start + place.ms;
      if (at < (range.since ?? -Infinity)) break;
      if (range.after !== undefined && at > range.after.at) continue;
      if (together[0] !== undefined && together[0].ms !== place.ms) {
        yield* inOrderOfIds(together);
        together = [];
      }
      const row = this.#rowAt(place, visit);
      if (row !== undefined && row.expires_at > now && isInRange({ at, id: row.event_id }, range)) together.push(row);
    }
    yield* inOrderOfIds(together);
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
    const rows = this.ofVisit(visit);
    const blank = 'substr(hex(zeroblob(octet_length(body) / 2 + 1)), 1, octet_length(body))';
    const overwrite = this.#prepare(`UPDATE ${this.#table} SET body = ${blank} WHERE seq = ?`);
    for (const { seq } of rows) {
      overwrite.run(seq);
      this.remove(seq);
    }
    this.#index.strikeOff(visit);
    return rows.length;
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

  #idOf(seq: number): unknown {
    return this.#prepare(`SELECT event_id FROM ${this.#table} WHERE seq = ?`).pluck().get(seq);
  }

  /** The row that the index means, if it is there. */
  #rowAt({ ms, seq }: VisitPlace, visit: number): EventRow | undefined {
    const row = this.#row(seq);
    return row?.visit === visit && row.ms === ms ? row : undefined;
  }

  *#readIndexed(): Generator<IndexedRow> {
    const sql = `SELECT id_key, visit, ms, seq FROM ${this.#table} ORDER BY seq`;
    const rows = this.#database.prepare<[], [number, number, number, number]>(sql).raw();
    for (const [key, visit, ms, seq] of rows.iterate()) yield { key, visit, ms, seq };
  }

  #boundsOf({ since = -Infinity, after }: HistoryRange): Bounds | null {
    const msMin = Math.max(0, since - this.start);
    const afterMs = after === undefined ? Infinity : after.at - this.start;
    if (msMin >= this.#ms || afterMs < 0) return null;
    if (after === undefined || afterMs >= this.#ms)
      return { msMin, msMax: this.#ms, beforeMs: this.#ms + 1, beforeId: '' };
    return { msMin, msMax: afterMs, beforeMs: afterMs, beforeId: after.id };
  }

  #row(seq: number): EventRow | undefined {
    return this.#select('WHERE seq = ?').get(seq);
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

function inOrderOfIds(rows: EventRow[]): readonly EventRow[] {
  return rows.sort((a, b) => compareCodePoints(b.event_id, a.event_id));
}

function valuesOf({ msMin, msMax, beforeMs, beforeId }: Bounds): readonly [number, number, number, string] {
  return [msMin, msMax, beforeMs, beforeId];
}
