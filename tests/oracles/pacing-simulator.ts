/**
 * A small simulator of one group, its invites and its chats, naive on purpose and sharing nothing with servers/sim: it tries
 * the pacer on the scenarios of docs/pacing.md, beside rules that it must beat. The n-th invite of a run draws the same
 * visitor (outcome, delay, service, patience) under every rule: common random numbers.
 */
import { Calendar } from '#tests/oracles/calendar.ts';
import { SmallRandom } from '#tests/oracles/small-random.ts';

/** What an invited visitor will do; durations in seconds. */
export interface Visitor {
  readonly endsAfter: number;
  readonly accepts: boolean;
  readonly service: number;
  readonly patience: number;
}

export interface PacingScenario {
  readonly slots: number;
  /** `seconds` of the run, for visitors who change. */
  readonly draw: (random: SmallRandom, seconds: number) => Visitor;
  /** Who finds no free slot is lost at once. */
  readonly lossModel?: boolean;
  /** Leads per hour at a second of the run; null: unlimited, whatever a refresh allows goes out at once. */
  readonly leadsPerHour: ((seconds: number) => number) | null;
  /** The highest of those rates, where it varies. */
  readonly leadsPerHourMax?: number;
  readonly refreshMs?: number;
  /** Visitors who ask for a chat themselves, and slots that they never take. */
  readonly reactive?: { readonly perHour: number; readonly reserved: number };
  /** Counted hours, after the warm-up. */
  readonly hours: number;
  readonly warmupHours?: number;
  readonly seed: number;
  /** Hours from the start of the run at which the totals are noted. */
  readonly marks?: readonly number[];
}

/** What a rule is told and asked: the pacer's contract, cut to what every rule needs. */
export interface InviteRule {
  setSlots(slots: number, at: number): void;
  requestPermit(inviteId: string, at: number): { readonly granted: boolean };
  inviteEnded(inviteId: string, outcome: 'accepted' | 'other', at: number): void;
  chatQueued(chatId: string, at: number): void;
  chatStarted(chatId: string, at: number): void;
  chatAbandoned(chatId: string, at: number): void;
  slotReleased(chatId: string, at: number): void;
  refresh(at: number): { readonly allowed: number };
  /** With reactive visitors: one asked for a chat, and was let in or not; and which share is to be. */
  reactiveAsked?(at: number): void;
  reactiveLetIn?(chatId: string, at: number): void;
  readonly reactiveState?: number | null;
}

interface Totals {
  invites: number;
  leads: number;
  refused: number;
  accepted: number;
  abandoned: number;
  waitMs: number;
  busyMs: number;
  queueMs: number;
  pendingMs: number;
  asked: number;
  letIn: number;
  reactiveAbandoned: number;
  reactiveBusyMs: number;
}

export interface PacingFigures {
  readonly invites: number;
  readonly accepted: number;
  readonly abandoned: number;
  readonly abandonmentShare: number;
  readonly busyShare: number;
  readonly refusedShare: number;
  readonly reactive: {
    readonly asked: number;
    readonly letIn: number;
    readonly abandoned: number;
    /** Of all slot time; the rest of `busyShare` is proactive. */
    readonly busyShare: number;
  };
  /** Over all accepted chats, zeros and abandonments included. */
  readonly waitMeanSeconds: number;
  readonly queueMean: number;
  readonly pendingMean: number;
  /** Invites that are still out at the end of the run. */
  readonly pendingAtEnd: number;
  /** Totals since the start of the run at each mark. */
  readonly marks: readonly { readonly accepted: number; readonly abandoned: number; readonly busySeconds: number }[];
}

type Kind = 'refresh' | 'lead' | 'asked' | 'answer' | 'release' | 'patience' | 'mark' | 'warm' | 'end';

const NOTHING: Totals = {
  invites: 0,
  leads: 0,
  refused: 0,
  accepted: 0,
  abandoned: 0,
  waitMs: 0,
  busyMs: 0,
  queueMs: 0,
  pendingMs: 0,
  asked: 0,
  letIn: 0,
  reactiveAbandoned: 0,
  reactiveBusyMs: 0,
};

const hourMs = 3_600_000;

export function simulatePacing(scenario: PacingScenario, rule: InviteRule): PacingFigures {
  return new Room(scenario, rule).run();
}

class Room {
  readonly #scenario: PacingScenario;
  readonly #rule: InviteRule;
  readonly #calendar = new Calendar<Kind>();
  readonly #visitorChance: SmallRandom;
  readonly #leadChance: SmallRandom;
  readonly #reactiveChance: SmallRandom;
  readonly #visitors = new Map<number, Visitor>();
  /** Chats that wait, first come first served: since when. */
  readonly #queue = new Map<number, number>();
  readonly #marks: { accepted: number; abandoned: number; busySeconds: number }[] = [];
  readonly #total: Totals = { ...NOTHING };
  #before: Totals = { ...NOTHING };
  #now = 0;
  #busy = 0;
  #reactiveBusy = 0;
  #pending = 0;

  constructor(scenario: PacingScenario, rule: InviteRule) {
    this.#scenario = scenario;
    this.#rule = rule;
    this.#visitorChance = new SmallRandom(scenario.seed);
    this.#leadChance = new SmallRandom(scenario.seed ^ 0x5bd1e995);
    this.#reactiveChance = new SmallRandom(scenario.seed ^ 0x2545f491);
  }

  run(): PacingFigures {
    const { slots, marks = [], warmupHours = 0, hours, leadsPerHour } = this.#scenario;
    for (const mark of marks) this.#calendar.add(Math.round(mark * hourMs), 'mark', 0);
    this.#calendar.add(Math.round(warmupHours * hourMs), 'warm', 0);
    this.#calendar.add(Math.round((warmupHours + hours) * hourMs), 'end', 0);
    this.#rule.setSlots(slots, 0);
    this.#calendar.add(0, 'refresh', 0);
    if (leadsPerHour !== null) this.#nextLead();
    if (this.#scenario.reactive !== undefined) this.#nextAsked(this.#scenario.reactive.perHour);
    for (;;) {
      const item = this.#calendar.take();
      if (item === undefined) throw new Error('the calendar never runs out');
      this.#pass(item.at);
      if (item.kind === 'end') return this.#figures();
      this.#handle(item.kind, item.id);
    }
  }

  #handle(kind: Kind, id: number): void {
    if (kind === 'refresh') this.#refresh();
    else if (kind === 'lead') this.#lead();
    else if (kind === 'asked') this.#ask();
    else if (kind === 'answer') this.#answer(id);
    else if (kind === 'release') this.#release(id);
    else if (kind === 'patience') this.#giveUp(id);
    else if (kind === 'warm') this.#before = { ...this.#total };
    else {
      const { accepted, abandoned, busyMs } = this.#total;
      this.#marks.push({ accepted, abandoned, busySeconds: busyMs / 1000 });
    }
  }

  /** Time goes by. */
  #pass(to: number): void {
    const elapsed = to - this.#now;
    this.#total.busyMs += elapsed * this.#busy;
    this.#total.reactiveBusyMs += elapsed * this.#reactiveBusy;
    this.#total.queueMs += elapsed * this.#queue.size;
    this.#total.pendingMs += elapsed * this.#pending;
    this.#now = to;
  }

  /** At least 1 ms ahead. */
  #after(seconds: number, kind: Kind, id: number): void {
    this.#calendar.add(this.#now + Math.max(1, Math.round(seconds * 1000)), kind, id);
  }

  #refresh(): void {
    const { allowed } = this.#rule.refresh(this.#now);
    if (this.#scenario.leadsPerHour === null) for (let i = 0; i < allowed; i += 1) this.#invite();
    this.#after((this.#scenario.refreshMs ?? 1000) / 1000, 'refresh', 0);
  }

  /** Poisson by thinning. */
  #nextLead(): void {
    const { leadsPerHour, leadsPerHourMax = leadsPerHour?.(0) ?? 0 } = this.#scenario;
    this.#after(this.#leadChance.exponential(3600 / leadsPerHourMax), 'lead', 0);
  }

  #lead(): void {
    const { leadsPerHour, leadsPerHourMax = leadsPerHour?.(0) ?? 0 } = this.#scenario;
    const comes = this.#leadChance.next() * leadsPerHourMax < (leadsPerHour?.(this.#now / 1000) ?? 0);
    if (comes) {
      this.#total.leads += 1;
      if (!this.#invite()) this.#total.refused += 1;
    }
    this.#nextLead();
  }

  #invite(): boolean {
    const id = this.#total.invites;
    if (!this.#rule.requestPermit(`i${id}`, this.#now).granted) return false;
    this.#total.invites += 1;
    this.#pending += 1;
    const visitor = this.#scenario.draw(this.#visitorChance, this.#now / 1000);
    this.#visitors.set(id, visitor);
    this.#after(visitor.endsAfter, 'answer', id);
    return true;
  }

  #visitor(id: number): Visitor {
    const visitor = this.#visitors.get(id);
    if (visitor === undefined) throw new Error(`no visitor ${id}`);
    return visitor;
  }

  #answer(id: number): void {
    const visitor = this.#visitor(id);
    this.#pending -= 1;
    this.#rule.inviteEnded(`i${id}`, visitor.accepts ? 'accepted' : 'other', this.#now);
    if (!visitor.accepts) {
      this.#visitors.delete(id);
      return;
    }
    this.#total.accepted += 1;
    this.#arrive(id);
  }

  #nextAsked(perHour: number): void {
    this.#after(this.#reactiveChance.exponential(3600 / perHour), 'asked', 0);
  }

  /** Reactive chats have ids below zero. */
  #ask(): void {
    this.#nextAsked(this.#scenario.reactive?.perHour ?? 0);
    this.#total.asked += 1;
    const id = -this.#total.asked;
    const visitor = this.#scenario.draw(this.#reactiveChance, this.#now / 1000);
    const letIn = this.#reactiveChance.next() <= (this.#rule.reactiveState ?? 1);
    this.#rule.reactiveAsked?.(this.#now);
    if (letIn) this.#rule.reactiveLetIn?.(`c${id}`, this.#now);
    if (!letIn) return;
    this.#total.letIn += 1;
    this.#visitors.set(id, visitor);
    this.#arrive(id);
  }

  #mayStart(id: number): boolean {
    const { slots, reactive } = this.#scenario;
    return this.#busy < slots && (id >= 0 || this.#reactiveBusy < slots - (reactive?.reserved ?? 0));
  }

  #arrive(id: number): void {
    const visitor = this.#visitor(id);
    if (this.#mayStart(id)) this.#start(id);
    else if (this.#scenario.lossModel === true) this.#abandon(id);
    else {
      this.#queue.set(id, this.#now);
      this.#rule.chatQueued(`c${id}`, this.#now);
      this.#after(visitor.patience, 'patience', id);
    }
  }

  #start(id: number): void {
    this.#busy += 1;
    if (id < 0) this.#reactiveBusy += 1;
    this.#rule.chatStarted(`c${id}`, this.#now);
    this.#after(this.#visitor(id).service, 'release', id);
  }

  #giveUp(id: number): void {
    const since = this.#queue.get(id);
    if (since === undefined) return;
    this.#queue.delete(id);
    this.#total.waitMs += this.#now - since;
    this.#abandon(id);
  }

  #abandon(id: number): void {
    if (id < 0) this.#total.reactiveAbandoned += 1;
    else this.#total.abandoned += 1;
    this.#visitors.delete(id);
    this.#rule.chatAbandoned(`c${id}`, this.#now);
  }

  #release(id: number): void {
    this.#busy -= 1;
    if (id < 0) this.#reactiveBusy -= 1;
    this.#visitors.delete(id);
    this.#rule.slotReleased(`c${id}`, this.#now);
    for (const [next, since] of this.#queue) {
      if (!this.#mayStart(next)) continue;
      this.#queue.delete(next);
      this.#total.waitMs += this.#now - since;
      this.#start(next);
      break;
    }
  }

  #figures(): PacingFigures {
    const { hours, slots } = this.#scenario;
    const counted = (name: keyof Totals): number => this.#total[name] - this.#before[name];
    const accepted = counted('accepted');
    const windowMs = hours * hourMs;
    return {
      invites: counted('invites'),
      accepted,
      abandoned: counted('abandoned'),
      abandonmentShare: counted('abandoned') / Math.max(1, accepted),
      busyShare: counted('busyMs') / windowMs / slots,
      refusedShare: counted('refused') / Math.max(1, counted('leads')),
      reactive: {
        asked: counted('asked'),
        letIn: counted('letIn'),
        abandoned: counted('reactiveAbandoned'),
        busyShare: counted('reactiveBusyMs') / windowMs / slots,
      },
      waitMeanSeconds: counted('waitMs') / Math.max(1, accepted) / 1000,
      queueMean: counted('queueMs') / windowMs,
      pendingMean: counted('pendingMs') / windowMs,
      pendingAtEnd: this.#pending,
      marks: this.#marks,
    };
  }
}
