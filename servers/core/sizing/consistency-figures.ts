/** The formulas behind the numbers of the consistency calculator: of one data center's cluster, and of a level over several. */
import { assertNever } from '../assert.ts';
import type { LevelJudgement } from './center-quorums.ts';
import type { ClusterPromise, ConsistencyLevel, ReplicatedCluster } from './consistency.ts';
import type { Figure } from './figure.ts';

const CALCULATOR = 'Guide: Configuring the Embedded Cassandra Server Properties, the calculator that it names';
const BLOCK_FOR = "Cassandra's ConsistencyLevel.blockFor";

/** What a cluster survives is left out where a level can't be met: there is nothing that could survive. */
export function listClusterFigures(asked: ReplicatedCluster, promise: ClusterPromise): readonly Figure[] {
  const { replicationFactor: rf, writeReplicas, readReplicas } = promise;
  const figure = (
    path: string,
    label: string,
    value: number,
    unit: string,
    formula: string,
    worked: string,
  ): Figure => ({
    path,
    label,
    value,
    unit,
    formula,
    worked,
    source: CALCULATOR,
  });
  const level = (path: string, label: string, of: ConsistencyLevel, value: number): Figure => ({
    ...figure(path, label, value, 'replicas', ...formulaOf(of, rf)),
    source: BLOCK_FOR,
  });
  const survived = [
    figure(
      'sharedReplicas',
      'Replicas that a read and a write surely share',
      Math.max(0, readReplicas + writeReplicas - rf),
      'replicas',
      'max(0, read + written replicas - replication factor); reads are consistent from 1 on',
      `max(0, ${readReplicas} + ${writeReplicas} - ${rf})`,
    ),
    figure(
      'survivesWithoutImpact',
      'Nodes that may be lost without impact',
      promise.survivesWithoutImpact,
      'nodes',
      'replication factor - max(read, written replicas)',
      `${rf} - max(${readReplicas}, ${writeReplicas})`,
    ),
    figure(
      'survivesWithoutLoss',
      'Nodes that may be lost right after an acknowledgement',
      promise.survivesWithoutLoss,
      'nodes',
      'written replicas - 1',
      `${writeReplicas} - 1`,
    ),
    figure(
      'survivesOnceReplicated',
      'Nodes that may be lost once all replicas have it',
      promise.survivesOnceReplicated,
      'nodes',
      'replication factor - 1',
      `${rf} - 1`,
    ),
  ];
  return [
    figure(
      'replicationFactor',
      'Replicas of each row',
      rf,
      'replicas',
      'min(replication factor, nodes)',
      `min(${asked.replicationFactor}, ${asked.nodes})`,
    ),
    level('writeReplicas', `Replicas that answer a write at ${asked.write}`, asked.write, writeReplicas),
    level('readReplicas', `Replicas that answer a read at ${asked.read}`, asked.read, readReplicas),
    ...(promise.unsatisfiable.length > 0 ? [] : survived),
    figure(
      'holdsShare',
      'Share of the data on each node',
      promise.holdsShare,
      'share',
      'replicas of each row / nodes',
      `${rf} / ${asked.nodes}`,
    ),
  ];
}

/** The formula of a level, and the same with `rf` replicas. */
function formulaOf(level: ConsistencyLevel, rf: number): readonly [formula: string, worked: string] {
  switch (level) {
    case 'ONE':
      return ['1', '1'];
    case 'TWO':
      return ['2', '2'];
    case 'THREE':
      return ['3', '3'];
    case 'QUORUM':
      return ['floor(replicas / 2) + 1', workQuorum(rf)];
    case 'ALL':
      return ['replicas', String(rf)];
    default:
      return assertNever(level, 'consistency level');
  }
}

/** Replicas that a level needs, and how many of the worst may be lost; none where it never works. */
export function listLevelFigures({ level, needs, tolerates }: LevelJudgement): readonly Figure[] {
  if (tolerates === null) return [];
  const needed = needs.reduce((sum, need) => sum + need.needed, 0);
  const figure = (
    path: string,
    label: string,
    value: number,
    [formula, worked]: readonly [string, string],
  ): Figure => ({
    path,
    label,
    value,
    unit: 'replicas',
    formula,
    worked,
    source: BLOCK_FOR,
  });
  const quorums = needs.map(({ of }) => workQuorum(of)).join(' + ');
  const spares = needs.map((need) => `${need.of} - ${need.needed}`);
  const [needFormula, spareFormula] = FORMULAS[level];
  const spare = spares.length === 1 ? spares.join('') : `min(${spares.join(', ')})`;
  return [
    figure('needed', 'Replicas that must answer', needed, [needFormula, quorums]),
    figure('tolerated', 'Replicas that may be lost, the worst ones', tolerates, [spareFormula, spare]),
  ];
}

const FORMULAS: Readonly<Record<LevelJudgement['level'], readonly [needed: string, tolerated: string]>> = {
  LOCAL_QUORUM: ["floor(the data center's replicas / 2) + 1", "the data center's replicas - those that must answer"],
  QUORUM: ['floor(all replicas / 2) + 1', 'all replicas - those that must answer'],
  EACH_QUORUM: [
    'sum over the data centers of floor(replicas / 2) + 1',
    'least over the data centers of replicas - those that must answer',
  ],
};

function workQuorum(replicas: number): string {
  return `floor(${replicas} / 2) + 1`;
}
