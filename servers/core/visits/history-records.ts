/**
 * The seven entities of the history (deployment guide, `wmdb.retention.entity.<object>`) as records. Times are server ms since
 * 1970; an `endDate` of 0: it has not ended.
 */
import { RETAINED_ENTITIES } from '#core/options/wmdb-options.ts';
import type { DispositionCode, EngagementChannel } from '#core/messages.ts';
import type { EventData, EventType } from '#core/visits/event.ts';

/** Begun by VisitStarted, or by the first page on another domain. */
export interface VisitRecord {
  readonly visitId: string;
  readonly startDate: number;
  /** When it was last heard of, once it has been silent for so long that it is over; or when it crossed to another domain. */
  readonly endDate: number;
  readonly globalVisitID: string;
  /** Of the session that is open; null: nobody is signed in. */
  readonly activeSessionId: string | null;
  /** Null: the browser did not tell. */
  readonly userAgentID: string | null;
}

/** A page view; who comes back to a page makes another one. */
export interface PageRecord {
  /** See `pageIdOf`. */
  readonly pageId: string;
  readonly browserPageID: string;
  readonly visitId: string;
  /** Of the session that was open when the page was entered. */
  readonly sessionId: string | null;
  readonly url: string;
  readonly title: string;
  readonly category: string;
  readonly startDate: number;
  readonly endDate: number;
}

/** From a SignIn, whose event id is its id, to the SignOut, the SignIn of somebody else or the end of its visit. */
export interface SessionRecord {
  readonly sessionId: string;
  readonly visitId: string;
  readonly identityId: string;
  readonly startDate: number;
  readonly endDate: number;
}

export type IdentityAssociation = 'Authenticated' | 'Recognized';

/** A visitor who is known by the value of the `wmsg.connector.userIdentifier` key, which is the id. */
export interface IdentityRecord {
  readonly identityId: string;
  /** What was told last. */
  readonly name: string | null;
  readonly location: string | null;
  /** The strongest that any visit has told. */
  readonly visitScope: IdentityAssociation;
  /** Of the SignIn, SignOut and UserInfo that are kept, the first and the last. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

export interface EventRecord {
  readonly eventID: string;
  readonly visitID: string;
  readonly globalVisitID: string;
  /** See `pageIdOf`; '' where the event tells of no page. */
  readonly pageID: string;
  readonly browserPageID: string;
  readonly eventType: EventType;
  readonly eventName: string;
  readonly category: string;
  readonly url: string;
  readonly title: string;
  readonly languageCode: string;
  /** The browser's clock. */
  readonly timestamp: number;
  readonly serverTimestamp: number;
  readonly identityId: string | null;
  readonly data: EventData;
}

/** A hot lead that became a webengagement interaction, and what came of it. */
export interface EngagementAttemptRecord {
  readonly engagementAttemptId: string;
  readonly visitId: string;
  readonly identityId: string | null;
  /** See `pageIdOf`. */
  readonly pageId: string;
  readonly interactionId: string;
  readonly channel: EngagementChannel | null;
  readonly rule: string;
  readonly attemptNumber: number;
  /** When its hot lead arose. */
  readonly createdAt: number;
  /** Null: it was not. */
  readonly invitedAt: number | null;
  /** What the visitor did last. */
  readonly disposition: DispositionCode | null;
  readonly dispositionAt: number | null;
  /** The chat or callback that it led to. */
  readonly mediaInteractionId: string | null;
  /** The queue's state that it stands in, as InteractionState names it. */
  readonly state: string;
}

export interface UserAgentRecord {
  readonly userAgentID: string;
  readonly raw: string;
}

export interface HistoryRecords {
  readonly event: EventRecord;
  readonly page: PageRecord;
  readonly session: SessionRecord;
  readonly visit: VisitRecord;
  readonly engagementattempt: EngagementAttemptRecord;
  readonly useragent: UserAgentRecord;
  readonly identity: IdentityRecord;
}

export type HistoryEntity = keyof HistoryRecords;

/** Those of `wmdb.retention.entity.<object>`. */
export const HISTORY_ENTITIES: readonly HistoryEntity[] = RETAINED_ENTITIES;
