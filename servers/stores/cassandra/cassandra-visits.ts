/** What is kept of visits in Cassandra, read as their events were stored: what the past, records, listings and erasure are made of. */
import type { VisitEvent } from '#core/visits/event.ts';
import { crossedVisitId, foldVisit, type FoldedVisit } from '#core/visits/history-fold.ts';
import { observationsOf, type Observation } from '#core/visits/history-observations.ts';
import type { HistoryEntity } from '#core/visits/history-records.ts';
import type { HistorySettings } from '#ports/history.ts';
import { integer, text, type CassandraRow, type CassandraSession } from './cassandra-session.ts';

export interface KeptEvent {
  readonly event: VisitEvent;
  readonly observations: readonly Observation[];
  readonly day: number;
  /** The order of storing, µs. */
  readonly storedUs: number;
  /** Wall ms, from which retention counts. */
  readonly writtenAt: number;
}

/** A partition of events. */
export interface VisitDay {
  readonly visitId: string;
  readonly day: number;
}

/** Under what the days of a visit are found: its own id (or that of the visit it crossed from), or an identity. */
export type DayScope = 'visit' | 'identity';

type EventBody = Omit<VisitEvent, 'eventID' | 'visitID' | 'at' | 'eventName'>;

export class CassandraVisits {
  readonly #session: CassandraSession;
  readonly #settings: HistorySettings;
  readonly #daysOf: string;
  readonly #eventsOf: string;

  constructor(session: CassandraSession, settings: HistorySettings) {
    this.#session = session;
    this.#settings = settings;
    const { keyspace } = session;
    this.#daysOf = `SELECT visit_id, day FROM ${keyspace}.event_days WHERE scope = ? AND id = ?`;
    this.#eventsOf = `SELECT visit_id, day, at, event_id, stored, written, event_name, body FROM ${keyspace}.events WHERE visit_id = ? AND day = ?`;
  }

  isKept(entity: HistoryEntity, writtenAt: number): boolean {
    return this.#settings.clock.wallMs() < writtenAt + this.#settings.retentionMs[entity];
  }

  async daysOf(scope: DayScope, id: string): Promise<readonly VisitDay[]> {
    const rows = await this.#session.read({ query: this.#daysOf, params: [scope, id] });
    return rows.map((row) => ({ visitId: text(row, 'visit_id'), day: integer(row, 'day') }));
  }

  /** Each event once, as it was stored first. */
  async eventsOf(days: readonly VisitDay[]): Promise<readonly KeptEvent[]> {
    const parts = await Promise.all(
      days.map(({ visitId, day }) => this.#session.read({ query: this.#eventsOf, params: [visitId, day] })),
    );
    const first = new Map<string, KeptEvent>();
    for (const kept of parts.flat().map(parseKept)) {
      const other = first.get(kept.event.eventID);
      if (other === undefined || kept.storedUs < other.storedUs) first.set(kept.event.eventID, kept);
    }
    return [...first.values()];
  }

  /** All that is stored of one visit, without those that it crossed into. */
  async storedOf(visitId: string): Promise<readonly KeptEvent[]> {
    const days = await this.daysOf('visit', visitId);
    return this.eventsOf(days.filter((day) => day.visitId === visitId));
  }

  async observationsOf(visitId: string): Promise<readonly Observation[]> {
    return this.observationsIn(await this.storedOf(visitId));
  }

  /** What is still kept of them. */
  observationsIn(events: readonly KeptEvent[]): readonly Observation[] {
    return events.flatMap(({ observations, writtenAt }) =>
      observations.filter(({ entity }) => this.isKept(entity, writtenAt)),
    );
  }

  async fold(visitId: string): Promise<FoldedVisit> {
    const [own, next] = await Promise.all([this.observationsOf(visitId), this.observationsOf(crossedVisitId(visitId))]);
    const begun = next.filter(({ kind }) => kind === 'begun').map(({ at }) => at);
    const crossedAt = begun.length === 0 ? null : Math.min(...begun);
    return foldVisit(own, { now: this.#settings.clock.domainMs(), crossedAt });
  }
}

function parseKept(row: CassandraRow): KeptEvent {
  // Written by this store alone.
  const body = JSON.parse(text(row, 'body')) as EventBody;
  const event: VisitEvent = {
    eventID: text(row, 'event_id'),
    visitID: text(row, 'visit_id'),
    at: integer(row, 'at'),
    eventName: text(row, 'event_name'),
    ...body,
    identity: body.identity,
  };
  return {
    event,
    observations: observationsOf(event),
    day: integer(row, 'day'),
    storedUs: integer(row, 'stored'),
    writtenAt: integer(row, 'written'),
  };
}
