/**
 * That the list of who reads an option holds in the code: its path as a whole literal in servers/, outside the table
 * itself.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPTION_READERS, readersOf, type OptionReaders } from '#core/options/option-readers.ts';
import { OPTIONS } from '#core/options/option-table.ts';
import { listSources, PROJECT_ROOT } from '#tests/house/project-files.ts';

interface Source {
  readonly file: string;
  readonly text: string;
}

/** The files that name each path as a literal; paths that none names are left out. */
function findReaders(
  paths: readonly string[],
  sources: readonly Source[],
): Readonly<Record<string, readonly string[]>> {
  const found = paths.map((path): readonly [string, readonly string[]] => [
    path,
    sources.filter(({ text }) => text.includes(`'${path}'`)).map(({ file }) => file),
  ]);
  return Object.fromEntries(found.filter(([, files]) => files.length > 0));
}

/**
 * Options that are read and not listed, and files that are listed and don't read; a file may read without being listed.
 */
function compare(listed: OptionReaders, found: OptionReaders): readonly string[] {
  return [
    ...Object.keys(found)
      .filter((path) => readersOf(path, listed).length === 0)
      .map((path) => `not listed: ${path}`),
    ...Object.entries(listed).flatMap(([path, files]) =>
      files.filter((file) => !readersOf(path, found).includes(file)).map((file) => `${file} does not read ${path}`),
    ),
  ];
}

const PATHS = OPTIONS.map((option) => option.path);

describe('the list of who reads which option', () => {
  it('holds in the code (when this fails: bring servers/core/options/option-readers.ts up to date)', () => {
    const sources = listSources(['servers'])
      .filter((file) => !file.startsWith('servers/core/options/'))
      .map((file) => ({ file, text: readFileSync(join(PROJECT_ROOT, file), 'utf8') }));
    expect(sources.length).toBeGreaterThan(10);
    expect(compare(OPTION_READERS, findReaders(PATHS, sources))).toEqual([]);
  });

  it('would be found to be stale (negative control)', () => {
    const sources = [{ file: 'servers/x.ts', text: "options.get('security/password')" }];
    expect(findReaders(PATHS, sources)).toEqual({ 'security/password': ['servers/x.ts'] });
    expect(findReaders(PATHS, [{ file: 'servers/x.ts', text: 'e.g. security/password' }])).toEqual({});
    const reads = { 'security/password': ['servers/x.ts', 'servers/y.ts'] };
    expect(compare({}, reads)).toEqual(['not listed: security/password']);
    expect(compare({ 'security/password': ['servers/z.ts'] }, reads)).toEqual([
      'servers/z.ts does not read security/password',
    ]);
    expect(compare({ 'security/password': ['servers/x.ts'] }, reads)).toEqual([]);
  });

  it('names no path that is no option, and nobody for one that is not listed', () => {
    expect(Object.keys(OPTION_READERS).filter((path) => !PATHS.includes(path))).toEqual([]);
    expect(readersOf('security/password', {})).toEqual([]);
    expect(readersOf('toString', {})).toEqual([]);
  });
});
