/** Rule packages -> the engine that runs them. */
import { compileEach } from './compiled-rule.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { RuleEngine } from './rule-engine.ts';
import type { RulePackage } from './rule-package.ts';

/** Open partial matches that one rule of one visit may hold; the oldest is dropped for one more. */
export const OPEN_PARTIALS_MAX = 64;

/** Compiles packages as parsed, with distinct names, in the order in which they count. */
export function compileRules(
  packages: readonly RulePackage[],
  settings: { readonly openPartialsMax: number } = { openPartialsMax: OPEN_PARTIALS_MAX },
): CompiledRules {
  return new RuleEngine(packages, compileEach(packages, settings.openPartialsMax));
}
