/** Inserts rows into a table several at a time: a statement of many rows costs much less than as many statements of one. */
import type Database from 'better-sqlite3';

/** Of one statement. */
const ROWS_TOGETHER = 16;

type Value = number | string;

export class RowInserts<Row extends readonly Value[]> {
  readonly #many: Database.Statement<Value[]>;
  readonly #one: Database.Statement<Value[]>;
  readonly #columns: number;
  #values: Value[] = [];

  constructor(database: Database.Database, table: string, columns: readonly string[]) {
    const row = `(${columns.map(() => '?').join(', ')})`;
    const insertion = (rows: number): string =>
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${Array.from({ length: rows }, () => row).join(', ')}`;
    this.#many = database.prepare(insertion(ROWS_TOGETHER));
    this.#one = database.prepare(insertion(1));
    this.#columns = columns.length;
  }

  /** It may wait for others: `flush` writes what waits. */
  add(...row: Row): void {
    this.#values.push(...row);
    if (this.#values.length < ROWS_TOGETHER * this.#columns) return;
    this.#many.run(...this.#values);
    this.#values = [];
  }

  flush(): void {
    for (let at = 0; at < this.#values.length; at += this.#columns)
      this.#one.run(...this.#values.slice(at, at + this.#columns));
    this.#values = [];
  }

  /** What waits is not written: its transaction has failed. */
  discard(): void {
    this.#values = [];
  }
}
