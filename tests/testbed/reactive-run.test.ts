/** Whole simulated runs with visitors who look for help themselves: gated, reserved for, counted apart, and over a kill. */
import { describe, expect, test } from 'vitest';
import type { Scenario } from '#protocol/scenario.ts';
import { renderReport } from '#testbed/report/report.ts';
import type { Figures } from '#testbed/run-result.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import { createSummary } from '#testbed/summary.ts';
import { pacingNotesOf } from './pacing-notes-of.ts';
import { groupOf, scenarioOf } from './scenario-of.ts';

/** Ten agents, and `perHour` visits of 900 an hour that look for help after twenty seconds, mean. */
function helpSeekers(
  perHour: number,
  options: Readonly<Record<string, string | number>> = {},
  changes: Partial<Scenario> = {},
): Scenario {
  const { visitors } = scenarioOf();
  return scenarioOf({
    traffic: { visits: [{ atMs: 0, visitsPerHour: 900 }], visitDepth: 6, pageEvents: 1, visitEvents: 0.1 },
    groups: [groupOf({ agents: 10 })],
    visitors: {
      ...visitors,
      reactive: { share: perHour / 900, after: { kind: 'exponential', meanMs: 20_000 } },
    },
    options: { 'service:pacing': { 'pacing.connector.algorithm': 'SUPER_PROGRESSIVE_DUAL', ...options } },
    ...changes,
  });
}

const RATIO = 'pacing.connector.proactiveRatio';

describe('with a DUAL algorithm', () => {
  test('and no ratio more than the agents can do are not let in, so that the goal is kept; faithful lets all in and breaks it', () => {
    const crowd = (fidelity: Scenario['fidelity']): Figures =>
      runScenario(helpSeekers(400, {}, { fidelity, durationMs: 2_400_000 }), { seed: 3 }).figures;
    const [improved, faithful] = [crowd('improved'), crowd('faithful')];
    expect(improved.reactive?.refused ?? 0).toBeGreaterThan(0.5 * (improved.reactive?.asked ?? Infinity));
    expect(improved.abandonmentShare ?? 1).toBeLessThanOrEqual(0.04);
    expect(improved.busyShare ?? 0).toBeGreaterThan(0.5);
    expect(faithful.reactive?.refused).toBe(0);
    expect(faithful.abandonmentShare ?? 0, 'the check can fail').toBeGreaterThan(0.2);
  }, 240_000);

  test('and no ratio everybody who asks is let in as the original has it, chats begin, and all are counted apart', () => {
    const result = runScenario(helpSeekers(60, {}, { fidelity: 'faithful' }), { seed: 3 });
    const { reactive, chats, abandonmentShare, busyShare } = result.figures;
    if (reactive === undefined) throw new Error('no reactive figures');
    expect(reactive.asked).toBeGreaterThan(30);
    expect(reactive.refused).toBe(0);
    expect(reactive.started + reactive.abandoned).toBeGreaterThanOrEqual(reactive.letIn - 2);
    expect(reactive.started).toBeLessThan(chats.started);
    expect(abandonmentShare ?? 1).toBeLessThanOrEqual(0.04);
    expect((reactive.busyShare ?? 0) + (reactive.proactiveBusyShare ?? 0)).toBeCloseTo(busyShare ?? 0, 9);
    expect(result.pacing.some((point) => (point.reactive?.askedPerSecond ?? 0) > 0)).toBe(true);
    expect(result.deviations.filter((sentence) => sentence.includes('help'))).toEqual([
      expect.stringContaining('all visitors who look for help themselves are let in'),
    ]);
    const summary = createSummary(result);
    expect(summary.figures.reactive?.asked).toBe(reactive.asked);
    const html = renderReport({ summary, results: [result], command: 'engage run x', version: '1' });
    expect(html).toContain('Visitors who look for help themselves');
  });

  test('and a ratio far fewer are let in than ask, and invited visitors have the slots that are kept for them', () => {
    const { figures } = runScenario(helpSeekers(300, { [RATIO]: 70 }), { seed: 3 });
    const { reactive } = figures;
    if (reactive === undefined) throw new Error('no reactive figures');
    expect(reactive.letIn / reactive.asked).toBeLessThan(0.5);
    expect(reactive.letIn).toBeGreaterThan(5);
    expect(reactive.busyShare ?? 1).toBeLessThanOrEqual(0.3);
    expect(reactive.proactiveBusyShare ?? 0).toBeGreaterThan(reactive.busyShare ?? 1);
  });

  test('and a ratio of 100 nobody is let in', () => {
    const { figures } = runScenario(helpSeekers(100, { [RATIO]: 100 }), { seed: 3 });
    expect(figures.reactive?.asked ?? 0).toBeGreaterThan(50);
    expect(figures.reactive).toMatchObject({ letIn: 0, started: 0, busyShare: 0 });
  });

  test('and a command that lowers the ratio, those who ask are let in from then on', () => {
    const whatIf: Scenario['whatIf'] = [{ atMs: 1_800_000, change: { proactiveShare: 0 } }];
    const { figures } = runScenario(helpSeekers(100, { [RATIO]: 100 }, { whatIf }), { seed: 3 });
    const { reactive } = figures;
    expect((reactive?.letIn ?? 0) / (reactive?.asked ?? 1)).toBeGreaterThan(0.35);
    expect((reactive?.letIn ?? 0) / (reactive?.asked ?? 1)).toBeLessThan(0.65);
  });

  test('the same seed has the same figures, and nodes that die lose nobody who was let in', () => {
    const faults: Scenario['faults'] = [
      { atMs: 600_137, kind: 'kill', node: 'contact-center', forMs: 3_000 },
      { atMs: 1_500_137, kind: 'kill', node: 'backend-1', forMs: 3_000 },
      { atMs: 2_400_137, kind: 'stop', node: 'contact-center', forMs: 4_000 },
    ];
    const scenario = helpSeekers(240, { [RATIO]: 30 }, { faults, cluster: { frontends: 1, backends: 2 } });
    const [one, other] = [runScenario(scenario, { seed: 5 }), runScenario(scenario, { seed: 5 })];
    expect(one.figures).toEqual(other.figures);
    const { reactive } = one.figures;
    if (reactive === undefined) throw new Error('no reactive figures');
    expect(reactive.asked).toBeGreaterThan(120);
    expect(reactive.letIn).toBeGreaterThan(20);
    // What is not begun or given up at the end waits: at most a handful.
    expect(reactive.letIn - reactive.started - reactive.abandoned).toBeLessThan(6);
    expect(reactive.letIn).toBeLessThanOrEqual(reactive.asked);
  });
});

test('without a DUAL algorithm all are let in, their chats count as others do, and a note says so', () => {
  const scenario = helpSeekers(60, { 'pacing.connector.algorithm': 'SUPER_PROGRESSIVE' });
  const { figures, deviations } = runScenario(scenario, { seed: 3 });
  expect(figures.reactive?.refused).toBe(0);
  expect(deviations).toContainEqual(expect.stringContaining('all of them are let in'));
  expect(figures.abandonmentShare ?? 1).toBeLessThanOrEqual(0.04);
  expect(pacingNotesOf(helpSeekers(60))).toEqual([expect.stringContaining('as many are let in as the goal bears')]);
  expect(pacingNotesOf(helpSeekers(60, { [RATIO]: 30 }))).toEqual([]);
});

test('visitors who never look for help change nothing: the figures are those of a run that knows none', () => {
  const none = helpSeekers(0);
  const { reactive, ...others } = runScenario(none, { seed: 4 }).figures;
  const plain = { ...none, visitors: { ...none.visitors, reactive: null } };
  expect(reactive?.asked).toBe(0);
  expect(others).toEqual(runScenario(plain, { seed: 4 }).figures);
});
