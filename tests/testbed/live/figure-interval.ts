/** Whether the means of two groups of runs are as close as their 95 % intervals say that they may be. */
import { present } from '#core/assert.ts';
import { findStudentT } from '#testbed/seeds-student-t.ts';

export interface Interval {
  readonly mean: number;
  readonly half: number;
}

/** Mean and half width of its 95 % interval, of at least two values. */
export function intervalOf(values: readonly number[]): Interval {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (values.length - 1));
  return { mean, half: (findStudentT(0.95, values.length - 1) * deviation) / Math.sqrt(values.length) };
}

export function overlap(one: Interval, other: Interval): boolean {
  return Math.abs(one.mean - other.mean) <= one.half + other.half;
}

/** Of the differences, pair by pair: pairs that share their seed differ by far less than two groups of runs. */
export function differenceOf(ones: readonly number[], others: readonly number[]): Interval {
  return intervalOf(ones.map((one, index) => one - present(others[index], 'its pair')));
}

/** Whether the mean may be within `tolerance` of zero, by its interval. */
export function mayBeWithin({ mean, half }: Interval, tolerance: number): boolean {
  return Math.abs(mean) - half <= tolerance;
}

export function describeInterval({ mean, half }: Interval): string {
  return `${mean.toFixed(4)} +- ${half.toFixed(4)}`;
}

export function valuesOf<T>(runs: readonly T[], pick: (run: T) => number | null): readonly number[] {
  return runs.map((run) => present(pick(run) ?? undefined, 'figure'));
}
