/** What `engage config set` does: judges the new value alone and beside the others, then writes it, or nothing. */
import { present } from '#core/assert.ts';
import { canonicalSection, locateOption, parseOptionPath } from '#core/options/option-place.ts';
import { ENDPOINT_FAMILY, optionAt } from '#core/options/option-table.ts';
import type { Option } from '#core/options/option.ts';
import { describeWrongValue, resolveOptions, showValue } from '#core/options/resolve-options.ts';
import type { GivenOptions } from '#core/options/given-options.ts';
import type { OptionProblem } from '#core/options/place-given.ts';
import { endpointPath } from '#core/options/resolved-options.ts';
import type { RawValue } from '#core/options/value-kind.ts';
import type { Problem } from '#core/result.ts';
import { editOption } from '#protocol/engage-config-edit.ts';
import { describeProblem, OperatingError } from '#protocol/operating-error.ts';
import { writeConfigFile, type ConfigFile } from './config-file.ts';

export interface SetOutcome {
  readonly said: readonly string[];
  readonly warnings: readonly string[];
}

interface Target {
  readonly option: Option;
  /** Paths that the value is for. */
  readonly paths: readonly string[];
  /** Under which section it may stand in the file; the first is written where it stands under none. */
  readonly sections: readonly string[];
  readonly name: string;
}

/** `path` means an option. Throws OperatingError where the value, alone or with the others, is wrong. */
export function setConfigOption(config: ConfigFile, path: string, text: string): SetOutcome {
  const target = targetOf(path);
  const reading = target.option.kind.read(text);
  if (!reading.ok) refuse(config, path, [problem(config, path, describeWrongValue(target.option, text, reading.why))]);
  const value = target.option.kind.write(reading.value);
  const section = sectionIn(config, target);
  const given = withOption(config.config.options, section, target.name, value);
  const before = resolveOptions(config.config.options, { fidelity: config.config.fidelity });
  const after = resolveOptions(given, { fidelity: config.config.fidelity });
  const standing = before.ok ? [] : before.problems;
  const left = after.ok ? [] : after.problems;
  const fresh = left.filter((one) => !standing.some((other) => isSame(one, other)));
  if (fresh.length > 0)
    refuse(
      config,
      path,
      fresh.map((one) => problem(config, placeOf(one), one.message)),
    );
  const written = editOption(config.text, { sections: [section], name: target.name, value });
  if (written === undefined) {
    const why = `${config.file} refers to this value from elsewhere (an anchor): change it by hand`;
    throw new OperatingError('INVALID_INPUT', why);
  }
  if (written !== config.text) writeConfigFile(config.file, written);
  const shown = showValue(target.option, value);
  const when = target.option.takesEffect;
  return {
    said: [`${path} is ${shown} in ${config.file}${config.exists ? '' : ' (new)'}; takes effect ${when}`],
    warnings: [
      ...(reading.spelling === undefined ? [] : [`note: ${reading.spelling}`]),
      ...(after.ok
        ? after.value.notes.filter((note) => target.paths.includes(note.path)).map((note) => `note: ${note.message}`)
        : left.map((one) => `still wrong: ${describeProblem(problem(config, placeOf(one), one.message))}`)),
      ...(target.option.kind.secret && value !== '' ? [`note: ${config.file} holds it in plain text`] : []),
      ...describeOverridden(config, target, section),
    ],
  };
}

function targetOf(path: string): Target {
  const { section, name } = present(parseOptionPath(path), 'path of an option');
  const place = locateOption(section, name);
  if (place.found === 'nothing') throw new OperatingError('INVALID_USAGE', place.message);
  if (place.found === 'endpoint') {
    const bare = `endpoints:${place.key.slice(0, place.key.indexOf(':'))}`;
    const option = optionAt(ENDPOINT_FAMILY);
    return { option, paths: [endpointPath(place.key)], sections: [bare, `chat-server.${bare}`], name };
  }
  const first = optionAt(present(place.paths[0], 'option of a place'));
  const forSeveral = place.paths.length > 1;
  const canonical = canonicalSection(first);
  const isAlone = !locatesSeveral(first);
  const sections = forSeveral
    ? [first.section]
    : isAlone
      ? [canonical, first.section, `${first.application}.${first.section}`]
      : [canonical];
  return { option: first, paths: place.paths, sections: [...new Set(sections)], name };
}

/** Whether the bare section with the option's name means more than this option. */
function locatesSeveral(option: Option): boolean {
  const bare = locateOption(option.section, option.name);
  return bare.found !== 'options' || bare.paths.length > 1;
}

function sectionIn(config: ConfigFile, target: Target): string {
  const given = config.config.options;
  const holds = (one: string) => Object.hasOwn(given, one) && Object.hasOwn(given[one] ?? {}, target.name);
  const first = present(target.sections[0], 'section of an option');
  return target.sections.find(holds) ?? target.sections.find((one) => Object.hasOwn(given, one)) ?? first;
}

function withOption(given: GivenOptions, section: string, name: string, value: RawValue): GivenOptions {
  return { ...given, [section]: { ...given[section], [name]: value } };
}

/** `log/verbose` is for both servers; one that has its own in the file keeps it. */
function describeOverridden(config: ConfigFile, target: Target, section: string): readonly string[] {
  if (target.paths.length < 2) return [];
  return target.paths
    .map((path) => present(parseOptionPath(path), 'path of an option'))
    .filter((own) => own.section !== section && config.config.options[own.section]?.[own.name] !== undefined)
    .map((own) => `note: ${own.section}/${own.name} keeps the value that ${config.file} gives for it alone`);
}

function isSame(one: OptionProblem, other: OptionProblem): boolean {
  return one.section === other.section && one.name === other.name && one.message === other.message;
}

function placeOf(one: OptionProblem): string {
  return one.name === null ? one.section : `${one.section}/${one.name}`;
}

function problem(config: ConfigFile, path: string, message: string): Problem {
  return { file: config.file, line: 0, column: 0, path, message };
}

function refuse(config: ConfigFile, path: string, problems: readonly Problem[]): never {
  throw new OperatingError('INVALID_INPUT', `${path} is refused, ${config.file} is unchanged`, problems);
}
