/** Many seeds of one scenario: which ones, and what a figure comes to over them. */
import { findStudentT } from '#testbed/seeds-student-t.ts';

/** A figure over seeds: mean with its 95 % interval (null for a single seed, which has none), smallest and largest. */
export interface Estimate {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly min: number;
  readonly max: number;
  /** Seeds that had nothing to count; left out where all had. */
  readonly noData?: number;
}

export const INTERVAL_COVERAGE = 0.95;

/**
 * Mean and interval of one figure over independent seeds: mean +- t(n - 1) * s / sqrt(n), s the sample deviation (Student).
 * Seeds without data are left out and counted; null when none has any.
 */
export function estimateOverSeeds(values: readonly (number | null)[]): Estimate | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const spread = { min: Math.min(...known), max: Math.max(...known) };
  const missing = known.length < values.length ? { noData: values.length - known.length } : {};
  if (known.length === 1) return { mean, low: null, high: null, ...spread, ...missing };
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1);
  const half = findStudentT(INTERVAL_COVERAGE, known.length - 1) * Math.sqrt(variance / known.length);
  return { mean, low: mean - half, high: mean + half, ...spread, ...missing };
}

/** Asked for on the command line: so many from the scenario's own seed on, or these. */
export type SeedChoice = { readonly count: number } | { readonly list: readonly number[] };

/** `20` -> that many; `3,5,9` (or `3,` for one) -> these; undefined where it is neither, or a seed is there twice. */
export function parseSeedChoice(text: string): SeedChoice | undefined {
  if (/^\d+$/.test(text)) {
    const count = Number(text);
    return count >= 1 && count <= SEEDS_MAX ? { count } : undefined;
  }
  if (!/^\d+(,\d+)*,?$/.test(text)) return undefined;
  const list = text.replace(/,$/, '').split(',').map(Number);
  const isFit = list.every((seed) => Number.isSafeInteger(seed)) && new Set(list).size === list.length;
  return isFit && list.length <= SEEDS_MAX ? { list } : undefined;
}

export const SEEDS_MAX = 10_000;

/** The seeds of a choice; a count goes up from `first`. */
export function listSeeds(choice: SeedChoice, first: number): readonly number[] {
  return 'list' in choice ? choice.list : Array.from({ length: choice.count }, (_, index) => first + index);
}
