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
  /** Visit, browser or person, and which of its lives. */
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
  return [...new Set(scopes)].flatMap((scope) => {
    if (scope === undefined) return [];
    const places = [...log.keys()].filter((place) => scopes[place] === scope);
    const times = timesOf(places, log);
    const moments = places.map((place, nth): Moment => {
      const item = present(log[place], 'item');
      const at = present(times[nth], 'time');
      return isTold(item)
        ? { place, at, event: null, isMatched: false }
        : { place, at, event: item, isMatched: !duplicates.has(place) };
    });
    return rule.correlate === 'visit' ? [{ scope, moments }] : splitLives(scope, moments);
  });
}

/** At which the items at these places count, ms: an event that lies before one that arrived earlier, at the latest time. */
export function timesOf(places: readonly number[], log: Log): number[] {
  const items = places.map((place) => present(log[place], 'item'));
  const latest = (nth: number): number =>
    items.slice(0, nth + 1).reduce((time, item) => (isTold(item) ? time : Math.max(time, item.at)), -Infinity);
  return items.map((item, nth) => (isTold(item) ? item.told : latest(nth)));
}

/** A browser or person of which nothing came for 24 hours is not remembered. */
function splitLives(scope: string, moments: readonly Moment[]): Timeline[] {
  const begins = moments.filter(
    (moment, i) => moment.event !== null && moment.at - lastEventAt(moments.slice(0, i)) > REMEMBERED_MS,
  );
  return [...begins.keys()].map((life) => ({
    scope: `${scope} ${life}`,
    moments: moments.filter(
      ({ place }) => place >= (begins[life]?.place ?? 0) && place < (begins[life + 1]?.place ?? Infinity),
    ),
  }));
}

function lastEventAt(moments: readonly Moment[]): number {
  return moments.findLast(({ event }) => event !== null)?.at ?? -Infinity;
}

/** Undefined: nobody knows yet who it is, so that the rule can't take it. */
function scopeOf({ correlate }: Rule, log: Log, place: number): string | undefined {
  const item = present(log[place], 'item');
  if (correlate === 'visit') return item.visitID;
  const globalVisitID = log.find((one) => !isTold(one) && one.visitID === item.visitID) as VisitEvent | undefined;
  if (correlate === 'browser') return globalVisitID?.globalVisitID;
  const ofVisit = log.slice(0, place + 1).filter((one) => one.visitID === item.visitID && !isTold(one));
  return (isTold(item) ? undefined : item.identity) ?? personAt(ofVisit as VisitEvent[]);
}
