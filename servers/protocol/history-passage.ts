/**
 * How the screen asks for the history of a live run: one question for the History REST API of its Backends (docs/history-rest.md), which
 * the host passes on. What may be asked is listed here; what is answered is the Backend's own.
 */

/** GET, or DELETE of an identity; ids stand in the path as they are, not encoded. */
export interface HistoryQuestion {
  readonly method: 'GET' | 'DELETE';
  /** Parts below `/backend/data`, as `['visits', 'A1', 'events']`. */
  readonly path: readonly string[];
  readonly query: Readonly<Partial<Record<PassageParameter, string>>>;
}

/** Query parameters that are passed on. */
export const PASSAGE_PARAMETERS = [
  'page_size',
  'paging_next',
  'format',
  'age',
  'eventName',
  'eventType',
  'category',
  'url',
  'title',
] as const;
export type PassageParameter = (typeof PASSAGE_PARAMETERS)[number];

/** What is listed of all visitors. */
export const PASSAGE_LISTINGS: readonly string[] = ['identities', 'visits', 'events'];

/** What is got by its id, and what is listed inside it. */
export const PASSAGE_RECORDS: Readonly<Record<string, readonly string[]>> = {
  identities: ['visits', 'sessions', 'pages', 'events', 'engagementattempts', 'insight'],
  visits: ['identities', 'sessions', 'pages', 'events', 'engagementattempts'],
  sessions: [],
  pages: [],
  events: [],
  engagementattempts: [],
  useragents: [],
};

/** How a Backend wants to know who asks. */
export type PassageCredentials = 'none' | 'basic' | 'secret';

/**
 * The host answers 200 with this whatever a Backend said: that there is no such visit, or that nobody answers, is news for the screen and
 * no failure of the host.
 */
export type HistoryAnswer =
  | {
      readonly outcome: 'answered';
      readonly status: number;
      /** JSON, or CSV where that was asked for. */
      readonly body: string;
      /** Headers of the answer; null: it had none. */
      readonly pagingNext: string | null;
      readonly includeTruncated: string | null;
      readonly link: string | null;
      /** Who answered, and where to ask him without the screen. */
      readonly backend: string;
      readonly url: string;
      readonly credentials: PassageCredentials;
      /** From the question to the whole answer, ms, those before it included. */
      readonly tookMs: number;
      /** Backends that were asked before, in vain. */
      readonly unanswered: readonly string[];
    }
  | { readonly outcome: 'unanswered'; readonly message: string; readonly unanswered: readonly string[] };
