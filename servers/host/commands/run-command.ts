/** `engage run`: runs scenarios, simulated or live, judges them by their thresholds, and leaves what a pipeline and a customer want to see. */
import { join } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import type { Problem } from '#core/result.ts';
import { EXIT, OPERATING_ERRORS, OperatingError } from '#protocol/operating-error.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { describeClock, describeDuration } from '#testbed/report/figure-text.ts';
import { renderConsoleReport } from '#testbed/reporters/console-report.ts';
import { createRunProgress } from '#testbed/reporters/run-progress.ts';
import type { RunTiming } from '#testbed/run-result.ts';
import { listSeeds } from '#testbed/seeds.ts';
import { createSeedsSummary, createSummary, type Summary } from '#testbed/summary.ts';
import { chooseStore } from './choose-store.ts';
import { createInterrupt, type Interrupt } from './interrupt.ts';
import { countProblems, describeProblems } from './problems.ts';
import { readProductVersion } from './product-version.ts';
import { describeRunCommand } from './run-again.ts';
import { clearRunFolder, JOURNAL_FOLDER, writeRunFiles } from './run-files.ts';
import { readRunOrder, REPORTERS, type RunOptions, type RunOrder } from './run-order.ts';
import { runLive } from './run-live.ts';
import { runSeeds, type SeedRun } from './run-seeds.ts';
import { addScenarioOptions, loadScenarios } from './scenario-options.ts';

const EXAMPLES = `
Examples:
  engage run scenarios/guide-example.yaml
  engage run scenarios/guide-example.yaml --seeds 20 --out runs
  engage run scenarios/understaffed.yaml --set groups/0/agents=4 --duration 4h
  engage run scenarios/guide-example.yaml --set 'options/service:pacing/pacing.connector.optimizationGoal=5'
  engage run scenarios/*.yaml --out runs --reporter console,json,junit,html
  engage run scenarios/live-smoke.yaml --mode live --set cluster/frontends=2 --set cluster/backends=2
  engage run scenarios/live-smoke.yaml --mode live --store cassandra --contact-points 127.0.0.1,127.0.0.2

With --out the files of a run stand in DIR/<scenario name>/: summary.json and timing.json (json), junit.xml (junit),
report.html (html), journal/<node>.ndjson (--journal), events.ndjson (--events). Equal seeds give equal bytes in summary.json.

Exit status: 0 all thresholds hold, 2 invalid input or usage, 3 a threshold failed, 130 interrupted or out of wall time;
of several scenarios the worst.`;

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('run scenarios and judge them by their thresholds')
    .argument('<scenario...>', 'scenario files')
    .option('--mode <mode>', 'sim: in virtual time; live: real nodes over sockets, in wall time', 'sim')
    .option('--seed <n>', "the seed, in place of the scenario's own")
    .option('--seeds <n|list>', "so many seeds from the scenario's own on, or these, e.g. 20 or 3,5,9");
  addScenarioOptions(command)
    .option(
      '--store <store>',
      'auto, memory, sqlite or cassandra; auto: live the Cassandra that is configured when it answers, else sqlite; in sim the latency profile of that store',
      'auto',
    )
    .option(
      '--contact-points <list>',
      "nodes of the Cassandra of a live run, such as 10.0.0.1,10.0.0.2:9042 (default: the options' seedNodes)",
    )
    .option('--out <dir>', 'write results into DIR/<scenario name>/')
    .option('--reporter <list>', `some of ${REPORTERS.join(',')} (default console, with --out also json and html)`)
    .option('--journal', 'write what each node was told and did, with --out')
    .option('--events', 'keep the events for engage export, with --out; a live run with SQLite always does')
    .option('--max-wall <duration>', 'stop when it takes longer than this, such as 10m')
    .option('--quiet', 'the verdict and the thresholds that failed, nothing else')
    .option('--json', 'print the summary as JSON (a list for several scenarios), nothing else')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], options: RunOptions) => {
      process.exitCode = await runAll(files, options);
    });
}

/** Status of several scenarios: the worst, told by this order. */
const WORST_FIRST = [EXIT.interrupted, EXIT.invalid, EXIT.unavailable, EXIT.internal, EXIT.threshold];

async function runAll(files: readonly string[], options: RunOptions): Promise<number> {
  const order = readRunOrder(options);
  const loaded = loadScenarios(files, { ...options, seed: order.seed });
  const scenarios = loaded.flatMap(({ file, result }) => (result.ok ? [{ file, scenario: result.value }] : []));
  const statuses = new Set<number>();
  for (const { file, result } of loaded) {
    if (result.ok) continue;
    statuses.add(EXIT.invalid);
    tellProblems(file, result.problems);
  }
  refuseTwins(scenarios, order);
  const stop = createStop(order.wallMsMax);
  const summaries: Summary[] = [];
  try {
    for (const { file, scenario } of scenarios) {
      const summary = await runScenarioFile(file, scenario, { options, order, signal: stop.signal });
      summaries.push(summary);
      if (summary.verdict === 'fail') statuses.add(EXIT.threshold);
    }
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    process.stderr.write(`${pc.red('engage:')} ${error.message}\n`);
    statuses.add(OPERATING_ERRORS[error.code].exit);
  } finally {
    stop.end();
  }
  if (order.isJson && summaries.length > 0) {
    process.stdout.write(`${JSON.stringify(files.length === 1 ? summaries[0] : summaries, null, 2)}\n`);
  }
  return WORST_FIRST.find((status) => statuses.has(status)) ?? EXIT.ok;
}

function tellProblems(file: string, problems: readonly Problem[]): void {
  process.stderr.write(`${pc.red('engage:')} ${file} can not be run: ${countProblems(problems)}\n`);
  for (const line of describeProblems(problems)) process.stderr.write(`  ${line}\n`);
}

/** Two scenarios of one name would write into one folder. */
function refuseTwins(
  scenarios: readonly { readonly file: string; readonly scenario: Scenario }[],
  order: RunOrder,
): void {
  if (order.out === undefined) return;
  const files = new Map<string, string>();
  for (const { file, scenario } of scenarios) {
    const other = files.get(scenario.name);
    if (other !== undefined) {
      throw new OperatingError(
        'INVALID_USAGE',
        `${other} and ${file} are both named ${scenario.name}: with --out each needs a name of its own`,
      );
    }
    files.set(scenario.name, file);
  }
}

/** Ctrl-C and `--max-wall` end what runs, in words. */
function createStop(wallMsMax: number | undefined): Interrupt {
  const interrupt = createInterrupt();
  if (wallMsMax === undefined) return interrupt;
  const limit = new AbortController();
  const message = `stopped by --max-wall after ${describeDuration(wallMsMax)}`;
  const timer = setTimeout(() => limit.abort(new OperatingError('INTERRUPTED', message)), wallMsMax);
  return {
    signal: AbortSignal.any([interrupt.signal, limit.signal]),
    end: () => {
      clearTimeout(timer);
      interrupt.end();
    },
  };
}

interface RunContext {
  readonly options: RunOptions;
  readonly order: RunOrder;
  readonly signal: AbortSignal;
}

/** Runs one scenario with all its seeds, reports it, and returns its summary. */
async function runScenarioFile(file: string, scenario: Scenario, context: RunContext): Promise<Summary> {
  const { options, order } = context;
  const folder = order.out === undefined ? undefined : join(order.out, scenario.name);
  if (folder !== undefined) clearRunFolder(folder);
  const startedAt = performance.now();
  const runs = await runWithProgress(scenario, folder, context);
  const timing = sumUp(runs, performance.now() - startedAt);
  const results = runs.map(({ result }) => result);
  const [first] = results;
  const summary = order.seeds === undefined && first !== undefined ? createSummary(first) : createSeedsSummary(results);
  const command = describeRunCommand(file, scenario, options);
  const version = readProductVersion();
  const files =
    folder === undefined ? [] : writeRunFiles(folder, order.reporters, { summary, runs, timing, command, version });
  if (order.reporters.includes('console')) {
    process.stdout.write(renderConsoleReport({ summary, results, timing, files, isQuiet: order.isQuiet, colors: pc }));
  }
  return summary;
}

async function runWithProgress(
  scenario: Scenario,
  folder: string | undefined,
  context: RunContext,
): Promise<readonly SeedRun[]> {
  const { order, signal } = context;
  const seeds = order.seeds === undefined ? [scenario.seed] : listSeeds(order.seeds, scenario.seed);
  const totalMs = (scenario.warmupMs + scenario.durationMs) * seeds.length;
  const isSilent = order.isQuiet || order.isJson || !process.stdout.isTTY;
  const progress = isSilent
    ? undefined
    : createRunProgress(scenario.name, totalMs, process.stderr, () => performance.now());
  let reachedMs = 0;
  try {
    const onProgress = (virtualMs: number, seedsDone: number): void => {
      reachedMs = virtualMs;
      progress?.update(virtualMs, seeds.length > 1 ? `${seedsDone} of ${seeds.length} seeds` : '');
    };
    if (order.mode === 'live') {
      const onNews = (line: string): void => {
        if (!order.isQuiet && !order.isJson) process.stderr.write(`${pc.dim(describeClock(reachedMs))}  ${line}\n`);
      };
      const { contactPoints } = order;
      // What is exported afterwards is read from SQLite's files.
      const storeName = order.keepsEvents && order.storeName === 'auto' ? 'sqlite' : order.storeName;
      return await runLive({
        scenario,
        seeds,
        chooseStore: () => chooseStore(storeName, scenario, contactPoints),
        folder: folder ?? null,
        journal: order.hasJournal,
        onProgress,
        onNews,
        signal,
      });
    }
    const journal = order.hasJournal && folder !== undefined ? join(folder, JOURNAL_FOLDER) : null;
    const events = order.keepsEvents && folder !== undefined ? folder : null;
    return await runSeeds({ scenario, seeds, store: order.store, journal, events, onProgress, signal });
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    const where = `${describeClock(reachedMs)} of ${describeClock(totalMs)} ${order.mode === 'live' ? 'of the run' : 'virtual time'}`;
    throw new OperatingError(error.code, `${scenario.name}: ${error.message}, at ${where}; nothing was judged`);
  } finally {
    progress?.stop();
  }
}

function sumUp(runs: readonly SeedRun[], wallMs: number): RunTiming {
  const simulatedMs = runs.reduce((sum, { result }) => sum + result.simulatedSeconds * 1000, 0);
  const [only] = runs;
  if (runs.length === 1 && only !== undefined) return only.timing;
  const startUpMs = Math.min(...runs.map(({ timing }) => timing.startUpMs));
  const runMs = Math.round(wallMs);
  return { startUpMs, runMs, speed: Math.round(simulatedMs / Math.max(1, runMs)) };
}
