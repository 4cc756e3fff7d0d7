/**
 * A webengagement interaction: one attempt to engage a visitor, from the hot lead to exactly one terminal queue.
 *
 *   qualified --engage--> invited --shown--> shown --acceptCall--> form --chat asked for--> accepted
 *       |                    |                 |-- chat asked for -----------------------> accepted
 *       |                    |                 |-- reject --> rejected
 *       |                    |                 '-- timeout --> timeout
 *       '-- not engaged -----'-- not shown ----'-- silence, form expired or closed, visit ended --> failed
 *
 * The queue Engaged holds invited, shown and form. Every way out is taken at most once: a terminal interaction ignores
 * all that comes after.
 *
 * A follow-up is an interaction too, in a state and a queue of its own: it is created as followUp and waits there.
 */
import type { QueueNames } from '#core/contact-center-settings.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { UserData } from '#core/engagement/attachments.ts';
import type { EngagementChannel } from '#core/engagement/engagement-channel.ts';
import type { PacingDecision } from '#core/pacing/pacer.ts';
import type { FailureReason } from '#core/engagement/failure-reason.ts';
import { assertNever } from '#core/assert.ts';

/** In the queue Engaged. */
export type EngagedState = 'invited' | 'shown' | 'form';
export type OpenState = 'qualified' | EngagedState | 'followUp';
export type TerminalState = 'accepted' | 'rejected' | 'timeout' | 'failed';
export type InteractionState = OpenState | TerminalState;

export interface Interaction {
  readonly interactionId: string;
  readonly lead: HotLead;
  /** The how-manieth attempt to engage in this visit; 0: a follow-up, which is none. */
  readonly attemptNumber: number;
  state: InteractionState;
  /** Grows with each change of state, so that a timer set for an earlier one is known to be stale. */
  step: number;
  /** The agent group that the permit is charged to, and when it was given; undefined before and where pacing is off. */
  group: string | undefined;
  permitAt: number | undefined;
  /** What the visitor is invited to; undefined: he is not invited. */
  channel: EngagementChannel | undefined;
  /** When it is overdue in this state; undefined: never. */
  dueAt: number | undefined;
  /** When it came into this state. */
  since: number;
  /** Why it is in Failed; null: it is not. */
  reason: FailureReason | null;
  /** What strategies have attached to it, beside what it began with. */
  attached: UserData;
  /** Whether the strategy wants the registration form filled in. */
  registrationRequired: boolean;
  /** Whether it has left its terminal queue. */
  stopped: boolean;
  /** Whether a chat was asked for after it had expired: only once. */
  lateChat: boolean;
  /** What pacing last said to it; not stored. */
  decision: PacingDecision | null;
}

export function isTerminal(state: InteractionState): state is TerminalState {
  return state === 'accepted' || state === 'rejected' || state === 'timeout' || state === 'failed';
}

/** A new one, in `state`. */
export function createInteraction(
  interactionId: string,
  lead: HotLead,
  attemptNumber: number,
  state: 'qualified' | 'followUp',
  at: number,
): Interaction {
  return {
    interactionId,
    lead,
    attemptNumber,
    state,
    step: 0,
    group: undefined,
    permitAt: undefined,
    channel: undefined,
    dueAt: undefined,
    since: at,
    reason: null,
    attached: {},
    registrationRequired: false,
    stopped: false,
    lateChat: false,
    decision: null,
  };
}

/** Whether a browser has been sent the invite and has not ended it. */
export function isInviteOpen(state: InteractionState): state is EngagedState {
  return state === 'invited' || state === 'shown' || state === 'form';
}

export function queueOf(state: InteractionState, names: QueueNames): string {
  switch (state) {
    case 'qualified':
      return names.qualified;
    case 'invited':
    case 'shown':
    case 'form':
      return names.engaged;
    case 'followUp':
      return names.followUp;
    case 'accepted':
      return names.accepted;
    case 'rejected':
      return names.rejected;
    case 'timeout':
      return names.timeout;
    case 'failed':
      return names.failed;
    default:
      return assertNever(state, 'interaction state');
  }
}
