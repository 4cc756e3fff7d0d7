/**
 * The matcher: takes a visit's events one by one and fires rules. An event looks up the rules that it can touch and moves only
 * their open matches; the rest of the visit's state is looked at when something in it has expired.
 */
import type { VisitEvent } from '#core/visits/event.ts';
import { coolDownOf, type CompiledRule } from './compiled-rule.ts';
import type { CompiledRules } from './compiled-rules.ts';
import type { Firing } from './firing.ts';
import { createSlots } from './fixed-array.ts';
import type { Match } from './partial-matches.ts';
import { RecentEvents } from './recent-events.ts';
import { RuleIndex, type Touch } from './rule-index.ts';
import type { Guards, RulePackage } from './rule-package.ts';
import type { VisitFacts } from './visit-facts.ts';
import { createGuardCount, createRuleSlot, createVisitRuleState } from './visit-rule-state.ts';
import type { GuardCount, RuleSlot, VisitRuleState } from './visit-rule-state.ts';

export class RuleEngine implements CompiledRules {
  readonly rules: readonly CompiledRule[];
  readonly longestWindowMs: number;
  readonly #packages: readonly RulePackage[];
  readonly #index: RuleIndex;
  /** Filled and emptied within one event. */
  readonly #completed: Match[] = [];
  readonly #fitting: number[] = [];

  constructor(packages: readonly RulePackage[], rules: readonly CompiledRule[]) {
    this.rules = rules;
    this.#packages = packages;
    this.#index = new RuleIndex(rules);
    this.longestWindowMs = Math.max(
      0,
      ...rules.map(({ rule, package: of, withinMs }) => Math.max(withinMs, coolDownOf(rule.guards, of.guards))),
    );
  }

  createState(_facts: VisitFacts): VisitRuleState {
    return createVisitRuleState();
  }

  handle(state: VisitRuleState, event: VisitEvent, out: Firing[]): void {
    this.#take(state, event, out);
  }

  replay(state: VisitRuleState, event: VisitEvent): void {
    this.#take(state, event, null);
  }

  advance(state: VisitRuleState, at: number, _out: Firing[]): void {
    if (at > state.lastAt) state.lastAt = at;
    if (at > state.nextExpiry) expire(state, at);
  }

  /** No template of this version fires without an event. */
  nextDeadline(_state: VisitRuleState): number {
    return Infinity;
  }

  #take(state: VisitRuleState, event: VisitEvent, out: Firing[] | null): void {
    if (event.at > state.lastAt) state.lastAt = event.at;
    if (state.lastAt > state.nextExpiry) expire(state, state.lastAt);
    if (state.spent) return;
    const touches = this.#index.touchesOf(event.eventName, event.category);
    if (touches.length === 0) return;
    if (!(state.recent ??= new RecentEvents()).add(event.eventID)) return;
    for (let i = 0; i < touches.length; i += 1) {
      const touch = touches[i];
      if (touch !== undefined) this.#touch(state, touch, event, out);
    }
  }

  #touch(state: VisitRuleState, touch: Touch, event: VisitEvent, out: Firing[] | null): void {
    const { rule } = touch;
    let slot = state.slots?.[rule.ordinal];
    if (slot === undefined ? !touch.begins : slot.spent) return;
    if (state.packages?.[rule.packageOrdinal]?.spent === true) return;
    const steps = touch.tested ? this.#fittingSteps(touch, event) : touch.steps;
    if (steps.length === 0) return;
    slot ??= this.#createSlot(state, rule);
    const at = state.lastAt;
    if (slot.partials === null) {
      this.#fire(state, slot, rule, event, { ids: [event.eventID], times: [at] }, out);
      return;
    }
    slot.partials.take(steps, event.eventID, at, this.#completed);
    if (touch.begins) noteEnd(state, slot, at + rule.withinMs);
    if (this.#completed.length === 0) return;
    for (const match of this.#completed) this.#fire(state, slot, rule, event, match, out);
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

  #createSlot(state: VisitRuleState, rule: CompiledRule): RuleSlot {
    const slot = createRuleSlot(rule.createPartials());
    state.slots ??= createSlots<RuleSlot>(this.rules.length);
    state.slots[rule.ordinal] = slot;
    return slot;
  }

  /** A match is complete: a hot lead, if the guards let it. */
  #fire(
    state: VisitRuleState,
    slot: RuleSlot,
    compiled: CompiledRule,
    event: VisitEvent,
    match: Match,
    out: Firing[] | null,
  ): void {
    const { rule, package: rulePackage, hotLead } = compiled;
    const at = state.lastAt;
    const ofPackage = this.#packageCount(state, compiled.packageOrdinal);
    if (slot.spent || ofPackage.spent) return;
    if (isCooling(rule.guards, slot, at) || isCooling(rulePackage.guards, ofPackage, at)) {
      slot.heldBack += 1;
      return;
    }
    count(rule.guards, slot, at);
    count(rulePackage.guards, ofPackage, at);
    if (slot.spent) slot.partials?.clear();
    if (ofPackage.spent) this.#retirePackage(state, compiled.packageOrdinal);
    out?.push({
      at,
      rule: rule.name,
      package: rulePackage.name,
      phase: rule.phase,
      salience: rule.salience,
      priority: hotLead.priority,
      reason: hotLead.reason,
      visitID: event.visitID,
      globalVisitID: event.globalVisitID,
      matchedEvents: match.ids,
      matchedAt: match.times,
      values: event.data,
      pageID: event.pageID,
      url: event.url,
      category: event.category,
    });
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
}

function isCooling(guards: Guards, made: GuardCount, at: number): boolean {
  return guards.coolDownMs !== null && at - made.lastFiredAt <= guards.coolDownMs;
}

function count(guards: Guards, made: GuardCount, at: number): void {
  made.fired += 1;
  made.lastFiredAt = at;
  made.spent = guards.maxPerVisit !== null && made.fired >= guards.maxPerVisit;
}

function expire(state: VisitRuleState, at: number): void {
  const slots = state.slots ?? [];
  let next = Infinity;
  for (let i = 0; i < slots.length; i += 1) {
    const slot = slots[i];
    if (slot === undefined || slot.partials === null) continue;
    if (slot.nextExpiry < at) slot.nextExpiry = slot.partials.expire(at);
    if (slot.nextExpiry < next) next = slot.nextExpiry;
  }
  state.nextExpiry = next;
}

/** A match may have begun that ends at `end`. */
function noteEnd(state: VisitRuleState, slot: RuleSlot, end: number): void {
  if (end < slot.nextExpiry) slot.nextExpiry = end;
  if (end < state.nextExpiry) state.nextExpiry = end;
}
