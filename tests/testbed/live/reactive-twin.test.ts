/** Visitors who look for help themselves, over real nodes: asked about by their pages, let in, served, counted as the simulator counts them. */
import { expect, test } from 'vitest';
import { runScenario } from '#testbed/run-scenario.ts';
import { loadShipped, runLive, whyNot } from './twin-stage.ts';

const SCENARIO = loadShipped('live-smoke', [
  'duration=6s',
  'traffic/visitsPerHour=12000',
  'traffic/pageViewsPerHour=48000',
  'visitors/reactive={ share: 50%, after: 500ms }',
  'options/service:pacing/pacing.connector.algorithm=SUPER_PROGRESSIVE_DUAL',
]);

test('a live run lets them in and serves them, by the law and within a few of the simulated one', async () => {
  const { result, parity, crowd } = await runLive(SCENARIO, { seed: 1, store: 'memory' });
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
