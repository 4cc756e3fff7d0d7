/**
 * Facts that machines note for people and figures: what happened, with everything needed to explain it. Times are
 * integer ms.
 */
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { InteractionState } from '#core/engagement/interaction.ts';
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
  /** A hot lead or a follow-up has come, as its firing's action says. */
  | { readonly kind: 'hotLead'; readonly at: number; readonly lead: HotLead }
  | {
      readonly kind: 'interactionMoved';
      readonly at: number;
      readonly interactionId: string;
      readonly visitID: string;
      readonly rule: string;
      /** The queues that it left (null: it is new) and entered, and its states before and after. */
      readonly from: string | null;
      readonly to: string;
      readonly before: InteractionState | null;
      readonly after: InteractionState;
      readonly reason: FailureReason | null;
      readonly decision: PacingDecision | null;
    }
  | { readonly kind: 'inviteShown'; readonly at: number; readonly interactionId: string; readonly visitID: string }
  | {
      readonly kind: 'chat';
      readonly at: number;
      /** `recalled`: the agent whom it was offered to has gone, so that it waits again. */
      readonly state: 'queued' | 'offered' | 'recalled' | 'started' | 'abandoned' | 'completed';
      readonly chatId: string;
      readonly visitID: string;
      /** Who has it or had it; null: nobody yet, so that an abandoned one was waiting. */
      readonly agentId: string | null;
      /** From the request until now (queued: 0; completed: until the start). */
      readonly waitMs: number;
    }
  | {
      readonly kind: 'agent';
      readonly at: number;
      readonly agentId: string;
      readonly group: string;
      /** His state before (null: he is new) and from now on. */
      readonly before: AgentState | null;
      readonly state: AgentState;
      /** Chats that hold a slot of his, his slots, and the conversations that he has had. */
      readonly chats: number;
      readonly capacity: number;
      readonly served: number;
    }
  /** The levels of an agent group from now on: slots held and logged in, agents with a chat and agents present. */
  | {
      readonly kind: 'slots';
      readonly at: number;
      readonly group: string;
      readonly busy: number;
      readonly slots: number;
      readonly occupied: number;
      readonly present: number;
    }
  | { readonly kind: 'pacing'; readonly at: number; readonly decision: PacingDecision };
