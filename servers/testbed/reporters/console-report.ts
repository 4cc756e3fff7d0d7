/** The summary of a run for a terminal: verdict first, then each threshold with what was observed, then the figures that matter. */
import type { Colors } from 'picocolors/types';
import {
  describeClock,
  describeCount,
  describeDuration,
  describeNumber,
  describeSeconds,
  describeShare,
} from '#testbed/report/figure-text.ts';
import { describeRefusal } from '#testbed/report/refusal-text.ts';
import { describeFelt } from '#testbed/felt-effects.ts';
import { describeFault } from '#testbed/report/fault-text.ts';
import type { CallbackFigures, LiveFindings, ReactiveFigures, RunResult, RunTiming } from '#testbed/run-result.ts';
import { estimateOverSeeds } from '#testbed/seeds.ts';
import type { Summary } from '#testbed/summary.ts';
import { countRefused } from '#testbed/thresholds-figures.ts';
import { describeObserved, describeSeeds, describeVerdict, isSeedsSummary, listOutcomes } from './outcome-text.ts';

export interface ConsoleReport {
  readonly summary: Summary;
  /** One a seed. */
  readonly results: readonly RunResult[];
  readonly timing: RunTiming;
  /** Files that were written. */
  readonly files: readonly string[];
  /** The verdict's line alone, and the thresholds that fail. */
  readonly isQuiet: boolean;
  readonly colors: Colors;
}

/** The whole text, with a line end. */
export function renderConsoleReport(report: ConsoleReport): string {
  const lines = [renderVerdict(report), ...renderThresholds(report)];
  if (!report.isQuiet) lines.push('', ...renderFigures(report), ...renderNotes(report), '');
  return `${lines.join('\n')}\n`;
}

function renderVerdict({ summary, timing, colors, results }: ConsoleReport): string {
  const verdict = summary.verdict === 'pass' ? colors.bold(colors.green('PASS')) : colors.bold(colors.red('FAIL'));
  const seeds = isSeedsSummary(summary) ? `seeds ${describeSeeds(summary)}` : `seed ${summary.seed}`;
  const scenario = results[0]?.scenario;
  const warmup =
    scenario === undefined || scenario.warmupMs === 0 ? '' : ` after ${describeDuration(scenario.warmupMs)}`;
  const window = `${describeDuration(summary.windowSeconds * 1000)}${warmup}`;
  const speed = `${describeDuration(timing.runMs)}, ${describeNumber(timing.speed)}x`;
  const outcome = describeVerdict(listOutcomes(summary));
  const how = summary.mode === 'live' ? `live, ${window}` : `simulated ${window} · in ${speed}`;
  return `${verdict}  ${colors.bold(summary.scenario)}  ${outcome}  ${colors.dim(`${seeds} · ${how}`)}`;
}

function renderThresholds({ summary, isQuiet, colors }: ConsoleReport): string[] {
  const outcomes = listOutcomes(summary);
  const width = Math.max(...outcomes.map((outcome) => outcome.expression.length));
  return outcomes
    .filter((outcome) => !isQuiet || !outcome.pass)
    .map((outcome) => {
      const sign = outcome.pass ? colors.green('✓') : colors.red('✗');
      const observed = describeObserved(outcome);
      return `  ${sign} ${outcome.expression.padEnd(width)}   ${outcome.pass ? observed : colors.red(observed)}`;
    });
}

/** One row: a label and its figures, each with its words. */
type Row = readonly [string, readonly string[]];

function renderFigures({ results, colors }: ConsoleReport): string[] {
  const rows = listFigures(results);
  const label = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, figures]) => `  ${colors.dim(name.padEnd(label))}   ${figures.join('   ')}`);
}

function listFigures(results: readonly RunResult[]): readonly Row[] {
  const mean = (pick: (result: RunResult) => number | null): number | null =>
    estimateOverSeeds(results.map(pick))?.mean ?? null;
  const count = (pick: (result: RunResult) => number): string => describeCount(mean(pick));
  const wait = (key: 'mean' | 'p50' | 'p90' | 'p95' | 'p99') =>
    describeSeconds(mean(({ figures }) => figures.waitSeconds?.[key] ?? null));
  const groups = Object.keys(results[0]?.figures.occupancy ?? {});
  const hasRefusals = results.some(({ refusals }) => countRefused(refusals) > 0);
  return [
    [
      'traffic',
      [
        `${count(({ figures }) => figures.visits)} visits`,
        `${count(({ figures }) => figures.pageViews)} page views`,
        `${count(({ figures }) => figures.events)} events`,
        `${count(({ figures }) => figures.requests)} requests`,
      ],
    ],
    ['hot leads', [count(({ figures }) => figures.hotLeads), ...(hasRefusals ? [describeRefusals(results)] : [])]],
    [
      'invites',
      [
        `${count(({ figures }) => figures.invites.sent)} sent`,
        `${count(({ figures }) => figures.invites.accepted)} accepted`,
        `${count(({ figures }) => figures.invites.rejected)} rejected`,
        `${count(({ figures }) => figures.invites.timeout)} timed out`,
        `${count(({ figures }) => figures.invites.failed)} failed`,
        `hit ${describeShare(mean(({ figures }) => figures.hitShare))}`,
      ],
    ],
    [
      'chats',
      [
        `${count(({ figures }) => figures.chats.started)} started`,
        `${count(({ figures }) => figures.chats.completed)} completed`,
        `${count(({ figures }) => figures.chats.abandoned)} abandoned`,
        `abandonment ${describeShare(mean(({ figures }) => figures.abandonmentShare))}`,
      ],
    ],
    ...listCallbacks(results),
    ...listReactive(results),
    [
      'waits',
      [`mean ${wait('mean')}`, `p50 ${wait('p50')}`, `p90 ${wait('p90')}`, `p95 ${wait('p95')}`, `p99 ${wait('p99')}`],
    ],
    [
      'agents',
      [
        `busy ${describeShare(mean(({ figures }) => figures.busyShare))}`,
        ...groups.map(
          (group) => `${group} occupied ${describeShare(mean(({ figures }) => figures.occupancy[group] ?? null))}`,
        ),
      ],
    ],
    ...listLive(results),
  ];
}

/** Web callbacks, where a group makes them. */
function listCallbacks(results: readonly RunResult[]): readonly Row[] {
  const given = results.flatMap(({ figures }) => figures.callbacks ?? []);
  if (given.length === 0) return [];
  const mean = (pick: (figures: CallbackFigures) => number | null): number | null =>
    estimateOverSeeds(given.map(pick))?.mean ?? null;
  const count = (pick: (figures: CallbackFigures) => number): string => describeCount(mean(pick));
  return [
    [
      'callbacks',
      [
        `${count(({ asked }) => asked)} asked`,
        `${count(({ connected }) => connected)} connected`,
        `${count(({ completed }) => completed)} completed`,
        `${count(({ late }) => late)} late`,
        `late share ${describeShare(mean(({ lateShare }) => lateShare))}`,
      ],
    ],
  ];
}

/** Visitors who looked for help themselves, where the scenario has any. */
function listReactive(results: readonly RunResult[]): readonly Row[] {
  const given = results.flatMap(({ figures }) => figures.reactive ?? []);
  if (given.length === 0) return [];
  const count = (pick: (figures: ReactiveFigures) => number): string =>
    describeCount(given.reduce((sum, figures) => sum + pick(figures), 0));
  const share = (pick: (figures: ReactiveFigures) => number | null): string =>
    describeShare(estimateOverSeeds(given.map(pick))?.mean ?? null);
  return [
    [
      'reactive',
      [
        `${count(({ asked }) => asked)} asked`,
        `${count(({ refused }) => refused)} not let in`,
        `${count(({ started }) => started)} started`,
        `${count(({ abandoned }) => abandoned)} abandoned`,
        `abandonment ${share(({ abandonmentShare }) => abandonmentShare)} (invited ${share(({ proactiveAbandonmentShare }) => proactiveAbandonmentShare)})`,
        `busy ${share(({ busyShare }) => busyShare)} (invited ${share(({ proactiveBusyShare }) => proactiveBusyShare)})`,
      ],
    ],
  ];
}

/** How a live run went beside its figures, and what each fault did. */
function listLive(results: readonly RunResult[]): readonly Row[] {
  const rows: Row[] = [];
  const [first] = results;
  const total = (pick: (live: LiveFindings) => number): string =>
    describeCount(results.reduce((sum, { live }) => sum + (live === undefined ? 0 : pick(live)), 0));
  if (first?.live !== undefined) {
    rows.push([
      'live',
      [
        `${total((live) => live.acknowledged)} events acknowledged`,
        `${total((live) => live.stored)} in the ${first.live.store} store`,
        `${total((live) => live.lost)} lost`,
        `starts late by p50 ${describeLateness(first.live.latenessMs.p50)}, p99 ${describeLateness(first.live.latenessMs.p99)}`,
        `${total((live) => live.startsDropped)} dropped`,
      ],
    ]);
  }
  for (const felt of first === undefined ? [] : describeFelt(first.series, first.faults)) {
    rows.push(['fault', [describeFault(felt)]]);
  }
  return rows;
}

function describeLateness(ms: number): string {
  return `${describeNumber(ms)} ms`;
}

function describeRefusals(results: readonly RunResult[]): string {
  const reasons = [...new Set(results.flatMap(({ refusals }) => Object.keys(refusals)))];
  const parts = reasons
    .map((reason) => ({
      reason,
      count: results.reduce((sum, { refusals }) => sum + (refusals[reason] ?? 0), 0) / results.length,
    }))
    .filter(({ count }) => count > 0)
    .toSorted((one, other) => other.count - one.count)
    .map(({ reason, count }) => `${describeCount(count)} ${describeRefusal(reason).short}`);
  return `not invited: ${parts.join(', ')}`;
}

/** What nobody may miss, whatever files are written: never dim. */
function renderPacingNotices({ results, colors }: ConsoleReport): string[] {
  const tones = new Map(results.flatMap(({ pacingNotices }) => pacingNotices.map(({ text, tone }) => [text, tone])));
  const lines = Array.from(tones, ([text, tone]) =>
    tone === 'alarm' ? `  ${colors.bold(colors.red('warning'))} ${text}` : `  ${colors.yellow('note')}    ${text}`,
  );
  return lines.length === 0 ? [] : ['', ...lines];
}

function renderNotes(report: ConsoleReport): string[] {
  const { summary, results, files, colors } = report;
  const lines: string[] = renderPacingNotices(report);
  const told = new Set(results.flatMap(({ pacingNotices }) => pacingNotices.map(({ text }) => text)));
  const deviations = summary.deviations.filter((deviation) => !told.has(deviation));
  if (deviations.length > 0 && files.length === 0) {
    lines.push('', ...deviations.map((deviation) => colors.dim(`  note   ${deviation}`)));
  } else if (deviations.length > 0) {
    const notes = deviations.length === 1 ? 'one deviation' : `${deviations.length} deviations`;
    lines.push('', colors.dim(`  note    ${notes} from the guide, named in the files`));
  }
  if ('whatIfs' in summary) {
    lines.push(
      '',
      ...(summary.whatIfs ?? []).map(({ atMs, sentence }) => `  what if  ${describeClock(atMs)}: ${sentence}`),
    );
  }
  if (files.length > 0) lines.push(...files.map((file) => `  ${colors.dim('wrote')}   ${file}`));
  return lines;
}
