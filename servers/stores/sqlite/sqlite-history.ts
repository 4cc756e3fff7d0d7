/** The history in one SQLite file, as its tables and questions are described in the files beside this one. */
import type Database from 'better-sqlite3';
import type { AttemptTelling } from '#core/engagement/attempt-tellings.ts';
import type { StoreBatch } from '#core/messages.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { describeNotIndexed } from '#core/visits/history-order.ts';
import type { HistoryEntity, HistoryRecords } from '#core/visits/history-records.ts';
import type { HistoryListing, HistoryRange, HistoryScope, HistorySettings, RowCounts } from '#ports/history.ts';
import type { HistoryCounts, HistoryStore } from '#ports/stores.ts';
import { EventSlices } from './event-slices.ts';
import { eraseIdentity } from './history-erasure.ts';
import { HistoryReader } from './history-reader.ts';
import { HISTORY_SCHEMA } from './history-schema.ts';
import { HistorySweep } from './history-sweep.ts';
import { closeDatabase, emptyLog, openDatabase } from './open-database.ts';
import { RetentionTerms } from './retention-terms.ts';
import { SqliteAttempts } from './sqlite-attempts.ts';
import { describeFault, SqliteFault } from './sqlite-fault.ts';

/** Pages of indexes that are written to again and again, KiB. */
const CACHE_KIB = 64 * 1024;

export class SqliteHistory implements HistoryStore {
  readonly #file: string;
  readonly #settings: HistorySettings;
  readonly #database: Database.Database;
  readonly #terms: RetentionTerms;
  readonly #slices: EventSlices;
  readonly #attempts: SqliteAttempts;
  readonly #reader: HistoryReader;
  readonly #sweep: HistorySweep;
  /** Somebody was reading the file (a backup is made) when its log was to be emptied. */
  #logHoldsErased = false;

  /** Opens or creates `file`; throws a `StoreFault`. */
  constructor(file: string, settings: HistorySettings) {
    this.#file = file;
    this.#settings = settings;
    this.#database = openDatabase(file, HISTORY_SCHEMA);
    const database = this.#database;
    try {
      database.pragma(`cache_size = -${CACHE_KIB}`);
      database.pragma('secure_delete = FAST');
      this.#terms = new RetentionTerms(database, settings.retentionMs);
      this.#slices = new EventSlices(database, settings, this.#terms);
      this.#attempts = new SqliteAttempts(database, settings.limitIndexing);
      this.#reader = new HistoryReader(database, this.#slices, this.#terms, settings.clock);
      this.#sweep = new HistorySweep(database, this.#slices, this.#attempts, this.#terms);
    } catch (thrown) {
      database.close();
      throw describeFault(thrown, file);
    }
  }

  async put(batches: readonly StoreBatch[]): Promise<void> {
    const writtenAt = this.#settings.clock.wallMs();
    this.#write(() => {
      this.#slices.begin();
      for (const batch of batches) for (const event of batch.events) this.#slices.take(event, writtenAt);
      this.#slices.end();
    });
  }

  async putAttempts(tellings: readonly AttemptTelling[]): Promise<void> {
    this.tell(tellings);
  }

  /** As `putAttempts` stores them, at once. */
  tell(tellings: readonly AttemptTelling[]): void {
    const now = this.#settings.clock.wallMs();
    const expiresAt = now + this.#terms.retention.engagementattempt;
    this.#write(() => {
      for (const telling of tellings) this.#attempts.put(telling, expiresAt, now);
    });
  }

  async pastOf(browserVisitID: string): Promise<readonly VisitEvent[]> {
    return this.#run(() => this.#reader.pastOf(browserVisitID));
  }

  async eventIDs(after: string | null, limit: number): Promise<readonly string[]> {
    const now = this.#settings.clock.wallMs();
    return this.#run(() => {
      const last = after === null ? null : this.#slices.locate(after);
      const found: string[] = [];
      for (const slice of this.#slices.all().toReversed()) {
        if (last !== null && slice.number < last.slice.number) continue;
        const seq = slice === last?.slice ? last.row.seq : 0;
        found.push(...slice.ids(seq, limit - found.length, now));
        if (found.length === limit) break;
      }
      return found;
    });
  }

  async counts(): Promise<HistoryCounts> {
    const now = this.#settings.clock.wallMs();
    return this.#run(() => {
      const counted = this.#slices.all().map((slice) => slice.count(now));
      const visits = new Set(this.#slices.all().flatMap((slice) => slice.visits(now)));
      return {
        events: counted.reduce((sum, { events }) => sum + events, 0),
        visits: visits.size,
        pages: counted.reduce((sum, { pages }) => sum + pages, 0),
      };
    });
  }

  async get<E extends HistoryEntity>(entity: E, id: string): Promise<HistoryRecords[E] | null> {
    // The union of what the branches give is narrower than TypeScript can follow from `entity`.
    return this.#run(() => this.#get(entity, id) as HistoryRecords[E] | null);
  }

  async list<E extends HistoryEntity>(
    entity: E,
    scope: HistoryScope,
    range: HistoryRange,
  ): Promise<HistoryListing<HistoryRecords[E]>> {
    return this.#run(() => {
      if ('all' in scope && this.#settings.limitIndexing)
        throw new SqliteFault('notIndexed', describeNotIndexed(entity));
      return this.#list(entity, scope, range) as HistoryListing<HistoryRecords[E]>;
    });
  }

  async erase(identityId: string): Promise<RowCounts> {
    this.#run(() => this.#database.pragma('secure_delete = ON'));
    try {
      return this.#write(() => eraseIdentity(this.#database, this.#slices, this.#attempts, identityId));
    } finally {
      this.#run(() => {
        this.#slices.forget();
        this.#database.pragma('secure_delete = FAST');
        // What was deleted still stands in the log.
        this.#logHoldsErased = !emptyLog(this.#database);
      });
    }
  }

  sweep(): boolean {
    if (this.#logHoldsErased) this.#logHoldsErased = !this.#run(() => emptyLog(this.#database));
    const more = this.#write(() => this.#sweep.step(this.#settings.clock.wallMs()));
    this.#sweep.committed();
    return more;
  }

  close(): void {
    this.#run(() => closeDatabase(this.#database));
  }

  #get(entity: HistoryEntity, id: string): HistoryRecords[HistoryEntity] | null {
    if (entity === 'event') return this.#reader.event(id);
    if (entity === 'identity') return this.#reader.identity(id);
    if (entity === 'engagementattempt') return this.#attempts.get(id, this.#settings.clock.wallMs());
    return this.#reader.get(entity, id);
  }

  #list(
    entity: HistoryEntity,
    scope: HistoryScope,
    range: HistoryRange,
  ): HistoryListing<HistoryRecords[HistoryEntity]> {
    if (entity === 'event') return this.#reader.events(scope, range);
    if (entity === 'identity') return this.#reader.identities(scope, range);
    if (entity !== 'engagementattempt') return this.#reader.list(entity, scope, range);
    const now = this.#settings.clock.wallMs();
    if ('all' in scope) return this.#attempts.all(range, now);
    const visits = 'visit' in scope ? [scope.visit] : this.#reader.visitsIn(scope).map(({ visitId }) => visitId);
    const isListed = ({ identityId }: { readonly identityId: string | null }): boolean =>
      !('identity' in scope) || identityId === null || identityId === scope.identity;
    return this.#attempts.ofVisits(visits, isListed, range, now);
  }

  /** One transaction; after a failed one nothing that it did is remembered. */
  #write<T>(work: () => T): T {
    return this.#run(() => {
      try {
        return this.#database.transaction(work).immediate();
      } catch (thrown) {
        this.#slices.forget();
        throw thrown;
      }
    });
  }

  #run<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw describeFault(thrown, this.#file);
    }
  }
}
