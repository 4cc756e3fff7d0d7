/**
 * One set of rules over a recording: a Frontend that takes its events, and the hot leads that come of it in the order of files. A
 * replay has one; a comparison of two rule sets has two that are given the same events.
 */
import type { CategoryMatcher } from '#core/categories/category-matcher.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { StoreBatch } from '#core/messages.ts';
import type { CompiledRules } from '#core/rules/compiled-rules.ts';
import { compileRules } from '#core/rules/compile-rules.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import { RulesInForce, type RuleSettings } from '#core/rules/rules-in-force.ts';
import type { BrowserEvent } from '#core/visits/event.ts';
import { FiringStream } from './firing-stream.ts';
import { ReplayNode } from './replay-node.ts';

/** Rule packages in the order in which they count, with distinct names. */
export interface RuleSet {
  readonly packages: readonly RulePackage[];
  readonly compiled: CompiledRules;
  readonly settings: RuleSettings;
}

export function createRuleSet(packages: readonly RulePackage[], settings: RuleSettings): RuleSet {
  return { packages, compiled: compileRules(packages), settings };
}

export interface RuleRunSinks {
  readonly batch: (batch: StoreBatch) => void;
  /** In the order of files. */
  readonly lead: (lead: HotLead) => void;
}

export class RuleRun {
  readonly #node: ReplayNode;
  readonly #leads: FiringStream;

  constructor(categories: CategoryMatcher, rules: RuleSet, { batch, lead }: RuleRunSinks) {
    this.#leads = new FiringStream(rules.compiled, lead);
    this.#node = new ReplayNode(categories, new RulesInForce(rules.packages, rules.settings), {
      batch,
      lead: (made) => this.#leads.add(made),
    });
  }

  get visits(): number {
    return this.#node.visits;
  }

  get visitsWithHotLead(): number {
    return this.#node.visitsWithHotLead;
  }

  /** The categories that an event of the recording carries or would have been given. */
  categoryOf(event: BrowserEvent): string {
    return this.#node.categoryOf(event);
  }

  /** The recording has come to `at` (ms, never decreasing): all hot leads of before are told. */
  reach(at: number): void {
    this.#node.reach(at);
    this.#leads.reach(at);
  }

  /** Takes events of one visit that happened at the time that is reached. */
  take(visitID: string, events: readonly BrowserEvent[], at: number): void {
    this.#node.take(visitID, events, at);
  }

  /** Notes an event that was stored without being matched. */
  see(visitID: string, at: number): void {
    this.#node.see(visitID, at);
  }

  /** The recording ends at the time that it has reached: all that has fired by then is told. */
  end(): void {
    this.#node.end();
    this.#leads.reach(Infinity);
  }
}
