/**
 * Interactions in queues, counted by medium, queue and filter. An interaction is in one queue at most, and known by its id while
 * it is in one or may come back into one; what is told a second time changes nothing.
 */
import type { UserData } from '#core/engagement/attachments.ts';
import {
  filterOfRule,
  passesFilter,
  PROVISIONED_FILTERS,
  type MediaType,
  type NamedFilter,
} from '#core/statistics/interaction-filter.ts';
import type { QueueMeasure } from '#core/statistics/provisioned-statistics.ts';

/** What every interaction passes. */
export const NO_FILTER = 'all';

export class QueueCounts {
  /** In the queue when the statistics began. */
  takenUp = 0;
  entered = 0;
  left = 0;
  /** In the queue, and being offered to an agent. */
  offered = 0;

  measure(measure: QueueMeasure): number {
    const current = this.takenUp + this.entered - this.left;
    switch (measure) {
      case 'currentInQueue':
        return current;
      case 'currentWaitingProcessing':
        return current - this.offered;
      case 'totalEntered':
        return this.entered;
      case 'totalMovedFrom':
        return this.left;
    }
  }
}

interface Known {
  readonly medium: MediaType;
  readonly filters: readonly string[];
  /** Where it is; null: in no queue, with an agent. */
  queue: string | null;
  isOffered: boolean;
}

export interface QueueCountsRow {
  readonly medium: MediaType;
  readonly queue: string;
  readonly filter: string;
  readonly counts: QueueCounts;
}

export class QueueStatistics {
  readonly #counts = new Map<MediaType, Map<string, Map<string, QueueCounts>>>();
  readonly #known = new Map<string, Known>();

  /** In no queue yet. One that is known already stays what it is. */
  know(id: string, medium: MediaType, userData: UserData): void {
    if (this.#known.has(id)) return;
    this.#known.set(id, { medium, filters: filtersOf(medium, userData), queue: null, isOffered: false });
  }

  /** Into a queue, out of the one that it is in. `isTakenUp`: it was there when the statistics began. */
  enter(id: string, queue: string, isTakenUp = false): void {
    const known = this.#known.get(id);
    if (known === undefined || known.queue === queue) return;
    this.leave(id);
    known.queue = queue;
    this.#each(known, (counts) => {
      if (isTakenUp) counts.takenUp += 1;
      else counts.entered += 1;
    });
  }

  leave(id: string): void {
    const known = this.#known.get(id);
    if (known === undefined || known.queue === null) return;
    this.offer(id, false);
    this.#each(known, (counts) => {
      counts.left += 1;
    });
    known.queue = null;
  }

  /** Being offered to an agent, or not any more. */
  offer(id: string, isOffered: boolean): void {
    const known = this.#known.get(id);
    if (known === undefined || known.queue === null || known.isOffered === isOffered) return;
    known.isOffered = isOffered;
    this.#each(known, (counts) => {
      counts.offered += isOffered ? 1 : -1;
    });
  }

  /** Out of its queue for good. */
  forget(id: string): void {
    this.leave(id);
    this.#known.delete(id);
  }

  /** With agents: in no queue, and not at their end. */
  countOutside(medium: MediaType): number {
    let outside = 0;
    for (const known of this.#known.values()) if (known.medium === medium && known.queue === null) outside += 1;
    return outside;
  }

  /** In the order in which they were first entered; without a filter first. */
  rows(): QueueCountsRow[] {
    const rows: QueueCountsRow[] = [];
    for (const [medium, queues] of this.#counts) {
      for (const [queue, filters] of queues) {
        for (const [filter, counts] of filters) rows.push({ medium, queue, filter, counts });
      }
    }
    return rows;
  }

  /** 0 where nothing was ever counted. */
  value(medium: MediaType, queue: string, filter: string, measure: QueueMeasure): number {
    return this.#counts.get(medium)?.get(queue)?.get(filter)?.measure(measure) ?? 0;
  }

  #each({ medium, queue, filters }: Known, change: (counts: QueueCounts) => void): void {
    if (queue === null) return;
    const ofMedium = placeIn(this.#counts, medium, () => new Map<string, Map<string, QueueCounts>>());
    const ofQueue = placeIn(ofMedium, queue, () => new Map<string, QueueCounts>());
    for (const filter of filters) change(placeIn(ofQueue, filter, () => new QueueCounts()));
  }
}

/** Names of the filters that it passes. */
function filtersOf(medium: MediaType, userData: UserData): readonly string[] {
  const { rule } = userData;
  const filters: readonly NamedFilter[] =
    rule === undefined ? PROVISIONED_FILTERS : [...PROVISIONED_FILTERS, filterOfRule(rule)];
  return [NO_FILTER, ...filters.filter(({ filter }) => passesFilter(filter, medium, userData)).map(({ name }) => name)];
}

function placeIn<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = create()));
  return value;
}
