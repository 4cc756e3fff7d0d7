/** Whether a consistency level can ever be met: a store where it can't refuses to start, instead of failing every request. */
import { quorumOf } from '#core/sizing/consistency.ts';
import { assertNever } from '#core/assert.ts';
import type { Replication, StoreLevel } from '#ports/store-choice.ts';

export interface KnownNodes {
  /** All nodes that belong to the cluster, also those that are down, by data center. */
  readonly nodes: Readonly<Record<string, number>>;
  /** Where the client is. */
  readonly local: string;
}

/** Replicas that a level asks for, out of those that there can be; of one data center where it is named. */
interface Need {
  readonly needed: number;
  readonly possible: number;
  readonly dataCenter: string | null;
}

/** Why requests at `level` fail even with all nodes up, as a sentence without a full stop; null: they need not. */
export function describeImpossible(replication: Replication, known: KnownNodes, level: StoreLevel): string | null {
  const failing = listNeeds(replication, known, level).find(({ needed, possible }) => possible < needed);
  if (failing === undefined) return null;
  const { needed, possible, dataCenter } = failing;
  const where = dataCenter === null ? '' : ` in data center ${dataCenter}`;
  return (
    `${level} with ${describeReplication(replication)} asks for ${needed} replicas${where}, and there can be ${possible}: ` +
    'take a smaller replication factor, or more nodes'
  );
}

/** As Cassandra counts: a quorum is of the replicas that the keyspace wants, however many nodes there are. */
function listNeeds(replication: Replication, { nodes, local }: KnownNodes, level: StoreLevel): readonly Need[] {
  const centers = listCenters(replication, nodes, local);
  const wanted = sum(centers.map((center) => center.wanted));
  const possible = sum(centers.map((center) => center.possible));
  const own = centers.find(({ name }) => name === local) ?? { name: local, wanted: 0, possible: 0 };
  const anywhere = (needed: number): readonly Need[] => [{ needed, possible, dataCenter: null }];
  switch (level) {
    case 'ONE':
      return anywhere(1);
    case 'TWO':
      return anywhere(2);
    case 'THREE':
      return anywhere(3);
    case 'QUORUM':
      return anywhere(quorumOf(wanted));
    case 'ALL':
      return anywhere(wanted);
    case 'LOCAL_ONE':
      return [{ needed: 1, possible: own.possible, dataCenter: local }];
    case 'LOCAL_QUORUM':
      return [{ needed: quorumOf(own.wanted), possible: own.possible, dataCenter: local }];
    case 'EACH_QUORUM':
      return centers.map((center) => ({
        needed: quorumOf(center.wanted),
        possible: center.possible,
        dataCenter: center.name,
      }));
    default:
      return assertNever(level, 'consistency level');
  }
}

interface Center {
  readonly name: string;
  readonly wanted: number;
  readonly possible: number;
}

/** SimpleStrategy knows no data centers: all nodes are one, the client's. */
function listCenters(replication: Replication, nodes: KnownNodes['nodes'], local: string): readonly Center[] {
  if (replication.strategy === 'SimpleStrategy') {
    const possible = Math.min(replication.factor, sum(Object.values(nodes)));
    return [{ name: local, wanted: replication.factor, possible }];
  }
  return Object.entries(replication.factors).map(([name, wanted]) => ({
    name,
    wanted,
    possible: Math.min(wanted, nodes[name] ?? 0),
  }));
}

export function describeReplication(replication: Replication): string {
  if (replication.strategy === 'SimpleStrategy') return `replication factor ${replication.factor}`;
  return `replicas ${Object.entries(replication.factors)
    .map(([name, factor]) => `${name}:${factor}`)
    .join(', ')}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
