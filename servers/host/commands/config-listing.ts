/** Options as the command line shows them: a row of facts for machines, lines for people. Secrets are never shown. */
import { readersOf } from '#core/options/option-readers.ts';
import { canonicalSection } from '#core/options/option-place.ts';
import { describeInvalidHandling, type Application } from '#core/options/option.ts';
import type { OptionEntry } from '#core/options/resolved-options.ts';
import type { RawValue } from '#core/options/value-kind.ts';
import type { ConfigFile } from './config-file.ts';

/** Everything about one option, as `--json` prints it. */
export interface OptionRow {
  readonly path: string;
  readonly application: Application;
  readonly section: string;
  readonly name: string;
  /** As it would be written in a file; null where there is none, and for a secret. */
  readonly value: RawValue | null;
  readonly isSet: boolean;
  readonly secret: boolean;
  /** `original`: what the original would have taken, under `fidelity: faithful`. */
  readonly source: 'default' | 'given' | 'original';
  /** `file:line:column`; null where it is not given. */
  readonly place: string | null;
  readonly default: RawValue;
  readonly guideDefault: string | null;
  readonly valid: string;
  readonly ifAbsent: string;
  readonly ifInvalid: string;
  readonly takesEffect: 'immediately' | 'after restart';
  /** false: the guide does not say when a change takes effect, and it is ours. */
  readonly takesEffectByGuide: boolean;
  readonly about: string;
  /** Files that read it; none: no code does yet. */
  readonly readBy: readonly string[];
  /** Lines of the guide. */
  readonly guide: string;
}

export function describeEntry(entry: OptionEntry, config: ConfigFile): OptionRow {
  const { option, path, raw, origin } = entry;
  const slash = path.lastIndexOf('/');
  return {
    path,
    application: option.application,
    section: path === option.path ? option.section : path.slice(0, slash),
    name: path.slice(slash + 1),
    value: option.kind.secret || raw === '' ? null : raw,
    isSet: raw !== '',
    secret: option.kind.secret,
    source: origin.from,
    place: origin.from === 'given' ? placeOf(config, origin.section, origin.name) : null,
    default: option.default,
    guideDefault: option.guideDefault,
    valid: option.kind.valid,
    ifAbsent: option.ifAbsent,
    ifInvalid: describeInvalidHandling(option.ifInvalid),
    takesEffect: option.takesEffect,
    takesEffectByGuide: option.takesEffectIsOurs !== true,
    about: option.about,
    readBy: readersOf(option.path),
    guide: option.guide,
  };
}

function placeOf(config: ConfigFile, section: string, name: string): string {
  const { file, line, column } = config.source.problemAt(['options', section, name], '');
  return `${file}:${line}:${column}`;
}

/** A value for people. */
export function showRowValue(row: Pick<OptionRow, 'secret' | 'isSet' | 'value'>): string {
  if (row.secret) return row.isSet ? '(set, not shown)' : '(not set)';
  return row.value === null ? '(none)' : String(row.value);
}

function showSource(row: OptionRow): string {
  if (row.place !== null) return row.place;
  return row.source === 'original' ? 'as the original' : 'default';
}

/** Section by section, one option a line. */
export function formatList(rows: readonly OptionRow[], entries: readonly OptionEntry[]): readonly string[] {
  const nameWidth = Math.max(...rows.map((row) => row.name.length));
  const valueWidth = Math.min(24, Math.max(...rows.map((row) => showRowValue(row).length)));
  const sourceWidth = Math.max(...rows.map((row) => showSource(row).length));
  const lines: string[] = [];
  let heading = '';
  rows.forEach((row, at) => {
    const entry = entries[at];
    const section =
      entry === undefined || entry.path !== entry.option.path ? row.section : canonicalSection(entry.option);
    if (section !== heading) lines.push(...(heading === '' ? [] : ['']), `[${section}]  ${row.application}`);
    heading = section;
    const unread = row.readBy.length === 0 ? '  [not read yet]' : '';
    lines.push(
      `  ${row.name.padEnd(nameWidth)}  ${showRowValue(row).padEnd(valueWidth)}  ${showSource(row).padEnd(sourceWidth)}  ` +
        `${row.takesEffect.padEnd(13)}  ${row.valid}${unread}`,
    );
  });
  return lines;
}

/** One option with all that the table says. */
export function formatRow(row: OptionRow): readonly string[] {
  const guide =
    row.guideDefault === null ? 'the guide prints none' : `the guide prints ${JSON.stringify(row.guideDefault)}`;
  const fact = (name: string, words: string) => `  ${name.padEnd(12)}  ${words}`;
  return [
    row.path,
    fact('value', `${showRowValue(row)}  (${showSource(row)})`),
    fact(
      'default',
      `${showRowValue({ secret: false, isSet: row.default !== '', value: row.default === '' ? null : row.default })}  (${guide})`,
    ),
    fact('valid', row.valid),
    fact('if absent', row.ifAbsent),
    fact('if invalid', `refused; ${row.ifInvalid}`),
    fact('takes effect', row.takesEffectByGuide ? row.takesEffect : `${row.takesEffect} (the guide does not say)`),
    fact('about', row.about),
    fact('read by', row.readBy.length === 0 ? 'no code yet' : row.readBy.join(', ')),
    fact('guide', row.guide),
  ];
}
