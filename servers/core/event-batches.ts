/**
 * A Frontend's batches on their way into the history, and the requests that wait for them. A retry of the same events
 * shares the outcome of the first try, whatever it will be; nothing is acknowledged before it is stored.
 */
import { present } from '#core/assert.ts';
import type { Effect } from '#core/effects.ts';
import type { StoreBatch } from '#core/messages.ts';
import { KnownEvents } from '#core/visits/known-events.ts';

/** A request whose events are in more than one batch: it is answered when the last of them is. */
interface SplitRequest {
  readonly requestId: number;
  open: number;
  refused: boolean;
}

export interface Batch {
  outcome: 'pending' | 'stored' | 'refused';
  /** Kept until it is stored, to be sent again. */
  message: StoreBatch | undefined;
  /** The request that brought it; undefined: none did, or it is answered. */
  requestId: number | undefined;
  /** Further requests that wait for it. */
  joined: SplitRequest[] | undefined;
  /** Where its events are known. */
  readonly known: KnownEvents<Batch>;
}

/** Every event that is stored, by this node or before. */
export const STORED: Batch = {
  outcome: 'stored',
  message: undefined,
  requestId: undefined,
  joined: undefined,
  known: new KnownEvents(),
};

/** A batch without its message yet: its events are being stamped. */
export function createBatch(known: KnownEvents<Batch>, requestId: number | undefined): Batch {
  return { outcome: 'pending', message: undefined, requestId, joined: undefined, known };
}

export function isStored({ outcome }: Batch): boolean {
  return outcome === 'stored';
}

export class EventBatches {
  refusedRequests = 0;
  readonly #frontend: string;
  readonly #idPrefix: string;
  /** The batch that was sent last, until it is stored. */
  #latest: Batch | undefined;
  /**
   * Those before it that are not stored yet, by their number. A driver that answers at once leaves it empty, which matters: a Map that is
   * given and robbed of an entry for each event leaves a trail of tables behind that outlive young garbage.
   */
  readonly #older = new Map<number, Batch>();
  #batches = 0;

  /** `idPrefix`: begins the ids of batches; another one for each life of the node. */
  constructor(frontend: string, idPrefix: string) {
    this.#frontend = frontend;
    this.#idPrefix = idPrefix;
  }

  /** Sends a batch to be stored. */
  send(batch: Batch, content: Pick<StoreBatch, 'visitID' | 'events' | 'leads'>, out: Effect[]): void {
    if (this.#latest !== undefined) this.#older.set(this.#batches, this.#latest);
    this.#batches += 1;
    const batchId = `${this.#idPrefix}.b${this.#batches}`;
    const { visitID, events, leads } = content;
    const message: StoreBatch = { type: 'storeBatch', batchId, frontend: this.#frontend, visitID, events, leads };
    batch.message = message;
    this.#latest = batch;
    out.push({ type: 'toBackend', node: null, message });
  }

  /** Answers a request when all of these batches are answered; one that was refused is sent again. None: now. */
  join(requestId: number, unstored: ReadonlySet<Batch>, out: Effect[]): void {
    if (unstored.size === 0) {
      out.push({ type: 'acknowledge', requestId, stored: true });
      return;
    }
    const request: SplitRequest = { requestId, open: unstored.size, refused: false };
    for (const batch of unstored) {
      (batch.joined ??= []).push(request);
      if (batch.outcome === 'refused') this.#sendAgain(batch, out);
    }
  }

  /** The answer to a batch, to every request that waits for it; a second answer changes nothing. */
  settle(batchId: string, stored: boolean, out: Effect[]): void {
    const batch = this.#find(batchId);
    if (batch === undefined || batch.outcome === 'refused') return;
    batch.outcome = stored ? 'stored' : 'refused';
    // Nobody else would try again what no request brought.
    if (!stored && batch.message?.events.length === 0) return this.#sendAgain(batch, out);
    if (stored) {
      if (batch === this.#latest) this.#latest = undefined;
      else this.#older.delete(this.#numberOf(batchId));
      forget(batch);
    }
    const { requestId, joined } = batch;
    batch.requestId = undefined;
    batch.joined = undefined;
    if (requestId !== undefined) this.answer(requestId, stored, out);
    for (const request of joined ?? []) {
      request.open -= 1;
      request.refused ||= !stored;
      if (request.open === 0) this.answer(request.requestId, !request.refused, out);
    }
  }

  answer(requestId: number, stored: boolean, out: Effect[]): void {
    if (!stored) this.refusedRequests += 1;
    out.push({ type: 'acknowledge', requestId, stored });
  }

  #sendAgain(batch: Batch, out: Effect[]): void {
    batch.outcome = 'pending';
    out.push({ type: 'toBackend', node: null, message: present(batch.message, 'refused batch') });
  }

  #find(batchId: string): Batch | undefined {
    const latest = this.#latest;
    return latest?.message?.batchId === batchId ? latest : this.#older.get(this.#numberOf(batchId));
  }

  /** Of a batch of this life of the node; 0: of another. */
  #numberOf(batchId: string): number {
    const mark = this.#idPrefix.length + 2;
    return batchId.startsWith(`${this.#idPrefix}.b`) ? Number(batchId.slice(mark)) : 0;
  }
}

/** What is stored is known as that and no more, so that a long visit keeps little. */
function forget(batch: Batch): void {
  batch.message = undefined;
  batch.known.replace(batch, STORED);
}
