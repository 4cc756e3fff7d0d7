/** A cluster's promise, and that of several data centers, as lines for people: each verdict with the sentence that explains it. */
import type { ClusterPromise, ReplicatedCluster } from './consistency.ts';
import type { DataCenter, LevelJudgement } from './center-quorums.ts';
import { sharedReplicas } from './center-quorums.ts';

/** Lines about one data center's cluster. */
export function describeCluster(asked: ReplicatedCluster, promise: ClusterPromise): readonly string[] {
  const { replicationFactor, writeReplicas, readReplicas } = promise;
  const clipped =
    replicationFactor === asked.replicationFactor
      ? []
      : [
          `${asked.nodes} nodes hold ${replicationFactor} replicas at most: counted with those, not ${asked.replicationFactor}`,
        ];
  const unsatisfiable = promise.unsatisfiable.map(
    (what) =>
      `no ${what} at ${asked[what]} ever succeeds: it needs more replicas than the ${replicationFactor} that there are`,
  );
  const held = `each node holds ${Math.round(promise.holdsShare * 100)} % of the data`;
  // The rest says what acknowledged requests are worth: there are none.
  if (unsatisfiable.length > 0) return [...clipped, ...unsatisfiable, held];
  return [
    ...clipped,
    promise.consistent
      ? `reads are consistent: ${readReplicas} read and ${writeReplicas} written replicas of ${replicationFactor} always overlap`
      : `reads are eventually consistent: ${readReplicas} read and ${writeReplicas} written replicas of ${replicationFactor} can miss each other`,
    `survives the loss of ${countNodes(promise.survivesWithoutImpact)} without impact`,
    `survives the loss of ${countNodes(promise.survivesWithoutLoss)} right after an acknowledgement without losing what it acknowledged, ` +
      `of ${countNodes(promise.survivesOnceReplicated)} once all replicas have it`,
    `reads really from ${countNodes(readReplicas)}, writes to ${countNodes(writeReplicas)}; ${held}`,
  ];
}

/** `no node`, `1 node`, `2 nodes`. */
function countNodes(count: number): string {
  if (count <= 0) return 'no node';
  return count === 1 ? '1 node' : `${count} nodes`;
}

/** The level with its data center: `LOCAL_QUORUM in DC1`. */
export function nameLevel({ level, of }: LevelJudgement): string {
  return of === null ? level : `${level} in ${of}`;
}

/** One sentence about a level: what the guide says, what Cassandra needs, what it survives, and where the two differ. */
export function describeLevel(judgement: LevelJudgement): string {
  const { guide, needs, tolerates, worksWithout } = judgement;
  if (tolerates === null) return 'never works: no replica there';
  const needed = needs.map(({ needed: count, of, dataCenter }) =>
    dataCenter === null || needs.length === 1 ? `${count} of ${of}` : `${count} of ${of} in ${dataCenter}`,
  );
  const lost = tolerates === 0 ? 'no lost replica' : `any ${tolerates} lost`;
  const without =
    worksWithout.length === 0 ? '' : `${tolerates === 0 ? ' but' : ', and'} all of ${worksWithout.join(' or ')}`;
  return (
    `needs ${needed.join(' and ')}, survives ${lost}${without}; ` +
    `the guide: ${guide === true ? 'works' : 'does not work'}${differenceOf(guide === true, tolerates)}`
  );
}

function differenceOf(guide: boolean, tolerates: number): string {
  if (guide && tolerates === 0) return ', though one lost replica stops it';
  if (!guide && tolerates === 0) return ', though it does while all replicas are up';
  return guide ? '' : ', though it does even with a replica lost';
}

/**
 * A layout in a sentence or two: what the guide allows, what Cassandra's arithmetic says, and which data center may be gone as a
 * whole for QUORUM.
 */
export function describeLayout(levels: readonly LevelJudgement[]): string {
  const usable = levels.filter(({ tolerates }) => tolerates !== null);
  const all = usable.length < levels.length ? 'all others' : 'all levels';
  const allowed = usable.filter(({ guide }) => guide === true);
  const hardy = usable.filter(({ tolerates }) => (tolerates ?? 0) > 0);
  const without = usable.find(({ level }) => level === 'QUORUM')?.worksWithout ?? [];
  const empty = levels.filter(({ tolerates }) => tolerates === null).map(nameLevel);
  return [
    ...(empty.length === 0 ? [] : [`${empty.join(' and ')} never works: no replica is there.`]),
    `By the guide ${sayAllowed(allowed, usable.length, all)}; by Cassandra's arithmetic ${all} run, ` +
      `${sayHardy(hardy, usable.length)}${without.length === 0 ? '' : `, and QUORUM goes on without ${without.join(' or ')}`}.`,
  ].join(' ');
}

function sayAllowed(allowed: readonly LevelJudgement[], of: number, all: string): string {
  if (allowed.length === 0) return 'no level works';
  if (allowed.length === of) return `${all} work`;
  return `only ${listNames(allowed)} ${allowed.length === 1 ? 'works' : 'work'}`;
}

function sayHardy(hardy: readonly LevelJudgement[], of: number): string {
  if (hardy.length === 0) return 'while every replica is up';
  if (hardy.length === of) return 'each also with a replica lost';
  return `but with a replica lost only ${listNames(hardy)}`;
}

/** `A`, `A and B`, `A, B and C`. */
function listNames(levels: readonly LevelJudgement[]): string {
  const names = levels.map(nameLevel);
  const last = names.pop() ?? '';
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
}

/** Which pairs of levels let every read see the last acknowledged write, a line a write level. */
export function describeReadYourWrites(
  dataCenters: readonly DataCenter[],
  levels: readonly LevelJudgement[],
): readonly string[] {
  const usable = levels.filter(({ tolerates }) => tolerates !== null);
  return usable.map((write) => {
    const strong = usable.filter((read) => sharedReplicas(dataCenters, write, read) >= 1).map(nameLevel);
    const what = strong.length === usable.length ? 'every level' : strong.join(', ');
    return `${nameLevel(write)}: ${what === '' ? 'no level' : what}`;
  });
}
