/** The pure rooms hold no clock, no chance, no timer and no promise; and the check that says so would notice if they did. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT_ROOT, listSources } from './project-files.ts';
import { findImpurities } from './purity.ts';

const PURE_ROOMS = ['servers/core', 'servers/crowd', 'servers/sim', 'servers/strategies'];

describe('the pure rooms', () => {
  test.each(PURE_ROOMS)('%s holds no clock, chance, timer, promise or process', (room) => {
    const found = listSources([room]).flatMap((file) =>
      findImpurities(file, readFileSync(join(PROJECT_ROOT, file), 'utf8')).map(
        ({ line, what }) => `${file}:${line} ${what}`,
      ),
    );
    expect(found).toEqual([]);
  });

  test('are really there to be checked', () => {
    expect(listSources(PURE_ROOMS).length).toBeGreaterThan(10);
  });
});

describe('the purity check notices', () => {
  test.each([
    ['const at = Date.now();', 'Date'],
    ['const at = new Date();', 'Date'],
    ['let when: Date;', 'Date'],
    ['const x = Math.random();', 'Math.random'],
    ["const x = Math['random']();", 'Math as a value'],
    ['const { random } = Math;', 'Math as a value'],
    ['setTimeout(() => 1, 5);', 'setTimeout'],
    ['const later = setInterval;', 'setInterval'],
    ['const at = performance.now();', 'performance'],
    ['const home = process.env;', 'process'],
    ['console.log(1);', 'console'],
    ['const shorthand = { process };', 'process'],
    ['let p: Promise<number>;', 'Promise'],
    ['void Promise.resolve(1);', 'Promise'],
    ["const late = import('x');", 'import()'],
    ['const at = globalThis.Date;', 'globalThis'],
    ['const f = async () => 1;', 'async'],
    ['class A { async m() { return 1; } }', 'async'],
    ['for await (const x of []) { void x; }', 'await'],
    ['queueMicrotask(() => 1);', 'queueMicrotask'],
    ['const id = crypto.randomUUID();', 'crypto'],
  ])('%s', (text, what) => {
    expect(findImpurities('example.ts', text)).toContainEqual({ line: 1, what });
  });

  test('where it stands', () => {
    expect(findImpurities('example.ts', 'const a = 1;\n\nconst b = Date.now();')).toEqual([{ line: 3, what: 'Date' }]);
  });

  test('nothing in what is pure, and nothing in names, strings and comments', () => {
    const text = [
      '// Date.now() and Math.random() in a comment',
      "const words = 'await Promise process';",
      'interface Row { readonly Date: number; process(): void }',
      'class Node { process(at: number): number { return Math.floor(at); } }',
      'const n = new Node().process(1) + row.Date;',
    ].join('\n');
    expect(findImpurities('example.ts', text)).toEqual([]);
  });
});
