/**
 * Events as a browser posts them: `POST /frontend/data/visits/{id}/events`, a plain array or `{sentAt, events}`.
 * What a schema cannot say (one visit, names of their type) is said by `describeBatchFault`.
 */
import { z } from 'zod';
import type { BrowserEvent, SYSTEM_EVENT_NAMES } from '#core/visits/event.ts';
import { clockMsSchema, flatObjectSchema, idSchema, nameSchema, textSchema } from './wire-events-fields.ts';

/** Events that one request may hold. */
export const BATCH_EVENTS_MAX = 500;

// Those of core/visits/event.ts, of which this room may take only types; the type keeps them equal.
const SYSTEM_EVENTS: Readonly<Record<(typeof SYSTEM_EVENT_NAMES)[number], true>> = {
  VisitStarted: true,
  PageEntered: true,
  PageExited: true,
  SignIn: true,
  SignOut: true,
  UserInfo: true,
};

const SYSTEM_EVENT_SET: ReadonlySet<string> = new Set(Object.keys(SYSTEM_EVENTS));

export const wireEventSchema = z.strictObject({
  eventID: idSchema,
  timestamp: clockMsSchema,
  visitID: idSchema,
  globalVisitID: idSchema,
  /** Empty before the visit's first page. */
  pageID: z.string().regex(/^[A-Za-z0-9._~-]{0,64}$/),
  eventType: z.enum(['SYSTEM', 'BUSINESS']),
  eventName: nameSchema,
  url: textSchema(2_048),
  title: textSchema(512),
  category: textSchema(2_048).optional(),
  languageCode: textSchema(100),
  identity: textSchema(256).min(1).optional(),
  data: flatObjectSchema,
});

const eventsSchema = z.array(wireEventSchema).min(1).max(BATCH_EVENTS_MAX);

/** The body: the events alone, or with the browser's clock when it sent them. */
export const eventsBodySchema = z.union([
  eventsSchema,
  z.strictObject({ sentAt: clockMsSchema.optional(), events: eventsSchema }),
]);

export const eventsReplySchema = z.strictObject({ stored: z.number().int().min(1) });

export type WireEvent = z.infer<typeof wireEventSchema>;
export type EventsBody = z.infer<typeof eventsBodySchema>;

/** Takes a checked body apart. */
export function openEventsBody(body: EventsBody): {
  readonly events: readonly WireEvent[];
  readonly sentAt: number | undefined;
} {
  return 'events' in body ? { events: body.events, sentAt: body.sentAt } : { events: body, sentAt: undefined };
}

/** What is wrong with checked events of a request for `visitID`, or null. */
export function describeBatchFault(visitID: string, events: readonly WireEvent[]): string | null {
  let index = -1;
  for (const event of events) {
    index += 1;
    if (event.visitID !== visitID) return `events/${index}/visitID: expected the visit of the path, "${visitID}"`;
    const isSystem = SYSTEM_EVENT_SET.has(event.eventName);
    if (event.eventType === 'SYSTEM' && !isSystem) {
      return `events/${index}/eventName: expected one of ${Object.keys(SYSTEM_EVENTS).join(', ')} for a SYSTEM event`;
    }
    if (event.eventType === 'BUSINESS' && isSystem) {
      return `events/${index}/eventName: ${event.eventName} is a SYSTEM event, expected another name for a BUSINESS event`;
    }
  }
  return null;
}

/** Checked events as the machines take them, which read what is absent as undefined; the machines keep none of them. */
export function browserEventsOf(events: readonly WireEvent[]): readonly BrowserEvent[] {
  return events as readonly BrowserEvent[];
}
