/**
 * What has come to the engine, in order: events of visits, and the word that time has come. The oracle looks at it as a whole;
 * here are the times at which events count, which are duplicates, and whose events a rule matches together ("Time and order" and
 * "Across visits" in docs/rules.md).
 */
import { present } from '#core/assert.ts';
import type { Rule, RulePackage } from '#core/rules/rule-package.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { fitsNameAndCategories, patternsOf, patternsSeen } from './oracle-patterns.ts';
import { personAt } from './oracle-visit.ts';

/** The engine is told that for this visit time has come to `told`, ms; no later than the visit's next event. */
export interface Told {
  readonly visitID: string;
  readonly told: number;
}

export type Log = readonly (VisitEvent | Told)[];

export function isTold(item: VisitEvent | Told): item is Told {
  return 'told' in item;
}

/** An item of the log as a rule sees it. */
export interface Moment {
  /** Its index in the log. */
  readonly place: number;
  /** At which it counts, ms. */
  readonly at: number;
  /** Null: time alone. */
  readonly event: VisitEvent | null;
  /** False: a duplicate, of which only the time counts. */
  readonly isMatched: boolean;
}

/** The moments that one rule takes together. */
export interface Timeline {
  /** Visit, browser or person. */
  readonly whose: string;
  /** The same, and which of its lives. */
  readonly scope: string;
  readonly moments: readonly Moment[];
}

const REMEMBERED_MS = 24 * 3_600_000;
const KNOWN_IDS = 32;

/** The places of events that repeat one of the last 32 of their visit that concerned a rule of the package. */
export function findDuplicates(rulePackage: RulePackage, log: Log): ReadonlySet<number> {
  const patterns = rulePackage.rules
    .filter(({ on }) => on)
    .flatMap((rule) => [...patternsOf(rule.when), ...patternsSeen(rule.provided)]);
  const concerning: { readonly visitID: string; readonly eventID: string }[] = [];
  const duplicates = new Set<number>();
  log.forEach((item, place) => {
    if (isTold(item) || !patterns.some((pattern) => fitsNameAndCategories(pattern, item))) return;
    const ofVisit = concerning.filter(({ visitID }) => visitID === item.visitID);
    if (ofVisit.slice(-KNOWN_IDS).some(({ eventID }) => eventID === item.eventID)) duplicates.add(place);
    else concerning.push(item);
  });
  return duplicates;
}

export function listTimelines(rule: Rule, log: Log, duplicates: ReadonlySet<number>): Timeline[] {
  const scopes = log.map((_, place) => scopeOf(rule, log, place));
  const left = log.map((_, place) => scopeBefore(rule, log, place));
  return [...new Set(scopes)].flatMap((whose) => {
    if (whose === undefined) return [];
    const places = [...log.keys()].filter((place) => scopes[place] === whose || left[place] === whose);
    const times = timesOf(places, log);
    const moments = places.map((place, nth): Moment => {
      const item = present(log[place], 'item');
      const at = present(times[nth], 'time');
      // Who is somebody else from this event on has lived until right before it.
      if (scopes[place] !== whose) return { place, at: at - 1, event: null, isMatched: false };
      return isTold(item)
        ? { place, at, event: null, isMatched: false }
        : { place, at, event: item, isMatched: !duplicates.has(place) };
    });
    const timeline = { whose, scope: whose, moments };
    return rule.correlate === 'visit' ? [timeline] : splitLives(timeline);
  });
}

/** At which the items at these places count, ms: an event that lies before one that arrived earlier, at the latest time. */
export function timesOf(places: readonly number[], log: Log): number[] {
  const items = places.map((place) => present(log[place], 'item'));
  const latest = (nth: number): number =>
    items.slice(0, nth + 1).reduce((time, item) => (isTold(item) ? time : Math.max(time, item.at)), -Infinity);
  return items.map((item, nth) => (isTold(item) ? item.told : latest(nth)));
}

/** A browser or person of which nothing came for 24 hours is not remembered, nor what it waited for. */
function splitLives({ whose, moments }: Timeline): Timeline[] {
  const begins = moments.filter(
    (moment, i) => moment.event !== null && moment.at - lastEventAt(moments.slice(0, i)) > REMEMBERED_MS,
  );
  return [...begins.keys()].map((life) => {
    const from = begins[life]?.place ?? 0;
    const to = begins[life + 1]?.place ?? Infinity;
    const lived = moments.filter(({ place }) => place >= from && place < to);
    const isRemembered = ({ at }: Moment, i: number) => at - lastEventAt(lived.slice(0, i + 1)) <= REMEMBERED_MS;
    return { whose, scope: `${whose} ${life}`, moments: lived.filter(isRemembered) };
  });
}

function lastEventAt(moments: readonly Moment[]): number {
  return moments.findLast(({ event }) => event !== null)?.at ?? -Infinity;
}

/** Whose the visit of this item was before it; undefined: not known. */
export function scopeBefore({ correlate }: Rule, log: Log, place: number): string | undefined {
  const before = eventsOfVisit(log, place, place);
  if (correlate === 'visit') return before[0]?.visitID;
  return correlate === 'browser' ? before[0]?.globalVisitID : personAt(before);
}

/** Undefined: nobody knows yet who it is, so that the rule can't take it. */
function scopeOf({ correlate }: Rule, log: Log, place: number): string | undefined {
  const item = present(log[place], 'item');
  if (correlate === 'visit') return item.visitID;
  if (correlate === 'browser') return eventsOfVisit(log, place, log.length)[0]?.globalVisitID;
  return (isTold(item) ? undefined : item.identity) ?? personAt(eventsOfVisit(log, place, place + 1));
}

/** Of the visit of the item at `place`, as many as have come before `end`. */
function eventsOfVisit(log: Log, place: number, end: number): VisitEvent[] {
  const { visitID } = present(log[place], 'item');
  return log.slice(0, end).filter((item): item is VisitEvent => item.visitID === visitID && !isTold(item));
}
