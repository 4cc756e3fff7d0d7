/** A replay for a terminal: what was read, what of it persons did, and what the rules made of it, with the first firings in full. */
import type { Colors } from 'picocolors/types';
import { explainFiring } from '#core/rules/explain-firing.ts';
import type { Firing } from '#core/rules/firing.ts';
import { describeProblem } from '#protocol/operating-error.ts';
import { describeCount, describeShare } from '#testbed/report/figure-text.ts';
import { listBadLines } from './bad-lines.ts';
import { renderDiff } from './diff-report.ts';
import { CALENDAR_DAYS_MAX, listDayRows, listRuleRows, renderCalendar } from './hour-calendar.ts';
import { describeMoment, describeTimeOfDay } from './log-moment.ts';
import { NO_PAGE_PHRASES, NO_PAGE_REASONS } from './page-request.ts';
import type { ReplayResult } from './replay.ts';
import type { ReplaySummary } from './replay-summary.ts';
import { describeReplayTiming, type ReplayTiming } from './replay-timing.ts';
import { ROBOT_PHRASES } from './robots.ts';

export interface ReplayReport {
  /** As it was named. */
  readonly file: string;
  readonly summary: ReplaySummary;
  readonly result: ReplayResult;
  readonly timing: ReplayTiming;
  /** Files that were written. */
  readonly written: readonly string[];
  readonly colors: Colors;
}

const BAD_LINES_SHOWN_MAX = 5;

/** The whole text, with a line end. */
export function renderReplayReport(report: ReplayReport): string {
  const { summary, written, colors } = report;
  const lines = [
    renderTitle(report),
    '',
    ...renderRows(listRows(report), colors),
    ...renderBadLines(report),
    '',
    ...(summary.diff === null
      ? [...renderHotLeads(report), ...renderFirstFirings(report)]
      : renderDiff(summary.diff, colors)),
    ...summary.notes.flatMap((note) => ['', `  ${colors.yellow('note')}  ${note}`]),
    ...(written.length > 0 ? ['', ...written.map((file) => `  ${colors.dim('wrote')}  ${file}`)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function renderTitle({ summary, result, colors }: ReplayReport): string {
  const from = describeMoment(Date.parse(summary.from));
  const to = describeMoment(Date.parse(summary.to));
  return `${colors.bold(summary.file)}  ${colors.dim(`${describeFormat(result)} · ${from} to ${to} UTC`)}`;
}

function describeFormat({ log }: ReplayResult): string {
  if (log === null) return 'recorded events';
  if (log.common === 0) return 'access log, combined format';
  return log.combined === 0 ? 'access log, common format' : 'access log, common and combined format';
}

type Row = readonly [label: string, text: string];

function listRows({ summary, result, timing }: ReplayReport): readonly Row[] {
  const { lines, coverage } = summary;
  const order = result.reading.wasInOrder ? 'in order of time' : 'sorted by time';
  const share = describeShare(coverage.minutesWithRecords / coverage.minutesSpanned);
  return [
    ['lines', `${describeCount(lines.read)} read, ${describeCount(lines.bad)} bad, ${order}`],
    [
      'coverage',
      `${describeCount(coverage.minutesWithRecords)} of ${describeCount(coverage.minutesSpanned)} minutes have ${result.log === null ? 'events' : 'lines'} (${share})`,
    ],
    ...listLogRows(summary, result),
    [
      'visits',
      `${countOf(summary.visits, 'visit')}, ${countOf(summary.pageViews, 'page view')}, ${countOf(summary.events, 'event')}`,
    ],
    ['categories', listCategoryCounts(summary)],
    ['took', describeReplayTiming(timing)],
  ];
}

function listLogRows({ robots }: ReplaySummary, { log }: ReplayResult): readonly Row[] {
  if (robots === null || log === null) return [];
  const rules = robots.rules.filter(({ requests }) => requests > 0);
  const reasons = NO_PAGE_REASONS.filter((reason) => log.noPages[reason] > 0);
  const noPages = reasons.reduce((sum, reason) => sum + log.noPages[reason], 0);
  return [
    ['robots', `${countOf(robots.requests, 'request')} of ${countOf(robots.clients, 'client')}`],
    ...rules.map(({ rule, requests, clients }): Row => [
      '',
      `  ${describeCount(requests)} of ${describeCount(clients)}: ${ROBOT_PHRASES[rule]}`,
    ]),
    ['not pages', `${countOf(noPages, 'request')} of persons`],
    ...reasons.map((reason): Row => ['', `  ${describeCount(log.noPages[reason])}: ${NO_PAGE_PHRASES[reason]}`]),
  ];
}

function listCategoryCounts(summary: ReplaySummary): string {
  const counts = summary.categories.map(({ name, pageViews }) => `${name} ${describeCount(pageViews)}`);
  return [...counts, `none ${describeCount(summary.pageViewsWithoutCategory)}`].join(', ');
}

function renderRows(rows: readonly Row[], colors: Colors): readonly string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `  ${colors.dim(label.padEnd(width))}   ${text}`);
}

function renderBadLines({ file, summary, result, colors }: ReplayReport): readonly string[] {
  if (summary.lines.bad === 0) return [];
  const shown = listBadLines(result.reading.counts.bad, file, BAD_LINES_SHOWN_MAX);
  const more = summary.lines.bad - shown.length;
  return [
    '',
    ...shown.map((problem) => `  ${colors.yellow('bad')}  ${describeProblem(problem)}`),
    ...(more > 0 ? [`       and ${describeCount(more)} more`] : []),
  ];
}

function renderHotLeads({ summary, colors }: ReplayReport): readonly string[] {
  const later = summary.followUps === 0 ? '' : `, ${countOf(summary.followUps, 'follow-up')}`;
  const heading = `${countOf(summary.hotLeads, 'hot lead')} in ${countOf(summary.visitsWithHotLead, 'visit')}${later}`;
  const rules = listRuleRows(summary);
  const days = listDayRows(summary);
  const shownDays = days.slice(0, CALENDAR_DAYS_MAX);
  const table = renderCalendar('by rule and hour (UTC)', [...rules, ...shownDays]);
  const more = days.length - shownDays.length;
  return [
    `  ${colors.bold(heading)}`,
    '',
    `  ${colors.dim(table.head)}`,
    ...table.rows.slice(0, rules.length).map((row) => `  ${row}`),
    '',
    ...table.rows.slice(rules.length).map((row) => `  ${row}`),
    ...(more > 0 ? [`  and ${countOf(more, 'more day')}: all are in the summary (--out, --json)`] : []),
  ];
}

function renderFirstFirings({ summary, result, colors }: ReplayReport): readonly string[] {
  const { firstFirings } = result.tally;
  if (firstFirings.length === 0) return [];
  const all = firstFirings.length === summary.hotLeads + summary.followUps;
  return [
    '',
    `  ${colors.bold(all ? 'why' : `why, the first ${firstFirings.length}`)}`,
    ...firstFirings.flatMap((firing) => ['', ...renderFiring(firing, result, colors)]),
  ];
}

function renderFiring(firing: Firing, { rules }: ReplayResult, colors: Colors): readonly string[] {
  const sentences = explainFiring(firing, rules, describeTimeOfDay);
  const page = firing.url === '' ? '' : ` on ${firing.url}`;
  return [
    `  ${describeMoment(firing.at)}  ${colors.bold(firing.rule)}  ${colors.dim(`visit ${firing.visitID}${page}`)}`,
    ...sentences.map((sentence) => `    ${sentence}`),
  ];
}

/** `1 visit`, `1,064 visits`. */
function countOf(count: number, what: string): string {
  return `${describeCount(count)} ${what}${count === 1 ? '' : 's'}`;
}
