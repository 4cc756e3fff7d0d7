/**
 * A Frontend's batches on their way into the history, and the requests that wait for them. A retry of the same events
 * shares the outcome of the first try, whatever it will be; nothing is acknowledged before it is stored.
 */
import { present } from '#core/assert.ts';
import type { Effect } from '#core/effects.ts';
import type { StoreBatch } from '#core/messages.ts';
import { NumberedQueue } from '#core/numbered-queue.ts';
import type { BrowserEvent } from '#core/visits/event.ts';
import { KnownEvents } from '#core/visits/known-events.ts';

/** A request whose events are in more than one batch: it is answered when the last of them is. */
interface SplitRequest {
  readonly requestId: number;
  open: number;
  refused: boolean;
}

/** What has come of a visit: its last events, and the batches that are not stored yet, which hold theirs themselves. */
export interface VisitBatches {
  readonly known: KnownEvents;
  /** The one that was sent last; it leads to those before it. */
  unstored: Batch | undefined;
}

export interface Batch {
  outcome: 'pending' | 'stored' | 'refused';
  /** Kept until it is stored, to be sent again. */
  message: StoreBatch | undefined;
  /** The request that brought it; undefined: none did, or it is answered. */
  requestId: number | undefined;
  /** Further requests that wait for it. */
  joined: SplitRequest[] | undefined;
  readonly visit: VisitBatches;
  /** The visit's unstored batch that was sent before it. */
  before: Batch | undefined;
}

/** Every event that is stored, by this node or before. */
export const STORED: Batch = {
  outcome: 'stored',
  message: undefined,
  requestId: undefined,
  joined: undefined,
  visit: { known: new KnownEvents(), unstored: undefined },
  before: undefined,
};

/** A batch without its message yet: its events are being stamped. */
export function createBatch(visit: VisitBatches, requestId: number | undefined): Batch {
  return { outcome: 'pending', message: undefined, requestId, joined: undefined, visit, before: undefined };
}

/** The batch of an event that came before; undefined: it is new, or so old that nobody sends it again. */
export function findBatch({ known, unstored }: VisitBatches, { eventID, timestamp }: BrowserEvent): Batch | undefined {
  if (known.isNewest(timestamp)) return undefined;
  for (let batch = unstored; batch !== undefined; batch = batch.before) {
    if (batch.message?.events.some((one) => one.timestamp === timestamp && one.eventID === eventID) === true)
      return batch;
  }
  return known.has(eventID, timestamp) ? STORED : undefined;
}

export class EventBatches {
  refusedRequests = 0;
  readonly #frontend: string;
  readonly #idPrefix: string;
  /** Those that were sent and not answered, by their numbers. */
  readonly #sent = new NumberedQueue<Batch>();
  /** Those that were refused and are not stored yet, by the same numbers: they may stay for long, and hold up no queue. */
  readonly #refused = new Map<number, Batch>();

  /** `idPrefix`: begins the ids of batches; another one for each life of the node. */
  constructor(frontend: string, idPrefix: string) {
    this.#frontend = frontend;
    this.#idPrefix = idPrefix;
  }

  /** Sends a batch to be stored. */
  send(batch: Batch, content: Pick<StoreBatch, 'visitID' | 'events' | 'leads'>, out: Effect[]): void {
    const batchId = `${this.#idPrefix}.b${this.#sent.add(batch)}`;
    const { visitID, events, leads } = content;
    const message: StoreBatch = { type: 'storeBatch', batchId, frontend: this.#frontend, visitID, events, leads };
    batch.message = message;
    batch.before = batch.visit.unstored;
    batch.visit.unstored = batch;
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
    const number = this.#numberOf(batchId);
    const batch = this.#sent.get(number) ?? this.#refused.get(number);
    if (batch === undefined || batch.outcome === 'refused') return;
    batch.outcome = stored ? 'stored' : 'refused';
    // Nobody else would try again what no request brought.
    if (!stored && batch.message?.events.length === 0) return this.#sendAgain(batch, out);
    const isFirstAnswer = this.#sent.take(number) !== undefined;
    if (!stored) this.#refused.set(number, batch);
    else {
      if (!isFirstAnswer) this.#refused.delete(number);
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

  /** Of a batch of this life of the node; 0: of another. Mostly the oldest is answered, and no text need be read. */
  #numberOf(batchId: string): number {
    const { oldest } = this.#sent;
    if (this.#sent.get(oldest)?.message?.batchId === batchId) return oldest;
    const mark = this.#idPrefix.length + 2;
    return batchId.startsWith(`${this.#idPrefix}.b`) ? Number(batchId.slice(mark)) : 0;
  }
}

/** What is stored is known as that and no more, so that a long visit keeps little. */
function forget(batch: Batch): void {
  batch.message = undefined;
  const { visit, before } = batch;
  batch.before = undefined;
  if (visit.unstored === batch) {
    visit.unstored = before;
    return;
  }
  let after = visit.unstored;
  while (after !== undefined && after.before !== batch) after = after.before;
  if (after !== undefined) after.before = before;
}
