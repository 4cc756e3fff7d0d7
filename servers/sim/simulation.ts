/**
 * The simulator: drives the machines and the crowd in virtual time. It decides nothing: visitors and agents are the crowd's,
 * decisions the machines', and the network carries messages, stores groups and rings timers.
 */
import { assert, present } from '#core/assert.ts';
import type {
  ChatAction,
  DeskMessage,
  PacingAsked,
  Disposition,
  DispositionCode,
  ToBrowser,
  ToDesk,
} from '#core/messages.ts';
import type { PacingCommand } from '#core/pacing/pacing-command.ts';
import type { RandomSource } from '#core/random/stream.ts';
import type { Fact } from '#core/statistics/fact.ts';
import type { BrowserEvent, VisitEvent } from '#core/visits/event.ts';
import { Arrivals, type RateStepUs } from '#crowd/arrivals.ts';
import { browsingMemoryUs } from '#crowd/crowd-people.ts';
import type { CrowdSite } from '#crowd/crowd-site.ts';
import { agentStreams, DeskAgent, type AgentHabits, type AgentOutlet } from '#crowd/desk-agent.ts';
import { Visitor, type VisitorHabits, type VisitorOutlet, type VisitorWorld } from '#crowd/visitor.ts';
import { Kernel } from './kernel.ts';
import type { LatencyProfile } from './latency.ts';
import {
  answer,
  browse,
  changeShift,
  getReady,
  lookForFollowUps,
  seekHelp,
  takeBreak,
  workOnChat,
  type Turn,
} from './crowd-wakes.ts';
import { tellDeskAgent } from './desk-news.ts';
import { SimAskers } from './sim-askers.ts';
import { SimFaults, type SimFault } from './sim-faults.ts';
import { SimIntakes } from './sim-intakes.ts';
import type { JournalEntry } from './sim-journal.ts';
import type { MachineSource } from './network-parts.ts';
import { keyOf } from './message-way.ts';
import { SimNetwork } from './sim-network.ts';
import { SimTalk } from './sim-talk.ts';
import type { SimNode } from './sim-node.ts';

export interface SimulationParts {
  readonly source: MachineSource;
  readonly latency: LatencyProfile;
  readonly random: RandomSource;
  readonly site: CrowdSite;
  readonly habits: VisitorHabits;
  /** One entry an agent. */
  readonly agents: readonly AgentHabits[];
  /** Arrival rates; times count from the start of the run and may not be negative. */
  readonly arrivals: readonly RateStepUs[];
  /** Epoch ms of the run's first moment. */
  readonly startsAt: number;
  readonly faults: readonly SimFault[];
  /** What pacing is told, ms since the start of the run. */
  readonly commands: readonly { readonly atMs: number; readonly command: PacingCommand }[];
  readonly observer: SimulationObserver;
}

/** Who watches: changes nothing. */
export interface SimulationObserver {
  fact(fact: Fact): void;
  /** A fault has begun or ended, ms since the start of the run. */
  fault(atMs: number, fault: SimFault, phase: 'begins' | 'ends'): void;
  /** Each event as it goes into the history. Undefined: nobody wants them, which is faster. */
  readonly event: ((event: VisitEvent) => void) | undefined;
  /** Each event from before the run of the visits that are under way when it begins, in the order of time. */
  readonly past?: ((event: VisitEvent) => void) | undefined;
  /** Each input and its effects, for the journal of a node. */
  readonly journal: ((entry: JournalEntry) => void) | undefined;
}

export class Simulation implements VisitorOutlet, AgentOutlet {
  readonly network: SimNetwork;
  readonly #parts: SimulationParts;
  readonly #kernel: Kernel;
  /** Kernel time at which the run starts; before it visitors browse without being watched. */
  readonly #originUs: number;
  readonly #world: VisitorWorld;
  readonly #intakes: SimIntakes;
  readonly #faults: SimFaults;
  readonly #visitors = new Map<string, Visitor>();
  readonly #agents = new Map<string, DeskAgent>();
  readonly #askers = new SimAskers();
  readonly #talk = new SimTalk();
  readonly #arrivals: Arrivals;
  #started = false;
  #arrived = 0;

  constructor(parts: SimulationParts) {
    const { observer } = parts;
    this.#parts = parts;
    this.#originUs = browsingMemoryUs(parts.site);
    this.#kernel = new Kernel();
    const clockMs = parts.startsAt - this.#originUs / 1_000;
    const expectsFaults = parts.faults.length > 0;
    this.#world = { site: parts.site, habits: parts.habits, outlet: this, clockMs };
    this.network = new SimNetwork({
      source: parts.source,
      kernel: this.#kernel,
      clockMs,
      latency: parts.latency,
      expectsFaults,
      outlet: {
        toBrowser: (message) => this.#tellVisitor(message),
        toDesk: (message) => this.#tellAgent(message),
        toAsker: (askId, reply) => this.#askers.told(askId, reply, this.#kernel.nowUs),
        acknowledged: (requestId, stored) => this.#intakes.answered(requestId, stored),
        fact: (fact) => observer.fact(fact),
        event: observer.event,
        journal: observer.journal,
      },
    });
    this.#intakes = new SimIntakes(this.#kernel, this.network, parts.latency, expectsFaults);
    this.#faults = new SimFaults(this.#kernel, this.network, this.#originUs, {
      connectionsLost: (node) => this.#reconnect(node),
      contactCenterBack: () => this.#askAgain(() => true),
      told: (fault, phase) => observer.fault(Math.floor(this.nowUs / 1_000), fault, phase),
    });
    const steps = parts.arrivals.map((step, index) => ({
      atUs: index === 0 ? 0 : step.atUs + this.#originUs,
      ratePerUs: step.ratePerUs,
    }));
    this.#arrivals = new Arrivals(steps, parts.random.stream('arrivals'), 0);
  }

  /** Virtual time since the start of the run, us. */
  get nowUs(): number {
    return this.#kernel.nowUs - this.#originUs;
  }

  /** Time as the machines see it, epoch ms. */
  get at(): number {
    return this.network.at;
  }

  get visitorsOnSite(): number {
    return this.#visitors.size;
  }

  get kernelEvents(): number {
    return this.#kernel.executedCount;
  }

  /** Requests acknowledged as stored. */
  get acknowledged(): number {
    return this.#intakes.acknowledged;
  }

  /** Requests that their browsers have given up. */
  get dropped(): number {
    return this.#intakes.dropped;
  }

  /** Requests sent and neither acknowledged nor given up yet. */
  get requestsUnderWay(): number {
    return this.#intakes.underWay;
  }

  /**
   * Fills the site with the visits that are under way in steady state, exactly: visitors arrive and browse unwatched
   * for so long that none from before could still be there; who is left at the origin goes on, with his past for the
   * Frontend. Then the agents log in.
   */
  start(): void {
    assert(!this.#started, 'a simulation starts once');
    this.#scheduleArrival();
    this.#kernel.runUntil(this.#originUs);
    this.#started = true;
    this.#tellPasts();
    this.network.start();
    this.#faults.plan(this.#parts.faults);
    for (const { atMs, command } of this.#parts.commands) {
      this.#kernel.schedule(this.#originUs + atMs * 1_000, this.#commanded, command, 0);
    }
    this.#parts.agents.forEach((habits, index) => {
      const agentId = `agent-${index + 1}`;
      const agent = new DeskAgent(agentId, habits, this, agentStreams(this.#parts.random, index));
      this.#agents.set(agentId, agent);
      agent.start(this.#kernel.nowUs);
    });
  }

  /** Tells pacing something, now. */
  command(command: PacingCommand): void {
    this.network.toContactCenter(command);
  }

  readonly #commanded = (command: PacingCommand): void => this.command(command);

  /** Runs all that is due until `untilUs` of virtual time, inclusive. */
  runUntil(untilUs: number): void {
    this.#kernel.runUntil(untilUs + this.#originUs);
  }

  /** Time of the next event, us of virtual time. */
  get nextUs(): number {
    return this.#kernel.nextUs() - this.#originUs;
  }

  /** Runs the next event. */
  step(): boolean {
    return this.#kernel.step();
  }

  // Visitors

  postEvent(visitor: Visitor, event: BrowserEvent): void {
    if (!this.#started) {
      (visitor.past ??= []).push(event);
      return;
    }
    this.#intakes.post(visitor.visitID, event, this.#takePast(visitor));
  }

  postDisposition(visitor: Visitor, interactionId: string, code: DispositionCode): void {
    const message: Disposition = { type: 'disposition', visitID: visitor.visitID, interactionId, code };
    this.#intakes.postDisposition(message);
  }

  requestChat(visitor: Visitor, interactionId: string): void {
    this.#postToBackend({ type: 'chatRequest', visitID: visitor.visitID, interactionId });
  }

  askReactiveState(visitor: Visitor, askId: string): void {
    this.#postToBackend(this.#askers.ask(visitor, askId));
  }

  requestReactiveChat(visitor: Visitor, askId: string): void {
    this.#postToBackend({ type: 'reactiveChat', visitID: visitor.visitID, askId });
  }

  /** Before the run nobody looks for help, as nobody is invited. */
  wakeToSeekHelp(visitor: Visitor, atUs: number): void {
    if (atUs >= this.#originUs) this.#kernel.schedule(atUs, seekHelp, visitor, 0);
  }

  requestCallback({ visitID }: Visitor, interactionId: string, phone: string, inMs: number): void {
    this.#postToBackend({ type: 'callbackRequest', visitID, interactionId, phone, inMs });
  }

  leaveChat(visitor: Visitor): void {
    this.#postToBackend({ type: 'chatLeft', visitID: visitor.visitID });
  }

  wakeToBrowse(visitor: Visitor, atUs: number): void {
    this.#kernel.schedule(atUs, browse, visitor, 0);
  }

  wakeToAnswer(visitor: Visitor, atUs: number, turn: number): void {
    this.#kernel.schedule(atUs, answer, visitor, turn);
  }

  leftSite(visitor: Visitor): void {
    this.#visitors.delete(visitor.visitID);
  }

  #postToBackend(action: ChatAction | PacingAsked): void {
    const delayUs = this.#parts.latency.browserUs + this.network.balancer.slowUs;
    this.#kernel.schedule(this.#kernel.nowUs + delayUs, this.#backendReceives, action, 0);
  }

  #scheduleArrival(): void {
    const atUs = this.#arrivals.next();
    if (atUs === Infinity) return;
    this.#kernel.schedule(Math.max(this.#kernel.nowUs, Math.floor(atUs)), this.#arrival, this, 0);
  }

  readonly #arrival = (_subject: unknown, _detail: number, nowUs: number): void => {
    this.#arrived += 1;
    const { random } = this.#parts;
    const ordinal = this.#arrived;
    const visitor = new Visitor(
      this.#world,
      ordinal,
      random.stream('visitor-browsing', ordinal),
      random.stream('visitor-answers', ordinal),
      this.#world.habits.help === undefined ? undefined : random.stream('visitor-help', ordinal),
    );
    this.#visitors.set(visitor.visitID, visitor);
    visitor.arrive(nowUs);
    this.#scheduleArrival();
  };

  #takePast(visitor: Visitor): readonly VisitEvent[] | undefined {
    const { past } = visitor;
    if (past === undefined) return undefined;
    visitor.past = undefined;
    return this.#stampPast(past);
  }

  #stampPast(past: readonly BrowserEvent[]): readonly VisitEvent[] {
    const { machine } = present(this.network.frontends[0], 'Frontend');
    return past.map((event) => ({ ...event, at: event.timestamp, category: machine.categoryOf(event) }));
  }

  #tellPasts(): void {
    const { past: tell } = this.#parts.observer;
    if (tell === undefined) return;
    const pasts = [...this.#visitors.values()].flatMap(({ past }) => past ?? []);
    this.#stampPast(pasts)
      .toSorted((a, b) => a.at - b.at)
      .forEach(tell);
  }

  // Agents

  act(action: DeskMessage): void {
    const delayUs = this.#parts.latency.deskUs + this.network.balancer.slowUs;
    this.#kernel.schedule(this.#kernel.nowUs + delayUs, this.#backendReceives, action, 0);
  }

  wakeForChat(agent: DeskAgent, chatId: string, atUs: number, turn: number): void {
    const subject: Turn = { agent, chatId };
    this.#kernel.schedule(atUs, workOnChat, subject, turn);
  }

  wakeForBreak(agent: DeskAgent, atUs: number): void {
    this.#kernel.schedule(atUs, takeBreak, agent, 0);
  }

  wakeForShift(agent: DeskAgent, atUs: number): void {
    this.#kernel.schedule(atUs, changeShift, agent, 0);
  }

  wakeForReady(agent: DeskAgent, atUs: number): void {
    this.#kernel.schedule(atUs, getReady, agent, 0);
  }

  wakeForFollowUps(agent: DeskAgent, atUs: number): void {
    this.#kernel.schedule(atUs, lookForFollowUps, agent, 0);
  }

  readonly #backendReceives = (action: ChatAction | PacingAsked | DeskMessage): void => {
    const { balancer } = this.network;
    if (!balancer.isUp) {
      balancer.hold(() => this.#backendReceives(action));
      return;
    }
    this.network.toBackend(this.network.homes.reachableFor(keyOf(action)), action);
  };

  #tellVisitor(message: ToBrowser): void {
    const visitor = this.#visitors.get(message.visitID);
    if (visitor === undefined) return;
    if (message.type === 'invite') {
      if (this.#intakes.isAt(message.visitID, message.frontend)) visitor.invite(message, this.#kernel.nowUs);
    } else if (message.type === 'chatUpdate') {
      visitor.chatUpdate(message, this.#kernel.nowUs);
      const line = this.#talk.visitorHears(message);
      if (line !== undefined) this.#postToBackend(line);
    }
  }

  #tellAgent(message: ToDesk): void {
    const agent = present(this.#agents.get(message.agentId), 'agent');
    if (message.type !== 'deskLine') {
      tellDeskAgent(agent, message, this.#kernel.nowUs);
      return;
    }
    const line = this.#talk.agentHears(message);
    if (line !== undefined) this.act(line);
  }

  /** Browsers and desks that were connected to a node that is gone come back, and ask how things stand. */
  #reconnect(node: SimNode<unknown>): void {
    this.#intakes.sendAgain(node);
    this.#askAgain((key) => this.#wasAt(key, node.name));
  }

  /** Whether the visitor or agent is connected to the Backend `node` when it is up. */
  #wasAt(key: string, node: string): boolean {
    return this.network.homes.homeOf(key).name === node;
  }

  /** Visitors in a chat ask how it stands, and agents log in again: what they were to be told may be lost. */
  #askAgain(isMeant: (key: string) => boolean): void {
    for (const visitor of this.#visitors.values()) {
      const { visitID, isInChat, isAsking } = visitor;
      if (isInChat && isMeant(visitID)) this.#postToBackend({ type: 'chatResume', visitID });
      if (isAsking && isMeant(visitID)) visitor.askReactiveState();
    }
    for (const agent of this.#agents.values()) if (isMeant(agent.agentId)) agent.logIn();
  }
}
