/**
 * What an installation has counted since its start, from facts alone: the stat server's totals. The one place where
 * these things are counted; windows and series are differences of it. It outlives the contact center that notes the
 * facts.
 */
import { isFollowUp } from '#core/engagement/follow-up-desk.ts';
import { isTerminal } from '#core/engagement/interaction.ts';
import type { FailureReason } from '#core/engagement/failure-reason.ts';
import type { CallbackStep, Fact } from '#core/statistics/fact.ts';
import { TimeIntegral } from '#core/statistics/time-integral.ts';

export interface QueueTotals {
  entered: number;
  left: number;
}

/** Levels of an agent group over time. */
export interface GroupTotals {
  readonly busySlots: TimeIntegral;
  readonly slots: TimeIntegral;
  readonly occupiedAgents: TimeIntegral;
  readonly presentAgents: TimeIntegral;
  /** Slots held by reactive chats. */
  readonly reactiveSlots: TimeIntegral;
}

export interface ReactiveCounts {
  asked: number;
  letIn: number;
  started: number;
  abandoned: number;
  completed: number;
}

export interface TotalsChoice {
  /** An interaction leaves its terminal queue as soon as it enters it. */
  readonly autoStop: boolean;
  readonly chatQueue: string;
  /** Absent: `New`. */
  readonly callbackQueue?: string;
  /** Groups that are told of even if nobody of them ever logs in. */
  readonly groups: readonly string[];
}

type Moved = Extract<Fact, { kind: 'interactionMoved' }>;
type ChatFact = Extract<Fact, { kind: 'chat' }>;

export class EngagementTotals {
  /** To be engaged. */
  hotLeads = 0;
  /** For later work, engaged by nobody. */
  followUps = 0;
  /** Of those: which an agent made an attempt to engage, or ended. */
  followUpsApproved = 0;
  followUpsDismissed = 0;
  /** Permits given (all invites, where pacing is off). */
  allowed = 0;
  /** Invites sent to a browser. */
  sent = 0;
  shown = 0;
  accepted = 0;
  rejected = 0;
  timeout = 0;
  /** Invites sent that ended in Failed. */
  inviteFailed = 0;
  /** Hot leads that were not engaged. */
  refused = 0;
  chatsQueued = 0;
  chatsStarted = 0;
  chatsAbandoned = 0;
  chatsCompleted = 0;
  /** Offers that rang in vain, that agents did not want; chats passed on to another agent, and given up while they waited for him. */
  offersMissed = 0;
  offersRejected = 0;
  chatsTransferred = 0;
  chatsLostInTransfer = 0;
  /** Visitors who looked for help themselves, and what became of them. */
  readonly reactive: ReactiveCounts = { asked: 0, letIn: 0, started: 0, abandoned: 0, completed: 0 };
  /** Callbacks that a call was promised for: those that came due for the first time. */
  callbacksPromised = 0;
  /** Web callbacks by what happened to them; `offered` and `accepted` count once an offer. */
  readonly callbacks: Readonly<Record<CallbackStep, number>>;
  /** Hot leads that were not engaged, by reason. */
  readonly refusals = new Map<FailureReason, number>();
  /** Invites sent that ended in Failed, by reason. */
  readonly failures = new Map<FailureReason, number>();
  readonly queues = new Map<string, QueueTotals>();
  readonly groups = new Map<string, GroupTotals>();
  readonly #autoStop: boolean;
  readonly #chatQueue: string;
  readonly #callbackQueue: string;
  readonly #callbacks: Record<CallbackStep, number> = {
    asked: 0,
    due: 0,
    late: 0,
    offered: 0,
    recalled: 0,
    accepted: 0,
    connected: 0,
    noAnswer: 0,
    rescheduled: 0,
    unreachable: 0,
    completed: 0,
  };

  constructor({ autoStop, chatQueue, callbackQueue = 'New', groups }: TotalsChoice) {
    this.#autoStop = autoStop;
    this.#chatQueue = chatQueue;
    this.#callbackQueue = callbackQueue;
    this.callbacks = this.#callbacks;
    for (const group of groups) this.#group(group);
  }

  /** Chats that wait for an agent. */
  get waitingChats(): number {
    const queue = this.queues.get(this.#chatQueue);
    return queue === undefined ? 0 : queue.entered - queue.left;
  }

  /** Slots logged in, of all groups. */
  get slots(): number {
    let slots = 0;
    for (const group of this.groups.values()) slots += group.slots.level;
    return slots;
  }

  observe(fact: Fact): void {
    switch (fact.kind) {
      case 'hotLead':
        if (isFollowUp(fact.lead)) this.followUps += 1;
        else this.hotLeads += 1;
        return;
      case 'interactionMoved':
        this.#moved(fact);
        return;
      case 'interactionStopped':
        this.#queue(fact.queue).left += 1;
        return;
      case 'inviteShown':
        this.shown += 1;
        return;
      case 'reactive':
        this.reactive.asked += 1;
        return;
      case 'chat':
        this.#chat(fact);
        return;
      case 'callback':
        this.#callback(fact);
        return;
      case 'slots': {
        const group = this.#group(fact.group);
        group.busySlots.set(fact.busy, fact.at);
        group.slots.set(fact.slots, fact.at);
        group.occupiedAgents.set(fact.occupied, fact.at);
        group.presentAgents.set(fact.present, fact.at);
        group.reactiveSlots.set(fact.reactive ?? 0, fact.at);
        return;
      }
      case 'agent':
      case 'pacing':
      case 'strategy':
      case 'pacingCommand':
      case 'lineShown':
      case 'refreshTimedOut':
    }
  }

  #moved(fact: Moved): void {
    if (fact.from !== null) this.#queue(fact.from).left += 1;
    this.#queue(fact.to).entered += 1;
    if (this.#autoStop && isTerminal(fact.after)) this.#queue(fact.to).left += 1;
    switch (fact.after) {
      case 'invited':
        this.allowed += 1;
        this.sent += 1;
        return;
      case 'accepted':
        this.accepted += 1;
        return;
      case 'rejected':
        this.rejected += 1;
        return;
      case 'timeout':
        this.timeout += 1;
        return;
      case 'failed':
        this.#failed(fact);
        return;
      case 'qualified':
        if (fact.before === 'followUp') this.followUpsApproved += 1;
        return;
      case 'shown':
      case 'form':
      case 'followUp':
    }
  }

  #failed({ before, reason }: Moved): void {
    if (before === 'followUp') {
      this.followUpsDismissed += 1;
      return;
    }
    const refused = before === 'qualified';
    if (refused) this.refused += 1;
    else this.inviteFailed += 1;
    if (reason === null) return;
    const counts = refused ? this.refusals : this.failures;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }

  #chat(fact: ChatFact): void {
    const queue = this.#queue(this.#chatQueue);
    switch (fact.state) {
      case 'queued':
        this.chatsQueued += 1;
        if (fact.origin === 'reactive') this.reactive.letIn += 1;
        queue.entered += 1;
        return;
      case 'recalled':
        queue.entered += 1;
        if (fact.cause === 'missed') this.offersMissed += 1;
        else if (fact.cause === 'rejected') this.offersRejected += 1;
        return;
      case 'transferred':
        queue.entered += 1;
        this.chatsTransferred += 1;
        return;
      case 'offered':
        queue.left += 1;
        return;
      case 'started':
        if (!fact.again) this.chatsStarted += 1;
        if (!fact.again && fact.origin === 'reactive') this.reactive.started += 1;
        return;
      case 'abandoned':
        if (fact.again) this.chatsLostInTransfer += 1;
        else this.chatsAbandoned += 1;
        if (fact.origin === 'reactive' && !fact.again) this.reactive.abandoned += 1;
        if (fact.agentId === null) queue.left += 1;
        return;
      case 'completed':
        this.chatsCompleted += 1;
        if (fact.origin === 'reactive') this.reactive.completed += 1;
    }
  }

  #callback({ state, cause, promised }: Extract<Fact, { kind: 'callback' }>): void {
    this.#callbacks[state] += 1;
    if (promised === true) this.callbacksPromised += 1;
    if (cause === 'missed') this.offersMissed += 1;
    else if (cause === 'rejected') this.offersRejected += 1;
    if (state === 'due' || state === 'recalled') this.#queue(this.#callbackQueue).entered += 1;
    else if (state === 'offered') this.#queue(this.#callbackQueue).left += 1;
  }

  #queue(name: string): QueueTotals {
    let queue = this.queues.get(name);
    if (queue === undefined) {
      queue = { entered: 0, left: 0 };
      this.queues.set(name, queue);
    }
    return queue;
  }

  #group(name: string): GroupTotals {
    let group = this.groups.get(name);
    if (group === undefined) {
      group = {
        busySlots: new TimeIntegral(),
        slots: new TimeIntegral(),
        occupiedAgents: new TimeIntegral(),
        presentAgents: new TimeIntegral(),
        reactiveSlots: new TimeIntegral(),
      };
      this.groups.set(name, group);
    }
    return group;
  }
}
