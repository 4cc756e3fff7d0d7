/**
 * Which node a request asks for: the query parameter `alias` first (a Backend that calls a Frontend has no cookies), then the
 * cookie that the balancer set earlier. Pure, so that the whole table of the guide's "Sticky Sessions" is tested as one.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** The two clusters behind the balancer; also the first segment of their paths. */
export type PoolName = 'frontend' | 'backend';

/** Names as the guide has them; only the balancer sets them. */
const ROUTE_COOKIES: Readonly<Record<PoolName, string>> = { frontend: 'FRONTEND_ROUTEID', backend: 'ROUTEID' };

/** Node names that a request asks for, as written without the leading dot; undefined: not said. */
export interface WantedNodes {
  readonly alias: string | undefined;
  readonly cookie: string | undefined;
}

/** @param target the request's path with its query, as received. Says nothing about whether such a node exists. */
export function readWantedNodes(
  pool: PoolName,
  target: string,
  headers: Pick<IncomingHttpHeaders, 'cookie'>,
): WantedNodes {
  return { alias: readAlias(target), cookie: readCookie(headers.cookie ?? '', ROUTE_COOKIES[pool]) };
}

/** `Set-Cookie` of the chosen node: for all paths, unseen by scripts, a session's cookie as in the guide's samples. */
export function describeRouteCookie(pool: PoolName, node: string): string {
  return `${ROUTE_COOKIES[pool]}=.${node}; Path=/; HttpOnly; SameSite=Lax`;
}

function readAlias(target: string): string | undefined {
  const query = target.indexOf('?');
  if (query < 0) return undefined;
  return nodeName(new URLSearchParams(target.slice(query + 1)).get('alias') ?? '');
}

/** The first cookie of that name that says something, as Apache takes it. */
function readCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0 || pair.slice(0, equals).trim() !== name) continue;
    const node = nodeName(pair.slice(equals + 1).trim());
    if (node !== undefined) return node;
  }
  return undefined;
}

function nodeName(value: string): string | undefined {
  const name = value.startsWith('.') ? value.slice(1) : value;
  return name === '' ? undefined : name;
}
