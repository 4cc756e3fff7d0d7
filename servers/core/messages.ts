/**
 * What travels between the parts of the system: the three machines, the visitor's browser and the agent's desk. Plain
 * data, so that sockets and the simulator carry the same messages.
 *
 *   browser --Intake, Disposition--> frontend --StoreBatch, Disposition, VisitEnded--> any backend --> contact center
 *   contact center --Invite--> any backend --Invite--> the visit's frontend --Invite--> browser
 *   browser --ChatAction--> a backend --Relayed--> contact center --ChatUpdate, ChatLine--> that backend --> browser
 *   a backend --ChatRefresh--> contact center --ChatRefreshed--> that backend, which then shows the lines that it holds
 *   browser --PacingAsked--> a backend --Relayed--> contact center --PacingTold--> that backend --> browser
 *   a strategy outside --StrategyOrdered--> a backend --Relayed--> contact center --StrategyTold--> that backend --> it
 *   program --IdentityErased--> a backend --IdentityErased--> contact center
 *   desk --DeskAction--> a backend --Relayed--> contact center --ToDesk--> that backend --> desk
 *   backend in charge --PrepareRules, RaiseFence, RulesDecided--> each frontend --RulesPrepared, FenceRaised, RulesTaken--> it
 *   frontend --RulesAsked--> any backend --RulesTold--> frontend
 *
 * Every message may arrive twice (a sender that does not know whether it got through sends again), so each is
 * harmless the second time: batches, leads, interactions, chats and lines carry ids.
 */
import type { DeploymentOfBackend, DeploymentOfFrontend } from '#core/deployment/deployment-messages.ts';
import type { UserData } from '#core/engagement/attachments.ts';
import type { EngagementChannel } from '#core/engagement/engagement-channel.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { StrategyOrder, StrategyReply } from '#core/engagement/strategy-order.ts';
import type { PacingInquiry, PacingReply } from '#core/pacing/pacing-inquiry.ts';
import type { BrowserEvent, VisitEvent } from '#core/visits/event.ts';

export type { EngagementChannel } from '#core/engagement/engagement-channel.ts';

/** Events of one visit that a browser posts in one request. */
export interface Intake {
  readonly type: 'intake';
  readonly requestId: number;
  readonly visitID: string;
  readonly events: readonly BrowserEvent[];
  /** The browser's clock when it sent them: tells an offline queue's old events; undefined: not said. */
  readonly sentAt: number | undefined;
  /** The visit's past, where this Frontend sees the visit for the first time: replayed without firing. */
  readonly past: readonly VisitEvent[] | undefined;
}

/** What the visitor did with an invite. `shown` comes first; `acceptCall` opens the form or asks for the chat. */
export type DispositionCode = 'shown' | 'acceptCall' | 'reject' | 'timeout' | 'formAbandoned';

export interface Disposition {
  readonly type: 'disposition';
  readonly visitID: string;
  readonly interactionId: string;
  readonly code: DispositionCode;
}

/** Stamped events of one request on their way into the history, with the hot leads that they made. */
export interface StoreBatch {
  readonly type: 'storeBatch';
  /** Unique for ever, so that a batch that is sent again is stored once. */
  readonly batchId: string;
  readonly frontend: string;
  readonly visitID: string;
  readonly events: readonly VisitEvent[];
  readonly leads: readonly HotLead[] | undefined;
}

export interface BatchStored {
  readonly type: 'batchStored';
  readonly batchId: string;
}

/** The batch could not be stored: the browser is told to try again. */
export interface BatchRefused {
  readonly type: 'batchRefused';
  readonly batchId: string;
}

export interface LeadArrived {
  readonly type: 'leadArrived';
  readonly lead: HotLead;
}

export interface VisitEnded {
  readonly type: 'visitEnded';
  readonly visitID: string;
}

/** An invite for the visitor's browser; it gives up by itself after `timeoutMs`. */
export interface Invite {
  readonly type: 'invite';
  readonly interactionId: string;
  readonly visitID: string;
  readonly frontend: string;
  readonly channel: EngagementChannel;
  readonly rule: string;
  /** The how-manieth attempt to engage in this visit. */
  readonly attemptNumber: number;
  /** Whether the visitor must fill in the registration form; false: the site decides whether it shows one. */
  readonly registrationRequired: boolean;
  readonly timeoutMs: number;
}

/** The visitor asks for the chat, after the registration form where there is one. */
export interface ChatRequest {
  readonly type: 'chatRequest';
  readonly visitID: string;
  readonly interactionId: string;
}

/** The visitor's browser is back (another connection, perhaps another Backend): tell it how its chat stands. */
export interface ChatResume {
  readonly type: 'chatResume';
  readonly visitID: string;
}

/** The visitor leaves the chat or stops waiting for it. */
export interface ChatLeft {
  readonly type: 'chatLeft';
  readonly visitID: string;
}

/** A line that the visitor typed. */
export interface VisitorLine {
  readonly type: 'visitorLine';
  readonly visitID: string;
  readonly lineId: string;
  readonly text: string;
}

/** The visitor asks to be called: at this number, now or so much later. */
export interface CallbackRequest {
  readonly type: 'callbackRequest';
  readonly visitID: string;
  readonly interactionId: string;
  readonly phone: string;
  readonly inMs: number;
}

/** A visitor who looked for help himself was let in, and asks for a chat. */
export interface ReactiveChat {
  readonly type: 'reactiveChat';
  readonly visitID: string;
  /** As in the question that let him in, at most 60 characters. */
  readonly askId: string;
}

/** What a visitor's browser says about its chat or callback, to any Backend. */
export type ChatAction = ChatRequest | CallbackRequest | ReactiveChat | ChatResume | ChatLeft | VisitorLine;

/** An identity is about to be erased: what is remembered of the contact is to be forgotten. */
export interface IdentityErased {
  readonly type: 'identityErased';
  readonly identityId: string;
}

/** Somebody wants to know something of pacing: a visitor's page, or a program. The answer is PacingTold. */
export interface PacingAsked {
  readonly type: 'pacingAsked';
  /** Whoever asks knows his answer by it. */
  readonly askId: string;
  readonly inquiry: PacingInquiry;
}

export interface PacingTold {
  readonly type: 'pacingTold';
  readonly askId: string;
  readonly reply: PacingReply;
}

/** A strategy outside orders something about an interaction. The answer is StrategyTold; the same order again changes nothing. */
export interface StrategyOrdered {
  readonly type: 'strategyOrdered';
  /** Whoever orders knows his answer by it. */
  readonly orderId: string;
  readonly order: StrategyOrder;
}

export interface StrategyTold {
  readonly type: 'strategyTold';
  readonly orderId: string;
  readonly reply: StrategyReply;
}

export interface ChatUpdate {
  readonly type: 'chatUpdate';
  readonly visitID: string;
  readonly chatId: string;
  readonly state: 'queued' | 'started' | 'ended';
}

/** Is there anything new in the chats of these visits? What was said before it is asked has been sent before the answer. */
export interface ChatRefresh {
  readonly type: 'chatRefresh';
  /** Unique for ever: the answer is known by it. */
  readonly refreshId: string;
  readonly visitIDs: readonly string[];
}

export interface ChatRefreshed {
  readonly type: 'chatRefreshed';
  readonly refreshId: string;
  /** Visits whose chats this Backend need not ask for any more: they are over, or their browsers are elsewhere. */
  readonly gone: readonly string[];
}

/** To the visitor's browser: a line that the agent typed. */
export interface ChatLine {
  readonly type: 'chatLine';
  readonly visitID: string;
  readonly chatId: string;
  readonly lineId: string;
  readonly text: string;
}

/** To the desk: a chat rings, with what is known of its case. */
export interface ChatOffer {
  readonly type: 'chatOffer';
  readonly agentId: string;
  readonly chatId: string;
  readonly userData: UserData;
}

/** To the desk: the visitor has gone, the conversation is over. */
export interface ChatClosed {
  readonly type: 'chatClosed';
  readonly agentId: string;
  readonly chatId: string;
}

/** To the desk: the contact center has made the agent not ready, with its reason: he did not answer an offer in time. */
export interface DeskNotReady {
  readonly type: 'deskNotReady';
  readonly agentId: string;
  readonly reason: string;
}

/** To the desk: a line that the visitor typed. */
export interface DeskLine {
  readonly type: 'deskLine';
  readonly agentId: string;
  readonly chatId: string;
  readonly lineId: string;
  readonly text: string;
}

/** To the desk, after its log-in: the chats that the contact center holds for the agent. */
export interface DeskState {
  readonly type: 'deskState';
  readonly agentId: string;
  readonly chats: readonly { readonly chatId: string; readonly state: 'offered' | 'talking' | 'afterWork' }[];
}

/** To the desk: the contact center has come back and knows nobody's desk: log in again, with the chats in hand. */
export interface DeskResume {
  readonly type: 'deskResume';
  readonly agentId: string;
}

/**
 * From the desk. `login` is also how a desk comes back after its connection was lost: `chats` are those that it has in
 * hand, so that both sides can agree again. `finish`: the conversation is over, after-work begins; `done`: after-work
 * is over, the slot is free.
 */
export type DeskAction =
  | {
      readonly type: 'login';
      readonly agentId: string;
      readonly group: string;
      readonly capacity: number;
      /** Groups that he belongs to beside `group`. */
      readonly alsoIn?: readonly string[] | undefined;
      readonly ready: boolean;
      /** Why he is not ready. */
      readonly reason?: string | undefined;
      readonly chats: readonly { readonly chatId: string; readonly state: 'talking' | 'afterWork' }[];
    }
  | { readonly type: 'ready'; readonly agentId: string }
  | { readonly type: 'notReady'; readonly agentId: string; readonly reason: string }
  | { readonly type: 'logout'; readonly agentId: string }
  | { readonly type: 'answer'; readonly agentId: string; readonly chatId: string }
  /** Of a callback that he has answered: he has called, and the visitor has answered or not; another time is agreed on. */
  | {
      readonly type: 'dialed';
      readonly agentId: string;
      readonly chatId: string;
      readonly outcome: 'connected' | 'noAnswer';
    }
  | { readonly type: 'reschedule'; readonly agentId: string; readonly chatId: string; readonly afterMs: number }
  /** He does not want what rings: it goes to the next agent. */
  | { readonly type: 'reject'; readonly agentId: string; readonly chatId: string }
  /** The chat goes on with another agent: whoever is next in the group, or this one of it. */
  | {
      readonly type: 'transfer';
      readonly agentId: string;
      readonly chatId: string;
      readonly toGroup: string;
      readonly toAgent?: string | undefined;
    }
  | {
      readonly type: 'say';
      readonly agentId: string;
      readonly chatId: string;
      readonly lineId: string;
      readonly text: string;
    }
  | { readonly type: 'finish'; readonly agentId: string; readonly chatId: string }
  | { readonly type: 'done'; readonly agentId: string; readonly chatId: string };

/** What an agent does about follow-ups that wait: `approveFollowUp` makes one an attempt to engage. */
export type FollowUpAction =
  | { readonly type: 'listFollowUps'; readonly agentId: string }
  | { readonly type: 'approveFollowUp'; readonly agentId: string; readonly interactionId: string }
  | { readonly type: 'dismissFollowUp'; readonly agentId: string; readonly interactionId: string };

/** All that a desk says. */
export type DeskMessage = DeskAction | FollowUpAction;

/** A follow-up as a desk shows it. */
export interface WaitingFollowUp {
  readonly interactionId: string;
  readonly visitID: string;
  readonly rule: string;
  readonly reason: string | null;
  readonly priority: number;
  readonly url: string;
  /** Since when it waits. */
  readonly since: number;
}

/** To the desk that has asked: follow-ups that wait, the most urgent first. */
export interface FollowUps {
  readonly type: 'followUps';
  readonly agentId: string;
  readonly followUps: readonly WaitingFollowUp[];
}

/** From a Backend: the desk's connection has gone and has not come back for a while. */
export interface DeskLost {
  readonly type: 'deskLost';
  readonly agentId: string;
}

/** What a Backend passes on for a browser or desk that is connected to it: answers go back by way of `via`. */
export type Relayed<T> = T & { readonly via: string };

export type ToBrowser = Invite | ChatUpdate | ChatLine;
export type ToDesk = ChatOffer | ChatClosed | DeskNotReady | DeskLine | DeskState | DeskResume | FollowUps;
export type ToFrontend = Intake | Disposition | BatchStored | BatchRefused | Invite | DeploymentOfBackend;
export type ToBackend =
  | DeploymentOfFrontend
  | StoreBatch
  | Disposition
  | VisitEnded
  | Invite
  | ChatAction
  | PacingAsked
  | PacingTold
  | StrategyOrdered
  | StrategyTold
  | DeskMessage
  | DeskLost
  | ChatUpdate
  | ChatLine
  | ChatRefreshed
  | ToDesk;
export type ToContactCenter =
  | LeadArrived
  | Disposition
  | VisitEnded
  | IdentityErased
  | Relayed<ChatAction | ChatRefresh | PacingAsked | StrategyOrdered>
  | Relayed<DeskMessage | DeskLost>;
