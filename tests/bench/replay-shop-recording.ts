/** A recording of the shop for benchmarks: visits of the crowd that begin one after the other, their events in the order of time. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { createRandomSource } from '#core/random/random-source.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { createShopVisits, type Shop } from '#tests/core/rules/shop-visits.ts';

/** Mean time between the begins of two visits: 18,000 visits an hour. */
const BETWEEN_VISITS_MS = 200;
/** Visits made at a time. */
const BATCH_VISITS = 500;

interface TimedLine {
  readonly at: number;
  readonly line: string;
}

/** Writes `events` recorded events to `file`. Equal seeds write equal files. */
export function writeShopRecording(file: string, shop: Shop, events: number, seed: number): void {
  const descriptor = openSync(file, 'w');
  const arrivals = createRandomSource(seed).stream('arrivals');
  let pending: TimedLine[] = [];
  let laterMs = 0;
  for (let written = 0, batch = 0; written < events; batch += 1) {
    let beginsAt = 0;
    for (const visit of createShopVisits(shop, BATCH_VISITS, seed + batch)) {
      beginsAt = (visit[0]?.at ?? 0) + laterMs;
      for (const event of visit) pending.push(formatEvent(event, laterMs, batch));
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
