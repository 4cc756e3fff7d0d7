/**
 * Full indexing in Cassandra: where records of all visitors begin, by time. A place is a row in its ten minutes' partitions; which ten
 * minutes there are is told by a row of their own. Places are candidates: the record found there says whether it still begins so.
 */
import { comparePlaces, type HistoryPlace, type HistoryRange } from '#core/visits/history-order.ts';
import type { HistoryEntity } from '#core/visits/history-records.ts';
import { integer, text, type CassandraSession, type Statement } from './cassandra-session.ts';
import { shardOf } from './shard-of.ts';

const BUCKET_MS = 600_000;
/** All writes of a moment go to them: one partition alone would be its nodes' burden. */
const SHARDS = 4;
/** After every place there can be. */
const NEWEST: HistoryPlace = { at: Number.MAX_SAFE_INTEGER, id: '\u{10FFFF}\u{10FFFF}' };

export interface TimePlace extends HistoryPlace {
  /** Where the record lies; empty where it needs none. */
  readonly visitId: string;
}

export class CassandraTimes {
  readonly #session: CassandraSession;
  readonly #queries: Readonly<Record<'put' | 'putBucket' | 'buckets' | 'before' | 'remove', string>>;

  constructor(session: CassandraSession) {
    this.#session = session;
    const { keyspace } = session;
    const where = 'entity = ? AND bucket = ? AND shard = ?';
    this.#queries = {
      put: `INSERT INTO ${keyspace}.by_time (entity, bucket, shard, at, id, visit_id) VALUES (?, ?, ?, ?, ?, ?) USING TTL ?`,
      putBucket: `INSERT INTO ${keyspace}.time_buckets (entity, bucket) VALUES (?, ?) USING TTL ?`,
      buckets: `SELECT bucket FROM ${keyspace}.time_buckets WHERE entity = ?`,
      before: `SELECT at, id, visit_id FROM ${keyspace}.by_time WHERE ${where} AND (at, id) < (?, ?) LIMIT ?`,
      remove: `DELETE FROM ${keyspace}.by_time WHERE ${where} AND at = ? AND id = ?`,
    };
  }

  /** The rows of a place that is kept for so long. */
  rowsOf(entity: HistoryEntity, { at, id, visitId }: TimePlace, ttlSeconds: number): readonly Statement[] {
    const bucket = BigInt(Math.floor(at / BUCKET_MS));
    return [
      { query: this.#queries.putBucket, params: [entity, bucket, ttlSeconds] },
      {
        query: this.#queries.put,
        params: [entity, bucket, shardOf(id, SHARDS), BigInt(at), id, visitId, ttlSeconds],
      },
    ];
  }

  removal(entity: HistoryEntity, { at, id }: HistoryPlace): Statement {
    const params = [entity, BigInt(Math.floor(at / BUCKET_MS)), shardOf(id, SHARDS), BigInt(at), id];
    return { query: this.#queries.remove, params };
  }

  /** Newest first, as far as it is asked on. */
  async *places(entity: HistoryEntity, { since, after, limit }: HistoryRange): AsyncGenerator<TimePlace> {
    const rows = await this.#session.read({ query: this.#queries.buckets, params: [entity] });
    const buckets = rows.map((row) => integer(row, 'bucket')).sort((one, other) => other - one);
    for (const bucket of buckets) {
      if (since !== undefined && (bucket + 1) * BUCKET_MS <= since) return;
      if (after !== undefined && bucket * BUCKET_MS > after.at) continue;
      let from: HistoryPlace = after ?? NEWEST;
      for (;;) {
        const page = await this.#pageBefore(entity, bucket, from, limit + 1);
        for (const place of page) {
          if (since !== undefined && place.at < since) return;
          yield place;
        }
        const last = page.at(-1);
        if (last === undefined || page.length <= limit) break;
        from = last;
      }
    }
  }

  async #pageBefore(entity: HistoryEntity, bucket: number, from: HistoryPlace, limit: number): Promise<TimePlace[]> {
    const parts = await Promise.all(
      Array.from({ length: SHARDS }, (_, shard) =>
        this.#session.read({
          query: this.#queries.before,
          params: [entity, BigInt(bucket), shard, BigInt(from.at), from.id, limit],
        }),
      ),
    );
    return parts
      .flat()
      .map((row) => ({ at: integer(row, 'at'), id: text(row, 'id'), visitId: text(row, 'visit_id') }))
      .sort(comparePlaces)
      .slice(0, limit);
  }
}
