/** Loading scenarios with the files that they name: what comes out, and that one call names every fault of all of them. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeProblem } from '#protocol/operating-error.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { loadScenario } from '#testbed/load-scenario.ts';
import type { GivenOverrides } from '#testbed/load-scenario-overrides.ts';

const SCENARIOS = join(import.meta.dirname, '../../scenarios');

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scenario-'));
  cpSync(SCENARIOS, folder, { recursive: true });
  file = join(folder, 'guide-example.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Problems with the folder taken out of their words. */
function problemsOf(given: GivenOverrides = {}): readonly string[] {
  const loaded = loadScenario(file, given);
  return loaded.ok ? [] : loaded.problems.map((problem) => describeProblem(problem).replaceAll(`${folder}/`, ''));
}

function load(given: GivenOverrides = {}): Scenario {
  const loaded = loadScenario(file, given);
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return loaded.value;
}

function change(name: string, from: string | RegExp, to: string): void {
  const path = join(folder, name);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

test.each(['guide-example', 'flash-crowd', 'understaffed'])('%s of the product can be run as it stands', (name) => {
  file = join(folder, `${name}.yaml`);
  expect(problemsOf()).toEqual([]);
  expect(load().name).toBe(name);
});

test('the guide example comes out whole: site, rules, categories, traffic, thresholds', () => {
  const scenario = load();
  expect(scenario).toMatchObject({
    startsAt: Date.UTC(2026, 2, 2, 8),
    warmupMs: 1_200_000,
    durationMs: 3_600_000,
    traffic: { visits: [{ atMs: 0, visitsPerHour: 3_000 }], visitDepth: 32 / 3, pageEvents: 2, visitEvents: 0.1 },
    visitors: { acceptShare: 0.3, inviteTimeoutMs: 30_000, registration: null },
    faults: [],
  });
  expect(scenario.rules).toHaveLength(1);
  expect(scenario.site.pages.length).toBeGreaterThan(10);
  expect(scenario.categories.length).toBeGreaterThan(3);
  expect(scenario.thresholds.map(({ path, operator, bound }) => [path.join('.'), operator, bound])).toEqual([
    ['abandonmentShare', '<=', 0.03],
    ['busyShare', '>=', 0.6],
    ['waitSeconds.p95', '<', 30],
    ['dropped', '==', 0],
  ]);
});

test('the rates of the launch day come from its counts', () => {
  file = join(folder, 'flash-crowd.yaml');
  const { traffic, captions } = load();
  const rows = readFileSync(join(folder, 'rates/nasa-1995-07-13-launch.csv'), 'utf8').trim().split('\n').slice(1);
  const counts = rows.map((row) => Number(row.split(',')[1]));
  const firstFive = counts.slice(120, 125).reduce((sum, count) => sum + count, 0);
  expect(traffic.visits).toHaveLength(36);
  expect(traffic.visits[0]).toEqual({ atMs: 0, visitsPerHour: expect.closeTo((firstFive * 12 * 4) / 10.67, 9) });
  expect(captions.map((caption) => caption.atMs)).toEqual(
    captions.map((caption) => caption.atMs).toSorted((a, b) => a - b),
  );
});

describe('overrides', () => {
  test('--duration takes the place of the warm-up too, unless that is set', () => {
    expect(load({ duration: '15m' })).toMatchObject({ warmupMs: 0, durationMs: 900_000 });
    expect(load({ duration: '15m', set: ['warmup=5m'] })).toMatchObject({ warmupMs: 300_000, durationMs: 900_000 });
  });

  test('values are read as YAML reads them, later ones win, and --set is stronger than --seed', () => {
    const set = ['groups/0/agents=3', 'groups/0/agents=4', 'visitors/patience={ constant: 5s }', 'seed=9'];
    const scenario = load({ set, seed: 7 });
    expect(scenario.groups[0]?.agents).toBe(4);
    expect(scenario.visitors.patience).toEqual({ kind: 'constant', meanMs: 5_000 });
    expect(scenario.seed).toBe(9);
  });

  test('an option is set by its section and name', () => {
    const scenario = load({ set: ['options/service:pacing/pacing.connector.optimizationGoal=5'] });
    expect(scenario.options['service:pacing']).toMatchObject({ 'pacing.connector.optimizationGoal': 5 });
  });

  test.each([
    [{ set: ['nothing'] }, /^--set nothing: expected path=value/],
    [{ set: ['a//b=1'] }, /^--set a\/\/b=1: expected path=value/],
    [{ set: ['about={'] }, /^--set about=\{ about: /],
    [{ set: ['traffic/visits=1'] }, /^--set traffic\/visits=1 traffic\/visits: unknown key "visits"/],
    [{ set: ['traffic/visitsPerHour=-1'] }, /^--set .* traffic\/visitsPerHour: expected a rate above 0/],
    [{ set: ['options/service:pacing/pacing.connector.goal=5'] }, /^--set .*: .*pacing\.connector\.goal/],
    [{ set: ['site=sites/none.yaml'] }, /^--set site=sites\/none\.yaml site: no such file: sites\/none\.yaml/],
    [{ set: ['thresholds/0=visits > 3%'] }, /^--set .* thresholds\/0: expected a number after/],
    [{ duration: 'long' }, /^--duration long duration: expected a duration/],
  ])('%o is refused in the words of the command line', (given, expected) => {
    expect(problemsOf(given)).toEqual([expect.stringMatching(expected)]);
  });
});

describe('faults', () => {
  test('a scenario that is not there, and overrides that can not be read, are told together', () => {
    file = join(folder, 'none.yaml');
    expect(problemsOf({ set: ['nothing'] })).toEqual([
      'none.yaml: no such file',
      expect.stringMatching(/^--set nothing/),
    ]);
  });

  test('all files are looked through in one go, each fault with its own file and line', () => {
    change('guide-example.yaml', 'rules/shop.yaml', 'rules/shop.yaml, rules/none.yaml');
    change('guide-example.yaml', 'capacity: 2', 'capacity: two');
    change('guide-example.yaml', 'dropped == 0', 'droped == 0');
    change('sites/shop.yaml', 'languageCode:', 'language:');
    change('rules/shop.yaml', /counter:/, 'tally:');
    change('categories/shop.yaml', 'version: 1', 'version: 7');
    const problems = problemsOf();
    for (const expected of [
      /^guide-example\.yaml:\d+:\d+ groups\/0\/capacity: expected a whole number of at least 1/,
      /^guide-example\.yaml:\d+:\d+ rules\/1: no such file: rules\/none\.yaml/,
      /^guide-example\.yaml:\d+:\d+ thresholds\/3: unknown figure "droped", known: visits, /,
      /^sites\/shop\.yaml:\d+:1 language: unknown key/,
      /^rules\/shop\.yaml:\d+:\d+ .*tally/,
      /^categories\/shop\.yaml:\d+:\d+ version: /,
    ]) {
      expect(problems).toContainEqual(expect.stringMatching(expected));
    }
  });

  test.each([
    [
      'an option that nobody knows',
      'pacing.connector.optimizationGoal',
      'pacing.connector.goal',
      /options\/service:pacing\/pacing\.connector\.goal/,
    ],
    [
      'an option out of range',
      'optimizationGoal: 3',
      'optimizationGoal: 300',
      /options\/service:pacing\/pacing\.connector\.optimizationGoal: expected an integer from 1 to 99/,
    ],
    [
      'an algorithm that the guide does not have',
      'SUPER_PROGRESSIVE',
      'PREDICTIVE_C',
      /pacing\.connector\.algorithm: expected one of SUPER_PROGRESSIVE, .*PREDICTIVE_B_DUAL, got "PREDICTIVE_C"/,
    ],
    [
      'a group that no chat would come to',
      'name: Web Engagement Chat',
      'name: Night',
      /groups\/0\/name: no chat would come to "Night": pacing\.connector\.chatGroup names Web Engagement Chat/,
    ],
    [
      'a package that is there twice',
      '[rules/shop.yaml]',
      '[rules/shop.yaml, rules/shop.yaml]',
      /rules\/1: the rule package ".*" is there twice/,
    ],
    [
      'a rule in a threshold that no package has',
      'dropped == 0',
      'rules.None > 1',
      /thresholds\/3: unknown rule "None", known: "Payment refused"/,
    ],
    [
      'a queue in a threshold that the options do not name',
      'dropped == 0',
      'queues.None.left > 1',
      /thresholds\/3: unknown queue "None", known: Webengagement_Qualified/,
    ],
    [
      'a group in a threshold that is not there',
      'dropped == 0',
      'occupancy.None > 1%',
      /thresholds\/3: unknown group "None", known: "Web Engagement Chat"/,
    ],
    ['a file that is a folder', 'sites/shop.yaml', 'sites', /site: expected a file, found a folder: sites/],
  ])('%s is refused', (_what, from, to, expected) => {
    change('guide-example.yaml', from, to);
    const problems = problemsOf();
    expect(problems).toContainEqual(expect.stringMatching(expected));
    expect(problems.every((problem) => /^guide-example\.yaml:\d+:\d+ /.test(problem))).toBe(true);
  });

  test('a rule that two packages have is refused, since figures count rules by name', () => {
    const rules = readFileSync(join(folder, 'rules/shop.yaml'), 'utf8');
    writeFileSync(join(folder, 'rules/other.yaml'), rules.replace(/^package: .*$/m, 'package: com.example.other'));
    change('guide-example.yaml', '[rules/shop.yaml]', '[rules/shop.yaml, rules/other.yaml]');
    const problems = problemsOf();
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(/rules\/1: its rule "Payment refused" is in "example\.northfell\.www" too/);
  });

  test('a broken package does not make its rules unknown in thresholds too', () => {
    change('guide-example.yaml', 'dropped == 0', 'rules."Payment refused" > 1');
    change('rules/shop.yaml', 'version: 1', 'version: 9');
    expect(problemsOf()).toEqual([expect.stringMatching(/^rules\/shop\.yaml:/)]);
  });
});

describe('counts of a CSV file', () => {
  beforeEach(() => {
    file = join(folder, 'flash-crowd.yaml');
  });

  test.each([
    [
      'rows without a count',
      '17765,',
      '17765,-',
      /^rates\/nasa-1995-07-13-launch\.csv:127:1 requests: expected a count of at least 0, got "-\d+"/,
    ],
    [
      'a column that is not there',
      'minute,requests',
      'minute,hits',
      /^rates\/nasa-1995-07-13-launch\.csv:1:1 requests: no column "requests", known: minute, hits/,
    ],
  ])('%s are refused with their line', (_what, from, to, expected) => {
    change('rates/nasa-1995-07-13-launch.csv', from, to);
    expect(problemsOf()).toEqual([expect.stringMatching(expected)]);
  });

  test.each([
    [{ set: ['traffic/from=5h'] }, /requests: expected at least 480 rows for "from" and "for", got 360/],
    [
      { set: ['traffic/for=1h'] },
      /traffic\/csv: expected counts for 180 minutes of warm-up and duration, got 60 minutes of them/,
    ],
    [{ set: ['traffic/csv=rates/none.csv'] }, /traffic\/csv: no such file: rates\/none\.csv/],
    [{ duration: '4h' }, /traffic\/csv: expected counts for 240 minutes of warm-up and duration, got 180/],
  ])('%o is refused', (given, expected) => {
    expect(problemsOf(given)).toEqual([expect.stringMatching(expected)]);
  });

  test('a file that is not there is named beside other faults', () => {
    const problems = problemsOf({ set: ['traffic/csv=rates/none.csv', 'groups/0/agents=-1'] });
    expect(problems).toHaveLength(2);
  });
});

describe('where domains are separated', () => {
  const ON = 'options:\n  service:cep: { cep.domainSeparation: true }\n';
  const giveName = (name: string): void => change('rules/shop.yaml', /^package: .*$/m, `package: ${name}`);

  test('a package that is named by the reversed domain of the site, or of a domain above it, is loaded', () => {
    change('guide-example.yaml', /^options:\n/m, ON);
    expect(problemsOf()).toEqual([]);
    giveName('example.northfell');
    expect(problemsOf()).toEqual([]);
  });

  test.each([
    ['shop', 'expected a reversed domain such as com.example.shop, as cep.domainSeparation is on, got "shop"'],
    ['com.a_b', 'expected a reversed domain such as com.example.shop, as cep.domainSeparation is on, got "com.a_b"'],
    [
      'com.example.shop',
      'no page of the site lies in shop.example.com, which the package "com.example.shop" is for as cep.domainSeparation is on',
    ],
  ])('a package named %s is a fault of the scenario, and none where they are not', (name, message) => {
    giveName(name);
    expect(problemsOf()).toEqual([]);
    change('guide-example.yaml', /^options:\n/m, ON);
    const problems = problemsOf().map((problem) => problem.replace(/^guide-example.yaml:\d+:\d+ /, ''));
    expect(problems).toEqual([`rules/0: ${message}`]);
  });
});

test("a scenario's own strategies are read, and all their faults are told with the others", () => {
  const own = join(folder, 'strategies/own.scxml');
  const shipped = readFileSync(join(folder, 'strategies/engagement-logic.scxml'), 'utf8');
  change('guide-example.yaml', 'options:', 'strategies: { engagement: strategies/own.scxml }\noptions:');
  expect(problemsOf()).toEqual([expect.stringContaining('strategies/engagement: no such file')]);
  writeFileSync(
    own,
    shipped.replace('target="checking"', 'target="cheking"').replace('<final id="decided"/>', '<final id="decided">'),
  );
  expect(problemsOf()).toEqual([expect.stringMatching(/^strategies\/own\.scxml:\d+:\d+.* unexpected close tag/)]);
  writeFileSync(own, shipped.replace('target="checking"', 'target="cheking"').replace('gateway/engage', 'gateway'));
  expect(problemsOf()).toEqual([
    expect.stringMatching(/^strategies\/own\.scxml:29:47.* cheking is no state of this document/),
  ]);
  writeFileSync(own, shipped.replace('gateway/engage', 'gateway').replace('!known.lead.onSite', '!known.lead.'));
  expect(problemsOf()).toEqual([
    expect.stringMatching(/^strategies\/own\.scxml:\d+:\d+.* SyntaxError/),
    expect.stringMatching(/^strategies\/own\.scxml:\d+:\d+.* target gateway: expected gateway\/engage/),
  ]);
  writeFileSync(own, shipped.replace('name="engagement-logic"', 'name="own"'));
  expect(load().strategies.engagement).toMatchObject({ name: 'strategies/own.scxml' });
  expect(load().strategies.chatRouting.name).toBe('chat-routing.scxml');
});
