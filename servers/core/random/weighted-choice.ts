/** Chooses among things with given weights in constant time and one draw. */
import { assert, present } from '../assert.ts';
import type { RandomStream } from './stream.ts';

/**
 * A sampler of indices 0 .. weights.length - 1, index i with probability weights[i] / sum: the alias method (Walker 1977; table
 * built as by Vose, IEEE Trans. Software Eng. 17(9), 1991). Weights are finite and >= 0 with a positive sum.
 */
export function createWeightedChoice(weights: readonly number[]): (stream: RandomStream) => number {
  const count = weights.length;
  let sum = 0;
  for (const weight of weights) {
    assert(weight >= 0 && Number.isFinite(weight), `a weight is finite and >= 0, got ${weight}`);
    sum += weight;
  }
  assert(sum > 0 && Number.isFinite(sum), 'weights have a positive, finite sum');

  const { keep, alias } = buildAliasTable(weights, count / sum);
  return (stream) => {
    const scaled = stream.next() * count;
    const column = Math.floor(scaled);
    return scaled - column < (keep[column] ?? 1) ? column : (alias[column] ?? column);
  };
}

interface AliasTable {
  /** Share of a column that stays with its own index. */
  readonly keep: Float64Array;
  /** The index that owns the rest of the column. */
  readonly alias: Int32Array;
}

function buildAliasTable(weights: readonly number[], scale: number): AliasTable {
  const scaled = Float64Array.from(weights, (weight) => weight * scale);
  const keep = new Float64Array(weights.length).fill(1);
  const alias = Int32Array.from(weights, (_, index) => index);
  const poor: number[] = [];
  const rich: number[] = [];
  scaled.forEach((share, index) => (share < 1 ? poor : rich).push(index));
  while (poor.length > 0 && rich.length > 0) {
    const taker = present(poor.pop(), 'column to fill');
    const giver = present(rich.pop(), 'column to take from');
    const share = scaled[taker] ?? 1;
    keep[taker] = share;
    alias[taker] = giver;
    const left = (scaled[giver] ?? 1) - (1 - share);
    scaled[giver] = left;
    (left < 1 ? poor : rich).push(giver);
  }
  // What is left over is 1 but for rounding, and no weight of 0 is among it: its column lacks a whole share, so someone is rich.
  return { keep, alias };
}
