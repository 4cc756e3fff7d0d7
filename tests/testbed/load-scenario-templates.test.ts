/** Scenarios whose rules use templates: the files that they name, and where each fault of them is told. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeProblem } from '#protocol/operating-error.ts';
import { loadScenario } from '#testbed/load-scenario.ts';

const SCENARIOS = join(import.meta.dirname, '../../scenarios');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scenario-'));
  cpSync(SCENARIOS, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

function load(templates: readonly string[]) {
  const set = ['rules=[rules/shop-templates.yaml]', `templates=[${templates.join(', ')}]`];
  return loadScenario(join(folder, 'guide-example.yaml'), { set });
}

function problemsOf(templates: readonly string[]): readonly string[] {
  const loaded = load(templates);
  return loaded.ok ? [] : loaded.problems.map((problem) => describeProblem(problem).replaceAll(`${folder}/`, ''));
}

test('rules take their conditions and sentences from the template files of the scenario', () => {
  const loaded = load(['templates/web-engagement.yaml']);
  const rules = loaded.ok ? (loaded.value.rules[0]?.rules ?? []) : [];
  expect(rules.find(({ name }) => name === 'Reads for long')).toMatchObject({
    sentence: 'stays on a page of category "returns" or "support" for 2 min',
    when: { template: 'timeout', forMs: 120_000 },
  });
});

test('a template that two files hold is told at the second', () => {
  writeFileSync(join(folder, 'more.yaml'), readFileSync(join(folder, 'templates/web-engagement.yaml')));
  expect(problemsOf(['templates/web-engagement.yaml', 'more.yaml'])[0]).toMatch(
    /^--set templates=.*: its template "enters a page" is in templates\/web-engagement.yaml too$/,
  );
});

test('what is wrong in a template file is told there, and not once more at every rule that uses it', () => {
  writeFileSync(join(folder, 'wrong.yaml'), 'version: 1\ntemplates: [{ name: T, sentence: s, when: { search: 5 } }]\n');
  expect(problemsOf(['wrong.yaml', 'nowhere.yaml'])).toEqual([
    expect.stringMatching(/^--set templates=.*: no such file: nowhere.yaml$/),
  ]);
  writeFileSync(join(folder, 'wrong.yaml'), 'version: 1\ntemplates: [{ name: T, sentence: s, when: { serch: {} } }]\n');
  expect(problemsOf(['wrong.yaml'])).toEqual([
    expect.stringMatching(
      /^wrong.yaml:2:\d+ templates\/0\/when\/serch: unknown template "serch", .*did you mean "search"\?$/,
    ),
  ]);
});
