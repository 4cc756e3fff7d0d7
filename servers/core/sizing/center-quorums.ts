/**
 * Which QUORUM levels work with so many replicas in each data center: the guide's rule (L1283 to L1287) beside Cassandra's own
 * arithmetic, which allow and forbid different things.
 */
import { assert } from '../assert.ts';
import { quorumOf } from './consistency.ts';

export interface DataCenter {
  readonly name: string;
  /** Replicas of each row in it, an integer >= 0. */
  readonly replicas: number;
}

export interface LevelJudgement {
  readonly level: 'LOCAL_QUORUM' | 'QUORUM' | 'EACH_QUORUM';
  /** The data center that LOCAL_QUORUM's clients are in; null with the other levels. */
  readonly of: string | null;
  /** Whether the guide calls it working; null: no replica in that data center, of which the guide does not speak. */
  readonly guide: boolean | null;
  /** Replicas that must answer, by data center; the whole cluster's under the name null. */
  readonly needs: readonly ReplicaNeed[];
  /** Replicas that may be lost, the worst ones, while it works; null: it never works. */
  readonly tolerates: number | null;
  /** Data centers that may be gone as a whole while it works for clients elsewhere. */
  readonly worksWithout: readonly string[];
}

export interface ReplicaNeed {
  /** Null: wherever they are. */
  readonly dataCenter: string | null;
  readonly needed: number;
  readonly of: number;
}

/**
 * LOCAL_QUORUM of each data center, QUORUM and EACH_QUORUM.
 *
 * The guide: a level works if every data center that it involves has two replicas or more; LOCAL_QUORUM involves the client's
 * own, the others all that have replicas. Cassandra: LOCAL_QUORUM needs floor(RF / 2) + 1 of the client's, EACH_QUORUM that of
 * each, QUORUM floor(sum / 2) + 1 of all (storage notes, section 2.6).
 */
export function judgeDataCenters(dataCenters: readonly DataCenter[]): readonly LevelJudgement[] {
  assert(
    dataCenters.every(({ replicas }) => Number.isInteger(replicas) && replicas >= 0) &&
      dataCenters.some(({ replicas }) => replicas > 0),
    'some data center has a replica',
  );
  const holding = dataCenters.filter(({ replicas }) => replicas > 0);
  const total = holding.reduce((sum, { replicas }) => sum + replicas, 0);
  const allHaveTwo = holding.every(({ replicas }) => replicas >= 2);
  const needed = quorumOf(total);
  return [
    ...dataCenters.map(judgeLocal),
    {
      level: 'QUORUM',
      of: null,
      guide: allHaveTwo,
      needs: [{ dataCenter: null, needed, of: total }],
      tolerates: total - needed,
      worksWithout: holding.filter(({ replicas }) => total - replicas >= needed).map(({ name }) => name),
    },
    {
      level: 'EACH_QUORUM',
      of: null,
      guide: allHaveTwo,
      needs: holding.map(needOf),
      tolerates: Math.min(...holding.map(({ replicas }) => replicas - quorumOf(replicas))),
      worksWithout: [],
    },
  ];
}

function judgeLocal(dataCenter: DataCenter, _index: number, all: readonly DataCenter[]): LevelJudgement {
  const { name, replicas } = dataCenter;
  const others = all.filter((other) => other.name !== name && other.replicas > 0);
  return {
    level: 'LOCAL_QUORUM',
    of: name,
    guide: replicas === 0 ? null : replicas >= 2,
    needs: [needOf(dataCenter)],
    tolerates: replicas === 0 ? null : replicas - quorumOf(replicas),
    worksWithout: replicas === 0 ? [] : others.map((other) => other.name),
  };
}

function needOf({ name, replicas }: DataCenter): ReplicaNeed {
  return { dataCenter: name, needed: quorumOf(replicas), of: replicas };
}

/** What a write and a read have surely asked: the least of each data center, and the least of all together. */
interface ReplicaSet {
  readonly least: readonly number[];
  readonly total: number;
}

/**
 * The fewest replicas that a write at one level and a read at another both ask, whichever they choose: from 1 on every read
 * sees the last acknowledged write. What is not bound to a data center goes where the other has not been, while there is room.
 */
export function sharedReplicas(
  dataCenters: readonly DataCenter[],
  write: LevelJudgement,
  read: LevelJudgement,
): number {
  const [written, asked] = [setOf(dataCenters, write), setOf(dataCenters, read)];
  let shared = 0;
  let room = 0;
  dataCenters.forEach(({ replicas }, index) => {
    const bound = (written.least[index] ?? 0) + (asked.least[index] ?? 0);
    shared += Math.max(0, bound - replicas);
    room += Math.max(0, replicas - bound);
  });
  const free = [written, asked].reduce((sum, set) => sum + set.total - sumOf(set.least), 0);
  return shared + Math.max(0, free - room);
}

function setOf(dataCenters: readonly DataCenter[], { needs }: LevelJudgement): ReplicaSet {
  const least = dataCenters.map(({ name }) => needs.find(({ dataCenter }) => dataCenter === name)?.needed ?? 0);
  return { least, total: sumOf(needs.map(({ needed }) => needed)) };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
