/** The Run screen in a real browser over the real simulator: what a person does with it, from the start of a run to its report. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import {
  CHROMIUM,
  createScreenStage,
  WHY_SKIPPED,
  startRun,
  type ScreenStage,
  type Visit,
} from '#tests/browser/screen-stage.ts';

/** Waits until `read` gives another answer than `before`. */
async function changed<T>(read: () => Promise<T>, before: T): Promise<T> {
  await expect.poll(read, { timeout: 10_000, interval: 100 }).not.toEqual(before);
  return read();
}

const clock = (page: Page): Promise<string> => page.getByRole('timer', { name: 'Virtual time' }).innerText();
const curve = (page: Page): Promise<string | null> =>
  page.locator('#panel-traffic .recharts-line-curve').last().getAttribute('d');
const speed = (page: Page, name: string): Locator =>
  page.getByRole('radiogroup', { name: 'Speed' }).getByText(name, { exact: true });

function virtualMsOf(stage: ScreenStage): number {
  const update = stage.runs.snapshot();
  return update.type === 'history' ? update.status.virtualMs : 0;
}

function runOf(stage: ScreenStage): string {
  const update = stage.runs.snapshot();
  return update.type === 'history' || update.type === 'status' ? update.status.runId : '';
}

async function allContain(rows: Locator, words: string): Promise<boolean> {
  const texts = await rows.allInnerTexts();
  return texts.length > 0 && texts.every((text) => text.includes(words));
}

describe.skipIf(CHROMIUM.missing !== null)(`the Run screen in Chromium${WHY_SKIPPED}`, () => {
  let stage: ScreenStage;
  let visit: Visit;

  beforeAll(async () => {
    stage = await createScreenStage();
  });
  afterAll(() => stage?.close());

  /** Each person comes to a run that moves, in a window of his own; what his console said at the end must be nothing. */
  beforeEach(async () => {
    await startRun(stage.runs);
    visit = await stage.open();
    await visit.page.getByRole('timer', { name: 'Virtual time' }).waitFor();
    return () => visit.close();
  });

  it('starts a scenario from the gallery, and shows it moving in every panel', async () => {
    const { page } = visit;
    await page.getByRole('button', { name: /^guide-example/ }).click();
    await page.getByRole('dialog').getByText('understaffed', { exact: true }).click();
    expect(await page.getByRole('radio', { name: /understaffed/ }).isChecked()).toBe(true);
    await page.getByRole('textbox', { name: 'Seed' }).fill('42');
    await page.getByRole('dialog').getByText('10x', { exact: true }).click();
    await page.getByRole('button', { name: 'Start understaffed' }).click();
    await page.getByRole('heading', { level: 1, name: 'understaffed' }).waitFor();
    await page.getByText('seed 42').waitFor();
    await page.getByText('simulated', { exact: true }).waitFor();
    await page.locator('#panel-traffic .recharts-line-curve').last().waitFor();
    await changed(() => clock(page), await clock(page));
    await changed(() => curve(page), await curve(page));
    expect(await page.getByRole('navigation', { name: 'Figures of the run' }).getByRole('button').count()).toBe(8);
    expect(await page.getByText('agent-1', { exact: true }).count()).toBe(1);
    await page.getByRole('option').first().waitFor();
  });

  it('pauses, steps a second and to a decision, and goes on, by keys', async () => {
    const { page } = visit;
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
    await page.mouse.move(700, 30);
    const paused = await clock(page);
    await page.waitForTimeout(700);
    expect(await clock(page)).toBe(paused);
    await page.keyboard.press('.');
    const stepped = await changed(() => clock(page), paused);
    const elapsed = (text: string): number => {
      const [hours = 0, minutes = 0, seconds = 0] = (/· (\d+):(\d+):(\d+) of/.exec(text) ?? []).slice(1).map(Number);
      return hours * 3_600 + minutes * 60 + seconds;
    };
    expect(elapsed(stepped) - elapsed(paused)).toBe(1);
    const decisions = page.locator('[role=option]', { hasText: /rule|pacing|invite/ });
    const before = virtualMsOf(stage);
    await page.keyboard.press('Shift+Period');
    await changed(async () => virtualMsOf(stage), before);
    await expect.poll(() => decisions.count()).toBeGreaterThan(0);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await changed(() => clock(page), await clock(page));
  });

  it('skips the warm-up and says from when the figures count', async () => {
    const { page } = visit;
    await page.getByText('figures and thresholds count from 09:20 on').waitFor();
    await page.getByRole('button', { name: 'Skip the warm-up' }).click();
    await expect.poll(() => clock(page), { timeout: 10_000 }).toMatch(/00:2\d:\d\d of 01:20:00/);
    expect(await page.getByRole('button', { name: 'Skip the warm-up' }).count()).toBe(0);
  });

  it('changes speed to as fast as it can, finishes in words, and opens the report', async () => {
    const { page, context } = visit;
    await speed(page, '100x').click();
    await expect
      .poll(() => page.getByTitle('Virtual seconds a wall second').innerText(), { timeout: 15_000 })
      .toMatch(/^(\d{2,3}|1,\d{3})x$/);
    await speed(page, 'max').click();
    await page.getByText(/^Finished: 1.h 20.min of virtual time, 4 of 4 hold\.$/).waitFor({ timeout: 40_000 });
    const [report] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: 'Report' }).click(),
    ]);
    await report.waitForLoadState();
    expect(await report.title()).toContain('guide-example');
    expect(await report.locator('svg').count()).toBeGreaterThan(3);
    const before = runOf(stage);
    await page.getByRole('button', { name: 'Run again' }).click();
    await changed(async () => runOf(stage), before);
  });

  it('stops for good after it has said what is lost', async () => {
    const { page } = visit;
    await page.getByRole('button', { name: 'Stop the run' }).click();
    await page.getByText(/Stop for good at 00:\d\d:\d\d/).waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText(/^Stopped at .* before the end/).waitFor();
    const stopped = await clock(page);
    await page.waitForTimeout(700);
    expect(await clock(page)).toBe(stopped);
    expect(await page.getByRole('button', { name: 'Pause', exact: true }).count()).toBe(0);
  });

  it('filters the stream by words, kind and visit, and explains what is clicked', async () => {
    const { page } = visit;
    const rows = page.getByRole('option');
    await rows.first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('PageEntered');
    await expect.poll(() => allContain(rows, 'PageEntered')).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Skip the warm-up' }).click();
    await page.getByRole('group', { name: 'Kinds of events shown' }).getByRole('button', { name: 'rule' }).click();
    await expect.poll(() => rows.count(), { timeout: 10_000 }).toBeGreaterThan(0);
    await rows.first().click();
    const why = page.getByRole('complementary', { name: 'Why' });
    await why.waitFor();
    expect((await why.locator('p').allInnerTexts()).join(' ').length).toBeGreaterThan(60);
    await why.getByText('Raw record').click();
    expect(JSON.parse(await why.locator('pre').innerText())).toMatchObject({ kind: 'hotLead' });
    const visitID = /Show visit (\S+) alone/.exec(
      await why.getByRole('button', { name: /^Show visit/ }).innerText(),
    )?.[1];
    await why.getByRole('button', { name: /^Show visit/ }).click();
    expect(await page.getByRole('textbox', { name: 'Filter the stream' }).inputValue()).toBe(`visit:${visitID}`);
    await expect
      .poll(async () => (await rows.allInnerTexts()).every((row) => row.includes(String(visitID))))
      .toBe(true);
    await why.getByRole('button', { name: 'Close the why panel' }).click();
    expect(await why.count()).toBe(0);
  });

  it('shows one moment in all charts, and explains pacing there', async () => {
    const { page } = visit;
    const chart = page.getByRole('slider', { name: /^Events per second/ });
    const box = await chart.boundingBox();
    if (!box) throw new Error('the chart has no place');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const lines = page.locator('[role=slider] > div:last-child');
    await expect
      .poll(() => lines.evaluateAll((all) => all.filter((line) => getComputedStyle(line).opacity === '1').length))
      .toBeGreaterThan(10);
    await expect.poll(() => page.getByText('Pacing').count()).toBeGreaterThan(0);
    // Charts show whole buckets: before the first one there is nothing to explain.
    await expect.poll(() => virtualMsOf(stage), { timeout: 20_000 }).toBeGreaterThan(60_000);
    await page.getByRole('slider', { name: /^Risk of the next invite/ }).click();
    await page
      .getByRole('complementary', { name: 'Why' })
      .getByText(/(?:invites?|granted|refused): .+ free/)
      .first()
      .waitFor();
  });

  it('is worked by keys alone: skip link, commands, sheet of keys, light and dark', async () => {
    const { page } = visit;
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the screen');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('screen');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Command' }).waitFor();
    await page.keyboard.type('speed 100x');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('radio', { name: '100x' }).isChecked()).toBe(true);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).getByText('Filter the stream').waitFor();
    await page.keyboard.press('Escape');
    const scheme = (): Promise<string | null> => page.locator('html').getAttribute('data-mantine-color-scheme');
    const before = await scheme();
    await page.keyboard.press('l');
    await changed(scheme, before);
  });

  it('says that the connection is lost, keeps what it showed, and comes back by itself', async () => {
    const { page, cutFeed, mendFeed } = visit;
    await page.locator('#panel-traffic .recharts-line-curve').last().waitFor();
    await cutFeed();
    await page.getByText('The connection to the host is lost').waitFor();
    expect(await page.locator('#panel-traffic .recharts-line-curve').count()).toBeGreaterThan(0);
    mendFeed();
    await page.getByText('The connection to the host is lost').waitFor({ state: 'hidden' });
    await changed(() => clock(page), await clock(page));
  });

  it('says where the way in is, when the host was started anew and does not know this window', async () => {
    const { page, cutFeed } = visit;
    await page.route('**/api/about', (route) => route.fulfill({ status: 401, json: {} }));
    await page.routeWebSocket(/\/api\/feed$/, (feed) => feed.close());
    await cutFeed();
    await page.getByText(/The testbed was started anew and doesn't know this window\. Open the link/).waitFor();
    expect(visit.errors.every((error) => error.includes('401'))).toBe(true);
    (visit.errors as string[]).length = 0;
  });
});
