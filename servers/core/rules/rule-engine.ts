/**
 * The matcher: takes a visit's events one by one and fires rules. An event looks up the rules that it can touch and moves only
 * their open matches; the rest of what is remembered is looked at when something in it has expired or is due.
 */
import { present } from '#core/assert.ts';
import { emptyList } from '#core/empty-list.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { compareMatches, type Arrival, type Match } from './arrival.ts';
import { coolDownOf, type CompiledRule } from './compiled-rule.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { createFiring, type Completion, type Firing } from './firing.ts';
import { isCooling, isSpent, NOTHING_FIRED } from './guards.ts';
import { RememberedScopes } from './remembered-scopes.ts';
import type { RuleIndex, SeenTouch, Touch } from './rule-index.ts';
import type { RuleMemory } from './rule-memory.ts';
import type { Correlation, RulePackage } from './rule-package.ts';
import type { EndedWait, RuleScope } from './rule-scope.ts';
import { isRuleSpent, lastFiredAt, standingIn, tallyHeldBack, tallyHotLead, type RuleStanding } from './rule-tally.ts';
import type { VisitFacts } from './visit-facts.ts';
import { VisitRuleState } from './visit-rule-state.ts';

export class RuleEngine implements CompiledRules {
  readonly rules: readonly CompiledRule[];
  readonly longestWindowMs: number;
  readonly #packages: readonly RulePackage[];
  readonly #index: RuleIndex;
  readonly #memory: RuleMemory;
  readonly #browsers: RememberedScopes;
  readonly #persons: RememberedScopes;
  readonly #correlates: boolean;
  /** Filled and emptied within one event. */
  readonly #completed: Match[] = [];
  readonly #fitting: number[] = [];
  /** The event that is being taken, as it has arrived at its browser and its person; null: not yet. */
  #browserArrival: Arrival | null = null;
  #personArrival: Arrival | null = null;

  /** `seenMs`: how far back `seen` tests ask. */
  constructor(
    packages: readonly RulePackage[],
    rules: readonly CompiledRule[],
    index: RuleIndex,
    memory: RuleMemory,
    seenMs: number,
  ) {
    this.rules = rules;
    this.#memory = memory;
    this.#browsers = new RememberedScopes(memory);
    this.#persons = new RememberedScopes(memory);
    this.#packages = packages;
    this.#index = index;
    this.#correlates = rules.some(({ rule }) => rule.correlate !== 'visit');
    const spans = rules.map(({ rule, package: of, withinMs }) =>
      Math.max(withinMs, coolDownOf(rule.guards, of.guards)),
    );
    this.longestWindowMs = Math.max(seenMs, ...spans);
  }

  createState(facts: VisitFacts): VisitRuleState {
    return new VisitRuleState(this.#memory, facts);
  }

  handle(state: VisitRuleState, event: VisitEvent, out: Firing[]): void {
    this.#take(state, event, out);
  }

  replay(state: VisitRuleState, event: VisitEvent): void {
    this.#take(state, event, null);
  }

  advance(state: VisitRuleState, at: number, out: Firing[]): void {
    if (at > state.lastAt) state.lastAt = at;
    this.#passTime(state, at, at, out);
  }

  nextDeadline(state: VisitRuleState): number {
    if (!this.#correlates) return state.nextDeadline();
    return Math.min(...this.#scopesOf(state, state.lastAt).map((scope) => scope.nextDeadline()));
  }

  standingOf(state: VisitRuleState, rule: CompiledRule, at: number): RuleStanding {
    const { correlate } = rule.rule;
    const scope = correlate === 'visit' ? state : this.#findScope(correlate, state, state.lastAt);
    return standingIn(scope, rule, at);
  }

  countOpen(state: VisitRuleState): number {
    return this.rules.reduce((open, rule) => open + rule.open.count(state), 0);
  }

  get wordsTaken(): number {
    return this.#memory.pool.takenWords;
  }

  release(state: VisitRuleState): void {
    state.release();
  }

  #take(state: VisitRuleState, event: VisitEvent, out: Firing[] | null): void {
    if (event.at > state.lastAt) state.lastAt = event.at;
    const at = state.lastAt;
    if (this.#correlates) this.#renewScopes(state, event, at);
    this.#passTime(state, at - 1, at, out);
    if (state.spent) return;
    const touches = this.#index.touchesOf(event.eventName, event.category);
    if (touches === null) return;
    const arrival = state.arrive(event.eventID, at);
    if (arrival === null) return;
    if (touches.seen.length > 0) this.#see(state, touches.seen, event);
    state.noteBegun(at + touches.beginForMs);
    const { rules } = touches;
    for (let i = 0; i < rules.length; i += 1) {
      const touch = rules[i];
      if (touch !== undefined && !touch.isAcrossVisits) this.#touch(state, state, touch, event, arrival, out);
      else if (touch !== undefined) this.#touchAcrossVisits(state, touch, event, out);
    }
    this.#browserArrival = null;
    this.#personArrival = null;
  }

  #see(state: VisitRuleState, seen: readonly SeenTouch[], event: VisitEvent): void {
    state.seenAt ??= [];
    for (const { place, test } of seen) {
      if (test === null || test(event)) state.seenAt[place] = state.lastAt;
    }
  }

  #touchAcrossVisits(state: VisitRuleState, touch: Touch, event: VisitEvent, out: Firing[] | null): void {
    const { correlate } = touch.rule.rule;
    const key = correlate === 'browser' ? event.globalVisitID : state.identity;
    if (key === undefined) return;
    const scope = this.#scopesBy(correlate).open(key, state.lastAt);
    const arrival = this.#arrivalIn(scope, correlate, event);
    scope.noteBegun(arrival.at + touch.rule.withinMs);
    this.#touch(state, scope, touch, event, arrival, out);
  }

  /** The event as it arrives, once, at its browser or person. */
  #arrivalIn(scope: RuleScope, correlate: Correlation, { eventID }: VisitEvent): Arrival {
    const before = correlate === 'browser' ? this.#browserArrival : this.#personArrival;
    const arrival = before ?? present(scope.arrive(eventID, scope.lastAt), 'arrival where no event is delivered twice');
    if (correlate === 'browser') this.#browserArrival = arrival;
    else this.#personArrival = arrival;
    return arrival;
  }

  #touch(
    state: VisitRuleState,
    scope: RuleScope,
    touch: Touch,
    event: VisitEvent,
    arrival: Arrival,
    out: Firing[] | null,
  ): void {
    const { rule } = touch;
    if (touch.canBeSpent && (this.#isPackageSpent(state, rule) || isRuleSpent(scope, rule))) return;
    const steps = touch.tested ? this.#fittingSteps(touch, event) : touch.steps;
    if (steps.length === 0) return;
    const { at } = arrival;
    const completed = this.#completed;
    rule.open.take(scope, steps, arrival, event, completed);
    if (completed.length === 0) return;
    for (const match of completed) this.#fire(state, scope, rule, { match, event, at, visitID: event.visitID }, out);
    emptyList(completed);
  }

  #fittingSteps(touch: Touch, event: VisitEvent): readonly number[] {
    const fitting = this.#fitting;
    emptyList(fitting);
    for (let i = 0; i < touch.steps.length; i += 1) {
      const test = touch.tests[i];
      const step = touch.steps[i];
      if (step !== undefined && (test === null || test === undefined || test(event))) fitting.push(step);
    }
    return fitting;
  }

  /** Fires the waits that end by `due`, then drops what can't complete at `at` or later. Both ms. */
  #passTime(state: VisitRuleState, due: number, at: number, out: Firing[] | null): void {
    if (this.#correlates) {
      const scopes = this.#scopesOf(state, at);
      this.#fireEnded(state, scopes, due, out);
      for (const scope of scopes) scope.expire(at);
      return;
    }
    if (state.mayWake(due)) this.#fireEnded(state, [state], due, out);
    state.expire(at);
  }

  /** In the order of their ends, then of the rules, then of their first matched events. */
  #fireEnded(state: VisitRuleState, scopes: readonly RuleScope[], due: number, out: Firing[] | null): void {
    const ended: EndedWait[] = [];
    for (const scope of scopes) scope.takeEnded(due, ended);
    if (ended.length > 1) ended.sort(compareEnds);
    for (const { scope, at, ruleOrdinal, match, event } of ended) {
      const visitID = scope === state ? event.visitID : state.facts.visitID;
      this.#fire(state, scope, present(this.rules[ruleOrdinal], 'rule'), { match, event, at, visitID }, out);
    }
  }

  /** A match is complete: a hot lead, if the visit's state and the guards let it. */
  #fire(
    state: VisitRuleState,
    scope: RuleScope,
    compiled: CompiledRule,
    completion: Completion,
    out: Firing[] | null,
  ): void {
    const { rule, package: of, firingTest, packageOrdinal } = compiled;
    const { event, at } = completion;
    if (isRuleSpent(scope, compiled) || this.#isPackageSpent(state, compiled)) return;
    const { provided } = firingTest;
    if (provided !== null && !provided({ visit: state, at, languageCode: event.languageCode })) return;
    const ofPackage = state.packages?.[packageOrdinal] ?? NOTHING_FIRED;
    if (
      !firingTest.isOpen(at) ||
      (rule.guards.coolDownMs !== null && isCooling(rule.guards, lastFiredAt(scope, compiled), at)) ||
      isCooling(of.guards, ofPackage.lastFiredAt, at) ||
      firingTest.isHeldOut(event.globalVisitID)
    ) {
      tallyHeldBack(scope, compiled);
      return;
    }
    tallyHotLead(scope, compiled, at);
    if (isRuleSpent(scope, compiled)) compiled.open.clear(scope);
    this.#countInPackage(state, compiled, at);
    out?.push(createFiring(compiled, completion));
  }

  #isPackageSpent(state: VisitRuleState, { packageOrdinal }: CompiledRule): boolean {
    return state.packages?.[packageOrdinal]?.spent ?? false;
  }

  #countInPackage(state: VisitRuleState, { package: { guards }, packageOrdinal }: CompiledRule, at: number): void {
    if (guards.maxPerVisit === null && guards.coolDownMs === null) return;
    state.packages ??= this.#packages.map(() => undefined);
    const fired = (state.packages[packageOrdinal]?.fired ?? 0) + 1;
    const spent = isSpent(guards, fired);
    state.packages[packageOrdinal] = { fired, lastFiredAt: at, spent };
    if (!spent) return;
    for (const rule of this.rules) if (rule.packageOrdinal === packageOrdinal) rule.open.clear(state);
    state.spent = this.#packages.every((_, ordinal) => state.packages?.[ordinal]?.spent === true);
  }

  #renewScopes(state: VisitRuleState, event: VisitEvent, at: number): void {
    state.identity = event.identity ?? state.facts.identity ?? state.identity;
    this.#browsers.renew(event.globalVisitID, at);
    if (state.identity !== undefined) this.#persons.renew(state.identity, at);
  }

  /** The visit, and what is remembered of its browser and its person. */
  #scopesOf(state: VisitRuleState, at: number): readonly RuleScope[] {
    return [state, this.#findScope('browser', state, at), this.#findScope('identity', state, at)].filter(
      (scope) => scope !== undefined,
    );
  }

  #findScope(correlate: 'browser' | 'identity', state: VisitRuleState, at: number): RuleScope | undefined {
    const key = correlate === 'browser' ? state.facts.globalVisitID : (state.facts.identity ?? state.identity);
    return key === undefined ? undefined : this.#scopesBy(correlate).find(key, at);
  }

  #scopesBy(correlate: 'browser' | 'identity' | 'visit'): RememberedScopes {
    return correlate === 'identity' ? this.#persons : this.#browsers;
  }
}

function compareEnds(a: EndedWait, b: EndedWait): number {
  return a.at - b.at || a.ruleOrdinal - b.ruleOrdinal || compareMatches(a.match, b.match) || a.key - b.key;
}
