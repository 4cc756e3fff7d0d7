/** The methods of the History REST API as a table: path, what it answers, and the parameters that it knows. */
import type { HistoryEntity, HistoryScope } from '#ports/history.ts';
import type { HistoryParameter } from '#protocol/wire-history-query.ts';
import { inclusionParameters } from './history-inclusions.ts';

/** A listing of everybody's needs full indexing. */
type ListingOf = 'visit' | 'identity' | 'everybody';

export interface ListingMethod {
  /** Below `HISTORY_PATH`. */
  readonly path: string;
  readonly entity: HistoryEntity;
  readonly of: ListingOf;
  readonly parameters: readonly HistoryParameter[];
}

export interface SingleMethod {
  readonly path: string;
  readonly entity: HistoryEntity;
  readonly parameters: readonly HistoryParameter[];
}

const PAGING: readonly HistoryParameter[] = ['page_size', 'paging_next', 'format'];
const OF_PAGES: readonly HistoryParameter[] = ['age', 'url', 'title', 'category', 'browserPageID'];
const OF_EVENTS: readonly HistoryParameter[] = [...OF_PAGES, 'eventName', 'eventType', 'globalVisitID'];
const OF_VISITS: readonly HistoryParameter[] = ['age', 'globalVisitID', 'userAgent'];

const PLURALS: { readonly [E in HistoryEntity]: string } = {
  event: 'events',
  page: 'pages',
  session: 'sessions',
  visit: 'visits',
  identity: 'identities',
  engagementattempt: 'engagementattempts',
  useragent: 'useragents',
};

export const LISTINGS: readonly ListingMethod[] = [
  listing('everybody', 'identity', ['location', 'userAgent']),
  listing('everybody', 'visit', OF_VISITS),
  listing('everybody', 'event', OF_EVENTS),
  listing('identity', 'visit', OF_VISITS),
  listing('identity', 'session', ['age']),
  listing('identity', 'page', OF_PAGES),
  listing('identity', 'event', OF_EVENTS),
  listing('identity', 'engagementattempt', ['age']),
  listing('visit', 'identity', ['association']),
  listing('visit', 'session', ['age', 'identityId']),
  listing('visit', 'page', OF_PAGES),
  listing('visit', 'event', OF_EVENTS),
  listing('visit', 'engagementattempt', ['age']),
];

export const SINGLES: readonly SingleMethod[] = (
  ['identity', 'visit', 'session', 'page', 'event', 'engagementattempt', 'useragent'] as const
).map((entity) => ({
  path: `/${PLURALS[entity]}/:id`,
  entity,
  parameters: inclusionParameters(entity),
}));

/** What a listing looks through, by its path's id. */
export function scopeOf(of: ListingOf, id: string): HistoryScope {
  if (of === 'everybody') return { all: true };
  return of === 'visit' ? { visit: id } : { identity: id };
}

function listing(of: ListingOf, entity: HistoryEntity, filters: readonly HistoryParameter[]): ListingMethod {
  const owner = of === 'everybody' ? '' : `/${PLURALS[of]}/:id`;
  return {
    path: `${owner}/${PLURALS[entity]}`,
    entity,
    of,
    parameters: [...filters, ...inclusionParameters(entity), ...PAGING],
  };
}
