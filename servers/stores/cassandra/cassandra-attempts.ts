/** What is told of engagement attempts, in Cassandra: of each (attempt, step) the newest. Tellings of one process go one after the other. */
import type { AttemptTelling } from '#core/engagement/attempt-tellings.ts';
import type { HistorySettings } from '#ports/history.ts';
import { integer, settleWrites, text, type CassandraSession, type Statement } from './cassandra-session.ts';
import type { CassandraTimes, TimePlace } from './cassandra-times.ts';
import { ttlSecondsOf } from './time-to-live.ts';

export interface KeptTelling {
  readonly telling: AttemptTelling;
  /** Wall ms. */
  readonly writtenAt: number;
}

export class CassandraAttempts {
  readonly #session: CassandraSession;
  readonly #settings: HistorySettings;
  readonly #times: CassandraTimes;
  readonly #queries: Readonly<Record<'put' | 'putOf' | 'of' | 'told' | 'remove' | 'removeOf', string>>;
  #lastPut: Promise<void> = Promise.resolve();

  constructor(session: CassandraSession, settings: HistorySettings, times: CassandraTimes) {
    this.#session = session;
    this.#settings = settings;
    this.#times = times;
    const { keyspace } = session;
    this.#queries = {
      put: `INSERT INTO ${keyspace}.attempts (scope, attempt_id, step, at, written, body) VALUES ('attempt', ?, ?, ?, ?, ?) USING TTL ?`,
      putOf: `INSERT INTO ${keyspace}.attempts_of (scope, id, attempt_id) VALUES (?, ?, ?) USING TTL ?`,
      of: `SELECT attempt_id FROM ${keyspace}.attempts_of WHERE scope = ? AND id = ?`,
      told: `SELECT step, at, written, body FROM ${keyspace}.attempts WHERE scope = 'attempt' AND attempt_id = ?`,
      remove: `DELETE FROM ${keyspace}.attempts WHERE scope = 'attempt' AND attempt_id = ?`,
      removeOf: `DELETE FROM ${keyspace}.attempts_of WHERE scope = ? AND id = ? AND attempt_id = ?`,
    };
  }

  put(tellings: readonly AttemptTelling[]): Promise<void> {
    const put = this.#lastPut.then(() => this.#store(tellings));
    this.#lastPut = put.catch(() => undefined);
    return put;
  }

  /** All that is stored of an attempt. */
  async told(attemptId: string): Promise<readonly KeptTelling[]> {
    const rows = await this.#session.read({ query: this.#queries.told, params: [attemptId] });
    return rows.map((row) => ({
      // Written by this very class.
      telling: JSON.parse(text(row, 'body')) as AttemptTelling,
      writtenAt: integer(row, 'written'),
    }));
  }

  /** Attempts of a visit, or of an identity. */
  async of(scope: 'visit' | 'identity', id: string): Promise<readonly string[]> {
    const rows = await this.#session.read({ query: this.#queries.of, params: [scope, id] });
    return rows.map((row) => text(row, 'attempt_id'));
  }

  /** Removes an attempt with all under which it is found; gives back how many tellings it had. */
  async remove(attemptId: string): Promise<number> {
    const told = await this.told(attemptId);
    const found = told.flatMap(({ telling }) => [
      ...scopesOf(telling).map(([scope, id]) => ({ query: this.#queries.removeOf, params: [scope, id, attemptId] })),
      ...placesOf(telling).map((place) => this.#times.removal('engagementattempt', place)),
    ]);
    await settleWrites(
      found.map((statement) => this.#session.write(statement)),
      false,
    );
    await this.#session.write({ query: this.#queries.remove, params: [attemptId] });
    return told.length;
  }

  async #store(tellings: readonly AttemptTelling[]): Promise<void> {
    const ids = [...new Set(tellings.map(({ attemptId }) => attemptId))];
    const known = new Map<string, AttemptTelling>();
    const keyOf = ({ attemptId, step }: AttemptTelling): string => `${step} ${attemptId}`;
    for (const told of await Promise.all(ids.map((id) => this.told(id))))
      for (const { telling } of told) known.set(keyOf(telling), telling);
    const newest = new Map<string, AttemptTelling>();
    for (const telling of tellings) {
      const other = newest.get(keyOf(telling)) ?? known.get(keyOf(telling));
      if (other === undefined || telling.at >= other.at) newest.set(keyOf(telling), telling);
    }
    const ttlSeconds = ttlSecondsOf(this.#settings.retentionMs.engagementattempt);
    const found = [...newest.values()].flatMap((telling) => this.#foundRows(telling, ttlSeconds));
    await settleWrites(
      found.map((statement) => this.#session.write(statement)),
      false,
    );
    const writtenAt = BigInt(this.#settings.clock.wallMs());
    await settleWrites(
      [...newest.values()].map((telling) => {
        const { attemptId, step, at } = telling;
        const params = [attemptId, step, BigInt(at), writtenAt, JSON.stringify(telling), ttlSeconds];
        return this.#session.write({ query: this.#queries.put, params });
      }),
      found.length > 0,
    );
  }

  #foundRows(telling: AttemptTelling, ttlSeconds: number): readonly Statement[] {
    const found = scopesOf(telling).map(([scope, id]) => ({
      query: this.#queries.putOf,
      params: [scope, id, telling.attemptId, ttlSeconds],
    }));
    if (this.#settings.limitIndexing) return found;
    const placed = placesOf(telling).flatMap((place) => this.#times.rowsOf('engagementattempt', place, ttlSeconds));
    return [...found, ...placed];
  }
}

function scopesOf(telling: AttemptTelling): readonly (readonly ['visit' | 'identity', string])[] {
  if (telling.kind === 'ledTo') return [];
  const { visitId, identityId } = telling;
  return [['visit', visitId], ...(identityId === null ? [] : [['identity', identityId] as const])];
}

function placesOf(telling: AttemptTelling): readonly TimePlace[] {
  if (telling.kind === 'ledTo') return [];
  return [{ at: telling.createdAt, id: telling.attemptId, visitId: telling.visitId }];
}
