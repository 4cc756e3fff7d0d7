/** The right to erasure in Cassandra: an identity with the visits in which it was told and all they hold, out of every table. */
import type { RowCounts } from '#ports/history.ts';
import type { CassandraAttempts } from './cassandra-attempts.ts';
import { settleWrites, type CassandraSession, type Statement } from './cassandra-session.ts';
import type { CassandraTimes } from './cassandra-times.ts';
import type { CassandraVisits, KeptEvent } from './cassandra-visits.ts';
import { placesOf, scopesOf } from './event-rows.ts';
import { ID_SHARDS, shardOf } from './shard-of.ts';

export class CassandraErasure {
  readonly #session: CassandraSession;
  readonly #visits: CassandraVisits;
  readonly #times: CassandraTimes;
  readonly #attempts: CassandraAttempts;

  constructor(session: CassandraSession, visits: CassandraVisits, times: CassandraTimes, attempts: CassandraAttempts) {
    this.#session = session;
    this.#visits = visits;
    this.#times = times;
    this.#attempts = attempts;
  }

  /** What the visits are found by goes last: an erasure that failed can be repeated. */
  async erase(identityId: string): Promise<RowCounts> {
    const days = await this.#visits.daysOf('identity', identityId);
    const visits = [...new Set(days.map(({ visitId }) => visitId))];
    const attempts = new Set(await this.#attempts.of('identity', identityId));
    for (const visitId of visits) for (const id of await this.#attempts.of('visit', visitId)) attempts.add(id);
    let tellings = 0;
    for (const attemptId of attempts) tellings += await this.#attempts.remove(attemptId);
    let events = 0;
    for (const visitId of visits) events += await this.#eraseVisit(visitId);
    const query = `DELETE FROM ${this.#session.keyspace}.event_days WHERE scope = ? AND id = ?`;
    await this.#session.write({ query, params: ['identity', identityId] });
    return { events, visits: visits.length, attempts: tellings, identities: days.length > 0 ? 1 : 0 };
  }

  async #eraseVisit(visitId: string): Promise<number> {
    const stored = await this.#visits.storedOf(visitId);
    const { keyspace } = this.#session;
    const removals: Statement[] = stored.flatMap((kept) => this.#removalsOf(kept));
    for (const day of new Set(stored.map((kept) => kept.day))) {
      removals.push({ query: `DELETE FROM ${keyspace}.events WHERE visit_id = ? AND day = ?`, params: [visitId, day] });
    }
    await this.#remove(removals);
    const scopes = new Map(stored.flatMap(({ event }) => scopesOf(event)).map((scope) => [scope.join(' '), scope]));
    const query = `DELETE FROM ${keyspace}.event_days WHERE scope = ? AND id = ? AND visit_id = ?`;
    await this.#remove([...scopes.values()].map(([scope, id]) => ({ query, params: [scope, id, visitId] })));
    return stored.length;
  }

  #removalsOf({ event, observations }: KeptEvent): readonly Statement[] {
    const query = `DELETE FROM ${this.#session.keyspace}.event_ids WHERE shard = ? AND event_id = ?`;
    return [
      { query, params: [shardOf(event.eventID, ID_SHARDS), event.eventID] },
      ...placesOf({ event, observations }).map(({ entity, place }) => this.#times.removal(entity, place)),
    ];
  }

  async #remove(removals: readonly Statement[]): Promise<void> {
    await settleWrites(
      removals.map((statement) => this.#session.write(statement)),
      true,
    );
  }
}
