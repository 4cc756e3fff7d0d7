/** Simulated runs: determinism, traffic as sized, steady state, balance, and Erlang A through the whole stack. */
import { describe, expect, test } from 'vitest';
import { createSimRun } from '#testbed/sim-run.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import { erlangA } from '#core/sizing/erlang.ts';
import { groupOf, scenarioOf } from './scenario-of.ts';

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 101);

function meanAndError(values: readonly number[]): { mean: number; error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}

describe('a simulated run', () => {
  test('gives the same figures to the last digit for the same seed, however it is advanced', () => {
    const scenario = scenarioOf({ warmupMs: 600_000 });
    const whole = runScenario(scenario, { seed: 7 });
    const sliced = createSimRun(scenario, { seed: 7, stream: true });
    for (let at = 0; !sliced.finished; at += 77_777) {
      if (at % 5 === 0) sliced.stepToDecision();
      sliced.advanceTo(at);
      sliced.totals();
      sliced.takeStream(50);
    }
    expect(JSON.stringify(sliced.result().figures)).toBe(JSON.stringify(whole.figures));
    expect(runScenario(scenario, { seed: 8 }).figures).not.toEqual(whole.figures);
  });

  test('traffic keeps to the sizing formulas: visits, page views and events over 20 seeds within four standard errors', () => {
    const scenario = scenarioOf({ warmupMs: 600_000 });
    const runs = SEEDS.map((seed) => runScenario(scenario, { seed }).figures);
    const expected = { visits: 600, pageViews: 2_400, events: 600 * (1 + 0.1) + 2_400 * (2 + 1) };
    for (const name of ['visits', 'pageViews', 'events'] as const) {
      const { mean, error } = meanAndError(runs.map((figures) => figures[name]));
      expect(Math.abs(mean - expected[name]), `${name}: ${mean} +- ${error}`).toBeLessThan(4 * error);
    }
  });

  test('starts in steady state: the first minute has as many page views as any other', () => {
    const scenario = scenarioOf({ durationMs: 60_000, groups: [groupOf({ agents: 0 })] });
    const runs = Array.from({ length: 200 }, (_, seed) => runScenario(scenario, { seed }).figures.pageViews);
    const { mean, error } = meanAndError(runs);
    expect(Math.abs(mean - 40), `${mean} +- ${error}`).toBeLessThan(4 * error);
  });

  test('nothing is dropped, every queue is in balance, and every interaction ends', () => {
    const { figures, refusals } = runScenario(scenarioOf({ durationMs: 4 * 3_600_000 }), { seed: 3 });
    expect(figures.dropped).toBe(0);
    const { invites } = figures;
    expect(invites.sent - invites.accepted - invites.rejected - invites.timeout - invites.failed).toBeLessThanOrEqual(
      30,
    );
    const refused = Object.values(refusals).reduce((sum, count) => sum + count, 0);
    expect(Math.abs(figures.hotLeads - invites.sent - refused)).toBeLessThanOrEqual(1);
    expect(figures.queues['Webengagement_Failed']?.entered).toBe(refused + invites.failed);
  });

  test('the series adds up to the figures', () => {
    const result = runScenario(scenarioOf(), { seed: 2 });
    const sum = (pick: (point: (typeof result.series)[number]) => number) =>
      result.series.reduce((total, point) => total + pick(point), 0);
    expect(sum((point) => point.events)).toBe(result.figures.events);
    expect(sum((point) => point.hotLeads)).toBe(result.figures.hotLeads);
    expect(sum((point) => point.bucketMs)).toBe(3_600_000);
    expect(sum((point) => point.busySlots * point.bucketMs) / (5 * 3_600_000)).toBeCloseTo(
      result.figures.busyShare ?? 0,
      5,
    );
  });

  test.each(['kill', 'stop', 'partition'] as const)(
    'a contact center that suffers a %s now and then loses no lead, no invite and no chat',
    (kind) => {
      const base = scenarioOf();
      const quiet = scenarioOf({
        durationMs: 1_800_000,
        traffic: { ...base.traffic, visits: [{ atMs: 0, visitsPerHour: 6_000 }] },
        groups: [groupOf({ agents: 20, answerTime: { kind: 'constant', meanMs: 3_000 } })],
      });
      const faults = [5, 10, 15, 20].map((minute) => ({
        atMs: minute * 60_000 + 137,
        kind,
        node: 'contact-center',
        forMs: 5_000,
      }));
      const hurt = createSimRun({ ...quiet, faults }, { seed: 4 });
      hurt.advanceTo(hurt.totalMs);
      const { totals } = hurt.recorder;
      const inside = (name: string): number => {
        const queue = totals.queues.get(name);
        return (queue?.entered ?? 0) - (queue?.left ?? 0);
      };
      expect(hurt.recorder.faults.length).toBe(8);
      expect(totals.hotLeads).toBe(runScenario(quiet, { seed: 4 }).figures.hotLeads);
      expect(totals.hotLeads).toBe(totals.refused + totals.sent);
      const ended = totals.accepted + totals.rejected + totals.timeout + totals.inviteFailed;
      expect(totals.sent).toBe(ended + inside('Webengagement_Engaged'));
      expect(totals.chatsQueued).toBe(totals.accepted);
      expect(totals.chatsStarted).toBeGreaterThan(50);
      const ringing = totals.chatsQueued - totals.chatsStarted - totals.chatsAbandoned - totals.waitingChats;
      const talking = totals.chatsStarted - totals.chatsCompleted;
      expect(ringing).toBeGreaterThanOrEqual(0);
      expect(talking).toBeGreaterThanOrEqual(0);
      expect(ringing + talking).toBe(totals.groups.get('Web Engagement Chat')?.busySlots.level);
    },
  );

  test('pacing that is turned off is the first thing that a result says', () => {
    const options = { 'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': 'proactiveChat' } };
    const off = runScenario(scenarioOf({ durationMs: 600_000, options }), { seed: 1 });
    expect(off.deviations[0]).toContain('PACING IS OFF');
    expect(off.refusals['noPermit']).toBeUndefined();
    expect(runScenario(scenarioOf({ durationMs: 600_000 }), { seed: 1 }).deviations.join()).not.toContain('PACING');
  });

  test('a step to the next decision stops at it', () => {
    const run = createSimRun(scenarioOf(), { seed: 2, stream: true });
    run.stepToDecision();
    const { items } = run.takeStream(10_000);
    const decisions = items.filter((item) => item.kind === 'rule');
    expect(decisions.length).toBe(1);
    expect(run.virtualMs - (decisions[0]?.atMs ?? 0)).toBeLessThanOrEqual(1);
    expect(decisions[0]?.why?.sentences[0]).toContain('Sees the cart');
  });
});

/**
 * Pacing off, one page view a visit, every invite accepted after a second: chats arrive as a Poisson process, and the
 * contact center is M/M/n+M but for the milliseconds of the network (pacing.md section 6, gate "displacement").
 */
describe('the whole stack agrees with Erlang A', () => {
  test.each([
    ['E1', 5, 32.915221, 40],
    ['E3', 10, 120, 16],
    ['E6', 30, 373.859918, 6],
  ])('%s: %i agents, %f chats an hour, over %i hours', { timeout: 180_000 }, (_row, agents, chatsPerHour, hours) => {
    const base = scenarioOf();
    const scenario = scenarioOf({
      warmupMs: 3_600_000,
      durationMs: hours * 3_600_000,
      traffic: { visits: [{ atMs: 0, visitsPerHour: chatsPerHour }], visitDepth: 1, pageEvents: 0, visitEvents: 0 },
      site: {
        ...base.site,
        pages: base.site.pages.map((page, index) => ({
          ...page,
          entryWeight: index,
          dwell: { kind: 'constant', meanMs: 60_000 },
        })),
      },
      groups: [groupOf({ agents })],
      visitors: {
        ...base.visitors,
        acceptShare: 1,
        rejectShare: 0,
        responseTime: { kind: 'constant', meanMs: 1_000 },
        patience: { kind: 'exponential', meanMs: 60_000 },
      },
      options: { 'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': 'proactiveChat' } },
    });
    const runs = SEEDS.map((seed) => runScenario(scenario, { seed }).figures);
    const expected = erlangA({
      servers: agents,
      arrivalsPerSecond: chatsPerHour / 3_600,
      handleSeconds: 240,
      patienceSeconds: 60,
    });
    const check = (name: string, values: readonly number[], exact: number): void => {
      const { mean, error } = meanAndError(values);
      expect(Math.abs(mean - exact), `${name}: ${mean} +- ${error} against ${exact}`).toBeLessThan(3.5 * error);
    };
    check(
      'abandonment',
      runs.map((figures) => figures.chats.abandoned / figures.invites.accepted),
      expected.abandonmentShare,
    );
    check(
      'wait',
      runs.map((figures) => figures.waitSeconds?.mean ?? 0),
      expected.meanWaitSeconds,
    );
    check(
      'occupancy',
      runs.map((figures) => figures.occupancy['Web Engagement Chat'] ?? 0),
      expected.occupancyShare,
    );
  });
});
