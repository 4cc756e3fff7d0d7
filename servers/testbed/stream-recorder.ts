/**
 * The stream of a run: what just happened, newest last, for a screen that can't take everything. Decisions and ordinary
 * events are kept apart, so that a flood of page views never pushes out a refusal; what was left out is counted. Items
 * are made into words only when somebody takes them.
 */
import type { Fact } from '#core/statistics/fact.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import type { StreamItem } from '#protocol/run-feed.ts';
import { describeEvent, describeFact, type FactContext } from './stream-items.ts';

const KEPT_MAX = 400;

interface Kept<T> {
  readonly n: number;
  readonly what: T;
}

export class StreamRecorder {
  readonly #context: FactContext;
  #events: Kept<VisitEvent>[] = [];
  #facts: Kept<Fact>[] = [];
  #n = 0;
  #skipped = 0;

  constructor(context: FactContext) {
    this.#context = context;
  }

  event(event: VisitEvent): void {
    this.#n += 1;
    this.#events.push({ n: this.#n, what: event });
    if (this.#events.length > 2 * KEPT_MAX) this.#skipped += dropOldest(this.#events);
  }

  fact(fact: Fact): void {
    if (fact.kind === 'pacing') return;
    this.#n += 1;
    this.#facts.push({ n: this.#n, what: fact });
    if (this.#facts.length > 2 * KEPT_MAX) this.#skipped += dropOldest(this.#facts);
  }

  /** The newest `limit` items since the last call, at least half of them facts where there are so many, in order. */
  take(limit: number): { readonly items: readonly StreamItem[]; readonly skipped: number } {
    const facts = this.#facts.slice(-Math.max(Math.ceil(limit / 2), limit - this.#events.length));
    const events = facts.length >= limit ? [] : this.#events.slice(-(limit - facts.length));
    const skipped = this.#skipped + this.#facts.length - facts.length + this.#events.length - events.length;
    const items = [
      ...facts.map(({ n, what }) => describeFact(what, n, this.#context)),
      ...events.map(({ n, what }) => describeEvent(what, n, this.#context.startsAt)),
    ].sort((a, b) => a.n - b.n);
    this.#events = [];
    this.#facts = [];
    this.#skipped = 0;
    return { items, skipped };
  }
}

function dropOldest(kept: Kept<unknown>[]): number {
  const dropped = kept.length - KEPT_MAX;
  kept.splice(0, dropped);
  return dropped;
}
