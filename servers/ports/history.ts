/**
 * What the history remembers and how it is asked: seven entities (deployment guide, `wmdb.retention.entity.<object>`), each got by
 * its id or listed inside a visit, an identity or, with full indexing, among all visitors. Filters, nested detail and HTTP are the
 * Backend's; a store only keeps, finds by key and walks in order of time.
 *
 * Records are made of immutable observations: an event tells of the visit it began, the page it entered or left, the identity
 * that signed in. So a put can be repeated, overtaken and merged without reading first, and no store needs a lock.
 */
import type { EventType, EventData } from '#core/visits/event.ts';
import type { DispositionCode, EngagementChannel } from '#core/messages.ts';

/** Times are server ms since 1970; an `endDate` of 0: it has not ended. */
export interface VisitRecord {
  readonly visitId: string;
  readonly startDate: number;
  readonly endDate: number;
  readonly globalVisitID: string;
  /** Of the session that is open; null: nobody is signed in. */
  readonly activeSessionId: string | null;
  /** Null: the browser did not tell. */
  readonly userAgentID: string | null;
}

/** A page view; who comes back to a page makes another one. */
export interface PageRecord {
  readonly pageId: string;
  readonly browserPageID: string;
  readonly visitId: string;
  readonly sessionId: string | null;
  readonly url: string;
  readonly title: string;
  readonly category: string;
  readonly startDate: number;
  readonly endDate: number;
}

/** From a SignIn to the SignOut, the next SignIn or the end of its visit. */
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
  readonly name: string | null;
  readonly location: string | null;
  /** The strongest that any visit has told. */
  readonly visitScope: IdentityAssociation;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

export interface EventRecord {
  readonly eventID: string;
  readonly visitID: string;
  readonly globalVisitID: string;
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

/** A hot lead that became a webengagement interaction, and what came of it. Its newest telling counts. */
export interface EngagementAttemptRecord {
  readonly engagementAttemptId: string;
  readonly visitId: string;
  readonly identityId: string | null;
  readonly pageId: string;
  readonly interactionId: string;
  readonly channel: EngagementChannel | null;
  readonly rule: string;
  readonly attemptNumber: number;
  readonly createdAt: number;
  /** Null: it was not. */
  readonly invitedAt: number | null;
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

/** Where a listing looks. `all` needs full indexing (`wmdb.limitIndexing` false) and is rejected with the fault `notIndexed` without. */
export type HistoryScope =
  | { readonly visit: string }
  | { readonly identity: string }
  /** Events alone. */
  | { readonly page: string }
  | { readonly all: true };

/** Newest first, by (time, id); the time is that of the record's beginning. */
export interface HistoryRange {
  /** Not older than; absent: whatever is kept. */
  readonly since?: number;
  /** Records after this place; absent: from the newest. */
  readonly after?: HistoryPlace;
  /** At least 1. */
  readonly limit: number;
}

/** The place of a record in a listing: nothing that arrives or expires meanwhile moves it. */
export interface HistoryPlace {
  readonly at: number;
  readonly id: string;
}

export interface HistoryListing<T> {
  readonly records: readonly T[];
  /** Null: that was all. */
  readonly next: HistoryPlace | null;
}

/** Rows that an erasure has taken, by table of the store. */
export type ErasedRows = Readonly<Record<string, number>>;

/** The questions to a history; a part of the history port. */
export interface HistoryQuestions {
  get<E extends HistoryEntity>(entity: E, id: string): Promise<HistoryRecords[E] | null>;
  list<E extends HistoryEntity>(
    entity: E,
    scope: HistoryScope,
    range: HistoryRange,
  ): Promise<HistoryListing<HistoryRecords[E]>>;
  /** Right to erasure: an identity with its visits and all they hold. Twice is no harm. */
  erase(identityId: string): Promise<ErasedRows>;
}
