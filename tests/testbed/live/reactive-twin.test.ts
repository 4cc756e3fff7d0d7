/**
 * Visitors who look for help themselves, over real nodes: asked about by their pages, let in, served, counted as the simulator
 * counts them; and the contact center's /metrics, which are the run's own statistics.
 */
import { expect, test } from 'vitest';
import { runScenario } from '#testbed/run-scenario.ts';
import type { LiveRun } from '#testbed/live/live-run.ts';
import { loadShipped, runLive, untilReached, whyNot } from './twin-stage.ts';
import { describeStatistics, readSeries } from './statistics-series.ts';

const SCENARIO = loadShipped('live-smoke', [
  'duration=6s',
  'traffic/visitsPerHour=12000',
  'traffic/pageViewsPerHour=48000',
  'visitors/reactive={ share: 50%, after: 500ms }',
  'options/service:pacing/pacing.connector.algorithm=SUPER_PROGRESSIVE_DUAL',
]);

/** What is scraped equals what the run has heard, once the facts that are under way have come. */
async function expectSameStatistics(run: LiveRun): Promise<void> {
  const url = `${await run.cluster.urlOf('contact-center')}/metrics`;
  const differences = async (): Promise<readonly string[]> => {
    const scraped = readSeries(await (await fetch(url)).text());
    const { statistics, kpis } = run.recorder.statistics.report(run.cluster.clock.now());
    const own = describeStatistics(statistics, kpis);
    expect(own.size, 'series').toBeGreaterThan(30);
    expect([...own.values()].filter((value) => value > 0).length, 'that count something').toBeGreaterThan(15);
    return [...own].flatMap(([name, value]) =>
      scraped.get(name) === value ? [] : [`${name}: ${value}, scraped ${scraped.get(name)}`],
    );
  };
  await expect.poll(differences, { timeout: 10_000 }).toEqual([]);
  // Clocks are held a moment apart.
  const busy = readSeries(await (await fetch(url)).text()).get('engage_busy_share');
  expect(busy).toBeCloseTo(run.recorder.statistics.report(run.cluster.clock.now()).kpis.busy.share ?? NaN, 0);
}

test('a live run lets them in and serves them, by the law and within a few of the simulated one', async () => {
  const { result, parity, crowd } = await runLive(SCENARIO, {
    seed: 1,
    store: 'memory',
    during: async (run) => {
      await untilReached(run, 5_700);
      run.cluster.clock.pause();
      await expectSameStatistics(run);
      run.cluster.clock.resume();
    },
  });
  expect(whyNot(parity)).toEqual([]);
  const { reactive, chats } = result.figures;
  const simulated = runScenario(SCENARIO, { seed: 1 }).figures.reactive;
  if (reactive === undefined || simulated === undefined) throw new Error('both runs count reactive visitors');
  expect(reactive.asked).toBeGreaterThan(5);
  expect(reactive.asked).toBe(reactive.letIn + reactive.refused);
  expect(reactive.started).toBeGreaterThan(3);
  expect(reactive.started).toBeLessThanOrEqual(chats.started);
  expect(Math.abs(reactive.asked - simulated.asked)).toBeLessThanOrEqual(3);
  expect(Math.abs(reactive.letIn - simulated.letIn)).toBeLessThanOrEqual(4);
  expect(crowd['heardLines'] ?? 0, 'agents answer them').toBeGreaterThan(3);
}, 120_000);
