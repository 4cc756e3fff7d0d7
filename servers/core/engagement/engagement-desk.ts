/**
 * Webengagement interactions from the hot lead to one terminal queue: asks the strategy, sends the invite, follows its
 * answer, and ends what stays unanswered. Everything that must be one for all Backends about an engagement is decided
 * here.
 */
import type { ContactCenterSettings } from '#core/contact-center-settings.ts';
import type { ContactCenterTimer, Effect } from '#core/effects.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import {
  isInviteOpen,
  isTerminal,
  queueOf,
  type Interaction,
  type InteractionState,
} from '#core/engagement/interaction.ts';
import type { EngagementStrategy, StrategyEffect, VisitBusyWith } from '#core/engagement/strategy-port.ts';
import type { Disposition, EngagementChannel } from '#core/messages.ts';
import type { PacingDecision } from '#core/pacing/pacer.ts';
import type { PacingDesk } from '#core/pacing/pacing-desk.ts';
import type { ChatDesk } from '#core/routing/chat-desk.ts';
import type { EngagementTotals } from '#core/statistics/engagement-totals.ts';
import type { FailureReason } from '#core/statistics/fact.ts';
import { assertNever, present } from '#core/assert.ts';

/** After the browser's own timeout this long for its message to arrive, ms. */
const SILENCE_GRACE_MS = 10_000;

/** What is remembered of a visit while it lasts. */
interface VisitRecord {
  attempts: number;
  openInteraction: string | undefined;
}

export class EngagementDesk {
  readonly #settings: ContactCenterSettings;
  readonly #strategy: EngagementStrategy;
  readonly #pacing: PacingDesk;
  readonly #chats: ChatDesk;
  readonly #totals: EngagementTotals;
  readonly #interactions = new Map<string, Interaction>();
  readonly #visits = new Map<string, VisitRecord>();
  readonly #asked: StrategyEffect[] = [];
  #created = 0;

  constructor(
    settings: ContactCenterSettings,
    strategy: EngagementStrategy,
    pacing: PacingDesk,
    chats: ChatDesk,
    totals: EngagementTotals,
  ) {
    this.#settings = settings;
    this.#strategy = strategy;
    this.#pacing = pacing;
    this.#chats = chats;
    this.#totals = totals;
  }

  /** Interactions in Qualified and Engaged. */
  get open(): number {
    return this.#interactions.size;
  }

  leadArrived(lead: HotLead, at: number, out: Effect[]): void {
    this.#totals.hotLeads += 1;
    out.push({ type: 'note', fact: { kind: 'hotLead', at, lead } });
    const visit = this.#visitOf(lead.visitID);
    visit.attempts += 1;
    const interaction: Interaction = {
      interactionId: `i${(this.#created += 1)}`,
      lead,
      attemptNumber: visit.attempts,
      state: 'qualified',
      step: 0,
      group: undefined,
    };
    this.#interactions.set(interaction.interactionId, interaction);
    this.#entered(interaction, null, null, null, at, out);
    this.#askStrategy(interaction, visit, at, out);
  }

  disposition(message: Disposition, at: number, out: Effect[]): void {
    const interaction = this.#interactions.get(message.interactionId);
    if (interaction === undefined || interaction.lead.browserVisitID !== message.visitID) return;
    if (!isInviteOpen(interaction.state)) return;
    switch (message.code) {
      case 'shown':
        if (interaction.state !== 'invited') return;
        this.#totals.shown += 1;
        this.#move(interaction, 'shown', null, null, at, out);
        out.push({
          type: 'note',
          fact: {
            kind: 'inviteShown',
            at,
            interactionId: interaction.interactionId,
            visitID: interaction.lead.visitID,
          },
        });
        this.#arm(interaction, at + this.#settings.inviteTimeoutMs + SILENCE_GRACE_MS, out);
        return;
      case 'acceptCall':
        if (interaction.state === 'form') return;
        this.#move(interaction, 'form', null, null, at, out);
        this.#arm(interaction, at + this.#settings.registrationFormExpirationMs, out);
        return;
      case 'reject':
        this.#totals.rejected += 1;
        this.#endInvite(interaction, 'rejected', null, at, out);
        return;
      case 'timeout':
        this.#totals.timeout += 1;
        this.#endInvite(interaction, 'timeout', null, at, out);
        return;
      case 'formAbandoned':
        this.#failInvite(interaction, 'formAbandoned', at, out);
        return;
      default:
        assertNever(message.code, 'disposition');
    }
  }

  /** The chat is asked for: the moment of acceptance. A second request of the same visit changes nothing. */
  chatRequested(visitID: string, interactionId: string, at: number, out: Effect[]): void {
    const interaction = this.#interactions.get(interactionId);
    if (interaction === undefined || interaction.lead.browserVisitID !== visitID || !isInviteOpen(interaction.state))
      return;
    if (this.#chats.hasChat(visitID)) return;
    const group = interaction.group ?? present(this.#settings.chatGroups[0], 'chat group');
    this.#totals.accepted += 1;
    this.#pacing.inviteEnded(interaction.group, interactionId, 'accepted', at);
    this.#move(interaction, 'accepted', null, null, at, out);
    this.#chats.request(`c${interactionId.slice(1)}`, visitID, group, at, out);
  }

  overdue(timer: ContactCenterTimer & { kind: 'interactionOverdue' }, at: number, out: Effect[]): void {
    const interaction = this.#interactions.get(timer.interactionId);
    if (interaction === undefined || interaction.step !== timer.step) return;
    if (interaction.state === 'invited') this.#failInvite(interaction, 'notShown', at, out);
    else if (interaction.state === 'shown') this.#failInvite(interaction, 'silent', at, out);
    else if (interaction.state === 'form') this.#failInvite(interaction, 'formExpired', at, out);
  }

  visitEnded(visitID: string, at: number, out: Effect[]): void {
    const open = this.#visits.get(visitID)?.openInteraction;
    const interaction = open === undefined ? undefined : this.#interactions.get(open);
    if (interaction !== undefined && isInviteOpen(interaction.state)) {
      this.#failInvite(interaction, 'visitEnded', at, out);
    }
    this.#visits.delete(visitID);
  }

  #askStrategy(interaction: Interaction, visit: VisitRecord, at: number, out: Effect[]): void {
    const session = this.#strategy.createSession();
    const asked = this.#asked;
    asked.length = 0;
    this.#strategy.handle(
      session,
      {
        type: 'qualified',
        lead: interaction.lead,
        attemptNumber: interaction.attemptNumber,
        visitBusyWith: this.#busyWith(interaction.lead.browserVisitID, visit),
        defaultChannel: this.#settings.defaultChannel,
      },
      asked,
    );
    let decision: PacingDecision | null = null;
    for (let index = 0; index < asked.length; index += 1) {
      const effect = present(asked[index], 'strategy effect');
      switch (effect.type) {
        case 'fetchPermit': {
          const given = this.#pacing.requestPermit(interaction.interactionId, (g) => this.#chats.slotsOf(g), at);
          if (given?.permit.granted) interaction.group = given.group;
          decision = given?.permit.decision ?? null;
          this.#strategy.handle(session, { type: 'permit', permit: given?.permit ?? null }, asked);
          break;
        }
        case 'engage':
          this.#engage(interaction, visit, effect.channel, decision, at, out);
          return;
        case 'noEngage':
          this.#pacing.inviteEnded(interaction.group, interaction.interactionId, 'other', at);
          this.#totals.countRefusal(effect.reason);
          this.#move(interaction, 'failed', effect.reason, decision, at, out);
          return;
        default:
          assertNever(effect, 'strategy effect');
      }
    }
  }

  #engage(
    interaction: Interaction,
    visit: VisitRecord,
    channel: EngagementChannel,
    decision: PacingDecision | null,
    at: number,
    out: Effect[],
  ): void {
    const { lead, interactionId } = interaction;
    this.#totals.allowed += 1;
    this.#totals.sent += 1;
    visit.openInteraction = interactionId;
    this.#move(interaction, 'invited', null, decision, at, out);
    this.#arm(interaction, lead.at + this.#settings.engagementExpirationMs, out);
    out.push({
      type: 'toBackend',
      message: {
        type: 'invite',
        interactionId,
        visitID: lead.browserVisitID,
        frontend: lead.frontend,
        channel,
        rule: lead.firing.rule,
        timeoutMs: this.#settings.inviteTimeoutMs,
      },
    });
  }

  #failInvite(interaction: Interaction, reason: FailureReason, at: number, out: Effect[]): void {
    this.#totals.countFailure(reason);
    this.#endInvite(interaction, 'failed', reason, at, out);
  }

  /** Ends an invite in anything but a chat. */
  #endInvite(
    interaction: Interaction,
    state: 'rejected' | 'timeout' | 'failed',
    reason: FailureReason | null,
    at: number,
    out: Effect[],
  ): void {
    this.#pacing.inviteEnded(interaction.group, interaction.interactionId, 'other', at);
    this.#move(interaction, state, reason, null, at, out);
  }

  #move(
    interaction: Interaction,
    state: InteractionState,
    reason: FailureReason | null,
    decision: PacingDecision | null,
    at: number,
    out: Effect[],
  ): void {
    const from = interaction.state;
    interaction.state = state;
    interaction.step += 1;
    this.#entered(interaction, from, reason, decision, at, out);
    if (!isTerminal(state)) return;
    const visit = this.#visits.get(interaction.lead.visitID);
    if (visit?.openInteraction === interaction.interactionId) visit.openInteraction = undefined;
    this.#interactions.delete(interaction.interactionId);
  }

  /**
   * Queue counters, the row to store and the note, where the queue has changed; the row alone where only the step has.
   */
  #entered(
    interaction: Interaction,
    from: InteractionState | null,
    reason: FailureReason | null,
    decision: PacingDecision | null,
    at: number,
    out: Effect[],
  ): void {
    const { interactionId, lead, state } = interaction;
    out.push({
      type: 'commit',
      group: {
        store: 'operations',
        rows: [{ kind: 'interaction', id: interactionId, visitID: lead.visitID, state, at }],
      },
    });
    const names = this.#settings.queues;
    const to = queueOf(state, names);
    const left = from === null ? null : queueOf(from, names);
    if (left === to) return;
    if (left !== null) this.#totals.leaveQueue(left);
    this.#totals.enterQueue(to);
    if (isTerminal(state) && this.#settings.autoStop) this.#totals.leaveQueue(to);
    out.push({
      type: 'note',
      fact: {
        kind: 'interactionMoved',
        at,
        interactionId,
        visitID: lead.visitID,
        rule: lead.firing.rule,
        from: left,
        to,
        reason,
        decision,
      },
    });
  }

  #arm(interaction: Interaction, at: number, out: Effect[]): void {
    out.push({
      type: 'wake',
      at,
      timer: { kind: 'interactionOverdue', interactionId: interaction.interactionId, step: interaction.step },
    });
  }

  #busyWith(visitID: string, visit: VisitRecord): VisitBusyWith {
    if (this.#chats.hasChat(visitID)) return 'chat';
    return visit.openInteraction === undefined ? 'nothing' : 'invite';
  }

  #visitOf(visitID: string): VisitRecord {
    let visit = this.#visits.get(visitID);
    if (visit === undefined) {
      visit = { attempts: 0, openInteraction: undefined };
      this.#visits.set(visitID, visit);
    }
    return visit;
  }
}
