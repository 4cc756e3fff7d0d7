/**
 * What a client was told is stored of operations and may be in no backup yet: its rows and claims, to be put again when the store's file
 * of operations was replaced by an older one. Kept until the next backup is good; of each (kind, id) the newest row is enough.
 */
import type { OperationsRow } from '#core/effects.ts';

/** Beyond it the oldest are forgotten, so that a store without backups costs its clients only so much. */
const ROWS_MAX = 20_000;

export class StoreRedo {
  readonly #rowsMax: number;
  /** By kind and id, those that were stored first at the front: before the last mark, and since. */
  #before = new Map<string, OperationsRow>();
  #since = new Map<string, OperationsRow>();
  /** Claimants of the keys that were won. */
  #claimsBefore = new Map<string, string>();
  #claimsSince = new Map<string, string>();
  #mark: number | null = null;

  constructor(rowsMax = ROWS_MAX) {
    this.#rowsMax = rowsMax;
  }

  /** In the order in which they were stored. */
  get rows(): readonly OperationsRow[] {
    return [...this.#before.values(), ...this.#since.values()];
  }

  get claims(): readonly (readonly [key: string, claimant: string])[] {
    return [...this.#claimsBefore, ...this.#claimsSince];
  }

  /** The store has acknowledged these rows, or given them back. */
  stored(rows: readonly OperationsRow[]): void {
    for (const row of rows) {
      const key = `${row.kind} ${row.id}`;
      this.#before.delete(key);
      this.#since.delete(key);
      this.#since.set(key, row);
    }
    this.#forgetOldest();
  }

  claimed(key: string, claimant: string): void {
    this.#claimsSince.set(key, claimant);
  }

  /** A backup holds all that was acknowledged until now, if it becomes good. */
  backupBegun(mark: number): void {
    this.#mark = mark;
    for (const [key, row] of this.#since) {
      this.#before.delete(key);
      this.#before.set(key, row);
    }
    for (const [key, claimant] of this.#claimsSince) this.#claimsBefore.set(key, claimant);
    this.#since = new Map();
    this.#claimsSince = new Map();
  }

  backupGood(mark: number): void {
    // It has begun on an earlier connection: what it holds is not known here.
    if (mark !== this.#mark) return;
    this.#before = new Map();
    this.#claimsBefore = new Map();
  }

  #forgetOldest(): void {
    for (const rows of [this.#before, this.#since]) {
      for (const key of rows.keys()) {
        if (this.#before.size + this.#since.size <= this.#rowsMax) return;
        rows.delete(key);
      }
    }
  }
}
