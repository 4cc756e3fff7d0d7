/**
 * The filters of the History REST API: which records a query asks for, by entity. They are exact, letter by letter; where texts are
 * people's (URL, title, location, user agent) a `*` stands for any text. `age` is no filter but where a listing ends.
 */
import type {
  EventRecord,
  IdentityRecord,
  PageRecord,
  SessionRecord,
  VisitRecord,
} from '#core/visits/history-records.ts';
import type { HistoryEntity } from '#ports/history.ts';
import { ALL_CATEGORIES, type HistoryQuery } from '#protocol/wire-history-query.ts';
import type { HistoryReader, RecordTest } from './history-reader.ts';

type Test<R> = (record: R) => boolean | Promise<boolean>;

/** Rows that are read to know an identity's user agents. */
const VISITS_OF_IDENTITY_MAX = 1_000;

const TESTS: {
  readonly [E in HistoryEntity]: (query: HistoryQuery, reader: HistoryReader) => readonly RecordTest<E>[];
} = {
  event: (query) => [
    ...given(query.eventName, (name) => (event: EventRecord) => event.eventName === name),
    ...given(query.eventType, (type) => (event: EventRecord) => event.eventType === type),
    ...given(query.globalVisitID, (id) => (event: EventRecord) => event.globalVisitID === id),
    ...testsOfPage(query),
  ],
  page: testsOfPage,
  visit: (query, reader) => [
    ...given(query.globalVisitID, (id) => (visit: VisitRecord) => visit.globalVisitID === id),
    ...given(query.userAgent, (pattern) => hasUserAgent(pattern, reader)),
  ],
  session: ({ identityId }) => given(identityId, (id) => (session: SessionRecord) => session.identityId === id),
  identity: (query, reader) => [
    ...given(query.location, (pattern) => {
      const fits = compilePattern(pattern);
      return ({ location }: IdentityRecord) => location !== null && fits(location);
    }),
    ...given(
      query.association,
      (association) =>
        ({ visitScope }: IdentityRecord) =>
          visitScope === association,
    ),
    ...given(query.userAgent, (pattern) => {
      const hasIt = hasUserAgent(pattern, reader);
      return ({ identityId }: IdentityRecord) => hasVisit(identityId, hasIt, reader);
    }),
  ],
  engagementattempt: () => [],
  useragent: () => [],
};

/** Null: all records pass. */
export function compileFilters<E extends HistoryEntity>(
  entity: E,
  query: HistoryQuery,
  reader: HistoryReader,
): RecordTest<E> | null {
  const tests = TESTS[entity](query, reader);
  if (tests.length === 0) return null;
  return async (record) => {
    for (const test of tests) if (!(await test(record))) return false;
    return true;
  };
}

/** `*` stands for any text, and nothing else for anything but itself. Linear in the text for each `*`. */
export function compilePattern(pattern: string): (text: string) => boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return (text) => text === pattern;
  return (text) => {
    if (!text.startsWith(head)) return false;
    let from = head.length;
    for (const part of rest) {
      const found = text.indexOf(part, from);
      if (found < 0) return false;
      from = found + part.length;
    }
    return text.length - from >= tail.length && text.endsWith(tail);
  };
}

/** Names of categories, as an event or page lists them. */
export function categoriesOf(category: string): readonly string[] {
  return category
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

type OnPage = Pick<PageRecord, 'url' | 'title' | 'category' | 'browserPageID'>;

function testsOfPage({ url, title, category, browserPageID }: HistoryQuery): readonly Test<OnPage>[] {
  return [
    ...given(browserPageID, (id) => (page: OnPage) => page.browserPageID === id),
    ...given(category, (name) => (page: OnPage) => {
      const names = categoriesOf(page.category);
      return name === ALL_CATEGORIES ? names.length > 0 : names.includes(name);
    }),
    ...given(url, (pattern) => {
      const fits = compilePattern(pattern);
      return (page: OnPage) => fits(page.url);
    }),
    ...given(title, (pattern) => {
      const fits = compilePattern(pattern);
      return (page: OnPage) => fits(page.title);
    }),
  ];
}

function hasUserAgent(pattern: string, reader: HistoryReader): Test<VisitRecord> {
  const fits = compilePattern(pattern);
  return async ({ userAgentID }) => {
    if (userAgentID === null) return false;
    if (userAgentID === pattern) return true;
    const raw = await reader.userAgent(userAgentID);
    return raw !== null && fits(raw);
  };
}

async function hasVisit(identity: string, test: Test<VisitRecord>, reader: HistoryReader): Promise<boolean> {
  const limits = { size: 1, rowsMax: VISITS_OF_IDENTITY_MAX };
  const { records } = await reader.read('visit', { identity }, {}, test, limits);
  return records.length > 0;
}

function given<R>(value: string | undefined, make: (value: string) => Test<R>): readonly Test<R>[] {
  return value === undefined ? [] : [make(value)];
}
