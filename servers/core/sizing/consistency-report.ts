/**
 * Everything that the consistency calculator says, JSON-serialisable: a cluster of one data center and the levels of several, with
 * the formula behind each number, and the table of all layouts of two data centers. The screen shows it; the command line prints
 * the same functions' answers.
 */
import { fail, succeed, type Problem, type Result } from '../result.ts';
import { judgeDataCenters, type DataCenter, type LevelJudgement } from './center-quorums.ts';
import { listClusterFigures, listLevelFigures } from './consistency-figures.ts';
import { readCluster, readDataCenters } from './consistency-inputs.ts';
import { judgeCluster, type ClusterPromise, type ReplicatedCluster } from './consistency.ts';
import {
  describeCluster,
  describeLayout,
  describeLevel,
  describeReadYourWrites,
  nameLevel,
} from './describe-consistency.ts';
import type { Figure } from './figure.ts';
import { createInputCheck } from './input-check.ts';
import { listLosses, type LossRow } from './node-losses.ts';

export interface ConsistencyReport {
  readonly cluster: {
    readonly asked: ReplicatedCluster;
    readonly promise: ClusterPromise;
    readonly sentences: readonly string[];
    readonly figures: readonly Figure[];
    readonly losses: readonly LossRow[];
  };
  readonly dataCenters: {
    readonly asked: readonly DataCenter[];
    readonly layout: ReplicaLayout;
    /** Which reads surely see what was written, a line a write level. */
    readonly seenBy: readonly string[];
  };
  /** Two data centers with up to three replicas each: the same whatever is asked. */
  readonly layouts: readonly ReplicaLayout[];
}

/** Replicas over data centers, and what each level makes of them. */
export interface ReplicaLayout {
  /** By data center, in their order. */
  readonly replicas: readonly number[];
  readonly sentence: string;
  readonly levels: readonly JudgedLevel[];
}

export interface JudgedLevel extends LevelJudgement {
  readonly name: string;
  readonly sentence: string;
  readonly figures: readonly Figure[];
}

const REPLICAS = [0, 1, 2, 3] as const;
/** As many names as anybody reads who has all of them wrong. */
const NAMES_MAX = 20;
const NAMES = {
  nodes: 'nodes',
  replicationFactor: 'replicationFactor',
  write: 'write',
  read: 'read',
} as const;

/** `given`: nodes, replicationFactor, write, read, and dataCenters as one text; or all that is wrong with it. */
export function reportConsistency(given: unknown): Result<ConsistencyReport, Problem> {
  const fields: Readonly<Record<string, unknown>> =
    typeof given === 'object' && given !== null && !Array.isArray(given) ? { ...given } : {};
  const check = createInputCheck('');
  const { nodes, replicationFactor, write, read } = fields;
  const cluster = readCluster(check, { nodes, replicationFactor, write, read }, NAMES);
  const dataCenters = readDataCenters(check, 'dataCenters', fields['dataCenters']);
  for (const name of Object.keys(fields).slice(0, NAMES_MAX)) {
    if (!Object.hasOwn(NAMES, name) && name !== 'dataCenters')
      check.refuse(name.slice(0, 40), 'is no input of the calculator');
  }
  if (cluster === undefined || dataCenters === undefined || check.problems.length > 0) return fail(check.problems);
  const promise = judgeCluster(cluster);
  return succeed({
    cluster: {
      asked: cluster,
      promise,
      sentences: describeCluster(cluster, promise),
      figures: listClusterFigures(cluster, promise),
      losses: listLosses(promise),
    },
    dataCenters: {
      asked: dataCenters,
      layout: judgeLayout(dataCenters),
      seenBy: describeReadYourWrites(dataCenters, judgeDataCenters(dataCenters)),
    },
    layouts: listLayouts(),
  });
}

/** The table of the storage notes, section 2.6: 15 layouts. */
export function listLayouts(): readonly ReplicaLayout[] {
  return REPLICAS.flatMap((first) => REPLICAS.map((second) => [first, second] as const))
    .filter(([first, second]) => first + second > 0)
    .map(([first, second]) =>
      judgeLayout([
        { name: 'DC1', replicas: first },
        { name: 'DC2', replicas: second },
      ]),
    );
}

function judgeLayout(dataCenters: readonly DataCenter[]): ReplicaLayout {
  const levels = judgeDataCenters(dataCenters);
  return {
    replicas: dataCenters.map(({ replicas }) => replicas),
    sentence: describeLayout(levels),
    levels: levels.map((judgement) => ({
      ...judgement,
      name: nameLevel(judgement),
      sentence: describeLevel(judgement),
      figures: listLevelFigures(judgement),
    })),
  };
}
