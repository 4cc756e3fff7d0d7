/**
 * Where the rows of a slice are, by event id and by visit. While the slice is written to this stands in memory; when nothing is
 * expected in it any more it is sealed: what memory holds is written, step by step, into two tables of the file, packed. It may name
 * rows that are gone or were never committed, so who finds one looks at the row.
 */
import type Database from 'better-sqlite3';
import { createIndexTables, idTable, visitTable } from './history-schema.ts';
import { partOf, SliceIds } from './slice-ids.ts';
import { placesOf, SliceVisits, type VisitPlace } from './slice-visits.ts';

/** Written in one step of sealing. */
const STEP_ROWS = 20_000;
/** What came while it was sealed is written one by one: so many fewer in a step. */
const LATE_SHARE = 1 / 40;

export interface IndexedRow extends VisitPlace {
  readonly key: number;
  readonly visit: number;
}

interface InMemory {
  readonly ids: SliceIds;
  readonly visits: SliceVisits;
}

export class SliceIndex {
  readonly #database: Database.Database;
  readonly #slice: number;
  readonly #stepRows: number;
  /** Undefined: the slice is sealed. */
  #open: InMemory | undefined;
  /** Takes a step each time; undefined: it has not begun. */
  #sealing: Generator<undefined> | undefined;
  #isWritten = false;
  /** Came while it is under way. */
  #late: IndexedRow[] = [];
  #tables: ReturnType<typeof prepareTables> | undefined;

  /** `rows`: what is in the slice already; undefined: it is sealed. */
  constructor(
    database: Database.Database,
    slice: number,
    rows: Iterable<IndexedRow> | undefined,
    stepRows = STEP_ROWS,
  ) {
    this.#database = database;
    this.#slice = slice;
    this.#stepRows = stepRows;
    if (rows === undefined) return;
    this.#open = { ids: new SliceIds(), visits: new SliceVisits() };
    for (const row of rows) this.add(row);
  }

  add(row: IndexedRow): void {
    this.#open?.ids.add(row.key, row.seq);
    this.#open?.visits.add(row.visit, row);
    if (this.#open === undefined) this.#append(row);
    else if (this.#sealing !== undefined) this.#late.push(row);
  }

  /** False: no row has this key. */
  mayHave(key: number): boolean {
    return this.#open === undefined || this.#open.ids.has(key);
  }

  seqsOf(key: number): readonly number[] {
    if (this.#open !== undefined) return this.#open.ids.seqsOf(key);
    const pairs = pairsOf(this.#prepared.ids.get(partOf(key)));
    const found: number[] = [];
    for (let at = 0; at < pairs.length; at += 2) if (pairs[at] === key) found.push(pairs[at + 1] ?? 0);
    return found;
  }

  /** Newest first. */
  placesOf(visit: number): readonly VisitPlace[] {
    if (this.#open !== undefined) return this.#open.visits.of(visit);
    return placesOf(pairsOf(this.#prepared.places.get(visit)));
  }

  /** The rows of a visit have been deleted. */
  strikeOff(visit: number): void {
    if (this.#open === undefined || this.#sealing !== undefined) this.#prepared.strikeOff.run(visit);
  }

  get isSealed(): boolean {
    return this.#open === undefined;
  }

  /** A step, inside a transaction of the caller's; true: it was the last. */
  seal(): boolean {
    if (this.#open === undefined) return true;
    this.#sealing ??= this.#write(this.#open);
    this.#isWritten = this.#sealing.next().done === true;
    return this.#isWritten;
  }

  /** After the transaction of the last step, unless it has failed, and before anything is added. */
  sealed(): void {
    if (this.#isWritten) this.#open = undefined;
  }

  /** A transaction has failed, perhaps one of `seal`. */
  sealAgain(): void {
    this.#sealing = undefined;
    this.#isWritten = false;
    this.#late = [];
  }

  *#write({ ids, visits }: InMemory): Generator<undefined> {
    createIndexTables(this.#database, this.#slice);
    let rows = 0;
    const parts = yield* ids.inParts(this.#stepRows);
    for (const [part, pairs] of parts.entries()) {
      if (pairs.length > 0) this.#prepared.putIds.run(part, bytesOf(pairs));
      rows += pairs.length / 2;
      if (rows < this.#stepRows) continue;
      rows = 0;
      yield;
    }
    for (const visit of visits.visits()) {
      const pairs = visits.pairsOf(visit);
      this.#prepared.putPlaces.run(visit, bytesOf(pairs));
      rows += pairs.length / 2;
      if (rows < this.#stepRows) continue;
      rows = 0;
      yield;
    }
    const lateRows = Math.ceil(LATE_SHARE * this.#stepRows);
    while (this.#late.length > lateRows) {
      for (const row of this.#late.splice(0, lateRows)) this.#append(row);
      yield;
    }
    for (const row of this.#late.splice(0)) this.#append(row);
  }

  /** Unless it is there: what came while the slice was sealed may have been written with the others of its visit. */
  #append({ key, visit, ms, seq }: IndexedRow): void {
    const { ids, putIds, places, putPlaces } = this.#prepared;
    const inPart = pairsOf(ids.get(partOf(key)));
    if (!hasSeq(inPart, seq)) putIds.run(partOf(key), bytesOf([...inPart, key, seq]));
    const ofVisit = pairsOf(places.get(visit));
    if (!hasSeq(ofVisit, seq)) putPlaces.run(visit, bytesOf([...ofVisit, ms, seq]));
  }

  get #prepared(): ReturnType<typeof prepareTables> {
    this.#tables ??= prepareTables(this.#database, this.#slice);
    return this.#tables;
  }
}

function bytesOf(pairs: readonly number[]): Buffer {
  return Buffer.from(new Int32Array(pairs).buffer);
}

function pairsOf(bytes: Buffer | undefined): Int32Array {
  // A copy, as 32 bits must begin at a multiple of four bytes.
  return new Int32Array(new Uint8Array(bytes ?? []).buffer);
}

function hasSeq(pairs: Int32Array, seq: number): boolean {
  for (let at = 1; at < pairs.length; at += 2) if (pairs[at] === seq) return true;
  return false;
}

function prepareTables(database: Database.Database, slice: number) {
  const [ids, visits] = [idTable(slice), visitTable(slice)];
  return {
    ids: database.prepare<[number], Buffer>(`SELECT key_seqs FROM ${ids} WHERE part = ?`).pluck(),
    putIds: database.prepare<[number, Buffer]>(`INSERT OR REPLACE INTO ${ids} (part, key_seqs) VALUES (?, ?)`),
    places: database.prepare<[number], Buffer>(`SELECT ms_seqs FROM ${visits} WHERE visit = ?`).pluck(),
    putPlaces: database.prepare<[number, Buffer]>(`INSERT OR REPLACE INTO ${visits} (visit, ms_seqs) VALUES (?, ?)`),
    strikeOff: database.prepare<[number]>(`DELETE FROM ${visits} WHERE visit = ?`),
  };
}
