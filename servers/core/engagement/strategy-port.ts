/**
 * The port behind which engagement strategies run (Engagement Logic): one strategy for the queue Qualified, a session an
 * interaction, from its creation until the session says that it is done, at the latest until the interaction has ended.
 *
 * While the interaction is Qualified the session decides: `engage` or `noEngage`, once, before `expiresAt`. After that it may
 * follow what becomes of the invite and attach user data for chat routing. The contact center keeps the promises whatever a
 * strategy does: one engagement a visit, one terminal queue, a permit spent once.
 */
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { EngagedState, InteractionState, TerminalState } from '#core/engagement/interaction.ts';
import type { SessionEffect, SessionEvent, StrategySession } from '#core/engagement/strategy-session.ts';
import type { UserData } from '#core/engagement/attachments.ts';
import type { DispositionCode, EngagementChannel } from '#core/messages.ts';
import type { Permit } from '#core/pacing/pacer.ts';
import type { FailureReason, RefusalReason } from '#core/engagement/failure-reason.ts';

/** What the visit is in the middle of. */
export type VisitBusyWith = 'nothing' | 'invite' | 'chat';

/** What a session is told when it is created. */
export interface EngagementInput {
  readonly interactionId: string;
  readonly lead: HotLead;
  /** The how-manieth attempt to engage in this visit, 1 being the first. */
  readonly attemptNumber: number;
  readonly userData: UserData;
  readonly visitBusyWith: VisitBusyWith;
  /** `wmsg.connector.defaultEngagementChannel`, which turns pacing off; null: not set. */
  readonly defaultChannel: EngagementChannel | null;
  /** The channels that have agent groups which are paced, chats first; none where pacing is off. */
  readonly channels: readonly EngagementChannel[];
  /** `wmsg.connector.engagementExpirationTime` after the interaction's creation, ms: until then the invite must be shown. */
  readonly expiresAt: number;
  /**
   * How far the interaction was when the contact center went down, for the session that takes the place of the one that was lost
   * with it; null: it begins. Qualified begins again, so that this is null or a state of Engaged.
   */
  readonly resumed: EngagedState | null;
}

/** One attempt to engage in the visit, the current one among them. */
export interface KnownAttempt {
  readonly interactionId: string;
  readonly attemptNumber: number;
  readonly rule: string;
  /** Of the page where the hot lead arose. */
  readonly category: string;
  readonly url: string;
  readonly createdAt: number;
  readonly state: InteractionState;
  /** Why it ended in Failed; null: it did not. */
  readonly reason: FailureReason | null;
  /** When it came into this state. */
  readonly since: number;
}

/**
 * What the contact center itself knows of the visit, at once and also after a restart: its attempts, oldest first, and what it
 * is in the middle of. Pages without a hot lead and earlier visits are the history store's, behind its REST interface.
 */
export interface VisitHistory {
  readonly visitID: string;
  readonly scope: HotLead['scope'];
  readonly identity: string | null;
  readonly attempts: readonly KnownAttempt[];
  readonly visitBusyWith: VisitBusyWith;
}

export type EngagementEvent =
  | SessionEvent
  /** Answers `fetchPermit`. `permit` null: nobody is logged in to serve the channel (or the invite is out, on another one). `group` has given or refused it. */
  | {
      readonly type: 'permit';
      readonly channel: EngagementChannel;
      readonly permit: Permit | null;
      readonly group: string | null;
    }
  /** Answers `fetchHistory`. */
  | { readonly type: 'history'; readonly history: VisitHistory }
  /** What the visitor's browser says of the invite, once each. */
  | { readonly type: 'disposition'; readonly code: DispositionCode }
  /** The interaction was not decided, shown, answered or filled in in time: `ended` follows. */
  | { readonly type: 'expired' }
  /** The interaction is in a terminal queue. The last event: what is attached now still reaches chat routing. */
  | { readonly type: 'ended'; readonly state: TerminalState; readonly reason: FailureReason | null };

export type EngagementEffect =
  | SessionEffect
  /**
   * Asks pacing, at once: a permit that is granted is charged to the interaction until it ends. A held one is told again; one of
   * another channel is given back first, also where the interaction is engaged on a channel that it is not for.
   */
  | { readonly type: 'fetchPermit'; readonly channel: EngagementChannel }
  | { readonly type: 'fetchHistory' }
  | {
      readonly type: 'engage';
      readonly channel: EngagementChannel;
      /** Attached before the invite goes out. */
      readonly userData: UserData;
      /** Whether the visitor must fill in the registration form; false: the site decides whether it shows one. */
      readonly registrationRequired: boolean;
    }
  /** `text`: in the strategy's own words; '' for none. */
  | { readonly type: 'noEngage'; readonly reason: RefusalReason; readonly text: string };

export type EngagementSession = StrategySession<EngagementEvent, EngagementEffect>;

export interface EngagementStrategy {
  /** For messages, such as a file's name. */
  readonly name: string;
  createSession(input: EngagementInput, at: number): EngagementSession;
  /** Gives back what its sessions hold; nothing may be asked afterwards. */
  close(): void;
}
