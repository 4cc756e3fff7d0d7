/** What goes on working while nodes are lost: a row for each number of them that changes something. */
import type { ClusterPromise } from './consistency.ts';

export interface LossRow {
  /** Nodes lost that hold one and the same row, which is the worst case. */
  readonly fromLost: number;
  /** The last number of which the same holds; null: and any more. */
  readonly toLost: number | null;
  readonly writes: boolean;
  readonly reads: boolean;
  /** What was acknowledged just before, at the write level, is still on a node that is left. */
  readonly acknowledged: boolean;
  /** What all replicas had is. */
  readonly replicated: boolean;
}

/** None where a level can't be met: then nothing works with all nodes up. */
export function listLosses(promise: ClusterPromise): readonly LossRow[] {
  const { replicationFactor, writeReplicas, readReplicas, survivesWithoutLoss, survivesOnceReplicated } = promise;
  if (promise.unsatisfiable.length > 0) return [];
  const lasts = {
    writes: replicationFactor - writeReplicas,
    reads: replicationFactor - readReplicas,
    acknowledged: survivesWithoutLoss,
    replicated: survivesOnceReplicated,
  };
  const ends = [...new Set(Object.values(lasts))].toSorted((a, b) => a - b);
  return [...ends, null].map((toLost, index) => {
    const fromLost = index === 0 ? 0 : (ends[index - 1] ?? 0) + 1;
    const holds = (last: number): boolean => fromLost <= last;
    return {
      fromLost,
      toLost,
      writes: holds(lasts.writes),
      reads: holds(lasts.reads),
      acknowledged: holds(lasts.acknowledged),
      replicated: holds(lasts.replicated),
    };
  });
}
