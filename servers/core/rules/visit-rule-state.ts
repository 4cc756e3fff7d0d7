/** What the rules of one engine remember of one visit, and what its guards count. */
import type { GuardCount } from './guards.ts';
import { RECENT_EVENTS_MAX } from './kept-events.ts';
import type { RuleMemory } from './rule-memory.ts';
import { RuleScope } from './rule-scope.ts';
import type { VisitFacts } from './visit-facts.ts';

/** Belongs to the CompiledRules that created it. Only they write to it. */
export class VisitRuleState extends RuleScope {
  readonly facts: VisitFacts;
  /** Who the visitor is as the last event told that did. */
  identity: string | undefined = undefined;
  /** All packages are spent. */
  spent = false;
  /** Of the packages with guards that have fired, by their ordinals. */
  packages: (GuardCount | undefined)[] | null = null;
  /** When each pattern of a `seen` test was last seen, ms, by its place; undefined: not yet. */
  seenAt: (number | undefined)[] | null = null;

  constructor(memory: RuleMemory, facts: VisitFacts) {
    super(memory, RECENT_EVENTS_MAX);
    this.facts = facts;
  }
}
