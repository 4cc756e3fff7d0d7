/** Events as the guide's peak brings them: 197 a second, 43 a visit, visits of some ten minutes, hundreds of them at once. */
import type { StoreBatch } from '#core/messages.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { createRandomSource } from '#core/random/random-source.ts';

const EVENTS_PER_SECOND = 197;
const EVENTS_PER_VISIT = 43;
const VISIT_MS = 600_000;
const VISITS_AT_ONCE = Math.round((EVENTS_PER_SECOND * VISIT_MS) / 1_000 / EVENTS_PER_VISIT);
/** Events of one request. */
const EVENTS_PER_BATCH = 2;
const START_AT = Date.UTC(2026, 10, 30);

const PATHS = ['/', '/phones', '/phones/galaxy-a15', '/offers', '/basket', '/checkout/address', '/help/returns'];

export class StoreTraffic {
  readonly visitIds: string[] = [];
  readonly #random: () => number;
  readonly #open: { readonly id: string; events: number }[] = [];
  #events = 0;
  #passedMs = 0;

  constructor(seed: number) {
    const stream = createRandomSource(seed).stream('store-bench');
    this.#random = (): number => stream.next();
  }

  /** The next `events`, in batches of a visit each; even. */
  next(events: number): readonly StoreBatch[] {
    const batches: StoreBatch[] = [];
    for (let i = 0; i < events; i += EVENTS_PER_BATCH) batches.push(this.#batch());
    return batches;
  }

  /** Epoch ms: that of the next event. */
  get at(): number {
    return START_AT + this.#passedMs + Math.floor((this.#events * 1_000) / EVENTS_PER_SECOND);
  }

  /** Nothing happens for so long. */
  pass(ms: number): void {
    this.#passedMs += ms;
  }

  /** All events of one visit, as many as are asked for. */
  longVisit(events: number): StoreBatch {
    const visit = { id: this.#id(), events: 0 };
    return this.#batchOf(visit, events);
  }

  /** A visit that was among the last `among`. */
  visit(among: number): string {
    const from = Math.max(0, this.visitIds.length - among);
    return this.visitIds[from + Math.floor(this.#random() * (this.visitIds.length - from))] ?? '';
  }

  #batch(): StoreBatch {
    const place = Math.floor(this.#random() * VISITS_AT_ONCE);
    let visit = this.#open[place];
    if (visit === undefined || visit.events >= EVENTS_PER_VISIT) {
      visit = { id: this.#id(), events: 0 };
      this.#open[place] = visit;
      this.visitIds.push(visit.id);
    }
    return this.#batchOf(visit, EVENTS_PER_BATCH);
  }

  #batchOf(visit: { readonly id: string; events: number }, length: number): StoreBatch {
    const events = Array.from({ length }, () => this.#event(visit));
    return { type: 'storeBatch', batchId: '', frontend: 'f', visitID: visit.id, events, leads: undefined };
  }

  #event(visit: { readonly id: string; events: number }): VisitEvent {
    const { at } = this;
    const turn = visit.events % 4;
    const page = Math.floor(visit.events / 4);
    this.#events += 1;
    visit.events += 1;
    const names = ['PageEntered', 'Search', 'AddToBasket', 'PageExited'];
    const eventName = visit.events === 1 ? 'VisitStarted' : (names[turn] ?? '');
    const path = PATHS[page % PATHS.length] ?? '/';
    return {
      eventID: this.#id(),
      at,
      timestamp: at - 40,
      visitID: visit.id,
      globalVisitID: `${visit.id.slice(0, 20)}-browser`,
      pageID: `${visit.id}.p${page}`,
      eventType: turn === 1 || turn === 2 ? 'BUSINESS' : 'SYSTEM',
      eventName,
      url: `https://shop.example${path}?from=campaign-${page}`,
      title: 'Galaxy A15, buy it here today | The Example Shop',
      category: 'Phones;Sale',
      languageCode: 'en-US',
      identity: page > 6 ? `${visit.id.slice(0, 12)}@shop.example` : undefined,
      data: turn === 1 ? { searchString: 'galaxy a15 128 gb', results: 17 } : {},
      rulesVersion: 3,
    };
  }

  /** 32 digits, as a browser makes them. */
  #id(): string {
    let id = '';
    while (id.length < 32)
      id += Math.floor(this.#random() * 0x1_0000_0000)
        .toString(16)
        .padStart(8, '0');
    return id;
  }
}
