/** A client beside the crowd, which asks for service with a fresh event of a fresh visit and remembers what it was told. */
import type { WireEvent } from '#protocol/wire-events.ts';

const ANSWER_MS_MAX = 1_000;

export class Witness {
  readonly sent = new Set<string>();
  readonly acknowledged = new Set<string>();
  /** Requests that were answered as wrong. */
  refused = 0;
  readonly #url: string;
  readonly #now: () => number;

  /** `now`: domain time, epoch ms. */
  constructor(url: string, now: () => number) {
    this.#url = url;
    this.#now = now;
  }

  /** Whether the event was acknowledged, at the first attempt. */
  async post(): Promise<boolean> {
    const visitID = `witness-${this.sent.size}`;
    const event = visitStarted(visitID, this.#now());
    this.sent.add(event.eventID);
    try {
      const answer = await fetch(`${this.#url}/frontend/data/visits/${visitID}/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify([event]),
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      await answer.text();
      if (answer.status === 200) this.acknowledged.add(event.eventID);
      else if (answer.status < 500) this.refused += 1;
      return answer.status === 200;
    } catch {
      // No answer: it may be stored or not.
      return false;
    }
  }
}

export function visitStarted(visitID: string, timestamp: number): WireEvent {
  const page = { url: 'https://kiosk.example/', title: 'Kiosk', languageCode: 'en-GB', pageID: '' };
  const ids = { eventID: `e-${visitID}`, visitID, globalVisitID: `g-${visitID}` };
  return { ...ids, ...page, timestamp, eventType: 'SYSTEM', eventName: 'VisitStarted', data: {} };
}
