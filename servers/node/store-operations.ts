/**
 * A writer's operations groups on their way to the store: one request at a time, the groups that came meanwhile in the
 * next. A request is all or nothing, so no group is ever stored in part, and none overtakes another.
 */
import type { OperationsGroup, OperationsRow } from '#core/effects.ts';

/** Rows of one request, where it is more than one group. */
const REQUEST_ROWS_MAX = 2000;

/** Stores the group, however long it takes; a request that is not wanted any more is not made again. */
export type PutOperations = (group: OperationsGroup, onStored: () => void, isWanted: () => boolean) => void;

interface WaitingGroup {
  readonly group: OperationsGroup;
  readonly onStored: (ok: boolean) => void;
}

export class StoreOperations {
  readonly #put: PutOperations;
  readonly #waiting: WaitingGroup[] = [];
  #underWay: readonly WaitingGroup[] = [];
  #waitingRows = 0;
  /** Of the request under way. */
  #request = 0;

  constructor(put: PutOperations) {
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

  /** Puts rows again, before everything that is not known to be stored, the request under way included. */
  addFirst(rows: readonly OperationsRow[]): void {
    const groups: WaitingGroup[] = [];
    for (let i = 0; i < rows.length; i += REQUEST_ROWS_MAX) {
      const group: OperationsGroup = { store: 'operations', rows: rows.slice(i, i + REQUEST_ROWS_MAX) };
      groups.push({ group, onStored: () => undefined });
    }
    this.#waitingRows += rows.length;
    this.#waiting.unshift(...groups, ...this.#underWay);
    this.#next();
  }

  #next(): void {
    let rows = 0;
    const end = this.#waiting.findIndex(({ group }, i) => (rows += group.rows.length) > REQUEST_ROWS_MAX && i > 0);
    this.#underWay = this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
    if (this.#underWay.length === 0) return;
    const group: OperationsGroup = { store: 'operations', rows: this.#underWay.flatMap((each) => each.group.rows) };
    this.#request += 1;
    const request = this.#request;
    const isWanted = (): boolean => request === this.#request;
    const onStored = (): void => {
      if (!isWanted()) return;
      const stored = this.#underWay;
      this.#waitingRows -= group.rows.length;
      this.#next();
      for (const one of stored) one.onStored(true);
    };
    this.#put(group, onStored, isWanted);
  }
}
