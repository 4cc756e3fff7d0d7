/** Thresholds and their outcomes in words, alike for a single run and for seeds, so that every reporter says the same. */
import { describeFigure, NO_DATA } from '#testbed/report/figure-text.ts';
import type { Estimate } from '#testbed/seeds.ts';
import type { RunSummary, SeedsSummary, Summary } from '#testbed/summary.ts';
import { unitOfExpression } from '#testbed/thresholds.ts';
import type { FigureUnit } from '#testbed/thresholds-figures.ts';

export interface OutcomeView {
  readonly expression: string;
  readonly pass: boolean;
  readonly unit: FigureUnit;
  /** The observed value, over seeds their mean; null: no data. */
  readonly value: number | null;
  /** Only over seeds. */
  readonly estimate: Estimate | null;
  readonly held: { readonly in: number; readonly of: number } | null;
}

export function isSeedsSummary(summary: Summary): summary is SeedsSummary {
  return 'seeds' in summary;
}

export function listOutcomes(summary: Summary): readonly OutcomeView[] {
  return isSeedsSummary(summary) ? listSeedsOutcomes(summary) : listRunOutcomes(summary);
}

function listRunOutcomes(summary: RunSummary): readonly OutcomeView[] {
  return summary.thresholds.map(({ expression, observed, pass }) => ({
    expression,
    pass,
    unit: unitOfExpression(expression),
    value: observed,
    estimate: null,
    held: null,
  }));
}

function listSeedsOutcomes(summary: SeedsSummary): readonly OutcomeView[] {
  return summary.thresholds.map(({ expression, observed, pass, held }) => ({
    expression,
    pass,
    unit: unitOfExpression(expression),
    value: observed?.mean ?? null,
    estimate: observed,
    held: { in: held, of: summary.seeds.length },
  }));
}

/** `1.4 %`, or over seeds `1.4 % (1.1 % to 1.7 %), held in 20 of 20 seeds`. */
export function describeObserved(outcome: OutcomeView): string {
  const value =
    outcome.estimate === null
      ? describeFigure(outcome.value, outcome.unit)
      : describeEstimate(outcome.estimate, outcome.unit);
  return outcome.held === null ? value : `${value}, held in ${outcome.held.in} of ${outcome.held.of} seeds`;
}

/** Mean and its 95 % interval. */
export function describeEstimate(estimate: Estimate | null, unit: FigureUnit): string {
  if (estimate === null) return NO_DATA;
  const mean = describeFigure(estimate.mean, unit);
  if (estimate.low === null || estimate.high === null) return mean;
  // No figure is below 0, though the interval of a rare one may reach there.
  const [low, high] = [describeFigure(Math.max(0, estimate.low), unit), describeFigure(estimate.high, unit)];
  return low === mean && high === mean ? mean : `${mean} (${low} to ${high})`;
}

/** `1`, `1 to 20`, `3, 5, 9`. */
export function describeSeeds(summary: Summary): string {
  return isSeedsSummary(summary) ? describeSeedList(summary.seeds) : String(summary.seed);
}

/** `1 to 20`, `3, 5, 9`. */
export function describeSeedList(seeds: readonly number[]): string {
  const [first = 0] = seeds;
  const isRow = seeds.length > 2 && seeds.every((seed, index) => seed === first + index);
  return isRow ? `${first} to ${first + seeds.length - 1}` : seeds.join(', ');
}

/** `all 4 thresholds hold`, `1 of 4 thresholds fails`, `no thresholds: nothing was judged`. */
export function describeVerdict(outcomes: readonly OutcomeView[]): string {
  const failed = outcomes.filter((outcome) => !outcome.pass).length;
  if (outcomes.length === 0) return 'no thresholds: nothing was judged';
  if (failed > 0)
    return `${failed} of ${outcomes.length} threshold${outcomes.length === 1 ? '' : 's'} ${failed === 1 ? 'fails' : 'fail'}`;
  return outcomes.length === 1 ? 'the one threshold holds' : `all ${outcomes.length} thresholds hold`;
}
