/** Rule packages -> the engine that runs them. */
import { compileEach } from './compiled-rule.ts';
import { Expressions } from './expressions.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { orderPhases } from './phase-order.ts';
import { RuleEngine } from './rule-engine.ts';
import { RuleIndex } from './rule-index.ts';
import { RuleMemory } from './rule-memory.ts';
import type { RulePackage } from './rule-package.ts';
import { SeenPatterns } from './seen-patterns.ts';

/** Open partial matches that one rule of one visit may hold; the oldest is dropped for one more. */
export const OPEN_PARTIALS_MAX = 64;

export interface CompileSettings {
  readonly openPartialsMax: number;
  /** The order of the phases, those of the packages at least; undefined: as these packages give it. */
  readonly phases?: readonly string[] | undefined;
}

/**
 * Compiles packages as parsed, with distinct names, in the order in which they count. Those that are compiled together share the
 * memory of a visit's last events: RulesInForce compiles each by itself.
 */
export function compileRules(
  packages: readonly RulePackage[],
  settings: CompileSettings = { openPartialsMax: OPEN_PARTIALS_MAX },
): CompiledRules {
  const context = { seen: new SeenPatterns(), expressions: new Expressions() };
  const phases = settings.phases ?? orderPhases(packages.map((rulePackage) => rulePackage.phases));
  const memory = new RuleMemory();
  const rules = compileEach(packages, phases, settings.openPartialsMax, context, memory);
  memory.longestMs = Math.max(0, ...rules.map(({ withinMs }) => withinMs));
  return new RuleEngine(packages, rules, new RuleIndex(rules, context), memory, context.seen.longestMs);
}
