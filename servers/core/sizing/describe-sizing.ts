/** A sizing report as text for a terminal or a mail: sections of aligned lines of at most 80 characters, without colours. */
import { alignDecimals, formatFigure, formatShort, wrapText } from './figure-text.ts';
import type { Load } from './load.ts';
import type { SizingReport } from './sizing-report.ts';

export interface TextSection {
  readonly title: string;
  readonly lines: readonly string[];
}

const WIDTH = 80;

export function describeSizing(report: SizingReport): readonly TextSection[] {
  return [
    loadSection(report),
    peakSection(report),
    nodeSection(report),
    diskSection(report),
    {
      title: 'Assumptions (= as given)',
      lines: report.assumptions.flatMap(({ text, given }) => bullet(given ? '=' : '-', text)),
    },
    { title: 'Notes', lines: report.notes.flatMap((note) => bullet('-', note)) },
  ];
}

function loadSection(report: SizingReport): TextSection {
  const { inputs, busyHour, peak, visitDepth } = report;
  const rates = `${formatShort(inputs.visitsPerHour)} visits and ${formatShort(inputs.pageViewsPerHour)} page views an hour`;
  const hasMax = inputs.maxVisitsPerHour !== null;
  const rows: readonly (readonly [string, (load: Load) => number])[] = [
    ['visits/s', (load) => load.visitsPerSecond],
    ['page views/s', (load) => load.pageViewsPerSecond],
    ['events/s', (load) => load.eventsPerSecond],
    ['requests/s', (load) => load.requestsPerSecond],
  ];
  const column = (title: string, load: Load): readonly string[] => [
    title,
    ...alignDecimals(rows.map(([, read]) => formatFigure(read(load)))),
  ];
  const columns = [
    ['', ...rows.map(([name]) => name)],
    column('average', report),
    ...(hasMax ? [column('busiest hour', busyHour)] : []),
    column('peak second', peak),
  ];
  const busyDepth = hasMax ? `, ${formatFigure(busyHour.visitDepth, 4)} in the busiest hour` : '';
  return {
    title: `Load: ${rates}`,
    lines: [...table(columns), `visit depth ${formatFigure(visitDepth, 4)} page views a visit${busyDepth}`],
  };
}

function peakSection({ busyHour, peak, peakCheck }: SizingReport): TextSection {
  const covered = formatShort(peakCheck.visitsCovered);
  const left = [
    `seconds with more than ${covered} visits`,
    '',
    'in at most one second an hour',
    'in at most one second a day',
    'events/s, pages spread',
  ];
  const right = [
    `${formatFigure(peakCheck.exceededShare * 100)} % of all seconds (exact Poisson tail)`,
    `${formatFigure(peakCheck.exceededSecondsPerHour)} an hour, ${formatFigure(peakCheck.exceededSecondsPerDay)} a day at this rate`,
    `more than ${formatShort(peakCheck.visitsExceededOnceAnHour, 6)} visits`,
    `more than ${formatShort(peakCheck.visitsExceededOnceADay, 6)} visits`,
    `${formatFigure(peakCheck.spreadEventsPerSecond)} at most, where the peak says ${formatFigure(peak.eventsPerSecond)}`,
  ];
  const mean = formatFigure(busyHour.visitsPerSecond);
  return {
    title: `Peak, checked: ${mean} + 4 x sqrt(${mean}) = ${formatFigure(peak.visitsPerSecond)} visits/s`,
    lines: table([left, right], false),
  };
}

function nodeSection({ inputs, nodes, nodesForBusyHour }: SizingReport): TextSection {
  const labels = ['Web Engagement Servers', 'or Frontend Servers', '   Backend Servers', 'Cassandra nodes'];
  const names = ['webEngagementServers', 'frontends', 'backends', 'cassandra'] as const;
  const column = (title: string, counts: typeof nodes): readonly string[] => [
    title,
    ...names.map((name) => formatShort(counts[name], 6)),
  ];
  return {
    title: `Nodes, at least: ${formatShort(inputs.requestsPerNode)} requests/s a server, N+1`,
    lines: table([
      ['', ...labels],
      column(inputs.maxVisitsPerHour === null ? 'average' : 'busiest hour', nodesForBusyHour),
      column('peak', nodes),
    ]),
  };
}

function diskSection({ inputs, disk }: SizingReport): TextSection {
  const periods = [
    ['hour', disk.gbPerHour],
    ['day', disk.gbPerDay],
    ['week', disk.gbPerWeek],
    ['month', disk.gbPerMonth],
    ['year', disk.gbPerYear],
  ] as const;
  const days = inputs.retentionDays === 1 ? '1 day' : `${formatShort(inputs.retentionDays)} days`;
  const columns = [['per', 'GB'], ...periods.map(([period, gb]) => [period, formatFigure(gb)])];
  const kept = `${formatFigure(disk.gbPerNode)} GB a node when kept for ${days}, and ${formatShort(disk.commitLogGbPerNode)} GB of commit log`;
  return {
    title: `Disk: ${formatFigure(disk.eventsPerHour, 4)} events an hour, replication factor ${inputs.replicationFactor}, ${inputs.nodes} nodes`,
    lines: [...table(columns), kept],
  };
}

/** Columns side by side; all but the first stand to the right unless they are words. */
function table(columns: readonly (readonly string[])[], rightAligned = true): readonly string[] {
  const widths = columns.map((column) => Math.max(...column.map((cell) => cell.length)));
  const height = Math.max(...columns.map((column) => column.length));
  return Array.from({ length: height }, (_, row) =>
    columns
      .map((column, index) => {
        const cell = column[row] ?? '';
        return index > 0 && rightAligned ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0);
      })
      .join('  ')
      .trimEnd(),
  );
}

function bullet(mark: string, text: string): readonly string[] {
  return wrapText(text, WIDTH - 4).map((line, index) => `${index === 0 ? mark : ' '} ${line}`);
}
