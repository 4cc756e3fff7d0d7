/** The last line of a CI run: what is summed, and that nothing which failed, or ran nothing, is called good. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PROJECT_ROOT } from './project-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'count-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Status = 'passed' | 'failed' | 'pending';

function report(step: string, files: readonly { readonly status: string; readonly tests: readonly Status[] }[]): void {
  const testResults = files.map(({ status, tests }, index) => ({
    name: `tests/${index}.test.ts`,
    status,
    assertionResults: tests.map((result, number) => ({ status: result, fullName: `${step} ${index} ${number}` })),
  }));
  writeFileSync(join(folder, `${step}.json`), JSON.stringify({ testResults }));
}

function count(...failedSteps: readonly string[]): { last: string | undefined; code: number | null } {
  const script = join(PROJECT_ROOT, '.ci/count-tests.mjs');
  const { stdout, status } = spawnSync(process.execPath, [script, folder, ...failedSteps], { encoding: 'utf8' });
  return { last: stdout.trimEnd().split('\n').at(-1), code: status };
}

test('sums the tests and the drills', () => {
  report('test', [
    { status: 'passed', tests: ['passed', 'passed'] },
    { status: 'passed', tests: ['passed'] },
  ]);
  report('drills', [{ status: 'passed', tests: ['passed'] }]);
  expect(count()).toEqual({ last: '4 passed, 0 failed', code: 0 });
});

test('counts what was skipped, and still calls the run good', () => {
  report('test', [{ status: 'passed', tests: ['passed', 'pending', 'pending'] }]);
  expect(count()).toEqual({ last: '1 passed, 0 failed, 2 skipped', code: 0 });
});

test('is not good when a test failed, which is counted once though its step failed too', () => {
  report('test', [{ status: 'failed', tests: ['passed', 'failed'] }]);
  expect(count('test')).toEqual({ last: '1 passed, 1 failed', code: 1 });
});

test('is not good when a file could not be loaded', () => {
  report('test', [
    { status: 'passed', tests: ['passed'] },
    { status: 'failed', tests: [] },
  ]);
  expect(count('test')).toEqual({ last: '1 passed, 1 failed', code: 1 });
});

test.each(['lint', 'drills'])('is not good when the step %s failed without a test to blame', (step) => {
  report('test', [{ status: 'passed', tests: ['passed'] }]);
  expect(count(step)).toEqual({ last: '1 passed, 1 failed', code: 1 });
});

test('is not good when nothing ran', () => {
  expect(count()).toEqual({ last: '0 passed, 0 failed', code: 1 });
});

test('is not good when everything was skipped', () => {
  report('test', [{ status: 'passed', tests: ['pending'] }]);
  expect(count()).toEqual({ last: '0 passed, 0 failed, 1 skipped', code: 1 });
});
