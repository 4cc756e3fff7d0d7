/**
 * Which requests of an access log are page views: those that a tracker in the page would have told. Everything else is counted
 * by the reason for which it is none.
 */
import type { LogLine } from './log-line.ts';

/** Why a request is no page view, in the order in which it is asked. */
export const NO_PAGE_REASONS = ['request', 'method', 'status', 'target', 'feed', 'file'] as const;
export type NoPageReason = (typeof NO_PAGE_REASONS)[number];

/** Each reason as a report says it. */
export const NO_PAGE_PHRASES: Readonly<Record<NoPageReason, string>> = {
  request: 'no HTTP request',
  method: 'not GET',
  status: 'not successful',
  target: 'not a path',
  feed: 'feeds',
  file: 'files (images, style sheets, scripts, downloads)',
};

export interface HttpRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
}

/** Undefined where the request is none of HTTP: a lost connection (`-`), or bytes of another protocol. */
export function parseRequest(request: string): HttpRequest | undefined {
  const found = /^([A-Z]+) (\S.*?)(?: HTTP\/\d\.\d)?$/.exec(request);
  return found === null ? undefined : { method: found[1] ?? '', target: found[2] ?? '' };
}

/** Path of a target, without its query. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}

/** The target of a page view, or why it is none. */
export function findPage(line: LogLine): { readonly target: string } | { readonly reason: NoPageReason } {
  const request = parseRequest(line.request);
  if (request === undefined) return { reason: 'request' };
  const { method, target } = request;
  if (method !== 'GET') return { reason: 'method' };
  if ((line.status < 200 || line.status > 299) && line.status !== 304) return { reason: 'status' };
  if (!target.startsWith('/')) return { reason: 'target' };
  const path = pathOf(target);
  if (isFeed(path, target.slice(path.length))) return { reason: 'feed' };
  return isFile(path) ? { reason: 'file' } : { target };
}

const FEED_PATH = /(?:\.(?:rss|atom|rdf)|\/(?:feed|feeds|rss|rss2|atom))\/?$/i;
const FEED_QUERY = /[?&](?:flav|flavour|format|feed|type|alt|output)=(?:rss[\d.]*|atom[\d.]*|rdf|feed)(?:&|$)/i;

function isFeed(path: string, query: string): boolean {
  return FEED_PATH.test(path) || FEED_QUERY.test(query);
}

const ENDING = /\.([a-z][a-z0-9]*)$/i;
const PAGE_ENDINGS = new Set(
  'htm html xhtml shtml php php3 php4 php5 phtml asp aspx ashx jsp jspx jsf do action faces cfm cgi pl mvc'.split(' '),
);

/** Its name has an ending that is no page's. An ending that begins with a digit is part of a name, as in `xdotool-2.20110530`. */
function isFile(path: string): boolean {
  const ending = ENDING.exec(path.slice(path.lastIndexOf('/') + 1))?.[1];
  return ending !== undefined && !PAGE_ENDINGS.has(ending.toLowerCase());
}
