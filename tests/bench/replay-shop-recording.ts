/** Recordings of the shop for benchmarks: visits of the crowd that begin one after the other, their events in the order of time. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { createRandomSource } from '#core/random/random-source.ts';
import type { RandomStream } from '#core/random/stream.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { createShopVisits, type Shop } from '#tests/core/rules/shop-visits.ts';

/** Mean time between the begins of two visits: 18,000 visits an hour. */
const BETWEEN_VISITS_MS = 200;
/** Visits made at a time. */
const BATCH_VISITS = 500;
/** Of the views of list and product pages those of the visit's own product line; the others may be of any. */
const OWN_LINE_SHARE = 0.7;

interface TimedLine {
  readonly at: number;
  readonly line: string;
}

export interface ShopRecording {
  readonly events: number;
  /** Equal seeds write equal files. */
  readonly seed: number;
  /** Product lines, each with list and product pages of its own; 0: the pages are the shop's. */
  readonly lines: number;
}

/** Writes a recording to `file`. */
export function writeShopRecording(file: string, shop: Shop, { events, seed, lines }: ShopRecording): void {
  const descriptor = openSync(file, 'w');
  const source = createRandomSource(seed);
  const [arrivals, interests] = [source.stream('arrivals'), source.stream('interests')];
  let pending: TimedLine[] = [];
  let laterMs = 0;
  for (let written = 0, batch = 0; written < events; batch += 1) {
    let beginsAt = 0;
    for (const visit of createShopVisits(shop, BATCH_VISITS, seed + batch)) {
      beginsAt = (visit[0]?.at ?? 0) + laterMs;
      const placed = lines === 0 ? visit : placeInLines(visit, lines, interests);
      for (const event of placed) pending.push(formatEvent(event, laterMs, batch));
      laterMs += Math.ceil(-Math.log(1 - arrivals.next()) * BETWEEN_VISITS_MS);
    }
    // Visits to come begin later than the last one did.
    const ready = pending.filter(({ at }) => at <= beginsAt).toSorted((a, b) => a.at - b.at);
    const told = ready.slice(0, events - written);
    writeSync(descriptor, told.map(({ line }) => line).join(''));
    written += told.length;
    pending = pending.filter(({ at }) => at > beginsAt);
  }
  closeSync(descriptor);
}

/** The visit with its list and product pages moved below `/lines/N/`. */
function placeInLines(visit: readonly VisitEvent[], lines: number, stream: RandomStream): readonly VisitEvent[] {
  const pick = (): number => Math.floor(stream.next() * lines);
  const own = pick();
  let line = own;
  return visit.map((event) => {
    if (event.eventName === 'PageEntered') line = stream.next() < OWN_LINE_SHARE ? own : pick();
    return { ...event, url: event.url.replace(/\/(?=(?:products\/|tents$|boots$|jackets$))/, `/lines/${line}/`) };
  });
}

/** Without its category, which is for the category file to find. */
function formatEvent(event: VisitEvent, laterMs: number, batch: number): TimedLine {
  const at = event.at + laterMs;
  const visitID = `${batch}.${event.visitID}`;
  const line = JSON.stringify({
    eventID: `${batch}.${event.eventID}`,
    at,
    timestamp: at - 40,
    visitID,
    globalVisitID: `g.${visitID}`,
    pageID: `${batch}.${event.pageID}`,
    eventType: event.eventType,
    eventName: event.eventName,
    url: event.url,
    title: event.title,
    languageCode: event.languageCode,
    data: event.data,
  });
  return { at, line: `${line}\n` };
}
