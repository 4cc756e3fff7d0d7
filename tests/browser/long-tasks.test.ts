/** At 200 events a second the page is to answer at any moment: the tasks of its main thread, measured. The minute is in the drill. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureMainThread } from '#tests/browser/long-tasks.ts';
import { CHROMIUM, createScreenStage, startRun, WHY_SKIPPED, type ScreenStage } from '#tests/browser/screen-stage.ts';

const SECONDS = 10;
/** 200 events/s: the guide's peak, as a steady rate. */
const TRAFFIC = { visitsPerHour: 16_440, pageViewsPerHour: 175_360, pageEvents: 2, visitEvents: 0.1 };

describe.skipIf(CHROMIUM.missing !== null)(`the main thread of the page in Chromium${WHY_SKIPPED}`, () => {
  let stage: ScreenStage;

  beforeAll(async () => {
    stage = await createScreenStage();
    await startRun(stage.runs, { speed: 1, traffic: TRAFFIC });
  });
  afterAll(() => stage?.close());

  it(`is measured while ${SECONDS} s of 200 events/s are shown (aim: no task over 100 ms)`, async () => {
    const visit = await stage.open();
    await visit.page.locator('#panel-traffic .recharts-line-curve').last().waitFor();
    const thread = await measureMainThread(visit.page, SECONDS);
    console.log(
      `main thread over ${SECONDS} s: longest task ${thread.longestCpuMs.toFixed(0)} ms of processor, ${thread.longestMs.toFixed(0)} ms of wall time; ` +
        `busy ${(100 * thread.busyShare).toFixed(0)} %; ${thread.longTasks.length} long tasks by PerformanceObserver`,
    );
    expect(thread.tasks).toBeGreaterThan(100);
    expect(thread.busyShare).toBeGreaterThan(0.005);
    await visit.close();
  });

  it('would be seen to be held, were it (a loop of 150 ms)', async () => {
    const visit = await stage.open();
    await visit.page.evaluate(() => {
      setTimeout(() => {
        const end = performance.now() + 150;
        while (performance.now() < end);
      }, 500);
    });
    const thread = await measureMainThread(visit.page, 2);
    expect(thread.longestMs).toBeGreaterThan(140);
    expect(Math.max(...thread.longTasks)).toBeGreaterThan(140);
    await visit.close();
  });
});
