/**
 * Firings in the order in which files tell them, from firings in the order of their events: those of one moment are held until
 * time goes on, since the order inside a moment is by rule and visit.
 */
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
  readonly #take: (firing: Firing) => void;
  #held: Firing[] = [];

  constructor(rules: CompiledRules, take: (firing: Firing) => void) {
    this.#compare = createFiringOrder(rules);
    this.#take = take;
  }

  /** Takes a firing of now or later. */
  add(firing: Firing): void {
    const heldAt = this.#held[0]?.at;
    if (heldAt !== undefined && firing.at > heldAt) this.flush();
    this.#held.push(firing);
  }

  /** Nothing more comes of the moment that is held. */
  flush(): void {
    if (this.#held.length < 2) this.#held.forEach(this.#take);
    else for (const firing of sortMoment(this.#held, this.#compare)) this.#take(firing);
    this.#held = [];
  }
}

/**
 * `compare` knows the time of the first matched event; where equal times leave a choice, the event that arrived first comes first.
 * Of one rule and visit, what an event completes is in that order already, and a later event completes matches that began with the
 * same events or with later ones: so the order in which the first events are met is the order of their arrival.
 */
function sortMoment(firings: readonly Firing[], compare: (a: Firing, b: Firing) => number): readonly Firing[] {
  const met = new Map<string, number>();
  const places = new Map<Firing, number>();
  firings.forEach((firing, index) => {
    const key = JSON.stringify([firing.visitID, firing.package, firing.rule, firing.matchedEvents[0]]);
    const place = met.get(key) ?? index;
    met.set(key, place);
    places.set(firing, place);
  });
  return firings.toSorted((a, b) => compare(a, b) || (places.get(a) ?? 0) - (places.get(b) ?? 0));
}

/** A firing as `hotleads.ndjson` has it, without a line end. */
export function describeFiringLine(firing: Firing): string {
  const { at, rule, package: packageName, visitID, matchedEvents, values } = firing;
  return JSON.stringify({ at, rule, package: packageName, visitID, matchedEvents, values });
}
