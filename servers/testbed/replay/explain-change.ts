/** Why a hot lead is gained, lost or kept by a change of rules: why it fires, and what became of its rule on the other side. */
import { isDeepStrictEqual } from 'node:util';
import { describeGuards, describeRule } from '#core/rules/describe-rule.ts';
import { explainFiring } from '#core/rules/explain-firing.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { Rule, RulePackage } from '#core/rules/rule-package.ts';
import { describeTimeOfDay } from './log-moment.ts';
import type { ChangeExample, ComparedRules } from './rule-diff.ts';

/** Sentences: of the firing under the rules that it fires by, then one on the other rules; none of a kept one, which both make. */
export function explainChange({ change, firing }: ChangeExample, { before, after }: ComparedRules): readonly string[] {
  const [own, other] = change === 'lost' ? [before, after] : [after, before];
  const why = explainFiring(firing, own.compiled, describeTimeOfDay);
  if (change === 'kept') return why;
  const now = findRule(own.packages, firing);
  const then = findRule(other.packages, firing);
  return [...why, describeOther(change, now, then)];
}

interface PlacedRule {
  readonly rule: Rule;
  readonly package: RulePackage;
}

function findRule(packages: readonly RulePackage[], firing: Firing): PlacedRule | undefined {
  const of = packages.find(({ name }) => name === firing.package);
  const rule = of?.rules.find(({ name }) => name === firing.rule);
  return of === undefined || rule === undefined ? undefined : { rule, package: of };
}

function describeOther(change: 'gained' | 'lost', own: PlacedRule | undefined, other: PlacedRule | undefined): string {
  const when = change === 'gained' ? 'Before' : 'Now';
  if (other === undefined) return `${when} there is no such rule.`;
  if (!other.rule.on) return `${when} the rule is off.`;
  if (own === undefined || !isDeepStrictEqual(own.rule, other.rule)) {
    return `${when} the rule reads: ${describeRule(other.rule)}`;
  }
  if (!isDeepStrictEqual(own.package.guards, other.package.guards)) {
    const guards = describeGuards(other.package.guards);
    return `${when} its package ${guards === '' ? 'has no guards' : `makes hot leads ${guards}`}; the rule is the same.`;
  }
  return `${when} the rule is the same: what other rules of its package do before it has changed what its guards let pass.`;
}
