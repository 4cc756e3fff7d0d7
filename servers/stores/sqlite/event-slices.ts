/**
 * The time slices of a history file and the visits whose events lie in them: takes events in, once each, and finds where those of a
 * visit are. What is cached here is forgotten whenever a transaction fails.
 */
import type Database from 'better-sqlite3';
import type { VisitEvent } from '#core/visits/event.ts';
import { RESTAMP_MS_MAX, userAgentIdOf } from '#core/visits/history-observations.ts';
import type { HistorySettings } from '#ports/history.ts';
import { EventSlice, type SliceRow } from './event-slice.ts';
import { bodyOf, idKeyOf, kindOf, type EventRow } from './history-rows.ts';
import { createSliceTable, EVENT_KINDS, sliceMsOf } from './history-schema.ts';
import type { RetentionTerms } from './retention-terms.ts';

/** Visits that are remembered between puts. */
const KNOWN_VISITS_MAX = 20_000;

/** A visit by its number in the file. */
export interface FiledVisit {
  readonly no: number;
  readonly visitId: string;
}

interface KnownVisit extends FiledVisit {
  /** Slices and identities that are known to be noted of it. */
  readonly slices: Set<number>;
  readonly identities: Set<string>;
}

export class EventSlices {
  readonly #database: Database.Database;
  readonly #settings: HistorySettings;
  readonly #terms: RetentionTerms;
  readonly #sliceMs: number;
  /** By number; those on their way out are not here. */
  readonly #slices = new Map<number, EventSlice>();
  /** The same, newest first, made when asked for. */
  #newestFirst: readonly EventSlice[] | undefined;
  readonly #known = new Map<string, KnownVisit>();
  #lastVisit: KnownVisit | undefined;
  /** Slices of which the transaction under way has written. */
  readonly #written = new Set<EventSlice>();
  readonly #statements: ReturnType<typeof prepareAll>;
  #nextVisit = 0;

  constructor(database: Database.Database, settings: HistorySettings, terms: RetentionTerms) {
    this.#database = database;
    this.#settings = settings;
    this.#terms = terms;
    database
      .prepare('INSERT INTO form (slice_ms) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM form)')
      .run(sliceMsOf(terms.longestMs));
    this.#sliceMs = Number(database.prepare('SELECT slice_ms FROM form').pluck().get());
    this.#statements = prepareAll(database);
    this.forget();
  }

  /** Before the first of a transaction's events. */
  begin(): void {
    this.#written.clear();
    this.#lastVisit = undefined;
  }

  /** Takes an event in, unless it is there already. */
  take(event: VisitEvent, writtenAt: number): void {
    const number = sliceNumberOf(event.at, this.#sliceMs);
    const ms = event.at - number * this.#sliceMs;
    const key = idKeyOf(event.eventID);
    const slice = this.#sliceOf(number);
    if (slice.has(key, event.eventID) || this.#isBeside(event, number, ms, key)) return;
    const visit = this.#knownVisit(event.visitID);
    const kind = kindOf(event);
    const { current: terms, retention, longestMs } = this.#terms;
    const placed = { key, id: event.eventID, ms, kind };
    slice.insert(placed, visit.no, writtenAt + retention.event, terms, bodyOf(event));
    this.#written.add(slice);
    slice.writtenAt = Math.max(slice.writtenAt, writtenAt);
    slice.expiresAt = Math.max(slice.expiresAt, writtenAt + longestMs);
    this.#note(visit, slice, event);
    if (kind === EVENT_KINDS.VisitStarted) this.#noteUserAgent(event, writtenAt);
  }

  /** After the last of a transaction's events. */
  end(): void {
    for (const slice of this.#written) {
      slice.flush();
      this.#statements.written.run(slice.expiresAt, slice.writtenAt, slice.id);
    }
    if (this.#known.size <= KNOWN_VISITS_MAX) return;
    let tooMany = this.#known.size - KNOWN_VISITS_MAX / 2;
    for (const visitId of this.#known.keys()) {
      if (tooMany <= 0) break;
      tooMany -= 1;
      this.#known.delete(visitId);
    }
  }

  /** Reads everything anew: a transaction has failed, or rows of visits were deleted. */
  forget(): void {
    this.#known.clear();
    this.#written.clear();
    this.#newestFirst = undefined;
    const known = new Map([...this.#slices.values()].map((slice) => [slice.id, slice]));
    this.#slices.clear();
    for (const row of this.#statements.slices.all()) {
      const slice = known.get(row.id) ?? new EventSlice(this.#database, row, this.#sliceMs);
      slice.restart();
      this.#slices.set(row.number, slice);
    }
    this.#nextVisit = Number(this.#statements.lastVisit.get()) + 1;
  }

  /** The oldest that is not sealed and that no event is expected in, stamped anew or not. */
  toSeal(): EventSlice | undefined {
    const newest = this.all()[0];
    if (newest === undefined) return undefined;
    const expectedFrom = newest.number - Math.ceil(RESTAMP_MS_MAX / this.#sliceMs);
    return this.all().findLast((slice) => !slice.isSealed && slice.number < expectedFrom);
  }

  /** A pass over a slice that has begun at `at` is through. */
  thinned(slice: EventSlice, at: number): void {
    slice.thinnedAt = at;
    this.#statements.thinned.run(at, slice.id);
  }

  /** Visits may have been struck off. */
  forgetVisits(): void {
    this.#known.clear();
  }

  /** Newest first. */
  all(): readonly EventSlice[] {
    this.#newestFirst ??= [...this.#slices.values()].sort((a, b) => b.number - a.number);
    return this.#newestFirst;
  }

  /** Those with events of a visit, newest first. */
  of(visit: FiledVisit): readonly EventSlice[] {
    const ids = new Set(this.#statements.slicesOfVisit.all(visit.no));
    return this.all().filter(({ id }) => ids.has(id));
  }

  find(visitId: string): FiledVisit | null {
    const no = this.#statements.visit.get(visitId);
    return no === undefined ? null : { no, visitId };
  }

  /** A visit and what it went on as on other domains. */
  crossingsOf(browserVisitID: string): readonly FiledVisit[] {
    return this.#statements.crossings
      .all(browserVisitID, browserVisitID, browserVisitID)
      .filter(({ visit_id: id }) => id === browserVisitID || /^\.[0-9]+$/.test(id.slice(browserVisitID.length)))
      .map(({ no, visit_id: visitId }) => ({ no, visitId }));
  }

  /** Visits with an event that names the identity. */
  naming(identity: string): readonly FiledVisit[] {
    return this.#statements.naming.all(identity).map(({ no, visit_id: visitId }) => ({ no, visitId }));
  }

  /** The row of an event and its slice. */
  locate(eventID: string): { readonly row: EventRow; readonly slice: EventSlice } | null {
    for (const slice of this.all()) {
      const row = slice.byId(eventID);
      if (row !== undefined) return { row, slice };
    }
    return null;
  }

  /** It was stamped anew, and what it was before lies on the other side of a boundary. */
  #isBeside({ eventID }: VisitEvent, number: number, ms: number, key: number): boolean {
    if (ms >= RESTAMP_MS_MAX && ms + RESTAMP_MS_MAX < this.#sliceMs) return false;
    const first = Math.floor((ms - RESTAMP_MS_MAX) / this.#sliceMs);
    const last = Math.floor((ms + RESTAMP_MS_MAX) / this.#sliceMs);
    for (let away = first; away <= last; away += 1) {
      if (away !== 0 && this.#slices.get(number + away)?.has(key, eventID) === true) return true;
    }
    return false;
  }

  #sliceOf(number: number): EventSlice {
    const known = this.#slices.get(number);
    if (known !== undefined) return known;
    const id = Number(this.#statements.addSlice.run(number).lastInsertRowid);
    createSliceTable(this.#database, id, this.#settings.limitIndexing);
    const slice = new EventSlice(
      this.#database,
      { id, number, expires_at: 0, written_at: 0, thinned_at: 0, sealed: 0 },
      this.#sliceMs,
    );
    this.#slices.set(number, slice);
    this.#newestFirst = undefined;
    return slice;
  }

  #knownVisit(visitId: string): KnownVisit {
    // What comes together is mostly of one visit.
    if (this.#lastVisit?.visitId === visitId) return this.#lastVisit;
    this.#lastVisit = this.#known.get(visitId) ?? this.#file(visitId);
    return this.#lastVisit;
  }

  #file(visitId: string): KnownVisit {
    let no = this.#statements.visit.get(visitId);
    if (no === undefined) {
      no = this.#nextVisit;
      this.#nextVisit += 1;
      this.#statements.addVisit.run(no, visitId);
    }
    const visit: KnownVisit = { no, visitId, slices: new Set(), identities: new Set() };
    this.#known.set(visitId, visit);
    return visit;
  }

  #note(visit: KnownVisit, slice: EventSlice, { identity }: VisitEvent): void {
    if (!visit.slices.has(slice.id)) {
      visit.slices.add(slice.id);
      this.#statements.addVisitSlice.run(visit.no, slice.id);
    }
    if (identity === undefined || visit.identities.has(identity)) return;
    visit.identities.add(identity);
    this.#statements.addNaming.run(identity, visit.no);
  }

  #noteUserAgent({ data }: VisitEvent, writtenAt: number): void {
    const raw = data['userAgent'];
    if (typeof raw !== 'string' || raw === '') return;
    this.#statements.addUserAgent.run(userAgentIdOf(raw), raw, writtenAt + this.#terms.retention.useragent);
  }
}

/** Exact for all safe integers: where the division has been rounded up, the slice is the one before. */
function sliceNumberOf(at: number, sliceMs: number): number {
  const number = Math.floor(at / sliceMs);
  return number * sliceMs > at ? number - 1 : number;
}

interface VisitRow {
  readonly no: number;
  readonly visit_id: string;
}

function prepareAll(database: Database.Database) {
  return {
    slices: database.prepare<[], SliceRow>(
      'SELECT id, number, expires_at, written_at, thinned_at, sealed FROM slices WHERE number IS NOT NULL',
    ),
    addSlice: database.prepare<[number]>('INSERT INTO slices (number) VALUES (?)'),
    written: database.prepare<[number, number, number]>(
      'UPDATE slices SET expires_at = ?, written_at = ? WHERE id = ?',
    ),
    thinned: database.prepare<[number, number]>('UPDATE slices SET thinned_at = ? WHERE id = ?'),
    lastVisit: database.prepare<[], number>('SELECT coalesce(max(no), 0) FROM visits').pluck(),
    visit: database.prepare<[string], number>('SELECT no FROM visits WHERE visit_id = ?').pluck(),
    addVisit: database.prepare<[number, string]>('INSERT INTO visits (no, visit_id) VALUES (?, ?)'),
    addVisitSlice: database.prepare<[number, number]>(
      'INSERT INTO visit_slices (visit, slice) VALUES (?, ?) ON CONFLICT DO NOTHING',
    ),
    slicesOfVisit: database.prepare<[number], number>('SELECT slice FROM visit_slices WHERE visit = ?').pluck(),
    // '/' is the code point after '.': between them lie the visits that begin with the id and a dot.
    crossings: database.prepare<[string, string, string], VisitRow>(
      `SELECT no, visit_id FROM visits
       WHERE visit_id = ? OR (visit_id >= ? || '.' AND visit_id < ? || '/')`,
    ),
    naming: database.prepare<[string], VisitRow>(
      `SELECT visits.no, visit_id FROM identity_visits JOIN visits ON visits.no = visit WHERE identity = ?`,
    ),
    addNaming: database.prepare<[string, number]>(
      'INSERT INTO identity_visits (identity, visit) VALUES (?, ?) ON CONFLICT DO NOTHING',
    ),
    addUserAgent: database.prepare<[string, string, number]>(
      `INSERT INTO user_agents (id, raw, expires_at) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at`,
    ),
  };
}
