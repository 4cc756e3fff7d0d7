/** The guide's peak load for a day: in balance and within its memory. */
import { describe, expect, test } from 'vitest';
import { createSimRun } from '#testbed/sim-run.ts';
import { guideExample } from './guide-example.ts';

describe('the peak day', () => {
  test('17 million events: nothing dropped, every queue in balance, memory under 1 GiB', () => {
    const visitsPerHour = (3_000 / 3_600 + 4 * Math.sqrt(3_000 / 3_600)) * 3_600;
    const scenario = guideExample([
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
