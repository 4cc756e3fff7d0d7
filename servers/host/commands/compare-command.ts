/** `engage compare`: one scenario with a value varied, over the same seeds; differences with their intervals, as a table and a page. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import type { Problem } from '#core/result.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { Scenario } from '#protocol/scenario.ts';
import type { StoreProfile } from '#sim/latency.ts';
import { createComparison, type Comparison, type VariantRuns } from '#testbed/comparison.ts';
import { loadScenario } from '#testbed/load-scenario.ts';
import { parseVariation, type Variation } from '#testbed/parse-variation.ts';
import { renderComparisonPage } from '#testbed/report/comparison-page.ts';
import { renderComparison } from '#testbed/reporters/comparison-console.ts';
import { createRunProgress } from '#testbed/reporters/run-progress.ts';
import { listSeeds } from '#testbed/seeds.ts';
import { createInterrupt } from './interrupt.ts';
import { readProductVersion } from './product-version.ts';
import { quoteWord } from './run-again.ts';
import { readRunOrder } from './run-order.ts';
import { runSeeds } from './run-seeds.ts';
import { addScenarioOptions, type ScenarioOptions } from './scenario-options.ts';

interface CompareOptions extends ScenarioOptions {
  readonly vary: string;
  readonly seeds: string;
  readonly store: string;
  readonly out?: string;
  readonly json?: true;
}

interface Variant {
  readonly value: string;
  readonly scenario: Scenario;
}

const EXAMPLES = `
Examples:
  engage compare scenarios/guide-example.yaml --vary pacedBy=algorithm,progressive,ratio,erlangA
  engage compare scenarios/guide-example.yaml --vary groups/0/agents=4,5,6 --seeds 40 --out runs
  engage compare scenarios/guide-example.yaml --vary 'options/service:pacing/pacing.connector.optimizationGoal=3,5' --json

Every value meets the same visitors, seed by seed, so that differences show what the value does and not what chance did.
The first value is what the others are compared with. With --out, comparison.json and comparison.html stand in DIR/<scenario name>/.

Exit status: 0 compared, 2 invalid input or usage, 130 interrupted.`;

export function addCompareCommand(program: Command): void {
  const command = program
    .command('compare')
    .description('a scenario with one value varied, over the same seeds: differences with intervals')
    .argument('<scenario>', 'scenario file')
    .requiredOption('--vary <path=a,b,c>', 'a value of the scenario, and what it is one after the other')
    .option('--seeds <n|list>', "so many seeds from the scenario's own on, or these, e.g. 20 or 3,5,9", '20');
  addScenarioOptions(command)
    .option('--store <store>', 'auto (sqlite), memory, sqlite or cassandra: the latency profile of that store', 'auto')
    .option('--out <dir>', 'write comparison.json and comparison.html into DIR/<scenario name>/')
    .option('--json', 'print the comparison as JSON, nothing else')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: CompareOptions) => {
      await compare(file, options);
    });
}

async function compare(file: string, options: CompareOptions): Promise<void> {
  const { set, seeds: givenSeeds, store: givenStore } = options;
  const order = readRunOrder({ mode: 'sim', set, seeds: givenSeeds, store: givenStore });
  const variation = parseVariation(options.vary);
  if (!variation.ok) throw new OperatingError('INVALID_USAGE', 'this can not be varied', variation.problems);
  const variants = loadVariants(file, variation.value, options);
  const [first] = variants;
  const seeds = listSeeds(order.seeds ?? { count: 1 }, first?.scenario.seed ?? 1);
  const runs = await runVariants(variants, { seeds, store: order.store, isSilent: options.json === true });
  const comparison = createComparison(variation.value.path, runs);
  const files =
    options.out === undefined ? [] : writeComparison(options.out, comparison, describeCommand(file, options));
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(comparison, null, 2)}\n`
      : renderComparison({ comparison, files, colors: pc }),
  );
}

/** The scenario once for each value; every fault of all of them is named, each once. */
function loadVariants(file: string, { path, values }: Variation, options: CompareOptions): readonly Variant[] {
  const problems = new Map<string, Problem>();
  const variants: Variant[] = [];
  for (const value of values) {
    const { duration } = options;
    const loaded = loadScenario(file, { set: [...options.set, `${path}=${value}`], duration });
    if (loaded.ok) variants.push({ value, scenario: loaded.value });
    else for (const problem of loaded.problems) problems.set(JSON.stringify(problem), problem);
  }
  if (problems.size > 0)
    throw new OperatingError('INVALID_INPUT', `${file} can not be compared`, [...problems.values()]);
  return variants;
}

async function runVariants(
  variants: readonly Variant[],
  { seeds, store, isSilent }: { seeds: readonly number[]; store: StoreProfile; isSilent: boolean },
): Promise<readonly VariantRuns[]> {
  const totals = variants.map(({ scenario }) => (scenario.warmupMs + scenario.durationMs) * seeds.length);
  const totalMs = totals.reduce((sum, ms) => sum + ms, 0);
  const interrupt = createInterrupt();
  const name = variants[0]?.scenario.name ?? '';
  const progress =
    isSilent || !process.stdout.isTTY
      ? undefined
      : createRunProgress(name, totalMs, process.stderr, () => performance.now());
  const runs: VariantRuns[] = [];
  let doneMs = 0;
  try {
    for (const [index, { value, scenario }] of variants.entries()) {
      const seedRuns = await runSeeds({
        scenario,
        seeds,
        store,
        journal: null,
        events: null,
        onProgress: (virtualMs, seedsDone) =>
          progress?.update(doneMs + virtualMs, `${value}: ${seedsDone} of ${seeds.length} seeds`),
        signal: interrupt.signal,
      });
      runs.push({ value, results: seedRuns.map(({ result }) => result) });
      doneMs += totals[index] ?? 0;
    }
    return runs;
  } finally {
    progress?.stop();
    interrupt.end();
  }
}

function writeComparison(out: string, comparison: Comparison, command: string): readonly string[] {
  const folder = join(out, comparison.scenario);
  const page = renderComparisonPage({ comparison, command, version: readProductVersion() });
  const files = [
    ['comparison.json', `${JSON.stringify(comparison, null, 2)}\n`],
    ['comparison.html', page],
  ] as const;
  try {
    mkdirSync(folder, { recursive: true });
    return files.map(([name, text]) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatingError('UNAVAILABLE', `the comparison can not be written: ${reason}`);
  }
}

function describeCommand(file: string, { vary, seeds, duration, set, store }: CompareOptions): string {
  const words = ['engage', 'compare', file, '--vary', vary, '--seeds', seeds];
  if (duration !== undefined) words.push('--duration', duration);
  for (const one of set) words.push('--set', one);
  if (store !== 'auto') words.push('--store', store);
  return words.map(quoteWord).join(' ');
}
