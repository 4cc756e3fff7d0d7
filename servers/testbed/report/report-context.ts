/** What every section of a report looks at, worked out once. */
import { present } from '#core/assert.ts';
import type { OptimizationTarget } from '#core/pacing/pacer.ts';
import type { Expectation } from '#protocol/run-feed.ts';
import { expectedTraffic } from '#testbed/expectation.ts';
import { optionsOf } from '#node/read-settings.ts';
import { isSeedsSummary } from '#testbed/reporters/outcome-text.ts';
import type { RunResult } from '#testbed/run-result.ts';
import type { Summary } from '#testbed/summary.ts';
import { estimateOverSeeds, type Estimate } from '#testbed/seeds.ts';
import { binSeries, type Bin } from './series-bins.ts';
import { createTimeFrame, type TimeFrame } from './time-frame.ts';

export interface ReportInput {
  readonly summary: Summary;
  /** One a seed, at least one; the first with its course. */
  readonly results: readonly RunResult[];
  /** What runs it again. */
  readonly command: string;
  /** Of the product. */
  readonly version: string;
}

export interface ReportContext {
  readonly input: ReportInput;
  /** The first seed's, whose course is charted. */
  readonly run: RunResult;
  readonly hasSeeds: boolean;
  readonly frame: TimeFrame;
  readonly bins: readonly Bin[];
  readonly expectation: Expectation;
  readonly goal: { readonly target: OptimizationTarget; readonly share: number };
  /** A figure over all seeds; of a single run without an interval. */
  readonly estimate: (pick: (result: RunResult) => number | null) => Estimate | null;
}

/** The goal at the end of the run, which the last command may have set. */
function goalOf({ scenario, whatIfs }: RunResult): ReportContext['goal'] {
  const options = optionsOf(scenario);
  const told = whatIfs.at(-1)?.after;
  return {
    target: told?.target ?? options.get('service:pacing/pacing.connector.optimizationTarget'),
    share: told?.goalShare ?? options.get('service:pacing/pacing.connector.optimizationGoal') / 100,
  };
}

export function createReportContext(input: ReportInput): ReportContext {
  const run = present(input.results[0], 'result to report');
  return {
    input,
    run,
    hasSeeds: isSeedsSummary(input.summary),
    frame: createTimeFrame(run),
    bins: binSeries(run.series),
    expectation: expectedTraffic(run.scenario),
    goal: goalOf(run),
    estimate: (pick) => estimateOverSeeds(input.results.map(pick)),
  };
}
