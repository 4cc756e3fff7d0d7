/**
 * What the rules remember of one visit: for each rule that one of its events touched a slot with times and ids of matched
 * events, and what the guards count. Nothing is allocated before it is needed: most visits touch few rules.
 */

/** One rule of one visit. Which fields are used depends on the template; `matching-*.ts` beside this file own them. */
export interface RuleSlot {
  /** Hot leads made. */
  fired: number;
  lastFiredAt: number;
  /** Firings that made no hot lead because of a cool-down. */
  heldBack: number;
  /** Open partial matches dropped because there were too many. */
  dropped: number;
  /** A guard's maximum is reached: not matched any more. */
  spent: boolean;
  readonly partials: PartialMatches | null;
}

/** The open partial matches of one rule and visit. */
export interface PartialMatches {
  /** How many are open. */
  count(): number;
  /** Drops those that can't complete at `at` or later; returns when the next one of the rest ends, Infinity for none. */
  expire(at: number): number;
  clear(): void;
}

/** What the guards of a package count over all its rules. */
export interface PackageSlot {
  fired: number;
  lastFiredAt: number;
  spent: boolean;
}

export interface VisitRuleState {
  /** Latest time seen, ms. */
  lastAt: number;
  /** No open partial match ends before this, ms. */
  nextExpiry: number;
  /** Due time of the next deferred firing, ms. */
  nextDeadline: number;
}
