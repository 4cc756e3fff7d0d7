/**
 * Reads listings of a history for one request: walks the store's listings page by page with a test on each record, and stops
 * when there are enough, when there are no more, or when the request has cost as much as one may; then it says where to go on.
 */
import type { HistoryEntity, HistoryPlace, HistoryQuestions, HistoryRecords, HistoryScope } from '#ports/history.ts';
import { RESOURCE_KINDS } from './history-resources.ts';

/** Rows that one request may read. A question costs as much as some rows, whatever it finds. */
export const REQUEST_ROWS_MAX = 20_000;
const QUESTION_ROWS = 10;
/** Rows of one question to the store. */
const BATCH_ROWS = 500;

export type RecordTest<E extends HistoryEntity> = (record: HistoryRecords[E]) => boolean | Promise<boolean>;

export interface ReadingLimits {
  /** Records wanted; at least 1. */
  readonly size: number;
  /** Rows that may be read for them. */
  readonly rowsMax: number;
  /** Rows of the request's that have to be left; absent: none. */
  readonly leave?: number;
}

export interface HistoryReading<E extends HistoryEntity> {
  readonly records: HistoryRecords[E][];
  /** Where to go on; null: that was all. */
  readonly next: HistoryPlace | null;
}

export class HistoryReader {
  readonly #questions: HistoryQuestions;
  readonly #userAgents = new Map<string, Promise<string | null>>();
  #rowsLeft: number;

  constructor(questions: HistoryQuestions, rowsMax = REQUEST_ROWS_MAX) {
    this.#questions = questions;
    this.#rowsLeft = rowsMax;
  }

  /** Rows that this request may still read. */
  get rowsLeft(): number {
    return this.#rowsLeft;
  }

  async get<E extends HistoryEntity>(entity: E, id: string): Promise<HistoryRecords[E] | null> {
    this.#rowsLeft -= QUESTION_ROWS;
    return this.#questions.get(entity, id);
  }

  /** The text of a user agent; null: there is none with this id. */
  userAgent(userAgentID: string): Promise<string | null> {
    const known = this.#userAgents.get(userAgentID);
    if (known !== undefined) return known;
    const asked = this.get('useragent', userAgentID).then((found) => found?.raw ?? null);
    this.#userAgents.set(userAgentID, asked);
    return asked;
  }

  /**
   * The next records of a listing that pass `test` (null: all pass). Reads at least one batch, so that whoever goes on
   * at `next` comes to an end.
   */
  async read<E extends HistoryEntity>(
    entity: E,
    scope: HistoryScope,
    range: { readonly since?: number | undefined; readonly after?: HistoryPlace | undefined },
    test: RecordTest<E> | null,
    { size, rowsMax, leave = 0 }: ReadingLimits,
  ): Promise<HistoryReading<E>> {
    const records: HistoryRecords[E][] = [];
    const { place: placeOf } = RESOURCE_KINDS[entity];
    const since = range.since === undefined ? {} : { since: range.since };
    let next = range.after ?? null;
    let rows = 0;
    do {
      const limit = test === null ? Math.min(size - records.length, BATCH_ROWS) : BATCH_ROWS;
      const after = next === null ? {} : { after: next };
      const batch = await this.#questions.list(entity, scope, { ...since, ...after, limit });
      const cost = Math.max(batch.records.length, QUESTION_ROWS);
      this.#rowsLeft -= cost;
      rows += cost;
      for (const record of batch.records) {
        const passes = test === null || (await test(record));
        // One more than wanted tells that there is a next page, which begins after what was seen before it.
        if (passes && records.length === size) return { records, next };
        if (passes) records.push(record);
        next = placeOf(record);
        // A test may read, too.
        if (test !== null && this.#rowsLeft <= leave) return { records, next };
      }
      next = batch.next;
      if (test === null && records.length >= size) break;
    } while (next !== null && rows < rowsMax && this.#rowsLeft > leave);
    return { records, next };
  }
}
