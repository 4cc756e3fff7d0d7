/**
 * The simulator: drives the three machines and the crowd in virtual time. It carries messages with modelled latencies,
 * stores commit groups, wakes who asked to be woken, and decides nothing.
 *
 * Order of a machine's effects: notes and wake-ups at once; after a commit the rest waits until the group is stored
 * (effects.ts, rule 1).
 */
import { assert, assertNever, present } from '#core/assert.ts';
import type { BackendEvent, BackendNode } from '#core/backend-node.ts';
import type { ContactCenter, ContactCenterEvent } from '#core/contact-center.ts';
import type { Effect, Timer } from '#core/effects.ts';
import type { FrontendEvent, FrontendNode } from '#core/frontend-node.ts';
import type { ChatUpdate, DeskAction, DispositionCode, Intake, Invite, ToBrowser, ToDesk } from '#core/messages.ts';
import type { RandomSource } from '#core/random/stream.ts';
import type { Fact } from '#core/statistics/fact.ts';
import type { BrowserEvent, VisitEvent } from '#core/visits/event.ts';
import { Arrivals, type RateStepUs } from '#crowd/arrivals.ts';
import type { CrowdSite } from '#crowd/crowd-site.ts';
import { DeskAgent, type AgentHabits, type AgentOutlet } from '#crowd/desk-agent.ts';
import { Visitor, type VisitorHabits, type VisitorOutlet, type VisitorWorld } from '#crowd/visitor.ts';
import { Kernel } from './kernel.ts';
import { GroupCommit, type LatencyProfile } from './latency.ts';

export interface SimulationParts {
  readonly frontend: FrontendNode;
  readonly backend: BackendNode;
  readonly contactCenter: ContactCenter;
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
  readonly observer: SimulationObserver;
}

/** Who watches: changes nothing. */
export interface SimulationObserver {
  fact(fact: Fact): void;
  /** Each event as it goes into the history. Undefined: nobody wants them, which is faster. */
  readonly event: ((event: VisitEvent) => void) | undefined;
  /** Each input and its effects, for the journal of a node. */
  readonly journal: ((node: string, at: number, input: unknown, effects: readonly Effect[]) => void) | undefined;
}

type Turn = { readonly agent: DeskAgent; readonly chatId: string };

export class Simulation implements VisitorOutlet, AgentOutlet {
  readonly #parts: SimulationParts;
  readonly #kernel: Kernel;
  /** Kernel time at which the run starts; before it visitors browse without being watched. */
  readonly #originUs: number;
  readonly #clockMs: number;
  readonly #world: VisitorWorld;
  readonly #store: GroupCommit;
  readonly #visitors = new Map<string, Visitor>();
  readonly #agents = new Map<string, DeskAgent>();
  readonly #arrivals: Arrivals;
  readonly #out: Effect[] = [];
  #started = false;
  #arrived = 0;
  #requests = 0;
  /** Requests acknowledged as stored, and refused. */
  acknowledged = 0;
  refused = 0;

  constructor(parts: SimulationParts) {
    this.#parts = parts;
    this.#originUs = browsingMemoryUs(parts.site);
    this.#kernel = new Kernel();
    this.#clockMs = parts.startsAt - this.#originUs / 1_000;
    this.#world = { site: parts.site, habits: parts.habits, outlet: this, clockMs: this.#clockMs };
    this.#store = new GroupCommit(parts.latency.commitUs);
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
    return this.#clockMs + Math.floor(this.#kernel.nowUs / 1_000);
  }

  get visitorsOnSite(): number {
    return this.#visitors.size;
  }

  get kernelEvents(): number {
    return this.#kernel.executedCount;
  }

  /** Requests sent and neither acknowledged nor refused yet. */
  get requestsUnderWay(): number {
    return this.#requests - this.acknowledged - this.refused;
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
    this.#toContactCenter({ type: 'start' });
    this.#parts.agents.forEach((habits, index) => {
      const agentId = `agent-${index + 1}`;
      const work = this.#parts.random.stream('agent-work', index);
      const agent = new DeskAgent(agentId, habits, this, work, this.#parts.random.stream('agent-breaks', index));
      this.#agents.set(agentId, agent);
      agent.start(this.#kernel.nowUs);
    });
  }

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
    this.#requests += 1;
    const intake: Intake = {
      type: 'intake',
      requestId: this.#requests,
      visitID: visitor.visitID,
      events: [event],
      past: this.#takePast(visitor),
    };
    this.#kernel.schedule(this.#kernel.nowUs + this.#parts.latency.browserUs, this.#intakeArrives, intake, 0);
  }

  postDisposition(visitor: Visitor, interactionId: string, code: DispositionCode): void {
    const message = { type: 'disposition', visitID: visitor.visitID, interactionId, code } as const;
    this.#kernel.schedule(this.#kernel.nowUs + this.#parts.latency.browserUs, this.#frontendReceives, message, 0);
  }

  requestChat(visitor: Visitor, interactionId: string): void {
    const message = { type: 'chatRequest', visitID: visitor.visitID, interactionId } as const;
    this.#kernel.schedule(this.#kernel.nowUs + this.#parts.latency.browserUs, this.#backendReceives, message, 0);
  }

  leaveChat(visitor: Visitor): void {
    const message = { type: 'chatLeft', visitID: visitor.visitID } as const;
    this.#kernel.schedule(this.#kernel.nowUs + this.#parts.latency.browserUs, this.#backendReceives, message, 0);
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
    );
    this.#visitors.set(visitor.visitID, visitor);
    visitor.arrive(nowUs);
    this.#scheduleArrival();
  };

  #takePast(visitor: Visitor): readonly VisitEvent[] | undefined {
    const { past } = visitor;
    if (past === undefined) return undefined;
    visitor.past = undefined;
    return past.map((event) => ({ ...event, at: event.timestamp, category: this.#parts.frontend.categoryOf(event) }));
  }

  // Agents

  act(action: DeskAction): void {
    this.#kernel.schedule(this.#kernel.nowUs + this.#parts.latency.deskUs, this.#contactCenterReceives, action, 0);
  }

  wakeForChat(agent: DeskAgent, chatId: string, atUs: number, turn: number): void {
    const subject: Turn = { agent, chatId };
    this.#kernel.schedule(atUs, workOnChat, subject, turn);
  }

  wakeForBreak(agent: DeskAgent, atUs: number): void {
    this.#kernel.schedule(atUs, takeBreak, agent, 0);
  }

  // Machines

  readonly #intakeArrives = (intake: Intake): void => this.#toFrontend(intake);
  readonly #frontendReceives = (message: FrontendEvent): void => this.#toFrontend(message);
  readonly #backendReceives = (message: BackendEvent): void => this.#toBackend(message);
  readonly #contactCenterReceives = (message: ContactCenterEvent): void => this.#toContactCenter(message);
  readonly #visitorReceives = (message: ToBrowser, _detail: number, nowUs: number): void => {
    const visitor = this.#visitors.get(message.visitID);
    if (visitor === undefined) return;
    if (message.type === 'invite') visitor.invite(message satisfies Invite, nowUs);
    else visitor.chatUpdate(message satisfies ChatUpdate, nowUs);
  };
  readonly #deskReceives = (message: ToDesk, _detail: number, nowUs: number): void => {
    const agent = present(this.#agents.get(message.agentId), 'agent');
    if (message.type === 'chatOffer') agent.offered(message.chatId, nowUs);
    else agent.closed(message.chatId, nowUs);
  };
  readonly #timerRings = (timer: Timer): void => {
    if (timer.kind === 'visitSilent') this.#toFrontend({ type: 'wake', timer });
    else this.#toContactCenter({ type: 'wake', timer });
  };
  readonly #stored = (held: readonly Effect[]): void => {
    for (const effect of held) this.#carryOut(effect);
  };

  #toFrontend(message: FrontendEvent): void {
    const { frontend, observer } = this.#parts;
    const at = this.at;
    frontend.handle(message, at, this.#out);
    if (observer.journal !== undefined) observer.journal(frontend.name, at, message, this.#out.slice());
    this.#perform();
  }

  #toBackend(message: BackendEvent): void {
    const { backend, observer } = this.#parts;
    const at = this.at;
    backend.handle(message, at, this.#out);
    if (message.type === 'storeBatch' && observer.event !== undefined) {
      for (const event of message.events) observer.event(event);
    }
    if (observer.journal !== undefined) observer.journal('backend-1', at, message, this.#out.slice());
    this.#perform();
  }

  #toContactCenter(message: ContactCenterEvent): void {
    const { contactCenter, observer } = this.#parts;
    const at = this.at;
    contactCenter.handle(message, at, this.#out);
    if (observer.journal !== undefined) observer.journal('contact-center', at, message, this.#out.slice());
    this.#perform();
  }

  /** Carries out what a machine has appended, and empties the list. */
  #perform(): void {
    const out = this.#out;
    let held: Effect[] | undefined;
    for (let index = 0; index < out.length; index += 1) {
      const effect = present(out[index], 'effect');
      if (effect.type === 'commit') held ??= [];
      else if (held === undefined || effect.type === 'note' || effect.type === 'wake') this.#carryOut(effect);
      else held.push(effect);
    }
    out.length = 0;
    if (held === undefined || held.length === 0) return;
    const storedUs = this.#store.storedAt(this.#kernel.nowUs);
    if (storedUs === this.#kernel.nowUs) this.#stored(held);
    else this.#kernel.schedule(storedUs, this.#stored, held, 0);
  }

  #carryOut(effect: Effect): void {
    const { latency, observer } = this.#parts;
    const nowUs = this.#kernel.nowUs;
    switch (effect.type) {
      case 'toBackend':
        this.#kernel.schedule(nowUs + latency.nodeUs, this.#backendReceives, effect.message, 0);
        return;
      case 'toFrontend':
        this.#kernel.schedule(nowUs + latency.nodeUs, this.#frontendReceives, effect.message, 0);
        return;
      case 'toContactCenter':
        this.#kernel.schedule(nowUs + latency.nodeUs, this.#contactCenterReceives, effect.message, 0);
        return;
      case 'toBrowser':
        this.#kernel.schedule(nowUs + latency.browserUs, this.#visitorReceives, effect.message, 0);
        return;
      case 'toDesk':
        this.#kernel.schedule(nowUs + latency.deskUs, this.#deskReceives, effect.message, 0);
        return;
      case 'wake':
        this.#kernel.schedule(this.#usOf(effect.at), this.#timerRings, effect.timer, 0);
        return;
      case 'note':
        observer.fact(effect.fact);
        return;
      case 'acknowledge':
        if (effect.stored) this.acknowledged += 1;
        else this.refused += 1;
        return;
      case 'commit':
        return;
      default:
        assertNever(effect, 'effect');
    }
  }

  /** Kernel time of a machine's time, not before now. */
  #usOf(at: number): number {
    return Math.max(this.#kernel.nowUs, (at - this.#clockMs) * 1_000);
  }
}

function browse(visitor: Visitor, _detail: number, nowUs: number): void {
  visitor.browse(nowUs);
}

function answer(visitor: Visitor, turn: number, nowUs: number): void {
  visitor.answerNow(turn, nowUs);
}

function workOnChat(subject: Turn, turn: number, nowUs: number): void {
  subject.agent.chatWoken(subject.chatId, turn, nowUs);
}

function takeBreak(agent: DeskAgent, _detail: number, nowUs: number): void {
  agent.breakWoken(nowUs);
}

/**
 * How long before the start visitors must have been arriving for the site to be in steady state, us (whole ms): sixteen
 * mean visits. Page counts are geometric, so a visit lasts longer with probability about e^-16.
 */
function browsingMemoryUs(site: CrowdSite): number {
  const meanVisitMs = site.dwellMeanMs / (1 - site.goOnShare);
  return Math.ceil(meanVisitMs * 16) * 1_000;
}
