/**
 * What the rules keep: bytes of heap for each partial match that is open, with the ids that it holds (the events themselves are let
 * go), and what is left after one longest window of silence.
 */
import { present } from '#core/assert.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import type { RulesInForce, VisitRules } from '#core/rules/rules-in-force.ts';
import { FACTS } from '#tests/core/rules/visit-events.ts';
import { compile } from './rules-bench-engine.ts';
import { collectGarbage, describeCount } from './rules-bench-rounds.ts';
import { createPlainPackage, createTrios } from './rules-bench-rules.ts';
import { createTraffic, type Traffic } from './rules-bench-traffic.ts';
import { formatTable } from './sim-bench-rounds.ts';

const SEED = 3;

interface Kept {
  readonly openPartials: number;
  readonly bytes: number;
}

interface MemoryCase {
  readonly name: string;
  readonly rulePackage: RulePackage;
  readonly underWay: number;
  readonly events: number;
}

/** Heap in use, bytes, after two sweeps: the second one frees what the first has found. */
function measureHeap(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

function countOpen(rules: RulesInForce, visits: readonly VisitRules[]): number {
  return visits.reduce((open, visit) => open + rules.countOpen(visit), 0);
}

function take(rules: RulesInForce, visits: VisitRules[], traffic: Traffic): number {
  const out: Firing[] = [];
  for (const [place, event] of traffic.events.entries()) {
    out.length = 0;
    rules.handle(present(visits[present(traffic.visitOf[place], 'visit of an event')], 'visit'), event, out);
  }
  return present(traffic.events.at(-1), 'event').at;
}

/** Fills visits, which are there before, in a function of its own, so that the traffic is gone when it returns. */
function fill(rules: RulesInForce, visits: VisitRules[], { underWay, events }: MemoryCase): number {
  return take(rules, visits, createTraffic({ underWay, events }, SEED));
}

function measureCase(bench: MemoryCase): { readonly full: Kept; readonly silent: Kept } {
  const rules = compile(bench.rulePackage);
  // Once with few visits, so that what is made once for all visits is there.
  fill(rules, createVisits(rules, 100), { ...bench, underWay: 100, events: 10_000 });
  const visits = createVisits(rules, bench.underWay);
  const before = measureHeap();
  const endedAt = fill(rules, visits, bench);
  const full = { bytes: measureHeap() - before, openPartials: countOpen(rules, visits) };
  const out: Firing[] = [];
  for (const visit of visits) {
    out.length = 0;
    rules.advance(visit, endedAt + rules.longestWindowMs + 1, out);
  }
  out.length = 0;
  return { full, silent: { bytes: measureHeap() - before, openPartials: countOpen(rules, visits) } };
}

function createVisits(rules: RulesInForce, count: number): VisitRules[] {
  return Array.from({ length: count }, () => rules.createVisit(FACTS));
}

export async function benchMemory(): Promise<string> {
  const plain = createPlainPackage(createTrios(300));
  const sequences = { ...plain, rules: plain.rules.filter(({ when }) => when.template === 'sequence') };
  const cases: readonly MemoryCase[] = [
    { name: '300 rules', rulePackage: plain, underWay: 3_000, events: 90_000 },
    { name: '30 rules', rulePackage: createPlainPackage(createTrios(30)), underWay: 10_000, events: 300_000 },
    { name: '100 sequences', rulePackage: sequences, underWay: 3_000, events: 90_000 },
  ];
  const rows = [
    ['rules', 'visits', 'open', 'open a visit', 'bytes an open one', 'after silence: open', 'bytes a visit'],
  ];
  for (const bench of cases) {
    const { full, silent } = measureCase(bench);
    if (silent.openPartials > 0)
      throw new Error(`${silent.openPartials} still open after one longest window of silence`);
    rows.push([
      bench.name,
      describeCount(bench.underWay),
      describeCount(full.openPartials),
      (full.openPartials / bench.underWay).toFixed(1),
      (full.bytes / full.openPartials).toFixed(0),
      String(silent.openPartials),
      (silent.bytes / bench.underWay).toFixed(0),
    ]);
  }
  return `Heap of open partial matches (aim: at most 96 bytes) and after silence\n${formatTable(rows)}`;
}
