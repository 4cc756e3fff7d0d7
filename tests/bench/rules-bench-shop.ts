/**
 * What an event of the shop costs: its own package with two rules more (ten of all kinds), visits of the shop, 250 of them under
 * way at any time.
 */
import { compileRules } from '#core/rules/compile-rules.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import type { VisitRuleState } from '#core/rules/visit-rule-state.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { FACTS, counter, createPackage, createRule, enters, sequence } from '#tests/core/rules/visit-events.ts';
import { createShopVisits, loadShop } from '#tests/core/rules/shop-visits.ts';

const VISITS = 1_000;
const UNDER_WAY = 250;
const ROUNDS = 200;
const SEED = 1;

interface Step {
  readonly visit: number;
  readonly event: VisitEvent;
  readonly last: boolean;
}

/** One event of each visit under way in turn, a new visit in the place of one that has ended. */
function interleave(visits: readonly (readonly VisitEvent[])[]): Step[] {
  const steps: Step[] = [];
  const lanes = Array.from({ length: UNDER_WAY }, (_, lane) => ({ visit: lane, place: 0 }));
  let next = UNDER_WAY;
  for (let busy = true; busy;) {
    busy = false;
    for (const lane of lanes) {
      const event = visits[lane.visit]?.[lane.place];
      if (event === undefined) continue;
      busy = true;
      lane.place += 1;
      const last = lane.place === visits[lane.visit]?.length;
      steps.push({ visit: lane.visit, event, last });
      if (!last) continue;
      lane.visit = next;
      lane.place = 0;
      next += 1;
    }
  }
  return steps;
}

interface Round {
  readonly ns: number;
  readonly firings: number;
}

function cpuNs(since: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(since);
  return (used.user + used.system) * 1_000;
}

function measure(packages: readonly RulePackage[], steps: readonly Step[]): Round {
  const rules = compileRules(packages);
  const states = new Map<number, VisitRuleState>();
  const out: Firing[] = [];
  let firings = 0;
  const began = process.cpuUsage();
  for (const { visit, event, last } of steps) {
    let state = states.get(visit);
    if (state === undefined) states.set(visit, (state = rules.createState(FACTS)));
    rules.handle(state, event, out);
    if (last) states.delete(visit);
    if (out.length === 0) continue;
    firings += out.length;
    out.length = 0;
  }
  return { ns: cpuNs(began) / steps.length, firings };
}

/** The same walk with a state of the same kind looked up, and the event read, but no rules. */
function measureWalk(steps: readonly Step[]): number {
  const rules = compileRules([]);
  const states = new Map<number, VisitRuleState>();
  let read = 0;
  const began = process.cpuUsage();
  for (const { visit, event, last } of steps) {
    let state = states.get(visit);
    if (state === undefined) states.set(visit, (state = rules.createState(FACTS)));
    state.lastAt = event.at;
    read += event.category.length + event.eventName.length + event.eventID.length;
    if (last) states.delete(visit);
  }
  const ns = cpuNs(began) / steps.length;
  return read > 0 ? ns : Number.NaN;
}

/** The least of many short rounds, beyond the walk over the events. */
export async function benchShop(): Promise<string> {
  const shop = loadShop();
  const steps = interleave(createShopVisits(shop, VISITS, SEED));
  const more = createPackage(
    [
      createRule('Comes back to a product', sequence([enters('product'), enters('cart'), enters('product')], 300_000)),
      createRule('Filters and filters', counter({ eventName: 'Filter', categories: [], tests: [] }, 6, 120_000)),
    ],
    { name: 'com.example.more' },
  );
  const unguarded = { ...shop.rules, guards: { maxPerVisit: null, coolDownMs: null, holdoutShare: null } };
  const walk = Math.min(...Array.from({ length: ROUNDS }, () => measureWalk(steps)));
  const lines = (
    [
      ['ten rules', [shop.rules, more]],
      ['ten rules, no guards', [unguarded, more]],
    ] as const
  ).map(([name, packages]) => {
    const rounds = Array.from({ length: ROUNDS }, () => measure(packages, steps));
    const best = Math.min(...rounds.map(({ ns }) => ns));
    return (
      `${name}: ${steps.length} events, ${rounds[0]?.firings} firings; ${(best - walk).toFixed(0)} ns an event ` +
      `(${best.toFixed(0)} with the walk, the walk alone ${walk.toFixed(0)})`
    );
  });
  return `The shop's rules and visits\n${lines.join('\n')}`;
}
