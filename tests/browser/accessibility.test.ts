/** No serious fault of accessibility, as axe finds them, on any screen or panel, in light and dark. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CHROMIUM,
  createScreenStage,
  WHY_SKIPPED,
  findFaults,
  startRun,
  type ScreenStage,
} from '#tests/browser/screen-stage.ts';

describe.skipIf(CHROMIUM.missing !== null)(`axe in Chromium${WHY_SKIPPED}`, () => {
  let stage: ScreenStage;

  beforeAll(async () => {
    stage = await createScreenStage();
    await startRun(stage.runs, { speed: 100 });
  });
  afterAll(() => stage?.close());

  it.each(['light', 'dark'] as const)(
    'finds nothing serious on Run, its panels and dialogs, and on Sizing, in %s',
    async (colorScheme) => {
      const { page, context } = await stage.open({ colorScheme });
      await page.getByRole('option').first().waitFor();
      expect(await findFaults(page), 'Run').toEqual([]);

      await page.getByRole('button', { name: 'decisions' }).click();
      await page.getByRole('option').first().click();
      await page.getByRole('complementary', { name: 'Why' }).waitFor();
      expect(await findFaults(page), 'Run with its why panel').toEqual([]);

      await page
        .getByRole('button', { name: /holding/ })
        .first()
        .click();
      expect(await findFaults(page), 'Run with its thresholds').toEqual([]);
      await page.keyboard.press('Escape');

      await page.keyboard.press('Control+o');
      await page.getByRole('radio', { name: /guide-example/ }).waitFor();
      expect(await findFaults(page), 'the start of a run').toEqual([]);
      await page.keyboard.press('Escape');

      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Command' }).waitFor();
      expect(await findFaults(page), 'commands').toEqual([]);
      await page.keyboard.press('Escape');

      await page.getByRole('link', { name: 'Sizing' }).click();
      await page
        .getByRole('button', { name: /Events, average/ })
        .first()
        .click();
      await page.getByText('with these values').waitFor();
      expect(await findFaults(page), 'Sizing with a formula').toEqual([]);
      await page.keyboard.press('Escape');

      await page.getByRole('link', { name: 'Consistency and survival' }).click();
      await page
        .getByRole('button', { name: /^QUORUM of DC1:2, DC2:1/ })
        .first()
        .click();
      await page.getByText('floor(all replicas / 2) + 1').waitFor();
      expect(await findFaults(page), 'the consistency calculator with a formula').toEqual([]);
      await context.close();
    },
  );

  it('would find what is wrong (a button without a name, and text that can hardly be read)', async () => {
    const { page, context } = await stage.open();
    await page.getByRole('option').first().waitFor();
    await page.evaluate(() => {
      const button = document.createElement('button');
      const words = document.createElement('p');
      words.textContent = 'hardly to be read';
      words.style.color = '#ddd';
      words.style.background = '#fff';
      document.getElementById('screen')?.prepend(button, words);
    });
    expect((await findFaults(page)).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['button-name', 'color-contrast']),
    );
    await context.close();
  });
});
