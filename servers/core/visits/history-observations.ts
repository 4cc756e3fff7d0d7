/**
 * What one event tells the history, as observations that never change: a visit was heard of or began, a page was entered or left,
 * somebody signed in. An observation may arrive twice, late or in any order; records are folded from those that are kept (see
 * history-fold.ts), so no store has to read before it writes.
 */
import type { EventData, VisitEvent } from '#core/visits/event.ts';
import type { EventRecord, HistoryEntity, IdentityAssociation } from '#core/visits/history-records.ts';

/** What may lie between the two `at` of an event that is sent again: a Frontend that has forgotten it stamps it anew. */
export const RESTAMP_MS_MAX = 10 * 60_000;

interface Told {
  /** Whose retention it is kept by. */
  readonly entity: HistoryEntity;
  readonly visitId: string;
  readonly eventID: string;
  readonly at: number;
  /** The browser's clock: tells the order of what came at one moment. */
  readonly timestamp: number;
}

/** An event of the visit came, whatever it was. */
export interface VisitTouched extends Told {
  readonly kind: 'touched';
  readonly entity: 'visit';
}

export interface VisitBegun extends Told {
  readonly kind: 'begun';
  readonly entity: 'visit';
  readonly globalVisitID: string;
  readonly userAgentID: string | null;
}

export interface UserAgentTold extends Told {
  readonly kind: 'userAgent';
  readonly entity: 'useragent';
  readonly userAgentID: string;
  readonly raw: string;
}

export interface PageEntered extends Told {
  readonly kind: 'entered';
  readonly entity: 'page';
  readonly pageId: string;
  readonly browserPageID: string;
  readonly url: string;
  readonly title: string;
  readonly category: string;
  readonly identityId: string | null;
}

export interface PageLeft extends Told {
  readonly kind: 'left';
  readonly entity: 'page';
  readonly pageId: string;
}

/** A SignIn (of whom), or a SignOut (null). */
export interface Signed extends Told {
  readonly kind: 'signed';
  readonly entity: 'session';
  readonly identityId: string | null;
}

/** A SignIn, SignOut or UserInfo that says who the visitor is: it links the visit with the identity. */
export interface Identified extends Told {
  readonly kind: 'identified';
  readonly entity: 'identity';
  readonly identityId: string;
  readonly association: IdentityAssociation;
  readonly name: string | null;
  readonly location: string | null;
}

export type Observation = VisitTouched | VisitBegun | UserAgentTold | PageEntered | PageLeft | Signed | Identified;

const AFTER_CROSSING = /\.[0-9]+$/;

/** A visit that began by crossing to another domain has no VisitStarted of its own: each page may be its first. */
export function isAfterCrossing(visitId: string): boolean {
  return AFTER_CROSSING.test(visitId);
}

/** Beside the event itself, see `recordOfEvent`. */
export function observationsOf(event: VisitEvent): readonly Observation[] {
  const { visitID: visitId, eventID, at, timestamp } = event;
  const told = { visitId, eventID, at, timestamp };
  const touched: VisitTouched = { ...told, kind: 'touched', entity: 'visit' };
  if (event.eventType !== 'SYSTEM') return [touched];
  switch (event.eventName) {
    case 'VisitStarted':
      return [touched, ...visitStarted(event, told)];
    case 'PageEntered':
      return isAfterCrossing(visitId)
        ? [touched, begun(event, told, null), entered(event, told)]
        : [touched, entered(event, told)];
    case 'PageExited':
      return [touched, { ...told, kind: 'left', entity: 'page', pageId: pageIdOf(visitId, event.pageID) }];
    case 'SignIn':
      if (event.identity === undefined) return [touched];
      return [touched, signed(told, event.identity), identified(event, told, event.identity, 'Authenticated')];
    case 'SignOut':
      if (event.identity === undefined) return [touched, signed(told, null)];
      return [touched, signed(told, null), identified(event, told, event.identity, 'Recognized')];
    case 'UserInfo':
      if (event.identity === undefined) return [touched];
      return [touched, identified(event, told, event.identity, 'Recognized')];
    default:
      return [touched];
  }
}

export function recordOfEvent(event: VisitEvent): EventRecord {
  return {
    eventID: event.eventID,
    visitID: event.visitID,
    globalVisitID: event.globalVisitID,
    pageID: event.pageID === '' ? '' : pageIdOf(event.visitID, event.pageID),
    browserPageID: event.pageID,
    eventType: event.eventType,
    eventName: event.eventName,
    category: event.category,
    url: event.url,
    title: event.title,
    languageCode: event.languageCode,
    timestamp: event.timestamp,
    serverTimestamp: event.at,
    identityId: event.identity ?? null,
    data: event.data,
  };
}

/** Browsers may name their pages alike, so a page's id holds its visit's: both encoded as parts of a URL, with `:` between. */
export function pageIdOf(visitId: string, browserPageID: string): string {
  return `${encodeURIComponent(visitId)}:${encodeURIComponent(browserPageID)}`;
}

/** The visit and the browser's page id of a page id; null: it is none. */
export function parsePageId(pageId: string): { readonly visitId: string; readonly browserPageID: string } | null {
  const [visitId, browserPageID, ...more] = pageId.split(':');
  if (visitId === undefined || browserPageID === undefined || more.length > 0) return null;
  try {
    const parsed = { visitId: decodeURIComponent(visitId), browserPageID: decodeURIComponent(browserPageID) };
    return pageIdOf(parsed.visitId, parsed.browserPageID) === pageId ? parsed : null;
  } catch (thrown) {
    if (thrown instanceof URIError) return null;
    throw thrown;
  }
}

/** 104 bits of the text in hexadecimal digits: the same for the same text, wherever it is asked. */
export function userAgentIdOf(raw: string): string {
  return hash52(raw, 0x9e3779b9) + hash52(raw, 0x85ebca6b);
}

type Place = Omit<VisitTouched, 'kind' | 'entity'>;

function visitStarted(event: VisitEvent, told: Place): readonly Observation[] {
  const raw = event.data['userAgent'];
  if (typeof raw !== 'string' || raw === '') return [begun(event, told, null)];
  const userAgentID = userAgentIdOf(raw);
  return [begun(event, told, userAgentID), { ...told, kind: 'userAgent', entity: 'useragent', userAgentID, raw }];
}

function begun(event: VisitEvent, told: Place, userAgentID: string | null): VisitBegun {
  return { ...told, kind: 'begun', entity: 'visit', globalVisitID: event.globalVisitID, userAgentID };
}

function entered(event: VisitEvent, told: Place): PageEntered {
  return {
    ...told,
    kind: 'entered',
    entity: 'page',
    pageId: pageIdOf(event.visitID, event.pageID),
    browserPageID: event.pageID,
    url: event.url,
    title: event.title,
    category: event.category,
    identityId: event.identity ?? null,
  };
}

function signed(told: Place, identityId: string | null): Signed {
  return { ...told, kind: 'signed', entity: 'session', identityId };
}

function identified(event: VisitEvent, told: Place, identityId: string, association: IdentityAssociation): Identified {
  const { data } = event;
  const name = textOf(data, 'name') ?? joined(textOf(data, 'firstName'), textOf(data, 'lastName'));
  return {
    ...told,
    kind: 'identified',
    entity: 'identity',
    identityId,
    association,
    name,
    location: textOf(data, 'location'),
  };
}

function textOf(data: EventData, key: string): string | null {
  const value = Object.hasOwn(data, key) ? data[key] : undefined;
  return typeof value === 'string' && value !== '' ? value : null;
}

function joined(first: string | null, last: string | null): string | null {
  if (first === null || last === null) return first ?? last;
  return `${first} ${last}`;
}

/** Two rounds of multiplied 32-bit words, as in cyrb53; 13 hexadecimal digits. */
function hash52(text: string, seed: number): string {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (1048575 & low) + (high >>> 0)).toString(16).padStart(13, '0');
}
