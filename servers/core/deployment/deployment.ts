/**
 * A deployment: what is put in force on all Frontends at once, under a version that only grows. Version 0 is what the nodes
 * were started with. docs/deployment.md says what happens; the guide's words are "Configuring Rules Deployment for the Cluster".
 */
import type { Category } from '#core/categories/category.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';

/** Everything that is in force together. */
export interface RulesContent {
  /** In the order in which they count; their names differ. */
  readonly packages: readonly RulePackage[];
  readonly categories: readonly Category[];
}

export interface RulesVersion {
  readonly version: number;
  readonly content: RulesContent;
}

/** What an author asks for. */
export type DeploymentChange =
  | { readonly kind: 'package'; readonly package: RulePackage }
  | { readonly kind: 'categories'; readonly categories: readonly Category[] }
  /** Back to what was in force under an earlier version. */
  | { readonly kind: 'rollback'; readonly version: number };

/** `improved`: all Frontends or none, behind a fence. `faithful`: one after the other, as the guide has it. */
export type DeploymentFidelity = 'improved' | 'faithful';

/** `aborted`: nothing has changed anywhere. `unsuccessful`, faithful alone: some Frontends have it, and keep it. */
export type DeploymentOutcome = 'committed' | 'aborted' | 'unsuccessful';

/** A version that a Frontend has confirmed; null: it has confirmed none. */
export interface NodeVersion {
  readonly name: string;
  readonly version: number | null;
}

/** Stored before anybody is told of the deployment, and never changed: until it has an outcome it is undecided. */
export interface DeploymentRow {
  readonly kind: 'deployment';
  /** The version. */
  readonly id: string;
  readonly at: number;
  readonly by: string;
  /** One sentence on what it changes. */
  readonly change: string;
  readonly fidelity: DeploymentFidelity;
  /** All that is in force under it. */
  readonly content: RulesContent;
}

export interface DeploymentOutcomeRow {
  readonly kind: 'deploymentOutcome';
  /** The version. */
  readonly id: string;
  readonly at: number;
  readonly outcome: DeploymentOutcome;
  /** Why it is not committed, a sentence each. */
  readonly reasons: readonly string[];
  readonly nodes: readonly NodeVersion[];
}

/** What the store says about deployments. */
export interface KnownDeployments {
  /** The last that was committed; version 0 where none was. */
  readonly inForce: RulesVersion;
  /** The newest version that is decided. */
  readonly decided: number;
  /** The newest, where it is not. */
  readonly undecided: DeploymentRow | null;
}

/** How a deployment ended, as its author is told. */
export interface DeploymentReport extends Pick<DeploymentOutcomeRow, 'outcome' | 'reasons' | 'nodes'> {
  readonly version: number;
  readonly at: number;
  readonly by: string;
  readonly change: string;
}

/** Characters of a content as JSON: with its bytes and what is around it, one message between two nodes. */
export const CONTENT_CHARS_MAX = 1_000_000;

/** How long the Backend in charge waits for all Frontends in each stage, ms. */
export const STAGE_MS_MAX = { preparing: 10_000, fencing: 3_000, opening: 5_000, pushing: 5_000 } as const;

/** After so long behind its fence a Frontend asks how it was decided, ms: later than the Backend in charge gives up. */
export const FENCE_PATIENCE_MS = 5_000;
/** How often a Frontend that waits asks again, ms. */
export const ASK_AGAIN_MS = 1_000;

/** What claims the decision on a version: the first claimant, which is an outcome, has decided it for ever. */
export function decisionKeyOf(version: number): string {
  return `deployment ${version}`;
}

/** The other outcome than `committed`. */
export function failureOf(fidelity: DeploymentFidelity): DeploymentOutcome {
  return fidelity === 'improved' ? 'aborted' : 'unsuccessful';
}
