/**
 * What stands in a visitor's story: pages and sessions as spans, events as moments, attempts to engage from hot lead to outcome. Made
 * of the records that the History REST answers, and nothing else.
 */
import type {
  EngagementAttemptResource,
  EventResource,
  PageResource,
  SessionResource,
  VisitResource,
} from '#protocol/wire-history.ts';
import type { MarkKind, MarkRef } from '#renderer/view/history-route.ts';

/** How a mark looks: shape and colour, as in the stream of the Run screen. */
export type MarkTone = 'visit' | 'page' | 'business' | 'identity' | 'invite';

/** What a timeline draws of a record, in the lane of its kind. */
export interface TimelineMark {
  /** `event/A1-6`. */
  readonly key: string;
  readonly kind: MarkKind | 'visit';
  readonly tone: MarkTone;
  readonly atMs: number;
  /** When it ended; null: it has not, or was a moment. */
  readonly untilMs: number | null;
  /** It has a length, and no end yet. */
  readonly isOpen: boolean;
  readonly title: string;
  /** Of a page's own coming and going, which its span shows already. */
  readonly isDetail: boolean;
  /** What came of an attempt; null: it is none, or is not over. */
  readonly ended: NonNullable<EngagementAttemptResource['disposition']> | 'none' | null;
}

interface StoryBase extends TimelineMark {
  /** One line more; empty: nothing. */
  readonly text: string;
  readonly categories: readonly string[];
}

export type StoryMark = StoryBase &
  (
    | { readonly kind: 'page'; readonly record: PageResource }
    | { readonly kind: 'event'; readonly record: EventResource }
    | { readonly kind: 'session'; readonly record: SessionResource }
    | { readonly kind: 'attempt'; readonly record: EngagementAttemptResource }
  );

export interface VisitRecords {
  readonly pages: readonly PageResource[];
  readonly events: readonly EventResource[];
  readonly sessions: readonly SessionResource[];
  readonly attempts: readonly EngagementAttemptResource[];
}

/** Newest first. */
export function marksOf({ pages, events, sessions, attempts }: VisitRecords): readonly StoryMark[] {
  const marks: readonly StoryMark[] = [
    ...pages.map(markOfPage),
    ...events.map(markOfEvent),
    ...sessions.map(markOfSession),
    ...attempts.map(markOfAttempt),
  ];
  return marks.toSorted((a, b) => b.atMs - a.atMs || orderOf(b) - orderOf(a) || (a.key < b.key ? -1 : 1));
}

/** What a person did over his visits, newest first: each as a span, and the attempts to engage him. */
export function marksOfVisits(
  visits: readonly VisitResource[],
  attempts: readonly EngagementAttemptResource[],
): readonly TimelineMark[] {
  return [...visits.map(markOfVisit), ...attempts.map(markOfAttempt)].toSorted((a, b) => b.atMs - a.atMs);
}

export function visitKey(visitId: string): string {
  return `visit/${visitId}`;
}

function markOfVisit(visit: VisitResource): TimelineMark {
  return {
    key: visitKey(visit.visitId),
    kind: 'visit',
    tone: 'visit',
    ...spanOf(visit),
    title: `Visit ${visit.visitId}`,
    isDetail: false,
    ended: null,
  };
}

/** Of one moment, what came first: a page is entered before something happens on it. */
const ORDER: Readonly<Record<MarkKind, number>> = { page: 0, session: 1, event: 2, attempt: 3 };

/** A visit begins before its first page is entered, by the same request. */
function orderOf(mark: StoryMark): number {
  return mark.kind === 'event' && mark.record.eventName === 'VisitStarted' ? -1 : ORDER[mark.kind];
}

export function keyOf({ kind, id }: MarkRef): string {
  return `${kind}/${id}`;
}

/** The other way round. */
export function refOf(mark: StoryMark): MarkRef {
  return { kind: mark.kind, id: mark.key.slice(mark.kind.length + 1) };
}

/** `cart;product` -> its names. */
export function categoriesOf(category: string): readonly string[] {
  return category
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function spanOf({ startDate, endDate }: { readonly startDate: number; readonly endDate: number }): {
  readonly atMs: number;
  readonly untilMs: number | null;
  readonly isOpen: boolean;
} {
  return { atMs: startDate, untilMs: endDate === 0 ? null : endDate, isOpen: endDate === 0 };
}

function markOfPage(record: PageResource): StoryMark {
  return {
    key: keyOf({ kind: 'page', id: record.pageId }),
    kind: 'page',
    tone: 'page',
    ...spanOf(record),
    title: record.title === '' ? record.url : record.title,
    text: record.url,
    categories: categoriesOf(record.category),
    isDetail: false,
    ended: null,
    record,
  };
}

const PAGE_EVENTS = new Set(['PageEntered', 'PageExited']);

function markOfEvent(record: EventResource): StoryMark {
  const { eventName, eventType, title } = record;
  const isOfPage = PAGE_EVENTS.has(eventName);
  const said = Object.entries(record.data).map(([name, value]) => `${name} ${String(value)}`);
  const where = title === '' || eventName === 'VisitStarted' ? [] : [`on ${title}`];
  return {
    key: keyOf({ kind: 'event', id: record.eventID }),
    kind: 'event',
    tone:
      eventType === 'BUSINESS' ? 'business' : isOfPage ? 'page' : eventName === 'VisitStarted' ? 'visit' : 'identity',
    atMs: record.serverTimestamp,
    untilMs: null,
    isOpen: false,
    title: eventName,
    text: [...(eventName === 'VisitStarted' ? [] : said), ...where].join(', '),
    categories: isOfPage ? [] : categoriesOf(record.category),
    isDetail: isOfPage,
    ended: null,
    record,
  };
}

function markOfSession(record: SessionResource): StoryMark {
  return {
    key: keyOf({ kind: 'session', id: record.sessionId }),
    kind: 'session',
    tone: 'identity',
    ...spanOf(record),
    title: `Signed in as ${record.identityId}`,
    text: '',
    categories: [],
    isDetail: false,
    ended: null,
    record,
  };
}

function markOfAttempt(record: EngagementAttemptResource): StoryMark {
  const isOpen = isAttemptOpen(record);
  return {
    key: keyOf({ kind: 'attempt', id: record.engagementAttemptId }),
    kind: 'attempt',
    tone: 'invite',
    atMs: record.createdAt,
    untilMs: isOpen ? null : (record.dispositionAt ?? record.invitedAt),
    isOpen,
    title: `${channelWord(record)}: ${outcomeOf(record)}`,
    text: record.rule,
    categories: [],
    isDetail: false,
    ended: isOpen ? null : (record.disposition ?? 'none'),
    record,
  };
}

/** The states of the queues Qualified and Engaged (docs/queues.md). */
const OPEN_STATES = new Set(['qualified', 'invited', 'shown', 'form']);

export function isAttemptOpen({ state }: EngagementAttemptResource): boolean {
  return OPEN_STATES.has(state);
}

function channelWord({ channel }: EngagementAttemptResource): string {
  if (channel === null) return 'Hot lead';
  return channel === 'proactiveCallback' ? 'Invite to a callback' : 'Invite to a chat';
}

/** What came of an attempt, in a few words. */
export function outcomeOf({ state, disposition, invitedAt }: EngagementAttemptResource): string {
  if (state === 'qualified') return 'being decided';
  if (state === 'invited') return 'on its way';
  if (state === 'shown') return 'shown';
  if (state === 'form') return 'form open';
  switch (disposition) {
    case 'acceptCall':
      return 'accepted';
    case 'reject':
      return 'rejected';
    case 'timeout':
      return 'not answered';
    case 'formAbandoned':
      return 'form abandoned';
    case 'shown':
      return 'shown, then silence';
    case null:
      return invitedAt === null ? 'not invited' : 'not shown';
    default:
      return disposition satisfies never;
  }
}
