/**
 * Hosts the engagement strategy's sessions: what they may know, and what becomes of what they want. One engagement a visit, a
 * permit charged once and a decision taken once are kept here, whatever a strategy does.
 */
import { assertNever, present } from '#core/assert.ts';
import type { ContactCenterSettings } from '#core/contact-center-settings.ts';
import type { ContactCenterTimer, Effect } from '#core/effects.ts';
import type { InteractionBook } from '#core/engagement/interaction-book.ts';
import { isInviteOpen, isTerminal, type Interaction, type TerminalState } from '#core/engagement/interaction.ts';
import { SessionHost, type SessionOwner } from '#core/engagement/session-host.ts';
import type {
  EngagementEffect,
  EngagementEvent,
  EngagementInput,
  EngagementStrategy,
  VisitBusyWith,
} from '#core/engagement/strategy-port.ts';
import type { SessionEffect, SessionEvent } from '#core/engagement/strategy-session.ts';
import { attachUserData, userDataOfLead, type UserData } from '#core/engagement/attachments.ts';
import type { DispositionCode, EngagementChannel } from '#core/messages.ts';
import type { PacingChannel } from '#core/pacing/pacing-channel.ts';
import type { PacingDesk } from '#core/pacing/pacing-desk.ts';
import { permitChannelOf } from '#core/pacing/permit-channel.ts';
import type { ChatDesk } from '#core/routing/chat-desk.ts';
import type { FailureReason } from '#core/engagement/failure-reason.ts';

type OwnEvent = Exclude<EngagementEvent, SessionEvent>;
type OwnEffect = Exclude<EngagementEffect, SessionEffect>;
type PermitTold = Extract<OwnEvent, { readonly type: 'permit' }>;

/** What the desk does to an interaction in Qualified when its session has decided, or to an open one when it has failed. */
export interface EngagementOrders {
  engage(interaction: Interaction, channel: EngagementChannel, at: number, out: Effect[]): void;
  refuse(interaction: Interaction, reason: FailureReason, text: string, at: number, out: Effect[]): void;
}

export class EngagementSessions implements SessionOwner<OwnEvent, OwnEffect> {
  readonly kind = 'engagement';
  readonly #settings: ContactCenterSettings;
  readonly #strategy: EngagementStrategy;
  readonly #book: InteractionBook;
  readonly #pacing: PacingDesk;
  readonly #chats: ChatDesk;
  readonly #orders: EngagementOrders;
  readonly #host = new SessionHost<OwnEvent, OwnEffect>(this);
  /** What a session is about, for as long as it lives. */
  readonly #subjects = new Map<string, Interaction>();

  constructor(
    settings: ContactCenterSettings,
    strategy: EngagementStrategy,
    book: InteractionBook,
    pacing: PacingDesk,
    chats: ChatDesk,
    orders: EngagementOrders,
  ) {
    this.#settings = settings;
    this.#strategy = strategy;
    this.#book = book;
    this.#pacing = pacing;
    this.#chats = chats;
    this.#orders = orders;
  }

  /** For a new interaction, or one whose session was lost with the contact center's last life. */
  start(interaction: Interaction, at: number, out: Effect[]): void {
    const { interactionId, lead, attemptNumber, state } = interaction;
    this.#subjects.set(interactionId, interaction);
    const input: EngagementInput = {
      interactionId,
      lead,
      attemptNumber,
      userData: this.userDataOf(interaction),
      visitBusyWith: this.#busyWith(interaction),
      defaultChannel: this.#settings.defaultChannel,
      channels: this.#pacing.channels,
      expiresAt: lead.at + this.#settings.engagementExpirationMs,
      resumed: isInviteOpen(state) ? state : null,
    };
    this.#host.start(interactionId, () => this.#strategy.createSession(input, at), at, out);
  }

  disposition({ interactionId }: Interaction, code: DispositionCode, at: number, out: Effect[]): void {
    this.#host.give(interactionId, { type: 'disposition', code }, at, out);
  }

  expired({ interactionId }: Interaction, at: number, out: Effect[]): void {
    this.#host.give(interactionId, { type: 'expired' }, at, out);
  }

  /** The interaction has come into a terminal queue. */
  ended({ interactionId, reason }: Interaction, state: TerminalState, at: number, out: Effect[]): void {
    this.#host.end(interactionId, { type: 'ended', state, reason }, at, out);
  }

  due(timer: ContactCenterTimer & { kind: 'strategyDue' }, at: number, out: Effect[]): void {
    this.#host.due(timer, at, out);
  }

  /** All user data of an interaction: what it began with, and what strategies have attached. */
  userDataOf({ lead, attemptNumber, attached }: Interaction): UserData {
    return attachUserData(userDataOfLead(lead, attemptNumber, this.#settings.userIdentifier), attached);
  }

  visitOf(id: string): string {
    return this.#subject(id).lead.visitID;
  }

  attach(id: string, userData: UserData, at: number): void {
    const interaction = this.#subject(id);
    if (Object.keys(userData).length === 0) return;
    interaction.attached = attachUserData(interaction.attached, userData);
    this.#book.changed(interaction, at);
  }

  perform(id: string, effect: OwnEffect, at: number, out: Effect[]): OwnEvent | undefined {
    const interaction = this.#subject(id);
    switch (effect.type) {
      case 'fetchPermit':
        return this.permit(interaction, effect.channel, at);
      case 'fetchHistory':
        return this.#history(interaction);
      case 'engage':
        this.engage(interaction, effect, at, out);
        return undefined;
      case 'noEngage':
        this.refuse(interaction, effect, at, out);
        return undefined;
      default:
        return assertNever(effect, 'effect of an engagement strategy');
    }
  }

  closed(id: string, failure: string | null, at: number, out: Effect[]): void {
    const interaction = this.#subject(id);
    this.#subjects.delete(id);
    if (isTerminal(interaction.state)) return;
    if (failure !== null) this.#orders.refuse(interaction, 'strategyFailed', failure, at, out);
    else if (interaction.state === 'qualified') {
      this.#orders.refuse(interaction, 'strategyFailed', 'it ended without a decision', at, out);
    }
  }

  over(id: string): void {
    this.#subjects.delete(id);
  }

  #subject(id: string): Interaction {
    return present(this.#subjects.get(id), `interaction of the session ${id}`);
  }

  /**
   * Counts in Qualified alone. A visit has one engagement, also where two sessions of it have waited before they decided, or a
   * strategy outside has.
   */
  engage(
    interaction: Interaction,
    { channel, userData, registrationRequired }: Omit<OwnEffect & { readonly type: 'engage' }, 'type'>,
    at: number,
    out: Effect[],
  ): void {
    if (interaction.state !== 'qualified') return;
    const busy = this.#busyWith(interaction);
    if (busy !== 'nothing') {
      this.#orders.refuse(interaction, busy === 'chat' ? 'chatOpen' : 'inviteOpen', '', at, out);
      return;
    }
    this.#giveBack(interaction, permitChannelOf(channel), at);
    this.attach(interaction.interactionId, userData, at);
    interaction.registrationRequired = registrationRequired;
    this.#orders.engage(interaction, channel, at, out);
  }

  /** Counts in Qualified alone. */
  refuse(
    interaction: Interaction,
    { reason, text }: Omit<OwnEffect & { readonly type: 'noEngage' }, 'type'>,
    at: number,
    out: Effect[],
  ): void {
    if (interaction.state === 'qualified') this.#orders.refuse(interaction, reason, text, at, out);
  }

  /** One permit an interaction: that of the channel which was asked for last. Once it is engaged there is none to be had. */
  permit(interaction: Interaction, channel: EngagementChannel, at: number): PermitTold {
    const wanted = permitChannelOf(channel);
    const { interactionId, state } = interaction;
    if (state === 'qualified') this.#giveBack(interaction, wanted, at);
    const { group, decision } = interaction;
    if (group !== undefined && decision !== null && this.#pacing.channelOf(group) === wanted) {
      return { type: 'permit', channel, permit: { granted: true, decision }, group };
    }
    if (state !== 'qualified') return { type: 'permit', channel, permit: null, group: null };
    const given = this.#pacing.requestPermit(wanted, interactionId, (name) => this.#chats.slotsOf(name), at);
    // Nobody there on one channel explains less than the refusal that another has given.
    const isOfOther = decision !== null && this.#pacing.channelOf(decision.group) !== wanted;
    interaction.decision = given?.permit.decision ?? (isOfOther ? decision : null);
    if (given?.permit.granted) {
      interaction.group = given.group;
      interaction.permitAt = at;
    }
    return { type: 'permit', channel, permit: given?.permit ?? null, group: given?.group ?? null };
  }

  /** A permit of another channel than `kept`: the invite that it was for will not go out. */
  #giveBack(interaction: Interaction, kept: PacingChannel, at: number): void {
    const { group, interactionId } = interaction;
    if (group === undefined || this.#pacing.channelOf(group) === kept) return;
    this.#pacing.inviteEnded(group, interactionId, 'returned', at);
    interaction.group = undefined;
    interaction.permitAt = undefined;
    interaction.decision = null;
  }

  #history(interaction: Interaction): OwnEvent {
    const { visitID, scope, identity } = interaction.lead;
    return {
      type: 'history',
      history: {
        visitID,
        scope,
        identity: identity ?? null,
        attempts: [...(this.#book.visits.get(visitID)?.attempts ?? [])],
        visitBusyWith: this.#busyWith(interaction),
      },
    };
  }

  /** What else the visit is in the middle of. */
  #busyWith({ interactionId, lead }: Interaction): VisitBusyWith {
    if (this.#chats.hasChat(lead.browserVisitID) || this.#chats.hasCallback(lead.browserVisitID)) return 'chat';
    const open = this.#book.visits.get(lead.visitID)?.openInteraction;
    return open === undefined || open === interactionId ? 'nothing' : 'invite';
  }
}
