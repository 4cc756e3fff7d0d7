/** Answers the questions about events and what is folded from them, from the rows of the slices. */
import type Database from 'better-sqlite3';
import type { VisitEvent } from '#core/visits/event.ts';
import { crossedVisitId, foldIdentity, foldVisit, type FoldedVisit } from '#core/visits/history-fold.ts';
import {
  isAfterCrossing,
  observationsOf,
  parsePageId,
  recordOfEvent,
  type Identified,
  type Observation,
} from '#core/visits/history-observations.ts';
import { cutListing, isInRange, listingOf, type HistoryRange, type Placed } from '#core/visits/history-order.ts';
import { recordsOfVisit, type EntityOfVisit } from '#core/visits/history-placed.ts';
import type {
  EventRecord,
  HistoryEntity,
  HistoryRecords,
  IdentityRecord,
  UserAgentRecord,
} from '#core/visits/history-records.ts';
import type { HistoryListing, HistoryScope, HistorySettings } from '#ports/history.ts';
import type { EventSlice } from './event-slice.ts';
import type { EventSlices, FiledVisit } from './event-slices.ts';
import { parseEvent, type EventRow } from './history-rows.ts';
import { EVENT_KINDS, OTHER_EVENT } from './history-schema.ts';
import type { RetentionTerms } from './retention-terms.ts';

/** What a record of these begins with, where all visitors are listed. */
const FOUNDED_BY: Readonly<Record<EntityOfVisit | 'identity', readonly number[]>> = {
  visit: [EVENT_KINDS.VisitStarted, EVENT_KINDS.PageEntered],
  page: [EVENT_KINDS.PageEntered],
  session: [EVENT_KINDS.SignIn],
  useragent: [],
  identity: [EVENT_KINDS.SignIn, EVENT_KINDS.SignOut, EVENT_KINDS.UserInfo],
};

export class HistoryReader {
  readonly #slices: EventSlices;
  readonly #terms: RetentionTerms;
  readonly #clock: HistorySettings['clock'];
  readonly #userAgent: Database.Statement<[string, number], UserAgentRecord>;
  readonly #userAgents: Database.Statement<[number], UserAgentRecord>;

  constructor(
    database: Database.Database,
    slices: EventSlices,
    terms: RetentionTerms,
    clock: HistorySettings['clock'],
  ) {
    this.#slices = slices;
    this.#terms = terms;
    this.#clock = clock;
    this.#userAgent = database.prepare(
      'SELECT id AS userAgentID, raw FROM user_agents WHERE id = ? AND expires_at > ?',
    );
    this.#userAgents = database.prepare('SELECT id AS userAgentID, raw FROM user_agents WHERE expires_at > ?');
  }

  event(id: string): EventRecord | null {
    const found = this.#slices.locate(id);
    if (found === null || found.row.expires_at <= this.#clock.wallMs()) return null;
    return recordOfEvent(parseEvent(found.row, found.slice.start));
  }

  events(scope: HistoryScope, range: HistoryRange): HistoryListing<EventRecord> {
    if ('all' in scope) return this.#allEvents(range);
    const placed: Placed<EventRecord>[] = [];
    for (const visit of this.visitsIn(scope)) {
      let found = 0;
      for (const record of this.#eventsOf(visit, range)) {
        if (!isOf(scope, record.identityId) || ('page' in scope && record.pageID !== scope.page)) continue;
        placed.push({ at: record.serverTimestamp, id: record.eventID, record });
        found += 1;
        if (found > range.limit) break;
      }
    }
    return listingOf(placed, range);
  }

  get<E extends EntityOfVisit>(entity: E, id: string): HistoryRecords[E] | null {
    if (entity === 'useragent')
      return (this.#userAgent.get(id, this.#clock.wallMs()) ?? null) as HistoryRecords[E] | null;
    return this.#ofVisits(entity, this.#scopeOf(entity, id)).find((placed) => placed.id === id)?.record ?? null;
  }

  list<E extends EntityOfVisit>(
    entity: E,
    scope: HistoryScope,
    range: HistoryRange,
  ): HistoryListing<HistoryRecords[E]> {
    if (!('all' in scope)) return listingOf(this.#ofVisits(entity, scope), range);
    if (entity !== 'useragent') return this.#founded<E>(FOUNDED_BY[entity], range, this.#foundedIn(entity));
    const known = this.#userAgents.all(this.#clock.wallMs());
    const placed = known.map((record) => ({ at: 0, id: record.userAgentID, record }));
    return listingOf(placed as Placed<HistoryRecords[E]>[], range);
  }

  identity(id: string): IdentityRecord | null {
    const told = this.visitsIn({ identity: id }).flatMap((visit) => this.#identified(visit));
    return foldIdentity(told.filter(({ identityId }) => identityId === id));
  }

  identities(scope: HistoryScope, range: HistoryRange): HistoryListing<IdentityRecord> {
    const place = (id: string): readonly Placed<IdentityRecord>[] => {
      const record = this.identity(id);
      return record === null ? [] : [{ at: record.firstSeen, id, record }];
    };
    if ('all' in scope)
      return this.#founded<'identity'>(FOUNDED_BY.identity, range, ({ row, slice }) => {
        const { identity } = parseEvent(row, slice.start);
        return identity === undefined ? [] : place(identity);
      });
    const told = this.visitsIn(scope).flatMap((visit) => this.#identified(visit).map(({ identityId }) => identityId));
    const ids = 'identity' in scope ? [scope.identity] : [...new Set(told)];
    return listingOf(ids.flatMap(place), range);
  }

  pastOf(browserVisitID: string): readonly VisitEvent[] {
    const now = this.#clock.wallMs();
    const past: { readonly event: VisitEvent; readonly seq: number }[] = [];
    for (const visit of this.#slices.crossingsOf(browserVisitID)) {
      for (const slice of this.#slices.of(visit)) {
        for (const row of slice.ofVisit(visit.no))
          if (row.expires_at > now) past.push({ event: parseEvent(row, slice.start), seq: row.seq });
      }
    }
    // What has the same `at` is in the same slice.
    return past.sort((a, b) => a.event.at - b.event.at || a.seq - b.seq).map(({ event }) => event);
  }

  /** Inside an identity: those in which it was told. */
  visitsIn(scope: BoundedScope): readonly FiledVisit[] {
    if ('identity' in scope)
      return this.#slices
        .naming(scope.identity)
        .filter((visit) => this.#identified(visit).some(({ identityId }) => identityId === scope.identity));
    const found = this.#slices.find('visit' in scope ? scope.visit : (parsePageId(scope.page)?.visitId ?? ''));
    return found === null ? [] : [found];
  }

  #allEvents(range: HistoryRange): HistoryListing<EventRecord> {
    const placed: Placed<EventRecord>[] = [];
    for (const slice of this.#slices.all()) {
      for (const row of slice.newest(range, this.#clock.wallMs())) {
        const record = recordOfEvent(parseEvent(row, slice.start));
        placed.push({ at: record.serverTimestamp, id: record.eventID, record });
      }
      if (placed.length > range.limit) break;
    }
    return cutListing(placed, range.limit);
  }

  *#eventsOf(visit: FiledVisit, range: HistoryRange): Generator<EventRecord> {
    for (const slice of this.#slices.of(visit)) {
      for (const row of slice.newestOfVisit(visit.no, range, this.#clock.wallMs()))
        yield recordOfEvent(parseEvent(row, slice.start));
    }
  }

  /** Where a record of this id must lie. */
  #scopeOf(entity: EntityOfVisit, id: string): BoundedScope {
    if (entity === 'visit') return { visit: id };
    if (entity === 'page') return { page: id };
    return { visit: this.#slices.locate(id)?.row.visit_id ?? '' };
  }

  /** All records of a scope, in no order. */
  #ofVisits<E extends EntityOfVisit>(entity: E, scope: BoundedScope): readonly Placed<HistoryRecords[E]>[] {
    const placed = this.visitsIn(scope)
      .flatMap((visit) => recordsOfVisit(entity, this.#fold(visit)))
      .filter(({ identityId }) => isOf(scope, identityId));
    // Visits share user agents.
    return [...new Map(placed.map((each) => [each.id, each])).values()];
  }

  /** The records that a row may have founded; those of a visit are asked for many times and folded once. */
  #foundedIn<E extends EntityOfVisit>(entity: E): (found: Founding) => readonly Placed<HistoryRecords[E]>[] {
    const folded = new Map<number, readonly Placed<HistoryRecords[E]>[]>();
    return ({ row }) => {
      if (entity === 'visit' && row.kind === EVENT_KINDS.PageEntered && !isAfterCrossing(row.visit_id)) return [];
      const known = folded.get(row.visit);
      if (known !== undefined) return known;
      const placed = recordsOfVisit(entity, this.#fold({ no: row.visit, visitId: row.visit_id }));
      folded.set(row.visit, placed);
      return placed;
    };
  }

  /** Walks back through the rows of these kinds until what began at their moments fills the page. */
  #founded<E extends HistoryEntity>(
    kinds: readonly number[],
    range: HistoryRange,
    recordsOf: (found: Founding) => readonly Placed<HistoryRecords[E]>[],
  ): HistoryListing<HistoryRecords[E]> {
    const placed = new Map<string, Placed<HistoryRecords[E]>>();
    let oldest = Infinity;
    for (const slice of this.#slices.all()) {
      for (const row of slice.ofKinds(kinds, range.after?.at ?? Infinity)) {
        const at = slice.start + row.ms;
        if (at < (range.since ?? -Infinity) || (placed.size > range.limit && at < oldest))
          return listingOf([...placed.values()], range);
        for (const each of recordsOf({ row, slice })) {
          if (each.at !== at || !isInRange(each, range)) continue;
          placed.set(each.id, each);
          oldest = at;
        }
      }
    }
    return listingOf([...placed.values()], range);
  }

  #fold(visit: FiledVisit): FoldedVisit {
    return foldVisit(this.#observationsOf(visit), {
      now: this.#clock.domainMs(),
      crossedAt: this.#begunAt(crossedVisitId(visit.visitId)),
    });
  }

  #begunAt(visitId: string): number | null {
    const visit = this.#slices.find(visitId);
    if (visit === null) return null;
    const begun = this.#observationsOf(visit).filter(({ kind }) => kind === 'begun');
    return begun.length === 0 ? null : Math.min(...begun.map(({ at }) => at));
  }

  #identified(visit: FiledVisit): readonly Identified[] {
    return this.#observationsOf(visit).filter((each) => each.kind === 'identified');
  }

  /** What is kept of a visit. */
  #observationsOf(visit: FiledVisit): readonly Observation[] {
    const now = this.#clock.wallMs();
    const kept: Observation[] = [];
    for (const slice of this.#slices.of(visit)) {
      for (const row of slice.ofVisit(visit.no)) {
        for (const told of toldBy(row, slice)) if (this.#terms.isKept(told.entity, row, now)) kept.push(told);
      }
    }
    return kept;
  }
}

type BoundedScope = Exclude<HistoryScope, { readonly all: true }>;

interface Founding {
  readonly row: EventRow;
  readonly slice: EventSlice;
}

/** What is no event of the product's own tells that it came, whatever stands in it. */
function toldBy(row: EventRow, slice: EventSlice): readonly Observation[] {
  if (row.kind !== OTHER_EVENT) return observationsOf(parseEvent(row, slice.start));
  const at = slice.start + row.ms;
  return [{ kind: 'touched', entity: 'visit', visitId: row.visit_id, eventID: row.event_id, at, timestamp: at }];
}

/** Inside an identity there is nothing of somebody else's. */
function isOf(scope: HistoryScope, identityId: string | null): boolean {
  return !('identity' in scope) || identityId === null || identityId === scope.identity;
}
