/**
 * The command line `engage`: finds the command, loads it alone so that help is quick, and is the one place that turns what went
 * wrong into words and an exit status.
 */
import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { EXIT, OPERATING_ERRORS, OperatingError } from '#protocol/operating-error.ts';
import { describeProblems } from './commands/problems.ts';
import { readProductVersion } from './commands/product-version.ts';

interface Entry {
  readonly name: string;
  readonly about: string;
  readonly load: () => Promise<(program: Command) => void>;
}

const COMMANDS: readonly Entry[] = [
  {
    name: 'run',
    about: 'run scenarios and judge them by their thresholds',
    load: async () => (await import('./commands/run-command.ts')).addRunCommand,
  },
  {
    name: 'check',
    about: 'validate scenarios with all that they name; nothing runs',
    load: async () => (await import('./commands/check-command.ts')).addCheckCommand,
  },
  {
    name: 'compare',
    about: 'a scenario with one value varied: differences with intervals',
    load: async () => (await import('./commands/compare-command.ts')).addCompareCommand,
  },
  {
    name: 'serve',
    about: 'the testbed and its screen on loopback',
    load: async () => (await import('./commands/serve-command.ts')).addServeCommand,
  },
  {
    name: 'size',
    about: "size a deployment by the guide's formulas",
    load: async () => (await import('./commands/size-command.ts')).addSizeCommand,
  },
  {
    name: 'erlang',
    about: 'Erlang A, B and C: waiting, blocking and abandonment in closed form',
    load: async () => (await import('./commands/erlang-command.ts')).addErlangCommand,
  },
  {
    name: 'calculator',
    about: 'consistency and survival of a Cassandra cluster, by nodes and levels or by data centers',
    load: async () => (await import('./commands/calculator-command.ts')).addCalculatorCommand,
  },
  {
    name: 'pacing',
    about: 'what pacing would decide in a given state, and why',
    load: async () => (await import('./commands/pacing-command.ts')).addPacingCommand,
  },
  {
    name: 'replay',
    about: 'an access log or recorded events through rules and categories',
    load: async () => (await import('./commands/replay-command.ts')).addReplayCommand,
  },
  {
    name: 'export',
    about: 'events of a run or of one visit, for replay',
    load: async () => (await import('./commands/export-command.ts')).addExportCommand,
  },
  {
    name: 'rules',
    about: 'rule packages: check and test them',
    load: async () => (await import('./commands/rules-command.ts')).addRulesCommand,
  },
  {
    name: 'categories',
    about: 'category files: test them',
    load: async () => (await import('./commands/categories-command.ts')).addCategoriesCommand,
  },
  {
    name: 'node',
    about: 'one node of an installation, from engage.yaml',
    load: async () => (await import('./commands/node-command.ts')).addNodeCommand,
  },
  {
    name: 'backup',
    about: 'backups of an installation: make, list, check, restore',
    load: async () => (await import('./commands/backup-command.ts')).addBackupCommand,
  },
  {
    name: 'cassandra',
    about: 'a real Cassandra on this machine: up, status, kill, start, down',
    load: async () => (await import('./commands/cassandra-command.ts')).addCassandraCommand,
  },
  {
    name: 'config',
    about: 'every option of the guide: list, get, set, check',
    load: async () => (await import('./commands/config-command.ts')).addConfigCommand,
  },
];

const ABOUT =
  'A web engagement system to size, test and show: visitors, rules, pacing and agents, simulated from one core.';

const EXAMPLES = `
Examples:
  engage run scenarios/guide-example.yaml
  engage run scenarios/*.yaml --seeds 20 --out runs
  engage size --visits-per-hour 3000 --page-views-per-hour 32000
  engage help run

Exit status: 0 all thresholds hold, 1 internal error, 2 invalid input or usage, 3 a threshold failed,
4 something real was not to be had, 130 interrupted.`;

async function main(words: readonly string[]): Promise<number> {
  const program = await createProgram(words);
  try {
    if (words.length === 0) {
      program.outputHelp({ error: true });
      return EXIT.invalid;
    }
    await program.parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    return tell(error);
  }
}

/** The command that `words` ask for is loaded; the others are there by name, for help and for "did you mean". */
async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('engage')
    .description(ABOUT)
    .version(readProductVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'help, also after a command')
    .addHelpText('after', EXAMPLES)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, `${pc.red('engage:')} `)) })
    .exitOverride();
  const asked = words.find((word) => word !== 'help' && !word.startsWith('-'));
  for (const { name, about, load } of COMMANDS) {
    if (name !== asked) program.command(name).description(about);
    else (await load())(program);
  }
  return program;
}

/** Says on stderr what went wrong and gives the exit status for it. */
function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.invalid;
  if (error instanceof OperatingError) {
    process.stderr.write(`${pc.red('engage:')} ${error.message}\n`);
    for (const line of describeProblems(error.problems)) process.stderr.write(`  ${line}\n`);
    return OPERATING_ERRORS[error.code].exit;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${pc.red('engage:')} internal error, please report it\n${stack}\n`);
  return EXIT.internal;
}

// `engage ... | head` closes the pipe early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(Number(process.exitCode ?? EXIT.ok));
});
process.exitCode = await main(process.argv.slice(2));
