/**
 * A naive evaluator of rule packages over a visit's whole list of events, written from docs/rules.md alone: the judge of the
 * incremental matcher. It looks back and forth over the list as it likes and shares no code with the engine.
 */
import type { Condition, EventPattern, EventTest, Rule, RulePackage } from '#core/rules/rule-package.ts';
import type { EventValue, VisitEvent } from '#core/visits/event.ts';

export interface OracleFiring {
  readonly at: number;
  readonly rule: string;
  readonly package: string;
  readonly matchedEvents: readonly string[];
}

/** An event that is matched, at the time at which it counts. */
interface Arrival {
  readonly event: VisitEvent;
  readonly at: number;
}

/** A complete match: indexes into the arrivals. */
type Match = readonly number[];

interface Candidate {
  readonly rule: Rule;
  readonly package: RulePackage;
  readonly packageIndex: number;
  readonly ruleIndex: number;
  readonly match: Match;
}

export function evaluateByOracle(
  packages: readonly RulePackage[],
  events: readonly VisitEvent[],
  openPartialsMax: number,
): OracleFiring[] {
  const arrivals = listArrivals(packages, events);
  const phases = orderPhases(packages);
  const candidates = packages.flatMap((rulePackage, packageIndex) =>
    rulePackage.rules.flatMap((rule, ruleIndex) =>
      rule.on
        ? findMatches(rule, arrivals, openPartialsMax).map((match) => ({
            rule,
            package: rulePackage,
            packageIndex,
            ruleIndex,
            match,
          }))
        : [],
    ),
  );
  candidates.sort((a, b) => compareCandidates(a, b, phases));
  return applyGuards(candidates, arrivals);
}

/** Times never go back; what repeats one of the last 32 ids that concerned a rule is left out. */
function listArrivals(packages: readonly RulePackage[], events: readonly VisitEvent[]): Arrival[] {
  const patterns = packages.flatMap(({ rules }) => rules.filter(({ on }) => on).flatMap(patternsOf));
  const concerning: string[] = [];
  const arrivals: Arrival[] = [];
  let latest = -Infinity;
  for (const event of events) {
    latest = Math.max(latest, event.at);
    const concerns = patterns.some((pattern) => fitsNameAndCategories(pattern, event));
    if (concerns && concerning.slice(-32).includes(event.eventID)) continue;
    if (concerns) concerning.push(event.eventID);
    arrivals.push({ event, at: latest });
  }
  return arrivals;
}

type Simple = Extract<Condition, { template: 'singleton' | 'counter' | 'sequence' }>;

function simple(when: Condition): Simple {
  if (when.template === 'singleton' || when.template === 'counter' || when.template === 'sequence') return when;
  throw new Error(`the oracle does not know ${when.template}`);
}

function patternsOf(rule: Rule): readonly EventPattern[] {
  const when = simple(rule.when);
  return when.template === 'sequence' ? when.steps : [when.event];
}

function findMatches(rule: Rule, arrivals: readonly Arrival[], openPartialsMax: number): Match[] {
  const when = simple(rule.when);
  const indexes = arrivals.map((_, index) => index);
  const fitting = (pattern: EventPattern) => indexes.filter((i) => fits(pattern, eventAt(arrivals, i)));
  if (when.template === 'singleton') return fitting(when.event).map((index) => [index]);
  if (when.template === 'counter') return findCounts(fitting(when.event), arrivals, when.times, when.withinMs);
  const steps = when.steps.map((step) => new Set(fitting(step)));
  return when.select === 'first'
    ? findFirstSequences(steps, arrivals, when.withinMs, openPartialsMax)
    : findAllSequences(steps, arrivals, when.withinMs, openPartialsMax);
}

function findCounts(
  fitting: readonly number[],
  arrivals: readonly Arrival[],
  times: number,
  withinMs: number,
): Match[] {
  const matches: Match[] = [];
  let usedUpTo = -1;
  for (const last of fitting) {
    const counted = fitting.filter(
      (i) => i > usedUpTo && i <= last && timeOf(arrivals, last) - timeOf(arrivals, i) <= withinMs,
    );
    if (counted.length < times) continue;
    matches.push(counted);
    usedUpTo = last;
  }
  return matches;
}

/** Each beginning takes the first following event a step; then it is known when each was open, and which were one too many. */
function findFirstSequences(
  steps: readonly ReadonlySet<number>[],
  arrivals: readonly Arrival[],
  withinMs: number,
  openPartialsMax: number,
): Match[] {
  const begun = arrivals.flatMap((_, start) =>
    steps[0]?.has(start) === true ? [followFirst(steps, start, arrivals)] : [],
  );
  const dropped = new Set<number>();
  for (const { start: now } of begun) {
    const open = begun.filter(
      ({ start, match }) =>
        start <= now &&
        !dropped.has(start) &&
        (match === undefined || (match.at(-1) ?? 0) > now) &&
        timeOf(arrivals, now) - timeOf(arrivals, start) <= withinMs,
    );
    for (const { start } of open.slice(0, Math.max(0, open.length - openPartialsMax))) dropped.add(start);
  }
  return begun.flatMap(({ start, match }) => {
    if (match === undefined || dropped.has(start)) return [];
    return timeOf(arrivals, match.at(-1) ?? 0) - timeOf(arrivals, start) <= withinMs ? [match] : [];
  });
}

function followFirst(steps: readonly ReadonlySet<number>[], start: number, arrivals: readonly Arrival[]) {
  const match = [start];
  for (const step of steps.slice(1)) {
    const next = arrivals.findIndex((_, index) => index > (match.at(-1) ?? 0) && step.has(index));
    if (next === -1) return { start, match: undefined };
    match.push(next);
  }
  return { start, match };
}

/** After each event all prefixes of matches that are still in the window are listed anew, less those dropped before and what hung on them. */
function findAllSequences(
  steps: readonly ReadonlySet<number>[],
  arrivals: readonly Arrival[],
  withinMs: number,
  openPartialsMax: number,
): Match[] {
  const matches: Match[] = [];
  /** Prefixes by the event after which they were dropped: they can't be extended by a later one. */
  const dropped = new Map<string, number>();
  for (let now = 0; now < arrivals.length; now += 1) {
    const prefixes: Match[] = [];
    const visit = (prefix: Match): void => {
      const droppedAfter = dropped.get(prefix.join()) ?? Infinity;
      if (prefix.length === steps.length) {
        if (prefix.at(-1) === now) matches.push(prefix);
        return;
      }
      if (prefix.length > 0 && droppedAfter === Infinity) prefixes.push(prefix);
      for (let next = (prefix.at(-1) ?? -1) + 1; next <= now && next <= droppedAfter; next += 1) {
        const tooLate = timeOf(arrivals, now) - timeOf(arrivals, prefix[0] ?? next) > withinMs;
        if (!tooLate && steps[prefix.length]?.has(next) === true) visit([...prefix, next]);
      }
    };
    visit([]);
    // `visit` goes from the earliest event on and tells a prefix before its extensions: oldest first.
    for (const prefix of prefixes.slice(0, Math.max(0, prefixes.length - openPartialsMax)))
      dropped.set(prefix.join(), now);
  }
  return matches;
}

function applyGuards(candidates: readonly Candidate[], arrivals: readonly Arrival[]): OracleFiring[] {
  const made: { readonly candidate: Candidate; readonly at: number }[] = [];
  for (const candidate of candidates) {
    const at = timeOf(arrivals, candidate.match.at(-1) ?? 0);
    const ofPackage = made.filter((one) => one.candidate.packageIndex === candidate.packageIndex);
    const ofRule = ofPackage.filter((one) => one.candidate.ruleIndex === candidate.ruleIndex);
    const allows = ({ guards }: Rule | RulePackage, before: readonly { readonly at: number }[]): boolean =>
      before.length < (guards.maxPerVisit ?? Infinity) &&
      (guards.coolDownMs === null || at - (before.at(-1)?.at ?? -Infinity) > guards.coolDownMs);
    if (allows(candidate.rule, ofRule) && allows(candidate.package, ofPackage)) made.push({ candidate, at });
  }
  return made.map(({ candidate, at }) => ({
    at,
    rule: candidate.rule.name,
    package: candidate.package.name,
    matchedEvents: candidate.match.map((index) => eventAt(arrivals, index).eventID),
  }));
}

function compareCandidates(a: Candidate, b: Candidate, phases: readonly string[]): number {
  // By the completing event rather than its time: of two events with equal times all firings of the first come first.
  const byEvent = (a.match.at(-1) ?? 0) - (b.match.at(-1) ?? 0);
  const byRule =
    phases.indexOf(a.rule.phase) - phases.indexOf(b.rule.phase) ||
    b.rule.salience - a.rule.salience ||
    a.packageIndex - b.packageIndex ||
    a.ruleIndex - b.ruleIndex;
  return byEvent || byRule || compareMatches(a.match, b.match);
}

function compareMatches(a: Match, b: Match): number {
  const differing = a.findIndex((index, place) => index !== b[place]);
  return differing === -1 ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0);
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

function fits(pattern: EventPattern, event: VisitEvent): boolean {
  return fitsNameAndCategories(pattern, event) && pattern.tests.every((test) => holds(test, event));
}

function fitsNameAndCategories(pattern: EventPattern, event: VisitEvent): boolean {
  if (pattern.eventName !== event.eventName) return false;
  const carried = event.category.split(';');
  return pattern.categories.length === 0 || pattern.categories.some((name) => carried.includes(name));
}

function holds(test: EventTest, event: VisitEvent): boolean {
  const value = fieldOf(test.field, event);
  if (value === undefined) return false;
  if ('bound' in test) return typeof value === 'number' && compares(test.operator, value, test.bound);
  if ('values' in test) return test.values.some((one) => one === value);
  if ('text' in test) return typeof value === 'string' && value.toUpperCase().includes(test.text.toUpperCase());
  if ('expression' in test) return typeof value === 'string' && new RegExp(test.expression, 'u').test(value);
  return (value === test.value) === (test.operator === 'is');
}

function compares(operator: string, value: number, bound: number): boolean {
  if (operator === 'lessThan') return value < bound;
  if (operator === 'moreThan') return value > bound;
  return operator === 'atMost' ? value <= bound : value >= bound;
}

function fieldOf(field: EventTest['field'], event: VisitEvent): EventValue | undefined {
  if (field === 'url' || field === 'title' || field === 'languageCode' || field === 'pageID') return event[field];
  return Object.entries(event.data).find(([name]) => `data.${name}` === field)?.[1];
}

function eventAt(arrivals: readonly Arrival[], index: number): VisitEvent {
  const arrival = arrivals[index];
  if (arrival === undefined) throw new Error(`assertion failed: no arrival ${index}`);
  return arrival.event;
}

function timeOf(arrivals: readonly Arrival[], index: number): number {
  const arrival = arrivals[index];
  if (arrival === undefined) throw new Error(`assertion failed: no arrival ${index}`);
  return arrival.at;
}
