/**
 * `engage replay`: an access log or recorded events through rules and categories: which hot leads they would have made, and why;
 * or the journals of a live run through the simulator's machines.
 */
import { basename } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { OperatingError } from '#protocol/operating-error.ts';
import { loadRuleFiles, type RuleFiles } from '#testbed/replay/load-rule-files.ts';
import { ReplayFiles } from '#testbed/replay/replay-files.ts';
import { createReplayProgress } from '#testbed/replay/replay-progress.ts';
import { renderReplayReport } from '#testbed/replay/replay-report.ts';
import { createReplaySummary, writeReplaySummary } from '#testbed/replay/replay-summary.ts';
import { replay, type ReplayResult } from '#testbed/replay/replay.ts';
import { parseOrigin } from './base-url.ts';
import { createInterrupt } from './interrupt.ts';
import { countProblems } from './problems.ts';
import { replayJournals } from './replay-journal.ts';

interface ReplayOptions {
  readonly rules?: readonly string[];
  readonly journal?: string;
  readonly categories?: string;
  readonly baseUrl?: string;
  readonly out?: string;
  readonly json?: true;
}

const EXAMPLES = `
The log is an access log in Apache's common or combined format, or recorded events, one JSON object a line; plain or
gzipped. Its lines need not be in order. What counts as a robot, a page view and a visit: docs/replay.md.

With --out, DIR/hotleads.ndjson holds one firing a line with the events that it matched, DIR/summary.json all counts.

Examples:
  engage replay access.log --rules rules.yaml --categories categories.yaml
  engage replay access.log.gz --rules scenarios/replay/blog-rules.yaml --categories scenarios/replay/blog-categories.yaml
  engage replay access.log --rules a.yaml b.yaml --categories c.yaml --base-url https://www.example.com --out replayed
  engage replay events.ndjson --rules rules.yaml --json
  engage replay --journal runs/live-smoke/journal

With --journal the journals of a live run go through the simulator's machines: the same decisions, exactly, and every
message between nodes heard exactly once, or lost to a named fault (docs/live.md).

Exit status: 0 it was replayed, 2 invalid input or usage, or nothing in it to replay, 3 the journals differ, 4 the results
can not be written, 130 interrupted.`;

export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('an access log or recorded events through rules and categories')
    .argument('[log]', 'access log or recorded events (NDJSON), plain or gzipped')
    .option('--rules <file...>', 'rule packages, in the order in which they count')
    .option('--journal <dir>', 'the journals of a live run, in place of a log')
    .option('--categories <file>', 'category file; an event that brings its categories keeps them')
    .option(
      '--base-url <url>',
      'the site that wrote an access log, such as https://www.example.com: stands before its paths',
    )
    .option('--out <dir>', 'write DIR/hotleads.ndjson and DIR/summary.json')
    .option('--json', 'print the summary as JSON, nothing else')
    .addHelpText('after', EXAMPLES)
    .action((log: string | undefined, options: ReplayOptions) => {
      if (options.journal === undefined) return replayLog(log, options);
      refuseBeside(log, options);
      return replayJournals(options.journal, options.json === true);
    });
}

/** A journal brings its own rules and categories. */
function refuseBeside(log: string | undefined, { rules, categories, baseUrl, out }: ReplayOptions): void {
  const given = { log, '--rules': rules, '--categories': categories, '--base-url': baseUrl, '--out': out };
  const beside = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (beside.length === 0) return;
  throw new OperatingError('INVALID_USAGE', `--journal is replayed as it is: leave out ${beside.join(', ')}`);
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
  const files = loadFiles(options);
  const out = options.out === undefined ? undefined : new ReplayFiles(options.out);
  try {
    const result = await replayWithProgress(log, files, {
      origin,
      out,
      isSilent: options.json === true || !process.stdout.isTTY,
    });
    const summary = createReplaySummary(log, result, files.categories);
    const written = out?.commit(summary) ?? [];
    process.stdout.write(
      options.json === true
        ? writeReplaySummary(summary)
        : renderReplayReport({ file: log, summary, result, written, colors: pc }),
    );
    // Recorded events that can be read are events; a log may hold robots alone.
    if (summary.events === 0) {
      throw new OperatingError('INVALID_INPUT', `${log}: no page view of a person is in it, so no rule was asked`);
    }
  } finally {
    out?.discard();
  }
}

function loadFiles(options: LogReplayOptions): RuleFiles {
  const loaded = loadRuleFiles(options.rules, options.categories);
  if (loaded.ok) return loaded.value;
  const what = `${countProblems(loaded.problems)} in rules and categories: nothing was replayed`;
  throw new OperatingError('INVALID_INPUT', what, loaded.problems);
}

async function replayWithProgress(
  log: string,
  files: RuleFiles,
  how: { readonly origin: string | undefined; readonly out: ReplayFiles | undefined; readonly isSilent: boolean },
): Promise<ReplayResult> {
  const interrupt = createInterrupt();
  const progress = how.isSilent ? undefined : createReplayProgress(basename(log), process.stderr);
  try {
    return await replay({
      file: log,
      ...files,
      origin: how.origin,
      firings: how.out,
      signal: interrupt.signal,
      onProgress: (reached) => progress?.update(reached),
    });
  } finally {
    progress?.stop();
    interrupt.end();
  }
}
