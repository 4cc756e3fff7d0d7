/**
 * The seven entities as the History REST API shows them: where each stands in a listing, what can be included in it, its shape as
 * JSON and its columns as CSV.
 */
import type { HistoryEntity, HistoryPlace, HistoryRecords } from '#ports/history.ts';
import {
  NO_SESSION,
  type EngagementAttemptResource,
  type EventResource,
  type IdentityResource,
  type PageResource,
  type SessionResource,
  type UserAgentResource,
  type VisitResource,
} from '#protocol/wire-history.ts';
import { describeUserAgent } from './user-agent.ts';

/** What lists can be included in a resource, by what they are of. */
export interface IncludedResources {
  readonly visits: VisitResource;
  readonly sessions: SessionResource;
  readonly pages: PageResource;
  readonly events: EventResource;
}
export type Inclusion = keyof IncludedResources;

/** An included list: of ids, or of resources where detail was asked for. */
export interface Included<T> {
  readonly ids: string[] | null;
  readonly resources: T[] | null;
}
/** Null, or absent: it was not asked for. */
export type IncludedLists = { readonly [I in Inclusion]?: Included<IncludedResources[I]> | null };

export interface Resources {
  readonly event: EventResource;
  readonly page: PageResource;
  readonly session: SessionResource;
  readonly visit: VisitResource;
  readonly identity: IdentityResource;
  readonly engagementattempt: EngagementAttemptResource;
  readonly useragent: UserAgentResource;
}

interface ResourceKind<E extends HistoryEntity> {
  /** As messages call it. */
  readonly title: string;
  readonly place: (record: HistoryRecords[E]) => HistoryPlace;
  readonly inclusions: readonly Inclusion[];
  readonly show: (record: HistoryRecords[E], lists: IncludedLists) => Resources[E];
  readonly columns: readonly (keyof Resources[E] & string)[];
}

export const RESOURCE_KINDS: { readonly [E in HistoryEntity]: ResourceKind<E> } = {
  event: {
    title: 'event',
    place: ({ serverTimestamp, eventID }) => ({ at: serverTimestamp, id: eventID }),
    inclusions: [],
    show: (record) => ({
      eventID: record.eventID,
      visitID: record.visitID,
      globalVisitID: record.globalVisitID,
      pageID: record.pageID,
      browserPageID: record.browserPageID,
      eventType: record.eventType,
      eventName: record.eventName,
      category: record.category,
      url: record.url,
      title: record.title,
      languageCode: record.languageCode,
      timestamp: record.timestamp,
      serverTimestamp: record.serverTimestamp,
      identityId: record.identityId,
      data: { ...record.data },
    }),
    columns: [
      'serverTimestamp',
      'timestamp',
      'eventType',
      'eventName',
      'category',
      'url',
      'title',
      'languageCode',
      'identityId',
      'eventID',
      'visitID',
      'globalVisitID',
      'pageID',
      'browserPageID',
      'data',
    ],
  },
  page: {
    title: 'page',
    place: ({ startDate, pageId }) => ({ at: startDate, id: pageId }),
    inclusions: ['events'],
    show: (record, lists) => ({
      pageId: record.pageId,
      browserPageID: record.browserPageID,
      visitId: record.visitId,
      sessionId: record.sessionId,
      url: record.url,
      title: record.title,
      category: record.category,
      startDate: record.startDate,
      endDate: record.endDate,
      ...eventsOf(lists),
    }),
    columns: ['startDate', 'endDate', 'url', 'title', 'category', 'pageId', 'browserPageID', 'visitId', 'sessionId'],
  },
  session: {
    title: 'session',
    place: ({ startDate, sessionId }) => ({ at: startDate, id: sessionId }),
    inclusions: ['pages', 'events'],
    show: (record, lists) => ({
      sessionId: record.sessionId,
      visitId: record.visitId,
      identityId: record.identityId,
      startDate: record.startDate,
      endDate: record.endDate,
      ...eventsOf(lists),
      ...pagesOf(lists),
    }),
    columns: ['startDate', 'endDate', 'identityId', 'sessionId', 'visitId'],
  },
  visit: {
    title: 'visit',
    place: ({ startDate, visitId }) => ({ at: startDate, id: visitId }),
    inclusions: ['sessions', 'pages', 'events'],
    show: (record, lists) => ({
      visitId: record.visitId,
      startDate: record.startDate,
      endDate: record.endDate,
      activeSessionId: record.activeSessionId ?? NO_SESSION,
      globalVisitID: record.globalVisitID,
      userAgentID: record.userAgentID,
      ...eventsOf(lists),
      ...pagesOf(lists),
      ...sessionsOf(lists),
    }),
    columns: ['startDate', 'endDate', 'visitId', 'globalVisitID', 'userAgentID', 'activeSessionId'],
  },
  identity: {
    title: 'identity',
    place: ({ firstSeen, identityId }) => ({ at: firstSeen, id: identityId }),
    inclusions: ['visits', 'sessions', 'pages', 'events'],
    show: (record, lists) => ({
      identityId: record.identityId,
      name: record.name,
      location: record.location,
      // Contacts are kept by the contact center; a history knows none.
      entityInCS: null,
      visitScope: record.visitScope,
      ...eventsOf(lists),
      ...pagesOf(lists),
      visitIds: lists.visits?.ids ?? null,
      visits: lists.visits?.resources ?? null,
      ...sessionsOf(lists),
    }),
    columns: ['identityId', 'name', 'location', 'visitScope'],
  },
  engagementattempt: {
    title: 'engagement attempt',
    place: ({ createdAt, engagementAttemptId }) => ({ at: createdAt, id: engagementAttemptId }),
    inclusions: [],
    show: (record) => ({
      engagementAttemptId: record.engagementAttemptId,
      visitId: record.visitId,
      identityId: record.identityId,
      pageId: record.pageId,
      interactionId: record.interactionId,
      channel: record.channel,
      rule: record.rule,
      attemptNumber: record.attemptNumber,
      createdAt: record.createdAt,
      invitedAt: record.invitedAt,
      disposition: record.disposition,
      dispositionAt: record.dispositionAt,
      mediaInteractionId: record.mediaInteractionId,
      state: record.state,
    }),
    columns: [
      'createdAt',
      'invitedAt',
      'disposition',
      'dispositionAt',
      'state',
      'channel',
      'rule',
      'attemptNumber',
      'identityId',
      'engagementAttemptId',
      'interactionId',
      'mediaInteractionId',
      'visitId',
      'pageId',
    ],
  },
  useragent: {
    title: 'user agent',
    // No listing has them.
    place: ({ userAgentID }) => ({ at: 0, id: userAgentID }),
    inclusions: [],
    show: ({ userAgentID, raw }) => ({ userAgentID, raw, ...describeUserAgent(raw) }),
    columns: ['userAgentID', 'raw'],
  },
};

function eventsOf({ events }: IncludedLists): Pick<PageResource, 'eventIds' | 'events'> {
  return { eventIds: events?.ids ?? null, events: events?.resources ?? null };
}

function pagesOf({ pages }: IncludedLists): Pick<VisitResource, 'pageIds' | 'pages'> {
  return { pageIds: pages?.ids ?? null, pages: pages?.resources ?? null };
}

function sessionsOf({ sessions }: IncludedLists): Pick<VisitResource, 'sessionIds' | 'sessions'> {
  return { sessionIds: sessions?.ids ?? null, sessions: sessions?.resources ?? null };
}
