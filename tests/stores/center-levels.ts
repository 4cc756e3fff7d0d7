/**
 * What the arithmetic of `core/sizing` foretells of a request to a keyspace in two data centers, and which replicas of a key are
 * alive, counted along the ring: what real nodes are compared with.
 */
import { judgeDataCenters, type LevelJudgement, type ReplicaNeed } from '#core/sizing/center-quorums.ts';
import { replicasOf } from '#core/sizing/consistency.ts';
import type { CassandraNode } from '#testbed/cassandra/cassandra-layout.ts';

export const CENTERS = ['DC1', 'DC2'] as const;
export type Center = (typeof CENTERS)[number];

/** Replicas, or live replicas, in each. */
export type ByCenter = Readonly<Record<Center, number>>;

export const CENTER_LEVELS = ['ONE', 'TWO', 'THREE', 'QUORUM', 'ALL', 'LOCAL_QUORUM', 'EACH_QUORUM'] as const;
export type CenterLevel = (typeof CENTER_LEVELS)[number];

/** As Cassandra says it: served, or refused with how many replicas it asks for and how many are alive where too few are. */
export type Answer = 'served' | `${number} asked, ${number} alive`;

/** The answers that a request may have whose client is in the data center `from`; several where replicas lack in both. */
export function foretell(level: CenterLevel, from: Center, replicas: ByCenter, alive: ByCenter): readonly Answer[] {
  const missing = needsOf(level, from, replicas).flatMap(({ dataCenter, needed }): Answer[] => {
    const there = CENTERS.filter((center) => dataCenter === null || center === dataCenter);
    const count = there.reduce((sum, center) => sum + alive[center], 0);
    // Cassandra 5.0 says 0 at EACH_QUORUM, however many there are.
    return count >= needed ? [] : [`${needed} asked, ${level === 'EACH_QUORUM' ? 0 : count} alive`];
  });
  return missing.length === 0 ? ['served'] : missing;
}

export function judgementsOf(replicas: ByCenter): readonly LevelJudgement[] {
  return judgeDataCenters(CENTERS.map((name) => ({ name, replicas: replicas[name] })));
}

function needsOf(
  level: CenterLevel,
  from: Center,
  replicas: ByCenter,
): readonly Pick<ReplicaNeed, 'dataCenter' | 'needed'>[] {
  const judged = judgementsOf(replicas).find((each) => each.level === level && (each.of === null || each.of === from));
  if (judged !== undefined) return judged.needs;
  if (level === 'LOCAL_QUORUM' || level === 'EACH_QUORUM') throw new Error(`${level} is judged by data centers`);
  return [{ dataCenter: null, needed: replicasOf(level, replicas.DC1 + replicas.DC2) }];
}

/**
 * The nodes that hold a key: from its token along the ring the first of each data center, as many as there are replicas. A node's
 * token is the last that is its own.
 */
export function holdersOf(
  token: bigint,
  nodes: readonly CassandraNode[],
  replicas: ByCenter,
): readonly CassandraNode[] {
  const ring = nodes.toSorted((one, other) => (BigInt(one.token) < BigInt(other.token) ? -1 : 1));
  const first = Math.max(
    0,
    ring.findIndex((node) => BigInt(node.token) >= token),
  );
  const onwards = [...ring.slice(first), ...ring.slice(0, first)];
  return CENTERS.flatMap((center) =>
    onwards.filter(({ dataCenter }) => dataCenter === center).slice(0, replicas[center]),
  );
}

export function countByCenter(nodes: readonly CassandraNode[]): ByCenter {
  const count = (center: Center): number => nodes.filter(({ dataCenter }) => dataCenter === center).length;
  return { DC1: count('DC1'), DC2: count('DC2') };
}
