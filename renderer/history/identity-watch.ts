/** All that is known of one identity: its record, insight into it, and its visits as far as they were read. */
import type { EngagementAttemptResource, IdentityResource, Insight, VisitResource } from '#protocol/wire-history.ts';
import type { HistoryClient, HistoryRefusal } from '#renderer/history/history-client.ts';
import { Watch } from '#renderer/history/watch.ts';
import { extendListing, NOTHING_LISTED, renewListing, type GrownListing } from '#renderer/view/history-listing.ts';

export interface IdentityKnown {
  /** null: not read yet, or there is none. */
  readonly identity: IdentityResource | null;
  readonly insight: Insight | null;
  /** Newest first. */
  readonly visits: GrownListing<VisitResource>;
  /** The newest attempts to engage him. */
  readonly attempts: readonly EngagementAttemptResource[];
  readonly isReadingMore: boolean;
  /** Why the last reading failed; null: it did not. */
  readonly refusal: HistoryRefusal | null;
}

const PAGE_SIZE = '100';

const NOTHING_KNOWN: IdentityKnown = {
  identity: null,
  insight: null,
  visits: NOTHING_LISTED,
  attempts: [],
  isReadingMore: false,
  refusal: null,
};

const idOf = ({ visitId }: VisitResource): string => visitId;

export class IdentityWatch extends Watch<IdentityKnown> {
  readonly #client: HistoryClient;
  readonly #path: readonly [string, string];

  constructor(client: HistoryClient, identityId: string) {
    super(NOTHING_KNOWN);
    this.#client = client;
    this.#path = ['identities', identityId];
  }

  /** Earlier visits. */
  readonly more = (): Promise<void> =>
    this.during(async (signal) => {
      const { visits } = this.view();
      if (visits.next === null) return;
      this.set({ ...this.view(), isReadingMore: true });
      try {
        const query = { page_size: PAGE_SIZE, paging_next: visits.next };
        const told = await this.#client.get<VisitResource[]>([...this.#path, 'visits'], query, signal);
        const page = { items: told.value, next: told.next };
        this.set({ ...this.view(), visits: extendListing(visits, page, idOf), refusal: null });
      } finally {
        this.set({ ...this.view(), isReadingMore: false });
      }
    }, 'wait');

  protected async read(signal: AbortSignal): Promise<void> {
    const [identity, insight, visits, attempts] = await Promise.all([
      this.#client.get<IdentityResource>(this.#path, {}, signal),
      this.#client.get<Insight>([...this.#path, 'insight'], {}, signal),
      this.#client.get<VisitResource[]>([...this.#path, 'visits'], { page_size: PAGE_SIZE }, signal),
      this.#client.get<EngagementAttemptResource[]>(
        [...this.#path, 'engagementattempts'],
        { page_size: PAGE_SIZE },
        signal,
      ),
    ]);
    const known = this.view();
    const page = { items: visits.value, next: visits.next };
    this.set({
      ...known,
      identity: identity.value,
      insight: insight.value,
      visits: renewListing(known.visits, page, idOf),
      attempts: attempts.value,
      refusal: null,
    });
  }

  protected refuse(view: IdentityKnown, refusal: HistoryRefusal): IdentityKnown {
    return refusal.kind === 'unknown' ? { ...NOTHING_KNOWN, refusal } : { ...view, refusal };
  }
}
