/**
 * Facts that machines note for people and figures: what happened, with everything needed to explain it. Times are
 * integer ms.
 */
import type { UserData } from '#core/engagement/attachments.ts';
import type { FailureReason } from '#core/engagement/failure-reason.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { InteractionState } from '#core/engagement/interaction.ts';
import type { PacingDecision } from '#core/pacing/pacer.ts';
import type { PacingCommander, PacingInForce } from '#core/pacing/pacing-command.ts';
import type { AgentState } from '#core/routing/agent.ts';
import type { ChatOrigin } from '#core/routing/chat.ts';

/** Strategies by what they decide. */
export type StrategyKind = 'engagement' | 'chatRouting';

/** What happens to a web callback. */
export type CallbackStep =
  | 'asked'
  | 'due'
  | 'late'
  | 'offered'
  | 'recalled'
  | 'accepted'
  | 'connected'
  | 'noAnswer'
  | 'rescheduled'
  | 'unreachable'
  | 'completed';

/** Why an offer was taken back. */
export type RecallCause = 'agentGone' | 'missed' | 'rejected';

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
      /** The strategy's own words for it; null: it has none. */
      readonly text: string | null;
      readonly decision: PacingDecision | null;
    }
  /** It was cleaned out of its terminal queue; only where interactions are not stopped at once. */
  | {
      readonly kind: 'interactionStopped';
      readonly at: number;
      readonly interactionId: string;
      readonly visitID: string;
      readonly queue: string;
    }
  /** What a strategy's session says of interaction or chat `id`, and why one has failed. */
  | {
      readonly kind: 'strategy';
      readonly at: number;
      readonly strategy: StrategyKind;
      readonly id: string;
      readonly visitID: string;
      readonly level: 'log' | 'failed';
      readonly text: string;
    }
  /** A visitor looks for help himself; who is let in has a chat. */
  | { readonly kind: 'reactive'; readonly at: number; readonly visitID: string; readonly askId: string }
  | { readonly kind: 'inviteShown'; readonly at: number; readonly interactionId: string; readonly visitID: string }
  | {
      readonly kind: 'chat';
      readonly at: number;
      /** `recalled`: it waits again, since `cause`; `transferred`: its agent passed it on, so that it waits for another. */
      readonly state: 'queued' | 'offered' | 'recalled' | 'started' | 'transferred' | 'abandoned' | 'completed';
      /** Of `recalled`: the agent has gone, did not answer in time, or did not want it. */
      readonly cause?: RecallCause;
      /** It was transferred before: what follows is about its next agent. */
      readonly again: boolean;
      readonly chatId: string;
      readonly visitID: string;
      readonly origin: ChatOrigin;
      /** Of `queued`: what is attached to it, by which it is filtered. */
      readonly userData?: UserData;
      /** Who has it or had it; null: nobody yet, so that an abandoned one was waiting. */
      readonly agentId: string | null;
      /** From the request until now (queued: 0; completed: until the start). */
      readonly waitMs: number;
    }
  /** A Backend has shown its visitor a line that it had held for so long, until his chat was refreshed. */
  | {
      readonly kind: 'lineShown';
      readonly at: number;
      readonly visitID: string;
      readonly chatId: string;
      readonly heldMs: number;
    }
  /** The refresh of so many chats was not answered within `requestTimeout`. */
  | { readonly kind: 'refreshTimedOut'; readonly at: number; readonly backend: string; readonly chats: number }
  | {
      readonly kind: 'callback';
      readonly at: number;
      /**
       * `due`: it comes into the queue; `late`: no agent has begun the call by the time that it was promised for; `accepted`: the agent dials; `noAnswer`: it is tried again; `unreachable`: it is not;
       * `rescheduled`: another time was agreed on.
       */
      readonly state: CallbackStep;
      /** Of `recalled`, as of chats. */
      readonly cause?: RecallCause;
      readonly callbackId: string;
      /** Of `asked`: what is attached to it, by which it is filtered. */
      readonly userData?: UserData;
      /** Of `due`: it is the first time, so that a call is promised now. */
      readonly promised?: true;
      readonly visitID: string;
      readonly group: string;
      readonly agentId: string | null;
      /** When it is to be made. */
      readonly dueAt: number;
    }
  | {
      readonly kind: 'agent';
      readonly at: number;
      readonly agentId: string;
      readonly group: string;
      /** His state before (null: he is new) and from now on. */
      readonly before: AgentState | null;
      readonly state: AgentState;
      /** Why he is not ready; null: he is, or has not said. */
      readonly reason: string | null;
      /** Chats that hold a slot of his, his slots, and the conversations that he has had. */
      readonly chats: number;
      readonly capacity: number;
      readonly served: number;
      /** He says that he is in this other paced group of the channel too, where nobody counts him; absent: in none. */
      readonly alsoPacedIn?: string;
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
      /** Slots held by reactive chats; absent: none. */
      readonly reactive?: number;
    }
  | { readonly kind: 'pacing'; readonly at: number; readonly decision: PacingDecision }
  /** A what-if command was obeyed: pacing goes by something else from now on. */
  | {
      readonly kind: 'pacingCommand';
      readonly at: number;
      readonly commandId: string;
      readonly by: PacingCommander;
      readonly before: PacingInForce;
      readonly after: PacingInForce;
    };
