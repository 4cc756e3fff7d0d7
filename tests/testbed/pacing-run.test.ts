/** Pacing through the whole simulated stack: every algorithm keeps its promise there, and says where it is out of its range. */
import { describe, expect, test } from 'vitest';
import type { Scenario } from '#protocol/scenario.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import { pacingNotesOf } from './pacing-notes-of.ts';
import { groupOf, scenarioOf } from './scenario-of.ts';

function scenarioWith(
  algorithm: string,
  agents: number,
  more: Readonly<Record<string, string | number>> = {},
): Scenario {
  return scenarioOf({
    traffic: { visits: [{ atMs: 0, visitsPerHour: 150 * agents }], visitDepth: 4, pageEvents: 1, visitEvents: 0.1 },
    groups: [groupOf({ agents })],
    options: { 'service:pacing': { 'pacing.connector.algorithm': algorithm, ...more } },
  });
}

/** Ten agents with far more leads than they can serve. */
function tenAgents(): Scenario {
  return { ...scenarioWith('SUPER_PROGRESSIVE', 10), durationMs: 2 * 3_600_000 };
}

describe('PREDICTIVE_B with forty agents', () => {
  test('keeps the abandonment goal while agents are busy', () => {
    const { figures, deviations, pacing } = runScenario(scenarioWith('PREDICTIVE_B', 40), { seed: 4 });
    expect(figures.abandonmentShare ?? 1).toBeLessThanOrEqual(0.03);
    expect(figures.busyShare ?? 0).toBeGreaterThan(0.8);
    expect(pacing.length).toBeGreaterThan(0);
    expect(deviations.filter((sentence) => sentence.includes('PREDICTIVE_B'))).toEqual([]);
  });

  test('keeps a busy goal without an abandonment to speak of', () => {
    const goal = { 'pacing.connector.optimizationTarget': 'BUSY_FACTOR', 'pacing.connector.optimizationGoal': 75 };
    const { figures } = runScenario(
      { ...scenarioWith('PREDICTIVE_B', 40, goal), durationMs: 2 * 3_600_000 },
      { seed: 4 },
    );
    // From a cold start the controller is above its goal for the first hours, on the side that was promised.
    expect(figures.busyShare ?? 0).toBeGreaterThanOrEqual(0.75);
    expect(figures.abandonmentShare ?? 1).toBeLessThan(0.01);
  });
});

describe('the DUAL algorithms, while nobody asks for a chat himself', () => {
  test.each([
    ['SUPER_PROGRESSIVE', 10, 30],
    ['PREDICTIVE_B', 40, 0],
  ] as const)(
    '%s_DUAL with %i agents and a ratio of %i decides as the other, and says so',
    (algorithm, agents, ratio) => {
      const single = runScenario(scenarioWith(algorithm, agents), { seed: 4 });
      const dual = runScenario(
        scenarioWith(`${algorithm}_DUAL`, agents, { 'pacing.connector.proactiveRatio': ratio }),
        {
          seed: 4,
        },
      );
      expect(dual.figures).toEqual(single.figures);
      expect(dual.deviations).toContainEqual(
        expect.stringContaining('no visitor of this scenario looks for help himself'),
      );
    },
  );
});

describe("a plain rule in the algorithm's place", () => {
  test.each(['none', 'progressive', 'ratio', 'erlangA'] as const)(
    '%s decides every permit, and the report says so',
    (pacedBy) => {
      const scenario = { ...tenAgents(), pacedBy };
      const { deviations, figures, refusals } = runScenario(scenario, { seed: 2 });
      expect(deviations[0]).toContain(`NO PACING ALGORITHM: pacedBy is ${pacedBy}`);
      expect(figures.invites.sent).toBeGreaterThan(100);
      expect(Object.keys(refusals).includes('noPermit') && (refusals['noPermit'] ?? 0) > 0).toBe(pacedBy !== 'none');
    },
  );

  test('one invite for each ready agent loses nobody and leaves agents idle; everybody invited loses many', () => {
    const [paced, progressive, everybody] = (['algorithm', 'progressive', 'none'] as const).map(
      (pacedBy) => runScenario({ ...tenAgents(), pacedBy }, { seed: 2 }).figures,
    );
    expect(progressive?.abandonmentShare).toBeLessThan(0.005);
    expect(everybody?.abandonmentShare).toBeGreaterThan(0.2);
    expect(paced?.abandonmentShare).toBeLessThanOrEqual(0.03);
    expect((paced?.busyShare ?? 0) - (progressive?.busyShare ?? 1)).toBeGreaterThan(0.03);
  });
});

describe('a note tells of groups that an algorithm is not meant for', () => {
  test.each([
    ['SUPER_PROGRESSIVE', 31, 'SUPER_PROGRESSIVE is for 1 to 30 agents, "Web Engagement Chat" has 31'],
    ['PREDICTIVE_B', 29, 'PREDICTIVE_B is for groups from 30 agents on, "Web Engagement Chat" has 29'],
  ])('%s with %i agents', (algorithm, agents, sentence) => {
    const scenario = scenarioWith(algorithm, agents);
    expect(pacingNotesOf(scenario)).toEqual([expect.stringContaining(sentence)]);
  });

  test.each([
    ['SUPER_PROGRESSIVE', 30],
    ['SUPER_PROGRESSIVE', 1],
    ['PREDICTIVE_B', 30],
  ])('none for %s with %i', (algorithm, agents) => {
    const scenario = scenarioWith(algorithm, agents);
    expect(pacingNotesOf(scenario)).toEqual([]);
  });
});
