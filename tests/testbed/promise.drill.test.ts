/**
 * Longer runs than the quick tests allow: the promise over many seeds, and the peak day in balance and within its
 * memory.
 */
import { describe, expect, test } from 'vitest';
import { loadScenario } from '#testbed/load-scenario.ts';
import { createSimRun } from '#testbed/sim-run.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import type { Scenario } from '#protocol/scenario.ts';

function load(set: readonly string[]): Scenario {
  const loaded = loadScenario('scenarios/guide-example.yaml', { set });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return loaded.value;
}

describe('the promise of pacing', () => {
  test.each([
    ['the busy hour', [], 200],
    ['half of the agents', ['groups/0/agents=3'], 100],
    ['eight hours from a cold start', ['warmup=0s', 'duration=8h'], 30],
    ['an agent with one chat at a time', ['groups/0/capacity=1', 'groups/0/agents=10', 'warmup=0s', 'duration=4h'], 30],
  ] as const)('%s: at most 3 %% abandoned in all but one in a hundred seeds', (what, set, seeds) => {
    const scenario = load(set);
    const shares = Array.from({ length: seeds }, (_, index) => {
      const { figures } = runScenario(scenario, { seed: 1_001 + index });
      return figures.abandonmentShare ?? 0;
    });
    const broken = shares.flatMap((share, index) => (share > 0.03 ? [`${1_001 + index}: ${share.toFixed(4)}`] : []));
    const mean = shares.reduce((sum, share) => sum + share, 0) / seeds;
    console.log(
      `${what}: mean ${(mean * 100).toFixed(2)} %, over the goal: ${broken.join(', ') || 'none'} of ${seeds}`,
    );
    expect(broken.length).toBeLessThanOrEqual(seeds / 100);
  });
});

describe('the peak day', () => {
  test('17 million events: nothing dropped, every queue in balance, memory under 1 GiB', () => {
    const visitsPerHour = (3_000 / 3_600 + 4 * Math.sqrt(3_000 / 3_600)) * 3_600;
    const scenario = load([
      'warmup=0s',
      'duration=24h',
      `traffic/visitsPerHour=${visitsPerHour}`,
      `traffic/pageViewsPerHour=${(visitsPerHour * 32) / 3}`,
      'groups/0/agents=60',
    ]);
    const run = createSimRun(scenario, { seed: 1 });
    let rssMax = 0;
    while (!run.finished) {
      run.advanceTo(run.virtualMs + 900_000);
      rssMax = Math.max(rssMax, process.memoryUsage().rss);
    }
    const { figures, refusals } = run.result();
    console.log(
      `${figures.events} events, ${figures.chats.started} chats, RSS at most ${(rssMax / 2 ** 20).toFixed(0)} MiB`,
    );
    expect(figures.events).toBeGreaterThan(16_500_000);
    expect(figures.dropped).toBe(0);
    const refused = Object.values(refusals).reduce((sum, count) => sum + count, 0);
    expect(figures.hotLeads - figures.invites.sent - refused).toBeLessThanOrEqual(1);
    for (const [name, queue] of Object.entries(figures.queues)) {
      expect(queue.entered - queue.left, name).toBeLessThan(200);
    }
    expect(rssMax).toBeLessThan(2 ** 30);
  });
});
