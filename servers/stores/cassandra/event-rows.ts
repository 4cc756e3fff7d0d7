/** The rows that an event becomes: in its visit's day, under what it is found, and among the ids. */
import type { VisitEvent } from '#core/visits/event.ts';
import { observationsOf, type Observation } from '#core/visits/history-observations.ts';
import type { HistoryEntity } from '#core/visits/history-records.ts';
import type { HistorySettings } from '#ports/history.ts';
import type { Statement } from './cassandra-session.ts';
import type { CassandraTimes, TimePlace } from './cassandra-times.ts';
import { groupBy, inSlices } from './in-groups.ts';
import { AGENT_SHARDS, ID_SHARDS, shardOf } from './shard-of.ts';
import { ttlSecondsOf } from './time-to-live.ts';

const DAY_MS = 86_400_000;
/** `<browserVisitID>.<2, 3, ...>`. */
const CROSSING = /^(.*)\.[0-9]+$/s;

export interface Arrival {
  readonly event: VisitEvent;
  readonly observations: readonly Observation[];
  readonly day: number;
  /** The order of storing, µs. */
  readonly storedUs: number;
  /** Wall ms. */
  readonly writtenAt: number;
}

export function describeArrival(event: VisitEvent, storedUs: number, writtenAt: number): Arrival {
  return { event, observations: observationsOf(event), day: Math.floor(event.at / DAY_MS), storedUs, writtenAt };
}

export interface ArrivalRows {
  /** Of one partition each. */
  readonly events: readonly (readonly Statement[])[];
  /** Under what they are found; each once. */
  readonly found: readonly Statement[];
  /** Of one partition each; to be written after all others. */
  readonly ids: readonly (readonly Statement[])[];
}

export function rowsOfArrival(
  arrivals: readonly Arrival[],
  keyspace: string,
  settings: HistorySettings,
  times: CassandraTimes,
): ArrivalRows {
  const { retentionMs } = settings;
  const ttlOf = (entity: HistoryEntity): number => ttlSecondsOf(retentionMs[entity]);
  /** As long as anything that it tells is kept. */
  const lifeOf = ({ observations }: Arrival): number =>
    ttlSecondsOf(Math.max(retentionMs.event, ...observations.map(({ entity }) => retentionMs[entity])));
  const found = new Map<string, Statement>();
  const find = (statement: Statement): void =>
    void found.set(`${statement.query} ${statement.params.map(String).join('\0')}`, statement);
  for (const arrival of arrivals) {
    for (const [scope, id] of scopesOf(arrival.event)) {
      const query = `INSERT INTO ${keyspace}.event_days (scope, id, visit_id, day) VALUES (?, ?, ?, ?) USING TTL ?`;
      find({ query, params: [scope, id, arrival.event.visitID, arrival.day, lifeOf(arrival)] });
    }
    for (const told of arrival.observations) {
      if (told.kind !== 'userAgent') continue;
      const query = `INSERT INTO ${keyspace}.user_agents (shard, id, raw, written) VALUES (?, ?, ?, ?) USING TTL ?`;
      const shard = shardOf(told.userAgentID, AGENT_SHARDS);
      find({ query, params: [shard, told.userAgentID, told.raw, BigInt(arrival.writtenAt), ttlOf('useragent')] });
    }
    if (settings.limitIndexing) continue;
    for (const { entity, place } of placesOf(arrival))
      for (const statement of times.rowsOf(entity, place, ttlOf(entity))) find(statement);
  }
  const byDay = groupBy(arrivals, ({ event, day }) => `${day} ${event.visitID}`);
  const byShard = groupBy(arrivals, ({ event }) => shardOf(event.eventID, ID_SHARDS));
  return {
    events: [...byDay.values()].flatMap((group) =>
      inSlices(group.map((arrival) => eventRow(arrival, keyspace, lifeOf(arrival)))),
    ),
    found: [...found.values()],
    ids: [...byShard.values()].flatMap((group) =>
      inSlices(group.map((arrival) => idRow(arrival, keyspace, lifeOf(arrival)))),
    ),
  };
}

/** Under what the day of an event is found: its visit, the one that this crossed from, and who is named in it. */
export function scopesOf({ visitID, identity }: VisitEvent): readonly (readonly ['visit' | 'identity', string])[] {
  const browserVisitID = CROSSING.exec(visitID)?.[1];
  return [
    ['visit', visitID],
    ...(browserVisitID === undefined ? [] : [['visit', browserVisitID] as const]),
    ...(identity === undefined ? [] : [['identity', identity] as const]),
  ];
}

/** Where the records that an event founds begin. */
export function placesOf({
  event,
  observations,
}: Pick<Arrival, 'event' | 'observations'>): readonly { readonly entity: HistoryEntity; readonly place: TimePlace }[] {
  const { at, visitID: visitId, eventID } = event;
  const places: { entity: HistoryEntity; place: TimePlace }[] = [
    { entity: 'event', place: { at, id: eventID, visitId } },
  ];
  const add = (entity: HistoryEntity, id: string): void => void places.push({ entity, place: { at, id, visitId } });
  for (const told of observations) {
    if (told.kind === 'begun') add('visit', visitId);
    else if (told.kind === 'entered') add('page', told.pageId);
    else if (told.kind === 'signed' && told.identityId !== null) add('session', eventID);
    else if (told.kind === 'identified') add('identity', told.identityId);
  }
  return places;
}

function eventRow({ event, day, storedUs, writtenAt }: Arrival, keyspace: string, ttlSeconds: number): Statement {
  const { eventID, visitID, at, eventName, ...body } = event;
  const query = `INSERT INTO ${keyspace}.events (visit_id, day, at, event_id, stored, written, event_name, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?`;
  const times = [BigInt(storedUs), BigInt(writtenAt)];
  return { query, params: [visitID, day, BigInt(at), eventID, ...times, eventName, JSON.stringify(body), ttlSeconds] };
}

function idRow({ event, day, writtenAt }: Arrival, keyspace: string, ttlSeconds: number): Statement {
  const { eventID, visitID, eventName, eventType } = event;
  const query = `INSERT INTO ${keyspace}.event_ids (shard, event_id, visit_id, day, page, written) VALUES (?, ?, ?, ?, ?, ?) USING TTL ?`;
  const isPage = eventType === 'SYSTEM' && eventName === 'PageEntered';
  return {
    query,
    params: [shardOf(eventID, ID_SHARDS), eventID, visitID, day, isPage, BigInt(writtenAt), ttlSeconds],
  };
}
