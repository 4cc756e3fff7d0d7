/**
 * One Frontend for a rule test: the machine that the simulator and the live servers drive, told what time it is. Its wake-ups
 * ring in the order of their times; a visit that it has forgotten is given back its past, as a live node is.
 */
import { present } from '#core/assert.ts';
import type { CategoryMatcher } from '#core/categories/category-matcher.ts';
import { isFrontendTimer, type Effect, type FrontendTimer } from '#core/effects.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import { FrontendNode } from '#core/frontend-node.ts';
import type { RuleProgress } from '#core/rules/describe-progress.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import { RulesInForce } from '#core/rules/rules-in-force.ts';
import type { BrowserEvent, VisitEvent } from '#core/visits/event.ts';

interface WakeUp {
  readonly at: number;
  readonly timer: FrontendTimer;
}

export class RuleTestNode {
  /** All so far, in the order in which they came. */
  readonly leads: HotLead[] = [];
  readonly #node: FrontendNode;
  readonly #stored = new Map<string, VisitEvent[]>();
  readonly #wakeUps: WakeUp[] = [];
  readonly #out: Effect[] = [];
  #requests = 0;

  constructor(packages: readonly RulePackage[], categories: CategoryMatcher) {
    this.#node = new FrontendNode('rule-test', categories, new RulesInForce(packages), []);
  }

  /**
   * Takes an event that happens at `at` (epoch ms, never decreasing), and returns it as it was stamped. What is due at that very
   * moment comes after it: docs/rules.md, "Waits and time".
   */
  take(event: BrowserEvent, at: number): VisitEvent {
    this.#ring((due) => due < at);
    this.#requests += 1;
    const { visitID } = event;
    const stored = this.#stored.get(visitID) ?? [];
    this.#stored.set(visitID, stored);
    const past = this.#node.owns(visitID) || stored.length === 0 ? undefined : [...stored];
    const intake = {
      type: 'intake',
      requestId: this.#requests,
      visitID,
      events: [event],
      sentAt: undefined,
      past,
    } as const;
    this.#node.handle(intake, at, this.#out);
    const taken = this.#carryOut(at);
    stored.push(...taken);
    return present(taken[0], 'event as it was stamped');
  }

  /** Time comes to `at`, and whatever is due by then happens. */
  advanceTo(at: number): void {
    this.#ring((due) => due <= at);
  }

  /** How far each rule is for a visit at `at`, which time has reached. */
  progressOf(visitID: string, at: number): readonly RuleProgress[] {
    return this.#node.progressOf(visitID, at);
  }

  #ring(isDue: (at: number) => boolean): void {
    for (;;) {
      const [first] = this.#wakeUps;
      if (first === undefined || !isDue(first.at)) return;
      this.#wakeUps.shift();
      this.#node.handle({ type: 'wake', timer: first.timer }, first.at, this.#out);
      this.#carryOut(first.at);
    }
  }

  /** Carries out what the machine asked for; returns the events that it has sent to be stored. */
  #carryOut(at: number): readonly VisitEvent[] {
    const stored: VisitEvent[] = [];
    for (const effect of this.#out.splice(0)) {
      if (effect.type === 'wake' && isFrontendTimer(effect.timer)) {
        this.#addWakeUp({ at: effect.at, timer: effect.timer });
      }
      if (effect.type !== 'toBackend' || effect.message.type !== 'storeBatch') continue;
      const { batchId, events, leads } = effect.message;
      stored.push(...events);
      this.leads.push(...(leads ?? []));
      this.#node.handle({ type: 'batchStored', batchId }, at, this.#out);
    }
    this.#out.length = 0;
    return stored;
  }

  /** Those of one time ring in the order in which they were asked for. */
  #addWakeUp(wakeUp: WakeUp): void {
    const place = this.#wakeUps.findIndex(({ at }) => at > wakeUp.at);
    this.#wakeUps.splice(place < 0 ? this.#wakeUps.length : place, 0, wakeUp);
  }
}
