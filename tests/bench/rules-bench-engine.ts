/** Our engine as the benchmark runs it: the packages in force on a Frontend, over traffic, from nothing to the last event's time. */
import { present } from '#core/assert.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import { RulesInForce, type VisitRules } from '#core/rules/rules-in-force.ts';
import { FACTS } from '#tests/core/rules/visit-events.ts';
import type { Traffic } from './rules-bench-traffic.ts';

/** Runs the traffic through rules that are compiled already; gives how often they fired. */
export function runEngine(rules: RulesInForce, traffic: Traffic): number {
  const { events, visitOf } = traffic;
  const visits: (VisitRules | undefined)[] = [];
  const out: Firing[] = [];
  let firings = 0;
  for (let i = 0; i < events.length; i += 1) {
    const event = events[i];
    const visit = visitOf[i];
    if (event === undefined || visit === undefined) break;
    rules.handle((visits[visit] ??= rules.createVisit(FACTS)), event, out);
    if (out.length === 0) continue;
    firings += out.length;
    out.length = 0;
  }
  const endsAt = present(events.at(-1), 'event').at;
  for (const visit of visits) if (visit !== undefined) rules.advance(visit, endsAt, out);
  return firings + out.length;
}

export function compile(rulePackage: RulePackage): RulesInForce {
  return new RulesInForce([rulePackage]);
}
