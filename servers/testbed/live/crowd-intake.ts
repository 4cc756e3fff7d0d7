/**
 * Events on their way from browsers to the Frontend: one outbox a visit, one request under way in it, so that the order
 * of a visit is kept; what happens meanwhile goes in one array in the next request.
 */
import type { BrowserEvent } from '#core/visits/event.ts';
import type { CookieJar } from './crowd-cookie-jar.ts';
import { createRequestCounts, type IdFile } from './crowd-ledger.ts';
import type { CrowdSender } from './crowd-sender.ts';

/** Events of one request; with some hundred bytes each they stay below the 64 KiB of a body. */
const BATCH_EVENTS_MAX = 50;

export interface CrowdIntakeParts {
  readonly sender: CrowdSender;
  /** Ids that the system said it had stored; written before they are counted. */
  readonly acknowledged: IdFile;
  /** The browsers' clock, epoch ms. */
  readonly at: () => number;
}

/** What all outboxes share. Events: sent = acknowledged + refused + unsent + those under way. */
export class CrowdIntake {
  readonly requests = createRequestCounts();
  readonly events = { sent: 0, acknowledged: 0, refused: 0, unsent: 0 };
  readonly #parts: CrowdIntakeParts;
  readonly #busy = new Set<VisitOutbox>();
  #whenIdle: (() => void)[] = [];

  constructor(parts: CrowdIntakeParts) {
    this.#parts = parts;
  }

  /** `onSent` is called when a request of the visit has been answered or given up. */
  createOutbox(visitID: string, jar: CookieJar, onSent: () => void): VisitOutbox {
    const mark = (outbox: VisitOutbox, isBusy: boolean): void => this.#mark(outbox, isBusy);
    return new VisitOutbox(this.#parts, this, { visitID, jar, onSent, mark });
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    if (this.#busy.size > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #mark(outbox: VisitOutbox, isBusy: boolean): void {
    if (isBusy) this.#busy.add(outbox);
    else this.#busy.delete(outbox);
    if (this.#busy.size > 0) return;
    const waiting = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of waiting) resolve();
  }
}

interface OutboxOwner {
  readonly visitID: string;
  readonly jar: CookieJar;
  readonly onSent: () => void;
  readonly mark: (outbox: VisitOutbox, isBusy: boolean) => void;
}

export class VisitOutbox {
  readonly #parts: CrowdIntakeParts;
  readonly #shared: CrowdIntake;
  readonly #owner: OutboxOwner;
  #queue: BrowserEvent[] = [];
  #sending = false;

  constructor(parts: CrowdIntakeParts, shared: CrowdIntake, owner: OutboxOwner) {
    this.#parts = parts;
    this.#shared = shared;
    this.#owner = owner;
  }

  post(event: BrowserEvent): void {
    this.#shared.events.sent += 1;
    this.#queue.push(event);
    if (!this.#sending) void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    this.#sending = true;
    this.#owner.mark(this, true);
    while (this.#queue.length > 0) await this.#sendBatch(this.#queue.splice(0, BATCH_EVENTS_MAX));
    this.#sending = false;
    this.#owner.mark(this, false);
  }

  async #sendBatch(events: readonly BrowserEvent[]): Promise<void> {
    const { sender, acknowledged, at } = this.#parts;
    const body = (): string => JSON.stringify({ sentAt: at(), events });
    const { visitID, jar, onSent } = this.#owner;
    const path = `/frontend/data/visits/${visitID}/events`;
    const outcome = await sender.send(path, body, jar, this.#shared.requests);
    if (outcome === 'stored') {
      acknowledged.add(events.map(({ eventID }) => eventID));
      this.#shared.events.acknowledged += events.length;
    } else {
      this.#shared.events[outcome] += events.length;
    }
    onSent();
  }
}
