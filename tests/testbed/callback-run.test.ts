/** Chats and callbacks paced side by side through the whole simulated stack: both promises, both groups' decisions, and what is noted. */
import { describe, expect, test } from 'vitest';
import type { Fact } from '#core/statistics/fact.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import { createSimulation } from '#testbed/sim-nodes.ts';
import { createSummary, writeSummary } from '#testbed/summary.ts';
import { pacingNotesOf } from './pacing-notes-of.ts';
import { groupOf, scenarioOf } from './scenario-of.ts';

const CHAT = 'Web Engagement Chat';
const VOICE = 'Web Engagement Voice';

function centre(changes: Partial<Scenario> = {}): Scenario {
  const plain = scenarioOf();
  return scenarioOf({
    durationMs: 2 * 3_600_000,
    traffic: { ...plain.traffic, visits: [{ atMs: 0, visitsPerHour: 900 }] },
    groups: [
      groupOf({ agents: 4 }),
      groupOf({ name: VOICE, channel: 'voice', agents: 6, dialTime: { kind: 'constant', meanMs: 10_000 } }),
    ],
    visitors: {
      ...plain.visitors,
      callback: { laterShare: 0.2, later: { kind: 'constant', meanMs: 15 * 60_000 } },
    },
    ...changes,
  });
}

describe('a centre with a chat group and a voice group', () => {
  const result = runScenario(centre(), { seed: 3 });
  const { figures, pacing, deviations } = result;

  test('keeps the promise on both channels while the agents of both are busy', () => {
    expect(figures.abandonmentShare ?? 1).toBeLessThanOrEqual(0.03);
    expect(figures.callbacks?.lateShare ?? 1).toBeLessThanOrEqual(0.03);
    expect(figures.callbacks?.promised ?? 0).toBeGreaterThan(60);
    expect(figures.occupancy[CHAT] ?? 0).toBeGreaterThan(0.7);
    expect(figures.occupancy[VOICE] ?? 0).toBeGreaterThan(0.6);
    expect(deviations.filter((sentence) => sentence.includes(VOICE))).toEqual([]);
  });

  test('tells each group its own decisions, in the words of its channel', () => {
    const last = (group: string) => pacing.findLast((point) => point.group === group);
    expect([last(CHAT)?.slots, last(VOICE)?.slots]).toEqual([4, 6]);
    expect(last(VOICE)?.sentence).toContain('late callbacks');
    expect(last(CHAT)?.sentence).toContain('abandonments');
    expect(last(VOICE)?.abandonmentShare).toBeCloseTo(figures.callbacks?.lateShare ?? Number.NaN, 9);
    expect(last(CHAT)?.abandonmentShare).toBeCloseTo(figures.abandonmentShare ?? Number.NaN, 9);
  });

  test('is the same to the byte by the same seed', () => {
    const short = (): string => writeSummary(createSummary(runScenario(centre({ durationMs: 900_000 }), { seed: 3 })));
    expect(short()).toBe(short());
  });

  test('calls late where nothing bounds it: what pacing prevents is there to be prevented', () => {
    const groups = centre().groups.map((group) => (group.channel === 'chat' ? { ...group, agents: 0 } : group));
    const unbound = runScenario(centre({ groups, pacedBy: 'none', durationMs: 3_600_000 }), { seed: 3 });
    expect(unbound.figures.callbacks?.lateShare ?? 0).toBeGreaterThan(0.2);
  });

  test('counts a call late by the voice group’s own time', () => {
    const hasty = centre();
    const groups = hasty.groups.map((group) => (group.channel === 'voice' ? { ...group, callWithinMs: 1 } : group));
    const answerTime = { kind: 'constant', meanMs: 3_000 } as const;
    const run = runScenario(
      { ...hasty, durationMs: 600_000, groups: groups.map((group) => ({ ...group, answerTime })) },
      { seed: 3 },
    );
    expect(run.figures.callbacks?.late).toBe(run.figures.callbacks?.promised);
    expect(run.figures.callbacks?.late ?? 0).toBeGreaterThan(0);
  });
});

test('pacing is off for both channels where a default channel is given, and the run says so', () => {
  const options = { 'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': 'proactiveCallback' } };
  const { pacing, deviations, figures } = runScenario(centre({ durationMs: 600_000, options }), { seed: 3 });
  expect(pacing).toEqual([]);
  expect(deviations[0]).toContain('PACING IS OFF: wmsg.connector.defaultEngagementChannel is proactiveCallback');
  expect(figures.chats.started).toBe(0);
});

test('a voice group that is too large or too small for the algorithm is noted as a chat group is', () => {
  const noted = (algorithm: string, agents: number): readonly string[] => {
    const scenario = centre({
      groups: [groupOf({ agents: 30 }), groupOf({ name: VOICE, channel: 'voice', agents })],
      options: { 'service:pacing': { 'pacing.connector.algorithm': algorithm } },
    });
    return pacingNotesOf(scenario);
  };
  expect(noted('SUPER_PROGRESSIVE', 31)).toEqual([expect.stringContaining(`"${VOICE}" has 31`)]);
  expect(noted('PREDICTIVE_B', 29)).toEqual([expect.stringContaining(`"${VOICE}" has 29`)]);
  expect(noted('SUPER_PROGRESSIVE', 30)).toEqual([]);
});

test('only agents of the delivery group are called upon, and a voice group that has none is late with all', () => {
  const facts: Fact[] = [];
  const scenario = centre({
    durationMs: 900_000,
    groups: [groupOf({ agents: 1 }), groupOf({ name: VOICE, channel: 'voice', agents: 4, alsoIn: [] })],
  });
  const observer = { fact: (fact: Fact) => facts.push(fact), fault: () => undefined };
  const simulation = createSimulation(scenario, {
    seed: 3,
    store: 'sqlite',
    observer: { ...observer, event: undefined, journal: undefined },
  });
  simulation.start();
  simulation.runUntil(900_000_000);
  const steps = facts.flatMap((fact) => (fact.kind === 'callback' ? [fact.state] : []));
  expect(new Set(steps)).toEqual(new Set(['asked', 'due', 'late']));
});
