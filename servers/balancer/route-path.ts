/**
 * Which cluster a request's path belongs to. Anything that could be read as another path by the node behind (dot segments,
 * doubled or hidden slashes) belongs to none, so that `/link` and `/store` can't be reached through the balancer.
 */
import type { PoolName } from '#balancer/stickiness.ts';

const PREFIX = /^\/(frontend|backend)\//;
/** `//`, `\`, control characters, `.` and `..` as segments, and all of them percent-encoded. */
const AMBIGUOUS = /\/\/|\\|[^\x21-\x7e]|%2f|%5c|%00|(?:\/|^)(?:\.|%2e){1,2}(?:\/|$)/i;

/** @param target the request's path with its query, as received. */
export function routePath(target: string): PoolName | undefined {
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  if (AMBIGUOUS.test(path)) return undefined;
  const prefix = PREFIX.exec(path)?.[1];
  return prefix === 'frontend' || prefix === 'backend' ? prefix : undefined;
}
