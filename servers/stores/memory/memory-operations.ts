/** Operations rows and claims that live as long as their process. */
import { assert } from '#core/assert.ts';
import type { OperationsRow } from '#core/effects.ts';
import { countRows, decideErasure, isVisitorRow, type ErasedIdentity } from '#core/engagement/erasable-rows.ts';
import type { Erasure } from '#ports/history.ts';
import type { ClaimOutcome, OperationsKind, OperationsStore } from '#ports/stores.ts';

interface Kept {
  readonly row: OperationsRow;
  readonly body: string;
  /** The how-manyth change it is. */
  readonly order: number;
}

export class MemoryOperations implements OperationsStore {
  readonly #rows = new Map<string, Kept>();
  readonly #claims = new Map<string, string>();
  #changes = 0;
  #closed = false;

  async put(rows: readonly OperationsRow[]): Promise<void> {
    this.#assertOpen();
    for (const row of rows) this.#keep(row);
  }

  async recover(kinds?: readonly OperationsKind[]): Promise<readonly OperationsRow[]> {
    this.#assertOpen();
    return [...this.#rows.values()]
      .filter(({ row }) => kinds === undefined || kinds.includes(row.kind))
      .sort((a, b) => a.row.at - b.row.at || a.order - b.order)
      .map((kept) => kept.row);
  }

  async claim(key: string, claimant: string): Promise<ClaimOutcome> {
    this.#assertOpen();
    const winner = this.#claims.get(key);
    if (winner === undefined) this.#claims.set(key, claimant);
    return (winner ?? claimant) === claimant ? 'won' : 'lost';
  }

  async erase(whom: ErasedIdentity): Promise<Erasure> {
    this.#assertOpen();
    const rows = [...this.#rows.values()].map(({ row }) => row).filter(isVisitorRow);
    const { gone, left } = decideErasure(whom, rows);
    for (const row of gone) this.#rows.delete(keyOf(row));
    return { erased: countRows(gone), inProgress: countRows(left) };
  }

  close(): void {
    this.#closed = true;
  }

  #keep(row: OperationsRow): void {
    const key = keyOf(row);
    const body = JSON.stringify(row);
    const kept = this.#rows.get(key);
    if (kept !== undefined && (!isNewer(row, kept.row) || body === kept.body)) return;
    this.#changes += 1;
    this.#rows.set(key, { row, body, order: this.#changes });
  }

  #assertOpen(): void {
    assert(!this.#closed, 'nobody asks a closed store');
  }
}

function keyOf({ kind, id }: OperationsRow): string {
  return `${kind} ${id}`;
}

/** As the port has it: by `at`, then by `step` where both have one; what is equal counts as newer. */
function isNewer(row: OperationsRow, than: OperationsRow): boolean {
  if (row.at !== than.at) return row.at > than.at;
  return row.kind !== 'interaction' || than.kind !== 'interaction' || row.step >= than.step;
}
