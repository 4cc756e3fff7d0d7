/** The consistency calculator against the vectors of the storage notes, and against sets of replicas counted one by one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeCluster, quorumOf, type ConsistencyLevel } from '#core/sizing/consistency.ts';
import { judgeDataCenters, sharedReplicas, type DataCenter, type LevelJudgement } from '#core/sizing/center-quorums.ts';
import { describeCluster } from '#core/sizing/describe-consistency.ts';

type Vector = readonly [
  nodes: number,
  rf: number,
  write: ConsistencyLevel,
  read: ConsistencyLevel,
  consistent: boolean,
  withoutImpact: number,
  withoutLoss: number,
  reads: number,
  writes: number,
  holds: number,
];

/** Storage notes, section 2.5. */
const VECTORS: readonly Vector[] = [
  [1, 1, 'ONE', 'ONE', true, 0, 0, 1, 1, 100],
  [2, 2, 'QUORUM', 'QUORUM', true, 0, 1, 2, 2, 100],
  [3, 2, 'ONE', 'ONE', false, 1, 0, 1, 1, 67],
  [3, 3, 'ONE', 'ONE', false, 2, 0, 1, 1, 100],
  [3, 3, 'QUORUM', 'QUORUM', true, 1, 1, 2, 2, 100],
  [3, 3, 'ALL', 'ONE', true, 0, 2, 1, 3, 100],
  [3, 3, 'ONE', 'ALL', true, 0, 0, 3, 1, 100],
  [4, 3, 'QUORUM', 'QUORUM', true, 1, 1, 2, 2, 75],
  [5, 3, 'TWO', 'TWO', true, 1, 1, 2, 2, 60],
  [4, 4, 'QUORUM', 'QUORUM', true, 1, 2, 3, 3, 100],
  [5, 5, 'QUORUM', 'QUORUM', true, 2, 2, 3, 3, 100],
  [6, 5, 'QUORUM', 'ONE', false, 2, 2, 1, 3, 83],
  [3, 1, 'TWO', 'ONE', true, -1, 1, 1, 2, 33],
  [2, 5, 'QUORUM', 'QUORUM', true, 0, 1, 2, 2, 100],
];

describe('a cluster in one data center', () => {
  test.each(VECTORS)(
    '%i nodes, %i replicas, written at %s, read at %s: consistent %s, may lose %i, %i after an acknowledgement',
    (nodes, replicationFactor, write, read, consistent, withoutImpact, withoutLoss, reads, writes, holds) => {
      const promise = judgeCluster({ nodes, replicationFactor, write, read });
      expect(promise).toMatchObject({
        consistent,
        survivesWithoutImpact: withoutImpact,
        survivesWithoutLoss: withoutLoss,
        readReplicas: reads,
        writeReplicas: writes,
      });
      expect(Math.round(promise.holdsShare * 100)).toBe(holds);
    },
  );

  test('a level above the replicas is flagged, and nothing else is promised then', () => {
    const asked = { nodes: 3, replicationFactor: 1, write: 'TWO', read: 'ONE' } as const;
    const promise = judgeCluster(asked);
    expect(promise.unsatisfiable).toEqual(['write']);
    expect(describeCluster(asked, promise)).toEqual([
      'no write at TWO ever succeeds: it needs more replicas than the 1 that there are',
      'each node holds 33 % of the data',
    ]);
  });

  test('more replicas than nodes are counted as the nodes, and it says so', () => {
    const asked = { nodes: 2, replicationFactor: 5, write: 'QUORUM', read: 'QUORUM' } as const;
    expect(describeCluster(asked, judgeCluster(asked))[0]).toBe(
      '2 nodes hold 2 replicas at most: counted with those, not 5',
    );
  });
});

/** Storage notes, section 2.6: guide at LQ@1, LQ@2, Q, EQ; tolerated at the same; Q without DC1, DC2. `-`: not said, or never works. */
const ROWS = `
0 1 | - no no no     | - 0 0 0 | - no
0 2 | - yes yes yes  | - 0 0 0 | - no
0 3 | - yes yes yes  | - 1 1 1 | - no
1 0 | no - no no     | 0 - 0 0 | no -
1 1 | no no no no    | 0 0 0 0 | no no
1 2 | no yes no no   | 0 0 1 0 | yes no
1 3 | no yes no no   | 0 1 1 0 | yes no
2 0 | yes - yes yes  | 0 - 0 0 | no -
2 1 | yes no no no   | 0 0 1 0 | no yes
2 2 | yes yes yes yes | 0 0 1 0 | no no
2 3 | yes yes yes yes | 0 1 2 0 | yes no
3 0 | yes - yes yes  | 1 - 1 1 | no -
3 1 | yes no no no   | 1 0 1 0 | no yes
3 2 | yes yes yes yes | 1 0 2 0 | no yes
3 3 | yes yes yes yes | 1 1 2 1 | no no`
  .trim()
  .split('\n')
  .map((row) => row.split('|').map((part) => part.trim().split(/\s+/)));

function twoDataCenters(n: number, m: number): readonly DataCenter[] {
  return [
    { name: 'DC1', replicas: n },
    { name: 'DC2', replicas: m },
  ];
}

describe('several data centers', () => {
  test.each(ROWS)('DC1:%s of both: %s, %s, %s', (replicas, guide, tolerates, without) => {
    const [n = 0, m = 0] = replicas.map(Number);
    const levels = judgeDataCenters(twoDataCenters(n, m));
    expect(levels.map((level) => sayGuide(level.guide))).toEqual(guide);
    expect(levels.map((level) => String(level.tolerates ?? '-'))).toEqual(tolerates);
    const quorum = levels.find(({ level }) => level === 'QUORUM');
    const said = [n, m].map((count, index) =>
      count === 0 ? '-' : quorum?.worksWithout.includes(`DC${index + 1}`) === true ? 'yes' : 'no',
    );
    expect(said).toEqual(without);
  });

  test('the smallest layout where every QUORUM level survives a loss in each data center is (3, 3)', () => {
    const layouts = [1, 2, 3].flatMap((n) => [1, 2, 3].map((m) => [n, m] as const));
    const strong = layouts.filter(([n, m]) =>
      judgeDataCenters(twoDataCenters(n, m)).every(({ tolerates }) => (tolerates ?? 0) >= 1),
    );
    expect(strong).toEqual([[3, 3]]);
  });

  test('what a write and a read share is the fewest that any of their sets share, counted one by one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }), (counts) => {
        fc.pre(counts.some((count) => count > 0));
        const dataCenters = counts.map((replicas, index) => ({ name: `DC${index + 1}`, replicas }));
        const levels = judgeDataCenters(dataCenters).filter(({ tolerates }) => tolerates !== null);
        for (const write of levels) {
          for (const read of levels) {
            expect(sharedReplicas(dataCenters, write, read)).toBe(fewestShared(dataCenters, write, read));
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

function sayGuide(guide: boolean | null): string {
  if (guide === null) return '-';
  return guide ? 'yes' : 'no';
}

/** Every set of replicas that may answer at a level, as bits; the fewest common bits of two. */
function fewestShared(dataCenters: readonly DataCenter[], write: LevelJudgement, read: LevelJudgement): number {
  const owners = dataCenters.flatMap(({ name, replicas }) => Array.from({ length: replicas }, () => name));
  const [written, asked] = [write, read].map((level) => setsOf(owners, level)) as [
    readonly number[],
    readonly number[],
  ];
  let fewest = Infinity;
  for (const one of written) for (const other of asked) fewest = Math.min(fewest, countBits(one & other));
  return fewest;
}

function setsOf(owners: readonly string[], { level, of }: LevelJudgement): readonly number[] {
  const sets: number[] = [];
  for (let bits = 0; bits < 1 << owners.length; bits += 1) {
    const inIt = owners.filter((_owner, index) => (bits >> index) % 2 === 1);
    const local = (name: string) =>
      inIt.filter((owner) => owner === name).length >= quorumOf(owners.filter((owner) => owner === name).length);
    const answers =
      level === 'QUORUM'
        ? inIt.length >= quorumOf(owners.length)
        : level === 'EACH_QUORUM'
          ? owners.every(local)
          : local(of ?? '');
    if (answers) sets.push(bits);
  }
  return sets;
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest > 0; rest >>= 1) count += rest % 2;
  return count;
}
