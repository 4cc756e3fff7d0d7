/**
 * The stream of a run: what just happened, newest last, for a screen that can't take everything. Decisions and ordinary
 * events are kept apart, so that a flood of page views never pushes out a refusal; what was left out is counted. Items
 * are made into words only when somebody takes them.
 */
import { assertNever, present } from '#core/assert.ts';
import type { Fact } from '#core/statistics/fact.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import type { StreamItem } from '#protocol/run-feed.ts';
import type { FaultMark } from './fault-mark.ts';
import { describeEvent, describeFact, describeFault, type FactContext } from './stream-items.ts';

/** Plain events kept: a power of two, so that a place is a mask away. */
const EVENTS_KEPT = 512;
const FACTS_KEPT = 400;

/** A fact or fault, and the item that it makes. */
interface KeptFact {
  readonly n: number;
  readonly describe: (n: number) => StreamItem;
}

export class StreamRecorder {
  readonly #context: FactContext;
  /** A ring of the newest plain events and their numbers: no object is made for an event that nobody will see. */
  readonly #events: (VisitEvent | undefined)[] = Array.from({ length: EVENTS_KEPT });
  readonly #numbers = new Float64Array(EVENTS_KEPT);
  /** Events since the last call of `take`. */
  #eventCount = 0;
  #facts: KeptFact[] = [];
  #factsDropped = 0;
  #n = 0;

  constructor(context: FactContext) {
    this.#context = context;
  }

  event(event: VisitEvent): void {
    const place = this.#eventCount & (EVENTS_KEPT - 1);
    this.#eventCount += 1;
    this.#events[place] = event;
    this.#numbers[place] = this.#n += 1;
  }

  fact(fact: Fact): void {
    if (isTold(fact)) this.#keep((n) => describeFact(fact, n, this.#context));
  }

  fault(mark: FaultMark): void {
    this.#keep((n) => describeFault(mark, n));
  }

  #keep(describe: KeptFact['describe']): void {
    this.#facts.push({ n: (this.#n += 1), describe });
    if (this.#facts.length < 2 * FACTS_KEPT) return;
    this.#facts.splice(0, FACTS_KEPT);
    this.#factsDropped += FACTS_KEPT;
  }

  /** The newest `limit` items since the last call, at least half of them facts where there are so many, in order. */
  take(limit: number): { readonly items: readonly StreamItem[]; readonly skipped: number } {
    const eventsKept = Math.min(this.#eventCount, EVENTS_KEPT);
    const factCount = Math.min(this.#facts.length, Math.max(Math.ceil(limit / 2), limit - eventsKept));
    const eventCount = Math.min(eventsKept, limit - factCount);
    const items = [
      ...this.#facts.slice(this.#facts.length - factCount).map(({ n, describe }) => describe(n)),
      ...this.#newestEvents(eventCount),
    ].sort((a, b) => a.n - b.n);
    const skipped = this.#factsDropped + this.#facts.length - factCount + this.#eventCount - eventCount;
    this.#eventCount = 0;
    this.#facts = [];
    this.#factsDropped = 0;
    return { items, skipped };
  }

  #newestEvents(count: number): StreamItem[] {
    const items: StreamItem[] = [];
    for (let index = this.#eventCount - count; index < this.#eventCount; index += 1) {
      const place = index & (EVENTS_KEPT - 1);
      const event = present(this.#events[place], 'kept event');
      items.push(describeEvent(event, this.#numbers[place] ?? 0, this.#context.startsAt));
    }
    return items;
  }
}

/** Whether a fact has its own line: decisions tell what pacing thinks, agents' states how their slots are. */
function isTold(fact: Fact): boolean {
  switch (fact.kind) {
    case 'pacing':
    case 'slots':
    case 'lineShown':
      return false;
    case 'chat':
      return fact.state !== 'offered';
    case 'callback':
      return fact.state !== 'offered' && fact.state !== 'due';
    case 'agent':
      return fact.before !== fact.state;
    case 'hotLead':
    case 'interactionMoved':
    case 'inviteShown':
    case 'interactionStopped':
    case 'strategy':
    case 'pacingCommand':
    case 'reactive':
    case 'refreshTimedOut':
      return true;
    default:
      return assertNever(fact, 'fact');
  }
}
