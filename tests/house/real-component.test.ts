/** A real component is found, or named with the command that installs it; in CI its absence is a failure, never a skip. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findComponent } from './real-component.ts';

const folder = mkdtempSync(join(tmpdir(), 'component-'));
const path = join(folder, 'chromium');
writeFileSync(path, '');
chmodSync(path, 0o755);
writeFileSync(join(folder, 'nginx'), '');
chmodSync(join(folder, 'nginx'), 0o644);
afterAll(() => rmSync(folder, { recursive: true }));

test('it is found under any of its names, in any folder of PATH', () => {
  expect(findComponent(['google-chrome', 'chromium'], { PATH: `/nowhere::${folder}` })).toEqual({
    path,
    missing: null,
  });
});

test.each(['nginx', 'cassandra'])(
  '%s, there without the right to run or not at all, is named with what installs it',
  (name) => {
    const missing = `${name} is not installed: npm run components`;
    expect(findComponent([name], { PATH: folder })).toEqual({ path: null, missing });
  },
);

test('in CI a missing one is a failure', () => {
  expect(() => findComponent(['nginx'], { PATH: folder, CI: 'true' })).toThrow(
    'nginx is not installed: npm run components',
  );
});
