/**
 * The Backend Server: the live driver of the Backend machine. Frontends dial it, it dials the contact center and the
 * store; browsers' chats and agents' desks reach it over Bayeux. It answers for what it passes on: a message or publish
 * is confirmed when the store or the receiver has it.
 */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { assert, assertNever } from '#core/assert.ts';
import type { BackendEvent } from '#core/backend-node.ts';
import { isBackendTimer } from '#core/effects.ts';
import type { IdentityErased, ToBackend } from '#core/messages.ts';
import { ClientOrigins } from '#node/client-origin.ts';
import { createBackendNode } from '#node/create-machines.ts';
import { createHttpApp, HTTP_LIMITS } from '#node/http-limits.ts';
import type { Journal } from '#node/journal.ts';
import { logPeer } from '#node/log-peer.ts';
import { openJournal } from '#node/open-journal.ts';
import { createLinkAcceptor, type LinkAcceptor } from '#node/link-acceptor.ts';
import { createLinkDialer, type DialedLink } from '#node/link-dialer.ts';
import type { LinkOptions, LinkPeer, MessageId } from '#node/link-peer.ts';
import { MachineDriver, type LocalEffect, type SendEffect } from '#node/machine-driver.ts';
import { addAbout, NodeAbout } from '#node/node-about.ts';
import type { NodeConfig, Peers } from '#node/node-ipc.ts';
import { METRICS_CONTENT_TYPE } from '#node/node-metrics.ts';
import type { NodeFrame, StartedNode } from '#node/run-node.ts';
import { optionsOf } from '#node/read-settings.ts';
import { createStoreClient, type StoreClient } from '#node/store-client.ts';
import type { Erasure } from '#ports/history.ts';
import { describeServer } from '#protocol/wire-about-openapi.ts';
import { WIRE_VERSION } from '#protocol/wire-events-fields.ts';
import { BackendTelemetry } from './backend-telemetry.ts';
import { ClientChannels } from './client-channels.ts';
import { addDeploymentRoutes } from './deployment-routes.ts';
import { Deployments } from './deployments.ts';
import { FrontendLinks } from './frontend-links.ts';
import { addGatewayRoutes } from './gateway-routes.ts';
import { createHistoryAccess } from './history-access.ts';
import { addHistoryRoutes } from './history-routes.ts';
import { eraseEverywhere } from './identity-erasure.ts';
import { PacingInquiries } from './pacing-inquiries.ts';
import { StrategyOrders } from './strategy-orders.ts';
import { addPacingRoutes } from './pacing-routes.ts';
import { promptQuestions } from './prompt-questions.ts';

/** How long what is under way may take to end at a stop, wall ms. */
const STOP_MS_MAX = 2_000;
/** Upgrades that somebody answers. */
const UPGRADES = /^\/(?:link|backend\/cometd)\/?(?:\?|$)/;
/** A message that found no room is sent again after so long, wall ms. */
const RESEND_MS = 500;
const CONTACT_CENTER = 'contact-center';
/** Ids of the history hold those of visitors, as parts of a URL. */
const LIMITS = { ...HTTP_LIMITS, parameterLengthMax: 4_096 };

/** Serves when it resolves. */
export async function createBackendServer(config: NodeConfig, frame: NodeFrame): Promise<StartedNode> {
  const app = createHttpApp(frame.log, LIMITS);
  await app.register(swagger, describeServer('Backend Server', { historyBasic: { type: 'http', scheme: 'basic' } }));
  const server = new BackendServer(config, frame, app);
  await server.addRoutes();
  await app.listen({ host: config.host, port: config.port });
  const address = app.server.address();
  assert(typeof address === 'object' && address !== null, 'a listening server has a port');
  return { port: address.port, stop: () => server.stop() };
}

class BackendServer {
  readonly #config: NodeConfig;
  readonly #frame: NodeFrame;
  readonly #app: FastifyInstance;
  readonly #journal: Journal | null;
  readonly #driver: MachineDriver<BackendEvent>;
  readonly #store: StoreClient;
  readonly #acceptor: LinkAcceptor;
  readonly #frontends: FrontendLinks;
  readonly #origins: ClientOrigins;
  readonly #inquiries: PacingInquiries;
  readonly #orders: StrategyOrders;
  readonly #clients: ClientChannels;
  readonly #deployments: Deployments;
  readonly #telemetry: BackendTelemetry;
  readonly #about: NodeAbout;
  #contactCenter: DialedLink | undefined;
  #stopping = false;

  constructor(config: NodeConfig, frame: NodeFrame, app: FastifyInstance) {
    this.#config = config;
    this.#frame = frame;
    this.#app = app;
    this.#about = new NodeAbout(config, `wire-${WIRE_VERSION}`);
    this.#about.report('store', 'not connected yet');
    this.#about.report('contactCenter', 'not connected yet');
    this.#journal = openJournal(config);
    const machine = createBackendNode(config.scenario, config.name);
    this.#driver = this.#createDriver(machine);
    this.#store = createStoreClient({
      url: config.peers.store,
      secret: config.secret,
      log: frame.log,
      onState: (reason) => this.#about.report('store', reason),
      onDegraded: (reason) => this.#about.degrade('store', reason),
    });
    this.#acceptor = createLinkAcceptor({
      ...this.#linkOptions(),
      onPeer: (peer, up) => {
        if (this.#stopping) return;
        logPeer(frame.log, peer, up);
        if (!up) this.#driver.deliver({ type: 'frontendLost', node: peer.node });
      },
      server: app.server,
    });
    this.#frontends = new FrontendLinks((node) => this.#acceptor.peer(node));
    this.#origins = new ClientOrigins(config.allowedOrigins);
    this.#inquiries = new PacingInquiries({
      prefix: `${config.name}~${config.incarnation}`,
      deliver: (input) => this.#driver.deliver(input),
      door: () => this.#door(),
      now: () => frame.clock.now(),
      sharedMsMax: optionsOf(config.scenario).get('service:pacing/pacing.connector.refreshPeriod') * 1_000,
    });
    this.#orders = new StrategyOrders({
      prefix: `${config.name}~${config.incarnation}`,
      deliver: (input) => this.#driver.deliver(input),
      door: () => this.#door(),
    });
    this.#clients = new ClientChannels({
      app,
      origins: this.#origins,
      secret: config.secret,
      deliver: (input, onDone) => this.#driver.deliver(input, null, onDone),
      door: () => this.#door(),
    });
    const { rules: packages, categories, fidelity } = config.scenario;
    this.#deployments = new Deployments({
      node: config.name,
      fidelity,
      base: { packages, categories },
      store: this.#store,
      deliver: (input) => this.#driver.deliver(input),
      isUp: (frontend) => this.#acceptor.peer(frontend)?.connected === true,
    });
    this.#telemetry = new BackendTelemetry(frame, machine, this.#clients);
    frame.onPeers((peers) => this.#setPeers(peers));
  }

  async addRoutes(): Promise<void> {
    this.#refuseUpgrades();
    const app = this.#app;
    const options = optionsOf(this.#config.scenario);
    addGatewayRoutes(app, this.#config.secret, this.#orders);
    addPacingRoutes(app, this.#origins, this.#inquiries);
    await addDeploymentRoutes(app, {
      secret: this.#config.secret,
      deployments: this.#deployments,
      eventMode: options.get('backend.settings/event-mode'),
      door: () => this.#storeDoor(),
    });
    await addHistoryRoutes(app, {
      questions: promptQuestions(this.#store),
      erase: (identityId) => this.#erase(identityId),
      access: createHistoryAccess(options, this.#config.secret),
      limitIndexing: options.get('service:wmdb/wmdb.limitIndexing'),
      door: () => this.#storeDoor(),
      now: () => this.#frame.clock.now(),
      categories: async () => (await this.#deployments.inForce()).categories,
      log: this.#frame.log,
    });
    addAbout(app, '/backend/about', this.#about);
    app.get('/metrics', (_request, reply) => reply.type(METRICS_CONTENT_TYPE).send(this.#telemetry.render()));
    app.get('/backend/openapi.json', () => app.swagger());
  }

  /** Takes nothing new in and lets what is under way end, for a while. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.race([this.#driver.drained(), new Promise((resolve) => setTimeout(resolve, STOP_MS_MAX).unref())]);
    // Only now: what is under way ends by the answers of Frontends.
    this.#acceptor.close();
    this.#contactCenter?.close();
    this.#frontends.close();
    this.#clients.close();
    this.#deployments.close();
    await this.#app.close();
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

  #createDriver(machine: ReturnType<typeof createBackendNode>): MachineDriver<BackendEvent> {
    return new MachineDriver<BackendEvent>({
      node: this.#config.name,
      incarnation: this.#config.incarnation,
      machine,
      clock: this.#frame.clock,
      timers: this.#frame.timers,
      journal: this.#journal,
      relays: true,
      wake: (timer) => {
        assert(isBackendTimer(timer), 'a Backend waits for deployments and chats alone');
        return { type: 'wake', timer };
      },
      storeFailed: (group) => ({ type: 'storeFailed', group }),
      outlet: {
        send: (effect, id, onAcked) => this.#send(effect, id, onAcked),
        local: (effect) => this.#perform(effect),
        commit: (group, onStored) => this.#store.commit(group, onStored),
        facts: (facts) => this.#telemetry.tell(facts),
      },
    });
  }

  #linkOptions(): Omit<LinkOptions, 'onPeer'> {
    const { name, incarnation, secret } = this.#config;
    return {
      node: name,
      incarnation,
      secret,
      // A node of this very version, which knows the secret.
      onMessage: (_from, id, message, done) => {
        if (!this.#stopping) this.#driver.deliver(message as ToBackend, id, done);
      },
      onTrouble: (error) => this.#frame.log.debug({ err: error }, 'link'),
    };
  }

  #setPeers(peers: Peers): void {
    this.#deployments.setPeers(peers);
    if (peers.store !== null) this.#store.setUrl(peers.store);
    const url = peers.contactCenter;
    if (url === null) return;
    if (this.#contactCenter === undefined) {
      this.#contactCenter = createLinkDialer({
        ...this.#linkOptions(),
        peerNode: CONTACT_CENTER,
        url,
        onPeer: (peer, up) => {
          if (!this.#stopping) logPeer(this.#frame.log, peer, up);
          this.#about.report('contactCenter', up ? null : 'not connected');
          if (up) this.#clients.askAnew();
        },
      });
    } else {
      this.#contactCenter.setUrl(url);
    }
  }

  #erase(identityId: string): Promise<Erasure> {
    const parts = {
      deliver: (input: IdentityErased, onDone: (ok: boolean) => void) => this.#driver.deliver(input, null, onDone),
      door: () => this.#door(),
      store: this.#store,
    };
    return eraseEverywhere(parts, identityId);
  }

  /** Why nothing is taken from browsers and desks now; null: come in. */
  #door(): string | null {
    if (this.#stopping) return 'this Backend is being stopped';
    if (this.#contactCenter?.connected !== true) return 'the contact center can not be reached';
    return this.#contactCenter.full ? 'too much is on its way to the contact center' : null;
  }

  /** Why nothing can be deployed, and no history be read, now; null: it can. */
  #storeDoor(): string | null {
    if (this.#stopping) return 'this Backend is being stopped';
    return this.#about.reasonOf('store') === null ? null : 'the store can not be reached';
  }

  #send(effect: SendEffect, id: MessageId, onAcked: () => void): void {
    switch (effect.type) {
      case 'toContactCenter':
        this.#sendTo(() => this.#contactCenter, id, effect.message, onAcked);
        return;
      case 'toFrontend':
        this.#frontends.send(effect.node, id, effect.message, onAcked);
        return;
      case 'toBackend':
        assert(false, 'a Backend speaks to no other one');
        return;
      default:
        assertNever(effect, 'send effect');
    }
  }

  /** Until it is taken: what finds no room, or no link yet, is sent again. */
  #sendTo(peer: () => LinkPeer | undefined, id: MessageId, message: unknown, onAcked: () => void): void {
    const again = (): void => {
      setTimeout(() => {
        if (!this.#stopping) this.#sendTo(peer, id, message, onAcked);
      }, RESEND_MS).unref();
    };
    const link = peer();
    if (link === undefined) again();
    else link.send(id, message, (ok) => (ok ? onAcked() : again()));
  }

  #perform(effect: LocalEffect): void {
    switch (effect.type) {
      case 'toBrowser':
        this.#clients.toBrowser(effect.visitID, effect.message);
        return;
      case 'toDesk':
        this.#clients.toDesk(effect.message);
        return;
      case 'toAsker':
        this.#inquiries.answered(effect.askId, effect.reply);
        return;
      case 'toStrategist':
        this.#orders.answered(effect.orderId, effect.reply);
        return;
      case 'claim':
      case 'recall':
        void this.#deployments.ask(effect);
        return;
      case 'orderAnswered':
        this.#deployments.answered(effect.orderId, effect.answer);
        return;
      case 'acknowledge':
        assert(false, 'a Backend acknowledges by its messages');
        return;
      default:
        assertNever(effect, 'local effect');
    }
  }
}
