/** The records of a folded visit where they stand in listings, and whose they are. */
import type { FoldedVisit } from '#core/visits/history-fold.ts';
import type { Placed } from '#core/visits/history-order.ts';
import type { HistoryRecords } from '#core/visits/history-records.ts';

/** Entities of which a folded visit has the records. */
export type EntityOfVisit = 'visit' | 'page' | 'session' | 'useragent';

export interface OwnedRecord<T> extends Placed<T> {
  /** Who the visitor was known as; null: nobody, or it does not tell. */
  readonly identityId: string | null;
}

type Tables = {
  readonly [E in EntityOfVisit]: (folded: FoldedVisit) => readonly OwnedRecord<HistoryRecords[E]>[];
};

const TABLES: Tables = {
  visit: ({ visit: record }) =>
    record === null ? [] : [{ at: record.startDate, id: record.visitId, identityId: null, record }],
  page: ({ pages }) =>
    pages.map(({ record, identityId }) => ({ at: record.startDate, id: record.pageId, identityId, record })),
  session: ({ sessions }) =>
    sessions.map((record) => ({
      at: record.startDate,
      id: record.sessionId,
      identityId: record.identityId,
      record,
    })),
  useragent: ({ userAgents }) =>
    userAgents.map((record) => ({ at: 0, id: record.userAgentID, identityId: null, record })),
};

/** In no order. */
export function recordsOfVisit<E extends EntityOfVisit>(
  entity: E,
  folded: FoldedVisit,
): readonly OwnedRecord<HistoryRecords[E]>[] {
  return TABLES[entity](folded);
}
