/** The events of a run as recorded events (docs/replay.md): how `engage run` and `engage export` write them. */
import type { VisitEvent } from '#core/visits/event.ts';

/** Of the file `events.ndjson` in the folder of a simulated run, without its ending. */
export const EVENTS_NAME = 'events';

/** A stamped event; without `category` the reader gives its own. */
export type RecordableEvent = Omit<VisitEvent, 'category'> & { readonly category: string | undefined };

/** One line, without its end. */
export function describeRecordedEvent(event: RecordableEvent): string {
  return JSON.stringify({
    eventID: event.eventID,
    at: event.at,
    timestamp: event.timestamp,
    visitID: event.visitID,
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
  });
}
