/** Events as a browser sends them, and the request that posts them. */
import type { WireEvent } from '#protocol/wire-events.ts';

/** The n-th event of a visit: a page of the shop. */
export function wireEvent(visitID: string, n: number, changes: Partial<WireEvent> = {}): WireEvent {
  return {
    eventID: `${visitID}.e${n}`,
    timestamp: 1_790_000_000_000 + n,
    visitID,
    globalVisitID: `g-${visitID}`,
    pageID: `${visitID}.p${n}`,
    eventType: 'SYSTEM',
    eventName: 'PageEntered',
    url: 'https://shop.example/',
    title: 'Home',
    languageCode: 'en-US',
    data: {},
    ...changes,
  };
}

export function postEvents(
  url: string,
  visitID: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${url}/frontend/data/visits/${visitID}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
