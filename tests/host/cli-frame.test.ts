/** The frame of the command line: help, version, usage errors, and what each ends with. */
import { describe, expect, test } from 'vitest';
import { runCli } from './cli-run.ts';

describe('help', () => {
  test('names every command with what it is for, and the statuses', async () => {
    const { code, out, err } = await runCli('--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const name of ['run', 'check', 'serve', 'size', 'erlang', 'replay', 'rules', 'categories', 'config']) {
      expect(out).toMatch(new RegExp(`^ {2}${name} .*\\w`, 'm'));
    }
    expect(out).toContain('Examples:');
    expect(out).toContain('Exit status: 0 all thresholds hold');
  });

  test.each([['run'], ['check'], ['serve'], ['size'], ['erlang'], ['replay'], ['rules'], ['categories'], ['config']])(
    'engage %s --help and engage help %s have examples',
    async (name) => {
      const [own, asked] = await Promise.all([runCli(name, '--help'), runCli('help', name)]);
      expect(own.code).toBe(0);
      expect(own.out).toMatch(/Examples:\n/);
      expect(asked).toEqual(own);
    },
  );

  test('without a word it is printed as what went wrong: nothing ran', async () => {
    const { code, out, err } = await runCli();
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Usage: engage');
  });

  test('--version is that of the package', async () => {
    const { code, out } = await runCli('--version');
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

test.each([
  [['rnu'], /engage: unknown command 'rnu'\n\(Did you mean run\?\)/],
  [['run'], /engage: missing required argument 'scenario'/],
  [['run', 'a.yaml', '--fast'], /engage: unknown option '--fast'/],
  [['run', 'a.yaml', '--speed', '3'], /engage: unknown option '--speed'/],
  [['run', 'a.yaml', '--mode', 'dreamt'], /--mode dreamt: expected sim or live/],
  [['run', 'a.yaml', '--store', 'sqlite', '--contact-points', 'x'], /--contact-points: only a live run/],
  [['run', 'a.yaml', '--seeds', 'all'], /--seeds all: expected a number from 1 to 10000, or a list such as 3,5,9/],
  [['run', 'a.yaml', '--seed', '1', '--seeds', '2'], /--seed 1: expected either --seed or --seeds/],
  [['run', 'a.yaml', '--seed', '-1'], /--seed -1: expected a whole number of at least 0/],
  [['run', 'a.yaml', '--reporter', 'junit'], /--reporter junit: json, junit and html are files: give --out/],
  [
    ['run', 'a.yaml', '--reporter', 'pdf,tap'],
    /--reporter pdf,tap: unknown: pdf, tap; expected some of console,json,junit,html/,
  ],
  [['run', 'a.yaml', '--journal'], /--journal: it needs --out/],
  [['run', 'a.yaml', '--max-wall', 'soon'], /--max-wall soon: expected a duration above 0/],
  [['run', 'a.yaml', '--store', 'oracle'], /--store oracle: expected one of auto, memory, sqlite, cassandra/],
  [['run', 'nowhere/a.yaml'], /nowhere\/a\.yaml can not be run: 1 problem\n {2}nowhere\/a\.yaml: no such file/],
  [['check', 'nowhere/a.yaml'], /nowhere\/a\.yaml: no such file/],
  [['config'], /Usage: engage config/],
])('engage %j ends with 2 and says why, without a stack', async (words, expected) => {
  const { code, out, err } = await runCli(...words);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(expected);
  expect(err).not.toMatch(/^ {4}at /m);
});

test('all wrong options are named at once', async () => {
  const { err } = await runCli('run', 'a.yaml', '--mode', 'alive', '--store', 'x', '--seeds', '0', '--max-wall', '0s');
  expect(err.match(/^ {2}--/gm)).toHaveLength(4);
});
