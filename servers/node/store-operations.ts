/**
 * A writer's operations groups on their way to the store: one request at a time, the groups that came meanwhile in the
 * next. A request is all or nothing, so no group is ever stored in part, and none overtakes another.
 */
import type { OperationsGroup } from '#core/effects.ts';

/** Rows of one request, where it is more than one group. */
const REQUEST_ROWS_MAX = 2000;

interface WaitingGroup {
  readonly group: OperationsGroup;
  readonly onStored: (ok: boolean) => void;
}

export class StoreOperations {
  /** Stores the group, however long it takes. */
  readonly #put: (group: OperationsGroup, onStored: () => void) => void;
  readonly #waiting: WaitingGroup[] = [];
  #underWay: readonly WaitingGroup[] = [];
  #waitingRows = 0;

  constructor(put: (group: OperationsGroup, onStored: () => void) => void) {
    this.#put = put;
  }

  /** Rows that are not known to be stored. */
  get waitingRows(): number {
    return this.#waitingRows;
  }

  add(group: OperationsGroup, onStored: (ok: boolean) => void): void {
    this.#waiting.push({ group, onStored });
    this.#waitingRows += group.rows.length;
    if (this.#underWay.length === 0) this.#next();
  }

  #next(): void {
    let rows = 0;
    const end = this.#waiting.findIndex(({ group }, i) => (rows += group.rows.length) > REQUEST_ROWS_MAX && i > 0);
    this.#underWay = this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
    if (this.#underWay.length === 0) return;
    const group: OperationsGroup = { store: 'operations', rows: this.#underWay.flatMap((each) => each.group.rows) };
    this.#put(group, () => {
      const stored = this.#underWay;
      this.#waitingRows -= group.rows.length;
      this.#next();
      for (const { onStored } of stored) onStored(true);
    });
  }
}
