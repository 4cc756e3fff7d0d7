/** `engage size`: the guide's chapter "Sizing Information" as a command. */
import type { Command } from 'commander';
import pc from 'picocolors';
import type { Problem } from '#core/result.ts';
import { describeSizing } from '#core/sizing/describe-sizing.ts';
import { readNumber } from '#core/sizing/input-check.ts';
import type { GivenSizingInputs, SizingInputName } from '#core/sizing/sizing-inputs.ts';
import { sizeDeployment, type SizingReport } from '#core/sizing/sizing-report.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { parseDuration, parseShare } from '#protocol/quantities.ts';

interface SizeOptions {
  readonly visitsPerHour?: string;
  readonly pageViewsPerHour?: string;
  readonly visitsPerDay?: string;
  readonly pageViewsPerDay?: string;
  readonly maxVisitsPerHour?: string;
  readonly maxPageViewsPerHour?: string;
  readonly pageEvents?: string;
  readonly visitEvents?: string;
  readonly categorized?: string;
  readonly nodes?: string;
  readonly rf?: string;
  readonly requestsPerNode?: string;
  readonly retention?: string;
  readonly json?: boolean;
}

/** How an input is written as an option. */
const OPTION: Readonly<Record<SizingInputName, string>> = {
  visitsPerHour: '--visits-per-hour',
  pageViewsPerHour: '--page-views-per-hour',
  visitsPerDay: '--visits-per-day',
  pageViewsPerDay: '--page-views-per-day',
  maxVisitsPerHour: '--max-visits-per-hour',
  maxPageViewsPerHour: '--max-page-views-per-hour',
  pageEvents: '--page-events',
  visitEvents: '--visit-events',
  categorizedShare: '--categorized',
  nodes: '--nodes',
  replicationFactor: '--rf',
  requestsPerNode: '--requests-per-node',
  retentionDays: '--retention',
};

const EXAMPLES = `
Examples:
  engage size --visits-per-hour 3000 --page-views-per-hour 32000
      the guide's example: average, peak, nodes and disk
  engage size --visits-per-day 40000 --page-views-per-day 400000 --max-visits-per-hour 3000
      averages over the day, the peak from the busiest hour
  engage size --visits-per-hour 3000 --page-views-per-hour 32000 --requests-per-node 120 --json
      with a measured request rate, every figure with its formula and source
`;

export function addSizeCommand(program: Command): void {
  program
    .command('size')
    .description('size a deployment: average and peak load, nodes, disk, with every assumption named')
    .option('--visits-per-hour <n>', 'average visits an hour')
    .option('--page-views-per-hour <n>', 'average page views an hour')
    .option('--visits-per-day <n>', 'average visits a day, instead of the rate per hour')
    .option('--page-views-per-day <n>', 'average page views a day, instead of the rate per hour')
    .option('--max-visits-per-hour <n>', "visits of the busiest hour (its mean, as in the guide's worked example)")
    .option('--max-page-views-per-hour <n>', 'page views of the busiest hour (absent: visits as deep as the average)')
    .option('--page-events <n>', 'business events of a page view (default 2)')
    .option('--visit-events <n>', 'identity events of a visit (default 0.1)')
    .option('--categorized <share>', 'share of page views that carry a category (default 50%)')
    .option('--nodes <n>', 'Cassandra nodes that share the disk (default 4)')
    .option('--rf <n>', 'replication factor (default 3)')
    .option('--requests-per-node <n>', 'requests/s that one server takes (default 500, an assumption of ours)')
    .option('--retention <duration>', 'how long history is kept (default 365d)')
    .option('--json', 'print the whole report as JSON')
    .addHelpText('after', EXAMPLES)
    .action((options: SizeOptions) => {
      const report = sizeFromOptions(options);
      process.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : printSizing(report));
    });
}

/** Throws `OperatingError('INVALID_INPUT')` that names every wrong option at once. */
function sizeFromOptions(options: SizeOptions): SizingReport {
  const sized = sizeDeployment(readOptions(options), 'engage size');
  if (sized.ok) return sized.value;
  throw new OperatingError('INVALID_INPUT', 'this deployment cannot be sized', sized.problems.map(nameOption));
}

function readOptions(options: SizeOptions): GivenSizingInputs {
  const { categorized, retention } = options;
  const retentionMs = retention === undefined ? undefined : parseDuration(retention);
  return {
    visitsPerHour: readNumber(options.visitsPerHour),
    pageViewsPerHour: readNumber(options.pageViewsPerHour),
    visitsPerDay: readNumber(options.visitsPerDay),
    pageViewsPerDay: readNumber(options.pageViewsPerDay),
    maxVisitsPerHour: readNumber(options.maxVisitsPerHour),
    maxPageViewsPerHour: readNumber(options.maxPageViewsPerHour),
    pageEvents: readNumber(options.pageEvents),
    visitEvents: readNumber(options.visitEvents),
    categorizedShare: categorized === undefined ? undefined : (parseShare(categorized) ?? categorized),
    nodes: readNumber(options.nodes),
    replicationFactor: readNumber(options.rf),
    requestsPerNode: readNumber(options.requestsPerNode),
    retentionDays: retentionMs === undefined ? retention : retentionMs / 86_400_000,
  };
}

function nameOption(problem: Problem): Problem {
  const option = Object.entries(OPTION).find(([name]) => name === problem.path)?.[1];
  return { ...problem, path: option ?? problem.path };
}

function printSizing(report: SizingReport): string {
  return describeSizing(report)
    .map(({ title, lines }) => `${pc.bold(title)}\n${lines.map((line) => `  ${line}\n`).join('')}`)
    .join('\n');
}
