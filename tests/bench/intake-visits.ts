/**
 * The requests of the intake benchmarks: visits of the shop as browsers post them, turned into text once and stamped
 * with a fresh visit id for each play.
 */
import { present } from '#core/assert.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import type { WireEvent } from '#protocol/wire-events.ts';
import { createShopVisits, loadShop } from '#tests/core/rules/shop-visits.ts';

/** Of the length of every id that is played. */
const PLACEHOLDER = 'visit~~~';
const SEED = 1;
const VISITS = 500;

/** One request, cut at its visit ids. */
interface RequestText {
  readonly parts: readonly string[];
  readonly events: number;
}

export interface VisitRequests {
  readonly visitID: string;
  /** The whole HTTP request; undefined: the visit is over. */
  next(): string | undefined;
}

function wireEventOf(event: VisitEvent, n: number): WireEvent {
  const { timestamp, eventType, eventName, url, title, languageCode, data } = event;
  const ids = { eventID: `${PLACEHOLDER}.${n}`, visitID: PLACEHOLDER, globalVisitID: `g-${PLACEHOLDER}` };
  return { ...ids, timestamp, pageID: `${PLACEHOLDER}.p`, eventType, eventName, url, title, languageCode, data };
}

export function httpRequest(visitID: string, body: string): string {
  const head = `POST /frontend/data/visits/${visitID}/events HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n`;
  return `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Visits whose requests hold `batch` events each; each visit has one request at least. */
export class ShopTraffic {
  readonly batch: number;
  readonly #visits: readonly (readonly RequestText[])[];
  readonly #bodies: readonly string[];
  readonly #name: string;
  #played = 0;

  /** `name`: two characters that no other traffic to the same store has. */
  constructor(batch: number, name: string) {
    this.batch = batch;
    this.#name = name;
    const events = createShopVisits(loadShop(), VISITS, SEED);
    const joined = batch === 1 ? events : cut(events.flat(), batch);
    const bodies = joined.map((visit) => bodiesOf(visit, batch));
    this.#bodies = bodies.flat();
    this.#visits = bodies.map((texts) =>
      texts.map((text) => ({ parts: httpRequest(PLACEHOLDER, text).split(PLACEHOLDER), events: batch })),
    );
  }

  /** All different bodies. */
  get bodies(): readonly string[] {
    return this.#bodies;
  }

  visit(): VisitRequests {
    const visitID = this.#name + this.#played.toString(36).padStart(PLACEHOLDER.length - this.#name.length, '0');
    const requests = present(this.#visits[this.#played % this.#visits.length], 'visit');
    this.#played += 1;
    let place = 0;
    return {
      visitID,
      next: () => {
        const request = requests[place];
        place += 1;
        return request?.parts.join(visitID);
      },
    };
  }
}

/** Only whole batches, so that every request is alike. */
function cut(events: readonly VisitEvent[], batch: number): VisitEvent[][] {
  const visits: VisitEvent[][] = [];
  for (let at = 0; at + batch <= events.length; at += batch) visits.push(events.slice(at, at + batch));
  return visits;
}

function bodiesOf(visit: readonly VisitEvent[], batch: number): string[] {
  const bodies: string[] = [];
  for (let at = 0; at + batch <= visit.length; at += batch) {
    bodies.push(JSON.stringify(visit.slice(at, at + batch).map((event, n) => wireEventOf(event, at + n))));
  }
  return bodies;
}
