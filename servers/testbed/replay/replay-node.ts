/**
 * One Frontend that is given recorded events at their recorded times: the machine that the simulator and the live server drive,
 * with the same categories, rules and visits. What would go to the Backend is counted, hot leads come out.
 */
import { assert } from '#core/assert.ts';
import type { CategoryMatcher } from '#core/categories/category-matcher.ts';
import type { Effect } from '#core/effects.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import { FrontendNode } from '#core/frontend-node.ts';
import type { StoreBatch } from '#core/messages.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import { RulesInForce } from '#core/rules/rules-in-force.ts';
import type { BrowserEvent } from '#core/visits/event.ts';
import { OPEN_PAGE_SILENCE_MS } from '#core/visits/visit.ts';

/**
 * A visit of which nothing came for so long and for the rules' longest window besides is forgotten: its id is a new visit then. A
 * live node forgets a visit as late as this and is given back only its past of the longest window.
 */
export const FORGOTTEN_AFTER_MS = OPEN_PAGE_SILENCE_MS;

const SWEEP_MS = 3_600_000;

interface SeenVisit {
  lastAt: number;
  /** The visit that made the last hot lead: another one of this id after it crossed to another domain. */
  leadOf: string | null;
}

export class ReplayNode {
  /** Visits, those included that began by crossing to another domain. */
  visits = 0;
  visitsWithHotLead = 0;
  readonly #node: FrontendNode;
  readonly #onBatch: (batch: StoreBatch) => void;
  readonly #onLead: (lead: HotLead) => void;
  readonly #forgottenAfterMs: number;
  readonly #seen = new Map<string, SeenVisit>();
  readonly #out: Effect[] = [];
  #requests = 0;
  #latestAt = -Infinity;
  #sweepAt = -Infinity;

  constructor(
    categories: CategoryMatcher,
    packages: readonly RulePackage[],
    on: { readonly batch: (batch: StoreBatch) => void; readonly lead: (lead: HotLead) => void },
  ) {
    const rules = new RulesInForce(packages);
    this.#node = new FrontendNode('replay', categories, rules, []);
    this.#onBatch = on.batch;
    this.#onLead = on.lead;
    this.#forgottenAfterMs = FORGOTTEN_AFTER_MS + rules.longestWindowMs;
  }

  /** The categories that an event of the recording carries or would have been given. */
  categoryOf(event: BrowserEvent): string {
    return this.#node.categoryOf(event);
  }

  /** Notes that an event of a visit was stored at `at` without being matched. */
  see(visitID: string, at: number): void {
    this.#see(visitID, at);
  }

  /** Takes events of one visit that happened at `at` (ms, never decreasing). */
  take(visitID: string, events: readonly BrowserEvent[], at: number): void {
    const seen = this.#see(visitID, at);
    this.#requests += 1;
    this.#out.length = 0;
    const intake = {
      type: 'intake',
      requestId: this.#requests,
      visitID,
      events,
      sentAt: undefined,
      past: undefined,
    } as const;
    this.#node.handle(intake, at, this.#out);
    for (const effect of this.#out.splice(0)) {
      if (effect.type !== 'toBackend') continue;
      // A visit that ends while its events are taken has crossed to another domain and goes on as a new one.
      if (effect.message.type === 'visitEnded') this.visits += 1;
      if (effect.message.type !== 'storeBatch') continue;
      this.#onBatch(effect.message);
      for (const lead of effect.message.leads ?? []) this.#takeLead(lead, seen);
      this.#node.handle({ type: 'batchStored', batchId: effect.message.batchId }, at, this.#out);
    }
  }

  #takeLead(lead: HotLead, seen: SeenVisit): void {
    if (seen.leadOf !== lead.visitID) this.visitsWithHotLead += 1;
    seen.leadOf = lead.visitID;
    this.#onLead(lead);
  }

  #see(visitID: string, at: number): SeenVisit {
    assert(at >= this.#latestAt, 'replayed events come in the order of time');
    this.#latestAt = at;
    if (at >= this.#sweepAt) this.#sweep(at);
    const known = this.#seen.get(visitID);
    if (known !== undefined && at - known.lastAt < this.#forgottenAfterMs) {
      known.lastAt = at;
      return known;
    }
    if (known !== undefined) this.#forget(visitID, at);
    const seen: SeenVisit = { lastAt: at, leadOf: null };
    this.#seen.set(visitID, seen);
    this.visits += 1;
    return seen;
  }

  /** Lets go of what can play no part any more, once an hour of recorded time. */
  #sweep(at: number): void {
    this.#sweepAt = at + SWEEP_MS;
    for (const [visitID, seen] of this.#seen) {
      if (at - seen.lastAt >= this.#forgottenAfterMs) this.#forget(visitID, at);
    }
  }

  /** The node ends a visit when it is woken after the visit's silence, which is no longer than ours. */
  #forget(visitID: string, at: number): void {
    this.#seen.delete(visitID);
    this.#out.length = 0;
    this.#node.handle({ type: 'wake', timer: { kind: 'visitSilent', visitID } }, at, this.#out);
  }
}
