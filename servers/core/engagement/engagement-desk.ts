/**
 * Webengagement interactions from the hot lead to one terminal queue: has the strategy decide, sends the invite, follows its
 * answer, and ends what stays unanswered. Everything that must be one for all Backends about an engagement is decided
 * here.
 */
import { assertNever, present } from '#core/assert.ts';
import type { ContactCenterSettings } from '#core/contact-center-settings.ts';
import type { ContactCenterTimer, Effect } from '#core/effects.ts';
import { AcceptanceDesk, type AcceptanceDeskParts } from '#core/engagement/acceptance-desk.ts';
import type { ChangedRows } from '#core/engagement/changed-rows.ts';
import { EngagementSessions, type EngagementOrders } from '#core/engagement/engagement-sessions.ts';
import { FollowUpDesk, isFollowUp } from '#core/engagement/follow-up-desk.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import { InteractionBook, type MoveWhy } from '#core/engagement/interaction-book.ts';
import { OutsideDesk } from '#core/engagement/outside-desk.ts';
import { interactionOfRow, type InteractionRow } from '#core/engagement/interaction-row.ts';
import {
  isInviteOpen,
  isTerminal,
  type EngagedState,
  type Interaction,
  type TerminalState,
} from '#core/engagement/interaction.ts';
import type { EngagementStrategy } from '#core/engagement/strategy-port.ts';
import type { Disposition, DispositionCode, EngagementChannel, FollowUpAction, Relayed } from '#core/messages.ts';
import type { PacingDesk } from '#core/pacing/pacing-desk.ts';
import type { FailureReason } from '#core/engagement/failure-reason.ts';

/** After the browser's own timeout this long for its message to arrive, ms. */
const SILENCE_GRACE_MS = 10_000;

/** How often interactions that are stuck are looked for, ms: our own, the guide names none. */
export const CLEANING_PERIOD_MS = 60_000;

/** Why an interaction that has waited for too long has failed. */
const OVERDUE: Readonly<Record<'qualified' | EngagedState, FailureReason>> = {
  qualified: 'undecided',
  invited: 'notShown',
  shown: 'silent',
  form: 'formExpired',
};

/** The desks that it works with, and what its rows go to. */
export interface EngagementDeskParts extends Omit<AcceptanceDeskParts, 'book' | 'sessions'> {
  readonly strategy: EngagementStrategy;
  readonly rows: ChangedRows;
}

export class EngagementDesk implements EngagementOrders {
  readonly acceptances: AcceptanceDesk;
  readonly followUps: FollowUpDesk;
  readonly outside: OutsideDesk;
  readonly sessions: EngagementSessions;
  readonly #settings: ContactCenterSettings;
  readonly #pacing: PacingDesk;
  readonly #book: InteractionBook;

  constructor({ strategy, rows, ...desks }: EngagementDeskParts) {
    const { settings, pacing, chats } = desks;
    this.#settings = settings;
    this.#pacing = pacing;
    this.#book = new InteractionBook(settings, rows);
    this.sessions = new EngagementSessions(settings, strategy, this.#book, pacing, chats, this);
    this.acceptances = new AcceptanceDesk({ ...desks, book: this.#book, sessions: this.sessions });
    this.outside = new OutsideDesk(this.#book, this.sessions, pacing, settings.engagementExpirationMs);
    this.followUps = new FollowUpDesk(settings.queues, this.#book.ended, rows);
  }

  /** Interactions in Qualified and Engaged. */
  get open(): number {
    return this.#book.size;
  }

  /** Interactions that have ended and not been stopped. */
  get standing(): number {
    return this.#book.ended.size;
  }

  /**
   * What the views `<queue>.Clean` of the original do: ended interactions are stopped after a while, and what is still open when
   * all that could end it is long over fails.
   */
  clean(at: number, out: Effect[]): void {
    this.#book.ended.clean(at, out);
    for (const interaction of this.#book.all()) {
      if (interaction.since <= at - this.#stuckAfterMs)
        this.#end(interaction, 'failed', { reason: 'cleaned' }, at, out);
    }
  }

  /** A lead that is known already changes nothing. */
  leadArrived(lead: HotLead, interactionId: string, at: number, out: Effect[]): void {
    const { visits } = this.#book;
    if (visits.knowsLead(lead.visitID, lead.id)) return;
    out.push({ type: 'note', fact: { kind: 'hotLead', at, lead } });
    visits.of(lead.visitID).leads.add(lead.id);
    if (isFollowUp(lead)) {
      this.followUps.create(lead, interactionId, at, out);
      return;
    }
    this.#decide(this.#book.create(lead, interactionId, at, out), at, out);
  }

  /** What an agent does about follow-ups. Approved, one goes the way of every hot lead, as if it had arisen now. */
  followUpAction(action: Relayed<FollowUpAction>, at: number, out: Effect[]): void {
    const { agentId, via } = action;
    switch (action.type) {
      case 'listFollowUps': {
        const message = { type: 'followUps', agentId, followUps: this.followUps.list() } as const;
        out.push({ type: 'toBackend', node: via, message });
        return;
      }
      case 'approveFollowUp': {
        const followUp = this.followUps.take(action.interactionId);
        if (followUp !== undefined) this.#approve(followUp, at, out);
        return;
      }
      case 'dismissFollowUp':
        this.followUps.dismiss(action.interactionId, at, out);
        return;
      default:
        assertNever(action, 'what an agent does about follow-ups');
    }
  }

  disposition(message: Disposition, at: number, out: Effect[]): void {
    const interaction = this.#book.get(message.interactionId);
    if (interaction === undefined || interaction.lead.browserVisitID !== message.visitID) return;
    if (!isInviteOpen(interaction.state)) return;
    const { code } = message;
    switch (code) {
      case 'shown':
        if (interaction.state === 'invited') this.#shown(interaction, at, out);
        return;
      case 'acceptCall':
        if (interaction.state === 'form') return;
        this.#wait(interaction, 'form', at + this.#settings.registrationFormExpirationMs, at, out);
        this.sessions.disposition(interaction, code, at, out);
        return;
      case 'reject':
        this.#answered(interaction, code, 'rejected', {}, at, out);
        return;
      case 'timeout':
        this.#answered(interaction, code, 'timeout', {}, at, out);
        return;
      case 'formAbandoned':
        this.#answered(interaction, code, 'failed', { reason: 'formAbandoned' }, at, out);
        return;
      default:
        assertNever(code, 'disposition');
    }
  }

  overdue(timer: ContactCenterTimer & { kind: 'interactionOverdue' }, at: number, out: Effect[]): void {
    const interaction = this.#book.get(timer.interactionId);
    if (interaction === undefined || interaction.step !== timer.step) return;
    const { state } = interaction;
    if (state !== 'qualified' && !isInviteOpen(state)) return;
    this.#release(interaction, at);
    this.#book.move(interaction, 'failed', { reason: OVERDUE[state] }, at, out);
    this.sessions.expired(interaction, at, out);
    this.sessions.ended(interaction, 'failed', at, out);
  }

  visitEnded(visitID: string, at: number, out: Effect[]): void {
    const { visits } = this.#book;
    for (const { interactionId } of visits.get(visitID)?.attempts ?? []) {
      const interaction = this.#book.get(interactionId);
      if (interaction !== undefined) this.#end(interaction, 'failed', { reason: 'visitEnded' }, at, out);
    }
    this.#book.visitEnded(visitID);
  }

  /** Each visit with its attempts and leads, each open interaction as its row has it; tells nobody. */
  restore(rows: readonly InteractionRow[], at: number): void {
    this.#book.restore(rows, at);
    for (const row of rows) if (row.state === 'followUp') this.followUps.restore(interactionOfRow(row));
  }

  /**
   * Goes on with what `restore` has taken up, in fresh sessions: due as it was but not before now; an invite that nobody has
   * shown is sent again, unless it is overdue: rows of an old backup must not engage anybody a second time.
   */
  resume(at: number, out: Effect[]): void {
    for (const interaction of this.#book.all()) {
      if (interaction.state === 'qualified') {
        this.#decide(interaction, at, out);
        continue;
      }
      const { dueAt } = interaction;
      if (dueAt !== undefined) this.#arm(interaction, Math.max(at, dueAt), out);
      if (interaction.state === 'invited' && (dueAt === undefined || dueAt > at)) this.#sendInvite(interaction, out);
      this.sessions.start(interaction, at, out);
    }
  }

  /** Invites that a group's permit is charged with. */
  pendingOf(group: string): readonly { readonly id: string; readonly sentAt: number }[] {
    const pending: { readonly id: string; readonly sentAt: number }[] = [];
    for (const { interactionId, group: charged, permitAt } of this.#book.all()) {
      if (charged === group && permitAt !== undefined) pending.push({ id: interactionId, sentAt: permitAt });
    }
    return pending;
  }

  engage(interaction: Interaction, channel: EngagementChannel, at: number, out: Effect[]): void {
    interaction.channel = channel;
    interaction.dueAt = interaction.lead.at + this.#settings.engagementExpirationMs;
    this.#book.move(interaction, 'invited', {}, at, out);
    this.#arm(interaction, interaction.dueAt, out);
    this.#sendInvite(interaction, out);
  }

  refuse(interaction: Interaction, reason: FailureReason, text: string, at: number, out: Effect[]): void {
    this.#end(interaction, 'failed', { reason, text }, at, out);
  }

  /** In one state; the longest that any can last, and as long again as a cleaning takes to come. */
  get #stuckAfterMs(): number {
    const { engagementExpirationMs, inviteTimeoutMs, registrationFormExpirationMs } = this.#settings;
    const longest = Math.max(engagementExpirationMs, inviteTimeoutMs + SILENCE_GRACE_MS, registrationFormExpirationMs);
    return longest + CLEANING_PERIOD_MS;
  }

  #approve(followUp: Interaction, at: number, out: Effect[]): void {
    const interaction = this.#book.adopt(followUp, at, out);
    const { visitID, onSite } = interaction.lead;
    this.#decide(interaction, at, out);
    // Nobody will say again that the visit is over.
    if (!onSite && isTerminal(interaction.state)) this.#book.visitEnded(visitID);
  }

  /** A session that has not decided at once has time until the interaction expires. */
  #decide(interaction: Interaction, at: number, out: Effect[]): void {
    this.sessions.start(interaction, at, out);
    if (interaction.state !== 'qualified') return;
    interaction.dueAt = Math.max(at, interaction.lead.at + this.#settings.engagementExpirationMs);
    this.#book.changed(interaction, at);
    this.#arm(interaction, interaction.dueAt, out);
  }

  #sendInvite({ lead, interactionId, channel, attemptNumber, registrationRequired }: Interaction, out: Effect[]): void {
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
        attemptNumber,
        registrationRequired,
        timeoutMs: this.#settings.inviteTimeoutMs,
      },
    });
  }

  #shown(interaction: Interaction, at: number, out: Effect[]): void {
    this.#wait(interaction, 'shown', at + this.#settings.inviteTimeoutMs + SILENCE_GRACE_MS, at, out);
    const { interactionId, lead } = interaction;
    out.push({ type: 'note', fact: { kind: 'inviteShown', at, interactionId, visitID: lead.visitID } });
    this.sessions.disposition(interaction, 'shown', at, out);
  }

  /** On to a state that waits for the visitor until `dueAt`. */
  #wait(interaction: Interaction, state: 'shown' | 'form', dueAt: number, at: number, out: Effect[]): void {
    interaction.dueAt = dueAt;
    this.#book.move(interaction, state, {}, at, out);
    this.#arm(interaction, dueAt, out);
  }

  /** The visitor's answer ends the invite in anything but a chat. */
  #answered(
    interaction: Interaction,
    code: DispositionCode,
    state: Exclude<TerminalState, 'accepted'>,
    why: MoveWhy,
    at: number,
    out: Effect[],
  ): void {
    this.#release(interaction, at);
    this.#book.move(interaction, state, why, at, out);
    this.sessions.disposition(interaction, code, at, out);
    this.sessions.ended(interaction, state, at, out);
  }

  #end(
    interaction: Interaction,
    state: Exclude<TerminalState, 'accepted'>,
    why: MoveWhy,
    at: number,
    out: Effect[],
  ): void {
    if (isTerminal(interaction.state)) return;
    this.#release(interaction, at);
    this.#book.move(interaction, state, why, at, out);
    this.sessions.ended(interaction, state, at, out);
  }

  /** Pacing counts the invite no more; one that was never asked for is not counted at all, and of one never sent nothing is learned. */
  #release({ group, interactionId, state }: Interaction, at: number): void {
    this.#pacing.inviteEnded(group, interactionId, state === 'qualified' ? 'returned' : 'other', at);
  }

  #arm({ interactionId, step }: Interaction, at: number, out: Effect[]): void {
    out.push({ type: 'wake', at, timer: { kind: 'interactionOverdue', interactionId, step } });
  }
}
