/**
 * Page views of an access log -> the events that a tracker in the pages would have sent.
 *
 * A visitor is an address with a user agent. A visit begins with a page view after at least 30 minutes without one (or the
 * first), on VisitStarted and PageEntered; every further page view gives PageExited for the page before, at that very time, then
 * PageEntered. The last page of a visit is never left: the log does not tell when.
 */
import { createHash } from 'node:crypto';
import type { BrowserEvent, EventData } from '#core/visits/event.ts';
import { VISIT_SILENCE_MS } from '#core/visits/visit.ts';
import type { LogLine } from './log-line.ts';
import { clientOf } from './robots.ts';
import { findSearchTerms } from './search-terms.ts';

interface OpenVisit {
  readonly visitID: string;
  readonly globalVisitID: string;
  lastAt: number;
  /** Line of the page that is open. */
  line: number;
  url: string;
}

/** The events of one page view, all of one visit and one time. */
export interface PageViewEvents {
  readonly visitID: string;
  readonly events: readonly BrowserEvent[];
}

export class LogVisits {
  /** Distinct page views so far that began a visit. */
  visits = 0;
  /** By client, the one silent for longest first. */
  readonly #open = new Map<string, OpenVisit>();
  readonly #origin: string;

  /** `origin` (`https://host`, or '') stands before the paths of the log in every URL. */
  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Takes the next page view in the order of time. Ids come from its line's number: `L7`, `L7.exit`, `L7.start`, visit `V7`. */
  takePage(line: LogLine, number: number, target: string): PageViewEvents {
    this.#forget(line.at);
    const client = clientOf(line);
    const url = `${this.#origin}${target}`;
    const before = this.#open.get(client);
    this.#open.delete(client);
    const visit = before ?? this.#begin(client, line.at, number, url);
    this.#open.set(client, visit);
    const events: BrowserEvent[] = [];
    if (before === undefined)
      events.push(createEvent(visit, number, line.at, 'VisitStarted', 'start', startData(line)));
    else {
      const spent = { durationMs: line.at - visit.lastAt };
      events.push(createEvent(visit, visit.line, line.at, 'PageExited', 'exit', spent));
    }
    visit.lastAt = line.at;
    visit.line = number;
    visit.url = url;
    events.push(createEvent(visit, number, line.at, 'PageEntered', null, pageData(line)));
    return { visitID: visit.visitID, events };
  }

  #begin(client: string, at: number, line: number, url: string): OpenVisit {
    this.visits += 1;
    const hash = createHash('sha256').update(client).digest('hex').slice(0, 16);
    return { visitID: `V${line}`, globalVisitID: `G${hash}`, lastAt: at, line, url };
  }

  /** Visits that have been silent for 30 minutes are over. */
  #forget(at: number): void {
    for (const [client, visit] of this.#open) {
      if (at - visit.lastAt < VISIT_SILENCE_MS) return;
      this.#open.delete(client);
    }
  }
}

function startData(line: LogLine): EventData {
  return { ...(line.userAgent === null ? {} : { userAgent: line.userAgent }), referrer: line.referrer ?? '' };
}

function pageData(line: LogLine): EventData {
  const searchString = findSearchTerms(line.referrer ?? '');
  return { referrer: line.referrer ?? '', ...(searchString === undefined ? {} : { searchString }) };
}

function createEvent(
  visit: OpenVisit,
  line: number,
  at: number,
  eventName: 'VisitStarted' | 'PageEntered' | 'PageExited',
  suffix: string | null,
  data: EventData,
): BrowserEvent {
  return {
    eventID: suffix === null ? `L${line}` : `L${line}.${suffix}`,
    timestamp: at,
    visitID: visit.visitID,
    globalVisitID: visit.globalVisitID,
    pageID: `P${line}`,
    eventType: 'SYSTEM',
    eventName,
    url: visit.url,
    title: '',
    category: undefined,
    languageCode: '',
    identity: undefined,
    data,
  };
}
