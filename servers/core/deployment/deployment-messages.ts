/**
 * What Backends and Frontends tell each other about a deployment of rules: one version is made ready, fenced and decided on all
 * Frontends, and a Frontend that was away asks what is in force.
 */
import type { RulesVersion } from './deployment.ts';

/** Make a version ready to be taken: compile it. The answer is RulesPrepared. */
export interface PrepareRules {
  readonly type: 'prepareRules';
  /** The Backend that is answered. */
  readonly via: string;
  readonly rules: RulesVersion;
}

/** Stamp nothing more until this version is decided. The answer is FenceRaised. */
export interface RaiseFence {
  readonly type: 'raiseFence';
  readonly via: string;
  readonly version: number;
  /** What is in force unless this version is committed. */
  readonly inForce: number;
}

/** A version is decided, for ever. The answer is RulesTaken. */
export interface RulesDecided {
  readonly type: 'rulesDecided';
  readonly via: string;
  readonly version: number;
  readonly outcome: 'committed' | 'aborted';
}

/** `faithful`: take this version now. The answer is RulesTaken, or RulesPrepared with faults. */
export interface PushRules {
  readonly type: 'pushRules';
  readonly via: string;
  readonly rules: RulesVersion;
}

/** What a Frontend that asked is told: what the store said after it asked. */
export interface RulesTold {
  readonly type: 'rulesTold';
  readonly inForce: RulesVersion;
  /** The newest version that is decided. */
  readonly decided: number;
  /** A newer one that is not: nothing may be stamped before it is. */
  readonly undecided: number | null;
}

/** `faults`: why it can not be compiled here, a sentence each. */
export interface RulesPrepared {
  readonly type: 'rulesPrepared';
  readonly frontend: string;
  readonly version: number;
  readonly faults: readonly string[];
}

/** From now on the Frontend stamps nothing under an older version, whatever it hears, unless this one is aborted. */
export interface FenceRaised {
  readonly type: 'fenceRaised';
  readonly frontend: string;
  readonly version: number;
}

/** The fence is down after `version` was decided, or it was pushed; `inForce` is what the Frontend stamps under. */
export interface RulesTaken {
  readonly type: 'rulesTaken';
  readonly frontend: string;
  readonly version: number;
  readonly inForce: number;
}

/** What is in force? `settle`: this version must be decided now, by whoever is asked: the Frontend has waited enough. */
export interface RulesAsked {
  readonly type: 'rulesAsked';
  readonly frontend: string;
  readonly settle: number | null;
}

export type DeploymentOfBackend = PrepareRules | RaiseFence | RulesDecided | PushRules | RulesTold;
export type DeploymentOfFrontend = RulesPrepared | FenceRaised | RulesTaken | RulesAsked;
