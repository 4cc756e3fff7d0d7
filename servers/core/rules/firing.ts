/** A firing: a rule's condition held for a visit and its guards let it pass, so here is a hot lead that carries why. */
import type { EventData } from '#core/visits/event.ts';

export interface Firing {
  /** Integer ms: the time of the event that completed the match. */
  readonly at: number;
  readonly rule: string;
  readonly package: string;
  readonly phase: string;
  readonly salience: number;
  /** Of the hot lead, 0 to 100. */
  readonly priority: number;
  readonly reason: string | null;
  readonly visitID: string;
  readonly globalVisitID: string;
  /** Ids of the matched events in the order of the pattern: one for a singleton, n for a counter, one a step for a sequence. */
  readonly matchedEvents: readonly string[];
  /** Their times, ms, in the same order. */
  readonly matchedAt: readonly number[];
  /** `data` of the event that completed the match. */
  readonly values: EventData;
  /** Page, URL and categories of the event that completed the match. */
  readonly pageID: string;
  readonly url: string;
  readonly category: string;
}
