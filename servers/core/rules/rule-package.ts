/**
 * A rule package as the engine takes it: rules over the events of one visit, each a condition (WHEN) and its actions (THEN).
 * Meaning of every part: docs/rules.md. Written as files in the format of protocol/rule-package-file.ts.
 */
import type { EventValue } from '#core/visits/event.ts';

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
  readonly when: Condition;
  /** THEN: what the rule does, at least one. */
  readonly actions: readonly Action[];
  /** Hold for this rule's hot leads. */
  readonly guards: Guards;
}

/** Both are checked at each firing; null: no such guard. */
export interface Guards {
  /** Hot leads a visit at most, >= 1; from then on nothing more is matched. */
  readonly maxPerVisit: number | null;
  /** For so long (ms, > 0, inclusive) after a hot lead a firing makes none. */
  readonly coolDownMs: number | null;
}

export const NO_GUARDS: Guards = { maxPerVisit: null, coolDownMs: null };

export type Condition = SingletonCondition | CounterCondition | SequenceCondition;

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

/** Which events fit: all that is given must hold. */
export interface EventPattern {
  readonly eventName: string;
  /** The event carries at least one of these categories; empty: whatever it carries. */
  readonly categories: readonly string[];
  readonly tests: readonly EventTest[];
}

/** Where a test looks: at the event itself, or at a field of its `data`. */
export type TestedField = 'url' | 'title' | 'languageCode' | `data.${string}`;

/** A test on a field that the event does not have, or whose kind of value the operator does not know, fails. */
export type EventTest =
  | { readonly field: TestedField; readonly operator: 'is' | 'isNot'; readonly value: EventValue }
  | { readonly field: TestedField; readonly operator: 'in'; readonly values: readonly EventValue[] }
  /** Part of a text, whatever the case of its letters. */
  | { readonly field: TestedField; readonly operator: 'contains'; readonly text: string }
  | {
      readonly field: TestedField;
      readonly operator: 'lessThan' | 'atMost' | 'moreThan' | 'atLeast';
      readonly bound: number;
    };

export type Action = HotLeadAction;

/** Generate an actionable event: this visitor is worth talking to. */
export interface HotLeadAction {
  readonly kind: 'hotLead';
  /** 0 to 100, the higher the more urgent. */
  readonly priority: number;
  /** For the agent, one phrase. */
  readonly reason: string | null;
}
