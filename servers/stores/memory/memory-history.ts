/**
 * A history that lives as long as its process: what tests and quick runs use, and the plain reading of the port that
 * the other stores are compared with.
 */
import { assert } from '#core/assert.ts';
import { foldAttempt, type AttemptTelling } from '#core/engagement/attempt-tellings.ts';
import type { StoreBatch } from '#core/messages.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { crossedVisitId, foldIdentity, foldVisit, type FoldedVisit } from '#core/visits/history-fold.ts';
import {
  observationsOf,
  parsePageId,
  recordOfEvent,
  type Identified,
  type Observation,
} from '#core/visits/history-observations.ts';
import { compareCodePoints, describeNotIndexed, listingOf, type Placed } from '#core/visits/history-order.ts';
import { recordsOfVisit, type EntityOfVisit } from '#core/visits/history-placed.ts';
import type { HistoryEntity, HistoryRecords, UserAgentRecord } from '#core/visits/history-records.ts';
import type { HistoryListing, HistoryRange, HistoryScope, HistorySettings, RowCounts } from '#ports/history.ts';
import type { HistoryCounts, HistoryStore, StoreFault } from '#ports/stores.ts';

/** `<browserVisitID>.<2, 3, ...>`. */
const CROSSING = /^(.*)\.[0-9]+$/s;
/** How often what is kept no more is looked for. */
const SWEEP_MS = 60_000;

interface Kept {
  readonly event: VisitEvent;
  readonly observations: readonly Observation[];
  /** The how-manyth event stored it is. */
  readonly order: number;
  readonly writtenAt: number;
}

interface KeptTelling {
  readonly telling: AttemptTelling;
  readonly writtenAt: number;
}

interface KeptUserAgent {
  readonly record: UserAgentRecord;
  readonly writtenAt: number;
}

class NotIndexedFault extends Error implements StoreFault {
  readonly fault = 'notIndexed';
}

export class MemoryHistory implements HistoryStore {
  readonly #settings: HistorySettings;
  readonly #events = new Map<string, Kept>();
  readonly #visits = new Map<string, Kept[]>();
  /** Browser visit id -> the visits after a crossing that it has become. */
  readonly #crossings = new Map<string, Set<string>>();
  /** Identity -> visits with an event that names it. */
  readonly #visitsOfIdentity = new Map<string, Set<string>>();
  /** Attempt -> step -> telling. */
  readonly #attempts = new Map<string, Map<number, KeptTelling>>();
  /** By id; they are nobody's. */
  readonly #userAgents = new Map<string, KeptUserAgent>();
  #order = 0;
  #closed = false;
  #sweptAt = -Infinity;
  /** Ids in order, made when asked for; null: out of date. */
  #sortedIds: string[] | null = null;

  constructor(settings: HistorySettings) {
    this.#settings = settings;
  }

  async put(batches: readonly StoreBatch[]): Promise<void> {
    this.#assertOpen();
    const writtenAt = this.#settings.clock.wallMs();
    for (const batch of batches) for (const event of batch.events) this.#keep(event, writtenAt);
  }

  async putAttempts(tellings: readonly AttemptTelling[]): Promise<void> {
    this.#assertOpen();
    const writtenAt = this.#settings.clock.wallMs();
    for (const telling of tellings) {
      const steps = this.#attempts.get(telling.attemptId) ?? new Map<number, KeptTelling>();
      this.#attempts.set(telling.attemptId, steps);
      const known = steps.get(telling.step);
      if (known === undefined || telling.at >= known.telling.at) steps.set(telling.step, { telling, writtenAt });
    }
  }

  async pastOf(browserVisitID: string): Promise<readonly VisitEvent[]> {
    this.#assertOpen();
    const past = [...this.#eventsOf(browserVisitID)];
    for (const visitID of this.#crossings.get(browserVisitID) ?? []) past.push(...this.#eventsOf(visitID));
    past.sort((a, b) => a.event.at - b.event.at || a.order - b.order);
    return past.map((kept) => kept.event);
  }

  async eventIDs(after: string | null, limit: number): Promise<readonly string[]> {
    this.#assertOpen();
    this.#sortedIds ??= [...this.#events.keys()].sort(compareCodePoints);
    const found: string[] = [];
    for (let i = after === null ? 0 : firstGreater(this.#sortedIds, after); found.length < limit; i += 1) {
      const kept = this.#events.get(this.#sortedIds[i] ?? '');
      if (i >= this.#sortedIds.length) break;
      if (kept !== undefined && this.#isKept('event', kept)) found.push(kept.event.eventID);
    }
    return found;
  }

  async counts(): Promise<HistoryCounts> {
    this.#assertOpen();
    const events = this.#allEvents();
    return {
      events: events.length,
      visits: new Set(events.map(({ event }) => event.visitID)).size,
      pages: events.filter(({ event }) => event.eventType === 'SYSTEM' && event.eventName === 'PageEntered').length,
    };
  }

  async get<E extends HistoryEntity>(entity: E, id: string): Promise<HistoryRecords[E] | null> {
    this.#assertOpen();
    const [found] = this.#placed(entity, this.#scopeOf(entity, id)).filter((placed) => placed.id === id);
    return found === undefined ? null : found.record;
  }

  async list<E extends HistoryEntity>(
    entity: E,
    scope: HistoryScope,
    range: HistoryRange,
  ): Promise<HistoryListing<HistoryRecords[E]>> {
    this.#assertOpen();
    if ('all' in scope && this.#settings.limitIndexing) throw new NotIndexedFault(describeNotIndexed(entity));
    return listingOf(this.#placed(entity, scope), range);
  }

  async erase(identityId: string): Promise<RowCounts> {
    this.#assertOpen();
    const visits = new Set(this.#visitsOfIdentity.get(identityId));
    const erased = { events: 0, visits: 0, attempts: 0, identities: 0 };
    for (const visitId of visits) {
      for (const { event } of this.#visits.get(visitId) ?? [])
        if (this.#events.delete(event.eventID)) erased.events += 1;
      if (this.#forgetVisit(visitId)) erased.visits += 1;
    }
    for (const [attemptId, steps] of this.#attempts) {
      const record = foldAttempt([...steps.values()].map(({ telling }) => telling));
      if (record === null || !(visits.has(record.visitId) || record.identityId === identityId)) continue;
      erased.attempts += steps.size;
      this.#attempts.delete(attemptId);
    }
    if (this.#visitsOfIdentity.delete(identityId)) erased.identities += 1;
    this.#sortedIds = null;
    return erased;
  }

  sweep(): boolean {
    const now = this.#settings.clock.wallMs();
    if (now - this.#sweptAt < SWEEP_MS) return false;
    this.#sweptAt = now;
    for (const [visitId, events] of this.#visits) {
      const left = events.filter((kept) => this.#isAnythingKept(kept) || !this.#events.delete(kept.event.eventID));
      if (left.length === 0) this.#forgetVisit(visitId);
      else if (left.length < events.length) this.#visits.set(visitId, left);
    }
    for (const [id, kept] of this.#userAgents) if (!this.#isKept('useragent', kept)) this.#userAgents.delete(id);
    for (const [attemptId, steps] of this.#attempts)
      if (![...steps.values()].some((kept) => this.#isKept('engagementattempt', kept)))
        this.#attempts.delete(attemptId);
    this.#sortedIds = null;
    return false;
  }

  close(): void {
    this.#closed = true;
  }

  #keep(event: VisitEvent, writtenAt: number): void {
    if (this.#events.has(event.eventID)) return;
    this.#order += 1;
    const kept: Kept = { event, observations: observationsOf(event), order: this.#order, writtenAt };
    this.#events.set(event.eventID, kept);
    this.#sortedIds = null;
    const visit = this.#visits.get(event.visitID);
    if (visit === undefined) this.#visits.set(event.visitID, [kept]);
    else visit.push(kept);
    const browserVisitID = CROSSING.exec(event.visitID)?.[1];
    if (browserVisitID !== undefined) addTo(this.#crossings, browserVisitID, event.visitID);
    if (event.identity !== undefined) addTo(this.#visitsOfIdentity, event.identity, event.visitID);
    for (const told of kept.observations)
      if (told.kind === 'userAgent') {
        const { userAgentID, raw } = told;
        this.#userAgents.set(userAgentID, { record: { userAgentID, raw }, writtenAt });
      }
  }

  #forgetVisit(visitId: string): boolean {
    const browserVisitID = CROSSING.exec(visitId)?.[1];
    if (browserVisitID !== undefined) removeFrom(this.#crossings, browserVisitID, visitId);
    for (const { event } of this.#visits.get(visitId) ?? [])
      if (event.identity !== undefined) removeFrom(this.#visitsOfIdentity, event.identity, visitId);
    return this.#visits.delete(visitId);
  }

  #isKept(entity: HistoryEntity, { writtenAt }: { readonly writtenAt: number }): boolean {
    return this.#settings.clock.wallMs() < writtenAt + this.#settings.retentionMs[entity];
  }

  #isAnythingKept(kept: Kept): boolean {
    return this.#isKept('event', kept) || kept.observations.some(({ entity }) => this.#isKept(entity, kept));
  }

  #allEvents(): readonly Kept[] {
    return [...this.#events.values()].filter((kept) => this.#isKept('event', kept));
  }

  #eventsOf(visitId: string): readonly Kept[] {
    return (this.#visits.get(visitId) ?? []).filter((kept) => this.#isKept('event', kept));
  }

  /** Where a record of this id must lie. */
  #scopeOf(entity: HistoryEntity, id: string): HistoryScope {
    if (entity === 'visit') return { visit: id };
    if (entity === 'page') return { visit: parsePageId(id)?.visitId ?? '' };
    if (entity === 'identity') return { identity: id };
    if (entity !== 'event' && entity !== 'session') return { all: true };
    return { visit: this.#events.get(id)?.event.visitID ?? '' };
  }

  /** All records of a scope, in no order. */
  #placed<E extends HistoryEntity>(entity: E, scope: HistoryScope): Placed<HistoryRecords[E]>[] {
    return this.#tables[entity](scope);
  }

  readonly #tables: { readonly [E in HistoryEntity]: (scope: HistoryScope) => Placed<HistoryRecords[E]>[] } = {
    event: (scope) =>
      this.#visitsIn(scope)
        .flatMap((visitId) => this.#eventsOf(visitId))
        .map(({ event }) => ({ at: event.at, id: event.eventID, record: recordOfEvent(event) }))
        .filter(({ record }) => isOf(scope, record.identityId) && (!('page' in scope) || record.pageID === scope.page)),
    visit: (scope) => this.#ofVisits('visit', scope),
    page: (scope) => this.#ofVisits('page', scope),
    session: (scope) => this.#ofVisits('session', scope),
    useragent: (scope) => {
      const told = 'all' in scope ? this.#keptAgents() : this.#ofVisits('useragent', scope);
      return [...new Map(told.map((placed) => [placed.id, placed])).values()];
    },
    identity: (scope) => {
      const ids =
        'identity' in scope ? [scope.identity] : this.#identifiedIn(scope).map(({ identityId }) => identityId);
      return [...new Set(ids)].flatMap((id) => {
        const all = this.#identifiedIn({ identity: id }).filter(({ identityId }) => identityId === id);
        const record = foldIdentity(all);
        return record === null ? [] : [{ at: record.firstSeen, id, record }];
      });
    },
    engagementattempt: (scope) => {
      const visits = 'all' in scope ? null : new Set(this.#visitsIn(scope));
      return [...this.#attempts.values()].flatMap((steps) => {
        const kept = [...steps.values()].filter((each) => this.#isKept('engagementattempt', each));
        const record = foldAttempt(kept.map(({ telling }) => telling));
        if (record === null || visits?.has(record.visitId) === false || !isOf(scope, record.identityId)) return [];
        return [{ at: record.createdAt, id: record.engagementAttemptId, record }];
      });
    },
  };

  #ofVisits<E extends EntityOfVisit>(entity: E, scope: HistoryScope): Placed<HistoryRecords[E]>[] {
    return this.#foldedIn(scope)
      .flatMap((folded) => recordsOfVisit(entity, folded))
      .filter(({ identityId }) => isOf(scope, identityId));
  }

  #keptAgents(): readonly Placed<UserAgentRecord>[] {
    return [...this.#userAgents.values()]
      .filter((kept) => this.#isKept('useragent', kept))
      .map(({ record }) => ({ at: 0, id: record.userAgentID, record }));
  }

  #visitsIn(scope: HistoryScope): readonly string[] {
    if ('visit' in scope) return [scope.visit];
    if ('page' in scope) return [parsePageId(scope.page)?.visitId ?? ''];
    if ('all' in scope) return [...this.#visits.keys()];
    const named = this.#visitsOfIdentity.get(scope.identity) ?? [];
    return [...named].filter((visitId) =>
      this.#observationsOf(visitId).some((each) => each.kind === 'identified' && each.identityId === scope.identity),
    );
  }

  #identifiedIn(scope: HistoryScope): readonly Identified[] {
    return this.#visitsIn(scope).flatMap((id) => this.#observationsOf(id).filter((each) => each.kind === 'identified'));
  }

  #foldedIn(scope: HistoryScope): readonly FoldedVisit[] {
    return this.#visitsIn(scope).map((visitId) => {
      const begun = this.#observationsOf(crossedVisitId(visitId)).filter(({ kind }) => kind === 'begun');
      const crossedAt = begun.length === 0 ? null : Math.min(...begun.map(({ at }) => at));
      return foldVisit(this.#observationsOf(visitId), { now: this.#settings.clock.domainMs(), crossedAt });
    });
  }

  /** What is kept of a visit. */
  #observationsOf(visitId: string): readonly Observation[] {
    return (this.#visits.get(visitId) ?? []).flatMap((kept) =>
      kept.observations.filter(({ entity }) => this.#isKept(entity, kept)),
    );
  }

  #assertOpen(): void {
    assert(!this.#closed, 'nobody asks a closed store');
  }
}

/** Inside an identity there is nothing of somebody else's. */
function isOf(scope: HistoryScope, identityId: string | null): boolean {
  return !('identity' in scope) || identityId === null || identityId === scope.identity;
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}

function removeFrom(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key);
  set?.delete(value);
  if (set?.size === 0) sets.delete(key);
}

function firstGreater(sorted: readonly string[], id: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareCodePoints(sorted[middle] ?? '', id) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
