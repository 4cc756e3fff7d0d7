/**
 * A steady load on a history: 200 events and 20 questions a second, each at its time whatever became of those before. What was sent
 * and told goes to a journal; what was answered too late or without what had been acknowledged before is remembered.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { present } from '#core/assert.ts';
import type { RandomStream } from '#core/random/stream.ts';
import type { HistoryStore, StoreFault } from '#ports/stores.ts';
import type { JournalWord, LoadJournal } from './load-journal.ts';
import { sampleBatch, sampleEvent } from './store-samples.ts';

/** A put and a question each. */
const TICK_MS = 50;
/** What a store node finds waiting, and stores together: batches as browsers send them. */
const BATCHES_A_PUT = 2;
const EVENTS_A_BATCH = 5;
const BATCHES_A_VISIT = 8;

export interface LoadRequest {
  readonly kind: 'put' | 'question';
  /** When it was to be sent, ms since the load was made. */
  readonly dueMs: number;
  /** From then to the answer. */
  readonly tookMs: number;
  /** Null: it was served. */
  readonly fault: StoreFault | null;
}

interface Visit {
  readonly id: string;
  /** In the order in which they were acknowledged. */
  readonly acknowledged: string[];
}

export class StoreLoad {
  readonly requests: LoadRequest[] = [];
  /** Events that a past lacked though they had been acknowledged before it was asked for. */
  readonly missed: string[] = [];
  readonly #history: HistoryStore;
  readonly #journal: LoadJournal;
  readonly #random: RandomStream;
  readonly #visits: Visit[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #madeMs = performance.now();
  #batches = 0;
  #ticks = 0;
  #runs = false;

  /** `random` chooses of which visit is asked. */
  constructor(history: HistoryStore, journal: LoadJournal, random: RandomStream) {
    this.#history = history;
    this.#journal = journal;
    this.#random = random;
  }

  get nowMs(): number {
    return performance.now() - this.#madeMs;
  }

  get visits(): readonly string[] {
    return this.#visits.map(({ id }) => id);
  }

  /** Steady, until `halt`. */
  start(): void {
    this.#runs = true;
    const beginsMs = this.nowMs - this.#ticks * TICK_MS;
    const tick = (): void => {
      if (!this.#runs) return;
      for (;;) {
        const dueMs = beginsMs + this.#ticks * TICK_MS;
        if (dueMs > this.nowMs) break;
        this.#track(this.#put(dueMs));
        this.#track(this.#ask(dueMs, this.#anyVisit()));
        this.#ticks += 1;
      }
      setTimeout(tick, TICK_MS);
    };
    tick();
  }

  /** Beside it so many puts at any time, each as soon as the one before is answered, until `halt`. */
  flood(atOnce: number): void {
    this.#runs = true;
    for (let lane = 0; lane < atOnce; lane += 1) this.#track(this.#flow());
  }

  /** So many puts at once. */
  async putMany(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.#put(this.nowMs)));
  }

  /** For the past of each visit. */
  async askEach(): Promise<void> {
    await Promise.all(this.#visits.map((visit) => this.#ask(this.nowMs, visit)));
  }

  /** Sends nothing any more. */
  halt(): void {
    this.#runs = false;
  }

  /** Sends nothing any more; resolves when all that was sent is answered. */
  async settle(): Promise<void> {
    this.halt();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Since when all that was sent is served, ms; null: the last answer was a fault, or is not there for a second. */
  servedSinceMs(): number | null {
    const answered = this.requests.toSorted((one, other) => one.dueMs - other.dueMs);
    const lastFault = answered.findLastIndex(({ fault }) => fault !== null);
    const first = answered[lastFault + 1];
    const last = answered.at(-1);
    if (first === undefined || last === undefined || this.nowMs - last.dueMs > 1_000) return null;
    return last.dueMs - first.dueMs < 1_000 ? null : first.dueMs + first.tookMs;
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
  }

  async #flow(): Promise<void> {
    while (this.#runs) {
      await this.#put(this.nowMs);
      // What is refused at once, as where no node is left, would else keep the process from hearing of anything.
      await nextTurn();
    }
  }

  async #put(dueMs: number): Promise<void> {
    const sent = Array.from({ length: BATCHES_A_PUT }, () => this.#nextBatch());
    const ids = sent.flatMap((batch) => batch.ids);
    this.#journal.write('sent', ids);
    const batches = sent.map(({ visit, ids: inBatch }) =>
      sampleBatch(
        present(inBatch[0], 'event'),
        visit.id,
        inBatch.map((id) => sampleEvent(id, visit.id, Math.floor(dueMs))),
      ),
    );
    const fault = await this.#await('put', dueMs, this.#history.put(batches));
    this.#journal.write(fault === null ? 'ok' : wordOf(fault), ids);
    if (fault === null) for (const batch of sent) batch.visit.acknowledged.push(...batch.ids);
  }

  async #ask(dueMs: number, visit: Visit): Promise<void> {
    const known = [...visit.acknowledged];
    const past = this.#history.pastOf(visit.id);
    if ((await this.#await('question', dueMs, past)) !== null) return;
    const found = new Set((await past).map(({ eventID }) => eventID));
    this.missed.push(...known.filter((id) => !found.has(id)));
  }

  async #await(kind: LoadRequest['kind'], dueMs: number, answer: Promise<unknown>): Promise<StoreFault | null> {
    const fault = await answer.then(
      () => null,
      // All that the port rejects with.
      (thrown: StoreFault) => thrown,
    );
    this.requests.push({ kind, dueMs, tookMs: this.nowMs - dueMs, fault });
    return fault;
  }

  #anyVisit(): Visit {
    return present(this.#visits[Math.floor(this.#random.next() * this.#visits.length)], 'something was put');
  }

  /** Visits take turns, as many at a time as there are batches in a put. */
  #nextBatch(): { readonly visit: Visit; readonly ids: readonly string[] } {
    const number = this.#batches;
    this.#batches += 1;
    const turn = Math.floor(number / (BATCHES_A_PUT * BATCHES_A_VISIT));
    const at = turn * BATCHES_A_PUT + (number % BATCHES_A_PUT);
    this.#visits[at] ??= { id: `v-${at}`, acknowledged: [] };
    const ids = Array.from({ length: EVENTS_A_BATCH }, (_, index) => `e-${number}-${index}`);
    return { visit: present(this.#visits[at], 'visit'), ids };
  }
}

function wordOf({ fault }: StoreFault): JournalWord {
  return fault === 'unavailable' || fault === 'busy' ? 'fail' : 'unknown';
}
