/** The History screen in a real browser over a small live run: from an id to a timeline, a record and a person, and to what is erased. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { CHROMIUM, createScreenStage, findFaults, WHY_SKIPPED, type ScreenStage } from '#tests/browser/screen-stage.ts';
import { startRun, type Visit } from '#tests/browser/screen-stage.ts';
import { present } from '#core/assert.ts';
import { createLiveFolder, type LiveFolder } from '#tests/host/live-scenario.ts';

const LONG = { timeout: 60_000 };
/** Nodes are launched and killed; on a machine that is busy that takes its time. */
const PATIENCE_MS = 150_000;
/** Nearly every visitor says who he is. */
const TRAFFIC = { visitsPerHour: 7_200, pageViewsPerHour: 28_800, pageEvents: 0.5, visitEvents: 1.5 };

const people = (page: Page): Locator => page.getByRole('list', { name: 'People in these visits' }).getByRole('link');
const visits = (page: Page): Locator =>
  page.getByRole('list', { name: 'Visits that the stream has just seen' }).getByRole('link');
const rows = (page: Page): Locator => page.getByRole('listbox', { name: 'Story, newest first' }).getByRole('option');
const record = (page: Page): Locator => page.getByRole('complementary', { name: 'Record' });
const place = (page: Page): string => decodeURIComponent(new URL(page.url()).hash);

describe.skipIf(CHROMIUM.missing !== null)(`the History screen in Chromium${WHY_SKIPPED}`, () => {
  let folder: LiveFolder;
  let stage: ScreenStage;
  let visit: Visit;

  beforeAll(async () => {
    folder = createLiveFolder('20m');
    stage = await createScreenStage({ scenariosFolder: folder.path, store: 'memory' });
  }, PATIENCE_MS);
  afterAll(async () => {
    await stage?.close();
    folder.remove();
  });

  /** Whatever his console said at the end must be nothing. */
  beforeEach(async () => {
    visit = await stage.open();
    return () => visit.close();
  });

  it(
    'says what there is to do while there is no history (nothing runs, the run is simulated), and starts it live',
    async () => {
      const { page } = visit;
      await page.keyboard.press('v');
      await page.getByText('Nothing runs. A live run keeps what each visitor does').waitFor();
      await page.getByRole('button', { name: 'Start a run' }).waitFor();
      await startRun(stage.runs, { scenario: 'tiny.yaml', speed: 1, traffic: TRAFFIC });
      await page.getByText('tiny is simulated, and simulated visitors leave no history').waitFor();
      expect(await findFaults(page), 'a simulated run').toEqual([]);
      await page.getByRole('button', { name: 'Start tiny live' }).click();
      await page.getByRole('combobox', { name: /^Find a visit/ }).waitFor(LONG);
    },
    PATIENCE_MS,
  );

  it(
    'finds a visit and a person, tells their story, saves it, and erases a person so that he is gone',
    async () => {
      const { page } = visit;
      await page.keyboard.press('v');
      await people(page).nth(2).waitFor(LONG);
      await page.getByText('Lists of all visitors are not to be had here').waitFor();
      expect(await findFaults(page), 'where to begin').toEqual([]);

      // What nobody knows yet is asked for again, as what and as whom it may be, while somebody waits for it.
      let questions = 0;
      page.on('request', (request) => {
        if (`${request.url()} ${request.postData() ?? ''}`.includes('not-yet')) questions += 1;
      });
      await page.keyboard.press('/');
      await page.keyboard.type('not-yet');
      await page.getByText(/^Nothing is called “not-yet”/).waitFor();
      const first = questions;
      expect(first).toBeGreaterThan(0);
      await expect.poll(() => questions, LONG).toBeGreaterThanOrEqual(2 * first);
      await page.getByText(/^Nothing is called “not-yet”/).waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');

      // By its id, from the search: the address says what is shown, and Back leads home.
      const id = present((await visits(page).last().locator('b').textContent()) ?? undefined, 'a visit that was seen');
      await page.keyboard.press('/');
      await page.keyboard.type(id);
      await page.getByRole('option', { name: `Visit ${id}` }).waitFor(LONG);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: `Visit ${id}` }).waitFor(LONG);
      expect(place(page)).toBe(`#/history/visit/${id}`);
      await rows(page).first().waitFor();

      // From mark to mark on the timeline; the record in words, and raw.
      await page.getByRole('group', { name: /^Timeline:/ }).focus();
      await page.keyboard.press('ArrowRight');
      await record(page).getByText('The visit began: the browser asked for the first page.').waitFor();
      await page.keyboard.press('ArrowRight');
      await record(page)
        .getByText(/^The visitor (was|has been) on “/)
        .waitFor();
      expect(place(page)).toMatch(new RegExp(`^#/history/visit/${id}/page/`));
      await record(page).getByText('Raw record').click();
      await record(page).getByText(`"visitId": "${id}"`).waitFor();
      const whole = await page.getByText(/in sight$/).innerText();
      await page.getByRole('group', { name: /^Timeline:/ }).focus();
      await page.keyboard.press('+');
      await expect.poll(() => page.getByText(/in sight$/).innerText()).not.toBe(whole);
      await page.getByRole('button', { name: /asked of the store$/ }).click();
      const asked = page.getByRole('complementary', { name: 'What the store was asked' });
      await asked.getByText(`GET /visits/${id}/events?page_size=200`).waitFor();
      expect(await asked.getByRole('button', { name: 'copy as curl' }).first().getAttribute('title')).toMatch(
        /^curl 'http:\/\/127\.0\.0\.1:\d+\/backend\/data\/visits\//,
      );
      expect(await findFaults(page), 'a visit, a record and what was asked').toEqual([]);

      await page.goBack();
      await people(page).first().waitFor();
      const name = present(
        (await people(page).last().locator('b').textContent()) ?? undefined,
        'somebody who is known',
      );
      await people(page).filter({ hasText: name }).click();
      await page.getByText(/^Last seen .* in 1 visit so far\.$/).waitFor();
      await rows(page).first().waitFor();
      expect(await findFaults(page), 'a person').toEqual([]);

      // Saved from the screen, as the Backend says it.
      const [csv, json] = [await save(page, 'Events as CSV'), await save(page, 'All of it as JSON')];
      expect(csv).toMatch(/^serverTimestamp,timestamp,eventType/);
      expect(JSON.parse(json)).toMatchObject({ identity: { identityId: name }, insight: { visits: 1 } });

      // Erased: named before, counted after, and gone when asked anew.
      await page.getByRole('button', { name: 'Erase', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: `Erase ${name}` });
      await dialog.getByText('visits, with everything in them').waitFor();
      expect(await findFaults(page), 'the confirmation').toEqual([]);
      await dialog.getByRole('button', { name: 'Erase for good' }).click();
      await page.getByText(/^[\d,]+ rows of \d tables are gone\.$/).waitFor(LONG);
      await page.getByText(`there is no identity "${name}"`).first().waitFor();
      expect(await findFaults(page), 'what is erased').toEqual([]);

      await page.evaluate(() => (location.hash = '/history/event/nobody'));
      await page.getByText('There is no event nobody').waitFor();
    },
    PATIENCE_MS,
  );

  it(
    'in the dark, from a line of the run to its visit; a Backend that is gone is told, and heard again',
    async () => {
      const { page, close } = await stage.open({ colorScheme: 'dark' });
      await page.getByRole('group', { name: 'Kinds of events shown' }).getByRole('button', { name: 'rule' }).click();
      await page.getByRole('option').first().click();
      await page.getByRole('link', { name: /^Open the history of visit/ }).click();
      await rows(page).first().waitFor();
      await rows(page).first().click();
      await record(page).waitFor();
      expect(await findFaults(page), 'a visit in the dark').toEqual([]);
      stage.runs.command({ type: 'fault', kind: 'kill', node: 'backend-1', forMs: null });
      await page
        .getByText(/^No Backend of this run (is up|answers).* What you see is as it was read last\.$/)
        .waitFor(LONG);
      expect(await findFaults(page), 'a Backend that is gone').toEqual([]);
      stage.runs.command({ type: 'heal', node: 'backend-1' });
      await expect.poll(() => page.getByText(/as it was read last/).count(), LONG).toBe(0);
      stage.runs.command({ type: 'stop' });
      await page.getByText('tiny has ended, and its Backends with it. What you see').waitFor(LONG);
      await close();
    },
    PATIENCE_MS,
  );
});

async function save(page: Page, item: string): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).first().click();
  await page.getByRole('menuitem', { name: item }).click();
  return readFile(await (await download).path(), 'utf8');
}
