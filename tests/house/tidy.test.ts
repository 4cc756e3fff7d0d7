/** Every source file keeps the style that a machine can see; and the check would notice one that does not. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT_ROOT, listSources } from './project-files.ts';
import { listUntidiness } from './tidy.ts';

const sources = listSources(['main', 'renderer', 'servers', 'tests']);

describe('the sources', () => {
  test('are tidy: short, well named, opened by a sentence, without leftovers', () => {
    const faults = sources.flatMap((file) =>
      listUntidiness(file, readFileSync(join(PROJECT_ROOT, file), 'utf8')).map((fault) => `${file}: ${fault}`),
    );
    expect(faults).toEqual([]);
  });

  test('are really there to be checked', () => {
    expect(sources.length).toBeGreaterThan(50);
  });
});

describe('the tidiness check notices', () => {
  const opening = '// What it is.\n';
  const focused = ['test', 'only'].join('.');

  test.each([
    ['a file of 401 lines', 'servers/core/a.ts', opening + 'void 0;\n'.repeat(400), /401 lines/],
    ['no opening sentence', 'servers/core/a.ts', 'export const a = 1;\n', /open the file/],
    ['a name that says nothing', 'servers/core/date-utils.ts', opening, /"utils" says nothing/],
    ['a folder that says nothing', 'servers/core/common/a.ts', opening, /"common" says nothing/],
    ['a name not in kebab-case', 'servers/core/siteModel.ts', opening, /kebab-case/],
    ['a focused test', 'tests/a.test.ts', `${opening}${focused}('x', () => {});\n`, /focused/],
    ['a note for later', 'servers/core/a.ts', `${opening}// ${'TO'}${'DO'} later\n`, /later/],
    [
      'a barrel file',
      'servers/core/index.ts',
      `${opening}export * from './a.ts';\nexport * from './b.ts';\n`,
      /barrel/,
    ],
  ])('%s', (_name, path, text, complaint) => {
    expect(listUntidiness(path, text).join('\n')).toMatch(complaint);
  });

  test('nothing in a tidy file of 400 lines', () => {
    expect(listUntidiness('servers/core/site-model.ts', opening + 'void 0;\n'.repeat(399))).toEqual([]);
  });
});
