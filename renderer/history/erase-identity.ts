/** What an erasure would take, counted before, and that it has taken it, asked anew afterwards. Both by the REST API alone. */
import type { VisitResource } from '#protocol/wire-history.ts';
import { HistoryRefusal, type HistoryClient } from '#renderer/history/history-client.ts';

export interface IdentityCounts {
  readonly lists: readonly {
    readonly list: string;
    readonly count: number;
    /** There are more than were counted. */
    readonly isMore: boolean;
  }[];
  /** Those that were read, newest first. */
  readonly visitIds: readonly string[];
  /** Visits that go on: their next event would be written anew. */
  readonly openVisits: number;
}

export interface Proof {
  /** `visit A1` */
  readonly subject: string;
  readonly isGone: boolean;
  /** What the Backend said. */
  readonly words: string;
}

const COUNTED = ['visits', 'sessions', 'pages', 'events', 'engagementattempts'] as const;
const PAGE_SIZE = '1000';
/** Pages of a listing that are counted. */
const PAGES_MAX = 10;
/** Visits that are asked for afterwards, each by its id. */
const VISITS_PROVEN_MAX = 5;

export async function countIdentity(client: HistoryClient, identityId: string): Promise<IdentityCounts> {
  const visits: VisitResource[] = [];
  const lists = await Promise.all(
    COUNTED.map(async (list) => {
      let count = 0;
      let next: string | null = null;
      let pages = 0;
      do {
        const query: { page_size: string; paging_next?: string } = {
          page_size: PAGE_SIZE,
          ...(next === null ? {} : { paging_next: next }),
        };
        const told: { readonly value: unknown[]; readonly next: string | null } = await client.get<unknown[]>(
          ['identities', identityId, list],
          query,
        );
        // The listing of visits holds visits.
        if (list === 'visits') visits.push(...(told.value as VisitResource[]));
        count += told.value.length;
        next = told.next;
        pages += 1;
      } while (next !== null && pages < PAGES_MAX);
      return { list, count, isMore: next !== null };
    }),
  );
  return {
    lists,
    visitIds: visits.map(({ visitId }) => visitId),
    openVisits: visits.filter(({ endDate }) => endDate === 0).length,
  };
}

export function proveGone(
  client: HistoryClient,
  identityId: string,
  visitIds: readonly string[],
): Promise<readonly Proof[]> {
  return Promise.all([
    prove(client, ['identities', identityId], `identity ${identityId}`),
    prove(client, ['identities', identityId, 'visits'], `visits of ${identityId}`),
    ...visitIds.slice(0, VISITS_PROVEN_MAX).map((id) => prove(client, ['visits', id], `visit ${id}`)),
  ]);
}

async function prove(client: HistoryClient, path: readonly string[], subject: string): Promise<Proof> {
  try {
    await client.get(path);
    return { subject, isGone: false, words: 'it is there again: it goes on, and what came since was written anew' };
  } catch (error) {
    if (!(error instanceof HistoryRefusal)) throw error;
    return { subject, isGone: error.kind === 'unknown', words: error.message };
  }
}
