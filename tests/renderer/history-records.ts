/** Records of one little visit, as the History REST answers them: two pages, a search, a sign-in and an accepted invite. */
import { NO_SESSION } from '#protocol/history-names.ts';
import type {
  EngagementAttemptResource,
  EventResource,
  PageResource,
  SessionResource,
  VisitResource,
} from '#protocol/wire-history.ts';
import { marksOf, type StoryMark } from '#renderer/view/history-marks.ts';

export const T0 = 1_772_437_800_000;

export function page(id: string, fromS: number, toS: number | null, category = ''): PageResource {
  return {
    pageId: `A1:${id}`,
    browserPageID: id,
    visitId: 'A1',
    sessionId: null,
    url: `https://shop.example/${id}`,
    title: `Page ${id}`,
    category,
    startDate: T0 + fromS * 1_000,
    endDate: toS === null ? 0 : T0 + toS * 1_000,
    eventIds: null,
    events: null,
  };
}

export function event(id: string, atS: number, more: Partial<EventResource> = {}): EventResource {
  return {
    eventID: id,
    visitID: 'A1',
    globalVisitID: 'B1',
    pageID: 'A1:P1',
    browserPageID: 'P1',
    eventType: 'SYSTEM',
    eventName: 'PageEntered',
    category: '',
    url: 'https://shop.example/',
    title: 'Home',
    languageCode: 'en-US',
    timestamp: T0 + atS * 1_000,
    serverTimestamp: T0 + atS * 1_000,
    identityId: null,
    data: {},
    ...more,
  };
}

export function attempt(more: Partial<EngagementAttemptResource> = {}): EngagementAttemptResource {
  return {
    engagementAttemptId: 'A1.i1',
    visitId: 'A1',
    identityId: null,
    pageId: 'A1:P2',
    interactionId: 'A1.i1',
    channel: 'proactiveChat',
    rule: 'Left the basket',
    attemptNumber: 1,
    createdAt: T0 + 60_000,
    invitedAt: T0 + 61_000,
    disposition: 'acceptCall',
    dispositionAt: T0 + 66_000,
    mediaInteractionId: 'c-A1.i1',
    state: 'accepted',
    ...more,
  };
}

export function visit(visitId: string, startDate: number, endDate: number): VisitResource {
  return {
    visitId,
    startDate,
    endDate,
    globalVisitID: 'B1',
    activeSessionId: NO_SESSION,
    userAgentID: null,
    eventIds: null,
    events: null,
    pageIds: null,
    pages: null,
    sessionIds: null,
    sessions: null,
  };
}

const session: SessionResource = {
  sessionId: 'e3',
  visitId: 'A1',
  identityId: 'ada',
  startDate: T0 + 20_000,
  endDate: 0,
  eventIds: null,
  events: null,
  pageIds: null,
  pages: null,
};

export function marks(): readonly StoryMark[] {
  return marksOf({
    pages: [page('P2', 30, null, 'cart; product'), page('P1', 1, 30)],
    events: [
      event('e4', 40, {
        eventType: 'BUSINESS',
        eventName: 'Search',
        data: { searchString: 'boots' },
        category: 'cart',
      }),
      event('e3', 20, { eventName: 'SignIn', identityId: 'ada' }),
      event('e2', 1),
      event('e1', 0, { eventName: 'VisitStarted' }),
    ],
    sessions: [session],
    attempts: [attempt()],
  });
}
