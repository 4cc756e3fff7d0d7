/** Whole simulated runs in which pacing is told something else on the way: by the scenario, by hand, and over a kill. */
import { expect, test } from 'vitest';
import type { Scenario } from '#protocol/scenario.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import { createSimRun } from '#testbed/sim-run.ts';
import { createSummary } from '#testbed/summary.ts';
import { renderReport } from '#testbed/report/report.ts';
import { groupOf, scenarioOf } from './scenario-of.ts';

const HALF_HOUR_MS = 1_800_000;

/** Five agents with far more leads than they can serve, an hour and a half. */
function fiveAgents(changes: Partial<Scenario> = {}): Scenario {
  return scenarioOf({
    traffic: { visits: [{ atMs: 0, visitsPerHour: 800 }], visitDepth: 4, pageEvents: 1, visitEvents: 0.1 },
    groups: [groupOf({ agents: 5 })],
    durationMs: 3 * HALF_HOUR_MS,
    ...changes,
  });
}

/** Off the second, at which pacing is refreshed. */
const LAX: Scenario['whatIf'] = [{ atMs: HALF_HOUR_MS + 137, change: { goalShare: 0.2 } }];

test('until a command a run is what it is without, and with a laxer goal more are abandoned from then on', () => {
  const plain = runScenario(fiveAgents(), { seed: 3 });
  const told = runScenario(fiveAgents({ whatIf: LAX }), { seed: 3 });
  const until = (run: typeof plain): unknown => run.series.filter(({ atMs }) => atMs <= HALF_HOUR_MS);
  expect(until(told)).toEqual(until(plain));
  expect(plain.figures.abandonmentShare ?? 1).toBeLessThanOrEqual(0.03);
  expect(told.figures.abandonmentShare ?? 0).toBeGreaterThan(0.05);
  expect(told.figures.busyShare ?? 0).toBeGreaterThan(plain.figures.busyShare ?? 1);
  expect(told.whatIfs).toMatchObject([{ atMs: HALF_HOUR_MS + 137, by: 'scenario', after: { goalShare: 0.2 } }]);
});

test('a command by hand at the same moment has the same effect as the scenario that names it', () => {
  const named = runScenario(fiveAgents({ whatIf: LAX }), { seed: 3 });
  const run = createSimRun(fiveAgents(), { seed: 3 });
  run.advanceTo(HALF_HOUR_MS + 137);
  expect(run.pacing?.goalShare).toBe(0.03);
  run.command({ goalShare: 0.2 });
  expect(run.pacing?.goalShare).toBe(0.2);
  run.advanceTo(run.totalMs);
  expect(run.result().figures).toEqual(named.figures);
});

test('another algorithm, then a plain rule: each takes over the room, and summary and report say when', () => {
  const whatIf: Scenario['whatIf'] = [
    { atMs: HALF_HOUR_MS, change: { algorithm: 'PREDICTIVE_B_DUAL', proactiveShare: 0.5 } },
    { atMs: 2 * HALF_HOUR_MS, change: { pacedBy: 'progressive' } },
  ];
  const result = runScenario(fiveAgents({ whatIf }), { seed: 3 });
  const summary = createSummary(result);
  expect(summary.whatIfs?.map(({ sentence }) => sentence)).toEqual([
    'algorithm PREDICTIVE_B_DUAL instead of SUPER_PROGRESSIVE, proactiveRatio 50 % instead of 0 %',
    'paced by the plain rule progressive instead of the algorithm',
  ]);
  const later = result.pacing.filter(({ atMs }) => atMs > 2 * HALF_HOUR_MS);
  expect(new Set(later.map(({ limit }) => limit))).toEqual(new Set([0]));
  const html = renderReport({ summary, results: [result], command: 'engage run x', version: '1' });
  expect(html).toContain('What pacing was told during the run');
  expect(html).toContain('What if: paced by the plain rule progressive');
  expect(createSummary(runScenario(fiveAgents({ durationMs: 60_000 }), { seed: 3 })).whatIfs).toBeUndefined();
});

test('a contact center that is killed around a command obeys it once, as soon as it is back', () => {
  const faults: Scenario['faults'] = [
    { atMs: HALF_HOUR_MS - 1_000, kind: 'kill', node: 'contact-center', forMs: 10_000 },
  ];
  const told = runScenario(fiveAgents({ whatIf: LAX, faults }), { seed: 3 });
  expect(told.whatIfs.length).toBe(1);
  expect(told.whatIfs[0]?.atMs).toBeGreaterThan(HALF_HOUR_MS + 8_000);
  const later = { ...LAX[0], atMs: HALF_HOUR_MS - 2_000, change: { goalShare: 0.2 } };
  const before = runScenario(fiveAgents({ whatIf: [later], faults }), { seed: 3 });
  expect(before.whatIfs.length).toBe(1);
  expect(before.figures.abandonmentShare ?? 0).toBeGreaterThan(0.05);
});

test('where pacing is off a command by hand is refused in words', () => {
  const options = { 'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': 'proactiveChat' } };
  const run = createSimRun(scenarioOf({ options, durationMs: 60_000 }), { seed: 3 });
  expect(run.pacing).toBeNull();
  expect(() => run.command({ goalShare: 0.2 })).toThrow(/Pacing is off/);
});
