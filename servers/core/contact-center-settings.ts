/**
 * What the contact center reads from the options, once at its start (`service:wmsg`, `service:wes`, `service:pacing`).
 */
import type { ContactHandling } from '#core/options/wes-options.ts';
import type { UserDataCopying } from '#core/options/list-kinds.ts';
import type { EngagementChannel } from '#core/engagement/engagement-channel.ts';
import type { OptimizationTarget, PacingAlgorithm } from '#core/pacing/pacer.ts';

/** Where follow-ups wait: the guide provisions no queue for them and has no option to name one (L1337), so the name is ours. */
export const FOLLOW_UP_QUEUE = 'Webengagement_FollowUp';

export interface QueueNames {
  readonly qualified: string;
  readonly engaged: string;
  readonly accepted: string;
  readonly rejected: string;
  readonly timeout: string;
  readonly failed: string;
  readonly followUp: string;
  readonly chat: string;
  /** Where callbacks wait; `New` where nobody says. */
  readonly callback?: string;
}

/** What routing goes by in one agent group. */
export interface GroupRules {
  readonly name: string;
  readonly routing: RoutingRule;
  /** An offer that rings for so long goes to the next agent; null: it rings until he answers. */
  readonly ringMs: number | null;
  /** What becomes of who did not answer in time. */
  readonly whenMissed: 'notReady' | 'ready';
  /**
   * Of a group that serves callbacks: when a call that nobody answered is tried again, how often it is tried, and how long
   * after its time the first call must have begun, lest it be late.
   */
  readonly callbacks?: { readonly retryMs: number; readonly callsMax: number; readonly callWithinMs: number };
}

/**
 * To this group the web callback process delivers: who is to be offered callbacks belongs to it beside his voice group
 * (guide L2346-2350). The guide gives it no option.
 */
export const CALLBACK_DELIVERY_GROUP = 'WebCallback distribution for processing';

/** A callback's first call begins so long after its time at the latest, where nobody says otherwise; the guide names none. */
export const CALL_WITHIN_MS = 60_000;

/**
 * `leastOccupied`: the smallest share of slots taken first, then the longest idle; `longestIdle`: whose last chat came or
 * ended longest ago first, however many he has.
 */
export type RoutingRule = 'leastOccupied' | 'longestIdle';

export interface ContactCenterSettings {
  readonly engagementExpirationMs: number;
  readonly registrationFormExpirationMs: number;
  /** Stop an interaction as soon as it is in a terminal queue. */
  readonly autoStop: boolean;
  readonly queues: QueueNames;
  /** Which user data of a webengagement interaction its chat or callback gets. */
  readonly copyUserData: UserDataCopying;
  /** The user data key of a visitor's identity. */
  readonly userIdentifier: string;
  readonly defaultChannel: EngagementChannel | null;
  readonly chatGroups: readonly string[];
  /** `identifyCreateContact`; absent: 1, nothing. */
  readonly contactHandling?: ContactHandling;
  /** The groups that serve callbacks; absent: none. */
  readonly voiceGroups?: readonly string[];
  /** `wmsg.connector.phoneNumber`: the key of user data in which a desk finds the phone number. */
  readonly phoneNumberKey?: string;
  /** Of groups that have rules of their own; the others are routed by the least occupied, and offers ring for ever. */
  readonly groupRules?: readonly GroupRules[];
  readonly algorithm: PacingAlgorithm;
  readonly target: OptimizationTarget;
  readonly goalShare: number;
  /** Share of the slots kept for proactive chats; the DUAL algorithms look at it. */
  readonly proactiveShare: number;
  readonly refreshPeriodMs: number;
  /** How long the browser shows an invite before it sends `timeout`. */
  readonly inviteTimeoutMs: number;
  /** How long a chat is kept for an agent who has gone, before it is ended. */
  readonly restoreTimeoutMs: number;
}
