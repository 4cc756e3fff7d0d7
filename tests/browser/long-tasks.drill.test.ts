/**
 * A minute of 200 events a second on the screen, measured and printed: the aim is no main-thread task over 100 ms. Times are
 * not asserted, as another process may hold the processor; that the page was at work and the measurement saw it is.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureMainThread } from '#tests/browser/long-tasks.ts';
import { CHROMIUM, createScreenStage, startRun, WHY_SKIPPED, type ScreenStage } from '#tests/browser/screen-stage.ts';

const SECONDS = 60;
const TRAFFIC = { visitsPerHour: 16_440, pageViewsPerHour: 175_360, pageEvents: 2, visitEvents: 0.1 };

describe.skipIf(CHROMIUM.missing !== null)(`a minute of the page in Chromium${WHY_SKIPPED}`, () => {
  let stage: ScreenStage;

  beforeAll(async () => {
    stage = await createScreenStage();
    await startRun(stage.runs, { speed: 1, traffic: TRAFFIC });
  });
  afterAll(() => stage?.close());

  it.each([
    ['Run', 'h', '#panel-traffic .recharts-line-curve'],
    ['Pacing', 'p', 'section[aria-label="Busy"] .recharts-line-curve'],
  ])('draws a minute of %s at 200 events/s, its main-thread tasks measured', async (screen, key, curve) => {
    const visit = await stage.open();
    await visit.page.keyboard.press(key);
    await visit.page.locator(curve).last().waitFor();
    const thread = await measureMainThread(visit.page, SECONDS);
    console.log(
      `main thread of ${screen} over ${SECONDS} s at 200 events/s: longest task ${thread.longestMs.toFixed(0)} ms of wall, ${thread.longestCpuMs.toFixed(0)} ms of processor time; ` +
        `busy ${(100 * thread.busyShare).toFixed(0)} %; tasks above 50 ms: ${thread.longTasks.map((ms) => ms.toFixed(0)).join(', ') || 'none'}`,
    );
    expect(thread.busyShare).toBeGreaterThan(0.005);
    expect(thread.longestMs).toBeGreaterThan(0);
    await visit.close();
  });
});
