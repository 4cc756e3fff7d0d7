/** `npm run components` on machines of every kind, played by a PATH of its own: what it installs, and what it says where it can't. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PROJECT_ROOT } from './project-files.ts';

let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'components-'));
  for (const tool of ['bash', 'cat', 'chmod']) symlinkSync(join('/bin', tool), join(bin, tool));
  command('dpkg-query', 'echo -n installed');
  command('id', 'echo 0');
});
afterEach(() => rmSync(bin, { recursive: true }));

function command(name: string, body: string): void {
  writeFileSync(join(bin, name), `#!${join(bin, 'bash')}\n${body}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** An apt-get that writes down how it was called, and installs a chromium; without lists, only after an update. */
function aptGet(lists: 'with lists' | 'without lists'): void {
  if (lists === 'with lists') writeFileSync(join(bin, 'lists'), '');
  command(
    'apt-get',
    `echo "$1" >> ${bin}/calls
case "$1" in
  update) echo > ${bin}/lists ;;
  install) [ -e ${bin}/lists ] || exit 100; echo '#!/bin/sh' > ${bin}/chromium; chmod +x ${bin}/chromium ;;
esac`,
  );
}

function run(): { code: number | null; out: string; err: string; calls: string } {
  const script = join(PROJECT_ROOT, '.ci/components.sh');
  const { status, stdout, stderr } = spawnSync(join(bin, 'bash'), [script], { env: { PATH: bin }, encoding: 'utf8' });
  const calls = join(bin, 'calls');
  return { code: status, out: stdout, err: stderr, calls: existsSync(calls) ? readFileSync(calls, 'utf8') : '' };
}

test('where all is there, nothing is installed', () => {
  aptGet('with lists');
  command('chromium', '');
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
    err: 'components: installing packages needs root; run: sudo apt-get install --no-install-recommends chromium\n',
  });
});

test('where there is no apt it names what to install by hand', () => {
  rmSync(join(bin, 'dpkg-query'));
  expect(run()).toMatchObject({
    code: 4,
    err: 'components: this is not Debian or Ubuntu; install by hand: chromium\n',
  });
  command('chromium', '');
  expect(run()).toMatchObject({ code: 0 });
});

test('a package that brings no command is not taken for success', () => {
  command('apt-get', 'exit 0');
  expect(run()).toMatchObject({ code: 4 });
});
