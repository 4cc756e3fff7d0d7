/** What the open partial matches of one rule and visit can do, whatever the rule's template. */

/** A condition that held: the matched events in the order of the pattern. */
export interface Match {
  readonly ids: readonly string[];
  /** Their times, ms. */
  readonly times: readonly number[];
}

/** How far a rule is. */
export interface PartialProgress {
  /** Events matched by the most advanced partial match. */
  readonly done: number;
  /** Last moment (ms) at which the match can still complete; of equally advanced ones the latest. */
  readonly until: number;
}

export interface PartialMatches {
  /** Partial matches given up so far because more were open than may be. */
  readonly dropped: number;
  /** How many are open. */
  count(): number;
  /**
   * An event that fits the steps `steps` (indexes from 0, from high to low) at time `at`; what it completes is appended to
   * `completed`, the match whose first event is oldest first. Nothing that has expired by `at` is open any more.
   */
  take(steps: readonly number[], eventID: string, at: number, completed: Match[]): void;
  /** Drops those that can't complete at `at` or later; returns the last moment of the one of the rest that ends first, or Infinity. */
  expire(at: number): number;
  clear(): void;
  /** Of those that can still complete at `at`; null where there are none. */
  progress(at: number): PartialProgress | null;
}
