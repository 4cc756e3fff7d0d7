/**
 * A visit and its state as the Frontend keeps it: pages, sessions and who the visitor is.
 *
 * Identity (guide, "Visitor Identification"; the website triggers every transition):
 *   anonymous -- UserInfo(id) --> recognized
 *   anonymous | recognized -- SignIn(id) --> authenticated, a session opens
 *   authenticated -- SignIn(other id) --> authenticated, the old session closes and a new one opens
 *   authenticated -- SignOut --> recognized, the session closes
 * A visit ends when the visitor crosses to another domain or is silent for `VISIT_SILENCE_MS`.
 */
import type { VisitEvent } from '#core/visits/event.ts';

export type IdentityScope = 'anonymous' | 'recognized' | 'authenticated';

/** Silence that ends a visit, as web analytics counts visits: 30 minutes. */
export const VISIT_SILENCE_MS = 30 * 60_000;

/** The same while a page is open (somebody reads or chats), in case its PageExited was lost: 4 hours. */
export const OPEN_PAGE_SILENCE_MS = 4 * 3_600_000;

export interface Session {
  readonly sessionId: string;
  readonly identity: string;
  readonly startedAt: number;
}

/** Mutable on purpose: one object a visit for its whole life, touched by every event. */
export interface Visit {
  readonly visitID: string;
  readonly globalVisitID: string;
  /** Domain that the visit belongs to; sub-domains are inside. Empty until a page is known. */
  domain: string;
  startedAt: number;
  lastAt: number;
  endedAt: number | undefined;
  scope: IdentityScope;
  identity: string | undefined;
  session: Session | undefined;
  sessionsOpened: number;
  /** The page that the visitor is on; undefined between pages and after the last. */
  pageID: string | undefined;
  url: string;
  title: string;
  pageViews: number;
  events: number;
  /** 1: the browser's first visit, and where its tracker does not tell. */
  visitNumber: number;
  /** The URL that the first page was reached from, '' where it is not known. */
  referrer: string;
}

export function createVisit(visitID: string, globalVisitID: string, at: number): Visit {
  return {
    visitID,
    globalVisitID,
    domain: '',
    startedAt: at,
    lastAt: at,
    endedAt: undefined,
    scope: 'anonymous',
    identity: undefined,
    session: undefined,
    sessionsOpened: 0,
    pageID: undefined,
    url: '',
    title: '',
    pageViews: 0,
    events: 0,
    visitNumber: 1,
    referrer: '',
  };
}

/** Takes one event of this visit into its state. The caller has checked that it belongs here. */
export function applyEvent(visit: Visit, event: VisitEvent): void {
  visit.lastAt = event.at;
  visit.events += 1;
  if (event.eventType !== 'SYSTEM') return;
  switch (event.eventName) {
    case 'VisitStarted':
      begin(visit, event);
      return;
    case 'PageEntered':
      if (visit.pageViews === 0 && visit.referrer === '') visit.referrer = textOf(event, 'referrer');
      visit.pageID = event.pageID;
      visit.url = event.url;
      visit.title = event.title;
      visit.pageViews += 1;
      return;
    case 'PageExited':
      if (visit.pageID === event.pageID) visit.pageID = undefined;
      return;
    case 'UserInfo':
      if (visit.scope !== 'authenticated') recognize(visit, event);
      return;
    case 'SignIn':
      signIn(visit, event);
      return;
    case 'SignOut':
      signOut(visit);
      return;
    default:
  }
}

/** What the tracker tells of the visit in its first event: `referrer`, and `visitNumber` from its cookie. */
function begin(visit: Visit, event: VisitEvent): void {
  visit.referrer = textOf(event, 'referrer');
  const { visitNumber } = event.data;
  if (typeof visitNumber === 'number' && visitNumber >= 1) visit.visitNumber = Math.floor(visitNumber);
}

function textOf(event: VisitEvent, name: string): string {
  const value = event.data[name];
  return typeof value === 'string' ? value : '';
}

function recognize(visit: Visit, event: VisitEvent): void {
  if (event.identity === undefined) return;
  visit.scope = 'recognized';
  visit.identity = event.identity;
}

function signIn(visit: Visit, event: VisitEvent): void {
  if (event.identity === undefined) return;
  if (visit.session?.identity === event.identity) return;
  visit.sessionsOpened += 1;
  visit.scope = 'authenticated';
  visit.identity = event.identity;
  visit.session = {
    sessionId: `${visit.visitID}.s${visit.sessionsOpened}`,
    identity: event.identity,
    startedAt: event.at,
  };
}

function signOut(visit: Visit): void {
  if (visit.scope !== 'authenticated') return;
  visit.scope = 'recognized';
  visit.session = undefined;
}

/** When the visit ends if nothing more comes. */
export function silenceEndsAt(visit: Visit): number {
  return visit.lastAt + (visit.pageID === undefined ? VISIT_SILENCE_MS : OPEN_PAGE_SILENCE_MS);
}

/** Closes a visit, its session and its page. */
export function endVisit(visit: Visit, at: number): void {
  visit.endedAt = at;
  visit.session = undefined;
  visit.pageID = undefined;
}
