/** Which stores an installation or a run has, and what a Cassandra must be told to be one. */

/** How the rows of a keyspace are spread over the nodes (guide L1268 to L1274). */
export type Replication =
  | { readonly strategy: 'SimpleStrategy'; readonly factor: number }
  /** Replicas by data center, each at least 1. */
  | { readonly strategy: 'NetworkTopologyStrategy'; readonly factors: Readonly<Record<string, number>> };

/** How many replicas must answer a write or a read of the store. */
export type StoreLevel = 'ONE' | 'LOCAL_ONE' | 'TWO' | 'THREE' | 'QUORUM' | 'LOCAL_QUORUM' | 'EACH_QUORUM' | 'ALL';

/** A Cassandra and the keyspace in it that holds everything. */
export interface CassandraChoice {
  readonly kind: 'cassandra';
  /** Hosts or addresses, or `host:port`; at least one. */
  readonly contactPoints: readonly string[];
  /** Where a contact point names none; that of all other nodes. */
  readonly port: number;
  readonly keyspace: string;
  /** What the keyspace is created with; one that is there keeps its own. */
  readonly replication: Replication;
  readonly write: StoreLevel;
  readonly read: StoreLevel;
}

export type StoreChoice = 'memory' | 'sqlite' | CassandraChoice;
