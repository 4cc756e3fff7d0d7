/**
 * The stat server of the contact center: from facts alone it counts what provisioning names, by queue and filter, and the key
 * figures of engagement. The contact center's process and a run, simulated or live, observe the same facts by this same code.
 */
import { isTerminal, queueOf } from '#core/engagement/interaction.ts';
import type { QueueNames } from '#core/contact-center-settings.ts';
import type { OperationsRow } from '#core/effects.ts';
import type { UserData } from '#core/engagement/attachments.ts';
import type { InteractionRow } from '#core/engagement/interaction-row.ts';
import type { PacingCommandRow } from '#core/pacing/pacing-command.ts';
import type { OptimizationTarget } from '#core/pacing/optimization-target.ts';
import type { ChatOrigin } from '#core/routing/chat.ts';
import type { ChatRow } from '#core/routing/chat-messages.ts';
import { EngagementFunnel, type FunnelCount, type FunnelStep } from '#core/statistics/engagement-funnel.ts';
import { EngagementTotals } from '#core/statistics/engagement-totals.ts';
import type { Fact } from '#core/statistics/fact.ts';
import { PROVISIONED_STATISTICS } from '#core/statistics/provisioned-statistics.ts';
import { NO_FILTER, QueueStatistics } from '#core/statistics/queue-statistics.ts';

export interface Goal {
  readonly target: OptimizationTarget;
  readonly share: number;
}

export interface StatServerChoice {
  readonly autoStop: boolean;
  readonly queues: QueueNames;
  readonly groups: readonly string[];
  /** What pacing begins with; null: it is off. */
  readonly goal: Goal | null;
}

export interface StatisticValue {
  readonly statistic: string;
  readonly queue: string;
  readonly filter: string;
  readonly value: number;
}

export type FunnelCounts = Readonly<Record<FunnelStep, FunnelCount>>;

/** Shares are null where there is nothing yet to count, goals where pacing has none of the kind. */
export interface EngagementKpis {
  readonly funnel: FunnelCounts;
  readonly byRule: Readonly<Record<string, FunnelCounts>>;
  /** Invites accepted, of those that have ended. */
  readonly hitShare: number | null;
  readonly chats: { readonly waiting: number; readonly handling: number };
  readonly abandonment: { readonly share: number | null; readonly goalShare: number | null };
  readonly busy: { readonly share: number | null; readonly goalShare: number | null };
  /** Permits that pacing gave, and those that an invite was sent by. */
  readonly invites: { readonly permitted: number; readonly used: number };
}

export interface StatisticsReport {
  readonly statistics: readonly StatisticValue[];
  readonly kpis: EngagementKpis;
}

type Moved = Extract<Fact, { kind: 'interactionMoved' }>;
type ChatFact = Extract<Fact, { kind: 'chat' }>;
type CallbackFact = Extract<Fact, { kind: 'callback' }>;

export class StatServer {
  readonly totals: EngagementTotals;
  readonly queues = new QueueStatistics();
  readonly funnel = new EngagementFunnel();
  readonly #autoStop: boolean;
  readonly #names: QueueNames;
  readonly #callbackQueue: string;
  #goal: Goal | null;
  #permitted = 0;

  constructor(choice: StatServerChoice) {
    const { autoStop, queues, groups, goal } = choice;
    this.#callbackQueue = queues.callback ?? 'New';
    this.totals = new EngagementTotals({
      autoStop,
      chatQueue: queues.chat,
      callbackQueue: this.#callbackQueue,
      groups,
    });
    this.#autoStop = autoStop;
    this.#names = queues;
    this.#goal = goal;
  }

  /** Before the first fact: what was in queues when the statistics began, by the rows of a contact center that comes back. */
  takeUp(rows: readonly OperationsRow[]): void {
    const commands: PacingCommandRow[] = [];
    for (const row of rows) {
      if (row.kind === 'interaction') this.#takeUpInteraction(row);
      else if (row.kind === 'chat') this.#takeUpChat(row);
      else if (row.kind === 'pacingCommand') commands.push(row);
    }
    for (const { change } of commands.sort((a, b) => a.serial - b.serial)) {
      if (this.#goal === null) break;
      this.#goal = { target: change.target ?? this.#goal.target, share: change.goalShare ?? this.#goal.share };
    }
  }

  observe(fact: Fact): void {
    this.totals.observe(fact);
    this.funnel.observe(fact);
    switch (fact.kind) {
      case 'interactionMoved':
        this.#moved(fact);
        return;
      case 'interactionStopped':
        this.queues.forget(fact.interactionId);
        return;
      case 'chat':
        this.#chat(fact);
        return;
      case 'callback':
        this.#callback(fact);
        return;
      case 'pacingCommand':
        this.#goal = { target: fact.after.target, share: fact.after.goalShare };
        return;
      case 'hotLead':
      case 'inviteShown':
      case 'agent':
      case 'slots':
      case 'pacing':
      case 'strategy':
      case 'lineShown':
      case 'refreshTimedOut':
    }
  }

  /** `at`: now, as the machines have it, ms. */
  report(at: number): StatisticsReport {
    return { statistics: this.statistics(), kpis: this.kpis(at) };
  }

  /** Each statistic for every queue and filter that anything has come to. */
  statistics(): StatisticValue[] {
    const rows = this.queues.rows();
    return PROVISIONED_STATISTICS.flatMap(({ name, medium, measure }) =>
      rows
        .filter((row) => row.medium === medium)
        .map(({ queue, filter, counts }) => ({ statistic: name, queue, filter, value: counts.measure(measure) })),
    );
  }

  kpis(at: number): EngagementKpis {
    const { totals, funnel } = this;
    const all = this.#countsOf(at);
    const ended = all.accepted.total + all.rejected.total + all.timeout.total + all.failed.total;
    const groups = [...totals.groups.values()];
    const busySlotMs = groups.reduce((sum, { busySlots }) => sum + busySlots.until(at), 0);
    const slotMs = groups.reduce((sum, { slots }) => sum + slots.until(at), 0);
    return {
      funnel: all,
      byRule: Object.fromEntries(funnel.rules.map((rule) => [rule, this.#countsOf(at, rule)])),
      hitShare: shareOf(all.accepted.total, ended),
      chats: {
        waiting: this.queues.value('chat', this.#names.chat, NO_FILTER, 'currentInQueue'),
        handling: this.queues.countOutside('chat'),
      },
      abandonment: {
        share: shareOf(totals.chatsAbandoned, totals.accepted - totals.callbacks.asked + totals.reactive.letIn),
        goalShare: this.#goal?.target === 'ABANDONMENT_RATE' ? this.#goal.share : null,
      },
      busy: {
        share: shareOf(busySlotMs, slotMs),
        goalShare: this.#goal?.target === 'BUSY_FACTOR' ? this.#goal.share : null,
      },
      invites: { permitted: this.#permitted, used: all.engaged.total },
    };
  }

  #countsOf(at: number, rule?: string): FunnelCounts {
    const count = (step: FunnelStep): FunnelCount => this.funnel.count(step, at, rule);
    return {
      hotLeads: count('hotLeads'),
      engaged: count('engaged'),
      accepted: count('accepted'),
      rejected: count('rejected'),
      timeout: count('timeout'),
      failed: count('failed'),
    };
  }

  #takeUpInteraction({ id, state, stopped, lead }: InteractionRow): void {
    if (isTerminal(state) && (this.#autoStop || stopped !== false)) return;
    this.queues.know(id, 'webengagement', pairsOf(lead.firing.rule));
    this.queues.enter(id, queueOf(state, this.#names), true);
  }

  #takeUpChat({ id, state, origin, userData, callback }: ChatRow): void {
    if (state === 'abandoned' || state === 'ended' || state === 'afterWork') return;
    const isCallback = callback !== undefined;
    this.queues.know(id, isCallback ? 'webcallback' : 'chat', pairsOfChat(origin ?? 'proactive', userData));
    const queue = isCallback ? this.#callbackQueue : this.#names.chat;
    if (state === 'waiting' || state === 'offered') this.queues.enter(id, queue, true);
    this.queues.offer(id, state === 'offered');
  }

  #moved({ interactionId, rule, from, to, before, after, decision }: Moved): void {
    const isPermitted = decision?.occasion === 'permit' && decision.allowed > 0;
    if (before === 'qualified' && (after === 'invited' || isPermitted)) this.#permitted += 1;
    if (from === null) this.queues.know(interactionId, 'webengagement', pairsOf(rule));
    this.queues.enter(interactionId, to);
    if (this.#autoStop && isTerminal(after)) this.queues.forget(interactionId);
  }

  /** A chat that rings is in its queue until the agent answers. */
  #chat({ state, chatId, origin, userData }: ChatFact): void {
    switch (state) {
      case 'queued':
        this.queues.know(chatId, 'chat', pairsOfChat(origin, userData));
        this.queues.enter(chatId, this.#names.chat);
        return;
      case 'transferred':
        this.queues.enter(chatId, this.#names.chat);
        return;
      case 'offered':
        this.queues.offer(chatId, true);
        return;
      case 'recalled':
        this.queues.offer(chatId, false);
        return;
      case 'started':
        this.queues.leave(chatId);
        return;
      case 'abandoned':
      case 'completed':
        this.queues.forget(chatId);
    }
  }

  /** One that waits for its time is in no queue; the agent takes it out when he begins to dial. */
  #callback({ state, callbackId, userData }: CallbackFact): void {
    switch (state) {
      case 'asked':
        this.queues.know(callbackId, 'webcallback', pairsOfChat('proactive', userData));
        return;
      case 'due':
        this.queues.enter(callbackId, this.#callbackQueue);
        return;
      case 'offered':
        this.queues.offer(callbackId, true);
        return;
      case 'recalled':
        this.queues.offer(callbackId, false);
        return;
      case 'accepted':
        this.queues.leave(callbackId);
        return;
      case 'unreachable':
      case 'completed':
        this.queues.forget(callbackId);
        return;
      case 'late':
      case 'connected':
      case 'noAnswer':
      case 'rescheduled':
    }
  }
}

/** What every webengagement interaction has attached from its beginning, as far as filters ask. */
function pairsOf(rule: string): UserData {
  return { webengagement: '', rule };
}

/** What our invites have brought is marked as that, whether or not the interaction's own mark was copied. */
function pairsOfChat(origin: ChatOrigin, userData: UserData = {}): UserData {
  return origin === 'proactive' ? { ...userData, webengagement: '' } : userData;
}

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
