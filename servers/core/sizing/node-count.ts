/**
 * How many servers a load needs: enough for the load, one more so that any one may fail (N+1), and never less than the guide's
 * minimum ("Minimum Solution Size"; with separate balancers "Sample Configurations": two Frontends and three Backends).
 */
import type { Load } from './load.ts';

export const WEB_ENGAGEMENT_SERVERS_MIN = 2;
export const FRONTENDS_MIN = 2;
export const BACKENDS_MIN = 3;
export const CASSANDRA_NODES_MIN = 3;
/** N+1. */
export const SPARE_NODES = 1;

export interface NodeCount {
  /** Frontend Servers behind their own balancer: they take every request of a browser. */
  readonly frontends: number;
  /** Backend Servers behind theirs: they store every event. */
  readonly backends: number;
  /** Nodes with a Frontend and a Backend each, where the two are not kept apart. */
  readonly webEngagementServers: number;
  readonly cassandra: number;
}

/**
 * `requestsPerNode`: requests/s of one server. `cassandraNodes`: as planned, or null for the fewest that hold
 * `replicationFactor` copies.
 */
export function countNodes(
  load: Load,
  requestsPerNode: number,
  replicationFactor: number,
  cassandraNodes: number | null,
): NodeCount {
  const servers = (perSecond: number): number => Math.ceil(perSecond / requestsPerNode) + SPARE_NODES;
  return {
    frontends: Math.max(FRONTENDS_MIN, servers(load.requestsPerSecond)),
    backends: Math.max(BACKENDS_MIN, servers(load.eventsPerSecond)),
    webEngagementServers: Math.max(WEB_ENGAGEMENT_SERVERS_MIN, servers(load.requestsPerSecond)),
    cassandra: Math.max(CASSANDRA_NODES_MIN, cassandraNodes ?? replicationFactor),
  };
}
