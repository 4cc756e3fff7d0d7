/**
 * A rule package as the engine takes it: rules over the events of one visit, each a condition (WHEN) and its actions (THEN).
 * Meaning of every part: docs/rules.md. Written as files in the format of protocol/rule-package-file.ts.
 */
import type { EventValue } from '#core/visits/event.ts';
import type { IdentityScope } from '#core/visits/visit.ts';

/** A package is deployed, replaced and told apart by `name`. */
export interface RulePackage {
  /** Reversed domain where domains are separated, e.g. `com.example.shop`. */
  readonly name: string;
  /** The author's version of the package's content, free text. */
  readonly version: string;
  /** One sentence about the package. */
  readonly about: string | null;
  /** Order of evaluation: rules of an earlier phase fire first. At least one. */
  readonly phases: readonly string[];
  /** Hold for all hot leads of the package together. */
  readonly guards: Guards;
  readonly rules: readonly Rule[];
}

export interface Rule {
  /** Unique in its package. */
  readonly name: string;
  readonly about: string | null;
  /** A rule that is off never fires and keeps no state. */
  readonly on: boolean;
  /** One of the package's phases. */
  readonly phase: string;
  /** Inside a phase the higher one fires first; any integer. */
  readonly salience: number;
  /** Whose events it matches together. */
  readonly correlate: Correlation;
  readonly when: Condition;
  /** What must be so besides at the moment of the firing; null: nothing. */
  readonly provided: StateTest | null;
  readonly valid: Validity;
  /** Null: at any hour. */
  readonly hours: BusinessHours | null;
  /** THEN: what the rule does, exactly one action. */
  readonly actions: readonly Action[];
  /** Hold for this rule's hot leads. */
  readonly guards: Guards;
  /** The condition as its template's author puts it, parameters filled in; null: told from `when`. */
  readonly sentence: string | null;
}

/** Events of one visit, of all visits of one browser (globalVisitID), or of all visits in which one identity is known. */
export type Correlation = 'visit' | 'browser' | 'identity';

/** Both are moments in epoch ms, the first inclusive, the last not; null: no bound. */
export interface Validity {
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** Open from `fromMinute` to before `toMinute` of each of its days, on the clock of `timeZone`. */
export interface BusinessHours {
  /** 1 is Monday, 7 Sunday. */
  readonly days: readonly number[];
  /** Minutes since midnight, 0 to 1,440; from < to. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** IANA, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
}

/** All are checked at each firing; null: no such guard. */
export interface Guards {
  /** Hot leads a visit at most, >= 1; from then on nothing more is matched. */
  readonly maxPerVisit: number | null;
  /** For so long (ms, > 0, inclusive) after a hot lead a firing makes none. */
  readonly coolDownMs: number | null;
  /** Share of the browsers, 0 < share < 1, whose firings make no hot lead, to measure what the rule is worth. */
  readonly holdoutShare: number | null;
}

export const NO_GUARDS: Guards = { maxPerVisit: null, coolDownMs: null, holdoutShare: null };

/** No bound and no hours: what a rule has by default. */
export const ALWAYS_VALID: Validity = { fromMs: null, toMs: null };

export type Condition =
  | SingletonCondition
  | CounterCondition
  | SequenceCondition
  | SetCondition
  | TimeoutCondition
  | AbsenceCondition
  | AllCondition
  | AnyCondition;

/** One event. */
export interface SingletonCondition {
  readonly template: 'singleton';
  readonly event: EventPattern;
}

/** `times` events of one kind, the last at most `withinMs` after the first. */
export interface CounterCondition {
  readonly template: 'counter';
  readonly event: EventPattern;
  /** >= 2. */
  readonly times: number;
  /** > 0. */
  readonly withinMs: number;
  /** `times` different values of this field; null: events are counted. */
  readonly distinct: TestedField | null;
}

/** Events one after the other, the last at most `withinMs` after the first. */
export interface SequenceCondition {
  readonly template: 'sequence';
  /** At least two. */
  readonly steps: readonly EventPattern[];
  /** > 0. */
  readonly withinMs: number;
  /** `first`: each step takes its first following match; `all`: every combination in order. */
  readonly select: 'first' | 'all';
}

/** One event of each kind, in any order, the last at most `withinMs` after the first. */
export interface SetCondition {
  readonly template: 'set';
  /** At least two. */
  readonly events: readonly EventPattern[];
  /** > 0. */
  readonly withinMs: number;
}

/** Stays on a page for `forMs` after an event of it that fits; fires then, without an event. */
export interface TimeoutCondition {
  readonly template: 'timeout';
  readonly event: EventPattern;
  /** > 0. */
  readonly forMs: number;
}

/** `after` holds, and for `withinMs` no event comes that fits `event`; fires at the end of that time, without an event. */
export interface AbsenceCondition {
  readonly template: 'absence';
  readonly after: Condition;
  readonly event: EventPattern;
  /** > 0. */
  readonly withinMs: number;
}

/** Every one of `conditions` has held, from the first event of them all to now within `withinMs`. */
export interface AllCondition {
  readonly template: 'all';
  /** At least two. */
  readonly conditions: readonly Condition[];
  /** > 0. */
  readonly withinMs: number;
}

/** One of `conditions` holds. */
export interface AnyCondition {
  readonly template: 'any';
  /** At least two. */
  readonly conditions: readonly Condition[];
}

/** How the visit stands. */
export type StateTest =
  | { readonly kind: 'all'; readonly tests: readonly StateTest[] }
  | { readonly kind: 'any'; readonly tests: readonly StateTest[] }
  | { readonly kind: 'not'; readonly test: StateTest }
  | { readonly kind: 'identity'; readonly scopes: readonly IdentityScope[] }
  /** Time since the visit began, ms. */
  | { readonly kind: 'visitAge'; readonly operator: Comparison; readonly bound: number }
  /** 1: the browser's first visit. */
  | { readonly kind: 'visitNumber'; readonly operator: Comparison; readonly bound: number }
  /** Where the visitor came from: the URL that the visit's first page was reached from, '' where it is not known. */
  | { readonly kind: 'referrer'; readonly test: ValueTest }
  | { readonly kind: 'language'; readonly test: ValueTest }
  /** An event has come that fits, at most `withinMs` ago; null: since the visit began. */
  | { readonly kind: 'seen'; readonly event: EventPattern; readonly withinMs: number | null };

/** Which events fit: all that is given must hold. */
export interface EventPattern {
  readonly eventName: string;
  /** The event carries at least one of these categories; empty: whatever it carries. */
  readonly categories: readonly string[];
  readonly tests: readonly EventTest[];
}

/** Where a test looks: at the event itself, or at a field of its `data`. */
export type TestedField = 'url' | 'title' | 'languageCode' | 'pageID' | `data.${string}`;

/** A test on a field that the event does not have, or whose kind of value the operator does not know, fails. */
export type EventTest = ValueTest & { readonly field: TestedField };

export type ValueTest =
  | { readonly operator: 'is' | 'isNot'; readonly value: EventValue }
  | { readonly operator: 'in'; readonly values: readonly EventValue[] }
  /** Part of a text, whatever the case of its letters. */
  | { readonly operator: 'contains'; readonly text: string }
  /** A regular expression in RE2's syntax, found anywhere in a text; without fault. */
  | { readonly operator: 'matches'; readonly expression: string; readonly matchCase: boolean }
  | { readonly operator: Comparison; readonly bound: number };

export type Comparison = 'lessThan' | 'atMost' | 'moreThan' | 'atLeast';

export type Action = HotLeadAction | FollowUpAction;

/** Generate an actionable event: this visitor is worth talking to. */
export interface HotLeadAction {
  readonly kind: 'hotLead';
  /** 0 to 100, the higher the more urgent. */
  readonly priority: number;
  /** For the agent, one phrase. */
  readonly reason: string | null;
}

/** A task for later work with this visitor, not an invite (guide, "Web Follow-up"). */
export interface FollowUpAction {
  readonly kind: 'followUp';
  /** 0 to 100, the higher the more urgent. */
  readonly priority: number;
  /** For the agent, one phrase. */
  readonly reason: string | null;
}
