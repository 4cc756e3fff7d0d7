/**
 * Hot leads in the order in which files tell their firings, from hot leads as the rules make them: those of one moment are held until
 * time has gone on, since the order inside a moment is by rule and visit, and rules that wait fire when all events of the moment are in.
 */
import { assert } from '#core/assert.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { CompiledRules } from '#core/rules/compiled-rules.ts';
import type { Firing } from '#core/rules/firing.ts';
import { createFiringOrder } from '#core/rules/firing-order.ts';

/** What takes firings. `restart`: all that it was given is void, the replay begins anew. */
export interface FiringSink {
  restart(): void;
  take(firing: Firing): void;
}

export class FiringStream {
  readonly #compare: (a: Firing, b: Firing) => number;
  readonly #take: (lead: HotLead) => void;
  #held: HotLead[] = [];
  /** Firings before it are told. */
  #reachedAt = -Infinity;

  constructor(rules: CompiledRules, take: (lead: HotLead) => void) {
    this.#compare = createFiringOrder(rules);
    this.#take = take;
  }

  /** Takes a hot lead whose firing is of the time reached or later. */
  add(lead: HotLead): void {
    assert(lead.firing.at >= this.#reachedAt, 'a firing comes before its time is over');
    this.#held.push(lead);
  }

  /** No firing of before `at` comes any more: they go on, in order. Infinity: none at all comes. */
  reach(at: number): void {
    if (at <= this.#reachedAt) return;
    this.#reachedAt = at;
    if (this.#held.length === 0) return;
    const due = this.#held.filter(({ firing }) => firing.at < at);
    if (due.length === 0) return;
    this.#held = due.length === this.#held.length ? [] : this.#held.filter(({ firing }) => firing.at >= at);
    for (const lead of this.#isSorted(due) ? due : sortFirings(due, this.#compare)) this.#take(lead);
  }

  /** As nearly always: they are of one visit, which fires in the order of its rules. */
  #isSorted(leads: readonly HotLead[]): boolean {
    for (let index = 1; index < leads.length; index += 1) {
      const [before, lead] = [leads[index - 1], leads[index]];
      if (before !== undefined && lead !== undefined && this.#compare(before.firing, lead.firing) >= 0) return false;
    }
    return true;
  }
}

/**
 * `compare` knows the time of the first matched event; where equal times leave a choice, the event that arrived first comes first.
 * Of one rule and visit, what an event completes is in that order already, and a later event completes matches that began with the
 * same events or with later ones: so the order in which the first events are met is the order of their arrival.
 */
function sortFirings(leads: readonly HotLead[], compare: (a: Firing, b: Firing) => number): readonly HotLead[] {
  const met = new Map<string, number>();
  const places = new Map<HotLead, number>();
  leads.forEach((lead, index) => {
    const { visitID, package: of, rule, matchedEvents } = lead.firing;
    const key = JSON.stringify([visitID, of, rule, matchedEvents[0]]);
    const place = met.get(key) ?? index;
    met.set(key, place);
    places.set(lead, place);
  });
  return leads.toSorted((a, b) => compare(a.firing, b.firing) || (places.get(a) ?? 0) - (places.get(b) ?? 0));
}

/** A firing as `hotleads.ndjson` has it, without a line end; that of a task for later says so. */
export function describeFiringLine(firing: Firing): string {
  const { at, rule, package: packageName, visitID, matchedEvents, values, action } = firing;
  return JSON.stringify({
    at,
    rule,
    package: packageName,
    visitID,
    matchedEvents,
    values,
    ...(action === 'hotLead' ? {} : { action }),
  });
}
