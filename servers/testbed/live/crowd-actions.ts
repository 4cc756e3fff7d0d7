/**
 * Actions on their way over a Bayeux connection, in order, each until the server has confirmed it: what was under way
 * when the connection broke is sent again. Actions must be harmless the second time.
 */
import type { BayeuxClient, PublishOutcome } from './crowd-bayeux-client.ts';

/** Refusals after which an action is given up: a server that can't pass it on refuses for a while. */
const REFUSALS_MAX = 10;
const REFUSED_WAIT_MS = 500;

export interface ActionCounts {
  sent: number;
  confirmed: number;
  /** Given up after repeated refusals, or when the connection was no longer wanted. */
  failed: number;
}

export interface ActionQueueParts<A> {
  readonly client: BayeuxClient;
  /** Such as `/service/desk`. */
  readonly channel: string;
  /** What to say first on a connection; undefined: nothing. */
  readonly preface: () => A | undefined;
  readonly counts: ActionCounts;
  /** Everything is confirmed or given up. */
  readonly onEmpty: () => void;
}

export class ActionQueue<A> {
  readonly #parts: ActionQueueParts<A>;
  readonly #waiting: A[] = [];
  /** Which connection is being served; one that is over stops its loop. */
  #turn = 0;
  #isServing = false;

  constructor(parts: ActionQueueParts<A>) {
    this.#parts = parts;
  }

  /** Not yet confirmed. */
  get waiting(): readonly A[] {
    return this.#waiting;
  }

  add(action: A): void {
    this.#parts.counts.sent += 1;
    this.#waiting.push(action);
    if (this.#parts.client.up && !this.#isServing) void this.#serve(this.#turn);
  }

  /** The connection is there (again). */
  up(): void {
    this.#turn += 1;
    void this.#introduce(this.#turn);
  }

  /** Gives up what waits. */
  close(): void {
    this.#turn += 1;
    this.#parts.counts.failed += this.#waiting.length;
    this.#waiting.length = 0;
  }

  async #introduce(turn: number): Promise<void> {
    this.#isServing = true;
    const first = this.#parts.preface();
    if (first !== undefined && (await this.#publish(turn, first)) === 'lost') return;
    if (turn === this.#turn) await this.#serve(turn);
  }

  async #serve(turn: number): Promise<void> {
    this.#isServing = true;
    const { counts, onEmpty } = this.#parts;
    for (;;) {
      const action = this.#waiting[0];
      if (action === undefined) break;
      const outcome = await this.#publish(turn, action);
      if (turn !== this.#turn) return;
      if (outcome === 'lost') {
        this.#isServing = false;
        return;
      }
      this.#waiting.shift();
      if (outcome === 'ok') counts.confirmed += 1;
      else counts.failed += 1;
    }
    this.#isServing = false;
    onEmpty();
  }

  async #publish(turn: number, action: A): Promise<PublishOutcome> {
    const { client, channel } = this.#parts;
    for (let refusals = 1; ; refusals += 1) {
      const outcome = await client.publish(channel, action);
      if (turn !== this.#turn) return 'lost';
      if (outcome !== 'refused' || refusals >= REFUSALS_MAX) return outcome;
      await new Promise((resolve) => setTimeout(resolve, REFUSED_WAIT_MS));
      if (turn !== this.#turn) return 'lost';
    }
  }
}
