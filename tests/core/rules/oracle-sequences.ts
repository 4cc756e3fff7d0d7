/** The oracle's sequences: which choices of events are matches, and which of them the cap on open partial matches lost. */
import { present } from '#core/assert.ts';
import type { SequenceCondition } from '#core/rules/rule-package.ts';
import { fitting, timeBetween, type Matched, type Search } from './oracle-search.ts';

type Steps = readonly ReadonlySet<number>[];

export function findSequences(when: SequenceCondition, search: Search): Matched[] {
  const steps = when.steps.map((step) => new Set(fitting(step, search)));
  return when.select === 'first' ? findFirst(steps, when.withinMs, search) : findEvery(steps, when.withinMs, search);
}

/** Each beginning takes the first following event a step; then it is known when each was open, and which were one too many. */
function findFirst(steps: Steps, withinMs: number, search: Search): Matched[] {
  const begun = [...present(steps[0], 'step')].map((start) => ({ start, match: followFirst(steps, start) }));
  const dropped = new Set<number>();
  for (const { start: now } of begun) {
    const open = begun.filter(
      ({ start, match }) =>
        start <= now &&
        !dropped.has(start) &&
        (match === undefined || present(match.at(-1), 'event') > now) &&
        timeBetween(search, start, now) <= withinMs,
    );
    for (const { start } of open.slice(0, Math.max(0, open.length - search.openPartialsMax))) dropped.add(start);
  }
  const complete = begun.flatMap(({ start, match }) =>
    match === undefined || dropped.has(start) || timeBetween(search, start, present(match.at(-1), 'event')) > withinMs
      ? []
      : [match],
  );
  return complete.toSorted((a, b) => present(a.at(-1), 'event') - present(b.at(-1), 'event'));
}

function followFirst(steps: Steps, start: number): Matched | undefined {
  const match = [start];
  for (const step of steps.slice(1)) {
    const next = [...step].find((index) => index > present(match.at(-1), 'event'));
    if (next === undefined) return undefined;
    match.push(next);
  }
  return match;
}

/** After each event all prefixes of matches that are still in the window are listed anew, less those dropped before and what hung on them. */
function findEvery(steps: Steps, withinMs: number, search: Search): Matched[] {
  const matches: Matched[] = [];
  /** Prefixes by the moment after which they were dropped: they can't be extended by a later one. */
  const dropped = new Map<string, number>();
  for (const now of search.moments.keys()) {
    const prefixes: Matched[] = [];
    const visit = (prefix: Matched): void => {
      const droppedAfter = dropped.get(prefix.join()) ?? Infinity;
      if (prefix.length === steps.length) {
        if (prefix.at(-1) === now) matches.push(prefix);
        return;
      }
      if (prefix.length > 0 && droppedAfter === Infinity) prefixes.push(prefix);
      for (const next of present(steps[prefix.length], 'step')) {
        if (next <= (prefix.at(-1) ?? -1) || next > Math.min(now, droppedAfter)) continue;
        if (timeBetween(search, prefix[0] ?? next, now) <= withinMs) visit([...prefix, next]);
      }
    };
    visit([]);
    // `visit` goes from the earliest event on and tells a prefix before its extensions: oldest first.
    const excess = Math.max(0, prefixes.length - search.openPartialsMax);
    for (const prefix of prefixes.slice(0, excess)) dropped.set(prefix.join(), now);
  }
  return matches;
}
