/** That docs/options.md is what the table says now. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { OPTIONS } from '#core/options/option-table.ts';
import { describeOptionsDocument } from '#host/options-document.ts';
import { PROJECT_ROOT } from '#tests/house/project-files.ts';

const COLUMNS = 9;

/** Cells of the rows of options, their text as it stands between the bars. */
function rowsOf(document: string): readonly (readonly string[])[] {
  return document
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1));
}

it('docs/options.md is current (when this fails: engage config list --markdown > docs/options.md)', () => {
  expect(readFileSync(join(PROJECT_ROOT, 'docs/options.md'), 'utf8')).toBe(describeOptionsDocument());
});

it('has a row of all columns for every option, in the order of the table', () => {
  const rows = rowsOf(describeOptionsDocument());
  expect(rows.map((row) => row.length)).toEqual(OPTIONS.map(() => COLUMNS));
  expect(rows.map((row) => /^ `([^`]+)`/.exec(row[0] ?? '')?.[1])).toEqual(OPTIONS.map((option) => option.name));
});

it('would be found to have a row too short (negative control)', () => {
  expect(rowsOf('| `a` | b |')).toEqual([[' `a` ', ' b ']]);
});
