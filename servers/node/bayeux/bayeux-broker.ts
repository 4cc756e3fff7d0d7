/** What the server does with one message, whichever transport brought it: meta channels, publishes, and who gets what. */
import type { IncomingMessage } from 'node:http';
import type { BayeuxMessage } from '#protocol/wire-bayeux.ts';
import { isChannel, isPattern, Subscriptions } from '#node/bayeux/bayeux-channels.ts';
import type { BayeuxLimits } from '#node/bayeux/bayeux-limits.ts';
import {
  Delivery,
  handshakeReply,
  refusal,
  subscriptionRefusal,
  success,
  unknownSession,
} from '#node/bayeux/bayeux-replies.ts';
import { type BayeuxSession, type Carrier, type GoneReason, Session } from '#node/bayeux/bayeux-session.ts';

/** What the application decides. Every hook is called synchronously and must not throw. */
export interface BayeuxHooks {
  /**
   * Whether this client may open a session: true, or why not. `request` is the POST, or the upgrade of the socket; credentials come in
   * `message.ext`. What it puts into `data` becomes the session's `data`.
   */
  mayHandshake(request: IncomingMessage, message: BayeuxMessage, data: Map<string, unknown>): true | string;
  /** Whether a browser page of this `Origin` (undefined: no browser) may talk to the server at all. */
  mayOpen(origin: string | undefined): boolean;
  /** Whether the session may subscribe: true, or false or a reason. `channel` may be a pattern (`/a/*`, `/**`): refuse what you don't know. */
  onSubscribe(session: BayeuxSession, channel: string): boolean | string;
  /**
   * A client published. Nobody gets it unless the application publishes it; the client hears of it once `reply` is called. `error` is
   * words, or a whole Bayeux error (`403:channel:words`).
   */
  onPublish(session: BayeuxSession, channel: string, data: unknown, reply: (ok: boolean, error?: string) => void): void;
  /** A session is over; it is already out of `sessions`. */
  onGone(session: BayeuxSession, reason: GoneReason): void;
}

/** A carrier that brings messages in. */
export interface IncomingCarrier extends Carrier {
  readonly request: IncomingMessage;
  /** Whether a connect on it may be held. */
  readonly mayHold: boolean;
  /** A session was opened on, or came over to, this carrier. */
  adopt(session: Session): void;
}

export class BayeuxBroker {
  readonly sessions = new Map<string, Session>();
  readonly #hooks: BayeuxHooks;
  readonly #limits: BayeuxLimits;
  readonly #subscriptions = new Subscriptions<Session>();
  readonly #onEnd: (session: Session) => void;
  /** Sessions that have not sent a connect yet, the oldest first. */
  readonly #unconnected = new Set<Session>();

  /** `onEnd` lets the transports forget a session before the application hears of it. */
  constructor(hooks: BayeuxHooks, limits: BayeuxLimits, onEnd: (session: Session) => void) {
    this.#hooks = hooks;
    this.#limits = limits;
    this.#onEnd = onEnd;
  }

  /** Sends `data` to every session that subscribed to `channel`; how many those are. */
  publish(channel: string, data: unknown): number {
    const sessions = this.#subscriptions.of(channel);
    if (sessions.length === 0) return 0;
    const delivery = new Delivery(channel, data);
    for (const session of sessions) session.push(delivery);
    return sessions.length;
  }

  /** Handles one message; exactly one reply goes to `carrier`, now or later. */
  handle(message: BayeuxMessage, carrier: IncomingCarrier): void {
    const { channel, id } = message;
    if (channel === '/meta/handshake') return this.#handshake(message, carrier);
    const session = message.clientId === undefined ? undefined : this.sessions.get(message.clientId);
    if (session === undefined) return carrier.reply(unknownSession(channel, id));
    if (carrier.kind === 'long-polling' && !session.posted.take(1)) {
      return carrier.reply(refusal(channel, id, '429::too many messages'));
    }
    switch (channel) {
      case '/meta/connect':
        return this.#connect(session, message, carrier);
      case '/meta/subscribe':
        return this.#subscribe(session, message, carrier);
      case '/meta/unsubscribe':
        return this.#unsubscribe(session, message, carrier);
      case '/meta/disconnect':
        session.end('disconnected');
        return carrier.reply(success(channel, id));
      default:
        return this.#publish(session, message, carrier);
    }
  }

  close(): void {
    for (const session of this.sessions.values()) session.end('closed');
  }

  #handshake(message: BayeuxMessage, carrier: IncomingCarrier): void {
    const { channel, id } = message;
    if (!this.#makeRoom()) {
      return carrier.reply(
        refusal(channel, id, '503::too many sessions', {
          reconnect: 'handshake',
          interval: this.#limits.maxIntervalMs,
        }),
      );
    }
    const data = new Map<string, unknown>();
    const verdict = this.#hooks.mayHandshake(carrier.request, message, data);
    if (verdict !== true) return carrier.reply(refusal(channel, id, `403::${verdict}`, { reconnect: 'none' }));
    const session = new Session(this.#limits, data, (gone, reason) => this.#end(gone, reason));
    this.sessions.set(session.id, session);
    this.#unconnected.add(session);
    carrier.adopt(session);
    carrier.reply(handshakeReply(id, session.id, this.#limits));
  }

  /** Whether one more session fits; handshakes that nobody followed up give way, so that a flood of them shuts nobody out. */
  #makeRoom(): boolean {
    if (this.sessions.size < this.#limits.sessionsMax) return true;
    const [oldest] = this.#unconnected;
    oldest?.end('expired');
    return oldest !== undefined;
  }

  #connect(session: Session, message: BayeuxMessage, carrier: IncomingCarrier): void {
    const asked = message.advice?.timeout ?? this.#limits.holdMs;
    this.#unconnected.delete(session);
    carrier.adopt(session);
    session.connect(carrier, message.id, carrier.mayHold ? Math.min(asked, this.#limits.holdMs) : 0);
  }

  #subscribe(session: Session, message: BayeuxMessage, carrier: IncomingCarrier): void {
    const { channel, id, subscription } = message;
    const fault = this.#subscriptionFault(session, subscription);
    if (fault !== undefined) return carrier.reply(subscriptionRefusal(channel, id, subscription, fault));
    for (const pattern of [subscription ?? []].flat()) {
      session.patterns.add(pattern);
      this.#subscriptions.add(pattern, session);
    }
    carrier.reply(success(channel, id, subscription));
  }

  /** Why a subscription is refused; all of its channels or none. */
  #subscriptionFault(session: Session, subscription: BayeuxMessage['subscription']): string | undefined {
    if (subscription === undefined) return '400::subscription missing';
    const patterns = [subscription].flat();
    const added = new Set(patterns.filter((pattern) => !session.patterns.has(pattern))).size;
    if (session.patterns.size + added > this.#limits.subscriptionsMax) return '403::too many subscriptions';
    for (const pattern of patterns) {
      if (!isPattern(pattern)) return '400::no channel that can be subscribed to';
    }
    for (const pattern of patterns) {
      const verdict = this.#hooks.onSubscribe(session, pattern);
      if (verdict !== true) return `403:${pattern}:${verdict === false ? 'subscription refused' : verdict}`;
    }
    return undefined;
  }

  #unsubscribe(session: Session, message: BayeuxMessage, carrier: IncomingCarrier): void {
    const { channel, id, subscription } = message;
    if (subscription === undefined) {
      return carrier.reply(subscriptionRefusal(channel, id, subscription, '400::subscription missing'));
    }
    for (const pattern of [subscription].flat()) {
      session.patterns.delete(pattern);
      this.#subscriptions.remove(pattern, session);
    }
    carrier.reply(success(channel, id, subscription));
  }

  #publish(session: Session, message: BayeuxMessage, carrier: IncomingCarrier): void {
    const { channel, id } = message;
    if (!isChannel(channel)) return carrier.reply(refusal(channel, id, '400::no channel'));
    if (channel.startsWith('/meta/')) return carrier.reply(refusal(channel, id, '404::no such meta channel'));
    if (message.data === undefined) return carrier.reply(refusal(channel, id, '400::data missing'));
    let answered = false;
    let timer: NodeJS.Timeout | undefined;
    const answer = (ok: boolean, error?: string): void => {
      if (answered) return;
      answered = true;
      clearTimeout(timer);
      carrier.reply(ok ? success(channel, id) : refusal(channel, id, codedError(channel, error ?? 'refused')));
    };
    this.#hooks.onPublish(session, channel, message.data, answer);
    if (!answered) timer = setTimeout(() => answer(false, 'no answer in time'), this.#limits.replyMsMax).unref();
  }

  #end(session: Session, reason: GoneReason): void {
    this.sessions.delete(session.id);
    this.#unconnected.delete(session);
    for (const pattern of session.patterns) this.#subscriptions.remove(pattern, session);
    this.#onEnd(session);
    this.#hooks.onGone(session, reason);
  }
}

/** `error` as it is when it carries a code of its own, or as a 400 of that channel. */
function codedError(channel: string, error: string): string {
  return /^\d{3}:/.test(error) ? error : `400:${channel}:${error}`;
}
