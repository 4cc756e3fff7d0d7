/**
 * The history in Cassandra. An event is a row of its visit's day, and an entry among the ids, by which it is known again when it
 * is sent again. The entry is written last: an event that has one is stored with all that belongs to it. What is kept no more goes
 * by Cassandra's own clock (TTL); readers leave it out by the settings' clock, to the millisecond.
 *
 * Of an event that was sent twice at the same moment over two ways there can be two rows in its visit, at two times; the one that
 * was stored first counts.
 */
import type { AttemptTelling } from '#core/engagement/attempt-tellings.ts';
import type { StoreBatch } from '#core/messages.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import type { HistoryEntity, HistoryRecords } from '#core/visits/history-records.ts';
import type { HistoryListing, HistoryRange, HistoryScope, HistorySettings, RowCounts } from '#ports/history.ts';
import type { HistoryCounts, HistoryStore } from '#ports/stores.ts';
import { CassandraAttempts } from './cassandra-attempts.ts';
import { CassandraErasure } from './cassandra-erasure.ts';
import { CassandraRecords } from './cassandra-records.ts';
import { integer, settleWrites, text, type CassandraSession, type Statement } from './cassandra-session.ts';
import { CassandraTimes } from './cassandra-times.ts';
import { CassandraVisits } from './cassandra-visits.ts';
import { describeArrival, rowsOfArrival, type Arrival } from './event-rows.ts';
import { groupBy, inSlices } from './in-groups.ts';
import { ID_SHARDS, shardOf } from './shard-of.ts';
import type { StoredClock } from './stored-clock.ts';

const ALL_SHARDS = Array.from({ length: ID_SHARDS }, (_, shard) => shard);

export class CassandraHistory implements HistoryStore {
  readonly #session: CassandraSession;
  readonly #settings: HistorySettings;
  readonly #clock: StoredClock;
  readonly #visits: CassandraVisits;
  readonly #times: CassandraTimes;
  readonly #records: CassandraRecords;
  readonly #attempts: CassandraAttempts;
  readonly #queries: Readonly<Record<'known' | 'ids' | 'entries', string>>;

  constructor(session: CassandraSession, clock: StoredClock, settings: HistorySettings) {
    this.#session = session;
    this.#settings = settings;
    this.#clock = clock;
    this.#visits = new CassandraVisits(session, settings);
    this.#times = new CassandraTimes(session);
    this.#attempts = new CassandraAttempts(session, settings, this.#times);
    this.#records = new CassandraRecords(session, settings, this.#visits, this.#times, this.#attempts);
    const { keyspace } = session;
    this.#queries = {
      known: `SELECT event_id FROM ${keyspace}.event_ids WHERE shard = ? AND event_id IN ?`,
      ids: `SELECT event_id, written FROM ${keyspace}.event_ids WHERE shard = ? AND event_id > ?`,
      entries: `SELECT event_id, written, visit_id, page FROM ${keyspace}.event_ids WHERE shard = ?`,
    };
    session.open();
  }

  put(batches: readonly StoreBatch[]): Promise<void> {
    return this.#session.call(async () => {
      const arrivals = await this.#takeNew(batches.flatMap((batch) => batch.events));
      if (arrivals.length === 0) return;
      const rows = rowsOfArrival(arrivals, this.#session.keyspace, this.#settings, this.#times);
      await settleWrites(
        [
          ...rows.events.map((together) => this.#session.writeTogether(together)),
          ...rows.found.map((statement) => this.#session.write(statement)),
        ],
        false,
      );
      await settleWrites(
        rows.ids.map((together) => this.#session.writeTogether(together)),
        true,
      );
    });
  }

  putAttempts(tellings: readonly AttemptTelling[]): Promise<void> {
    return this.#session.call(() => this.#attempts.put(tellings));
  }

  pastOf(browserVisitID: string): Promise<readonly VisitEvent[]> {
    return this.#session.call(async () => {
      const stored = await this.#visits.eventsOf(await this.#visits.daysOf('visit', browserVisitID));
      return stored
        .filter(({ writtenAt }) => this.#visits.isKept('event', writtenAt))
        .sort((one, other) => one.event.at - other.event.at || one.storedUs - other.storedUs)
        .map(({ event }) => event);
    });
  }

  /** Shard after shard, in the order of ids in each. */
  eventIDs(after: string | null, limit: number): Promise<readonly string[]> {
    return this.#session.call(async () => {
      const ids: string[] = [];
      const first = after === null ? 0 : shardOf(after, ID_SHARDS);
      for (let shard = first; shard < ID_SHARDS && ids.length < limit; shard += 1) {
        const statement =
          after !== null && shard === first
            ? { query: this.#queries.ids, params: [shard, after] }
            : { query: this.#queries.entries, params: [shard] };
        await this.#readIds(statement, ids, limit);
      }
      return ids;
    });
  }

  /** Reads every entry of every id: for tests and tools. */
  counts(): Promise<HistoryCounts> {
    return this.#session.call(async () => {
      const visits = new Set<string>();
      let events = 0;
      let pages = 0;
      for (const shard of ALL_SHARDS) {
        for (const row of await this.#session.read({ query: this.#queries.entries, params: [shard] })) {
          if (!this.#visits.isKept('event', integer(row, 'written'))) continue;
          events += 1;
          if (row['page'] === true) pages += 1;
          visits.add(text(row, 'visit_id'));
        }
      }
      return { events, visits: visits.size, pages };
    });
  }

  get<E extends HistoryEntity>(entity: E, id: string): Promise<HistoryRecords[E] | null> {
    return this.#session.call(() => this.#records.get(entity, id));
  }

  list<E extends HistoryEntity>(
    entity: E,
    scope: HistoryScope,
    range: HistoryRange,
  ): Promise<HistoryListing<HistoryRecords[E]>> {
    return this.#session.call(() => this.#records.list(entity, scope, range));
  }

  erase(identityId: string): Promise<RowCounts> {
    const erasure = new CassandraErasure(this.#session, this.#visits, this.#times, this.#attempts);
    return this.#session.call(() => erasure.erase(identityId));
  }

  /** Cassandra takes away by itself what is kept no more. */
  sweep(): boolean {
    return false;
  }

  close(): void {
    this.#session.close();
  }

  async #readIds(statement: Statement, ids: string[], limit: number): Promise<void> {
    let next: string | null = null;
    do {
      const page = await this.#session.readPage(statement, next);
      for (const row of page.rows) {
        if (ids.length >= limit) return;
        if (this.#visits.isKept('event', integer(row, 'written'))) ids.push(text(row, 'event_id'));
      }
      ({ next } = page);
    } while (next !== null && ids.length < limit);
  }

  /** The first event of each id that is not stored yet, in the order of arrival. */
  async #takeNew(events: readonly VisitEvent[]): Promise<readonly Arrival[]> {
    const first = new Map<string, VisitEvent>();
    for (const event of events) if (!first.has(event.eventID)) first.set(event.eventID, event);
    const asked = groupBy([...first.keys()], (id) => shardOf(id, ID_SHARDS));
    const known = await Promise.all(
      [...asked].flatMap(([shard, ids]) =>
        inSlices(ids).map((slice) => this.#session.read({ query: this.#queries.known, params: [shard, slice] })),
      ),
    );
    for (const row of known.flat()) first.delete(text(row, 'event_id'));
    const firstUs = this.#clock.take(first.size);
    const writtenAt = this.#settings.clock.wallMs();
    return [...first.values()].map((event, index) => describeArrival(event, firstUs + index, writtenAt));
  }
}
