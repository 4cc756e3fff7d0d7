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
