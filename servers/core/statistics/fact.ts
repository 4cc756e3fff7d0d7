/**
 * Facts that machines note for people and figures: what happened, with everything needed to explain it. Times are
 * integer ms.
 */
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { PacingDecision } from '#core/pacing/pacer.ts';
import type { AgentState } from '#core/routing/agent.ts';

/** Why an interaction ended in Failed or a hot lead was not engaged. */
export type RefusalReason =
  /** No pacing permit: one more invite would break the goal. */
  | 'noPermit'
  /** Nobody is logged in to serve the channel. */
  | 'noAgents'
  /** The visit has an open invite or form. */
  | 'inviteOpen'
  /** The visit has an open chat. */
  | 'chatOpen'
  /** The visitor has left the site. */
  | 'visitorGone';

export type FailureReason =
  | RefusalReason
  /** The invite was not shown within engagementExpirationTime. */
  | 'notShown'
  /** The browser said nothing more after it showed the invite. */
  | 'silent'
  /** The registration form was not filled within registrationFormExpirationTime. */
  | 'formExpired'
  /** The visitor closed the registration form. */
  | 'formAbandoned'
  /** The visit ended. */
  | 'visitEnded';

export type Fact =
  | { readonly kind: 'hotLead'; readonly at: number; readonly lead: HotLead }
  | {
      readonly kind: 'interactionMoved';
      readonly at: number;
      readonly interactionId: string;
      readonly visitID: string;
      readonly rule: string;
      readonly from: string | null;
      readonly to: string;
      readonly reason: FailureReason | null;
      readonly decision: PacingDecision | null;
    }
  | { readonly kind: 'inviteShown'; readonly at: number; readonly interactionId: string; readonly visitID: string }
  | {
      readonly kind: 'chat';
      readonly at: number;
      readonly state: 'queued' | 'started' | 'abandoned' | 'completed';
      readonly chatId: string;
      readonly visitID: string;
      readonly agentId: string | null;
      /** From the request until now (queued: 0; completed: until the start). */
      readonly waitMs: number;
    }
  | {
      readonly kind: 'agent';
      readonly at: number;
      readonly agentId: string;
      readonly group: string;
      readonly state: AgentState;
    }
  | { readonly kind: 'pacing'; readonly at: number; readonly decision: PacingDecision };
