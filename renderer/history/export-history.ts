/** A visit or an identity with all that it holds, page by page from the REST API, as one JSON file or as CSV of one kind of record. */
import type { HistoryClient, HistoryQuery, Told } from '#renderer/history/history-client.ts';
import { formatCount } from '#renderer/view/format.ts';
import { joinCsv } from '#renderer/view/history-csv.ts';

export interface ExportSubject {
  readonly kind: 'visit' | 'identity';
  readonly id: string;
}

const ROOTS = { visit: 'visits', identity: 'identities' } as const;

/** What can be listed inside a subject, as the REST API names it. */
export const EXPORTED_LISTS = {
  visit: ['identities', 'sessions', 'pages', 'events', 'engagementattempts'],
  identity: ['visits', 'sessions', 'pages', 'events', 'engagementattempts'],
} as const;
export type ExportedList = (typeof EXPORTED_LISTS)[ExportSubject['kind']][number];

export const LIST_LABELS: Readonly<Record<ExportedList, string>> = {
  identities: 'identities',
  visits: 'visits',
  sessions: 'sessions',
  pages: 'pages',
  events: 'events',
  engagementattempts: 'engagement attempts',
};

export interface ExportProgress {
  /** How much was read so far, in words. */
  readonly onRead: (words: string) => void;
  readonly signal: AbortSignal;
}

const PAGE_SIZE = '1000';

/** `{ visit, identities, sessions, pages, events, engagementattempts }`, or of an identity with its insight. */
export async function exportJson(
  client: HistoryClient,
  subject: ExportSubject,
  progress: ExportProgress,
): Promise<string> {
  const path = [ROOTS[subject.kind], subject.id];
  const whole: Record<string, unknown> = {};
  const record = await client.get<unknown>(path, {}, progress.signal);
  whole[subject.kind] = record.value;
  if (subject.kind === 'identity') {
    whole['insight'] = (await client.get<unknown>([...path, 'insight'], {}, progress.signal)).value;
  }
  let count = 0;
  for (const list of EXPORTED_LISTS[subject.kind]) {
    const records: unknown[] = [];
    const read = (query: HistoryQuery): Promise<Told<unknown[]>> => client.get([...path, list], query, progress.signal);
    for await (const page of pagesOf(read)) {
      records.push(...page);
      count += page.length;
      progress.onRead(`${formatCount(count)} records`);
    }
    whole[list] = records;
  }
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** One header row, then all records of the list. */
export async function exportCsv(
  client: HistoryClient,
  subject: ExportSubject,
  list: ExportedList,
  { onRead, signal }: ExportProgress,
): Promise<string> {
  const path = [ROOTS[subject.kind], subject.id, list];
  const pages: string[] = [];
  for await (const page of pagesOf((query) => client.getCsv(path, query, signal))) {
    pages.push(page);
    onRead(`${formatCount(pages.length)} pages of up to ${PAGE_SIZE} records`);
  }
  return joinCsv(pages);
}

async function* pagesOf<T>(read: (query: HistoryQuery) => Promise<Told<T>>): AsyncGenerator<T> {
  let next: string | null = null;
  do {
    const told: Told<T> = await read({ page_size: PAGE_SIZE, ...(next === null ? {} : { paging_next: next }) });
    yield told.value;
    next = told.next;
  } while (next !== null);
}
