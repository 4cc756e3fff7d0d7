/**
 * Group commit: what arrives while one transaction is written and synced goes into the next, so that one fsync serves
 * all who wait. Whoever put something is answered after the commit that holds it, in the order of arrival.
 */
import type { StoreFault, StoreFaultCode } from '#ports/stores.ts';

/** Of one transaction, and of what may wait for one. */
export interface CommitLimits {
  readonly transactionRowsMax: number;
  readonly transactionBytesMax: number;
  readonly waitingRowsMax: number;
  readonly waitingBytesMax: number;
}

const MIB = 1024 * 1024;
export const COMMIT_LIMITS: CommitLimits = {
  transactionRowsMax: 10_000,
  transactionBytesMax: 8 * MIB,
  waitingRowsMax: 50_000,
  waitingBytesMax: 64 * MIB,
};

/** Null: stored. */
export type CommitFault = { readonly fault: StoreFaultCode; readonly message: string } | null;

/** One put: `items` of a port's list, together `rows` rows that came in `bytes` bytes. */
export interface WaitingPut<T> {
  readonly items: readonly T[];
  readonly rows: number;
  readonly bytes: number;
  readonly onDone: (fault: CommitFault) => void;
}

export class StoreCommits<T> {
  readonly #put: (items: readonly T[]) => Promise<void>;
  readonly #limits: CommitLimits;
  #waiting: WaitingPut<T>[] = [];
  #waitingRows = 0;
  #waitingBytes = 0;
  #running: Promise<void> | undefined;
  #fault: CommitFault = null;
  #commits = 0;
  #rows = 0;

  /** `put` stores all or nothing, and rejects with a `StoreFault`. */
  constructor(put: (items: readonly T[]) => Promise<void>, limits: CommitLimits) {
    this.#put = put;
    this.#limits = limits;
  }

  /** What the last commit failed with; null: it didn't, or there was none. */
  get fault(): CommitFault {
    return this.#fault;
  }

  get waitingRows(): number {
    return this.#waitingRows;
  }

  /** Transactions and rows so far. */
  get totals(): { readonly commits: number; readonly rows: number } {
    return { commits: this.#commits, rows: this.#rows };
  }

  /** False: too much is waiting, nothing was taken. One put alone is taken whatever its size. */
  add(put: WaitingPut<T>): boolean {
    const { waitingRowsMax, waitingBytesMax } = this.#limits;
    const rows = this.#waitingRows + put.rows;
    const bytes = this.#waitingBytes + put.bytes;
    if (this.#waiting.length > 0 && (rows > waitingRowsMax || bytes > waitingBytesMax)) return false;
    this.#waiting.push(put);
    this.#waitingRows = rows;
    this.#waitingBytes = bytes;
    this.#running ??= this.#run();
    return true;
  }

  /** When all that was taken has been answered. */
  async drained(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // After the sockets that are readable now have been read.
      await new Promise(setImmediate);
      await this.#commit(this.#take());
    }
    this.#running = undefined;
  }

  #take(): readonly WaitingPut<T>[] {
    let rows = 0;
    let bytes = 0;
    let count = 0;
    for (const put of this.#waiting) {
      rows += put.rows;
      bytes += put.bytes;
      if (count > 0 && (rows > this.#limits.transactionRowsMax || bytes > this.#limits.transactionBytesMax)) break;
      count += 1;
      this.#waitingRows -= put.rows;
      this.#waitingBytes -= put.bytes;
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(puts: readonly WaitingPut<T>[]): Promise<void> {
    const fault = await this.#store(puts);
    // A row that the store can't take fails alone, not with all who happened to wait beside it.
    if (fault?.fault === 'unknown' && puts.length > 1) for (const put of puts) put.onDone(await this.#store([put]));
    else for (const put of puts) put.onDone(fault);
  }

  async #store(puts: readonly WaitingPut<T>[]): Promise<CommitFault> {
    try {
      await this.#put(puts.flatMap((put) => put.items));
      this.#commits += 1;
      for (const put of puts) this.#rows += put.rows;
      this.#fault = null;
    } catch (thrown) {
      this.#fault = commitFaultOf(thrown);
    }
    return this.#fault;
  }
}

/** What a store's promise was rejected with. */
export function commitFaultOf(thrown: unknown): { readonly fault: StoreFaultCode; readonly message: string } {
  if (!(thrown instanceof Error)) return { fault: 'unknown', message: String(thrown) };
  const { fault } = thrown as Partial<StoreFault>;
  return { fault: fault ?? 'unknown', message: thrown.message };
}
