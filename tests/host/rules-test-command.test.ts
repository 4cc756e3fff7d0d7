/** `engage rules test` as a pipeline sees it: exit status, JSON, JUnit, and that nothing runs where a file is wrong. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findAll, parseXml } from '#tests/testbed/parse-xml.ts';
import { createFolder } from '#tests/testbed/replay/recordings.ts';
import { PROJECT_ROOT, runCli } from './cli-run.ts';

const TIMEOUT_MS = 120_000;

function writeTests(folder: string, name: string, expected: string): string {
  const file = join(folder, name);
  const cases = `cases:
  - name: payment is refused
    given: [{ at: +0s, enters: checkout }, { at: +1s, event: PaymentRefused }]
    expect: { ${expected} }
`;
  writeFileSync(file, `version: 1\npackages: [${join(PROJECT_ROOT, 'scenarios/rules/shop.yaml')}]\n${cases}`);
  return file;
}

describe('engage rules test', { timeout: TIMEOUT_MS }, () => {
  it('ends with 0 where all cases hold, with 3 where one fails, and tells it in JSON and JUnit', async () => {
    const folder = createFolder();
    const good = writeTests(folder, 'good.yaml', 'fires: [{ rule: Payment refused, at: +1s }]');
    const bad = writeTests(folder, 'bad.yaml', 'none: [Payment refused]');
    const junit = join(folder, 'results/junit.xml');
    expect(await runCli('rules', 'test', good)).toMatchObject({ code: 0, err: '' });
    const both = await runCli('rules', 'test', good, bad, '--json', '--junit', junit);
    expect(both).toMatchObject({ code: 3, err: '' });
    expect(JSON.parse(both.out)).toMatchObject({
      verdict: 'fail',
      cases: 2,
      failed: 1,
      files: [
        { file: good, cases: [{ pass: true, firings: [{ rule: 'Payment refused', atMs: 1_000, matched: ['e2'] }] }] },
        { file: bad, cases: [{ pass: false, faults: [{ expected: '"Payment refused" does not fire' }] }] },
      ],
      coverage: { rules: 8 },
    });
    const root = parseXml(readFileSync(junit, 'utf8'));
    expect(findAll(root, 'testcase')).toHaveLength(2);
    expect(findAll(root, 'failure')).toHaveLength(1);
  });

  it('runs nothing where a file is wrong, and ends with 2', async () => {
    const folder = createFolder();
    const good = writeTests(folder, 'good.yaml', 'fires: [{ rule: Payment refused }]');
    const wrong = writeTests(folder, 'wrong.yaml', 'fires: [{ rule: Payment refusd }]');
    const { code, out, err } = await runCli('rules', 'test', good, wrong);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('nothing was run');
    expect(err).toMatch(
      /wrong\.yaml:6:\d+ cases\/0\/expect\/fires\/0\/rule: no package has a rule "Payment refusd", known: /,
    );
  });
});
