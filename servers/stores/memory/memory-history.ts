/**
 * A history that lives as long as its process: what tests and quick runs use, and the plain reading of the port that
 * the other stores are compared with.
 */
import { assert } from '#core/assert.ts';
import type { StoreBatch } from '#core/messages.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import type { HistoryCounts, HistoryStore } from '#ports/stores.ts';

/** `<browserVisitID>.<2, 3, ...>`. */
const CROSSING = /^(.*)\.[0-9]+$/s;

interface Kept {
  readonly event: VisitEvent;
  /** The how-manyth event stored it is. */
  readonly order: number;
}

export class MemoryHistory implements HistoryStore {
  readonly #ids = new Set<string>();
  readonly #visits = new Map<string, Kept[]>();
  /** Browser visit id -> the visits after a crossing that it has become. */
  readonly #crossings = new Map<string, string[]>();
  #pages = 0;
  #closed = false;
  /** Ids in order, made when asked for; null: out of date. */
  #sortedIds: string[] | null = null;

  async put(batches: readonly StoreBatch[]): Promise<void> {
    this.#assertOpen();
    for (const batch of batches) for (const event of batch.events) this.#keep(event);
  }

  async pastOf(browserVisitID: string): Promise<readonly VisitEvent[]> {
    this.#assertOpen();
    const past = [...(this.#visits.get(browserVisitID) ?? [])];
    for (const visitID of this.#crossings.get(browserVisitID) ?? []) past.push(...(this.#visits.get(visitID) ?? []));
    past.sort((a, b) => a.event.at - b.event.at || a.order - b.order);
    return past.map((kept) => kept.event);
  }

  async eventIDs(after: string | null, limit: number): Promise<readonly string[]> {
    this.#assertOpen();
    this.#sortedIds ??= [...this.#ids].sort(compareCodePoints);
    const first = after === null ? 0 : firstGreater(this.#sortedIds, after);
    return this.#sortedIds.slice(first, first + limit);
  }

  async counts(): Promise<HistoryCounts> {
    this.#assertOpen();
    return { events: this.#ids.size, visits: this.#visits.size, pages: this.#pages };
  }

  close(): void {
    this.#closed = true;
  }

  #keep(event: VisitEvent): void {
    if (this.#ids.has(event.eventID)) return;
    this.#ids.add(event.eventID);
    this.#sortedIds = null;
    const kept: Kept = { event, order: this.#ids.size };
    const visit = this.#visits.get(event.visitID);
    if (visit === undefined) this.#addVisit(event.visitID, kept);
    else visit.push(kept);
    if (event.eventName === 'PageEntered') this.#pages += 1;
  }

  #addVisit(visitID: string, first: Kept): void {
    this.#visits.set(visitID, [first]);
    const browserVisitID = CROSSING.exec(visitID)?.[1];
    if (browserVisitID === undefined) return;
    const crossings = this.#crossings.get(browserVisitID);
    if (crossings === undefined) this.#crossings.set(browserVisitID, [visitID]);
    else crossings.push(visitID);
  }

  #assertOpen(): void {
    assert(!this.#closed, 'nobody asks a closed store');
  }
}

/** The order of UTF-8 bytes, which is that of code points; that of UTF-16 units differs beyond the basic plane. */
function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function firstGreater(sorted: readonly string[], id: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareCodePoints(sorted[middle] ?? '', id) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
