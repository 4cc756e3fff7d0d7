/** `npm run components` on machines of every kind, played by a PATH of its own: what it installs, and what it says where it can't. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PROJECT_ROOT } from './project-files.ts';

let bin: string;
/** Where the jars of Cassandra are; there from the start, unless a test removes it. */
let lib: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'components-'));
  for (const tool of ['bash', 'cat', 'chmod', 'mkdir', 'mv']) symlinkSync(join('/bin', tool), join(bin, tool));
  command('dpkg-query', 'echo -n installed');
  command('id', 'echo 0');
  command('curl', '');
  lib = join(bin, 'lib');
  mkdirSync(lib);
  writeFileSync(join(lib, 'cassandra-all-5.0.0.jar'), '');
});
afterEach(() => rmSync(bin, { recursive: true }));

function command(name: string, body: string): void {
  writeFileSync(join(bin, name), `#!${join(bin, 'bash')}\n${body}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** An apt-get that writes down how it was called, and installs all commands; without lists, only after an update. */
function aptGet(lists: 'with lists' | 'without lists'): void {
  if (lists === 'with lists') writeFileSync(join(bin, 'lists'), '');
  command(
    'apt-get',
    `echo "$1" >> ${bin}/calls
case "$1" in
  update) echo > ${bin}/lists ;;
  install) [ -e ${bin}/lists ] || exit 100; for name in chromium java mvn; do [ -e ${bin}/$name ] || echo '#!/bin/sh' > ${bin}/$name; chmod +x ${bin}/$name; done ;;
esac`,
  );
}

function run(): { code: number | null; out: string; err: string; calls: string } {
  const script = join(PROJECT_ROOT, '.ci/components.sh');
  const { status, stdout, stderr } = spawnSync(join(bin, 'bash'), [script], {
    env: { PATH: bin, CASSANDRA_LIB: lib },
    encoding: 'utf8',
  });
  const calls = join(bin, 'calls');
  return { code: status, out: stdout, err: stderr, calls: existsSync(calls) ? readFileSync(calls, 'utf8') : '' };
}

function allCommands(): void {
  for (const name of ['chromium', 'java', 'mvn']) command(name, '');
}

test('where all is there, nothing is installed', () => {
  aptGet('with lists');
  allCommands();
  expect(run()).toMatchObject({ code: 0, calls: '' });
});

test('what is missing is installed, without fetching lists that are there', () => {
  aptGet('with lists');
  expect(run()).toMatchObject({ code: 0, calls: 'install\n' });
  expect(run()).toMatchObject({ code: 0, calls: 'install\n' });
});

test('lists are fetched where the archive has moved on', () => {
  aptGet('without lists');
  expect(run()).toMatchObject({ code: 0, calls: 'install\nupdate\ninstall\n' });
});

test('without root it says what to run, and does nothing', () => {
  aptGet('with lists');
  command('id', 'echo 1000');
  expect(run()).toMatchObject({
    code: 4,
    calls: '',
    err: 'components: installing packages needs root; run: sudo apt-get install --no-install-recommends chromium openjdk-17-jre-headless maven\n',
  });
});

test('where there is no apt it names what to install by hand', () => {
  rmSync(join(bin, 'dpkg-query'));
  expect(run()).toMatchObject({
    code: 4,
    err: 'components: this is not Debian or Ubuntu; install by hand: chromium openjdk-17-jre-headless maven\n',
  });
  allCommands();
  expect(run()).toMatchObject({ code: 0 });
});

test('a package that brings no command is not taken for success', () => {
  command('apt-get', 'exit 0');
  expect(run()).toMatchObject({ code: 4 });
});

test('the jars of Cassandra are brought by Maven, whole or not at all', () => {
  aptGet('with lists');
  allCommands();
  rmSync(lib, { recursive: true });
  expect(run()).toMatchObject({ code: 4, err: 'components: Maven did not bring the jars of Cassandra\n' });
  expect(existsSync(lib)).toBe(false);
  command('mvn', `mkdir ${lib}.partial; echo > ${lib}.partial/cassandra-all-5.0.8.jar`);
  expect(run()).toMatchObject({ code: 0 });
  expect(existsSync(join(lib, 'cassandra-all-5.0.8.jar'))).toBe(true);
});
