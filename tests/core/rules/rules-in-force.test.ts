/** Packages in force together: they fire as one engine over all of them would, and one is replaced while the others go on. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRules } from '#core/rules/compile-rules.ts';
import type { Firing } from '#core/rules/firing.ts';
import type { Condition, RulePackage } from '#core/rules/rule-package.ts';
import { DEFAULT_RULE_SETTINGS, RulesInForce } from '#core/rules/rules-in-force.ts';
import type { VisitRuleState } from '#core/rules/visit-rule-state.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { applyEvent, createVisit as createOwnVisit, type Visit } from '#core/visits/visit.ts';
import { runMatcher } from './matcher-run.ts';
import { isTold } from './oracle-log.ts';
import { severalVisits, singleVisits, type RandomCase } from './random-packages.ts';
import { renameDuplicates } from './random-variants.ts';
import { FACTS, counter, createPackage, createRule, createVisit, enters, singleton } from './visit-events.ts';

const CASES = 1_500;
const A = enters('A');
const B = enters('B');
const stay: Condition = { template: 'timeout', event: A, forMs: 100 };

/** One engine over all packages, driven as a Frontend drives its rules. */
function runOneEngine({ packages, log, openPartialsMax, replayed }: RandomCase): Firing[][] {
  const engine = compileRules(packages, { openPartialsMax });
  const visits = new Map<string, { readonly visit: Visit; readonly state: VisitRuleState }>();
  const firsts = Map.groupBy(
    log.filter((item): item is VisitEvent => !isTold(item)),
    ({ visitID }) => visitID,
  );
  return log.map((item, place) => {
    const first = firsts.get(item.visitID)?.[0];
    if (first === undefined) return [];
    let owned = visits.get(item.visitID);
    if (owned === undefined) {
      const visit = createOwnVisit(item.visitID, first.globalVisitID, first.at);
      visits.set(item.visitID, (owned = { visit, state: engine.createState(visit) }));
    }
    const out: Firing[] = [];
    if (isTold(item)) engine.advance(owned.state, item.told, out);
    else {
      if (engine.nextDeadline(owned.state) < item.at) engine.advance(owned.state, item.at - 1, out);
      applyEvent(owned.visit, item);
      engine.handle(owned.state, item, out);
    }
    return place < replayed ? [] : out;
  });
}

describe('packages compiled apart', () => {
  it.each([
    ['one visit', singleVisits],
    ['several visits', severalVisits],
  ])('fire what one engine over all of them fires, in its order: %s', (_, cases) => {
    let together = 0;
    const property = fc.property(cases, (given) => {
      // Engines that share a memory of duplicates may differ in what they take for one.
      const unique = renameDuplicates(given);
      const expected = runOneEngine(unique);
      if (expected.some((fired) => new Set(fired.map((firing) => firing.package)).size > 1)) together += 1;
      expect(runMatcher(unique)).toEqual(expected);
    });
    fc.assert(property, { numRuns: CASES });
    expect(together).toBeGreaterThan(CASES / 100);
  });

  it('come in the order of the phases of them all, where a later list disagrees with an earlier one', () => {
    const early = createPackage([createRule('x', singleton(B))], { phases: ['late', 'early'], name: 'com.first' });
    const other = createPackage(
      [createRule('1', singleton(A), { phase: 'early' }), createRule('2', singleton(A), { phase: 'late' })],
      { phases: ['early', 'late'], name: 'com.second' },
    );
    expect(fire(new RulesInForce([other]), 'A@1')).toEqual(['1 at 1', '2 at 1']);
    expect(fire(new RulesInForce([early, other]), 'A@1')).toEqual(['2 at 1', '1 at 1']);
  });
});

function fire(inForce: RulesInForce, line: string): string[] {
  const visit = inForce.createVisit(FACTS);
  return createVisit(line).flatMap((event) => take(inForce, visit, event));
}

function take(inForce: RulesInForce, visit: ReturnType<RulesInForce['createVisit']>, event: VisitEvent): string[] {
  const out: Firing[] = [];
  inForce.handle(visit, event, out);
  return out.map(({ rule, at }) => `${rule} at ${at}`);
}

describe('a replacement', () => {
  const twice = (name: string, rule: string): RulePackage =>
    createPackage([createRule(rule, counter(A, 2, 1_000))], { name });
  const kept = twice('com.kept', 'kept');
  const events = createVisit('A@0 A@1 A@2 A@3');

  it('goes on with a package that stays and begins a new one and a replaced one anew, in visits under way', () => {
    const inForce = new RulesInForce([twice('com.replaced', 'before'), kept]);
    const visit = inForce.createVisit(FACTS);
    const [first, second, third] = events;
    const fired = [first, second, third].map((event, i) => {
      if (i === 1) inForce.replace([kept, twice('com.new', 'new'), twice('com.replaced', 'after')]);
      return event === undefined ? [] : take(inForce, visit, event);
    });
    expect(fired).toEqual([[], ['kept at 1'], ['new at 2', 'after at 2']]);
  });

  it('is known to a visit that saw several of them pass', () => {
    const inForce = new RulesInForce([kept]);
    const visit = inForce.createVisit(FACTS);
    const fired = events.map((event, i) => {
      if (i === 1) {
        inForce.replace([twice('com.a', 'a'), kept]);
        inForce.replace([twice('com.b', 'b'), twice('com.a', 'a'), kept]);
      }
      return take(inForce, visit, event);
    });
    expect(fired).toEqual([[], ['kept at 1'], ['b at 2', 'a at 2'], ['kept at 3']]);
  });

  it('forgets a package that was taken away, and what waited in it', () => {
    const waits = createPackage([createRule('stay', stay)], { name: 'com.waits' });
    const inForce = new RulesInForce([waits, kept]);
    const visit = inForce.createVisit(FACTS);
    for (const event of createVisit('A@0')) inForce.handle(visit, event, []);
    expect(inForce.nextDeadline(visit)).toBe(100);
    inForce.replace([kept]);
    expect(inForce.nextDeadline(visit)).toBe(Infinity);
    inForce.replace([kept, waits]);
    const out: Firing[] = [];
    inForce.advance(visit, 1_000, out);
    expect(out).toEqual([]);
  });

  it('leaves the order of phases that a package of its own gives, and begins anew where another one changes it', () => {
    const disagrees = createPackage([createRule('x', singleton(B))], { phases: ['late', 'standard'], name: 'com.x' });
    const two = createPackage([createRule('two', counter(A, 2, 1_000))], { phases: ['standard', 'late'] });
    const inForce = new RulesInForce([two]);
    const visit = inForce.createVisit(FACTS);
    const fired = events.map((event, i) => {
      if (i === 1) inForce.replace([disagrees, two]);
      return take(inForce, visit, event);
    });
    expect(fired).toEqual([[], [], ['two at 2'], []]);
  });
});

describe('with domain separation', () => {
  const settings = { ...DEFAULT_RULE_SETTINGS, domainSeparation: true };
  const on = (host: string, event: VisitEvent): VisitEvent => ({ ...event, url: `https://${host}/x` });

  it('a package is asked for events of its own domain and those below it', () => {
    const names = ['com.example', 'com.example.blog', 'com.example.shop'];
    const inForce = new RulesInForce(
      names.map((name) => createPackage([createRule(name, singleton(A))], { name })),
      settings,
    );
    const asked = (host: string) =>
      createVisit('A@1').flatMap((event) => take(inForce, inForce.createVisit(FACTS), on(host, event)));
    expect(asked('example.com')).toEqual(['com.example at 1']);
    expect(asked('blog.example.com')).toEqual(['com.example at 1', 'com.example.blog at 1']);
    expect(asked('deep.shop.example.com')).toEqual(['com.example at 1', 'com.example.shop at 1']);
    expect(asked('myexample.com')).toEqual([]);
  });

  it('an event elsewhere ends no wait of a package, but its time is told', () => {
    const absent: Condition = { template: 'absence', after: singleton(A), event: B, withinMs: 100 };
    const inForce = new RulesInForce(
      [createPackage([createRule('left', absent)], { name: 'com.example.shop' })],
      settings,
    );
    const visit = inForce.createVisit(FACTS);
    const fired = createVisit('A@0 B@50 B@101').map((event, i) =>
      take(inForce, visit, on(i === 0 ? 'shop.example.com' : 'blog.example.com', event)),
    );
    expect(fired).toEqual([[], [], ['left at 100']]);
  });
});

it('asks to be woken when the first of its packages has a wait that ends', () => {
  const waiting = (name: string, forMs: number) =>
    createPackage([createRule(name, { ...stay, forMs } as Condition)], { name });
  const inForce = new RulesInForce([waiting('slow', 90), waiting('fast', 30)]);
  const visit = inForce.createVisit(FACTS);
  for (const event of createVisit('A@5')) inForce.handle(visit, event, []);
  expect(inForce.nextDeadline(visit)).toBe(35);
  const out: Firing[] = [];
  inForce.advance(visit, 35, out);
  expect(inForce.nextDeadline(visit)).toBe(95);
  inForce.advance(visit, 200, out);
  expect(out.map(({ rule, at }) => `${rule} at ${at}`)).toEqual(['fast at 35', 'slow at 95']);
});
