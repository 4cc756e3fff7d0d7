/** The guide's sizing example as the product runs it: what its scenario promises, seed by seed. */
import { beforeAll, describe, expect, test } from 'vitest';
import { sizeDeployment } from '#core/sizing/sizing-report.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import type { RunResult } from '#testbed/run-result.ts';
import { stateOfThresholds } from '#testbed/threshold-states.ts';
import { constrainedOptimum } from '#tests/oracles/constrained-optimum.ts';
import { guideExample } from './guide-example.ts';

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

function meanAndError(values: readonly number[]): { mean: number; error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}

describe('guide-example, the busy hour over 20 seeds', () => {
  const scenario = guideExample();
  let results: readonly RunResult[] = [];
  beforeAll(() => {
    results = SEEDS.map((seed) => runScenario(scenario, { seed }));
  }, 300_000);

  test.each(['visits', 'pageViews', 'events', 'requests'] as const)(
    '%s agree with the sizing within four standard errors',
    (name) => {
      const sized = sizeDeployment({ visitsPerHour: 3_000, pageViewsPerHour: 32_000, pageEvents: 2, visitEvents: 0.1 });
      if (!sized.ok) throw new Error('the guide can be sized');
      const { visitsPerSecond, visitDepth, eventsPerSecond, requestsPerSecond } = sized.value;
      const perSecond = {
        visits: visitsPerSecond,
        pageViews: visitsPerSecond * visitDepth,
        events: eventsPerSecond,
        requests: requestsPerSecond,
      };
      const { mean, error } = meanAndError(results.map((result) => result.figures[name]));
      expect(Math.abs(mean - perSecond[name] * 3_600), `${name} ${mean} +- ${error}`).toBeLessThan(4 * error);
    },
  );

  test('pacing binds: in every seed hot leads are refused for want of a permit, and about 300 are usable', () => {
    for (const { seed, refusals, figures } of results) {
      expect(refusals['noPermit'] ?? 0, `seed ${seed}`).toBeGreaterThan(10);
      expect(figures.hotLeads - (refusals['inviteOpen'] ?? 0) - (refusals['chatOpen'] ?? 0)).toBeGreaterThan(200);
    }
    const { mean } = meanAndError(results.map((result) => result.figures.hotLeads));
    expect(mean).toBeGreaterThan(270);
    expect(mean).toBeLessThan(360);
  });

  test('abandonment stays at or under its goal in every seed', () => {
    for (const { seed, figures } of results) {
      expect(figures.abandonmentShare, `seed ${seed}`).not.toBeNull();
      expect(figures.abandonmentShare ?? 1, `seed ${seed}`).toBeLessThanOrEqual(0.03);
    }
  });

  test('all four thresholds of the file hold in every seed', () => {
    for (const result of results) {
      const failed = stateOfThresholds(scenario.thresholds, result).filter((threshold) => threshold.pass !== true);
      expect(failed, `seed ${result.seed}`).toEqual([]);
    }
  });
});

describe('guide-example over eight hours from a cold start', () => {
  test('agents are busy to within 3 points of the constrained optimum for that rate of leads', () => {
    const scenario = guideExample(['warmup=0s', 'duration=8h']);
    const results = SEEDS.slice(0, 6).map((seed) => runScenario(scenario, { seed }));
    const mean = (pick: (result: RunResult) => number) => meanAndError(results.map(pick)).mean;
    const usable = mean(({ figures, refusals }) => figures.invites.sent + (refusals['noPermit'] ?? 0));
    const optimum = constrainedOptimum({
      slots: 10,
      handleMeanSeconds: 390,
      patienceMeanSeconds: 90,
      // Three in five answer within 8 s in the mean, the others let the invite run out after 30 s.
      responseMeanSeconds: 17,
      acceptShare: mean(({ figures }) => figures.hitShare ?? 0),
      leadsPerHour: usable / 8,
      goalShare: 0.03,
    });
    const busy = mean(({ figures }) => figures.busyShare ?? 0);
    console.log(
      `busy ${(busy * 100).toFixed(2)} % against the optimum ${(optimum.busyShare * 100).toFixed(2)} %, ` +
        `${(usable / 8).toFixed(0)} usable leads an hour, abandoned ${(mean(({ figures }) => figures.abandonmentShare ?? 0) * 100).toFixed(2)} %`,
    );
    expect(optimum.busyShare - busy).toBeLessThan(0.03);
    for (const { seed, figures } of results) {
      expect(figures.abandonmentShare ?? 1, `seed ${seed}`).toBeLessThanOrEqual(0.03);
    }
  }, 300_000);
});
