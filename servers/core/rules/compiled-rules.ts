/**
 * What a Frontend does with rules: packages compiled once, a small state a visit, events in, firings out. The engine is pure:
 * time arrives on the event. Meaning: docs/rules.md.
 */
import type { VisitEvent } from '#core/visits/event.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { Firing } from './firing.ts';
import type { VisitFacts } from './visit-facts.ts';
import type { RuleStanding } from './rule-tally.ts';
import type { VisitRuleState } from './visit-rule-state.ts';

export interface CompiledRules {
  /** The rules that are on, in the order of their evaluation. */
  readonly rules: readonly CompiledRule[];

  /**
   * The longest window or cool-down, ms. Replaying a visit's whole past gives the very state that `handle` would have left;
   * replaying only so much of it gives the same open sequences, but a counter may have started anew at another event, and a
   * `maxPerVisit` knows only the hot leads of what was replayed.
   */
  readonly longestWindowMs: number;

  /** For a visit of which nothing was seen yet; `facts` may change as it goes on. */
  createState(facts: VisitFacts): VisitRuleState;

  /**
   * Takes the visit's next event and appends what fires, in the order: time, phase, salience from high to low, package as
   * given, the rule's place in its package, the first matched event. Events come in order of arrival; one whose `at` lies
   * before the visit's latest counts at the latest. An event that repeats a recent eventID of the visit is not matched.
   */
  handle(state: VisitRuleState, event: VisitEvent, out: Firing[]): void;

  /** Takes an event of the visit's past: state and guards move as in `handle`, nothing fires. */
  replay(state: VisitRuleState, event: VisitEvent): void;

  /** Time has come to `at` (ms, inclusive) without an event: what expires goes, and what is due by then is appended to `out`. */
  advance(state: VisitRuleState, at: number, out: Firing[]): void;

  /** How one of its rules stands at `at` (ms) in a visit, or for its browser or person. */
  standingOf(state: VisitRuleState, rule: CompiledRule, at: number): RuleStanding;

  /** How many partial matches of the visit are open at its latest time, over all rules. */
  countOpen(state: VisitRuleState): number;

  /** 32-bit words that all that is remembered of visits takes, those included that went without being released. */
  readonly wordsTaken: number;

  /** The visit is over: gives back what its state takes, which is not used any more. */
  release(state: VisitRuleState): void;

  /** When `advance` must be called if no event comes before, ms; Infinity: never. */
  nextDeadline(state: VisitRuleState): number;
}
