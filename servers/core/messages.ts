/**
 * What travels between the parts of the system: the three machines, the visitor's browser and the agent's desk. Plain
 * data, so that sockets and the simulator carry the same messages.
 *
 *   browser --Intake, Disposition--> frontend --StoreBatch, Relay--> backend --LeadBatch, Relay--> contact center
 *   contact center --Notify--> backend --Notify--> frontend --Invite--> browser
 *   browser --ChatRequest, ChatLeft--> backend --> contact center --ChatUpdate--> backend --> browser
 *   agent's desk <--Offer, ... --> contact center
 */
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { BrowserEvent, VisitEvent } from '#core/visits/event.ts';

export type EngagementChannel = 'proactiveChat' | 'proactiveCallback';

/** Events of one visit that a browser posts in one request. */
export interface Intake {
  readonly type: 'intake';
  readonly requestId: number;
  readonly visitID: string;
  readonly events: readonly BrowserEvent[];
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
  readonly frontend: string;
  readonly requestId: number;
  readonly visitID: string;
  readonly events: readonly VisitEvent[];
  readonly leads: readonly HotLead[] | undefined;
}

export interface BatchStored {
  readonly type: 'batchStored';
  readonly requestId: number;
}

/** The batch could not be stored: the browser is told to try again. */
export interface BatchRefused {
  readonly type: 'batchRefused';
  readonly requestId: number;
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
  readonly timeoutMs: number;
}

/** The visitor asks for the chat, after the registration form where there is one. */
export interface ChatRequest {
  readonly type: 'chatRequest';
  readonly visitID: string;
  readonly interactionId: string;
}

/** The visitor leaves the chat or stops waiting for it. */
export interface ChatLeft {
  readonly type: 'chatLeft';
  readonly visitID: string;
}

export interface ChatUpdate {
  readonly type: 'chatUpdate';
  readonly visitID: string;
  readonly chatId: string;
  readonly state: 'queued' | 'started' | 'ended';
}

/** To the desk: a chat rings. */
export interface ChatOffer {
  readonly type: 'chatOffer';
  readonly agentId: string;
  readonly chatId: string;
}

/** To the desk: the visitor has gone, the conversation is over. */
export interface ChatClosed {
  readonly type: 'chatClosed';
  readonly agentId: string;
  readonly chatId: string;
}

/**
 * From the desk. `finish`: the conversation is over, after-work begins; `done`: after-work is over, the slot is free.
 */
export type DeskAction =
  | { readonly type: 'login'; readonly agentId: string; readonly group: string; readonly capacity: number }
  | { readonly type: 'ready'; readonly agentId: string }
  | { readonly type: 'notReady'; readonly agentId: string; readonly reason: string }
  | { readonly type: 'logout'; readonly agentId: string }
  | { readonly type: 'answer'; readonly agentId: string; readonly chatId: string }
  | { readonly type: 'finish'; readonly agentId: string; readonly chatId: string }
  | { readonly type: 'done'; readonly agentId: string; readonly chatId: string };

export type ToFrontend = Intake | Disposition | BatchStored | BatchRefused | Invite;
export type ToBackend = StoreBatch | Disposition | VisitEnded | Invite | ChatRequest | ChatLeft | ChatUpdate;
export type ToContactCenter = LeadArrived | Disposition | VisitEnded | ChatRequest | ChatLeft | DeskAction;
export type ToBrowser = Invite | ChatUpdate;
export type ToDesk = ChatOffer | ChatClosed;
