/** `engage config list|get|check`: what is printed, and what is refused. Setting has a file of its own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readersOf } from '#core/options/option-readers.ts';
import { OPTIONS } from '#core/options/option-table.ts';
import { PROJECT_ROOT } from '#tests/house/project-files.ts';
import { EXPIRATION, runConfig, useInstallation } from './config-run.ts';

const at = useInstallation();

describe('list', () => {
  it('prints every option, with the value in force and where it comes from', () => {
    at.give('options:\n  service:wmsg:\n    wmsg.connector.engagementExpirationTime: 45\n');
    const { out, exit } = runConfig('list', '--file', at.file);
    expect(exit).toBe(0);
    expect(out.split('\n')[0]).toBe(`${at.file}, fidelity improved: 88 options, 1 given`);
    for (const { name } of OPTIONS.filter((option) => option.application !== 'chat-server'))
      expect(out).toContain(`  ${name} `);
    expect(out).toMatch(
      /engagementExpirationTime +45 +\S*engage.yaml:3:5 +immediately +an integer from 10 to 60, in seconds\n/,
    );
    const unread = OPTIONS.filter((option) => readersOf(option.path).length === 0).map((option) => option.name);
    const marked = out.split('\n').filter((line) => line.endsWith('  [not read yet]'));
    expect(marked.map((line) => line.trim().split(' ')[0])).toEqual(unread);
  });

  it('--json prints the same as objects', () => {
    at.give('fidelity: faithful\noptions:\n  log: { expire: 5000 }\n  security: { password: hush }\n');
    const { out } = runConfig('list', '--file', at.file, '--json');
    const rows: readonly Record<string, unknown>[] = JSON.parse(out);
    expect(rows).toHaveLength(88);
    const row = (path: string) => rows.find((one) => one['path'] === path);
    expect(row('backend.log/expire')).toMatchObject({
      application: 'backend',
      section: 'log',
      value: 10,
      source: 'original',
      place: null,
      default: 3,
      guideDefault: '3',
      takesEffect: 'after restart',
      ifInvalid: 'the original silently takes 10 (files)',
    });
    expect(row('security/password')).toMatchObject({
      value: null,
      isSet: true,
      secret: true,
      source: 'given',
      place: `${at.file}:4:15`,
    });
    expect(row('endpoints:1/webme')).toMatchObject({
      value: 'Webengagement_Chat',
      section: 'endpoints:1',
      name: 'webme',
    });
    expect(out).not.toContain('hush');
  });

  it.each([
    ['service:pacing', 7],
    ['log', 18],
    ['frontend.log', 9],
    ['endpoints:1', 1],
    ['settings', 5],
  ])('--section %s prints its %i options', (section, count) => {
    at.give('');
    expect(JSON.parse(runConfig('list', '--file', at.file, '--json', '--section', section).out)).toHaveLength(count);
  });

  it('refuses a section that is none, with what was meant', () => {
    at.give('');
    expect(runConfig('list', '--file', at.file, '--section', 'service:pacin')).toMatchObject({
      exit: 2,
      err: 'unknown section "service:pacin": did you mean "service:pacing"?',
    });
  });

  it('refuses a file that is named and not there, and does without one that is not named', () => {
    expect(runConfig('list', '--file', at.file)).toMatchObject({
      exit: 2,
      out: '',
      err: `there is no file ${at.file}`,
    });
  });

  it('refuses a file with wrong options rather than print values that are not in force', () => {
    at.give('options: { log: { verbose: loud } }\n');
    expect(runConfig('list', '--file', at.file)).toMatchObject({ exit: 2, out: '' });
  });
});

describe('get', () => {
  it('prints all that there is to say about an option', () => {
    at.give('options:\n  service:wmsg: { wmsg.connector.engagementExpirationTime: 45 }\n');
    const { out } = runConfig('get', EXPIRATION, '--file', at.file);
    expect(out.split('\n').map((line) => line.replace(/ {2,}/g, ' '))).toEqual([
      EXPIRATION,
      ` value 45 (${at.file}:2:19)`,
      ' default 30 (the guide prints "30")',
      ' valid an integer from 10 to 60, in seconds',
      ' if absent the default holds',
      ' if invalid refused; the guide does not say what the original does with a wrong value',
      ' takes effect immediately',
      ' about How long a webengagement interaction is valid, from its creation until the invite is shown',
      ` read by ${readersOf(EXPIRATION).join(', ')}`,
      ' guide L3506',
      '',
    ]);
  });

  it('--json prints an object, a list where the section means both servers', () => {
    at.give('options: { log: { verbose: debug }, frontend.log: { verbose: none } }\n');
    expect(JSON.parse(runConfig('get', EXPIRATION, '--file', at.file, '--json').out)).toMatchObject({
      value: 30,
      source: 'default',
    });
    expect(JSON.parse(runConfig('get', 'log/verbose', '--file', at.file, '--json').out)).toMatchObject([
      { path: 'backend.log/verbose', value: 'debug' },
      { path: 'frontend.log/verbose', value: 'none' },
    ]);
  });

  it('never prints a password', () => {
    at.give('options: { security: { password: hush } }\n');
    expect(runConfig('get', 'security/password', '--file', at.file).out).toContain('value         (set, not shown)');
    expect(runConfig('get', 'gwe:security/password', '--file', at.file).out).toContain('value         (not set)');
    expect(runConfig('get', 'security/password', '--file', at.file).out).not.toContain('hush');
  });

  it.each([
    ['engagementExpirationTime', 'expected <section/name>, got "engagementExpirationTime": such as'],
    ['wmsg.connector.phoneNumber', 'did you mean service:wmsg/wmsg.connector.phoneNumber?'],
    ['service:wmsg/wmsg.connector.fone', 'unknown option "wmsg.connector.fone"'],
    ['settings/loadbalancer', 'write one of backend.settings/loadbalancer'],
    ['endpoints:9/webme', 'the end point endpoints:9/webme is not given'],
  ])('refuses %s with what was meant', (path, message) => {
    at.give('');
    const { exit, err } = runConfig('get', path, '--file', at.file);
    expect(exit).toBe(2);
    expect(err).toContain(message);
  });
});

describe('check', () => {
  it('names every problem with its line and column, those of form and those of options together', () => {
    at.give(
      [
        'version: 2',
        'options:',
        '  server:wes: { x: 1 }',
        '  service:wmsg:',
        '    wmsg.connector.engagementExpirationTime: 5',
        '    wmsg.connector.phoneNumber:',
        '  log: { expire: 5000 }',
        'fidelty: faithful',
      ].join('\n'),
    );
    const { exit, problems, out } = runConfig('check', at.file);
    expect(exit).toBe(2);
    expect(out).toBe('');
    expect(problems.map((one) => one.replace(at.file, 'engage.yaml'))).toEqual([
      'engage.yaml:1:1 version: expected 1, the version that is read here',
      'engage.yaml:3:3 options/server:wes: unknown section "server:wes": did you mean "service:wes"? (a slip of the guide, L2340)',
      'engage.yaml:5:5 options/service:wmsg/wmsg.connector.engagementExpirationTime: expected an integer from 10 to 60, in seconds, ' +
        'got 5; the guide does not say what the original does with a wrong value',
      'engage.yaml:6:5 options/service:wmsg/wmsg.connector.phoneNumber: expected a text, a number, true or false ("" for an empty value)',
      'engage.yaml:7:10 options/log/expire: expected false, <number> file from 1 to 1000, a bare number of them, ' +
        'or <number> day from 1 to 100, got 5000; the original silently takes 10 (files)',
      'engage.yaml:8:1 fidelty: unknown key "fidelty"',
    ]);
  });

  it('of a right file says so, with what there is to note', () => {
    at.give(
      'fidelity: faithful\noptions:\n  log: { expire: 5000 }\n  service:wes: { wes.connector.chatServer.queueKey: 2:webme }\n',
    );
    const { exit, out } = runConfig('check', at.file);
    expect(exit).toBe(0);
    expect(out).toContain(`${at.file}: 2 options given, no problem\n`);
    expect(out).toContain('note (faithful): backend.log/expire: 5000 is wrong');
    expect(out).toMatch(/note \(unread\): .*service:wes\/wes.connector.chatServer.queueKey/);
  });

  it('--json prints problems and notes', () => {
    at.give('options: { log: { verbose: loud } }\n');
    const wrong = runConfig('check', at.file, '--json');
    expect(wrong.exit).toBe(2);
    expect(JSON.parse(wrong.out)).toMatchObject({
      file: at.file,
      valid: false,
      problems: [{ line: 1, column: 19, path: 'options/log/verbose' }],
    });
    at.give('');
    expect(JSON.parse(runConfig('check', at.file, '--json').out)).toMatchObject({
      file: at.file,
      valid: true,
      problems: [],
    });
  });

  it('never says yes to a file that is not there', () => {
    expect(runConfig('check', at.file)).toMatchObject({ exit: 2, err: `there is no file ${at.file}` });
  });

  it('does not show a password that is wrong', () => {
    at.give('options: { security: { password: 4711 } }\n');
    const { problems } = runConfig('check', at.file);
    expect(problems[0]).toContain('got a value that is not shown (put it in quotes to have it read as text)');
    expect(problems.join()).not.toContain('4711');
  });
});

describe('as a process', () => {
  const engage = (...words: readonly string[]) =>
    new Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>((done) => {
      const script = join(PROJECT_ROOT, 'servers/host/engage.mjs');
      const child = execFile(process.execPath, [script, 'config', ...words], { cwd: at.folder }, (_error, out, err) => {
        done({ code: child.exitCode, out, err });
      });
    });

  it('writes engage.yaml in the current folder, reads it there, and exits 2 where something is wrong', async () => {
    expect(await engage('list', '--section', 'service:cep')).toMatchObject({ code: 0, err: '' });
    expect(await engage('set', EXPIRATION, '45')).toMatchObject({ code: 0, err: '' });
    const got = await engage('get', EXPIRATION, '--json');
    expect(JSON.parse(got.out)).toMatchObject({ value: 45, source: 'given', place: 'engage.yaml:4:5' });
    const refused = await engage('set', EXPIRATION, '5');
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('engage: ');
    expect(refused.err).not.toContain('    at ');
    expect((await engage('check')).code).toBe(0);
  });
});
