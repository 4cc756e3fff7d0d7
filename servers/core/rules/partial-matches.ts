/** Open partial matches of one condition in one scope that are an object of their own, and how far such matches are. */
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

/** For what does not fit into cells. */
export interface PartialMatches {
  /** Partial matches given up so far because more were open than may be. */
  readonly dropped: number;
  count(): number;
  /** As that of OpenMatches; nothing that is too old is open any more. */
  take(steps: readonly number[], arrival: Arrival, event: VisitEvent, completed: Match[]): void;
  /** Drops those that can't complete at `at` (ms) or later. */
  expire(at: number): void;
  progress(at: number): PartialProgress | null;
  /** Adds the ordinals of the events that are held. */
  listHeld(ordinals: Set<number>): void;
}
