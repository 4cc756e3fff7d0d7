/**
 * Webengagement interactions from the hot lead to one terminal queue: asks the strategy, sends the invite, follows its
 * answer, and ends what stays unanswered. Everything that must be one for all Backends about an engagement is decided
 * here.
 */
import type { ContactCenterSettings } from '#core/contact-center-settings.ts';
import type { ContactCenterTimer, Effect } from '#core/effects.ts';
import type { ChangedRows } from '#core/engagement/changed-rows.ts';
import { FollowUpDesk, isFollowUp } from '#core/engagement/follow-up-desk.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import {
  isInviteOpen,
  isTerminal,
  queueOf,
  type Interaction,
  type InteractionState,
} from '#core/engagement/interaction.ts';
import { interactionOfRow, rowOfInteraction, type InteractionRow } from '#core/engagement/interaction-row.ts';
import type { EngagementStrategy, StrategyEffect, VisitBusyWith } from '#core/engagement/strategy-port.ts';
import { VisitMemory } from '#core/engagement/visit-memory.ts';
import type { ChatRequest, Disposition, EngagementChannel, Relayed } from '#core/messages.ts';
import type { PacingDecision } from '#core/pacing/pacer.ts';
import type { PacingDesk } from '#core/pacing/pacing-desk.ts';
import type { ChatDesk } from '#core/routing/chat-desk.ts';
import type { FailureReason } from '#core/statistics/fact.ts';
import { assertNever, present } from '#core/assert.ts';

/** After the browser's own timeout this long for its message to arrive, ms. */
const SILENCE_GRACE_MS = 10_000;

/** Visits without an interaction for this long are taken to be over when the contact center comes back, ms. */
const VISIT_MEMORY_MS = 24 * 3_600_000;

export class EngagementDesk {
  readonly followUps: FollowUpDesk;
  readonly #settings: ContactCenterSettings;
  readonly #strategy: EngagementStrategy;
  readonly #pacing: PacingDesk;
  readonly #chats: ChatDesk;
  readonly #rows: ChangedRows;
  readonly #interactions = new Map<string, Interaction>();
  readonly #visits = new VisitMemory();
  readonly #asked: StrategyEffect[] = [];

  constructor(
    settings: ContactCenterSettings,
    strategy: EngagementStrategy,
    pacing: PacingDesk,
    chats: ChatDesk,
    rows: ChangedRows,
  ) {
    this.#settings = settings;
    this.#strategy = strategy;
    this.#pacing = pacing;
    this.#chats = chats;
    this.#rows = rows;
    this.followUps = new FollowUpDesk(settings.queues.followUp, rows);
  }

  /** Interactions in Qualified and Engaged. */
  get open(): number {
    return this.#interactions.size;
  }

  /** A lead that is known already changes nothing. */
  leadArrived(lead: HotLead, interactionId: string, at: number, out: Effect[]): void {
    if (this.#visits.knowsLead(lead.visitID, lead.id)) return;
    out.push({ type: 'note', fact: { kind: 'hotLead', at, lead } });
    const visit = this.#visits.of(lead.visitID);
    visit.leads.add(lead.id);
    if (isFollowUp(lead)) {
      this.followUps.create(lead, interactionId, at, out);
      return;
    }
    visit.attempts += 1;
    const interaction: Interaction = {
      interactionId,
      lead,
      attemptNumber: visit.attempts,
      state: 'qualified',
      step: 0,
      group: undefined,
      permitAt: undefined,
      channel: undefined,
      dueAt: undefined,
    };
    this.#interactions.set(interactionId, interaction);
    this.#entered(interaction, null, null, null, at, out);
    this.#askStrategy(interaction, at, out);
  }

  disposition(message: Disposition, at: number, out: Effect[]): void {
    const interaction = this.#interactions.get(message.interactionId);
    if (interaction === undefined || interaction.lead.browserVisitID !== message.visitID) return;
    if (!isInviteOpen(interaction.state)) return;
    switch (message.code) {
      case 'shown':
        if (interaction.state !== 'invited') return;
        this.#wait(interaction, 'shown', at + this.#settings.inviteTimeoutMs + SILENCE_GRACE_MS, at, out);
        out.push({
          type: 'note',
          fact: {
            kind: 'inviteShown',
            at,
            interactionId: interaction.interactionId,
            visitID: interaction.lead.visitID,
          },
        });
        return;
      case 'acceptCall':
        if (interaction.state === 'form') return;
        this.#wait(interaction, 'form', at + this.#settings.registrationFormExpirationMs, at, out);
        return;
      case 'reject':
        this.#endInvite(interaction, 'rejected', null, at, out);
        return;
      case 'timeout':
        this.#endInvite(interaction, 'timeout', null, at, out);
        return;
      case 'formAbandoned':
        this.#endInvite(interaction, 'failed', 'formAbandoned', at, out);
        return;
      default:
        assertNever(message.code, 'disposition');
    }
  }

  /**
   * The chat is asked for: the moment of acceptance. A visit that has a chat is told how it stands, and nothing
   * changes.
   */
  chatRequested(request: Relayed<ChatRequest>, at: number, out: Effect[]): void {
    const { visitID, interactionId, via } = request;
    if (this.#chats.hasChat(visitID)) {
      this.#chats.resume(request, at, out);
      return;
    }
    const interaction = this.#interactions.get(interactionId);
    if (interaction === undefined || interaction.lead.browserVisitID !== visitID) return;
    if (!isInviteOpen(interaction.state)) return;
    const group = interaction.group ?? present(this.#settings.chatGroups[0], 'chat group');
    this.#pacing.inviteEnded(interaction.group, interactionId, 'accepted', at);
    this.#move(interaction, 'accepted', null, null, at, out);
    this.#chats.request({ chatId: `c-${interactionId}`, visitID, group, via }, at, out);
  }

  overdue(timer: ContactCenterTimer & { kind: 'interactionOverdue' }, at: number, out: Effect[]): void {
    const interaction = this.#interactions.get(timer.interactionId);
    if (interaction === undefined || interaction.step !== timer.step) return;
    if (interaction.state === 'invited') this.#endInvite(interaction, 'failed', 'notShown', at, out);
    else if (interaction.state === 'shown') this.#endInvite(interaction, 'failed', 'silent', at, out);
    else if (interaction.state === 'form') this.#endInvite(interaction, 'failed', 'formExpired', at, out);
  }

  visitEnded(visitID: string, at: number, out: Effect[]): void {
    const open = this.#visits.get(visitID)?.openInteraction;
    const interaction = open === undefined ? undefined : this.#interactions.get(open);
    if (interaction !== undefined && isInviteOpen(interaction.state)) {
      this.#endInvite(interaction, 'failed', 'visitEnded', at, out);
    }
    this.#visits.end(visitID);
  }

  /** Each visit with its attempts and leads, each open interaction as its row has it; tells nobody. */
  restore(rows: readonly InteractionRow[], at: number): void {
    for (const row of rows) {
      if (row.state === 'followUp') this.followUps.restore();
      // A follow-up waits for nothing that its visit does.
      const over = isTerminal(row.state) || row.state === 'followUp';
      if (over && row.at < at - VISIT_MEMORY_MS) {
        this.#visits.rememberEnded(row.lead.id);
        continue;
      }
      const visit = this.#visits.of(row.visitID);
      visit.leads.add(row.lead.id);
      visit.attempts = Math.max(visit.attempts, row.attemptNumber);
      if (over) continue;
      this.#interactions.set(row.id, interactionOfRow(row));
      if (isInviteOpen(row.state)) visit.openInteraction = row.id;
    }
  }

  /**
   * Goes on with what `restore` has taken up: due as it was but not before now; an invite that nobody has shown is sent
   * again.
   */
  resume(at: number, out: Effect[]): void {
    for (const interaction of this.#interactions.values()) {
      if (interaction.dueAt !== undefined) this.#arm(interaction, Math.max(at, interaction.dueAt), out);
      if (interaction.state === 'invited') this.#sendInvite(interaction, out);
      if (interaction.state === 'qualified') this.#askStrategy(interaction, at, out);
    }
  }

  /** Invites that a group's permit is charged with. */
  pendingOf(group: string): readonly { readonly id: string; readonly sentAt: number }[] {
    const pending: { readonly id: string; readonly sentAt: number }[] = [];
    for (const { interactionId, group: charged, permitAt } of this.#interactions.values()) {
      if (charged === group && permitAt !== undefined) pending.push({ id: interactionId, sentAt: permitAt });
    }
    return pending;
  }

  #askStrategy(interaction: Interaction, at: number, out: Effect[]): void {
    const session = this.#strategy.createSession();
    const asked = this.#asked;
    asked.length = 0;
    this.#strategy.handle(
      session,
      {
        type: 'qualified',
        lead: interaction.lead,
        attemptNumber: interaction.attemptNumber,
        visitBusyWith: this.#busyWith(interaction.lead),
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
          if (given?.permit.granted) {
            interaction.group = given.group;
            interaction.permitAt = at;
          }
          decision = given?.permit.decision ?? null;
          this.#strategy.handle(session, { type: 'permit', permit: given?.permit ?? null }, asked);
          break;
        }
        case 'engage':
          this.#engage(interaction, effect.channel, decision, at, out);
          return;
        case 'noEngage':
          this.#pacing.inviteEnded(interaction.group, interaction.interactionId, 'other', at);
          this.#move(interaction, 'failed', effect.reason, decision, at, out);
          return;
        default:
          assertNever(effect, 'strategy effect');
      }
    }
  }

  #engage(
    interaction: Interaction,
    channel: EngagementChannel,
    decision: PacingDecision | null,
    at: number,
    out: Effect[],
  ): void {
    const { lead } = interaction;
    this.#visits.of(lead.visitID).openInteraction = interaction.interactionId;
    interaction.channel = channel;
    interaction.dueAt = lead.at + this.#settings.engagementExpirationMs;
    this.#move(interaction, 'invited', null, decision, at, out);
    this.#arm(interaction, interaction.dueAt, out);
    this.#sendInvite(interaction, out);
  }

  #sendInvite({ lead, interactionId, channel }: Interaction, out: Effect[]): void {
    out.push({
      type: 'toBackend',
      node: null,
      message: {
        type: 'invite',
        interactionId,
        visitID: lead.browserVisitID,
        frontend: lead.frontend,
        channel: present(channel, 'channel of an invite'),
        rule: lead.firing.rule,
        timeoutMs: this.#settings.inviteTimeoutMs,
      },
    });
  }

  /** On to a state that waits for the visitor until `dueAt`. */
  #wait(interaction: Interaction, state: 'shown' | 'form', dueAt: number, at: number, out: Effect[]): void {
    interaction.dueAt = dueAt;
    this.#move(interaction, state, null, null, at, out);
    this.#arm(interaction, dueAt, out);
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
    if (isTerminal(state)) interaction.dueAt = undefined;
    this.#entered(interaction, from, reason, decision, at, out);
    if (!isTerminal(state)) return;
    const visit = this.#visits.get(interaction.lead.visitID);
    if (visit?.openInteraction === interaction.interactionId) visit.openInteraction = undefined;
    this.#interactions.delete(interaction.interactionId);
  }

  /**
   * The row to store, and the note where the queue has changed.
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
    this.#rows.put(rowOfInteraction(interaction, at));
    const names = this.#settings.queues;
    const to = queueOf(state, names);
    const left = from === null ? null : queueOf(from, names);
    if (left === to) return;
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
        before: from,
        after: state,
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

  #busyWith({ visitID, browserVisitID }: HotLead): VisitBusyWith {
    if (this.#chats.hasChat(browserVisitID)) return 'chat';
    return this.#visits.of(visitID).openInteraction === undefined ? 'nothing' : 'invite';
  }
}
