/**
 * The rows that one event changes, the newest of each, so that they are stored as one group: after a crash either all
 * of an event has happened or nothing.
 */
import type { Effect, OperationsRow } from '#core/effects.ts';

export class ChangedRows {
  readonly #rows = new Map<string, OperationsRow>();

  put(row: OperationsRow): void {
    this.#rows.set(`${row.kind} ${row.id}`, row);
  }

  /** Puts the commit of what has changed before the effects from `place` on, and forgets it. */
  commit(out: Effect[], place: number): void {
    if (this.#rows.size === 0) return;
    out.splice(place, 0, { type: 'commit', group: { store: 'operations', rows: [...this.#rows.values()] } });
    this.#rows.clear();
  }
}
