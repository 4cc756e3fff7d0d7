/**
 * How the history is asked: seven entities, each got by its id or listed inside a visit, an identity or, with full indexing, among
 * all visitors. Filters, nested detail and HTTP are the Backend's; a store only keeps, finds by key and walks in order of time.
 *
 * Records are folded from immutable observations (`#core/visits/history-observations.ts`), so a put can be repeated, overtaken and
 * merged without reading first, and no store needs a lock.
 */
import type { HistoryListing, HistoryRange } from '#core/visits/history-order.ts';
import type { HistoryEntity, HistoryRecords } from '#core/visits/history-records.ts';

export type { HistoryListing, HistoryPlace, HistoryRange } from '#core/visits/history-order.ts';
export type { HistoryEntity, HistoryRecords } from '#core/visits/history-records.ts';

/**
 * Where a listing looks. Inside an identity lie the visits in which it was told, and of their pages, events and attempts those that
 * name nobody else. `all` needs full indexing (`wmdb.limitIndexing` false) and is rejected with the fault `notIndexed` without.
 */
export type HistoryScope =
  | { readonly visit: string }
  | { readonly identity: string }
  /** Events alone. */
  | { readonly page: string }
  | { readonly all: true };

/** Numbers of rows, by table of the store or by what they tell of. */
export type RowCounts = Readonly<Record<string, number>>;

/** What the erasure of an identity has come to, over the history and the contact center's rows. */
export interface Erasure {
  /** Rows that it has taken. */
  readonly erased: RowCounts;
  /** Rows of the contact center of visits in which something still runs: they were left. */
  readonly inProgress: RowCounts;
}

/** The questions to a history; a part of the history port. */
export interface HistoryQuestions {
  get<E extends HistoryEntity>(entity: E, id: string): Promise<HistoryRecords[E] | null>;
  /**
   * In the order of the range. A user agent has no beginning: those of all visitors are listed at time 0, whatever `since` is. An
   * identity begins with the first that is kept of it.
   */
  list<E extends HistoryEntity>(
    entity: E,
    scope: HistoryScope,
    range: HistoryRange,
  ): Promise<HistoryListing<HistoryRecords[E]>>;
}

/** What a history is kept by, as it was when its process started. */
export interface HistorySettings {
  /** From the moment of storing on, wall ms. */
  readonly retentionMs: Readonly<Record<HistoryEntity, number>>;
  /** `wmdb.limitIndexing`. */
  readonly limitIndexing: boolean;
  readonly clock: HistoryClock;
}

export interface HistoryClock {
  /** Epoch ms of the computer, on which retention runs. */
  wallMs(): number;
  /** Epoch ms of the run, on which events are stamped. */
  domainMs(): number;
}
