/** What the open partial matches of one rule and visit can do, whatever the rule's template. */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival, Match } from './arrival.ts';

/** How far a rule is. */
export interface PartialProgress {
  /** Events matched by the most advanced partial match. */
  readonly done: number;
  /** Last moment (ms) at which the match can still complete, of equally advanced ones the latest; of a wait its end. */
  readonly until: number;
  /** It needs nothing more but that time passes and nothing comes that ends it. */
  readonly waits?: boolean;
  /** A member of `all` that has matched. */
  readonly isComplete?: boolean;
  /** Of a set: the numbers of the patterns that are still to come. */
  readonly lacking?: readonly number[];
  /** Of `all`: how far each member is; null: nowhere. */
  readonly members?: readonly (PartialProgress | null)[];
  /** Of `any`: the member that lacks least, and how many events its match takes. */
  readonly nearest?: { readonly member: number; readonly progress: PartialProgress };
  readonly needed?: number;
}

export interface PartialMatches {
  /** Partial matches given up so far because more were open than may be. */
  readonly dropped: number;
  /** How many are open. */
  count(): number;
  /**
   * An event that fits the patterns `steps` (indexes from 0, from high to low); what it completes is appended to `completed`, the
   * match whose first event is oldest first. Nothing that has expired by then is open any more.
   */
  take(steps: readonly number[], arrival: Arrival, event: VisitEvent, completed: Match[]): void;
  /** Drops those that can't complete at `at` or later; returns the last moment of the one of the rest that ends first, or Infinity. */
  expire(at: number): number;
  clear(): void;
  /** Of those that can still complete at `at`; null where there are none. */
  progress(at: number): PartialProgress | null;
}

/** A match that fires when its time has come, if nothing ends it before. */
export interface Wait {
  readonly match: Match;
  /** The last of its events. */
  readonly event: VisitEvent;
}

/** Partial matches that also wait: what they complete they hold until time has passed. */
export interface WaitingMatches extends PartialMatches {
  /** When the first of the waits ends, ms; Infinity: none waits. */
  nextDeadline(): number;
  /** Takes the waits that end at `at`, where none ends before, by the order of arrival of their events. */
  takeDue(at: number, due: Wait[]): void;
}

export function isWaiting(partials: PartialMatches): partials is WaitingMatches {
  return 'takeDue' in partials;
}
