/**
 * The matcher: takes a visit's events one by one and fires rules. An event looks up the rules that it can touch and moves only
 * their open matches; the rest of what is remembered is looked at when something in it has expired or is due.
 */
import type { VisitEvent } from '#core/visits/event.ts';
import type { Arrival, Match } from './arrival.ts';
import { coolDownOf, type CompiledRule } from './compiled-rule.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { createFiring, type Completion, type Firing } from './firing.ts';
import { createSlots } from './fixed-array.ts';
import { countHotLead, isCooling } from './guards.ts';
import type { Wait } from './partial-matches.ts';
import { RecentEvents } from './recent-events.ts';
import { RememberedScopes } from './remembered-scopes.ts';
import type { RuleIndex, SeenTouch, Touch } from './rule-index.ts';
import type { RulePackage } from './rule-package.ts';
import { expireScope, nextDeadlineOf, noteTimes, noteWake, releaseEmpty } from './scope-clock.ts';
import type { VisitFacts } from './visit-facts.ts';
import { createGuardCount, createRuleSlot, createVisitRuleState } from './visit-rule-state.ts';
import type { GuardCount, RuleScope, RuleSlot, VisitRuleState } from './visit-rule-state.ts';

export class RuleEngine implements CompiledRules {
  readonly rules: readonly CompiledRule[];
  readonly longestWindowMs: number;
  readonly #packages: readonly RulePackage[];
  readonly #index: RuleIndex;
  readonly #browsers = new RememberedScopes();
  readonly #persons = new RememberedScopes();
  readonly #correlates: boolean;
  /** Filled and emptied within one event. */
  readonly #completed: Match[] = [];
  readonly #fitting: number[] = [];

  /** `seenMs`: how far back `seen` tests ask. */
  constructor(packages: readonly RulePackage[], rules: readonly CompiledRule[], index: RuleIndex, seenMs: number) {
    this.rules = rules;
    this.#packages = packages;
    this.#index = index;
    this.#correlates = rules.some(({ rule }) => rule.correlate !== 'visit');
    const spans = rules.map(({ rule, package: of, withinMs }) =>
      Math.max(withinMs, coolDownOf(rule.guards, of.guards)),
    );
    this.longestWindowMs = Math.max(seenMs, ...spans);
  }

  createState(facts: VisitFacts): VisitRuleState {
    return createVisitRuleState(facts);
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
    if (!this.#correlates) return nextDeadlineOf(state);
    return Math.min(...this.#scopesOf(state, state.lastAt).map(nextDeadlineOf));
  }

  slotOf(state: VisitRuleState, { rule, ordinal }: CompiledRule): RuleSlot | undefined {
    const scope = rule.correlate === 'visit' ? state : this.#findScope(rule.correlate, state, state.lastAt);
    return scope?.slots?.[ordinal];
  }

  #take(state: VisitRuleState, event: VisitEvent, out: Firing[] | null): void {
    if (event.at > state.lastAt) state.lastAt = event.at;
    const at = state.lastAt;
    if (this.#correlates) this.#renewScopes(state, event, at);
    this.#passTime(state, at - 1, at, out);
    if (state.spent) return;
    const touches = this.#index.touchesOf(event.eventName, event.category);
    if (touches === null || !(state.recent ??= new RecentEvents()).add(event.eventID)) return;
    if (touches.seen.length > 0) this.#see(state, touches.seen, event);
    const arrival = { id: event.eventID, at, ordinal: state.arrived };
    state.arrived += 1;
    const { rules } = touches;
    for (let i = 0; i < rules.length; i += 1) {
      const touch = rules[i];
      if (touch === undefined) continue;
      if (touch.rule.rule.correlate === 'visit') this.#touch(state, state, touch, event, arrival, out);
      else this.#touchAcrossVisits(state, touch, event, out);
    }
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
    const arrival = { id: event.eventID, at: scope.lastAt, ordinal: scope.arrived };
    scope.arrived += 1;
    this.#touch(state, scope, touch, event, arrival, out);
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
    let slot = scope.slots?.[rule.ordinal];
    if (slot === undefined ? !touch.begins : slot.spent) return;
    if (state.packages?.[rule.packageOrdinal]?.spent === true) return;
    const steps = touch.tested ? this.#fittingSteps(touch, event) : touch.steps;
    if (steps.length === 0) return;
    slot ??= this.#createSlot(scope, rule);
    const { at } = arrival;
    if (slot.partials === null) {
      this.#fire(state, slot, { match: [arrival], event, at, visitID: event.visitID }, out);
      return;
    }
    slot.partials.take(steps, arrival, event, this.#completed);
    if (touch.begins || rule.expiry === 'asked') noteTimes(scope, slot, at);
    if (this.#completed.length === 0) return;
    for (const match of this.#completed) this.#fire(state, slot, { match, event, at, visitID: event.visitID }, out);
    this.#completed.length = 0;
  }

  #fittingSteps(touch: Touch, event: VisitEvent): readonly number[] {
    const fitting = this.#fitting;
    fitting.length = 0;
    for (let i = 0; i < touch.steps.length; i += 1) {
      const test = touch.tests[i];
      const step = touch.steps[i];
      if (step !== undefined && (test === null || test === undefined || test(event))) fitting.push(step);
    }
    return fitting;
  }

  #createSlot(scope: RuleScope, rule: CompiledRule): RuleSlot {
    const slot = createRuleSlot(rule);
    scope.slots ??= createSlots<RuleSlot>(this.rules.length);
    scope.slots[rule.ordinal] = slot;
    return slot;
  }

  /** Fires the waits that end by `due`, then drops what can't complete at `at` or later. Both ms. */
  #passTime(state: VisitRuleState, due: number, at: number, out: Firing[] | null): void {
    if (this.#correlates) {
      const scopes = this.#scopesOf(state, at);
      this.#fireDue(state, scopes, due, out);
      for (const scope of scopes) expireScope(scope, at);
      return;
    }
    if (state.waking !== null && state.waking.first <= due) this.#fireDue(state, [state], due, out);
    if (state.expiring !== null && state.expiring.first < at) expireScope(state, at);
  }

  /** In the order of their ends, then of the rules, then of their first matched events. */
  #fireDue(state: VisitRuleState, scopes: readonly RuleScope[], due: number, out: Firing[] | null): void {
    for (;;) {
      // Asked of all, so that no queue begins with a wait that has ended.
      const at = Math.min(...scopes.map(nextDeadlineOf));
      if (at > due) return;
      const first = scopes.reduce((a, b) => (isWokenBefore(b, a) ? b : a));
      this.#fireFirst(state, first, at, out);
    }
  }

  #fireFirst(state: VisitRuleState, scope: RuleScope, at: number, out: Firing[] | null): void {
    const slot = scope.waking?.pop();
    const waiting = slot?.waiting;
    if (slot === undefined || waiting === undefined || waiting === null) return;
    const due: Wait[] = [];
    waiting.takeDue(at, due);
    slot.wakesAt = Infinity;
    noteWake(scope, slot, waiting.nextDeadline());
    for (const { match, event } of due) {
      this.#fire(
        state,
        slot,
        { match, event, at, visitID: scope === state ? event.visitID : state.facts.visitID },
        out,
      );
    }
    releaseEmpty(scope, slot);
  }

  /** A match is complete: a hot lead, if the visit's state and the guards let it. */
  #fire(state: VisitRuleState, slot: RuleSlot, completion: Completion, out: Firing[] | null): void {
    const { rule: compiled } = slot;
    const { rule, package: of, firingTest } = compiled;
    const { event, at } = completion;
    const ofPackage = this.#packageCount(state, compiled.packageOrdinal);
    if (slot.spent || ofPackage.spent) return;
    const { provided } = firingTest;
    if (provided !== null && !provided({ visit: state, at, languageCode: event.languageCode })) return;
    if (
      !firingTest.isOpen(at) ||
      isCooling(rule.guards, slot, at) ||
      isCooling(of.guards, ofPackage, at) ||
      firingTest.isHeldOut(event.globalVisitID)
    ) {
      slot.heldBack += 1;
      return;
    }
    countHotLead(rule.guards, slot, at);
    countHotLead(of.guards, ofPackage, at);
    if (slot.spent) slot.partials?.clear();
    if (ofPackage.spent) this.#retirePackage(state, compiled.packageOrdinal);
    out?.push(createFiring(compiled, completion));
  }

  #packageCount(state: VisitRuleState, ordinal: number): GuardCount {
    state.packages ??= this.#packages.map(createGuardCount);
    return (state.packages[ordinal] ??= createGuardCount());
  }

  #retirePackage(state: VisitRuleState, ordinal: number): void {
    for (const rule of this.rules) {
      if (rule.packageOrdinal === ordinal) state.slots?.[rule.ordinal]?.partials?.clear();
    }
    state.spent = state.packages?.every(({ spent }) => spent) ?? false;
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

/** Its first wait ends before the other's, or at the same time that of an earlier rule. */
function isWokenBefore(a: RuleScope, b: RuleScope): boolean {
  const difference = (a.waking?.first ?? Infinity) - (b.waking?.first ?? Infinity);
  if (Number.isNaN(difference) || difference > 0) return false;
  return difference < 0 || (a.waking?.firstSlot?.rule.ordinal ?? 0) < (b.waking?.firstSlot?.rule.ordinal ?? 0);
}
