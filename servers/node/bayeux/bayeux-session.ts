/**
 * One client's session: what it subscribed to, what waits for it, and the connect that it has out.
 *   new -> (connect held <-> connect answered)* -> gone
 * While a connect is held the session lives; from its answer (or its carrier's end) it has `maxIntervalMs` to send the next one.
 * Over WebSocket messages leave at once; otherwise they wait in the bounded queue for a connect that takes them along.
 */
import { randomBytes } from 'node:crypto';
import { type BayeuxLimits, TokenBucket } from '#node/bayeux/bayeux-limits.ts';
import { connectReply, Delivery, refusal, serverClosing, unknownSession } from '#node/bayeux/bayeux-replies.ts';

/** Why a session ended: the client said so, sent no connect in time, shook hands anew on its socket, read too slowly, the application, the server's end. */
export type GoneReason = 'disconnected' | 'expired' | 'replaced' | 'slow' | 'dropped' | 'closed';

/** A session as the application sees it. */
export interface BayeuxSession {
  /** The unguessable clientId. */
  readonly id: string;
  /** The application's own: what `mayHandshake` filled in, and whatever is kept for this client later. */
  readonly data: Map<string, unknown>;
  /** Sends `data` on `channel` to this client alone, subscribed or not. A session that is gone ignores it. */
  deliver(channel: string, data: unknown): void;
  /** Ends the session; the client is told to shake hands anew. */
  drop(): void;
}

/** What carries messages to a client: a socket, or the response to one POST. */
export interface Carrier {
  readonly kind: 'websocket' | 'long-polling';
  /** Adds a message to what is under way. */
  write(message: string | Delivery): void;
  /** Adds the reply to one message that this carrier brought. */
  reply(reply: string): void;
}

interface HeldConnect {
  readonly carrier: Carrier;
  readonly id: string | undefined;
  readonly timer: NodeJS.Timeout;
}

export class Session implements BayeuxSession {
  readonly id = randomBytes(16).toString('hex');
  readonly data: Map<string, unknown>;
  readonly patterns = new Set<string>();
  /** Meters what is posted; a socket meters what it brings by itself. */
  readonly posted: TokenBucket;
  readonly #limits: BayeuxLimits;
  readonly #onGone: (session: Session, reason: GoneReason) => void;
  #queue: Delivery[] = [];
  #queueCharacters = 0;
  #socket: Carrier | null = null;
  #held: HeldConnect | null = null;
  #expiry: NodeJS.Timeout | null = null;
  #flushing = false;
  #gone = false;

  constructor(
    limits: BayeuxLimits,
    data: Map<string, unknown>,
    onGone: (session: Session, reason: GoneReason) => void,
  ) {
    this.#limits = limits;
    this.data = data;
    this.#onGone = onGone;
    this.posted = new TokenBucket(limits.messagesPerSecond, limits.messagesBurst);
    this.#awaitConnect();
  }

  deliver(channel: string, data: unknown): void {
    this.push(new Delivery(channel, data));
  }

  drop(): void {
    this.end('dropped');
  }

  /** Takes a message that is on its way to this client. */
  push(delivery: Delivery): void {
    if (this.#gone) return;
    if (this.#socket !== null) return this.#socket.write(delivery);
    this.#queue.push(delivery);
    this.#queueCharacters += delivery.json.length;
    if (this.#queue.length > this.#limits.queueMax || this.#queueCharacters > this.#limits.queueCharactersMax) {
      return this.end('slow');
    }
    if (this.#held === null || this.#flushing) return;
    // What one turn delivers leaves in one response.
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      if (this.#queue.length > 0) this.#answer();
    });
  }

  /** From here on messages leave over `socket`, or wait for a poll when null. */
  bind(socket: Carrier | null): void {
    this.#socket = socket;
    if (socket !== null) this.#takeQueue(socket);
  }

  /** Answers a connect now or holds it for at most `holdMs`. The one that was held before is superseded. */
  connect(carrier: Carrier, id: string | undefined, holdMs: number): void {
    const superseded = this.#release();
    superseded?.carrier.reply(refusal('/meta/connect', superseded.id, '408::superseded'));
    this.bind(carrier.kind === 'websocket' ? carrier : null);
    if (this.#expiry !== null) clearTimeout(this.#expiry);
    this.#expiry = null;
    this.#held = { carrier, id, timer: setTimeout(() => this.#answer(), holdMs) };
    if (holdMs === 0 || this.#queue.length > 0) this.#answer();
  }

  /** `carrier` is no more: what it held is let go, and the client has a while to come back another way. */
  lose(carrier: Carrier): void {
    if (this.#socket === carrier) this.#socket = null;
    if (this.#held?.carrier === carrier) {
      this.#release();
      this.#awaitConnect();
    }
  }

  /** Ends the session once; a connect that it holds is answered according to the reason. */
  end(reason: GoneReason): void {
    if (this.#gone) return;
    this.#gone = true;
    if (this.#expiry !== null) clearTimeout(this.#expiry);
    const held = this.#release();
    if (reason === 'disconnected') held?.carrier.reply(connectReply(held.id, { reconnect: 'none' }));
    else if (reason === 'closed') held?.carrier.reply(serverClosing('/meta/connect', held.id));
    else held?.carrier.reply(unknownSession('/meta/connect', held.id));
    this.#queue = [];
    this.#socket = null;
    this.#onGone(this, reason);
  }

  #release(): HeldConnect | null {
    const held = this.#held;
    if (held !== null) clearTimeout(held.timer);
    this.#held = null;
    return held;
  }

  #answer(): void {
    const held = this.#release();
    if (held === null) return;
    this.#takeQueue(held.carrier);
    this.#awaitConnect();
    held.carrier.reply(connectReply(held.id, { reconnect: 'retry', interval: 0, timeout: this.#limits.holdMs }));
  }

  #takeQueue(carrier: Carrier): void {
    for (const delivery of this.#queue) carrier.write(delivery);
    this.#queue = [];
    this.#queueCharacters = 0;
  }

  #awaitConnect(): void {
    if (this.#gone) return;
    if (this.#expiry !== null) clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => this.end('expired'), this.#limits.maxIntervalMs);
  }
}
