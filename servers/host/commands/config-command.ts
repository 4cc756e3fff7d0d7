/** `engage config list|get|set|check`: every option of the guide, what holds for it and why, and changing it in engage.yaml. */
import type { Command } from 'commander';
import { closestName } from '#core/options/closest-name.ts';
import { locateOption, parseOptionPath } from '#core/options/option-place.ts';
import { OPTIONS } from '#core/options/option-table.ts';
import {
  describeOptionNote,
  endpointPath,
  type OptionEntry,
  type OptionNote,
  type ResolvedOptions,
} from '#core/options/resolved-options.ts';
import { ENGAGE_CONFIG_FILE } from '#protocol/engage-config.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { describeOptionsDocument } from '../options-document.ts';
import { countOf, optionsOf, readConfigFile, type ConfigFile } from './config-file.ts';
import { describeEntry, formatList, formatRow } from './config-listing.ts';
import { setConfigOption } from './config-setting.ts';

interface FileOption {
  readonly file: string;
}

export function addConfigCommand(program: Command): void {
  const config = program
    .command('config')
    .description(
      'every configuration option of the guide: what holds, what may be given, and changing it in engage.yaml',
    )
    .addHelpText('after', CONFIG_HELP);
  addList(config);
  addGet(config);
  addSet(config);
  addCheck(config);
}

const CONFIG_HELP = `
A section is written as in the guide (service:wmsg), with its application before a dot where several have it
(backend.log, frontend.log, backend.settings, workspace.settings); log alone means both servers.

Examples:
  engage config list --section service:pacing
  engage config get service:wmsg/wmsg.connector.engagementExpirationTime
  engage config set service:pacing/pacing.connector.optimizationGoal 5
  engage config check`;

const FILE_HELP = 'the configuration, engage.yaml in the current folder unless given';

function addList(config: Command): void {
  config
    .command('list')
    .description(
      'all options with the value in force, where it comes from, when a change takes effect, and what is valid',
    )
    .option('--section <section>', 'this section alone, e.g. service:pacing or frontend.log')
    .option('--file <file>', FILE_HELP, ENGAGE_CONFIG_FILE)
    .option('--json', 'as a list of objects, for machines')
    .option('--markdown', 'the whole table, whatever is configured, as in docs/options.md')
    .addHelpText('after', '\nExamples:\n  engage config list\n  engage config list --section frontend.log --json')
    .action((given: FileOption & { section?: string; json?: true; markdown?: true }, command: Command) => {
      if (given.markdown === true) {
        process.stdout.write(describeOptionsDocument());
        return;
      }
      const file = readOf(command, given);
      const entries = entriesIn(optionsOf(file), given.section);
      const rows = entries.map((entry) => describeEntry(entry, file));
      if (given.json === true) return printJson(rows);
      const ofFile = file.exists ? file.file : `defaults (there is no ${file.file})`;
      const givenCount = rows.filter((row) => row.source === 'given').length;
      print([
        `${ofFile}, fidelity ${file.config.fidelity}: ${countOf(rows.length, 'option')}, ${givenCount} given`,
        '',
      ]);
      print(formatList(rows, entries));
    });
}

function addGet(config: Command): void {
  config
    .command('get')
    .description('one option: its value in force, where it comes from, its default, and all that the table says')
    .argument('<section/name>', 'e.g. service:wmsg/wmsg.connector.engagementExpirationTime')
    .option('--file <file>', FILE_HELP, ENGAGE_CONFIG_FILE)
    .option('--json', 'as an object; as a list of them where the section means more than one application (log)')
    .addHelpText(
      'after',
      '\nExamples:\n  engage config get frontend.log/verbose\n  engage config get log/verbose --json',
    )
    .action((path: string, given: FileOption & { json?: true }, command: Command) => {
      const paths = locatePath(path);
      const file = readOf(command, given);
      const options = optionsOf(file);
      const missing = paths.find((one) => !options.has(one));
      if (missing !== undefined) throw new OperatingError('NOT_FOUND', `the end point ${missing} is not given`);
      const rows = paths.map((one) => describeEntry(options.entry(one), file));
      if (given.json === true) return printJson(rows.length === 1 ? rows[0] : rows);
      rows.forEach((row, at) => print([...(at === 0 ? [] : ['']), ...formatRow(row)]));
    });
}

function addSet(config: Command): void {
  config
    .command('set')
    .description(
      'writes an option into engage.yaml, comments and order kept; a wrong value is refused and nothing is written',
    )
    .argument('<section/name>', 'e.g. service:pacing/pacing.connector.optimizationGoal')
    .argument('<value>', 'as it would stand in the file; "" for none')
    .option('--file <file>', `${FILE_HELP}; made where there is none`, ENGAGE_CONFIG_FILE)
    .addHelpText(
      'after',
      '\nExamples:\n  engage config set service:pacing/pacing.connector.optimizationGoal 5\n' +
        '  engage config set log/verbose debug\n  engage config set frontend.log/expire "14 day"',
    )
    .action((path: string, value: string, given: FileOption) => {
      locatePath(path);
      const outcome = setConfigOption(readConfigFile(given.file, true), path, value);
      print(outcome.said);
      for (const line of outcome.warnings) process.stderr.write(`${line}\n`);
    });
}

function addCheck(config: Command): void {
  config
    .command('check')
    .description('checks a configuration: every problem with its place, nothing else')
    .argument('[file]', 'the configuration', ENGAGE_CONFIG_FILE)
    .option('--json', 'problems and notes as an object, for machines')
    .addHelpText('after', '\nExamples:\n  engage config check\n  engage config check staging/engage.yaml --json')
    .action((path: string, given: { json?: true }) => {
      const json = given.json === true;
      try {
        const file = readConfigFile(path, false);
        const { notes } = optionsOf(file);
        if (json) return printJson({ file: path, valid: true, problems: [], notes });
        const count = Object.values(file.config.options).reduce((sum, names) => sum + Object.keys(names).length, 0);
        print([`${path}: ${countOf(count, 'option')} given, no problem`, ...describeNotes(notes)]);
      } catch (error) {
        if (json && error instanceof OperatingError && error.code === 'INVALID_INPUT') {
          printJson({ file: path, valid: false, problems: error.problems, notes: [] });
        }
        throw error;
      }
    });
}

/** One line each, and one for all options that no code reads yet. */
function describeNotes(notes: readonly OptionNote[]): readonly string[] {
  const unread = notes.filter((note) => note.kind === 'unread').map((note) => note.path);
  return [
    ...notes.filter((note) => note.kind !== 'unread').map((note) => `note (${note.kind}): ${describeOptionNote(note)}`),
    ...(unread.length === 0
      ? []
      : [`note (unread): checked, but read by no code of this version: ${unread.join(', ')}`]),
  ];
}

/** The file that was named must be there; the one that is looked for by itself need not be. */
function readOf(command: Command, given: FileOption): ConfigFile {
  return readConfigFile(given.file, command.getOptionValueSource('file') !== 'cli');
}

function entriesIn(options: ResolvedOptions, section: string | undefined): readonly OptionEntry[] {
  if (section === undefined) return options.entries();
  const found = options.entries().filter((entry) => {
    const bare =
      entry.path === entry.option.path ? entry.option.section : entry.path.slice(0, entry.path.lastIndexOf('/'));
    return section === bare || section === `${entry.option.application}.${bare}`;
  });
  if (found.length > 0) return found;
  const spelled = locateOption(section, '');
  throw new OperatingError(
    'INVALID_USAGE',
    spelled.found === 'nothing' ? spelled.message : `nothing stands in "${section}"`,
  );
}

/** The options that `section/name` means; throws OperatingError with what was probably meant. */
function locatePath(path: string): readonly string[] {
  const parsed = parseOptionPath(path);
  if (parsed === undefined) {
    const meant = OPTIONS.filter((option) => option.name === path).map((option) => option.path);
    const near =
      meant.length > 0
        ? meant.join(' or ')
        : closestName(
            path,
            OPTIONS.map((option) => option.path),
          );
    const hint =
      near === undefined ? 'such as service:wmsg/wmsg.connector.engagementExpirationTime' : `did you mean ${near}?`;
    throw new OperatingError('INVALID_USAGE', `expected <section/name>, got "${path}": ${hint}`);
  }
  const place = locateOption(parsed.section, parsed.name);
  if (place.found === 'nothing') throw new OperatingError('INVALID_USAGE', place.message);
  return place.found === 'endpoint' ? [endpointPath(place.key)] : place.paths;
}

function print(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

function printJson(value: unknown): void {
  print([JSON.stringify(value, null, 2)]);
}
