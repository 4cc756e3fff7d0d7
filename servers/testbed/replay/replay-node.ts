/**
 * One Frontend that is given recorded events at their recorded times: the machine that the simulator and the live server drive,
 * with the same categories, rules and visits, and woken as they wake it. What would go to the Backend is counted, hot leads come out.
 *
 * Time is the log's: before anything of a later time is taken, visits that wait are woken at the very times that they asked for, the
 * earliest first, over all visits. So what a rule finds without an event bears its deadline as time, and an event of the deadline comes
 * first. A replay ends with `end`: what is due by the last time of the log fires, what is due later does not.
 */
import { assert, present } from '#core/assert.ts';
import type { CategoryMatcher } from '#core/categories/category-matcher.ts';
import type { Effect } from '#core/effects.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import { FrontendNode, type FrontendEvent } from '#core/frontend-node.ts';
import type { StoreBatch, ToBackend } from '#core/messages.ts';
import type { RulesInForce } from '#core/rules/rules-in-force.ts';
import type { BrowserEvent } from '#core/visits/event.ts';
import { OPEN_PAGE_SILENCE_MS, VISIT_SILENCE_MS } from '#core/visits/visit.ts';
import { WakeUps } from './wake-ups.ts';

/**
 * A visit of which nothing came for so long and for the rules' longest window besides is forgotten: its id is a new visit then. A
 * live node forgets a visit as late as this and is given back only its past of the longest window.
 */
export const FORGOTTEN_AFTER_MS = OPEN_PAGE_SILENCE_MS;

/** How often it is looked for visits to let go of, in recorded time. */
export const SWEEP_MS = 300_000;

interface SeenVisit {
  /** This very text stands for the visit wherever it is looked up. */
  readonly visitID: string;
  lastAt: number;
  /** The visit that made the last hot lead: another one of this id after it crossed to another domain. */
  leadOf: string | null;
  /** Nothing has come since its open matches were looked at, and none is left. */
  hasExpired: boolean;
}

export class ReplayNode {
  /** Visits, those included that began by crossing to another domain. */
  visits = 0;
  visitsWithHotLead = 0;
  readonly #node: FrontendNode;
  readonly #onBatch: (batch: StoreBatch) => void;
  readonly #onLead: (lead: HotLead) => void;
  readonly #longestWindowMs: number;
  readonly #seen = new Map<string, SeenVisit>();
  readonly #wakeUps = new WakeUps();
  readonly #out: Effect[] = [];
  #requests = 0;
  #reachedAt = -Infinity;
  #sweepAt = -Infinity;

  constructor(
    categories: CategoryMatcher,
    rules: RulesInForce,
    on: { readonly batch: (batch: StoreBatch) => void; readonly lead: (lead: HotLead) => void },
  ) {
    this.#node = new FrontendNode('replay', categories, rules, []);
    this.#onBatch = on.batch;
    this.#onLead = on.lead;
    this.#longestWindowMs = rules.longestWindowMs;
  }

  /** Visits of which the rules remember anything. */
  get visitsHeld(): number {
    return this.#node.visitsOwned;
  }

  /** Ids that are no new visits if they come again. */
  get idsKnown(): number {
    return this.#seen.size;
  }

  /** The categories that an event of the recording carries or would have been given. */
  categoryOf(event: BrowserEvent): string {
    return this.#node.categoryOf(event);
  }

  /** The log has come to `at` (ms, never decreasing): what was due before that fires. */
  reach(at: number): void {
    assert(at >= this.#reachedAt, 'replayed events come in the order of time');
    if (at === this.#reachedAt) return;
    while (this.#wakeUps.nextAt < at) this.#wakeNext();
    this.#reachedAt = at;
    if (at >= this.#sweepAt) this.#sweep(at);
  }

  /** The log ends at the time that it has reached: what is due by then fires. */
  end(): void {
    while (this.#wakeUps.nextAt <= this.#reachedAt) this.#wakeNext();
  }

  /** Notes that an event of a visit was stored at `at` without being matched. */
  see(visitID: string, at: number): void {
    this.reach(at);
    this.#see(visitID, at);
  }

  /** Takes events of one visit that happened at `at` (ms, never decreasing). */
  take(visitID: string, events: readonly BrowserEvent[], at: number): void {
    this.reach(at);
    const seen = this.#see(visitID, at);
    this.#requests += 1;
    const intake: FrontendEvent = {
      type: 'intake',
      requestId: this.#requests,
      visitID: seen.visitID,
      events,
      sentAt: undefined,
      past: undefined,
    };
    this.#handle(intake, at, seen);
  }

  #wakeNext(): void {
    const at = this.#wakeUps.nextAt;
    const visitID = present(this.#wakeUps.take(), 'visit that is due');
    const seen = present(this.#seen.get(visitID), 'visit that waits');
    this.#handle({ type: 'wake', timer: { kind: 'rulesDue', visitID } }, at, seen);
  }

  #handle(event: FrontendEvent, at: number, seen: SeenVisit): void {
    const out = this.#out;
    out.length = 0;
    this.#node.handle(event, at, out);
    // Storing what comes of it may add to the effects.
    for (let index = 0; index < out.length; index += 1) {
      const effect = out[index];
      if (effect?.type === 'toBackend') this.#takeMessage(effect.message, at, seen);
      // Silence does not end a recorded visit: its id says how long it lasts.
      else if (effect?.type === 'wake' && effect.timer.kind === 'rulesDue') {
        this.#wakeUps.ask(effect.timer.visitID, Math.max(at, effect.at));
      }
    }
  }

  #takeMessage(message: ToBackend, at: number, seen: SeenVisit): void {
    // A visit that ends while its events are taken has crossed to another domain and goes on as a new one.
    if (message.type === 'visitEnded') this.visits += 1;
    if (message.type !== 'storeBatch') return;
    this.#onBatch(message);
    for (const lead of message.leads ?? []) this.#takeLead(lead, seen);
    this.#node.handle({ type: 'batchStored', batchId: message.batchId }, at, this.#out);
  }

  #takeLead(lead: HotLead, seen: SeenVisit): void {
    if (lead.firing.action === 'hotLead') {
      if (seen.leadOf !== lead.visitID) this.visitsWithHotLead += 1;
      seen.leadOf = lead.visitID;
    }
    this.#onLead(lead);
  }

  #see(visitID: string, at: number): SeenVisit {
    const known = this.#seen.get(visitID);
    if (known !== undefined && !this.#letGo(known, at)) {
      known.lastAt = at;
      known.hasExpired = false;
      return known;
    }
    const seen: SeenVisit = { visitID, lastAt: at, leadOf: null, hasExpired: false };
    this.#seen.set(visitID, seen);
    this.visits += 1;
    return seen;
  }

  /** Lets go of what can play no part any more. */
  #sweep(at: number): void {
    this.#sweepAt = at + SWEEP_MS;
    for (const seen of this.#seen.values()) {
      if (this.#letGo(seen, at) || seen.hasExpired || at - seen.lastAt <= this.#longestWindowMs) continue;
      this.#node.expireMatches(seen.visitID, at);
      seen.hasExpired = true;
    }
  }

  /**
   * Lets the node forget a visit that it would have ended, when nothing came of it for the rules' longest window besides, and the
   * visit altogether after FORGOTTEN_AFTER_MS and that window: true then.
   */
  #letGo({ visitID, lastAt }: SeenVisit, at: number): boolean {
    const silentMs = at - lastAt - this.#longestWindowMs;
    if (silentMs < VISIT_SILENCE_MS) return false;
    if (this.#node.owns(visitID) && (silentMs >= FORGOTTEN_AFTER_MS || !this.#node.hasOpenPage(visitID))) {
      this.#endVisit(visitID, at);
    }
    if (silentMs < FORGOTTEN_AFTER_MS) return false;
    this.#seen.delete(visitID);
    return true;
  }

  /** The node ends a visit when it is woken after the visit's silence. */
  #endVisit(visitID: string, at: number): void {
    this.#wakeUps.forget(visitID);
    this.#out.length = 0;
    this.#node.handle({ type: 'wake', timer: { kind: 'visitSilent', visitID } }, at, this.#out);
  }
}
