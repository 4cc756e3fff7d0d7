/** The newest of all visitors, or that the store keeps no index for such a list. */
import type { IdentityResource, VisitResource } from '#protocol/wire-history.ts';
import { HistoryRefusal, type HistoryClient } from '#renderer/history/history-client.ts';

export type Everybody =
  | {
      readonly kind: 'lists';
      readonly visits: readonly VisitResource[];
      readonly identities: readonly IdentityResource[];
    }
  | { readonly kind: 'notIndexed' };

const PAGE_SIZE = '50';

export async function askEverybody(client: HistoryClient, signal: AbortSignal): Promise<Everybody> {
  try {
    const [visits, identities] = await Promise.all([
      client.get<VisitResource[]>(['visits'], { page_size: PAGE_SIZE }, signal),
      client.get<IdentityResource[]>(['identities'], { page_size: PAGE_SIZE }, signal),
    ]);
    return { kind: 'lists', visits: visits.value, identities: identities.value };
  } catch (error) {
    if (error instanceof HistoryRefusal && error.kind === 'notIndexed') return { kind: 'notIndexed' };
    throw error;
  }
}
