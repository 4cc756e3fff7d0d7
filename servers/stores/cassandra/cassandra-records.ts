/** The questions to the history in Cassandra: records folded from what is kept of visits, by the same functions as every store's. */
import { foldAttempt } from '#core/engagement/attempt-tellings.ts';
import { foldIdentity, type FoldedVisit } from '#core/visits/history-fold.ts';
import { parsePageId, recordOfEvent, type Identified } from '#core/visits/history-observations.ts';
import { cutListing, describeNotIndexed, isInRange, listingOf, type Placed } from '#core/visits/history-order.ts';
import { recordsOfVisit, type EntityOfVisit } from '#core/visits/history-placed.ts';
import type { HistoryEntity, HistoryRecords, UserAgentRecord } from '#core/visits/history-records.ts';
import type { HistoryListing, HistoryRange, HistoryScope, HistorySettings } from '#ports/history.ts';
import type { CassandraAttempts } from './cassandra-attempts.ts';
import { CassandraFault } from './cassandra-fault.ts';
import { integer, text, type CassandraSession } from './cassandra-session.ts';
import type { CassandraTimes, TimePlace } from './cassandra-times.ts';
import type { CassandraVisits } from './cassandra-visits.ts';
import { AGENT_SHARDS, ID_SHARDS, shardOf } from './shard-of.ts';

const ALL_AGENT_SHARDS = Array.from({ length: AGENT_SHARDS }, (_, shard) => shard);

export class CassandraRecords {
  readonly #session: CassandraSession;
  readonly #settings: HistorySettings;
  readonly #visits: CassandraVisits;
  readonly #times: CassandraTimes;
  readonly #attempts: CassandraAttempts;
  readonly #queries: Readonly<Record<'visitOf' | 'agents', string>>;

  constructor(
    session: CassandraSession,
    settings: HistorySettings,
    visits: CassandraVisits,
    times: CassandraTimes,
    attempts: CassandraAttempts,
  ) {
    this.#session = session;
    this.#settings = settings;
    this.#visits = visits;
    this.#times = times;
    this.#attempts = attempts;
    const { keyspace } = session;
    this.#queries = {
      visitOf: `SELECT visit_id FROM ${keyspace}.event_ids WHERE shard = ? AND event_id = ?`,
      agents: `SELECT id, raw, written FROM ${keyspace}.user_agents WHERE shard = ?`,
    };
  }

  async get<E extends HistoryEntity>(entity: E, id: string): Promise<HistoryRecords[E] | null> {
    const placed = await this.#lookUp(entity, id, await this.#visitOf(entity, id));
    return placed?.record ?? null;
  }

  async list<E extends HistoryEntity>(
    entity: E,
    scope: HistoryScope,
    range: HistoryRange,
  ): Promise<HistoryListing<HistoryRecords[E]>> {
    if (!('all' in scope)) return listingOf(await this.#recordsIn(entity, scope), range);
    if (this.#settings.limitIndexing) throw new CassandraFault('notIndexed', describeNotIndexed(entity));
    // Few, and without a time of their own.
    if (entity === 'useragent') return listingOf((await this.#allAgents()) as Placed<HistoryRecords[E]>[], range);
    return this.#listAll(entity, range);
  }

  /** Visits in which the identity was told. */
  async #visitsOf(identityId: string): Promise<readonly string[]> {
    const days = await this.#visits.daysOf('identity', identityId);
    return [...new Set(days.map(({ visitId }) => visitId))];
  }

  /** The first record at each place that still stands there, until there are enough. */
  async #listAll<E extends HistoryEntity>(entity: E, range: HistoryRange): Promise<HistoryListing<HistoryRecords[E]>> {
    const found: Placed<HistoryRecords[E]>[] = [];
    for await (const place of this.#times.places(entity, range)) {
      const placed = await this.#lookUp(entity, place.id, place.visitId);
      if (placed?.at !== place.at || !isInRange(placed, range)) continue;
      found.push(placed);
      if (found.length > range.limit) break;
    }
    return cutListing(found, range.limit);
  }

  /** In which visit a record of this id must lie; empty where that does not matter, or where there is none. */
  async #visitOf(entity: HistoryEntity, id: string): Promise<string | null> {
    if (entity === 'visit') return id;
    if (entity === 'page') return parsePageId(id)?.visitId ?? null;
    if (entity !== 'event' && entity !== 'session') return '';
    const params = [shardOf(id, ID_SHARDS), id];
    const [row] = await this.#session.read({ query: this.#queries.visitOf, params });
    return row === undefined ? null : text(row, 'visit_id');
  }

  async #lookUp<E extends HistoryEntity>(
    entity: E,
    id: string,
    visitId: TimePlace['visitId'] | null,
  ): Promise<Placed<HistoryRecords[E]> | null> {
    if (visitId === null) return null;
    const scope = entity === 'identity' ? { identity: id } : { visit: visitId };
    const records =
      entity === 'engagementattempt'
        ? await this.#attempt(id)
        : entity === 'useragent'
          ? await this.#allAgents()
          : await this.#recordsIn(entity, scope);
    // The key of the records is the entity, which TypeScript does not follow.
    return (records.find((placed) => placed.id === id) as Placed<HistoryRecords[E]> | undefined) ?? null;
  }

  /** All records of a scope, in no order. */
  async #recordsIn<E extends HistoryEntity>(
    entity: E,
    scope: Exclude<HistoryScope, { readonly all: true }>,
  ): Promise<readonly Placed<HistoryRecords[E]>[]> {
    // As above.
    return (await this.#tables[entity](scope)) as readonly Placed<HistoryRecords[E]>[];
  }

  readonly #tables: {
    readonly [E in HistoryEntity]: (
      scope: Exclude<HistoryScope, { readonly all: true }>,
    ) => Promise<readonly Placed<HistoryRecords[E]>[]>;
  } = {
    event: async (scope) => {
      const stored = await Promise.all((await this.#visitsIn(scope)).map((id) => this.#visits.storedOf(id)));
      return stored
        .flat()
        .filter(({ writtenAt }) => this.#visits.isKept('event', writtenAt))
        .map(({ event }) => ({ at: event.at, id: event.eventID, record: recordOfEvent(event) }))
        .filter(({ record }) => isOf(scope, record.identityId) && (!('page' in scope) || record.pageID === scope.page));
    },
    visit: (scope) => this.#ofVisits('visit', scope),
    page: (scope) => this.#ofVisits('page', scope),
    session: (scope) => this.#ofVisits('session', scope),
    useragent: async (scope) => {
      const told = await this.#ofVisits('useragent', scope);
      return [...new Map(told.map((placed) => [placed.id, placed])).values()];
    },
    identity: async (scope) => {
      const told = 'identity' in scope ? [scope.identity] : await this.#identifiedIn(scope);
      const records = await Promise.all(
        [...new Set(told)].map(async (id) => ({ id, record: foldIdentity(await this.#identifiedAs(id)) })),
      );
      return records.flatMap(({ id, record }) => (record === null ? [] : [{ at: record.firstSeen, id, record }]));
    },
    engagementattempt: async (scope) => {
      const visits = await this.#visitsIn(scope);
      const ids = await Promise.all(visits.map((visitId) => this.#attempts.of('visit', visitId)));
      const records = await Promise.all([...new Set(ids.flat())].map((id) => this.#attempt(id)));
      return records.flat().filter(({ record }) => visits.includes(record.visitId) && isOf(scope, record.identityId));
    },
  };

  async #attempt(id: string): Promise<readonly Placed<HistoryRecords['engagementattempt']>[]> {
    const told = await this.#attempts.told(id);
    const kept = told.filter(({ writtenAt }) => this.#visits.isKept('engagementattempt', writtenAt));
    const record = foldAttempt(kept.map(({ telling }) => telling));
    return record === null ? [] : [{ at: record.createdAt, id, record }];
  }

  async #ofVisits<E extends EntityOfVisit>(
    entity: E,
    scope: Exclude<HistoryScope, { readonly all: true }>,
  ): Promise<readonly Placed<HistoryRecords[E]>[]> {
    const visits = await this.#visitsIn(scope);
    const folded: readonly FoldedVisit[] = await Promise.all(visits.map((visitId) => this.#visits.fold(visitId)));
    return folded.flatMap((each) => recordsOfVisit(entity, each)).filter(({ identityId }) => isOf(scope, identityId));
  }

  async #allAgents(): Promise<readonly Placed<UserAgentRecord>[]> {
    const parts = await Promise.all(
      ALL_AGENT_SHARDS.map((shard) => this.#session.read({ query: this.#queries.agents, params: [shard] })),
    );
    return parts
      .flat()
      .filter((row) => this.#visits.isKept('useragent', integer(row, 'written')))
      .map((row) => ({ at: 0, id: text(row, 'id'), record: { userAgentID: text(row, 'id'), raw: text(row, 'raw') } }));
  }

  async #visitsIn(scope: Exclude<HistoryScope, { readonly all: true }>): Promise<readonly string[]> {
    if ('visit' in scope) return [scope.visit];
    if ('page' in scope) return [parsePageId(scope.page)?.visitId ?? ''];
    const named = await this.#visitsOf(scope.identity);
    const told = await Promise.all(named.map((visitId) => this.#identifiedOf(visitId)));
    return named.filter((_, index) => told[index]?.some(({ identityId }) => identityId === scope.identity) === true);
  }

  async #identifiedIn(scope: Exclude<HistoryScope, { readonly all: true }>): Promise<readonly string[]> {
    const told = await Promise.all((await this.#visitsIn(scope)).map((visitId) => this.#identifiedOf(visitId)));
    return told.flat().map(({ identityId }) => identityId);
  }

  async #identifiedAs(identityId: string): Promise<readonly Identified[]> {
    const named = await this.#visitsOf(identityId);
    const told = await Promise.all(named.map((visitId) => this.#identifiedOf(visitId)));
    return told.flat().filter((each) => each.identityId === identityId);
  }

  async #identifiedOf(visitId: string): Promise<readonly Identified[]> {
    return (await this.#visits.observationsOf(visitId)).filter((each) => each.kind === 'identified');
  }
}

/** Inside an identity there is nothing of somebody else's. */
function isOf(scope: HistoryScope, identityId: string | null): boolean {
  return !('identity' in scope) || identityId === null || identityId === scope.identity;
}
