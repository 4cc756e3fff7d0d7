/**
 * A scenario as the testbed runs it: the parsed file with everything that it names loaded and checked.
 * Times are integer milliseconds, shares 0..1. The file format is in PRODUCT terms in docs/scenarios.md.
 */
import type { Category } from '#core/categories/category.ts';
import type { PacingChange } from '#core/pacing/pacing-command.ts';
import type { RoutingRule } from '#core/contact-center-settings.ts';
import type { PacedBy } from '#core/pacing/plain-rule.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import type { DurationDistribution } from '#core/random/duration-distribution.ts';
import type { SiteModel } from '#core/visits/site-model.ts';

export type Fidelity = 'improved' | 'faithful';

/** Arrival rate over time: piecewise constant from `atMs` (ms from the start of the run) on. */
export interface RateStep {
  readonly atMs: number;
  readonly visitsPerHour: number;
}

export interface Traffic {
  /** Steady rate, or the steps of a profile (at least one, the first at 0). */
  readonly visits: readonly RateStep[];
  /** Mean page views of a visit = page views per hour / visits per hour, >= 1. */
  readonly visitDepth: number;
  /** Mean business events of a page view. */
  readonly pageEvents: number;
  /** Mean identity events (SignIn, SignOut, UserInfo) of a visit. */
  readonly visitEvents: number;
}

export interface AgentGroup {
  readonly name: string;
  readonly channel: 'chat' | 'voice';
  /** Groups that its agents belong to beside it; by default of a voice group the one that callbacks are delivered to. */
  readonly alsoIn?: readonly string[] | undefined;
  /** Of a voice group: how long a phone rings, the share of calls that nobody answers, when and how often such a call is tried. */
  readonly dialTime?: DurationDistribution | undefined;
  readonly noAnswerShare?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly callsMax?: number | undefined;
  /** How long after its time the first call must have begun, lest it be late; a minute by default. */
  readonly callWithinMs?: number | undefined;
  /** The share of visitors who answer and want to be called later, and how much later. */
  readonly reschedules?: { readonly share: number; readonly later: DurationDistribution } | undefined;
  readonly agents: number;
  /** Chats an agent serves at once. */
  readonly capacity: number;
  readonly handleTime: DurationDistribution;
  readonly afterWork: DurationDistribution;
  /** From offer to the agent's answer. */
  readonly answerTime: DurationDistribution;
  /** Share of the log-in time spent not ready, in breaks of `breakTime`; 0 = none. */
  readonly breakShare: number;
  readonly breakTime: DurationDistribution;
  /** How much longer work takes with several chats at once: a share for each further chat, or factors by number of chats. */
  readonly slowdown?: number | readonly number[] | undefined;
  readonly routing?: RoutingRule | undefined;
  /** An offer that rings for so long goes to the next agent; undefined: it rings until he answers. */
  readonly ringTimeMs?: number | undefined;
  /** What becomes of who did not answer in time; `notReady` by default. */
  readonly whenMissed?: 'notReady' | 'ready' | undefined;
  /** Shares of offers that agents do not notice, and reject. */
  readonly missShare?: number | undefined;
  readonly rejectShare?: number | undefined;
  /** Until an agent notices that he was made not ready; a minute by default. */
  readonly missedPause?: DurationDistribution | undefined;
  /** The share of conversations that agents pass on to a group (`to`), and after what time. */
  readonly transfers?:
    { readonly share: number; readonly to: string; readonly after: DurationDistribution } | undefined;
  /** Idle agents look for follow-ups after `after` again and again, and approve this share of them. */
  readonly followUps?: { readonly approveShare: number; readonly after: DurationDistribution } | undefined;
  /** Agents beside `agents`, who are there for a part of the run; times since its start. */
  readonly shifts?: readonly Shift[] | undefined;
}

/** Agents who log in at `from` and leave when their last chat after `to` is done; `to` undefined: never. */
export interface Shift {
  readonly agents: number;
  readonly from: number;
  readonly to?: number | undefined;
}

export interface VisitorBehaviour {
  readonly acceptShare: number;
  readonly rejectShare: number;
  /** From seeing an invite to the click. Those who do neither never click. */
  readonly responseTime: DurationDistribution;
  readonly inviteTimeoutMs: number;
  readonly patience: DurationDistribution;
  /** A form between the click and the chat; `null`: the chat is asked for at the click. */
  readonly registration: {
    readonly fillTime: DurationDistribution;
    readonly abandonShare: number;
  } | null;
  /** Those who ask for a callback: the share that wants it later, and how much later; undefined: all want it now. */
  readonly callback?: { readonly laterShare: number; readonly later: DurationDistribution } | undefined;
  /** Visits that look for help themselves, so long after their arrival if they are still there; `null`: none does. */
  readonly reactive: { readonly share: number; readonly after: DurationDistribution } | null;
}

export type FaultKind = 'kill' | 'stop' | 'restart' | 'slow' | 'partition';

/** `at: 30m, kill: backend-1, for: 2m`: what is done to which node, when and for how long. */
export interface Fault {
  readonly atMs: number;
  readonly kind: FaultKind;
  readonly node: string;
  readonly forMs: number | null;
}

/** `at: 30m, goal: 5`: what pacing is told during the run, and when; ms since its start. */
export interface WhatIf {
  readonly atMs: number;
  readonly change: PacingChange;
}

export interface Caption {
  readonly atMs: number;
  readonly text: string;
}

/** `abandonmentShare <= 3%`; see docs/scenarios.md for the grammar. */
export interface Threshold {
  /** As written. */
  readonly expression: string;
  /** With `--seeds`: must hold in every seed, not in 95 % of them (`all:` before it). */
  readonly everySeed: boolean;
  /** The figure's place as written, e.g. `waitSeconds.p95` or `occupancy."Web Engagement Chat"`. */
  readonly figure: string;
  /** The same, taken apart: `['occupancy', 'Web Engagement Chat']`. */
  readonly path: readonly string[];
  readonly operator: '<' | '<=' | '>' | '>=' | '==' | '!=';
  /** In the figure's own unit; `3%` is 0.03. */
  readonly bound: number;
}

/** Options as given, by section and name; checked against the option table, defaults not filled in. */
export type GivenOptions = Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>;

/** A strategy's document, as a run is pinned to it. */
export interface StrategyFile {
  /** As the scenario names it. */
  readonly name: string;
  readonly text: string;
}

/** One strategy a queue. */
export interface ScenarioStrategies {
  readonly engagement: StrategyFile;
  readonly chatRouting: StrategyFile;
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly seed: number;
  /** Epoch ms of the run's first moment. */
  readonly startsAt: number;
  readonly timeZone: string;
  readonly warmupMs: number;
  readonly durationMs: number;
  readonly traffic: Traffic;
  readonly site: SiteModel;
  readonly rules: readonly RulePackage[];
  readonly categories: readonly Category[];
  readonly groups: readonly AgentGroup[];
  readonly visitors: VisitorBehaviour;
  /** What decides on invites: the algorithm of the options, or a plain rule in its place, for comparison. */
  readonly pacedBy: PacedBy;
  /** Minute of the day, on the clock of `timeZone`, at which the ledgers of pacing begin anew; null: never; absent: midnight. */
  readonly ledgerResetMinute?: number | null;
  readonly strategies: ScenarioStrategies;
  readonly options: GivenOptions;
  readonly fidelity: Fidelity;
  readonly cluster: { readonly frontends: number; readonly backends: number };
  readonly faults: readonly Fault[];
  readonly whatIf: readonly WhatIf[];
  readonly captions: readonly Caption[];
  readonly thresholds: readonly Threshold[];
}
