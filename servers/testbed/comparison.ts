/**
 * Variants of a scenario compared over the same seeds: each figure of each variant with its interval, and its difference to the
 * first variant. Equal seeds give equal visitors (common random numbers), so that the differences are taken seed by seed and
 * their intervals are those of a paired comparison: mean of d +- t(n - 1) s(d) / sqrt(n), Student.
 */
import { present } from '#core/assert.ts';
import type { RunResult } from '#testbed/run-result.ts';
import { estimateOverSeeds, type Estimate } from '#testbed/seeds.ts';
import { roundEstimate } from '#testbed/summary.ts';
import { observeFigure, unitOfFigure, type FigureUnit } from '#testbed/thresholds-figures.ts';

/** What one value of the varied path came to. */
export interface VariantRuns {
  /** As given on the command line. */
  readonly value: string;
  /** In the order of the seeds, which are the same for all variants. */
  readonly results: readonly RunResult[];
}

export interface ComparedVariant {
  readonly value: string;
  /** Null: no seed had anything to count. */
  readonly estimate: Estimate | null;
  /** To the first variant, over the seeds in which both have data; null for the first itself, and without such a seed. */
  readonly difference: Estimate | null;
}

export interface ComparedFigure {
  readonly figure: string;
  readonly unit: FigureUnit;
  readonly variants: readonly ComparedVariant[];
}

export interface Comparison {
  readonly scenario: string;
  readonly about: string;
  readonly vary: string;
  readonly values: readonly string[];
  readonly seeds: readonly number[];
  readonly simulatedSeconds: number;
  readonly windowSeconds: number;
  readonly figures: readonly ComparedFigure[];
  /** By variant. */
  readonly deviations: readonly { readonly value: string; readonly sentences: readonly string[] }[];
}

/** What pacing is judged by first, then what it is made of. */
const FIGURES = [
  'abandonmentShare',
  'busyShare',
  'chats.started',
  'chats.abandoned',
  'invites.sent',
  'invites.accepted',
  'hotLeads',
  'refused',
  'hitShare',
  'waitSeconds.mean',
  'waitSeconds.p95',
] as const;

/** `vary` is the path that was varied; at least two variants over the same seeds. */
export function createComparison(vary: string, variants: readonly VariantRuns[]): Comparison {
  const base = present(variants[0], 'variant');
  const first = present(base.results[0], 'result of a seed');
  return {
    scenario: first.scenario.name,
    about: first.scenario.about,
    vary,
    values: variants.map(({ value }) => value),
    seeds: base.results.map(({ seed }) => seed),
    simulatedSeconds: first.simulatedSeconds,
    windowSeconds: first.windowSeconds,
    figures: FIGURES.map((figure) => compareFigure(figure, variants)),
    deviations: variants.map(({ value, results }) => ({
      value,
      sentences: [...new Set(results.flatMap(({ deviations }) => deviations))],
    })),
  };
}

function compareFigure(figure: string, variants: readonly VariantRuns[]): ComparedFigure {
  const path = figure.split('.');
  const observed = variants.map(({ results }) => results.map((result) => observeFigure(path, result)));
  const base = present(observed[0], 'variant');
  return {
    figure,
    unit: unitOfFigure(path),
    variants: variants.map(({ value }, index) => {
      const own = present(observed[index], 'variant');
      return {
        value,
        estimate: roundEstimate(estimateOverSeeds(own)),
        difference: index === 0 ? null : roundEstimate(estimateOverSeeds(differencesOf(own, base))),
      };
    }),
  };
}

/** Seed by seed; null where one of the two has nothing to count. */
function differencesOf(own: readonly (number | null)[], base: readonly (number | null)[]): readonly (number | null)[] {
  return own.map((value, index) => {
    const other = base[index] ?? null;
    return value === null || other === null ? null : value - other;
  });
}

/** Whether an interval leaves out zero: the variants differ by more than chance explains. False for a single seed. */
export function isClear({ low, high }: Estimate): boolean {
  return low !== null && high !== null && (low > 0 || high < 0);
}
