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

export function describeInterval({ mean, half }: Interval): string {
  return `${mean.toFixed(4)} +- ${half.toFixed(4)}`;
}

export function valuesOf<T>(runs: readonly T[], pick: (run: T) => number | null): readonly number[] {
  return runs.map((run) => present(pick(run) ?? undefined, 'figure'));
}
