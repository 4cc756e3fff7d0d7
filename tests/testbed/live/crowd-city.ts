/**
 * Stands in for the servers behind the balancer: takes events and dispositions, speaks Bayeux to browsers and desks, and
 * does what a test tells it. The clock of its crowd is the test's too.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import type { CommitGroup } from '#core/effects.ts';
import type { ChatAction, DeskMessage, Invite, ToBrowser, ToDesk } from '#core/messages.ts';
import type { BrowserEvent, VisitEvent } from '#core/visits/event.ts';
import { createBayeuxServer, type BayeuxServer } from '#node/bayeux/bayeux-server.ts';
import { createNextLaw, DomainClock, readMonoMs, type ClockLaw } from '#node/domain-clock.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { CHAT_SERVICE, chatActionSchema, chatChannel } from '#protocol/wire-chat.ts';
import { deskActionSchema, deskChannel } from '#protocol/wire-desk.ts';
import { browserEventsOf, describeBatchFault, eventsBodySchema, openEventsBody } from '#protocol/wire-events.ts';
import { inviteNotification, notificationChannel } from '#protocol/wire-notification.ts';
import type { BayeuxTransport } from '#testbed/live/crowd-bayeux-client.ts';
import { Crowd } from '#testbed/live/crowd-run.ts';

const DESK_TOKEN = 'a token';

export class CrowdCity {
  readonly folder = mkdtempSync(join(tmpdir(), 'crowd-'));
  readonly events: BrowserEvent[] = [];
  readonly pasts: VisitEvent[] = [];
  /** As `visit interaction code`. */
  readonly dispositions: string[] = [];
  readonly chatActions: ChatAction[] = [];
  readonly deskActions: DeskMessage[] = [];
  /** The route cookie that answers to events set. */
  route = '.a';
  /** Cookies of those who shook hands for notifications, in order. */
  readonly listenerCookies: string[] = [];
  /** False: publishes stay without an answer. */
  answers = true;
  readonly clock: DomainClock;
  readonly #app = Fastify();
  readonly #sockets = new Set<Socket>();
  readonly #frontend: BayeuxServer;
  readonly #backend: BayeuxServer;
  #law: ClockLaw;
  #crowd: Crowd | undefined;

  /** The clock stands at the scenario's start. */
  constructor(scenario: Scenario) {
    this.#law = { anchorMonoMs: readMonoMs(), anchorDomainMs: scenario.startsAt, speed: 0, fromMonoMs: 0 };
    this.clock = new DomainClock(this.#law);
    this.#frontend = this.#createBayeux('/frontend/cometd');
    this.#backend = this.#createBayeux('/backend/cometd');
    this.#app.post<{ Params: { id: string } }>('/frontend/data/visits/:id/events', (request, reply) => {
      const events = browserEventsOf(openEventsBody(eventsBodySchema.parse(request.body)).events);
      const fault = describeBatchFault(request.params.id, events as never);
      if (fault !== null) throw new Error(fault);
      this.events.push(...events);
      return reply.header('set-cookie', `FRONTEND_ROUTEID=${this.route}; Path=/`).send({ stored: events.length });
    });
    this.#app.post<{ Params: { id: string }; Querystring: Record<string, string> }>(
      '/frontend/data/notification/disposition/:id',
      (request) => {
        this.dispositions.push(`${request.params.id} ${request.query['interactionId']} ${request.query['code']}`);
        return { passed: true };
      },
    );
    this.#app.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Fills the site and connects everyone. */
  async open(scenario: Scenario, transport: BayeuxTransport = 'websocket'): Promise<Crowd> {
    const url = await this.#app.listen({ host: '127.0.0.1', port: 0 });
    const { clock, folder } = this;
    const store = { commit: (group: CommitGroup, onStored: (ok: boolean) => void) => this.#commit(group, onStored) };
    const crowd = new Crowd({
      scenario,
      clock,
      url,
      origin: undefined,
      store,
      folder,
      deskToken: DESK_TOKEN,
      transport,
    });
    this.#crowd = crowd;
    await crowd.start();
    await this.until(() => crowd.settled);
    return crowd;
  }

  setSpeed(speed: number): void {
    this.#law = createNextLaw(this.#law, readMonoMs() + 20, speed);
    this.clock.set(this.#law);
  }

  /** Waits for a condition; the test's own time limit ends the wait. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await sleep(5);
  }

  invite(visitID: string, interactionId: string): void {
    const invite: Invite = {
      type: 'invite',
      interactionId,
      visitID,
      frontend: 'frontend-1',
      channel: 'proactiveChat',
      rule: 'Sees the cart',
      attemptNumber: 1,
      registrationRequired: false,
      timeoutMs: 30_000,
    };
    this.#frontend.publish(notificationChannel(visitID), inviteNotification(invite));
  }

  toBrowser(visitID: string, message: ToBrowser): void {
    this.#backend.publish(chatChannel(visitID), message);
  }

  toDesk(message: ToDesk): void {
    this.#backend.publish(deskChannel(message.agentId), message);
  }

  /** Resets every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    await this.#crowd?.stop();
    this.#app.server.closeAllConnections();
    await this.#app.close();
    rmSync(this.folder, { recursive: true });
  }

  #commit(group: CommitGroup, onStored: (ok: boolean) => void): void {
    if (group.store === 'history') this.pasts.push(...group.batch.events);
    setImmediate(onStored, true);
  }

  #createBayeux(path: string): BayeuxServer {
    return createBayeuxServer({
      app: this.#app,
      server: this.#app.server,
      path,
      mayOpen: () => true,
      mayHandshake: (request, message) => {
        if (path === '/frontend/cometd') this.listenerCookies.push(request.headers.cookie ?? '');
        const shown = message.ext?.['authentication'];
        if (shown === undefined) return true;
        const isRight = JSON.stringify(shown) === JSON.stringify({ role: 'agent', token: DESK_TOKEN });
        return isRight ? true : 'authentication failed';
      },
      onSubscribe: () => true,
      onPublish: (_session, channel, data, reply) => {
        if (channel === CHAT_SERVICE) this.chatActions.push(chatActionSchema.parse(data));
        else this.deskActions.push(deskActionSchema.parse(data));
        if (this.answers) reply(true);
      },
      onGone: () => undefined,
    });
  }
}
