/** What a local Cassandra cluster is made of: its nodes with their addresses, tokens and data centers, and its ports. */
import type { Replication } from '#ports/store-choice.ts';

/** The same on every node, as drivers expect. */
export interface CassandraPorts {
  /** For clients. */
  readonly native: number;
  /** Between nodes, and the same encrypted. */
  readonly storage: number;
  readonly sslStorage: number;
}

/** `fast`: an acknowledged write is on the disk within 10 s. `durable`: before it is acknowledged. */
export type CassandraProfile = 'fast' | 'durable';

/** Numbers of nodes that fit on one machine: alone, a quorum that survives a loss, two data centers of two. */
export const NODE_COUNTS = [1, 3, 4] as const;
export type NodeCount = (typeof NODE_COUNTS)[number];

export interface CassandraOrder {
  readonly clusterName: string;
  readonly nodes: NodeCount;
  readonly profile: CassandraProfile;
  /** Nodes 1 and 2 in DC1, 3 and 4 in DC2. */
  readonly dataCenters: boolean;
  readonly ports: CassandraPorts;
  /** Of the Java heap of a node, MiB. */
  readonly heapMb: number;
}

export interface CassandraNode {
  /** From 1. */
  readonly number: number;
  readonly name: string;
  readonly address: string;
  /** Where its part of the ring begins. */
  readonly token: string;
  readonly dataCenter: string;
}

export interface CassandraLayout {
  readonly nodes: readonly CassandraNode[];
  /** Addresses that a starting node asks for the rest; one a data center at least (guide L1290). */
  readonly seeds: readonly string[];
  /** Of the keyspace that comes with the cluster: min(3, nodes), two in each of two data centers. */
  readonly replication: Replication;
}

const RING = 2n ** 64n;
const RING_START = -(2n ** 63n);
/** What SimpleSnitch calls the only one. */
const ONLY_DATA_CENTER = 'datacenter1';
/** Places in the ring of nodes 1 to 4 in two data centers: taken in turns, so that the replicas of each are spread evenly. */
const PLACES_OF_TWO_CENTERS = [0, 2, 1, 3];

export function layOutCluster({ nodes, dataCenters }: Pick<CassandraOrder, 'nodes' | 'dataCenters'>): CassandraLayout {
  const numbers = Array.from({ length: nodes }, (_, index) => index + 1);
  const all = numbers.map((number): CassandraNode => {
    const place = dataCenters ? (PLACES_OF_TWO_CENTERS[number - 1] ?? 0) : number - 1;
    return {
      number,
      name: `node-${number}`,
      address: `127.0.0.${number}`,
      token: String(RING_START + BigInt(place) * (RING / BigInt(nodes))),
      dataCenter: dataCenters ? `DC${number <= nodes / 2 ? 1 : 2}` : ONLY_DATA_CENTER,
    };
  });
  const seeds = all.filter(({ number }) => (dataCenters ? number % 2 === 1 : number <= 3));
  return {
    nodes: all,
    seeds: seeds.map(({ address }) => address),
    replication: dataCenters
      ? { strategy: 'NetworkTopologyStrategy', factors: { DC1: nodes / 2, DC2: nodes / 2 } }
      : { strategy: 'SimpleStrategy', factor: Math.min(3, nodes) },
  };
}
