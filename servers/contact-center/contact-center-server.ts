/**
 * The contact-center server: the live driver of the contact center machine. Backends dial it; what a message changes is
 * in the operations store before anything leaves and before the message is acknowledged. A restart takes up what the
 * store holds before the first Backend is let in.
 */
import { randomUUID } from 'node:crypto';
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { assert } from '#core/assert.ts';
import { CONTACT_CENTER_KINDS, type ContactCenter, type ContactCenterEvent } from '#core/contact-center.ts';
import { isContactCenterTimer } from '#core/effects.ts';
import type { ToContactCenter } from '#core/messages.ts';
import { StatServer } from '#core/statistics/stat-server.ts';
import { createContactCenter } from '#node/create-machines.ts';
import { createHttpApp } from '#node/http-limits.ts';
import type { Journal } from '#node/journal.ts';
import { readStatistics } from '#node/read-settings.ts';
import { logPeer } from '#node/log-peer.ts';
import { openJournal } from '#node/open-journal.ts';
import { createLinkAcceptor, type LinkAcceptor } from '#node/link-acceptor.ts';
import { MachineDriver } from '#node/machine-driver.ts';
import { addAbout, NodeAbout } from '#node/node-about.ts';
import type { NodeConfig } from '#node/node-ipc.ts';
import { METRICS_CONTENT_TYPE } from '#node/node-metrics.ts';
import type { NodeFrame, StartedNode } from '#node/run-node.ts';
import { createStoreClient, type StoreClient } from '#node/store-client.ts';
import { describeServer } from '#protocol/wire-about-openapi.ts';
import { WIRE_VERSION } from '#protocol/wire-events-fields.ts';
import { BackendLinks } from './backend-links.ts';
import { ContactCenterTelemetry } from './contact-center-telemetry.ts';
import { PacingWarnings } from './pacing-warnings.ts';

/** How long what is under way may take to end at a stop, wall ms. */
const STOP_MS_MAX = 2_000;
/** Upgrades that somebody answers. */
const UPGRADES = /^\/(?:link)\/?(?:\?|$)/;

/** Serves when it resolves: after its rows have come back from the store. */
export async function createContactCenterServer(config: NodeConfig, frame: NodeFrame): Promise<StartedNode> {
  const app = createHttpApp(frame.log);
  await app.register(swagger, describeServer('Contact center'));
  const server = new ContactCenterServer(config, frame, app);
  server.addRoutes();
  await app.listen({ host: config.host, port: config.port });
  const address = app.server.address();
  assert(typeof address === 'object' && address !== null, 'a listening server has a port');
  await server.recover();
  return { port: address.port, stop: () => server.stop() };
}

class ContactCenterServer {
  readonly #config: NodeConfig;
  readonly #frame: NodeFrame;
  readonly #app: FastifyInstance;
  readonly #journal: Journal | null;
  readonly #driver: MachineDriver<ContactCenterEvent>;
  readonly #store: StoreClient;
  readonly #links = new BackendLinks((node) => this.#driver.deliver({ type: 'backendLost', node }));
  /** Backends whose link is lost; the machine is told when that changes, and not of the first link of all. */
  readonly #away = new Set<string>();
  readonly #telemetry: ContactCenterTelemetry;
  readonly #machine: ContactCenter;
  readonly #warnings: PacingWarnings;
  readonly #about: NodeAbout;
  #acceptor: LinkAcceptor | undefined;
  #stopping = false;

  constructor(config: NodeConfig, frame: NodeFrame, app: FastifyInstance) {
    this.#config = config;
    this.#frame = frame;
    this.#app = app;
    this.#about = new NodeAbout(config, `wire-${WIRE_VERSION}`);
    this.#about.report('store', 'not connected yet');
    this.#journal = openJournal(config);
    const { scenario } = config;
    const machine = createContactCenter(scenario);
    this.#machine = machine;
    this.#warnings = new PacingWarnings(frame.log, scenario);
    this.#driver = this.#createDriver(machine);
    this.#telemetry = new ContactCenterTelemetry(frame, machine, this.#links, new StatServer(readStatistics(scenario)));
    this.#store = createStoreClient({
      url: config.peers.store,
      secret: config.secret,
      log: frame.log,
      onState: (reason) => this.#about.report('store', reason),
      onDegraded: (reason) => this.#about.degrade('store', reason),
    });
    frame.onPeers(({ store }) => {
      if (store !== null) this.#store.setUrl(store);
    });
  }

  addRoutes(): void {
    this.#refuseUpgrades();
    addAbout(this.#app, '/contact-center/about', this.#about);
    this.#app.get('/metrics', (_request, reply) => reply.type(METRICS_CONTENT_TYPE).send(this.#telemetry.render()));
    this.#app.get('/contact-center/openapi.json', () => this.#app.swagger());
  }

  /** Takes up what the store holds, then lets the Backends in. */
  async recover(): Promise<void> {
    const rows = await this.#store.recover(CONTACT_CENTER_KINDS);
    this.#frame.log.info({ rows: rows.length }, 'recovered');
    this.#telemetry.takeUp(rows);
    this.#driver.deliver({ type: 'recovered', rows });
    this.#driver.deliver({ type: 'start' });
    this.#warnings.begin(this.#machine.pacingInForce);
    this.#frame.onPacingCommand((command) => {
      if (!this.#stopping) this.#driver.deliver(command);
    });
    const { name, incarnation, secret } = this.#config;
    this.#acceptor = createLinkAcceptor({
      node: name,
      incarnation,
      secret,
      server: this.#app.server,
      onMessage: (_from, id, message, done) => {
        // A Backend of this very version, which knows the secret.
        if (!this.#stopping) this.#driver.deliver(inputOf(message as ToContactCenter), id, done);
      },
      onPeer: (peer, up) => {
        if (!this.#stopping) {
          logPeer(this.#frame.log, peer, up);
          this.#tellLink(peer.node, up);
        }
        this.#links.handlePeer(peer, up);
      },
      onTrouble: (error) => this.#frame.log.debug({ err: error }, 'link'),
    });
  }

  #tellLink(node: string, up: boolean): void {
    if (this.#away.has(node) !== up) return;
    if (up) this.#away.delete(node);
    else this.#away.add(node);
    this.#driver.deliver({ type: up ? 'backendBack' : 'backendAway', node });
  }

  /** Takes nothing new in and lets what is under way be stored, for a while. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.race([this.#driver.drained(), new Promise((resolve) => setTimeout(resolve, STOP_MS_MAX).unref())]);
    this.#acceptor?.close();
    this.#links.close();
    await this.#app.close();
    this.#store.close();
    this.#telemetry.close();
    this.#journal?.close();
  }

  /**
   * Nobody else would hang up on an upgrade of another path, during a stop, or before the rows have come back: a Backend
   * that is left without an answer waits for seconds before it dials again.
   */
  #refuseUpgrades(): void {
    this.#app.server.on('upgrade', (request, socket) => {
      const isLink = UPGRADES.test(request.url ?? '');
      if (isLink && this.#acceptor !== undefined && !this.#stopping) return;
      const status = isLink ? '503 Service Unavailable' : '404 Not Found';
      socket.on('error', () => socket.destroy());
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
    });
  }

  #createDriver(machine: ContactCenter): MachineDriver<ContactCenterEvent> {
    return new MachineDriver<ContactCenterEvent>({
      node: this.#config.name,
      incarnation: this.#config.incarnation,
      machine,
      clock: this.#frame.clock,
      timers: this.#frame.timers,
      journal: this.#journal,
      relays: false,
      wake: (timer) => {
        assert(isContactCenterTimer(timer), 'visits are the business of Frontends, deployments of Backends');
        return { type: 'wake', timer };
      },
      storeFailed: (group) => ({ type: 'storeFailed', group }),
      outlet: {
        send: (effect, id, onAcked) => {
          assert(effect.type === 'toBackend', 'the contact center speaks to Backends alone');
          this.#links.send(effect.node, id, effect.message, onAcked);
        },
        local: () => assert(false, 'nobody is connected to the contact center but Backends'),
        commit: (group, onStored) => this.#store.commit(group, onStored),
        facts: (facts) => {
          this.#warnings.tell(facts);
          this.#telemetry.tell(facts);
        },
      },
    });
  }
}

/** A lead becomes an interaction under an id that nobody can guess: the visitor's browser shows it as its credential. */
function inputOf(message: ToContactCenter): ContactCenterEvent {
  return message.type === 'leadArrived' ? { ...message, interactionId: randomUUID() } : message;
}
