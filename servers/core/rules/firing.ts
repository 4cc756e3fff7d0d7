/** A firing: a rule's condition held for a visit and its guards let it pass, so here is a hot lead (or a follow-up) that carries why. */
import type { EventData, VisitEvent } from '#core/visits/event.ts';
import type { Match } from './arrival.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { Action } from './rule-package.ts';

export interface Firing {
  /** Integer ms: the time of the event that completed the match, or the end of a wait. */
  readonly at: number;
  readonly rule: string;
  readonly package: string;
  readonly phase: string;
  readonly salience: number;
  readonly action: Action['kind'];
  /** Of the hot lead or follow-up, 0 to 100. */
  readonly priority: number;
  readonly reason: string | null;
  readonly visitID: string;
  readonly globalVisitID: string;
  /** Ids of the matched events: of a sequence in the order of its steps, else in the order of arrival. */
  readonly matchedEvents: readonly string[];
  /** Their times, ms, in the same order. */
  readonly matchedAt: readonly number[];
  /** `data` of the last matched event: the one that completed the match, or after which it waited. */
  readonly values: EventData;
  /** Page, URL and categories of that event. */
  readonly pageID: string;
  readonly url: string;
  readonly category: string;
}

/** A match about to fire. */
export interface Completion {
  readonly match: Match;
  /** The last matched one. */
  readonly event: VisitEvent;
  /** When it fires, ms. */
  readonly at: number;
  /** The visit in which it fires. */
  readonly visitID: string;
}

export function createFiring(
  { rule, package: of, action }: CompiledRule,
  { match, event, at, visitID }: Completion,
): Firing {
  return {
    at,
    rule: rule.name,
    package: of.name,
    phase: rule.phase,
    salience: rule.salience,
    action: action.kind,
    priority: action.priority,
    reason: action.reason,
    visitID,
    globalVisitID: event.globalVisitID,
    matchedEvents: match.map(({ id }) => id),
    matchedAt: match.map((arrival) => arrival.at),
    values: event.data,
    pageID: event.pageID,
    url: event.url,
    category: event.category,
  };
}
