/** All that is known of one visit: its record, who it was, and its pages, events, sessions and attempts as far as they were read. */
import type {
  EngagementAttemptResource,
  EventResource,
  IdentityResource,
  PageResource,
  SessionResource,
  UserAgentResource,
  VisitResource,
} from '#protocol/wire-history.ts';
import type { HistoryClient, HistoryRefusal } from '#renderer/history/history-client.ts';
import { Watch } from '#renderer/history/watch.ts';
import { extendListing, NOTHING_LISTED, renewListing, type GrownListing } from '#renderer/view/history-listing.ts';
import { marksOf, type StoryMark } from '#renderer/view/history-marks.ts';

export interface VisitKnown {
  /** null: not read yet, or there is none. */
  readonly visit: VisitResource | null;
  /** Why the last reading failed; null: it did not. */
  readonly refusal: HistoryRefusal | null;
  /** Before and after a crossing to another domain. */
  readonly neighbours: { readonly prev: string | null; readonly next: string | null };
  readonly identities: readonly IdentityResource[];
  readonly userAgent: UserAgentResource | null;
  readonly lists: VisitLists;
  /** Newest first. */
  readonly marks: readonly StoryMark[];
  /** There is more below. */
  readonly hasMore: boolean;
  readonly isReadingMore: boolean;
}

interface VisitLists {
  readonly pages: GrownListing<PageResource>;
  readonly events: GrownListing<EventResource>;
  readonly sessions: GrownListing<SessionResource>;
  readonly attempts: GrownListing<EngagementAttemptResource>;
}

const PAGE_SIZE = '200';

const NO_LISTS: VisitLists = {
  pages: NOTHING_LISTED,
  events: NOTHING_LISTED,
  sessions: NOTHING_LISTED,
  attempts: NOTHING_LISTED,
};

const NOTHING_KNOWN: VisitKnown = {
  visit: null,
  refusal: null,
  neighbours: { prev: null, next: null },
  identities: [],
  userAgent: null,
  lists: NO_LISTS,
  marks: [],
  hasMore: false,
  isReadingMore: false,
};

const IDS = {
  pages: ({ pageId }: PageResource) => pageId,
  events: ({ eventID }: EventResource) => eventID,
  sessions: ({ sessionId }: SessionResource) => sessionId,
  attempts: ({ engagementAttemptId }: EngagementAttemptResource) => engagementAttemptId,
} as const;

export class VisitWatch extends Watch<VisitKnown> {
  readonly #client: HistoryClient;
  readonly #path: readonly [string, string];

  constructor(client: HistoryClient, visitId: string) {
    super(NOTHING_KNOWN);
    this.#client = client;
    this.#path = ['visits', visitId];
  }

  /** The next page of each listing that has one. */
  readonly more = (): Promise<void> =>
    this.during(async (signal) => {
      this.set({ ...this.view(), isReadingMore: true });
      try {
        const { pages, events, sessions, attempts } = this.view().lists;
        const further = await Promise.all([
          this.#further('pages', pages, IDS.pages, signal),
          this.#further('events', events, IDS.events, signal),
          this.#further('sessions', sessions, IDS.sessions, signal),
          this.#further('engagementattempts', attempts, IDS.attempts, signal),
        ]);
        const [morePages, moreEvents, moreSessions, moreAttempts] = further;
        const lists = { pages: morePages, events: moreEvents, sessions: moreSessions, attempts: moreAttempts };
        this.set({ ...this.view(), ...shown(lists), refusal: null });
      } finally {
        this.set({ ...this.view(), isReadingMore: false });
      }
    }, 'wait');

  protected async read(signal: AbortSignal): Promise<void> {
    const { value: visit, link } = await this.#client.get<VisitResource>(this.#path, {}, signal);
    const known = this.view();
    const [pages, events, sessions, attempts, identities, userAgent] = await Promise.all([
      this.#newest<PageResource>('pages', signal),
      this.#newest<EventResource>('events', signal),
      this.#newest<SessionResource>('sessions', signal),
      this.#newest<EngagementAttemptResource>('engagementattempts', signal),
      this.#client.get<IdentityResource[]>([...this.#path, 'identities'], {}, signal),
      known.userAgent ?? this.#userAgent(visit, signal),
    ]);
    const { lists } = known;
    this.set({
      ...known,
      visit,
      refusal: null,
      neighbours: neighboursOf(link),
      identities: identities.value,
      userAgent,
      ...shown({
        pages: renewListing(lists.pages, pages, IDS.pages),
        events: renewListing(lists.events, events, IDS.events),
        sessions: renewListing(lists.sessions, sessions, IDS.sessions),
        attempts: renewListing(lists.attempts, attempts, IDS.attempts),
      }),
    });
  }

  protected refuse(view: VisitKnown, refusal: HistoryRefusal): VisitKnown {
    return refusal.kind === 'unknown' ? { ...NOTHING_KNOWN, refusal } : { ...view, refusal };
  }

  async #newest<T>(inside: string, signal: AbortSignal): Promise<GrownListing<T>> {
    const told = await this.#client.get<T[]>([...this.#path, inside], { page_size: PAGE_SIZE }, signal);
    return { items: told.value, next: told.next };
  }

  async #further<T>(
    inside: string,
    known: GrownListing<T>,
    idOf: (item: T) => string,
    signal: AbortSignal,
  ): Promise<GrownListing<T>> {
    if (known.next === null) return known;
    const query = { page_size: PAGE_SIZE, paging_next: known.next };
    const told = await this.#client.get<T[]>([...this.#path, inside], query, signal);
    return extendListing(known, { items: told.value, next: told.next }, idOf);
  }

  async #userAgent({ userAgentID }: VisitResource, signal: AbortSignal): Promise<UserAgentResource | null> {
    if (userAgentID === null) return null;
    const told = await this.#client.get<UserAgentResource>(['useragents', userAgentID], {}, signal);
    return told.value;
  }
}

function shown(lists: VisitLists): Pick<VisitKnown, 'lists' | 'marks' | 'hasMore'> {
  const { pages, events, sessions, attempts } = lists;
  return {
    lists,
    marks: marksOf({
      pages: pages.items,
      events: events.items,
      sessions: sessions.items,
      attempts: attempts.items,
    }),
    hasMore: [pages, events, sessions, attempts].some(({ next }) => next !== null),
  };
}

/** `</backend/data/visits/A1.2>; rel="next"` -> `A1.2`. */
export function neighboursOf(link: string | null): VisitKnown['neighbours'] {
  const find = (rel: string): string | null => {
    const path = new RegExp(`<[^>]*/visits/([^>/]+)>; rel="${rel}"`).exec(link ?? '')?.[1];
    return path === undefined ? null : decodeURIComponent(path);
  };
  return { prev: find('prev'), next: find('next') };
}
