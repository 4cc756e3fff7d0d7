/** Strict YAML and the quantities in it: every fault at its place, nothing that crashes. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseYaml } from '#protocol/parse-yaml.ts';
import { parseDuration, parseShare } from '#protocol/quantities.ts';

const schema = z.strictObject({ a: z.number(), list: z.array(z.strictObject({ b: z.string() })).default([]) });

function problemsOf(text: string): string[] {
  const parsed = parseYaml(text, 'x.yaml', schema);
  return parsed.ok ? [] : parsed.problems.map(({ line, column, path }) => `${line}:${column} ${path}`);
}

describe('strict YAML', () => {
  test('names every fault at its line and column in one go', () => {
    expect(problemsOf('a: one\nlist:\n  - b: ok\n  - b: 7\n    c: 1\nz: 2\n')).toEqual([
      '1:1 a',
      '4:5 list/1/b',
      '5:5 list/1/c',
      '6:1 z',
    ]);
  });

  test('a missing key is placed at its parent', () => {
    expect(problemsOf('list:\n  - {}\n')).toEqual(['1:1 a', '2:5 list/0/b']);
  });

  test.each([
    ['a key twice', 'a: 1\na: 2\n'],
    ['a bracket that never closes', 'a: [1\n'],
    ['an alias without its anchor', 'a: *b\n'],
    ['aliases that multiply without measure', bomb()],
  ])('%s is a problem with a line, not a crash', (_what, text) => {
    const parsed = parseYaml(text, 'x.yaml', schema);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? 0 : parsed.problems[0]?.line).toBeGreaterThan(0);
  });

  test('a sound text gives its value', () => {
    const parsed = parseYaml('a: 1 # why\nlist: [{ b: x }]\n', 'x.yaml', schema);
    expect(parsed.ok && parsed.value.value).toEqual({ a: 1, list: [{ b: 'x' }] });
  });
});

function bomb(): string {
  const lines = ['l0: &l0 [1,1,1,1,1,1,1,1,1,1]'];
  for (let level = 1; level < 9; level += 1) {
    const alias = `*l${level - 1}`;
    lines.push(`l${level}: &l${level} [${Array.from({ length: 10 }, () => alias).join(',')}]`);
  }
  return `${lines.join('\n')}\n`;
}

describe('quantities', () => {
  test.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1.5h', 5_400_000],
    ['0s', 0],
    ['90', undefined],
    ['-5s', undefined],
    ['5 s', undefined],
    ['', undefined],
  ])('the duration %s is %s ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    ['3%', 0.03],
    ['100%', 1],
    [0.03, 0.03],
    ['0.5', 0.5],
    ['101%', undefined],
    [-0.1, undefined],
    ['many', undefined],
  ])('the share %s is %s', (given, share) => {
    expect(parseShare(given)).toBe(share);
  });
});
