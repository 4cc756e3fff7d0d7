/**
 * What the Frontend says to visitors' browsers: Bayeux `/notification/{visitID}`. An invite is kept until the visitor's
 * browser has answered it or its time is over, so that one who reconnects meanwhile sees it.
 */
import type { FastifyInstance } from 'fastify';
import type { Invite } from '#core/messages.ts';
import { createBayeuxServer, type BayeuxServer } from '#node/bayeux/bayeux-server.ts';
import type { BayeuxSession } from '#node/bayeux/bayeux-session.ts';
import type { ClientOrigins } from '#node/client-origin.ts';
import type { DomainClock } from '#node/domain-clock.ts';
import type { DomainTimers } from '#node/domain-timers.ts';
import { ID_PATTERN } from '#protocol/wire-events-fields.ts';
import { inviteNotification, notificationChannel, type NotifyBody } from '#protocol/wire-notification.ts';

export interface VisitNoticesParts {
  readonly app: FastifyInstance;
  readonly origins: ClientOrigins;
  readonly clock: DomainClock;
  readonly timers: DomainTimers;
}

const CHANNEL_PREFIX = notificationChannel('');

export class VisitNotices {
  readonly #parts: VisitNoticesParts;
  readonly #bayeux: BayeuxServer;
  /** The newest invite of a visit that is not answered yet. */
  readonly #open = new Map<string, Invite>();

  constructor(parts: VisitNoticesParts) {
    this.#parts = parts;
    this.#bayeux = createBayeuxServer({
      app: parts.app,
      server: parts.app.server,
      path: '/frontend/cometd',
      mayOpen: (origin) => parts.origins.allows(origin, 'allowed'),
      mayHandshake: () => true,
      onSubscribe: (session, channel) => this.#subscribe(session, channel),
      onPublish: (_session, _channel, _data, reply) => reply(false, '403::nothing is published here'),
      onGone: () => undefined,
    });
  }

  /** Browsers that are connected. */
  get sessions(): number {
    return this.#bayeux.sessions.size;
  }

  /** Shows an invite now, and to who comes until its time is over. */
  invite(invite: Invite): void {
    const { visitID } = invite;
    const { clock, timers } = this.#parts;
    this.#open.set(visitID, invite);
    timers.at(clock.now() + invite.timeoutMs, () => this.#drop(invite));
    this.#bayeux.publish(notificationChannel(visitID), inviteNotification(invite));
  }

  /** The visitor's browser has said something to an invite: it needs no showing any more. */
  answered(visitID: string, interactionId: string): void {
    if (this.#open.get(visitID)?.interactionId === interactionId) this.#open.delete(visitID);
  }

  /** How many connections of the visit the notifications have reached. */
  notify(visitID: string, notifications: NotifyBody): number {
    let reached = 0;
    for (const notification of notifications) {
      reached = this.#bayeux.publish(notificationChannel(visitID), notification);
    }
    return reached;
  }

  close(): void {
    this.#bayeux.close();
  }

  #drop(invite: Invite): void {
    if (this.#open.get(invite.visitID) === invite) this.#open.delete(invite.visitID);
  }

  /** One visit a session: its browser's. */
  #subscribe(session: BayeuxSession, channel: string): true | string {
    const visitID = channel.slice(CHANNEL_PREFIX.length);
    if (!channel.startsWith(CHANNEL_PREFIX) || !ID_PATTERN.test(visitID)) return 'no such channel';
    const own = session.data.get('visitID') ?? visitID;
    if (own !== visitID) return 'another visit';
    session.data.set('visitID', visitID);
    const invite = this.#open.get(visitID);
    // After the reply to the subscription.
    if (invite !== undefined) queueMicrotask(() => session.deliver(channel, inviteNotification(invite)));
    return true;
  }
}
