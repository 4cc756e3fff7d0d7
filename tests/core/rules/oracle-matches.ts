/**
 * The oracle's reading of the templates in docs/rules.md: all matches of a condition over a whole timeline. Every function looks back and
 * forth over the list as it likes; nothing is carried from event to event but which events a restart has used up and what a cap dropped.
 */
import { assertNever, present } from '#core/assert.ts';
import type { Condition, EventPattern, TestedField } from '#core/rules/rule-package.ts';
import type { Moment } from './oracle-log.ts';
import { fieldOf, fits } from './oracle-patterns.ts';
import { fitting, momentAt, timeBetween, type Matched, type Search } from './oracle-search.ts';
import { findSequences } from './oracle-sequences.ts';

/** A complete match. */
export interface Match {
  readonly events: Matched;
  /** Index of the moment that completes it; of a wait, the one that tells that it is over. */
  readonly moment: number;
  /** The end of the wait, ms; null: an event completed it. */
  readonly due: number | null;
}

export function findMatches(when: Condition, search: Search): Match[] {
  switch (when.template) {
    case 'singleton':
      return fitting(when.event, search).map((index) => completed([index]));
    case 'counter':
      return when.distinct === null ? findCounts(when, search) : findDifferent(when, when.distinct, search);
    case 'sequence':
      return findSequences(when, search).map(completed);
    case 'set':
      return findSets(when.events, when.withinMs, search);
    case 'timeout':
      return findWaits(
        fitting(when.event, search).map((index) => completed([index])),
        when.forMs,
        (event, begun) => event.eventName === 'PageExited' && event.pageID === begun.pageID,
        search,
      );
    case 'absence':
      return findWaits(findMatches(when.after, search), when.withinMs, (event) => fits(when.event, event), search);
    case 'all':
      return findAll(when.conditions, when.withinMs, search);
    case 'any':
      return when.conditions.flatMap((one) => findMatches(one, search)).toSorted(compareMatches);
    default:
      return assertNever(when, 'condition');
  }
}

/** By when they come; what comes together by the first matched event, then the second, and so on, what has ended first. */
export function compareMatches(a: Match, b: Match): number {
  return a.moment - b.moment || dueOf(a) - dueOf(b) || compareMatched(a.events, b.events);
}

/** A wait that is over comes before what the event that tells so completes. */
function dueOf({ due }: Match): number {
  return due ?? Number.MAX_VALUE;
}

export function compareMatched(a: Matched, b: Matched): number {
  const differing = a.findIndex((index, place) => index !== b[place]);
  if (differing === -1) return a.length - b.length;
  return differing >= b.length ? 1 : present(a[differing], 'event') - present(b[differing], 'event');
}

function completed(events: Matched): Match {
  return { events, moment: present(events.at(-1), 'last event'), due: null };
}

function findCounts(
  { event, times, withinMs }: { readonly event: EventPattern; readonly times: number; readonly withinMs: number },
  search: Search,
): Match[] {
  const matches: Match[] = [];
  const all = fitting(event, search);
  let usedUpTo = -1;
  for (const last of all) {
    const counted = all.filter((i) => i > usedUpTo && i <= last && timeBetween(search, i, last) <= withinMs);
    if (counted.length < times) continue;
    matches.push(completed(counted));
    usedUpTo = last;
  }
  return matches;
}

/** Of each value the latest event since the last match. */
function findDifferent(
  { event, times, withinMs }: { readonly event: EventPattern; readonly times: number; readonly withinMs: number },
  field: TestedField,
  search: Search,
): Match[] {
  const valueOf = (index: number) => fieldOf(field, present(momentAt(search.moments, index).event, 'event'));
  const all = fitting(event, search).filter((index) => valueOf(index) !== undefined);
  const matches: Match[] = [];
  let usedUpTo = -1;
  for (const last of all) {
    const since = all.filter((i) => i > usedUpTo && i <= last);
    const latest = since.filter((i) => since.findLast((other) => valueOf(other) === valueOf(i)) === i);
    const young = latest.filter((i) => timeBetween(search, i, last) <= withinMs);
    if (young.length < times) continue;
    matches.push(completed(young));
    usedUpTo = last;
  }
  return matches;
}

/** For each pattern the latest event since the last match. */
function findSets(patterns: readonly EventPattern[], withinMs: number, search: Search): Match[] {
  const lists = patterns.map((pattern) => fitting(pattern, search));
  const matches: Match[] = [];
  let usedUpTo = -1;
  for (const last of search.moments.keys()) {
    if (!lists.some((list) => list.includes(last))) continue;
    const kept = lists.map((list) => list.findLast((i) => i > usedUpTo && i <= last));
    const young = kept.flatMap((i) => (i !== undefined && timeBetween(search, i, last) <= withinMs ? [i] : []));
    if (young.length < patterns.length) continue;
    matches.push(completed(inOrder(young)));
    usedUpTo = last;
  }
  return matches;
}

/** Of each member the latest match since the last match of them all; what members have begun knows nothing of that. */
function findAll(conditions: readonly Condition[], withinMs: number, search: Search): Match[] {
  const lists = conditions.map((one) => findMatches(one, search));
  const matches: Match[] = [];
  let usedUpTo = -1;
  for (const last of search.moments.keys()) {
    if (!lists.flat().some(({ moment }) => moment === last)) continue;
    const kept = lists.map((list) => list.findLast(({ moment }) => moment > usedUpTo && moment <= last));
    if (kept.includes(undefined)) continue;
    const events = inOrder(kept.flatMap((match) => match?.events ?? []));
    if (timeBetween(search, present(events[0], 'first event'), last) > withinMs) continue;
    matches.push({ events, moment: last, due: null });
    usedUpTo = last;
  }
  return matches;
}

function inOrder(events: readonly number[]): number[] {
  return [...new Set(events)].toSorted((a, b) => a - b);
}

type Ends = (event: NonNullable<Moment['event']>, begun: NonNullable<Moment['event']>) => boolean;

/**
 * A wait is over at the first moment that has a later time, or that tells that its time has come. It comes to something unless an event
 * in between ends it, or it was the oldest of too many at some moment in between.
 */
function findWaits(begins: readonly Match[], waitMs: number, ends: Ends, search: Search): Match[] {
  const { moments, openPartialsMax } = search;
  const waits = begins.toSorted(compareMatches).map(({ events, moment: begun }) => {
    const due = momentAt(moments, begun).at + waitMs;
    const after = [...moments.keys()].filter((index) => index > begun);
    const over = after.find((i) => momentAt(moments, i).at > due || isToldAt(momentAt(moments, i), due)) ?? Infinity;
    const first = present(momentAt(moments, begun).event, 'event');
    const ended = after.find((index) => {
      const { event, isMatched } = momentAt(moments, index);
      return index < over && event !== null && isMatched && ends(event, first);
    });
    return { events, begun, due, over, ended };
  });
  const dropped = new Set<Matched>();
  for (const now of moments.keys()) {
    const open = waits.filter(
      ({ events, begun, over, ended }) =>
        begun <= now && now < over && now < (ended ?? Infinity) && !dropped.has(events),
    );
    for (const { events } of open.slice(0, Math.max(0, open.length - openPartialsMax))) dropped.add(events);
  }
  return waits.flatMap(({ events, due, over, ended }) =>
    over === Infinity || ended !== undefined || dropped.has(events) ? [] : [{ events, moment: over, due }],
  );
}

function isToldAt({ event, at }: Moment, due: number): boolean {
  return event === null && at >= due;
}
