/**
 * The right to erasure over both stores. The contact center's rows go first: which visits they are found by is the history's to
 * know, so that an erasure that failed half-way can be repeated.
 */
import type { Erasure, HistoryPlace } from '#ports/history.ts';
import type { HistoryStore, Stores } from '#ports/stores.ts';

const PAGE = 1_000;

export async function eraseIdentity({ history, operations }: Stores, identityId: string): Promise<Erasure> {
  const visits = await listVisits(history, identityId);
  const { erased, inProgress } = await operations.erase({ identityId, visits });
  return { erased: { ...(await history.erase(identityId)), ...erased }, inProgress };
}

async function listVisits(history: HistoryStore, identityId: string): Promise<readonly string[]> {
  const visits: string[] = [];
  let after: HistoryPlace | undefined;
  do {
    const range = { limit: PAGE, ...(after === undefined ? {} : { after }) };
    const { records, next } = await history.list('visit', { identity: identityId }, range);
    visits.push(...records.map(({ visitId }) => visitId));
    after = next ?? undefined;
  } while (after !== undefined);
  return visits;
}
