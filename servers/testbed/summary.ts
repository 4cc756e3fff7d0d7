/**
 * `summary.json`: the figures and the verdict of a run, or of many seeds of it. Equal seeds give equal bytes: keys stand in a
 * fixed order, names are sorted, numbers are rounded to what can be told apart, and nothing of the wall clock is in it.
 */
import { present } from '#core/assert.ts';
import type { WhatIfMark } from '#protocol/run-feed.ts';
import type { Scenario, Threshold } from '#protocol/scenario.ts';
import { isRecord } from '#protocol/scenario-file-fields.ts';
import type { Figures, LiveFindings, ReactiveFigures, RunResult } from '#testbed/run-result.ts';
import { estimateOverSeeds, type Estimate } from '#testbed/seeds.ts';
import { holds, holdsOverSeeds } from '#testbed/thresholds.ts';
import { observeFigure } from '#testbed/thresholds-figures.ts';

export type Verdict = 'pass' | 'fail';

/** Held in every live run beside the scenario's own: acknowledged events that the store did not give back. */
const LOST_THRESHOLD = 'lost == 0';

export interface ThresholdOutcome {
  readonly expression: string;
  /** In the figure's own unit; null: no data, and the threshold fails. */
  readonly observed: number | null;
  readonly pass: boolean;
}

export interface RunSummary {
  readonly scenario: string;
  readonly mode: 'sim' | 'live';
  readonly seed: number;
  readonly simulatedSeconds: number;
  readonly windowSeconds: number;
  readonly verdict: Verdict;
  readonly thresholds: readonly ThresholdOutcome[];
  readonly figures: SummaryFigures;
  readonly deviations: readonly string[];
  /** What pacing was told during the run, in order; absent where it was told nothing. */
  readonly whatIfs?: readonly Pick<WhatIfMark, 'atMs' | 'by' | 'sentence'>[];
  /** Of a live run. */
  readonly live?: LiveFindings;
}

/** How lines were shown is told where the scenario is about it. */
export type SummaryFigures = Omit<Figures, 'lines' | 'lineSeconds'> & Partial<Pick<Figures, 'lines' | 'lineSeconds'>>;

/** Of `service:wes`: how lines are shown. */
const DELIVERY_OPTIONS = ['refreshPeriod', 'requestTimeout', 'requestPoolSize'].map(
  (name) => `wes.connector.chatServer.${name}`,
);

export interface SeedsThresholdOutcome {
  readonly expression: string;
  readonly observed: Estimate | null;
  readonly pass: boolean;
  /** In how many seeds it holds; 95 % of them are needed, with `all:` every one. */
  readonly held: number;
}

/** The figures' tree with an estimate at each leaf; null where no seed had anything to count. */
export type EstimatedFigures = { readonly [name: string]: Estimate | EstimatedFigures | null };

export interface SeedsSummary extends Omit<RunSummary, 'seed' | 'thresholds' | 'figures' | 'whatIfs' | 'live'> {
  readonly seeds: readonly number[];
  readonly thresholds: readonly SeedsThresholdOutcome[];
  readonly figures: EstimatedFigures;
}

export type Summary = RunSummary | SeedsSummary;

export function createSummary(result: RunResult): RunSummary {
  const lost = result.live === undefined ? [] : [judgeLost(result.live.lost)];
  const own = result.scenario.thresholds.map((threshold): ThresholdOutcome => {
    const observed = observeFigure(threshold.path, result);
    return {
      expression: threshold.expression,
      observed: observed === null ? null : roundSmall(observed),
      pass: holds(threshold, observed),
    };
  });
  const thresholds = [...own, ...lost];
  return {
    scenario: result.scenario.name,
    mode: result.mode,
    seed: result.seed,
    simulatedSeconds: result.simulatedSeconds,
    windowSeconds: result.windowSeconds,
    verdict: judge(thresholds),
    thresholds,
    figures: orderFigures(result),
    deviations: result.deviations,
    ...(result.whatIfs.length === 0
      ? {}
      : { whatIfs: result.whatIfs.map(({ atMs, by, sentence }) => ({ atMs, by, sentence })) }),
    ...(result.live === undefined ? {} : { live: result.live }),
  };
}

/** A live run that has lost an acknowledged event fails, whatever its thresholds say. */
function judgeLost(lost: number): ThresholdOutcome {
  return { expression: LOST_THRESHOLD, observed: lost, pass: lost === 0 };
}

/** Over the results of one scenario's seeds, at least one, in the order of the seeds. */
export function createSeedsSummary(results: readonly RunResult[]): SeedsSummary {
  const first = present(results[0], 'result of a seed');
  const thresholds = [
    ...first.scenario.thresholds.map((threshold) => judgeOverSeeds(threshold, results)),
    ...(first.live === undefined ? [] : [judgeLostOverSeeds(results)]),
  ];
  return {
    scenario: first.scenario.name,
    mode: first.mode,
    seeds: results.map((result) => result.seed),
    simulatedSeconds: first.simulatedSeconds,
    windowSeconds: first.windowSeconds,
    verdict: judge(thresholds),
    thresholds,
    figures: estimateTree(results.map(orderFigures)),
    deviations: [...new Set(results.flatMap((result) => result.deviations))],
  };
}

/** The bytes of `summary.json`. */
export function writeSummary(summary: Summary): string {
  return `${JSON.stringify(summary, null, 2)}\n`;
}

function judge(thresholds: readonly { readonly pass: boolean }[]): Verdict {
  return thresholds.every((threshold) => threshold.pass) ? 'pass' : 'fail';
}

function judgeOverSeeds(threshold: Threshold, results: readonly RunResult[]): SeedsThresholdOutcome {
  const observed = results.map((result) => observeFigure(threshold.path, result));
  return {
    expression: threshold.expression,
    observed: roundEstimate(estimateOverSeeds(observed)),
    pass: holdsOverSeeds(threshold, observed),
    held: observed.filter((value) => holds(threshold, value)).length,
  };
}

function judgeLostOverSeeds(results: readonly RunResult[]): SeedsThresholdOutcome {
  const lost = results.map(({ live }) => live?.lost ?? 0);
  return {
    expression: LOST_THRESHOLD,
    observed: roundEstimate(estimateOverSeeds(lost)),
    pass: lost.every((count) => count === 0),
    held: lost.filter((count) => count === 0).length,
  };
}

/** Figures in the order of the product's description, names sorted, shares to six and seconds to three decimals. */
function orderFigures({ figures, scenario }: RunResult): SummaryFigures {
  const { invites, chats, callbacks, offers, transfers, followUps, waitSeconds } = figures;
  return {
    visits: figures.visits,
    pageViews: figures.pageViews,
    events: figures.events,
    requests: figures.requests,
    hotLeads: figures.hotLeads,
    invites: {
      allowed: invites.allowed,
      sent: invites.sent,
      accepted: invites.accepted,
      rejected: invites.rejected,
      timeout: invites.timeout,
      failed: invites.failed,
    },
    hitShare: roundShare(figures.hitShare),
    chats: { started: chats.started, abandoned: chats.abandoned, completed: chats.completed },
    ...(callbacks === undefined ? {} : { callbacks: { ...callbacks, lateShare: roundShare(callbacks.lateShare) } }),
    ...(offers === undefined ? {} : { offers: { missed: offers.missed, rejected: offers.rejected } }),
    ...(transfers === undefined ? {} : { transfers: { made: transfers.made, abandoned: transfers.abandoned } }),
    ...(followUps === undefined
      ? {}
      : {
          followUps: { created: followUps.created, approved: followUps.approved, dismissed: followUps.dismissed },
        }),
    abandonmentShare: roundShare(figures.abandonmentShare),
    busyShare: roundShare(figures.busyShare),
    ...(figures.reactive === undefined ? {} : { reactive: orderReactive(figures.reactive) }),
    waitSeconds:
      waitSeconds === null
        ? null
        : {
            mean: roundSeconds(waitSeconds.mean),
            p50: roundSeconds(waitSeconds.p50),
            p90: roundSeconds(waitSeconds.p90),
            p95: roundSeconds(waitSeconds.p95),
            p99: roundSeconds(waitSeconds.p99),
          },
    ...(tellsOfLines(scenario) ? orderLines(figures) : {}),
    occupancy: sortByName(figures.occupancy, roundShare),
    queues: sortByName(figures.queues, ({ entered, left }) => ({ entered, left })),
    dropped: figures.dropped,
    rules: sortByName(figures.rules, (firings) => firings),
  };
}

/** Where a scenario says how lines are shown, hurts what shows them, or has a threshold on it. */
function tellsOfLines({ options, faults, thresholds }: Scenario): boolean {
  const given = Object.keys(options['service:wes'] ?? {});
  return (
    faults.length > 0 ||
    thresholds.some(({ path }) => path[0] === 'lines' || path[0] === 'lineSeconds') ||
    DELIVERY_OPTIONS.some((name) => given.includes(name))
  );
}

function orderLines({ lines, lineSeconds }: Figures): Pick<Figures, 'lines' | 'lineSeconds'> {
  return {
    lines: { shown: lines.shown, refreshTimeouts: lines.refreshTimeouts },
    lineSeconds: lineSeconds && {
      p50: roundSeconds(lineSeconds.p50),
      p95: roundSeconds(lineSeconds.p95),
      max: roundSeconds(lineSeconds.max),
    },
  };
}

function orderReactive(reactive: ReactiveFigures): ReactiveFigures {
  return {
    asked: reactive.asked,
    letIn: reactive.letIn,
    refused: reactive.refused,
    started: reactive.started,
    abandoned: reactive.abandoned,
    completed: reactive.completed,
    abandonmentShare: roundShare(reactive.abandonmentShare),
    proactiveAbandonmentShare: roundShare(reactive.proactiveAbandonmentShare),
    busyShare: roundShare(reactive.busyShare),
    proactiveBusyShare: roundShare(reactive.proactiveBusyShare),
  };
}

function sortByName<T, U>(values: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  const entries = Object.entries(values).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, value]) => [name, change(value)]));
}

/** Estimates at the leaves of trees that may lack branches: a seed without a single wait has none of the percentiles. */
function estimateTree(trees: readonly unknown[]): EstimatedFigures {
  const branches = trees.map((tree) => (isRecord(tree) ? tree : {}));
  const names = new Set(branches.flatMap((branch) => Object.keys(branch)));
  const entries = [...names].map((name): [string, EstimatedFigures[string]] => {
    const values = branches.map((branch) => branch[name] ?? null);
    if (values.some(isRecord)) return [name, estimateTree(values)];
    return [name, roundEstimate(estimateOverSeeds(values.map((value) => (typeof value === 'number' ? value : null))))];
  });
  return Object.fromEntries(entries);
}

/** To what can be told apart. */
export function roundEstimate(estimate: Estimate | null): Estimate | null {
  if (estimate === null) return null;
  const { mean, low, high, min, max, noData } = estimate;
  return {
    mean: roundSmall(mean),
    low: low === null ? null : roundSmall(low),
    high: high === null ? null : roundSmall(high),
    min: roundSmall(min),
    max: roundSmall(max),
    ...(noData === undefined ? {} : { noData }),
  };
}

function roundShare(share: number | null): number | null {
  return share === null ? null : roundSmall(share);
}

function roundSmall(value: number): number {
  return Number(value.toFixed(6));
}

function roundSeconds(seconds: number): number {
  return Number(seconds.toFixed(3));
}
