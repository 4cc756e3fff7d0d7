/** What the store was asked, as a person would ask it again: its path, and a line for curl without any secret. */
import { HISTORY_PATH } from '#protocol/history-names.ts';
import type { HistoryQuestion, PassageCredentials } from '#protocol/history-passage.ts';

/** `GET /visits/A1/events?page_size=200` */
export function formatQuestion({ method, path, query }: HistoryQuestion): string {
  const search = formatSearch(query);
  return `${method} /${path.map(encodeURIComponent).join('/')}${search}`;
}

/** For a POSIX shell. User, password and secret are to be put in by who has them. */
export function formatCurl(question: HistoryQuestion, backendUrl: string, credentials: PassageCredentials): string {
  const url = `${backendUrl}${HISTORY_PATH}/${question.path.map(encodeURIComponent).join('/')}${formatSearch(question.query)}`;
  return [
    'curl',
    ...CREDENTIALS[credentials],
    ...(question.method === 'GET' ? [] : ['-X', question.method]),
    quote(url),
  ].join(' ');
}

const CREDENTIALS: Readonly<Record<PassageCredentials, readonly string[]>> = {
  none: [],
  basic: ['-u', '"$ENGAGE_USER:$ENGAGE_PASSWORD"'],
  secret: ['-H', '"Authorization: Bearer $ENGAGE_SECRET"'],
};

function formatSearch(query: HistoryQuestion['query']): string {
  const search = new URLSearchParams(query).toString();
  return search === '' ? '' : `?${search}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
