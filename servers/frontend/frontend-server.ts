/**
 * The Frontend Server: the live driver of the Frontend machine. Browsers reach it by HTTP and Bayeux, Backends by links
 * that it dials; nothing is acknowledged before a Backend says that it is stored.
 *
 * A visit's past comes from the store node directly: the links carry messages, not answers to questions. Events are
 * stored by way of a Backend alone.
 */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { assert, assertNever } from '#core/assert.ts';
import { isFrontendTimer } from '#core/effects.ts';
import type { FrontendEvent, FrontendNode } from '#core/frontend-node.ts';
import type { Disposition, ToFrontend } from '#core/messages.ts';
import { createBackendPool, type BackendPool } from '#node/backend-pool.ts';
import { ClientOrigins } from '#node/client-origin.ts';
import { createFrontendNode } from '#node/create-machines.ts';
import { createHttpApp, handleFirst } from '#node/http-limits.ts';
import type { Journal } from '#node/journal.ts';
import { logPeer } from '#node/log-peer.ts';
import { openJournal } from '#node/open-journal.ts';
import type { MessageId, OnAcked } from '#node/link-peer.ts';
import { MachineDriver, type LocalEffect, type SendEffect } from '#node/machine-driver.ts';
import { addAbout, NodeAbout } from '#node/node-about.ts';
import type { NodeConfig } from '#node/node-ipc.ts';
import { METRICS_CONTENT_TYPE } from '#node/node-metrics.ts';
import type { NodeFrame, StartedNode } from '#node/run-node.ts';
import { createStoreClient, type StoreClient } from '#node/store-client.ts';
import type { NodeRules } from '#protocol/wire-about.ts';
import { WIRE_VERSION } from '#protocol/wire-events-fields.ts';
import { describeServer } from '#protocol/wire-about-openapi.ts';
import { FrontendTelemetry } from './frontend-telemetry.ts';
import { INTAKE_LIMITS, IntakeRequests, type IntakeLimits } from './intake-requests.ts';
import { addIntakeRoutes } from './intake-routes.ts';
import { QuickIntake } from './quick-intake.ts';
import { addNotificationRoutes } from './notification-routes.ts';
import { VisitNotices } from './visit-notices.ts';

/** How long what is under way may take to end at a stop, wall ms. */
const STOP_MS_MAX = 2_000;
/** Upgrades that somebody answers. */
const UPGRADES = /^\/(?:frontend\/cometd)\/?(?:\?|$)/;
/** A batch that was given up may have been refused by a message of its own: that one comes first, wall ms. */
const REFUSAL_MS = 1_000;
/** A message that found no room is sent again after so long, wall ms. */
const RESEND_MS = 500;

/** Serves when it resolves. `limits`: what differs from INTAKE_LIMITS. */
export async function createFrontendServer(
  config: NodeConfig,
  frame: NodeFrame,
  limits: Partial<IntakeLimits> = {},
): Promise<StartedNode> {
  const app = createHttpApp(frame.log);
  await app.register(swagger, describeServer('Frontend Server'));
  const server = new FrontendServer(config, frame, app, { ...INTAKE_LIMITS, ...limits });
  await server.addRoutes();
  await app.listen({ host: config.host, port: config.port });
  const address = app.server.address();
  assert(typeof address === 'object' && address !== null, 'a listening server has a port');
  return { port: address.port, stop: () => server.stop() };
}

class FrontendServer {
  readonly #config: NodeConfig;
  readonly #frame: NodeFrame;
  readonly #app: FastifyInstance;
  readonly #origins: ClientOrigins;
  readonly #journal: Journal | null;
  readonly #machine: FrontendNode;
  readonly #driver: MachineDriver<FrontendEvent>;
  readonly #pool: BackendPool;
  readonly #store: StoreClient;
  readonly #requests: IntakeRequests;
  readonly #notices: VisitNotices;
  readonly #telemetry: FrontendTelemetry;
  readonly #about: NodeAbout;
  #stopping = false;

  constructor(config: NodeConfig, frame: NodeFrame, app: FastifyInstance, limits: IntakeLimits) {
    const { name, incarnation, secret } = config;
    this.#config = config;
    this.#frame = frame;
    this.#app = app;
    this.#origins = new ClientOrigins(config.allowedOrigins);
    this.#about = new NodeAbout(config, `wire-${WIRE_VERSION}`);
    this.#journal = openJournal(config);
    const machine = createFrontendNode(config.scenario, name, incarnation);
    this.#machine = machine;
    this.#driver = this.#createDriver(machine);
    this.#requests = new IntakeRequests({
      limits,
      deliver: (intake) => this.#driver.deliver(intake),
      pastOf: (visitID) => this.#store.pastOf(visitID),
    });
    this.#notices = new VisitNotices({ app, origins: this.#origins, clock: frame.clock, timers: frame.timers });
    this.#telemetry = new FrontendTelemetry(frame, machine, this.#requests, this.#notices);
    this.#about.report('store', 'not connected yet');
    this.#about.report('backend', 'no Backend is connected');
    this.#store = createStoreClient({
      url: config.peers.store,
      secret,
      log: frame.log,
      onState: (reason) => this.#about.report('store', reason),
      onDegraded: (reason) => this.#about.degrade('store', reason),
    });
    this.#pool = this.#createPool();
    this.#driver.deliver({ type: 'start' });
    this.#watchRules();
    frame.onPeers((peers) => {
      this.#pool.setBackends(peers.backends);
      if (peers.store !== null) this.#store.setUrl(peers.store);
    });
  }

  async addRoutes(): Promise<void> {
    this.#refuseUpgrades();
    const app = this.#app;
    const door = (): string | null => this.#door();
    const intake = {
      origins: this.#origins,
      requests: this.#requests,
      door,
      onAnswer: (statusCode: number) => this.#telemetry.answered(statusCode),
    };
    const quick = new QuickIntake(intake);
    await addIntakeRoutes(app, { ...intake, quick });
    handleFirst(app, (request, response, serve) => quick.handle(request, response, serve));
    await addNotificationRoutes(app, {
      secret: this.#config.secret,
      origins: this.#origins,
      notices: this.#notices,
      door,
      pass: (disposition) => this.#pass(disposition),
    });
    addAbout(app, '/frontend/about', this.#about, () => ({ rules: this.#rules() }));
    app.get('/metrics', (_request, reply) => reply.type(METRICS_CONTENT_TYPE).send(this.#telemetry.render()));
    app.get('/frontend/openapi.json', () => app.swagger());
  }

  /** Takes nothing new in and lets what is under way end, for a while. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.race([this.#driver.drained(), new Promise((resolve) => setTimeout(resolve, STOP_MS_MAX).unref())]);
    this.#requests.close();
    await this.#app.close();
    this.#pool.close();
    this.#store.close();
    this.#telemetry.close();
    this.#journal?.close();
  }

  /** Nobody else would hang up on an upgrade of another path, or during a stop. */
  #refuseUpgrades(): void {
    this.#app.server.on('upgrade', (request, socket) => {
      if (!this.#stopping && UPGRADES.test(request.url ?? '')) return;
      socket.on('error', () => socket.destroy());
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n', () => socket.destroy());
    });
  }

  #createDriver(machine: FrontendNode): MachineDriver<FrontendEvent> {
    return new MachineDriver<FrontendEvent>({
      node: this.#config.name,
      incarnation: this.#config.incarnation,
      machine,
      clock: this.#frame.clock,
      timers: this.#frame.timers,
      journal: this.#journal,
      relays: true,
      wake: (timer) => {
        assert(isFrontendTimer(timer), 'a Frontend waits for its visits alone');
        return { type: 'wake', timer };
      },
      storeFailed: () => {
        throw new Error('assertion failed: a Frontend commits nothing by itself');
      },
      outlet: {
        send: (effect, id, onAcked) => this.#send(effect, id, onAcked),
        local: (effect) => this.#perform(effect),
        commit: () => assert(false, 'a Frontend commits nothing by itself'),
        facts: (facts) => this.#telemetry.tell(facts),
      },
    });
  }

  #createPool(): BackendPool {
    const { name, incarnation, secret } = this.#config;
    return createBackendPool({
      links: {
        node: name,
        incarnation,
        secret,
        // A Backend of this very version, which knows the secret.
        onMessage: (_from, id, message, done) => {
          this.#driver.deliver(message as ToFrontend, id, done);
          this.#watchRules();
        },
        onPeer: (peer, up) => {
          if (!this.#stopping) logPeer(this.#frame.log, peer, up);
          this.#watchBackends();
        },
        onTrouble: (error) => this.#frame.log.debug({ err: error }, 'link'),
      },
    });
  }

  #watchBackends(): void {
    const up = this.#pool.backends().some(({ connected }) => connected);
    this.#about.report('backend', up ? null : 'no Backend is connected');
    if (up && !this.#stopping) this.#driver.deliver({ type: 'backendCame' });
  }

  #door(): string | null {
    if (this.#stopping) return 'this Frontend is being stopped';
    if (!this.#pool.up) return 'no Backend is connected';
    if (this.#pool.full) return 'too much is on its way to the Backends';
    if (!this.#machine.knowsRules) return 'the rules in force are not known here yet';
    if (this.#machine.queueFull) return 'too many requests wait for a deployment of rules';
    return this.#requests.full ? 'too many requests are waiting' : null;
  }

  #rules(): NodeRules {
    const { rulesVersion, fence, queuedRequests } = this.#machine;
    return { version: rulesVersion, fence, queued: queuedRequests };
  }

  #watchRules(): void {
    const { knowsRules, rulesTrouble } = this.#machine;
    this.#about.report('rules', knowsRules ? null : (rulesTrouble ?? 'what is in force is not known yet'));
  }

  #send(effect: SendEffect, id: MessageId, onAcked: () => void): void {
    assert(effect.type === 'toBackend', 'a Frontend speaks to Backends alone');
    const { message, node } = effect;
    if (!('visitID' in message)) {
      assert('frontend' in message, 'what a Frontend says is about a visit, or its rules');
      if (node === null) this.#pool.send(message.frontend, id, message, () => onAcked());
      else this.#sendTo(node, id, message, onAcked);
      return;
    }
    if (message.type === 'visitEnded') this.#requests.visitEnded(message.visitID);
    const handleAcked: OnAcked = (ok) => {
      if (ok) onAcked();
      else if (message.type === 'storeBatch') {
        onAcked();
        setTimeout(() => this.#refuse(message.batchId), REFUSAL_MS).unref();
      } else {
        setTimeout(() => this.#resend(message.visitID, id, message, handleAcked), RESEND_MS).unref();
      }
    };
    this.#pool.send(message.visitID, id, message, handleAcked);
  }

  /** To the Backend that asked. One that is gone asks nothing more: what it was about is asked for after a while. */
  #sendTo(node: string, id: MessageId, message: unknown, onAcked: () => void): void {
    const peer = this.#pool.peer(node);
    if (peer === undefined) onAcked();
    else peer.send(id, message, () => onAcked());
  }

  #resend(visitID: string, id: MessageId, message: unknown, onAcked: OnAcked): void {
    if (!this.#stopping) this.#pool.send(visitID, id, message, onAcked);
  }

  /** A Backend that gave a batch up may have been lost before it said so: nobody else will. */
  #refuse(batchId: string): void {
    if (!this.#stopping) this.#driver.deliver({ type: 'batchRefused', batchId });
  }

  #perform(effect: LocalEffect): void {
    switch (effect.type) {
      case 'acknowledge':
        this.#requests.answered(effect.requestId, effect.stored);
        return;
      case 'toBrowser':
        assert(effect.message.type === 'invite', 'a Frontend shows invites alone');
        this.#notices.invite(effect.message);
        return;
      case 'toAsker':
      case 'toStrategist':
        assert(false, 'Backends are asked about pacing, and take orders');
        return;
      case 'toDesk':
        assert(false, 'desks are connected to Backends');
        return;
      case 'claim':
      case 'recall':
      case 'orderAnswered':
        assert(false, 'Backends deploy');
        return;
      default:
        assertNever(effect, 'local effect');
    }
  }

  #pass(disposition: Disposition): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), INTAKE_LIMITS.answerMsMax);
      this.#driver.deliver(disposition, null, (ok) => {
        clearTimeout(timer);
        resolve(ok);
      });
    });
  }
}
