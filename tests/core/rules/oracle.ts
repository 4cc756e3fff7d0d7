/**
 * A naive evaluator of rule packages over the whole list of what came to the engine, written from docs/rules.md alone: the judge of the
 * incremental matcher. It looks back and forth over the list as it likes and shares no code with the engine.
 */
import { present } from '#core/assert.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { BusinessHours, Guards, Rule, RulePackage } from '#core/rules/rule-package.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { findDuplicates, isTold, listTimelines, scopeBefore, timesOf, type Log, type Timeline } from './oracle-log.ts';
import { compareMatched, findMatches } from './oracle-matches.ts';
import { momentAt } from './oracle-search.ts';
import { holdsThen } from './oracle-visit.ts';

/** A firing, and which item of the log brought it. */
export interface OracleFiring extends Firing {
  readonly place: number;
}

/** A complete match whose `while` holds. */
interface Candidate {
  readonly rule: Rule;
  readonly package: RulePackage;
  readonly packageIndex: number;
  readonly ruleIndex: number;
  /** Index of the item that brings it, and the end of its wait where it had one. */
  readonly place: number;
  readonly due: number | null;
  /** A wait of a browser or person to which the visit belongs from this item on. */
  readonly isJoined: boolean;
  readonly at: number;
  /** Places in the log, and the times at which they count. */
  readonly places: readonly number[];
  readonly matchedAt: readonly number[];
  readonly last: VisitEvent;
  /** In which it fires: of the item that brings it. */
  readonly visitID: string;
  /** Of the timeline; the hot leads of a scope are counted together for the rule's guards. */
  readonly whose: string;
  readonly scope: string;
}

/** What fires, in order. `replayed`: so many items are past, of which nothing is passed on. */
export function evaluateByOracle(
  packages: readonly RulePackage[],
  log: Log,
  openPartialsMax: number,
  replayed = 0,
): OracleFiring[] {
  const phases = orderPhases(packages);
  const candidates = packages.flatMap((rulePackage, packageIndex) => {
    const duplicates = findDuplicates(rulePackage, log);
    return rulePackage.rules.flatMap((rule, ruleIndex) =>
      !rule.on
        ? []
        : listTimelines(rule, log, duplicates).flatMap((timeline) =>
            findCandidates(rule, timeline, log, duplicates, openPartialsMax).map((found) => ({
              ...found,
              package: rulePackage,
              packageIndex,
              ruleIndex,
            })),
          ),
    );
  });
  candidates.sort((a, b) => compareCandidates(a, b, phases));
  return applyGuards(candidates)
    .filter(({ place }) => place >= replayed)
    .map((candidate) => describe(candidate, log));
}

type Found = Omit<Candidate, 'package' | 'packageIndex' | 'ruleIndex'>;

function findCandidates(
  rule: Rule,
  { whose, scope, moments }: Timeline,
  log: Log,
  duplicates: ReadonlySet<number>,
  openPartialsMax: number,
): Found[] {
  const found = findMatches(rule.when, { moments, openPartialsMax }).map(({ events, moment, due }) => {
    const matched = events.map((index) => momentAt(moments, index));
    const { place, at } = momentAt(moments, moment);
    return {
      rule,
      whose,
      scope,
      place,
      due,
      isJoined: due !== null && scopeBefore(rule, log, place) !== whose,
      at: due ?? at,
      places: matched.map((one) => one.place),
      matchedAt: matched.map((one) => one.at),
      last: present(matched.at(-1)?.event, 'last event'),
      visitID: present(log[place], 'item').visitID,
    };
  });
  return found.filter((one) => isAllowedByVisit(one, log, duplicates));
}

/** Whether `while` holds: after the event that completes the match, but before the one that tells that a wait of the visit is over. */
function isAllowedByVisit(
  { rule, place, due, isJoined, at, last, visitID }: Found,
  log: Log,
  duplicates: ReadonlySet<number>,
): boolean {
  if (rule.provided === null) return true;
  const isAfter = due === null || isJoined;
  const places = [...log.keys()].filter((one) => {
    const item = present(log[one], 'item');
    return (isAfter ? one <= place : one < place) && item.visitID === visitID && !isTold(item);
  });
  const times = timesOf(places, log);
  const eventAt = (one: number, i: number) => ({ ...(log[one] as VisitEvent), at: present(times[i], 'time') });
  const events = places.map(eventAt);
  const isSeen = (one: number) => !duplicates.has(one) && (due === null || one < place);
  const seen = events.filter((_, i) => isSeen(present(places[i], 'place')));
  return holdsThen(rule.provided, { events, seen, now: at, last });
}

function applyGuards(candidates: readonly Candidate[]): Candidate[] {
  const made: Candidate[] = [];
  for (const candidate of candidates) {
    const { rule, at, last, visitID } = candidate;
    if (!isValidAt(rule, at)) continue;
    const ofPackage = made.filter((one) => one.packageIndex === candidate.packageIndex);
    const ofRule = ofPackage.filter((one) => one.ruleIndex === candidate.ruleIndex && one.scope === candidate.scope);
    const ofVisit = ofPackage.filter((one) => one.visitID === visitID);
    const { name } = candidate.package;
    const isHeldBack =
      isGuarded(rule.guards, ofRule, at, `${name}/${rule.name}/${last.globalVisitID}`) ||
      isGuarded(candidate.package.guards, ofVisit, at, `${name}/${last.globalVisitID}`);
    if (!isHeldBack) made.push(candidate);
  }
  return made;
}

function isGuarded(guards: Guards, before: readonly Candidate[], at: number, drawn: string): boolean {
  const isSpent = before.length >= (guards.maxPerVisit ?? Infinity);
  const isCooling = before.some((one) => at - one.at <= (guards.coolDownMs ?? -Infinity));
  return isSpent || isCooling || hash(drawn) / 2 ** 32 < (guards.holdoutShare ?? 0);
}

/** FNV-1a, 32 bits, of the UTF-8 bytes. */
function hash(text: string): number {
  const product = (value: bigint) => (value * 16_777_619n) % 2n ** 32n;
  const bytes = [...new TextEncoder().encode(text)];
  return Number(bytes.reduce((value, byte) => product(value ^ BigInt(byte)), 2_166_136_261n));
}

function isValidAt({ valid, hours }: Rule, at: number): boolean {
  if (at < (valid.fromMs ?? -Infinity) || at >= (valid.toMs ?? Infinity)) return false;
  return hours === null || isOpenAt(hours, at);
}

const WEEK_DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const clocks = new Map<string, Intl.DateTimeFormat>();

function isOpenAt({ days, fromMinute, toMinute, timeZone }: BusinessHours, at: number): boolean {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  clocks.set(timeZone, clock);
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
  const day = WEEK_DAYS.indexOf(parts.get('weekday') ?? '') + 1;
  return days.includes(day) && minute >= fromMinute && minute < toMinute;
}

function describe(
  { rule, package: of, place, at, places, matchedAt, last, visitID }: Candidate,
  log: Log,
): OracleFiring {
  const action = present(rule.actions[0], 'action');
  return {
    place,
    at,
    rule: rule.name,
    package: of.name,
    phase: rule.phase,
    salience: rule.salience,
    action: action.kind,
    priority: action.priority,
    reason: action.reason,
    visitID,
    globalVisitID: last.globalVisitID,
    matchedEvents: places.map((one) => (log[one] as VisitEvent).eventID),
    matchedAt,
    values: last.data,
    pageID: last.pageID,
    url: last.url,
    category: last.category,
  };
}

/** By the item that brings it; waits that it finds over come first, by their end; then by rule and matched events. */
function compareCandidates(a: Candidate, b: Candidate, phases: readonly string[]): number {
  const dueOf = ({ due }: Candidate) => due ?? Number.MAX_VALUE;
  return (
    a.place - b.place ||
    Number(a.due === null) - Number(b.due === null) ||
    Number(a.isJoined) - Number(b.isJoined) ||
    dueOf(a) - dueOf(b) ||
    phases.indexOf(a.rule.phase) - phases.indexOf(b.rule.phase) ||
    b.rule.salience - a.rule.salience ||
    a.packageIndex - b.packageIndex ||
    a.ruleIndex - b.ruleIndex ||
    compareMatched(a.places, b.places)
  );
}

function orderPhases(packages: readonly RulePackage[]): string[] {
  let order: string[] = [];
  for (const { phases } of packages) {
    for (const phase of phases.toReversed()) {
      if (order.includes(phase)) continue;
      const next = phases[phases.indexOf(phase) + 1];
      const place = next === undefined ? order.length : order.indexOf(next);
      order = [...order.slice(0, place), phase, ...order.slice(place)];
    }
  }
  return order;
}
