/** What a change of rules means, for a terminal: in sum, by rule, by hour, and with examples. */
import type { Colors } from 'picocolors/types';
import { describeCount, describeDuration, describeGivenShare } from '#testbed/report/figure-text.ts';
import type { BeforeAndAfter, DiffSummary, LeadChanges } from './diff-summary.ts';
import { renderCalendar, type CalendarRow } from './hour-calendar.ts';
import { describeMoment } from './log-moment.ts';

/** Examples shown of each change. */
const EXAMPLES_SHOWN_MAX = 3;
const HEADS = ['by rule', 'kept', 'gained', 'lost', 'invites', 'agent hours'];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

export function renderDiff(diff: DiffSummary, colors: Colors): readonly string[] {
  return [
    ...renderSum(diff, colors),
    '',
    ...renderRules(diff, colors),
    ...renderHours('gained', diff, colors),
    ...renderHours('lost', diff, colors),
    ...renderExamples('gained', diff, colors),
    ...renderExamples('lost', diff, colors),
  ];
}

function renderSum(diff: DiffSummary, colors: Colors): readonly string[] {
  const { invites, agentHours, acceptShare, handleSeconds } = diff;
  const rows = [
    ['hot leads', describeChanges(diff.hotLeads)],
    ...(sizeOf(diff.followUps) === 0 ? [] : [['follow-ups', describeChanges(diff.followUps)]]),
    ['invites', `${describeChange(invites)}, at most`],
    [
      'agent hours',
      `${describeChange(agentHours)}, where ${describeGivenShare(acceptShare)} of the invites are accepted and a chat takes ${describeDuration(handleSeconds * 1_000)}`,
    ],
    ...renderBusiest(diff),
  ] as const;
  const width = Math.max(...rows.map(([label]) => label?.length ?? 0));
  return rows.map(([label = '', text]) => `  ${colors.bold(label.padEnd(width))}   ${text}`);
}

function renderBusiest({ hours }: DiffSummary): readonly (readonly [string, string])[] {
  const [busiest] = hours.toSorted((a, b) => b.agentHours.after - a.agentHours.after);
  if (busiest === undefined) return [];
  const hour = busiest.hour.replace('T', ' ').replace('Z', '');
  return [
    ['busiest hour', `${hour} UTC: ${describeChange(busiest.agentHours)} agents busy, with one chat at a time each`],
  ];
}

function describeChanges(changes: LeadChanges): string {
  const { kept, gained, lost } = changes;
  const sides = describeChange({ before: kept + lost, after: kept + gained });
  return `${sides}: ${describeCount(kept)} kept, ${describeCount(gained)} gained, ${describeCount(lost)} lost`;
}

function sizeOf({ kept, gained, lost }: LeadChanges): number {
  return kept + gained + lost;
}

/** `12 before, 14 after (+2)`. */
function describeChange({ before, after }: BeforeAndAfter): string {
  const difference = after - before;
  const sign = difference > 0 ? '+' : '';
  return `${describeCount(before)} before, ${describeCount(after)} after (${sign}${describeCount(difference)})`;
}

function renderRules({ rules }: DiffSummary, colors: Colors): readonly string[] {
  const rows = rules.map((row) => [
    row.action === 'followUp' ? `${row.rule} (follow-up)` : row.rule,
    describeCount(row.kept),
    describeCount(row.gained),
    describeCount(row.lost),
    `${describeCount(row.invites.before)} > ${describeCount(row.invites.after)}`,
    `${describeCount(row.agentHours.before)} > ${describeCount(row.agentHours.after)}`,
  ]);
  const table = [HEADS, ...rows];
  const widths = HEADS.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row, index) => {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    const text = cells.join('   ');
    return `  ${index === 0 ? colors.dim(text) : text}`;
  });
}

function renderHours(change: 'gained' | 'lost', diff: DiffSummary, colors: Colors): readonly string[] {
  const rows = diff.rules.flatMap((row) =>
    row.action === 'hotLead' && row[change] > 0 ? [listHours(row, change, diff)] : [],
  );
  if (rows.length === 0) return [];
  const table = renderCalendar(`${change} by hour (UTC)`, rows);
  return ['', `  ${colors.dim(table.head)}`, ...table.rows.map((row) => `  ${row}`)];
}

function listHours(
  { rule, package: of, ...row }: DiffSummary['rules'][number],
  change: 'gained' | 'lost',
  { hours }: DiffSummary,
): CalendarRow {
  const ofDay = Map.groupBy(hours, ({ hour }) => Number(hour.slice(11, 13)));
  const count = (hour: number): number | null =>
    ofDay.get(hour)?.reduce((sum, { rules }) => sum + (rules[`${of}/${rule}`]?.[change] ?? 0), 0) ?? null;
  return { label: rule, hours: HOURS.map(count), sum: row[change] };
}

function renderExamples(change: 'gained' | 'lost', { examples }: DiffSummary, colors: Colors): readonly string[] {
  const shown = examples.filter((example) => example.change === change).slice(0, EXAMPLES_SHOWN_MAX);
  if (shown.length === 0) return [];
  return [
    '',
    `  ${colors.bold(`${change}, for example`)}`,
    ...shown.flatMap(({ at, rule, visitID, url, why }) => [
      '',
      `  ${describeMoment(at)}  ${colors.bold(rule)}  ${colors.dim(`visit ${visitID}${url === '' ? '' : ` on ${url}`}`)}`,
      ...why.map((sentence) => `    ${sentence}`),
    ]),
  ];
}
