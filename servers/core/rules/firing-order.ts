/** The order of firings of many visits, as files tell them: time, phase, salience, package, the rule's place, visit, first matched event. */
import type { CompiledRules } from './compiled-rules.ts';
import type { Firing } from './firing.ts';

/** A comparison for sorting, stable for what is equal; firings come from `rules`. Visits are in the order of their ids' code units. */
export function createFiringOrder(rules: CompiledRules): (a: Firing, b: Firing) => number {
  const ordinals = new Map<string, number>();
  for (const { rule, package: of, ordinal } of rules.rules) ordinals.set(keyOf(of.name, rule.name), ordinal);
  const ordinalOf = (firing: Firing): number => ordinals.get(keyOf(firing.package, firing.rule)) ?? ordinals.size;
  return (a, b) =>
    a.at - b.at ||
    ordinalOf(a) - ordinalOf(b) ||
    (a.visitID < b.visitID ? -1 : Number(a.visitID > b.visitID)) ||
    (a.matchedAt[0] ?? a.at) - (b.matchedAt[0] ?? b.at);
}

/** Package names hold no space. */
function keyOf(packageName: string, ruleName: string): string {
  return `${packageName} ${ruleName}`;
}
