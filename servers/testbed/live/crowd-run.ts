/**
 * The crowd as real clients: the simulator's visitors and agents, drawn from the same streams, on the domain clock and
 * over sockets. It primes the site unwatched, hands the pasts to the store, and then lives until it is stopped.
 */
import { join } from 'node:path';
import { createRandomSource } from '#core/random/random-source.ts';
import { Arrivals } from '#crowd/arrivals.ts';
import { arrivalStepsOf, browsingMemoryUs, agentHabitsOf, visitorHabitsOf } from '#crowd/crowd-people.ts';
import { createCrowdSite } from '#crowd/crowd-site.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { CrowdArrivals } from './crowd-arrivals.ts';
import type { BayeuxTransport } from './crowd-bayeux-client.ts';
import { CrowdConnections } from './crowd-connections.ts';
import { CrowdDesks } from './crowd-desks.ts';
import { CrowdDriver, type CrowdClock } from './crowd-driver.ts';
import { CrowdHttp } from './crowd-http.ts';
import { CrowdIntake } from './crowd-intake.ts';
import { IdFile } from './crowd-ledger.ts';
import { storePasts, type PastStore } from './crowd-past.ts';
import { CrowdSender, SENDING_LAW, type SendingLaw } from './crowd-sender.ts';
import { CrowdVisitors } from './crowd-visitors.ts';

export interface CrowdParts {
  /** Its `seed` is the run's. */
  readonly scenario: Scenario;
  readonly clock: CrowdClock;
  /** http://host:port of the balancer. */
  readonly url: string;
  /** What pages of the site send as `Origin`; undefined: nothing. */
  readonly origin: string | undefined;
  readonly store: PastStore;
  /** Where `acknowledged.ids` and `seeded.ids` are written. */
  readonly folder: string;
  readonly deskToken: string;
  readonly transport?: BayeuxTransport;
  readonly sending?: SendingLaw;
  /** Visitors on the site at once; further arrivals are dropped. */
  readonly visitorsMax?: number;
}

const VISITORS_MAX = 5_000;
const LATENESS_MS_MAX = 1_000;
const SOCKETS_MAX = 256;
/** How long what is under way may take at the end, wall ms: a node's stop is given 5 s. */
const DRAIN_MS_MAX = 3_500;

export class Crowd {
  readonly #parts: CrowdParts;
  readonly #driver: CrowdDriver;
  readonly #arrivals: CrowdArrivals;
  readonly #visitors: CrowdVisitors;
  readonly #desks: CrowdDesks;
  readonly #connections: CrowdConnections;
  readonly #http: CrowdHttp;
  readonly #sender: CrowdSender;
  readonly #intake: CrowdIntake;
  readonly #acknowledged: IdFile;
  readonly #seeded: IdFile;
  readonly #originUs: number;

  constructor(parts: CrowdParts) {
    this.#parts = parts;
    const { scenario, clock, url, origin, folder, deskToken } = parts;
    const random = createRandomSource(scenario.seed);
    const jitter = random.stream('crowd-jitter');
    const site = createCrowdSite(scenario.site, scenario.traffic);
    this.#originUs = browsingMemoryUs(site);
    const clockMs = scenario.startsAt - this.#originUs / 1_000;
    this.#driver = new CrowdDriver(clock, clockMs * 1_000);
    const driver = this.#driver;
    this.#acknowledged = new IdFile(join(folder, 'acknowledged.ids'));
    this.#seeded = new IdFile(join(folder, 'seeded.ids'));
    this.#http = new CrowdHttp({ url, origin, socketsMax: SOCKETS_MAX });
    this.#sender = new CrowdSender({ http: this.#http, jitter, law: parts.sending ?? SENDING_LAW });
    this.#intake = new CrowdIntake({ sender: this.#sender, acknowledged: this.#acknowledged, at: () => driver.at });
    const transport = parts.transport ?? 'websocket';
    this.#connections = new CrowdConnections({ http: this.#http, transport, jitter, deskToken });
    this.#visitors = new CrowdVisitors({
      driver,
      intake: this.#intake,
      sender: this.#sender,
      connections: this.#connections,
      http: this.#http,
      jitter,
      originUs: this.#originUs,
      random,
      world: { site, habits: visitorHabitsOf(scenario), clockMs },
    });
    const agents = agentHabitsOf(scenario);
    this.#desks = new CrowdDesks({ driver, connections: this.#connections, random, agents });
    const visitorsMax = parts.visitorsMax ?? VISITORS_MAX;
    this.#arrivals = new CrowdArrivals({
      driver,
      arrivals: new Arrivals(arrivalStepsOf(scenario, this.#originUs), random.stream('arrivals'), 0),
      latenessMsMax: LATENESS_MS_MAX,
      hasRoom: () => this.#visitors.open < visitorsMax,
      arrive: (ordinal, nowUs) => this.#visitors.arrive(ordinal, nowUs),
    });
  }

  /**
   * Fills the site as `Simulation.start` does and stores the pasts. The clock should stand at the scenario's start until
   * this has resolved; what is due since is late, and after a second dropped.
   */
  async start(): Promise<void> {
    const { store, scenario } = this.#parts;
    this.#driver.kernel.runUntil(this.#originUs);
    const pasts = this.#visitors.takePasts();
    await storePasts(pasts, { store, categories: scenario.categories, seeded: this.#seeded });
    this.#arrivals.watch();
    this.#visitors.goLive();
    this.#desks.start();
    this.#driver.begin();
  }

  /** The balancer is found elsewhere from now on. */
  setUrl(url: string): void {
    this.#http.setUrl(url);
  }

  /** Are all agents at their desks and all visitors listening? */
  get settled(): boolean {
    const { up, expected } = this.#desks;
    return up === expected && this.#connections.up >= this.#visitors.open + expected;
  }

  /** Stops the clockwork, waits a moment for what is under way, and closes everything. */
  async stop(): Promise<void> {
    this.#driver.close();
    const drained = this.#intake.idle();
    const timer = setTimeout(() => this.#sender.stop(), DRAIN_MS_MAX);
    const late = Promise.withResolvers<void>();
    const lateTimer = setTimeout(late.resolve, DRAIN_MS_MAX + 500);
    await Promise.race([drained, late.promise]);
    clearTimeout(timer);
    clearTimeout(lateTimer);
    this.#sender.stop();
    this.#visitors.close();
    this.#desks.close();
    this.#connections.closeAll();
    this.#http.close();
    await drained;
    this.#acknowledged.close();
    this.#seeded.close();
  }

  /** Figures by name, as they stand; `clockLagMs` is the largest since the last call. */
  counters(): Readonly<Record<string, number>> {
    const { started, dropped, lateness } = this.#arrivals;
    const { p50Ms, p99Ms, maxMs } = lateness.figures();
    const { heard, dispositions, chatActions } = this.#visitors;
    return {
      started,
      dropped,
      latenessP50Ms: p50Ms,
      latenessP99Ms: p99Ms,
      latenessMaxMs: maxMs,
      clockLagMs: this.#driver.takeLagMs(),
      visitorsOpen: this.#visitors.open,
      eventsSeeded: this.#seeded.count,
      ...prefixed('events', this.#intake.events),
      ...prefixed('requests', this.#intake.requests),
      ...prefixed('dispositions', dispositions),
      ...prefixed('heard', heard),
      ...prefixed('chatActions', chatActions),
      ...prefixed('deskActions', this.#desks.actions),
      agents: this.#desks.expected,
      desksUp: this.#desks.up,
      connectionsUp: this.#connections.up,
      connectionsLost: this.#connections.losses,
    };
  }
}

/** `{ sent: 1 }` as `{ eventsSent: 1 }`. */
function prefixed<T extends object>(
  prefix: string,
  counts: { readonly [K in keyof T]: number },
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries<number>(counts).map(([name, count]) => [
      `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      count,
    ]),
  );
}
