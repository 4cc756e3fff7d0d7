/** `engage erlang`: the closed formulas of queues with n servers, for people who plan agents. */
import type { Command } from 'commander';
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import { erlangA, erlangB, erlangC, type ServerGroup } from '#core/sizing/erlang.ts';
import { alignDecimals, formatFigure } from '#core/sizing/figure-text.ts';
import { createInputCheck, readNumber, type InputCheck } from '#core/sizing/input-check.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { DURATION_EXPECTED, parseDuration } from '#protocol/quantities.ts';

interface ErlangOptions {
  readonly servers?: string;
  readonly arrivalsPerHour?: string;
  readonly handle?: string;
  readonly patience?: string;
  readonly json?: boolean;
}

/** Figures by their names in JSON, in the order in which they are printed. */
type Figures = Readonly<Record<string, number>>;

const PLACE = 'engage erlang';
const EXAMPLES = `
Examples:
  engage erlang a --servers 30 --arrivals-per-hour 374 --handle 240s --patience 60s
      who waits gives up after 60 s on average
  engage erlang b --servers 30 --arrivals-per-hour 375 --handle 240s --json
      who finds all busy is lost
  engage erlang c --servers 14 --arrivals-per-hour 150 --handle 4m
      who finds all busy waits as long as it takes
`;

export function addErlangCommand(program: Command): void {
  const erlang = program
    .command('erlang')
    .description('waiting, abandonment and occupancy of a group of agents, by the closed formulas')
    .addHelpText('after', EXAMPLES);
  addFormula(erlang, 'a', 'Erlang A: who waits gives up after an exponential patience', (options, check) => {
    const group = readGroup(options, check);
    const patienceSeconds = readSeconds(check, '--patience', options.patience);
    if (group === undefined || patienceSeconds === undefined) return fail(check.problems);
    return succeed({ ...erlangA({ ...group, patienceSeconds }) });
  }).option('--patience <duration>', 'mean patience of who waits, e.g. 60s');
  addFormula(erlang, 'b', 'Erlang B: who finds all servers busy is lost', (options, check) => {
    const group = readGroup(options, check);
    return group === undefined ? fail(check.problems) : succeed({ ...erlangB(group) });
  });
  addFormula(erlang, 'c', 'Erlang C: who finds all servers busy waits for one', (options, check) => {
    const group = readGroup(options, check);
    if (group === undefined) return fail(check.problems);
    const figures = erlangC(group);
    return figures.ok ? succeed({ ...figures.value }) : fail(figures.problems.map(nameServers));
  });
}

function addFormula(
  erlang: Command,
  name: string,
  description: string,
  compute: (options: ErlangOptions, check: InputCheck) => Result<Figures, Problem>,
): Command {
  return erlang
    .command(name)
    .description(description)
    .option('--servers <n>', 'agents, or slots where an agent serves several at once')
    .option('--arrivals-per-hour <n>', 'chats that come, an hour')
    .option('--handle <duration>', 'mean time that a server is held, after-work included, e.g. 240s')
    .option('--json', 'print the figures as JSON')
    .addHelpText('after', EXAMPLES)
    .action((options: ErlangOptions) => {
      const figures = compute(options, createInputCheck(`${PLACE} ${name}`));
      if (!figures.ok) throw new OperatingError('INVALID_INPUT', 'the formula has no answer', figures.problems);
      process.stdout.write(
        options.json === true ? `${JSON.stringify(figures.value, null, 2)}\n` : print(figures.value),
      );
    });
}

function readGroup(options: ErlangOptions, check: InputCheck): ServerGroup | undefined {
  const servers = check.number(
    '--servers',
    readNumber(options.servers),
    { expected: 'a whole number >= 1 and <= 1000000', integer: true, min: 1, max: 1e6 },
    true,
  );
  const arrivalsPerHour = check.number(
    '--arrivals-per-hour',
    readNumber(options.arrivalsPerHour),
    { expected: 'a number > 0 and <= 1e9', above: 0, max: 1e9 },
    true,
  );
  const handleSeconds = readSeconds(check, '--handle', options.handle);
  if (servers === undefined || arrivalsPerHour === undefined || handleSeconds === undefined) return undefined;
  return { servers, arrivalsPerSecond: arrivalsPerHour / 3600, handleSeconds };
}

/** A duration > 0 in seconds; undefined where it is wrong (and named). */
function readSeconds(check: InputCheck, option: string, text: string | undefined): number | undefined {
  if (text === undefined) {
    check.refuse(option, `${DURATION_EXPECTED}, it is missing`);
    return undefined;
  }
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms / 1000;
  check.refuse(option, `${DURATION_EXPECTED}, longer than 0, got "${text}"`);
  return undefined;
}

function nameServers(problem: Problem): Problem {
  return { ...problem, file: `${PLACE} c`, path: '--servers' };
}

/** `abandonmentShare` -> `abandonment        3.00 %`: shares and probabilities in per cent, times in seconds. */
function print(figures: Figures): string {
  const rows = Object.entries(figures).map(([name, value]) => describeFigure(name, value));
  const width = Math.max(...rows.map(([label]) => label.length));
  const numbers = alignDecimals(rows.map(([, number]) => number));
  return rows
    .map(([label, , unit], row) => `${label.padEnd(width)}  ${numbers[row] ?? ''} ${unit}`.trimEnd())
    .join('\n')
    .concat('\n');
}

function describeFigure(name: string, value: number): readonly [label: string, number: string, unit: string] {
  const words = name.replace(/([A-Z])/g, ' $1').toLowerCase();
  if (name.endsWith('Share')) return [words.replace(/ share$/, ''), formatFigure(value * 100, 4), '%'];
  if (name.startsWith('probability')) return [words, formatFigure(value * 100, 4), '%'];
  if (name.endsWith('Seconds')) return [words.replace(/ seconds$/, ''), formatFigure(value, 4), 's'];
  return [words, formatFigure(value, 4), ''];
}
