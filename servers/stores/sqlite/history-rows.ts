/** Events as rows of a slice, and back: columns for what is looked for, the rest as JSON. */
import type { VisitEvent } from '#core/visits/event.ts';
import { EVENT_KINDS, OTHER_EVENT } from './history-schema.ts';

/** A row of a slice, with what stands elsewhere of it. */
export interface EventRow {
  readonly seq: number;
  readonly visit: number;
  readonly visit_id: string;
  /** Since the beginning of the slice. */
  readonly ms: number;
  readonly kind: number;
  readonly expires_at: number;
  readonly terms: number;
  readonly event_id: string;
  readonly body: string;
}

type EventBody = Omit<VisitEvent, 'eventID' | 'visitID' | 'at'>;

export const EVENT_COLUMNS = 'seq, visit, visit_id, ms, kind, expires_at, terms, event_id, body';

export function bodyOf(event: VisitEvent): string {
  const body: EventBody = {
    timestamp: event.timestamp,
    globalVisitID: event.globalVisitID,
    pageID: event.pageID,
    eventType: event.eventType,
    eventName: event.eventName,
    url: event.url,
    title: event.title,
    category: event.category,
    languageCode: event.languageCode,
    identity: event.identity,
    data: event.data,
    ...(event.rulesVersion === undefined ? {} : { rulesVersion: event.rulesVersion }),
  };
  return JSON.stringify(body);
}

/** The event of a row, as it was stored; `start`: of its slice. */
export function parseEvent(row: EventRow, start: number): VisitEvent {
  const body = JSON.parse(row.body) as EventBody;
  // JSON has no undefined.
  return { ...body, eventID: row.event_id, visitID: row.visit_id, at: start + row.ms, identity: body.identity };
}

export function kindOf(event: VisitEvent): number {
  if (event.eventType !== 'SYSTEM' || !Object.hasOwn(EVENT_KINDS, event.eventName)) return OTHER_EVENT;
  return EVENT_KINDS[event.eventName as keyof typeof EVENT_KINDS];
}

/** 32 bits of an event id; two ids may have the same. */
export function idKeyOf(eventID: string): number {
  let key = 0x811c9dc5;
  for (let i = 0; i < eventID.length; i += 1) key = Math.imul(key ^ eventID.charCodeAt(i), 0x01000193);
  key = Math.imul(key ^ (key >>> 15), 0x2c1b3c6d);
  return key ^ (key >>> 12);
}
