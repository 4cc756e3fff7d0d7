/** What the methods of the History REST API answer, of a store's answers to the history's questions; without any HTTP. */
import { crossedVisitId } from '#core/visits/history-fold.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { PAGE_SIZE_DEFAULT, type HistoryQuery } from '#protocol/wire-history-query.ts';
import type { VisitRecord } from '#core/visits/history-records.ts';
import type { HistoryEntity, HistoryPlace, HistoryQuestions, HistoryRecords, HistoryScope } from '#ports/history.ts';
import { compileFilters } from './history-filters.ts';
import { INCLUDED_ROWS_MAX, readInclusions, showRecord, type ShownResource } from './history-inclusions.ts';
import { HistoryReader, type HistoryReading } from './history-reader.ts';
import { RESOURCE_KINDS, type Resources } from './history-resources.ts';
import type { KnownOfVisitor } from './visitor-insight.ts';

/** Rows that one request walks in search of what it asks for. */
const LISTING_ROWS_MAX = 10_000;
/** Rows of each kind that an insight counts. */
const INSIGHT_ROWS_MAX = 5_000;

export interface ListingQuestion<E extends HistoryEntity> {
  readonly entity: E;
  readonly scope: HistoryScope;
  readonly query: HistoryQuery;
  /** Where the page before ended; null: this is the first one. */
  readonly after: HistoryPlace | null;
  /** The Backend's clock, server ms. */
  readonly now: number;
}

export interface ListingAnswer<E extends HistoryEntity> {
  readonly resources: readonly Resources[E][];
  /** Where the next page begins; null: that was all. */
  readonly next: HistoryPlace | null;
  readonly cut: readonly string[];
}

/** Rejects with NOT_FOUND where there is no such visit or identity. */
export async function answerListing<E extends HistoryEntity>(
  questions: HistoryQuestions,
  { entity, scope, query, after, now }: ListingQuestion<E>,
): Promise<ListingAnswer<E>> {
  const reader = new HistoryReader(questions);
  const wanted = readInclusions(entity, query);
  const leave = wanted.size * INCLUDED_ROWS_MAX;
  const adapt = (await adapterOf(entity, scope, reader)) ?? ((record) => record);
  const filter = compileFilters(entity, query, reader);
  const { records, next } = await reader.read(
    entity,
    scope,
    { since: sinceOf(query, now), after: after ?? undefined },
    filter === null ? null : (record) => filter(adapt(record)),
    { size: Number(query.page_size ?? PAGE_SIZE_DEFAULT), rowsMax: LISTING_ROWS_MAX, leave },
  );
  if (records.length === 0 && next === null && after === null) await assertOwner(reader, scope);
  const shown: ShownResource<E>[] = [];
  let ends = next;
  for (const [index, record] of records.entries()) {
    const before = records[index - 1];
    if (before !== undefined && reader.rowsLeft < leave) {
      ends = RESOURCE_KINDS[entity].place(before);
      break;
    }
    shown.push(await showRecord(reader, entity, adapt(record), wanted));
  }
  return { resources: shown.map(({ resource }) => resource), next: ends, cut: shown.flatMap(({ cut }) => cut) };
}

/** Rejects with NOT_FOUND where there is none. */
export async function answerOne<E extends HistoryEntity>(
  questions: HistoryQuestions,
  entity: E,
  id: string,
  query: HistoryQuery,
): Promise<ShownResource<E>> {
  const reader = new HistoryReader(questions);
  const record = await reader.get(entity, id);
  if (record === null) throw notFound(entity, id);
  return showRecord(reader, entity, record, readInclusions(entity, query));
}

/** The visits that a visit came from and went on as, where it crossed from one domain to another; null: it did not. */
export async function answerCrossings(
  questions: HistoryQuestions,
  { visitId, globalVisitID }: Pick<VisitRecord, 'visitId' | 'globalVisitID'>,
): Promise<{ readonly prev: string | null; readonly next: string | null }> {
  const find = async (id: string | null): Promise<string | null> => {
    const visit = id === null ? null : await questions.get('visit', id);
    // Another browser's visit may be called alike.
    return visit?.globalVisitID === globalVisitID ? visit.visitId : null;
  };
  const [prev, next] = await Promise.all([find(visitIdBefore(visitId)), find(crossedVisitId(visitId))]);
  return { prev, next };
}

/** The other way round than `crossedVisitId`; null: there was no crossing. */
function visitIdBefore(visitId: string): string | null {
  const { browserVisitID = '', number } = /^(?<browserVisitID>.+)\.(?<number>[0-9]{1,6})$/s.exec(visitId)?.groups ?? {};
  if (number === undefined) return null;
  return Number(number) > 2 ? `${browserVisitID}.${Number(number) - 1}` : browserVisitID;
}

/** All that an insight is made of, as far as one request may read; null: there is no such identity. */
export async function readVisitor(questions: HistoryQuestions, identityId: string): Promise<KnownOfVisitor | null> {
  const scope = { identity: identityId };
  const identity = await questions.get('identity', identityId);
  if (identity === null) return null;
  const read = <E extends HistoryEntity>(entity: E): Promise<HistoryReading<E>> =>
    new HistoryReader(questions).read(entity, scope, {}, null, { size: INSIGHT_ROWS_MAX, rowsMax: INSIGHT_ROWS_MAX });
  const [visits, pages, attempts] = await Promise.all([read('visit'), read('page'), read('engagementattempt')]);
  return {
    identity,
    visits: visits.records,
    pages: pages.records,
    attempts: attempts.records,
    complete: [visits, pages, attempts].every(({ next }) => next === null),
  };
}

export function notFound(entity: HistoryEntity, id: string): OperatingError {
  return new OperatingError('NOT_FOUND', `there is no ${RESOURCE_KINDS[entity].title} ${JSON.stringify(id)}`);
}

function sinceOf({ age }: HistoryQuery, now: number): number | undefined {
  return age === undefined ? undefined : Math.floor(now) - Number(age) * 1_000;
}

async function assertOwner(reader: HistoryReader, scope: HistoryScope): Promise<void> {
  const [entity, id] =
    'visit' in scope
      ? (['visit', scope.visit] as const)
      : 'identity' in scope
        ? (['identity', scope.identity] as const)
        : ([null, ''] as const);
  if (entity !== null && (await reader.get(entity, id)) === null) throw notFound(entity, id);
}

type Adapter<E extends HistoryEntity> = (record: HistoryRecords[E]) => HistoryRecords[E];

/** Records that mean something else inside one visit. */
const IN_VISIT: {
  readonly [E in HistoryEntity]?: (visit: string, reader: HistoryReader) => Promise<Adapter<E>>;
} = {
  /** The association with this very visit, whatever others tell. */
  identity: async (visit, reader) => {
    const limits = { size: INCLUDED_ROWS_MAX, rowsMax: INCLUDED_ROWS_MAX };
    const { records } = await reader.read('session', { visit }, {}, null, limits);
    const authenticated = new Set(records.map(({ identityId }) => identityId));
    return (identity) => ({
      ...identity,
      visitScope: authenticated.has(identity.identityId) ? 'Authenticated' : 'Recognized',
    });
  },
};

async function adapterOf<E extends HistoryEntity>(
  entity: E,
  scope: HistoryScope,
  reader: HistoryReader,
): Promise<Adapter<E> | null> {
  const make = IN_VISIT[entity];
  return 'visit' in scope && make !== undefined ? make(scope.visit, reader) : null;
}
