/** `engage run` and `engage check` from the outside: statuses, files, and what is said. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findAll, parseXml } from '../testbed/parse-xml.ts';
import { PROJECT_ROOT, runCli, startCli } from './cli-run.ts';

const EXAMPLE = 'scenarios/guide-example.yaml';
/** Ten virtual minutes in which every threshold of ours holds. */
const SHORT = ['--duration', '10m', '--set', 'thresholds=[ "visits > 100", "dropped == 0" ]'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engage-run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function readText(...path: readonly string[]): string {
  return readFileSync(join(folder, ...path), 'utf8');
}

/** A copy of a scenario that names the product's own files. */
function copyScenario(name: string, change: (text: string) => string): string {
  const text = readFileSync(join(PROJECT_ROOT, EXAMPLE), 'utf8');
  const absolute = text.replaceAll(/(sites|rules|categories)\/shop\.yaml/g, join(PROJECT_ROOT, 'scenarios/$&'));
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, change(absolute.replace('name: guide-example', `name: ${name}`)));
  return file;
}

describe('a run', () => {
  test('that passes ends with 0 and leaves summary, timing and report; the same seed the same bytes', async () => {
    const [one, two] = await Promise.all(
      ['a', 'b'].map((out) => runCli('run', EXAMPLE, ...SHORT, '--out', join(folder, out))),
    );
    expect({ code: one?.code, err: one?.err }).toEqual({ code: 0, err: '' });
    expect(one?.out).toMatch(/^PASS {2}guide-example {2}all 2 thresholds hold {2}seed 1 · simulated 10 min/);
    expect(two?.code).toBe(0);
    expect(readdirSync(join(folder, 'a/guide-example')).toSorted()).toEqual([
      'report.html',
      'summary.json',
      'timing.json',
    ]);
    expect(readText('a/guide-example/summary.json')).toBe(readText('b/guide-example/summary.json'));
    expect(JSON.parse(readText('a/guide-example/summary.json'))).toMatchObject({
      scenario: 'guide-example',
      mode: 'sim',
      seed: 1,
      simulatedSeconds: 600,
      windowSeconds: 600,
      verdict: 'pass',
      thresholds: [
        { expression: 'visits > 100', pass: true },
        { expression: 'dropped == 0', observed: 0, pass: true },
      ],
    });
    expect(JSON.parse(readText('a/guide-example/timing.json'))).toMatchObject({
      runMs: expect.any(Number),
      speed: expect.any(Number),
    });
  });

  test('of which a threshold fails ends with 3 and says what was observed', async () => {
    const { code, out } = await runCli('run', EXAMPLE, '--duration', '10m', '--set', 'thresholds=[ "visits < 10" ]');
    expect(code).toBe(3);
    expect(out).toMatch(/^FAIL .*1 of 1 threshold fails/);
    expect(out).toMatch(/✗ visits < 10 {3}\d{3}/);
  });

  test('without an accepted chat has no data, and a threshold on it fails', async () => {
    const { code, out } = await runCli(
      'run',
      EXAMPLE,
      '--duration',
      '5m',
      '--set',
      'visitors/acceptShare=0',
      '--set',
      'visitors/rejectShare=1',
    );
    expect(code).toBe(3);
    expect(out).toMatch(/✗ abandonmentShare <= 3% {3}no data/);
    expect(out).toMatch(/✗ waitSeconds\.p95 < 30 {5}no data/);
  });

  test('takes another seed, and other seeds give other figures', async () => {
    const [one, two] = await Promise.all(
      ['1', '2'].map((seed) => runCli('run', EXAMPLE, ...SHORT, '--seed', seed, '--json')),
    );
    const [first, second] = [one, two].map((outcome) => JSON.parse(outcome?.out ?? ''));
    expect([first.seed, second.seed]).toEqual([1, 2]);
    expect(first.figures).not.toEqual(second.figures);
  });

  test('over seeds gives estimates, in the order of the seeds, alike however many workers share them', async () => {
    const { code, out } = await runCli('run', EXAMPLE, ...SHORT, '--seeds', '5,3,4', '--out', folder);
    expect(code).toBe(0);
    expect(out).toContain('seeds 5, 3, 4');
    const summary = JSON.parse(readText('guide-example/summary.json'));
    expect(summary.seeds).toEqual([5, 3, 4]);
    expect(summary).not.toHaveProperty('seed');
    expect(summary.thresholds[0]).toMatchObject({ pass: true, held: 3, observed: { mean: expect.any(Number) } });
    expect(Object.keys(summary.figures.visits)).toEqual(['mean', 'low', 'high', 'min', 'max']);
    const alone = await runCli('run', EXAMPLE, ...SHORT, '--seed', '3', '--json');
    const visits = JSON.parse(alone.out).figures.visits;
    expect(visits).toBeGreaterThanOrEqual(summary.figures.visits.min);
    expect(visits).toBeLessThanOrEqual(summary.figures.visits.max);
  });

  test('writes what is asked for and takes away what an earlier run left', async () => {
    const out = join(folder, 'guide-example');
    mkdirSync(out);
    writeFileSync(join(out, 'summary.json'), 'old');
    const { code } = await runCli('run', EXAMPLE, ...SHORT, '--out', folder, '--reporter', 'junit', '--journal');
    expect(code).toBe(0);
    expect(existsSync(join(out, 'summary.json'))).toBe(false);
    const document = parseXml(readText('guide-example/junit.xml'));
    expect(findAll(document, 'testcase').map((one) => one.attributes['name'])).toEqual([
      'visits > 100',
      'dropped == 0',
    ]);
    const journals = readdirSync(join(out, 'journal'));
    expect(journals.length).toBeGreaterThan(0);
    const [line = ''] = readText('guide-example/journal', journals[0] ?? '').split('\n');
    expect(JSON.parse(line)).toMatchObject({ type: 'head', mode: 'sim' });
    const replayed = await runCli('replay', '--journal', join(out, 'journal'));
    expect(replayed).toMatchObject({ code: 0, err: '' });
    expect(replayed.out).toContain('HOLDS');
  });

  test('when quiet says the verdict alone, as JSON the summary alone', async () => {
    const [quiet, json] = await Promise.all([
      runCli('run', EXAMPLE, ...SHORT, '--quiet'),
      runCli('run', EXAMPLE, EXAMPLE, ...SHORT, '--json'),
    ]);
    expect(quiet.out.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(json.out)).toHaveLength(2);
  });
});

describe('several scenarios', () => {
  test('run where they can, and end with the worst: invalid before failed', async () => {
    const failing = copyScenario('failing', (text) => text.replace('dropped == 0', 'visits < 10'));
    const broken = copyScenario('broken', (text) => text.replace('agents: 5', 'agents: five'));
    const { code, out, err } = await runCli('run', broken, failing, '--duration', '5m');
    expect(code).toBe(2);
    expect(err).toMatch(
      /broken\.yaml can not be run: 1 problem\n {2}.*broken\.yaml:\d+:\d+ groups\/0\/agents: expected a whole number/,
    );
    expect(out).toMatch(/^FAIL {2}failing/);
  });

  test('of one name are refused with --out: they would share a folder', async () => {
    const { code, err } = await runCli('run', EXAMPLE, EXAMPLE, ...SHORT, '--out', folder);
    expect(code).toBe(2);
    expect(err).toContain('both named guide-example');
  });
});

describe('a run that does not come to its end', () => {
  test('is stopped by --max-wall in words, with 130, and leaves no verdict', async () => {
    const { code, err } = await runCli('run', EXAMPLE, '--duration', '2000h', '--max-wall', '400ms', '--out', folder);
    expect(code).toBe(130);
    expect(err).toMatch(
      /guide-example: stopped by --max-wall after 400 ms, at \d\d:\d\d:\d\d of 2000:00:00 virtual time; nothing was judged/,
    );
    expect(existsSync(join(folder, 'guide-example/summary.json'))).toBe(false);
  });

  test('is interrupted by Ctrl-C at once, with 130', async () => {
    const { child, outcome } = startCli(['run', EXAMPLE, '--duration', '2000h', '--out', folder]);
    await new Promise<void>((resolve) => {
      const watcher = watch(folder, () => {
        watcher.close();
        resolve();
      });
    });
    child.kill('SIGINT');
    const { code, err } = await outcome;
    expect(code).toBe(130);
    expect(err).toMatch(/guide-example: interrupted, at/);
  });

  test('can not write its results: 4, with the reason', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, err } = await runCli('run', EXAMPLE, ...SHORT, '--out', join(folder, 'file'));
    expect(code).toBe(4);
    expect(err).toMatch(/the results can not be written: .*ENOTDIR/);
  });
});

describe('a check', () => {
  test('of the scenarios of the product finds nothing', async () => {
    const names = readdirSync(join(PROJECT_ROOT, 'scenarios')).filter((name) => name.endsWith('.yaml'));
    expect(names.length).toBeGreaterThanOrEqual(3);
    const { code, out, err } = await runCli('check', ...names.map((name) => `scenarios/${name}`));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /✓ scenarios\/guide-example\.yaml {2}guide-example: \d+ rules, \d+ categories, \d+ pages, 5 agents, 1 h after 20 min, 4 thresholds/,
    );
  });

  test('names every fault of all files in one go, for people and for machines', async () => {
    const broken = copyScenario('broken', (text) =>
      text
        .replace('agents: 5', 'agents: -5')
        .replace('dropped == 0', 'droped == 0')
        .replace('rules: [', 'rules: [none.yaml, '),
    );
    const [people, machines] = await Promise.all([runCli('check', broken), runCli('check', broken, '--json')]);
    expect(people.code).toBe(2);
    expect(people.err).toMatch(/3 problems/);
    expect(people.err).not.toMatch(/^ {4}at /m);
    expect(machines.code).toBe(2);
    const [report] = JSON.parse(machines.out);
    expect(report).toMatchObject({ valid: false, problems: [{ line: expect.any(Number) }, {}, {}] });
    expect(report.problems.map((problem: { path: string }) => problem.path).toSorted()).toEqual([
      'groups/0/agents',
      'rules/0',
      'thresholds/3',
    ]);
  });
});
