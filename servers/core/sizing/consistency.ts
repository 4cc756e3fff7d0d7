/**
 * What a Cassandra cluster promises with N nodes, a replication factor and a consistency level each for writes and reads: the
 * arithmetic of the calculator that the guide points to (L1270), and what that one leaves out.
 */
import { assert, assertNever } from '../assert.ts';

/** The levels of the guide's calculator, for one data center. */
export const CONSISTENCY_LEVELS = ['ONE', 'TWO', 'THREE', 'QUORUM', 'ALL'] as const;
export type ConsistencyLevel = (typeof CONSISTENCY_LEVELS)[number];

export interface ReplicatedCluster {
  /** Nodes, an integer >= 1. */
  readonly nodes: number;
  /** Replicas of each row, an integer >= 1. */
  readonly replicationFactor: number;
  readonly write: ConsistencyLevel;
  readonly read: ConsistencyLevel;
}

export interface ClusterPromise {
  /** The replicas that there can be: never more than nodes. */
  readonly replicationFactor: number;
  /** Replicas that must answer a write, and a read. */
  readonly writeReplicas: number;
  readonly readReplicas: number;
  /** Every read sees the last acknowledged write: read and write replicas overlap. */
  readonly consistent: boolean;
  /** Levels that more replicas must answer than there are: each such request fails. */
  readonly unsatisfiable: readonly ('write' | 'read')[];
  /** Nodes that may be lost while every read and write still succeeds; below 0: not even now, see `unsatisfiable`. */
  readonly survivesWithoutImpact: number;
  /** Nodes that may be lost right after an acknowledgement without losing what was acknowledged. */
  readonly survivesWithoutLoss: number;
  /** The same once all replicas have the row. */
  readonly survivesOnceReplicated: number;
  /** Share of the data that each node holds. */
  readonly holdsShare: number;
}

/**
 * Consistent if R + W > RF; survived without impact RF - max(R, W), without loss W - 1, later RF - 1; each node holds RF / N
 * (storage notes, section 2.5). A level above RF can't be met, which the guide's calculator does not say.
 */
export function judgeCluster({ nodes, replicationFactor, write, read }: ReplicatedCluster): ClusterPromise {
  assert(Number.isInteger(nodes) && nodes >= 1, 'a cluster has at least one node');
  assert(Number.isInteger(replicationFactor) && replicationFactor >= 1, 'a row has at least one replica');
  const replicas = Math.min(replicationFactor, nodes);
  const writeReplicas = replicasOf(write, replicas);
  const readReplicas = replicasOf(read, replicas);
  const unsatisfiable = [
    ...(writeReplicas > replicas ? (['write'] as const) : []),
    ...(readReplicas > replicas ? (['read'] as const) : []),
  ];
  return {
    replicationFactor: replicas,
    writeReplicas,
    readReplicas,
    consistent: readReplicas + writeReplicas > replicas,
    unsatisfiable,
    survivesWithoutImpact: replicas - Math.max(readReplicas, writeReplicas),
    survivesWithoutLoss: writeReplicas - 1,
    survivesOnceReplicated: replicas - 1,
    holdsShare: replicas / nodes,
  };
}

/** Replicas that must answer at a level, of `replicas` that there are. QUORUM: floor(RF / 2) + 1. */
export function replicasOf(level: ConsistencyLevel, replicas: number): number {
  switch (level) {
    case 'ONE':
      return 1;
    case 'TWO':
      return 2;
    case 'THREE':
      return 3;
    case 'QUORUM':
      return quorumOf(replicas);
    case 'ALL':
      return replicas;
    default:
      return assertNever(level, 'consistency level');
  }
}

/** The smallest number of replicas of which any two sets overlap: floor(RF / 2) + 1. */
export function quorumOf(replicas: number): number {
  return Math.floor(replicas / 2) + 1;
}
