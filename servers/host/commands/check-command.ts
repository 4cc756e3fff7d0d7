/** `engage check`: validates everything that scenarios name, and runs nothing. */
import type { Command } from 'commander';
import pc from 'picocolors';
import type { Scenario } from '#protocol/scenario.ts';
import { EXIT } from '#protocol/operating-error.ts';
import { noticesOfPacing } from '#node/pacing-notices.ts';
import { optionsOf, readPacing } from '#node/read-settings.ts';
import { describeCentre } from '#testbed/centre-notes.ts';
import { describeDuration } from '#testbed/report/figure-text.ts';
import { countProblems, describeProblems } from './problems.ts';
import { addScenarioOptions, loadScenarios, type LoadedScenario, type ScenarioOptions } from './scenario-options.ts';

const EXAMPLES = `
Examples:
  engage check scenarios/*.yaml
  engage check scenarios/guide-example.yaml --set groups/0/agents=8
  engage check scenarios/guide-example.yaml --json

Exit status: 0 everything is valid, 2 something is not.`;

export function addCheckCommand(program: Command): void {
  const command = program
    .command('check')
    .description('validate scenarios with all that they name; nothing runs')
    .argument('<scenario...>', 'scenario files');
  addScenarioOptions(command)
    .option('--json', 'what was found, for machines')
    .addHelpText('after', EXAMPLES)
    .action((files: readonly string[], options: ScenarioOptions & { readonly json?: true }) => {
      const loaded = loadScenarios(files, options);
      if (options.json === true) process.stdout.write(`${JSON.stringify(loaded.map(describeForMachines), null, 2)}\n`);
      else loaded.forEach(print);
      if (loaded.some(({ result }) => !result.ok)) process.exitCode = EXIT.invalid;
    });
}

function describeForMachines({ file, result }: LoadedScenario): object {
  return result.ok
    ? { file, valid: true, scenario: result.value.name, problems: [], notes: notesOf(result.value) }
    : { file, valid: false, problems: result.problems };
}

function print({ file, result }: LoadedScenario): void {
  if (result.ok) {
    process.stdout.write(`${pc.green('✓')} ${file}  ${pc.dim(describeScenario(result.value))}\n`);
    for (const note of notesOf(result.value)) process.stdout.write(`  ${pc.yellow('note')} ${note}\n`);
    return;
  }
  process.stderr.write(`${pc.red('✗')} ${file}  ${countProblems(result.problems)}\n`);
  for (const line of describeProblems(result.problems)) process.stderr.write(`  ${line}\n`);
}

/** Valid, and probably not what was meant. */
function notesOf(scenario: Scenario): readonly string[] {
  const options = optionsOf(scenario);
  const notices = noticesOfPacing(scenario, options, readPacing(scenario, options));
  return [...describeCentre(scenario, options), ...notices.map(({ text }) => text)];
}

/** `guide-example: 8 rules, 6 categories, 20 pages, 5 agents, 1 h after 20 min, 4 thresholds`. */
function describeScenario(scenario: Scenario): string {
  const rules = scenario.rules.reduce((sum, rulePackage) => sum + rulePackage.rules.length, 0);
  const agents = scenario.groups.reduce((sum, group) => sum + group.agents, 0);
  const warmup = scenario.warmupMs > 0 ? ` after ${describeDuration(scenario.warmupMs)}` : '';
  const parts = [
    count(rules, 'rule', 'rules'),
    count(scenario.categories.length, 'category', 'categories'),
    count(scenario.site.pages.length, 'page', 'pages'),
    count(agents, 'agent', 'agents'),
    `${describeDuration(scenario.durationMs)}${warmup}`,
    count(scenario.thresholds.length, 'threshold', 'thresholds'),
  ];
  return `${scenario.name}: ${parts.join(', ')}`;
}

function count(amount: number, one: string, many: string): string {
  return `${amount} ${amount === 1 ? one : many}`;
}
