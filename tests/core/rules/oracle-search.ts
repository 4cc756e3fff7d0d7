/** What the oracle looks for conditions in: the whole timeline, and the events of it that fit a pattern. */
import { present } from '#core/assert.ts';
import type { EventPattern } from '#core/rules/rule-package.ts';
import type { Moment } from './oracle-log.ts';
import { fits } from './oracle-patterns.ts';

/** Indexes into the timeline of the matched events. */
export type Matched = readonly number[];

/** A condition is looked for in these, with so many open partial matches at most. */
export interface Search {
  readonly moments: readonly Moment[];
  readonly openPartialsMax: number;
}

export function fitting(pattern: EventPattern, { moments }: Search): number[] {
  return [...moments.keys()].filter((index) => {
    const { event, isMatched } = momentAt(moments, index);
    return event !== null && isMatched && fits(pattern, event);
  });
}

export function momentAt(moments: readonly Moment[], index: number): Moment {
  return present(moments[index], 'moment');
}

/** Ms from one to the other. */
export function timeBetween({ moments }: Search, first: number, last: number): number {
  return momentAt(moments, last).at - momentAt(moments, first).at;
}
