/**
 * A small Bayeux client: one session with its subscriptions, kept up for as long as it is wanted. A lost connection is
 * opened again; the session is taken up where the server still has it, and made anew where not.
 *
 *   idle --open--> opening --(connect: session known)--> up --lost--> waiting --back-off--> opening
 *                     \--(handshake, subscribe)--> up              any --close--> closed
 *
 * Deliveries are at most once: whoever needs what was missed asks for it in `onUp`.
 */
import type { RandomStream } from '#core/random/stream.ts';
import { backoffMs, type BackoffLaw } from './crowd-backoff.ts';
import {
  openPollingCarrier,
  openWebSocketCarrier,
  type BayeuxCarrier,
  type BayeuxReply,
  type BayeuxRequest,
} from './crowd-bayeux-carrier.ts';
import type { ConnectGate } from './crowd-connect-gate.ts';
import type { CookieJar } from './crowd-cookie-jar.ts';
import type { CrowdHttp } from './crowd-http.ts';

/** From the opening of a connection until it is up. */
const OPENING_MS_MAX = 5_000;
/** A server confirms or refuses a publish within 8 s, or not at all. */
const ANSWER_MS_MAX = 10_000;

export type BayeuxTransport = 'websocket' | 'long-polling';

export interface BayeuxClientParts {
  readonly http: CrowdHttp;
  readonly jar: CookieJar;
  /** Such as `/frontend/cometd`. */
  readonly path: string;
  readonly transport: BayeuxTransport;
  /** `ext` of the handshake. */
  readonly ext: Readonly<Record<string, unknown>> | undefined;
  readonly subscription: string;
  readonly gate: ConnectGate;
  readonly jitter: RandomStream;
  readonly backoff: BackoffLaw;
  /** A connection silent for so long is taken for lost; wall ms. */
  readonly silenceMsMax: number;
  /** Subscribed and connected, the first time or again. */
  readonly onUp: () => void;
  readonly onData: (channel: string, data: unknown) => void;
}

/** `lost`: nobody knows whether it arrived. */
export type PublishOutcome = 'ok' | 'refused' | 'lost';

interface Publishing {
  readonly resolve: (outcome: PublishOutcome) => void;
  readonly timer: NodeJS.Timeout;
}

export class BayeuxClient {
  /** Times that a connection was lost. */
  losses = 0;
  readonly #parts: BayeuxClientParts;
  readonly #publishing = new Map<string, Publishing>();
  #state: 'idle' | 'opening' | 'up' | 'waiting' | 'closed' = 'idle';
  #carrier: BayeuxCarrier | undefined;
  #clientId: string | undefined;
  #ids = 0;
  #failures = 0;
  #inGate = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: BayeuxClientParts) {
    this.#parts = parts;
  }

  get up(): boolean {
    return this.#state === 'up';
  }

  open(): void {
    if (this.#state === 'idle') this.#enterGate();
  }

  /** Publishes now; `lost` at once when the client is not up. */
  publish(channel: string, data: unknown): Promise<PublishOutcome> {
    if (this.#state !== 'up') return Promise.resolve('lost');
    const { promise, resolve } = Promise.withResolvers<PublishOutcome>();
    const id = this.#nextId();
    const timer = setTimeout(() => this.#lose(), ANSWER_MS_MAX);
    this.#publishing.set(id, { resolve, timer });
    this.#carrier?.send([{ channel, id, clientId: this.#clientId, data }]);
    return promise;
  }

  /** Ends the session; no callback comes after it. */
  close(): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'up') {
      this.#carrier?.send([{ channel: '/meta/disconnect', id: this.#nextId(), clientId: this.#clientId }]);
    }
    this.#state = 'closed';
    clearTimeout(this.#timer);
    this.#leaveGate();
    this.#carrier?.close();
    this.#carrier = undefined;
    this.#loseAnswers();
  }

  #nextId(): string {
    this.#ids += 1;
    return String(this.#ids);
  }

  #enterGate(): void {
    this.#state = 'opening';
    this.#parts.gate.enter(() => {
      this.#inGate = true;
      if (this.#state === 'opening') this.#openCarrier();
      else this.#leaveGate();
    });
  }

  #leaveGate(): void {
    if (!this.#inGate) return;
    this.#inGate = false;
    this.#parts.gate.leave();
  }

  #openCarrier(): void {
    const { http, path, jar, transport, silenceMsMax } = this.#parts;
    const open = transport === 'websocket' ? openWebSocketCarrier : openPollingCarrier;
    const carrier: BayeuxCarrier = open({
      http,
      path,
      jar,
      silenceMsMax,
      listener: {
        onOpen: () => this.#begin(),
        onReplies: (replies) => {
          for (const reply of replies) if (this.#carrier === carrier) this.#take(reply);
        },
        onLost: () => {
          if (this.#carrier === carrier) this.#lose();
        },
      },
    });
    this.#carrier = carrier;
    this.#timer = setTimeout(() => this.#lose(), OPENING_MS_MAX);
  }

  #begin(): void {
    if (this.#clientId === undefined) this.#handshake();
    else this.#connect({ advice: { timeout: 0 } });
  }

  #handshake(): void {
    const { transport, ext } = this.#parts;
    this.#send({
      channel: '/meta/handshake',
      version: '1.0',
      supportedConnectionTypes: [transport],
      ...(ext === undefined ? {} : { ext }),
    });
  }

  #connect(more: Readonly<Record<string, unknown>> = {}): void {
    this.#send({ channel: '/meta/connect', connectionType: this.#parts.transport, ...more });
  }

  #send(message: Omit<BayeuxRequest, 'id'> & { readonly channel: string }): void {
    const clientId = this.#clientId === undefined ? {} : { clientId: this.#clientId };
    this.#carrier?.send([{ ...message, id: this.#nextId(), ...clientId }]);
  }

  #take(reply: BayeuxReply): void {
    switch (reply.channel) {
      case '/meta/handshake':
        return this.#handshaken(reply);
      case '/meta/subscribe':
        return this.#subscribed(reply);
      case '/meta/connect':
        return this.#connected(reply);
      case '/meta/disconnect':
        return undefined;
      default:
        return this.#takeOther(reply);
    }
  }

  #handshaken(reply: BayeuxReply): void {
    if (!reply.successful || reply.clientId === undefined) return this.#lose();
    this.#clientId = reply.clientId;
    return this.#send({ channel: '/meta/subscribe', subscription: this.#parts.subscription });
  }

  #subscribed(reply: BayeuxReply): void {
    if (!reply.successful) {
      this.#clientId = undefined;
      return this.#lose();
    }
    this.#connect();
    return this.#rise();
  }

  #connected(reply: BayeuxReply): void {
    if (reply.successful) {
      if (this.#state === 'opening') this.#rise();
      if (reply.intervalMs === 0) return this.#connect();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#connect(), reply.intervalMs);
      return undefined;
    }
    this.#clientId = undefined;
    // A session that the server has forgotten is made anew on the same connection; anything else starts over.
    if (this.#state === 'opening' && reply.reconnect === 'handshake') return this.#handshake();
    return this.#lose();
  }

  #rise(): void {
    clearTimeout(this.#timer);
    this.#leaveGate();
    this.#failures = 0;
    this.#state = 'up';
    this.#parts.onUp();
  }

  #takeOther(reply: BayeuxReply): void {
    const publishing = reply.id === undefined ? undefined : this.#publishing.get(reply.id);
    if (publishing === undefined || reply.data !== undefined) {
      if (reply.data !== undefined && this.#state !== 'closed') this.#parts.onData(reply.channel, reply.data);
      return;
    }
    this.#publishing.delete(reply.id ?? '');
    clearTimeout(publishing.timer);
    const isUnknown = reply.reconnect === 'handshake';
    if (isUnknown) publishing.resolve('lost');
    else publishing.resolve(reply.successful ? 'ok' : 'refused');
    if (!isUnknown) return;
    this.#clientId = undefined;
    this.#lose();
  }

  #lose(): void {
    if (this.#state === 'closed' || this.#state === 'waiting') return;
    this.losses += 1;
    this.#failures += 1;
    this.#state = 'waiting';
    clearTimeout(this.#timer);
    this.#leaveGate();
    this.#carrier?.close();
    this.#carrier = undefined;
    this.#loseAnswers();
    const { backoff, jitter } = this.#parts;
    this.#timer = setTimeout(() => this.#enterGate(), backoffMs(this.#failures, backoff, jitter));
  }

  #loseAnswers(): void {
    const lost = [...this.#publishing.values()];
    this.#publishing.clear();
    for (const { resolve, timer } of lost) {
      clearTimeout(timer);
      resolve('lost');
    }
  }
}
