/**
 * The two store ports. Asynchronous, so that a store across a network looks the same as one in a file. When a promise
 * of `put` or `claim` is fulfilled, what it was about has outlived the process; when it is rejected with a
 * `StoreFault`, none of that call has been stored, unless the fault says `unknown`.
 *
 * Ids are well-formed Unicode. Numbers are finite; `at` and `step` are safe integers.
 */
import type { OperationsRow } from '#core/effects.ts';
import type { AttemptTelling } from '#core/engagement/attempt-tellings.ts';
import type { ErasedIdentity } from '#core/engagement/erasable-rows.ts';
import type { StoreBatch } from '#core/messages.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import type { Erasure, HistoryQuestions, RowCounts } from './history.ts';

/**
 * Why a store could not do what it was asked: `full` no space left, `io` the disk failed, `busy` somebody else holds
 * it, `corrupt` its file is damaged, `newer` its file was written by a newer version, `older` by one that this version reads no
 * more, `notIndexed` it was not told to keep what the question needs, `unavailable` too few of its nodes answer or can ever
 * answer, `outcomeUnknown` it may be stored, in whole or in part: to be sent again as it was, `unknown` anything else.
 */
export type StoreFaultCode =
  'full' | 'io' | 'busy' | 'corrupt' | 'newer' | 'older' | 'notIndexed' | 'unavailable' | 'outcomeUnknown' | 'unknown';

/** What the promises of a store are rejected with. The message is for people and names the file. */
export interface StoreFault extends Error {
  readonly fault: StoreFaultCode;
}

/** How much a history holds of what is still kept. */
export interface HistoryCounts {
  readonly events: number;
  /** Distinct visits: one that crossed to another domain counts as two. */
  readonly visits: number;
  /** PageEntered events. */
  readonly pages: number;
}

/**
 * Events of visits and what they tell, kept by `eventID`: the first with an id stays, and what comes later with the same id, at most
 * `RESTAMP_MS_MAX` apart, is left out. Everything is kept for as long as the settings of its entity say, and not found afterwards.
 */
export interface HistoryStore extends HistoryQuestions {
  /** Stores the events of all batches or none; an event that is there already is left as it is. */
  put(batches: readonly StoreBatch[]): Promise<void>;
  /** Stores all or none; of each (attempt, step) the newest stays, and of what is as old the one that came last. */
  putAttempts(tellings: readonly AttemptTelling[]): Promise<void>;
  /**
   * What is stored of a visit, by the visit id that the browser knows, in order of `at`, then of storing. A visit that
   * crossed to another domain goes on as `<browserVisitID>.<2, 3, ...>`: those events follow, each with the id of its
   * own visit, so that the reader sees where the crossing was.
   */
  pastOf(browserVisitID: string): Promise<readonly VisitEvent[]>;
  /**
   * At most `limit` event ids behind `after`, the last that was listed (null: from the first), in an order of the store's own. What
   * is stored meanwhile may be left out; where `after` is kept no more a store may begin anew.
   */
  eventIDs(after: string | null, limit: number): Promise<readonly string[]>;
  counts(): Promise<HistoryCounts>;
  /**
   * Right to erasure: an identity with the visits in which it was told and all they hold. Gives the rows taken, by table. Twice is
   * no harm.
   */
  erase(identityId: string): Promise<RowCounts>;
  /** Takes away a little of what is kept no more, in at most some 10 ms; true: there is more to take. */
  sweep(): boolean;
  /** Nothing may be asked afterwards. */
  close(): void;
}

export type OperationsKind = OperationsRow['kind'];

/**
 * Rows of the contact center, and deployments: the newest of each (kind, id) is kept. Newer is the greater `at`, then the greater
 * `step` where both rows have one, then the one that was put later. One writer puts its rows in order of `at`; a row
 * that is sent again after a newer one changes nothing.
 */
export interface OperationsStore {
  /** Stores all rows or none. */
  put(rows: readonly OperationsRow[]): Promise<void>;
  /** The newest row of each (kind, id) of these kinds (absent: of all), in order of `at`, then of storing. */
  recover(kinds?: readonly OperationsKind[]): Promise<readonly OperationsRow[]>;
  /** Decides once for ever: the first claimant of a key has won, also when it asks again; any other has lost. */
  claim(key: string, claimant: string): Promise<ClaimOutcome>;
  /**
   * Right to erasure: takes away what `decideErasure` (`#core/engagement/erasable-rows.ts`) says, between two puts. Twice is no
   * harm; a row that is put afterwards is there again.
   */
  erase(whom: ErasedIdentity): Promise<Erasure>;
  /** Nothing may be asked afterwards. */
  close(): void;
}

export type ClaimOutcome = 'won' | 'lost';

export interface Stores {
  readonly history: HistoryStore;
  readonly operations: OperationsStore;
}
