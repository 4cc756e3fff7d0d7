/**
 * `engage replay`: an access log or recorded events through rules and categories: which hot leads they would have made, and why;
 * or the journals of a run through the simulator's machines.
 */
import { basename } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { describePackageNameFault } from '#core/rules/package-domain.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { DURATION_EXPECTED, parseDuration, parseShare, SHARE_EXPECTED } from '#protocol/quantities.ts';
import { DEFAULT_INVITE_COST, type InviteCost } from '#testbed/replay/diff-summary.ts';
import { loadRuleFiles, loadRuleTemplates, type RuleFiles } from '#testbed/replay/load-rule-files.ts';
import { ReplayFiles } from '#testbed/replay/replay-files.ts';
import { createReplayProgress } from '#testbed/replay/replay-progress.ts';
import { renderReplayReport } from '#testbed/replay/replay-report.ts';
import { createReplaySummary, writeReplaySummary } from '#testbed/replay/replay-summary.ts';
import { describeReplayTiming, type ReplayTiming } from '#testbed/replay/replay-timing.ts';
import { replay, type ReplayOrder, type ReplayResult } from '#testbed/replay/replay.ts';
import { parseOrigin } from './base-url.ts';
import { createInterrupt } from './interrupt.ts';
import { countProblems } from './problems.ts';
import { replayJournals } from './replay-journal.ts';

interface ReplayOptions {
  readonly rules?: readonly string[];
  readonly templates?: readonly string[];
  readonly diff?: readonly string[];
  readonly accept?: string;
  readonly handle?: string;
  readonly journal?: string;
  readonly categories?: string;
  readonly baseUrl?: string;
  readonly domainSeparation?: true;
  readonly out?: string;
  readonly json?: true;
}

const EXAMPLES = `
The log is an access log in Apache's common or combined format, or recorded events, one JSON object a line; plain or
gzipped. Its lines need not be in order. What counts as a robot, a page view and a visit: docs/replay.md.

With --out, DIR/hotleads.ndjson holds one firing a line with the events that it matched, DIR/summary.json all counts,
DIR/timing.json how long it took and the most memory that it held. Both are told at the end too, with --json on stderr.

With --diff the rules of today and those that are to follow them go over the same events: which hot leads are gained, lost
and kept, by rule and hour, why, and what that means in invites and agent hours. DIR/diff.ndjson holds one change a line.

Examples:
  engage replay access.log --rules rules.yaml --categories categories.yaml
  engage replay access.log.gz --rules scenarios/replay/blog-rules.yaml --categories scenarios/replay/blog-categories.yaml
  engage replay access.log --rules a.yaml b.yaml --categories c.yaml --base-url https://www.example.com --out replayed
  engage replay events.ndjson --rules rules.yaml --json
  engage replay events.ndjson --rules new.yaml --diff rules.yaml --accept 30% --handle 6m
  engage replay --journal runs/live-smoke/journal

With --journal the journals of a run, live or simulated, go through the simulator's machines: the same decisions, exactly, and every
message between nodes heard exactly once, or lost to a named fault (docs/live.md).

Exit status: 0 it was replayed, 2 invalid input or usage, or nothing in it to replay, 3 the journals differ, 4 the results
can not be written, 130 interrupted.`;

export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('an access log or recorded events through rules and categories')
    .argument('[log]', 'access log or recorded events (NDJSON), plain or gzipped')
    .option('--rules <file...>', 'rule packages, in the order in which they count')
    .option('--templates <file...>', 'template files that the rules may use')
    .option('--diff <file...>', 'the rule packages of today, to compare those of --rules with')
    .option('--accept <share>', 'with --diff: share of the invites that are accepted (default 30%)')
    .option('--handle <duration>', 'with --diff: time that an accepted invite takes an agent (default 6m)')
    .option('--journal <dir>', 'the journals of a run, in place of a log')
    .option('--categories <file>', 'category file; an event that brings its categories keeps them')
    .option(
      '--base-url <url>',
      'the site that wrote an access log, such as https://www.example.com: stands before its paths',
    )
    .option('--domain-separation', 'each package for its own domain only, as with cep.domainSeparation')
    .option('--out <dir>', 'write DIR/hotleads.ndjson, DIR/summary.json and DIR/timing.json')
    .option('--json', 'print the summary as JSON, nothing else')
    .addHelpText('after', EXAMPLES)
    .action((log: string | undefined, options: ReplayOptions) => {
      if (options.journal === undefined) return replayLog(log, options);
      refuseBeside(log, options);
      return replayJournals(options.journal, options.json === true);
    });
}

/** A journal brings its own rules and categories. */
function refuseBeside(log: string | undefined, options: ReplayOptions): void {
  const { rules, templates, diff, accept, handle, categories, baseUrl, domainSeparation, out } = options;
  const beside = listGiven({
    log,
    '--rules': rules,
    '--templates': templates,
    '--diff': diff,
    '--accept': accept,
    '--handle': handle,
    '--categories': categories,
    '--base-url': baseUrl,
    '--domain-separation': domainSeparation,
    '--out': out,
  });
  if (beside.length === 0) return;
  throw new OperatingError('INVALID_USAGE', `--journal is replayed as it is: leave out ${beside.join(', ')}`);
}

function listGiven(options: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}

async function replayLog(log: string | undefined, options: ReplayOptions): Promise<void> {
  if (log === undefined) throw new OperatingError('INVALID_USAGE', "missing required argument 'log', or --journal DIR");
  const { rules } = options;
  if (rules === undefined)
    throw new OperatingError('INVALID_USAGE', "required option '--rules <file...>' not specified");
  await runReplay(log, { ...options, rules });
}

type LogReplayOptions = ReplayOptions & { readonly rules: readonly string[] };

async function runReplay(log: string, options: LogReplayOptions): Promise<void> {
  const origin = options.baseUrl === undefined ? undefined : parseOrigin(options.baseUrl);
  const cost = readInviteCost(options);
  const files = loadFiles(options);
  const domainSeparation = options.domainSeparation === true;
  if (domainSeparation) refuseNames([...files.packages, ...(files.before ?? [])]);
  const out =
    options.out === undefined ? undefined : new ReplayFiles(options.out, { isDiff: files.before !== undefined });
  try {
    const isSilent = options.json === true || !process.stdout.isTTY;
    const { result, timing } = await replayWithProgress(log, files, { origin, domainSeparation, out, isSilent });
    const summary = createReplaySummary(log, result, files.categories, cost);
    const written = out?.commit(summary, timing) ?? [];
    if (options.json === true) {
      process.stderr.write(`${describeReplayTiming(timing)}\n`);
      process.stdout.write(writeReplaySummary(summary));
    } else process.stdout.write(renderReplayReport({ file: log, summary, result, timing, written, colors: pc }));
    // Recorded events that can be read are events; a log may hold robots alone.
    if (summary.events === 0) {
      throw new OperatingError('INVALID_INPUT', `${log}: no page view of a person is in it, so no rule was asked`);
    }
  } finally {
    out?.discard();
  }
}

/** What an invite costs, where rules are compared; the faults of both options at once. */
function readInviteCost({ diff, accept, handle }: ReplayOptions): InviteCost {
  const given = listGiven({ '--accept': accept, '--handle': handle });
  if (diff === undefined && given.length > 0) {
    throw new OperatingError('INVALID_USAGE', `${given.join(' and ')}: only with --diff`);
  }
  const acceptShare = accept === undefined ? DEFAULT_INVITE_COST.acceptShare : parseShare(accept);
  const handleMs = handle === undefined ? DEFAULT_INVITE_COST.handleMs : parseDuration(handle);
  if (acceptShare !== undefined && handleMs !== undefined) return { acceptShare, handleMs };
  const faults = [
    ...(acceptShare === undefined ? [`--accept: ${SHARE_EXPECTED}, got "${accept}"`] : []),
    ...(handleMs === undefined ? [`--handle: ${DURATION_EXPECTED}, got "${handle}"`] : []),
  ];
  throw new OperatingError('INVALID_USAGE', faults.join('; '));
}

interface ComparedFiles extends RuleFiles {
  /** The packages of --diff. */
  readonly before: readonly RulePackage[] | undefined;
}

function loadFiles({ rules, templates = [], diff, categories }: LogReplayOptions): ComparedFiles {
  const known = loadRuleTemplates(templates);
  if (!known.ok) {
    const what = `${countProblems(known.problems)} in templates: nothing was replayed`;
    throw new OperatingError('INVALID_INPUT', what, known.problems);
  }
  const loaded = loadRuleFiles(rules, categories, known.value);
  const before = diff === undefined ? undefined : loadRuleFiles(diff, undefined, known.value);
  if (loaded.ok && before?.ok !== false) return { ...loaded.value, before: before?.value.packages };
  const problems = [loaded, before].flatMap((one) => (one === undefined || one.ok ? [] : one.problems));
  const what = `${countProblems(problems)} in rules and categories: nothing was replayed`;
  throw new OperatingError('INVALID_INPUT', what, problems);
}

/** Packages that are named by no domain would be asked for nothing. */
function refuseNames(packages: readonly RulePackage[]): void {
  const faults = packages.flatMap(({ name }) => describePackageNameFault(name) ?? []);
  if (faults.length > 0) throw new OperatingError('INVALID_INPUT', `nothing was replayed: ${faults.join('; ')}`);
}

interface TimedReplay {
  readonly result: ReplayResult;
  readonly timing: ReplayTiming;
}

async function replayWithProgress(
  log: string,
  files: ComparedFiles,
  how: Pick<ReplayOrder, 'origin' | 'domainSeparation'> & {
    readonly out: ReplayFiles | undefined;
    readonly isSilent: boolean;
  },
): Promise<TimedReplay> {
  const interrupt = createInterrupt();
  const progress = how.isSilent ? undefined : createReplayProgress(basename(log), process.stderr);
  const startedAt = performance.now();
  try {
    const result = await replay({
      file: log,
      ...files,
      origin: how.origin,
      domainSeparation: how.domainSeparation,
      firings: how.out?.firings,
      changes: how.out?.changes,
      signal: interrupt.signal,
      onProgress: (reached) => progress?.update(reached),
    });
    return { result, timing: measureReplay(result, performance.now() - startedAt) };
  } finally {
    progress?.stop();
    interrupt.end();
  }
}

function measureReplay({ tally }: ReplayResult, wallMs: number): ReplayTiming {
  // The system tells KiB.
  const rssMiBMax = process.resourceUsage().maxRSS / 1_024;
  return { wallMs, eventsPerSecond: (tally.events / wallMs) * 1_000, rssMiBMax };
}
