/** The Pacing screen in a real browser over the real simulator: one axis, the decision of any moment, zoom, and no fault for axe. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { present } from '#core/assert.ts';
import {
  CHROMIUM,
  createScreenStage,
  findFaults,
  startRun,
  WHY_SKIPPED,
  type ScreenStage,
  type Visit,
} from '#tests/browser/screen-stage.ts';

const chart = (page: Page, name: RegExp): Locator => page.getByRole('slider', { name });
const decision = (page: Page): Locator => page.getByRole('complementary', { name: 'Decision' });
const sentence = /^(?:No invite|\d+ invites?|granted|refused): .+ free, .+\.$/m;

/** A place in a chart, as shares of its plot. */
async function placeIn(locator: Locator, share: number): Promise<{ readonly x: number; readonly y: number }> {
  const box = present((await locator.boundingBox()) ?? undefined, 'place of the chart');
  return { x: box.x + box.width * share, y: box.y + box.height / 2 };
}

describe.skipIf(CHROMIUM.missing !== null)(`the Pacing screen in Chromium${WHY_SKIPPED}`, () => {
  let stage: ScreenStage;
  let visit: Visit;

  beforeAll(async () => {
    stage = await createScreenStage();
    visit = await stage.open();
  });
  afterAll(async () => {
    await visit?.close();
    await stage?.close();
  });

  it('is reached by its key, and says what to do where nothing runs', async () => {
    const { page } = visit;
    await page.keyboard.press('p');
    await page.getByText('Nothing runs.').waitFor();
    expect(await page.getByRole('link', { name: 'Pacing' }).getAttribute('aria-current')).toBe('page');
    expect(await findFaults(page), 'an empty screen').toEqual([]);
  });

  it('shows what pacing promised and did in charts on one axis, moving', async () => {
    const { page } = visit;
    await startRun(stage.runs, { speed: 100 });
    await page.getByRole('heading', { name: 'Ledger' }).waitFor();
    const titles = await page.locator('main h2').allInnerTexts();
    expect(titles.slice(0, 8)).toEqual(['Allowed', 'Sent', 'Slots', 'Waiting', 'Risk', 'Ledger', 'Abandoned', 'Busy']);
    await page.getByText(/At most 3\.0\s%\sof accepted chats abandoned: .+ so far/).waitFor({ timeout: 20_000 });
    await page.getByText('Newest decision').waitFor();
    await expect.poll(() => decision(page).innerText()).toMatch(sentence);
    const curve = page.locator('.recharts-line-curve').last();
    const before = await curve.getAttribute('d');
    await expect.poll(() => curve.getAttribute('d'), { timeout: 10_000 }).not.toBe(before);
  });

  it('tells the whole decision of the moment pointed at, the same in all charts, and pins it by a click', async () => {
    const { page } = visit;
    await page.getByRole('radiogroup', { name: 'Time shown in the charts' }).getByText('whole run').click();
    stage.runs.command({ type: 'pause' });
    const at = await placeIn(chart(page, /^Risk/), 0.18);
    await page.mouse.move(at.x, at.y);
    await expect
      .poll(() =>
        page
          .locator('[role=slider] > div:last-child')
          .evaluateAll((all) => all.filter((line) => getComputedStyle(line).opacity === '1').length),
      )
      .toBe(8);
    await decision(page).getByText('released within').waitFor();
    await page.mouse.click(at.x, at.y);
    await decision(page).getByText('Decision, pinned').waitFor();
    await page.mouse.move(10, 300);
    /** The figures are those of the last question until the host has answered. */
    await decision(page).locator('[aria-busy="false"]').waitFor();
    const panel = await decision(page).innerText();
    expect(panel).toMatch(sentence);
    await decision(page).getByText('Raw record').click();
    const record = JSON.parse(await decision(page).locator('pre').innerText()) as { risk: number; binding: string };
    expect(panel).toContain(record.risk < 0.0005 ? record.risk.toExponential(1) : record.risk.toFixed(4));
    expect(panel).toContain(record.binding);
    await page.getByRole('button', { name: 'Unpin' }).click();
    await page.getByText('Newest decision').waitFor();
  });

  it('is worked by keys: the cursor along the axis, Enter pins, + and - zoom, and a double click shows all again', async () => {
    const { page } = visit;
    const risk = chart(page, /^Risk/);
    await risk.focus();
    for (let n = 0; n < 3; n += 1) await page.keyboard.press('ArrowLeft');
    const time = page.locator('main time');
    const there = await time.innerText();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => time.innerText()).not.toBe(there);
    await page.keyboard.press('+');
    const zoomed = page.getByRole('button', { name: 'Zoom out' });
    await zoomed.waitFor();
    const near = await zoomed.innerText();
    await page.keyboard.press('+');
    await expect.poll(() => zoomed.innerText()).not.toBe(near);
    await page.keyboard.press('-');
    await expect.poll(() => zoomed.innerText()).toBe(near);
    await page.keyboard.press('Enter');
    await page.getByText('Decision, pinned').waitFor();
    await risk.dblclick();
    await expect.poll(() => zoomed.count()).toBe(0);
    await page.getByRole('button', { name: 'Unpin' }).click();
  });

  it('zooms into what is dragged over, and out by its button', async () => {
    const { page } = visit;
    const from = await placeIn(chart(page, /^Busy/), 0.1);
    const to = await placeIn(chart(page, /^Busy/), 0.2);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
    const zoomed = page.getByRole('button', { name: 'Zoom out' });
    await zoomed.waitFor();
    expect(await page.getByText('Decision, pinned').count()).toBe(0);
    await zoomed.click();
    await expect.poll(() => zoomed.count()).toBe(0);
  });

  it('tells pacing another goal in mid-run, marks it on the axis, and takes it back', async () => {
    const { page } = visit;
    await page.getByRole('button', { name: 'What if…' }).click();
    const form = page.getByRole('form', { name: 'What if' });
    const tell = form.getByRole('button', { name: 'Tell pacing' });
    expect(await tell.isDisabled()).toBe(true);
    const goal = form.getByRole('textbox', { name: 'Goal' });
    expect(await goal.inputValue()).toBe('3 %');
    await goal.fill('0');
    await form.getByText('from 1 to 99 %').waitFor();
    expect(await tell.isDisabled()).toBe(true);
    await goal.fill('8');
    await tell.click();
    await page.getByText(/^At most 8\.0\s%\sof accepted chats abandoned/).waitFor();
    await page.getByText(/^what if: goal at most 8 % abandoned instead of at most 3 % abandoned$/).waitFor();
    await page.getByRole('button', { name: 'What if…' }).click();
    await form.getByText('goal at most 8 % abandoned').waitFor();
    expect(await findFaults(page), 'the form of a what-if').toEqual([]);
    await form.getByRole('button', { name: 'Take the last back' }).click();
    await page.getByText(/^At most 3\.0\s%\sof accepted chats abandoned/).waitFor();
  });

  it('says above the charts what must be known of pacing, on both screens, for as long as it is so', async () => {
    const { page } = visit;
    const off = page.getByRole('alert').getByText(/^NO PACING ALGORITHM: .+ every usable hot lead is invited$/);
    const range = page.getByRole('status').getByText(/^PREDICTIVE_B is for groups from 30 agents on/);
    stage.runs.command({ type: 'whatIf', change: { pacedBy: 'none' } });
    await off.waitFor();
    expect(await findFaults(page), 'an alarm').toEqual([]);
    await page.keyboard.press('r');
    await off.waitFor();
    await page.keyboard.press('p');
    stage.runs.command({ type: 'whatIf', change: { pacedBy: 'algorithm', algorithm: 'PREDICTIVE_B' } });
    await range.waitFor();
    expect(await off.count()).toBe(0);
    await page.getByRole('button', { name: 'Dismiss the note on pacing' }).click();
    await expect.poll(() => range.count()).toBe(0);
    stage.runs.command({ type: 'whatIf', change: { algorithm: 'SUPER_PROGRESSIVE' } });
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  });

  it('lays a counterpart beside the run, with the figures of both at the same moment, and takes it away', async () => {
    const { page } = visit;
    await page.getByRole('combobox', { name: 'Compare with' }).selectOption('none');
    const comparison = page.getByRole('region', { name: 'Comparison' });
    await comparison.getByText(/^none: every usable hot lead is invited\./).waitFor({ timeout: 30_000 });
    const rows = comparison.getByRole('row');
    expect(await rows.first().innerText()).toMatch(/this run\s+none\s+differs by/);
    expect(await rows.count()).toBe(7);
    const sent = await comparison.getByRole('row', { name: /^invites sent/ }).innerText();
    const history = stage.runs.snapshot();
    const figure =
      history.type === 'history' ? history.counterpart?.state.figures.find(({ name }) => name === 'sent') : null;
    expect(figure?.counterpart).toBeGreaterThan(5);
    expect(sent.split('\t').slice(1, 3).map(Number)).toEqual([figure?.own, figure?.counterpart]);
    const strip = page.getByRole('region', { name: 'Busy' });
    await expect.poll(() => strip.locator('dl').innerText()).toMatch(/none\s+\d+\s*%/);
    expect(await strip.locator('.recharts-line-curve').count()).toBe(2);
    expect(await findFaults(page), 'a comparison').toEqual([]);
    await comparison.getByRole('button', { name: 'Take the comparison away' }).click();
    await expect.poll(() => comparison.count(), { timeout: 20_000 }).toBe(0);
    await expect.poll(() => strip.locator('.recharts-line-curve').count()).toBe(1);
  });

  it.each(['light', 'dark'] as const)('has nothing serious for axe to find in %s', async (colorScheme) => {
    const { page, close } = await stage.open({ colorScheme });
    await page.keyboard.press('p');
    await decision(page).getByText('released within').waitFor();
    await decision(page).getByText('Raw record').click();
    expect(await findFaults(page), 'pacing').toEqual([]);
    await close();
  });
});
