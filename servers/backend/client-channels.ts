/**
 * Chats and desks over Bayeux `/backend/cometd`: who may subscribe to what, and publishes checked and given to the
 * machine. A publish succeeds when the contact center has it.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { BackendEvent } from '#core/backend-node.ts';
import type { ToBrowser, ToDesk } from '#core/messages.ts';
import { createBayeuxServer, type BayeuxServer } from '#node/bayeux/bayeux-server.ts';
import type { BayeuxSession } from '#node/bayeux/bayeux-session.ts';
import type { ClientOrigins } from '#node/client-origin.ts';
import { CHAT_SERVICE, chatActionSchema, chatChannel } from '#protocol/wire-chat.ts';
import { DESK_SERVICE, deskActionSchema, deskAuthenticationSchema, deskChannel } from '#protocol/wire-desk.ts';
import { ID_PATTERN } from '#protocol/wire-events-fields.ts';

export interface ClientChannelsParts {
  readonly app: FastifyInstance;
  readonly origins: ClientOrigins;
  /** What a desk shows as its token. */
  readonly secret: string;
  readonly deliver: (input: BackendEvent, onDone: (ok: boolean) => void) => void;
  /** Why nothing is taken now; null: come in. */
  readonly door: () => string | null;
}

/** How long a desk may take to come back after its connection has gone, wall ms. */
const DESK_MISSED_MS = 10_000;

type Reply = (ok: boolean, error?: string) => void;

const CHAT_PREFIX = chatChannel('');
const DESK_PREFIX = deskChannel('');

export class ClientChannels {
  readonly #parts: ClientChannelsParts;
  readonly #bayeux: BayeuxServer;
  /** Desks whose connection is gone, by agent. */
  readonly #missing = new Map<string, NodeJS.Timeout>();

  constructor(parts: ClientChannelsParts) {
    this.#parts = parts;
    this.#bayeux = createBayeuxServer({
      app: parts.app,
      server: parts.app.server,
      path: '/backend/cometd',
      mayOpen: (origin) => parts.origins.allows(origin, 'allowed'),
      mayHandshake: (_request, message, data) => this.#shakeHands(message.ext?.['authentication'], data),
      onSubscribe: (session, channel) => this.#subscribe(session, channel),
      onPublish: (session, channel, data, reply) => this.#publish(session, channel, data, reply),
      onGone: (session) => this.#gone(session),
    });
  }

  /** Browsers and desks that are connected. */
  get sessions(): number {
    return this.#bayeux.sessions.size;
  }

  toBrowser(visitID: string, message: ToBrowser): void {
    this.#bayeux.publish(chatChannel(visitID), message);
  }

  toDesk(message: ToDesk): void {
    this.#bayeux.publish(deskChannel(message.agentId), message);
  }

  /** The contact center is back and may have ended a chat without having said so: it is asked for every visitor here. */
  askAnew(): void {
    for (const session of this.#bayeux.sessions.values()) {
      const visitID = session.data.get('visitID');
      if (typeof visitID === 'string') this.#parts.deliver({ type: 'chatResume', visitID }, () => undefined);
    }
  }

  close(): void {
    for (const timer of this.#missing.values()) clearTimeout(timer);
    this.#missing.clear();
  }

  /** A desk that does not come back here in time is told of as lost; the contact center knows if it is elsewhere. */
  #gone(session: BayeuxSession): void {
    const agentId = session.data.get('agentId');
    if (typeof agentId !== 'string' || this.#isConnected(agentId)) return;
    clearTimeout(this.#missing.get(agentId));
    const timer = setTimeout(() => {
      this.#missing.delete(agentId);
      if (!this.#isConnected(agentId)) this.#parts.deliver({ type: 'deskLost', agentId }, () => undefined);
    }, DESK_MISSED_MS);
    this.#missing.set(agentId, timer.unref());
  }

  #isConnected(agentId: string): boolean {
    for (const session of this.#bayeux.sessions.values()) if (session.data.get('agentId') === agentId) return true;
    return false;
  }

  /** Who says nothing is a visitor; who says that he is an agent has to know the token. */
  #shakeHands(authentication: unknown, data: Map<string, unknown>): true | string {
    if (authentication === undefined) return true;
    const parsed = deskAuthenticationSchema.safeParse(authentication);
    if (!parsed.success || !isSame(parsed.data.token, this.#parts.secret)) return 'authentication failed';
    data.set('role', 'agent');
    return true;
  }

  /** A visitor hears of one visit, his own. */
  #subscribe(session: BayeuxSession, channel: string): true | string {
    if (channel.startsWith(DESK_PREFIX) && ID_PATTERN.test(channel.slice(DESK_PREFIX.length))) {
      return session.data.get('role') === 'agent' ? true : 'for agents alone';
    }
    const visitID = channel.slice(CHAT_PREFIX.length);
    if (!channel.startsWith(CHAT_PREFIX) || !ID_PATTERN.test(visitID)) return 'no such channel';
    if ((session.data.get('visitID') ?? visitID) !== visitID) return 'another visit';
    session.data.set('visitID', visitID);
    return true;
  }

  #publish(session: BayeuxSession, channel: string, data: unknown, reply: Reply): void {
    if (channel === CHAT_SERVICE) this.#takeChatAction(session, data, reply);
    else if (channel === DESK_SERVICE) this.#takeDeskAction(session, data, reply);
    else reply(false, `404:${channel}:nothing is published here`);
  }

  #takeChatAction(session: BayeuxSession, data: unknown, reply: Reply): void {
    const parsed = chatActionSchema.safeParse(data);
    if (!parsed.success) return reply(false, 'no chat action');
    const { visitID } = parsed.data;
    if ((session.data.get('visitID') ?? visitID) !== visitID) {
      return reply(false, `403:${CHAT_SERVICE}:another visit`);
    }
    session.data.set('visitID', visitID);
    return this.#deliver(parsed.data, CHAT_SERVICE, reply);
  }

  #takeDeskAction(session: BayeuxSession, data: unknown, reply: Reply): void {
    if (session.data.get('role') !== 'agent') return reply(false, `403:${DESK_SERVICE}:for agents alone`);
    const parsed = deskActionSchema.safeParse(data);
    if (!parsed.success) return reply(false, 'no desk action');
    session.data.set('agentId', parsed.data.agentId);
    return this.#deliver(parsed.data, DESK_SERVICE, reply);
  }

  #deliver(input: BackendEvent, channel: string, reply: Reply): void {
    const shut = this.#parts.door();
    if (shut !== null) return reply(false, `503:${channel}:${shut}`);
    return this.#parts.deliver(input, (ok) => reply(ok, ok ? undefined : `503:${channel}:not passed on`));
  }
}

function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
