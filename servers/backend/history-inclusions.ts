/**
 * What `include_x` and `include_x_detail` add to a resource: the lists of what an identity, a visit, a session or a page holds. A list
 * that is longer than one request reads is cut, and said to be.
 */
import type { HistoryEntity, HistoryRecords, HistoryScope } from '#ports/history.ts';
import type { HistoryParameter, HistoryQuery } from '#protocol/wire-history-query.ts';
import type { HistoryReader, RecordTest } from './history-reader.ts';
import {
  RESOURCE_KINDS,
  type Included,
  type IncludedLists,
  type Inclusion,
  type Resources,
} from './history-resources.ts';

/** Rows that are read for one included list. */
export const INCLUDED_ROWS_MAX = 1_000;

export type WantedInclusions = ReadonlyMap<Inclusion, 'ids' | 'resources'>;

export interface ShownResource<E extends HistoryEntity> {
  readonly resource: Resources[E];
  /** `<id>/<list>` of each list that was cut. */
  readonly cut: readonly string[];
}

/** The lists of a record are what the store lists of `scope`, and of a session what passes its tests. */
interface ListSource {
  readonly scope: HistoryScope;
  readonly since?: number;
  readonly page?: RecordTest<'page'>;
  readonly event?: RecordTest<'event'>;
}

const SOURCES: { readonly [E in HistoryEntity]: ((record: HistoryRecords[E]) => ListSource) | null } = {
  identity: ({ identityId }) => ({ scope: { identity: identityId } }),
  visit: ({ visitId }) => ({ scope: { visit: visitId } }),
  page: ({ pageId }) => ({ scope: { page: pageId } }),
  session: ({ sessionId, visitId, identityId, startDate, endDate }) => ({
    scope: { visit: visitId },
    since: startDate,
    page: (page) => page.sessionId === sessionId,
    // At the very moment of its end, the next one's SignIn says whose it is.
    event: (event) =>
      (event.identityId === null || event.identityId === identityId) &&
      (endDate === 0 || event.serverTimestamp <= endDate),
  }),
  event: null,
  engagementattempt: null,
  useragent: null,
};

/** The parameters by which a resource can be asked to include something. */
export function inclusionParameters(entity: HistoryEntity): readonly HistoryParameter[] {
  return RESOURCE_KINDS[entity].inclusions.flatMap((inclusion): readonly HistoryParameter[] => [
    `include_${inclusion}`,
    `include_${inclusion}_detail`,
  ]);
}

/** Detail alone includes nothing. */
export function readInclusions(entity: HistoryEntity, query: HistoryQuery): WantedInclusions {
  const wanted = new Map<Inclusion, 'ids' | 'resources'>();
  for (const inclusion of RESOURCE_KINDS[entity].inclusions) {
    if (query[`include_${inclusion}`] !== 'true') continue;
    wanted.set(inclusion, query[`include_${inclusion}_detail`] === 'true' ? 'resources' : 'ids');
  }
  return wanted;
}

export async function showRecord<E extends HistoryEntity>(
  reader: HistoryReader,
  entity: E,
  record: HistoryRecords[E],
  wanted: WantedInclusions,
): Promise<ShownResource<E>> {
  const { show, place } = RESOURCE_KINDS[entity];
  const source = SOURCES[entity]?.(record);
  if (source === undefined || wanted.size === 0) return { resource: show(record, {}), cut: [] };
  const cut: string[] = [];
  const read = async <I extends 'visit' | 'session' | 'page' | 'event'>(
    inclusion: Inclusion,
    included: I,
    test: RecordTest<I> | undefined,
  ): Promise<Included<Resources[I]> | null> => {
    const as = wanted.get(inclusion);
    if (as === undefined) return null;
    const { scope, since } = source;
    const limits = { size: INCLUDED_ROWS_MAX, rowsMax: INCLUDED_ROWS_MAX };
    const { records, next } = await reader.read(included, scope, { since }, test ?? null, limits);
    if (next !== null) cut.push(`${place(record).id}/${inclusion}`);
    const kind = RESOURCE_KINDS[included];
    return as === 'ids'
      ? { ids: records.map((one) => kind.place(one).id), resources: null }
      : { ids: null, resources: records.map((one) => kind.show(one, {})) };
  };
  const [visits, sessions, pages, events] = await Promise.all([
    read('visits', 'visit', undefined),
    read('sessions', 'session', undefined),
    read('pages', 'page', source.page),
    read('events', 'event', source.event),
  ]);
  const lists: IncludedLists = { visits, sessions, pages, events };
  return { resource: show(record, lists), cut };
}
