/** Writes docs/options.md from the table: `engage config list --markdown > docs/options.md`. A test compares the two. */
import { readersOf } from '#core/options/option-readers.ts';
import { OPTIONS } from '#core/options/option-table.ts';
import { canonicalSection } from '#core/options/option-place.ts';
import { describeInvalidHandling, type Option } from '#core/options/option.ts';

const HEAD = `# Configuration options

Every configuration option of the deployment guide, written by \`engage config list --markdown\`; change the table in
\`servers/core/options/\`, not this file. How options are named and given: [ADR 0003](adr/0003-options-table.md).

A wrong value is refused. Under \`fidelity: faithful\` it is treated as the original treats it, where the column "original, if
invalid" says how. "(ours)": the guide does not say it. Guide: line numbers of the deployment guide's text.
`;

const COLUMNS = [
  'option',
  'default',
  "guide's default",
  'valid',
  'if absent',
  'original, if invalid',
  'a change takes effect',
  'read by',
  'guide',
];

export function describeOptionsDocument(): string {
  const lines = [HEAD];
  let heading = '';
  for (const option of OPTIONS) {
    const section = canonicalSection(option);
    if (section !== heading) {
      lines.push(`${heading === '' ? '' : '\n'}## ${code(section)} (${option.application})\n`);
      lines.push(tableRow(COLUMNS), tableRow(COLUMNS.map(() => '---')));
    }
    heading = section;
    lines.push(tableRow(cellsOf(option)));
  }
  return `${lines.join('\n')}\n`;
}

function cellsOf(option: Option): readonly string[] {
  const readers = readersOf(option.path);
  return [
    `${code(option.name)}<br>${plain(option.about)}`,
    option.default === '' ? '(none)' : code(String(option.default)),
    option.guideDefault === null ? '(not printed)' : option.guideDefault === '' ? '(empty)' : code(option.guideDefault),
    plain(option.kind.valid),
    plain(option.ifAbsent),
    option.ifInvalid.original === 'unknown' ? 'not said' : plain(describeInvalidHandling(option.ifInvalid)),
    `${option.takesEffect}${option.takesEffectIsOurs === true ? ' (ours)' : ''}`,
    readers.length === 0 ? 'no code yet' : readers.map(code).join(', '),
    option.guide,
  ];
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function plain(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('_', '\\_')
    .replaceAll('*', '\\*');
}
