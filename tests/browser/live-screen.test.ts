/** The Run screen over a live run in a real browser: what a person does with real nodes, from their launch to their end. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { CHROMIUM, createScreenStage, findFaults, WHY_SKIPPED, type ScreenStage } from '#tests/browser/screen-stage.ts';
import type { Visit } from '#tests/browser/screen-stage.ts';
import { present } from '#core/assert.ts';
import { pidsOfNodes } from '#tests/host/live-processes.ts';
import { createLiveFolder, type LiveFolder } from '#tests/host/live-scenario.ts';

const clock = (page: Page): Promise<string> => page.getByRole('timer', { name: 'Virtual time' }).innerText();
const node = (page: Page, name: string): Locator => page.getByRole('article', { name });
const LONG = { timeout: 40_000 };

async function startLive(page: Page): Promise<void> {
  await page.keyboard.press('Control+o');
  await page.getByRole('dialog').getByText('tiny', { exact: true }).click();
  await page.getByRole('dialog').getByText('Live', { exact: true }).click();
  await page.getByRole('dialog').getByText('Memory', { exact: true }).click();
  await page.getByRole('button', { name: 'Start tiny live' }).click();
  await page.getByRole('heading', { level: 1, name: 'tiny' }).waitFor();
  await page.getByRole('timer', { name: 'Virtual time' }).waitFor(LONG);
}

/** On the Pacing screen: a decision of real nodes in words, and a what-if that they obey, marked on the axis. */
async function explainAndTellPacing(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Pacing' }).click();
  const decision = page.getByRole('complementary', { name: 'Decision' });
  await decision.getByText('Newest decision').waitFor(LONG);
  await expect
    .poll(() => decision.innerText(), LONG)
    .toMatch(/^(?:No invite|\d+ invites?|granted|refused): .+ free, .+\.$/m);
  const risk = page.getByRole('slider', { name: /^Risk/ });
  await risk.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await decision.getByText('Decision, pinned').waitFor(LONG);
  await decision.getByText('released within').waitFor(LONG);
  await page.getByRole('button', { name: 'What if…' }).click();
  const form = page.getByRole('form', { name: 'What if' });
  await form.getByRole('textbox', { name: 'Goal' }).fill('8');
  await form.getByRole('button', { name: 'Tell pacing' }).click();
  await page.getByText(/^what if: goal at most 8 % abandoned instead of at most 5 % abandoned$/).waitFor(LONG);
  await page.getByRole('link', { name: 'Run', exact: true }).click();
  await node(page, 'backend-1').waitFor(LONG);
}

describe.skipIf(CHROMIUM.missing !== null)(`the Run screen live in Chromium${WHY_SKIPPED}`, () => {
  let folder: LiveFolder;
  let stage: ScreenStage;
  let visit: Visit;

  beforeAll(async () => {
    folder = createLiveFolder('10m');
    stage = await createScreenStage({ scenariosFolder: folder.path, store: 'memory' });
  });
  afterAll(async () => {
    await stage?.close();
    folder.remove();
  });

  /** Whatever his console said at the end must be nothing. */
  beforeEach(async () => {
    visit = await stage.open();
    return () => visit.close();
  });

  it('starts live, shows healthy nodes, holds the clock in a pause, kills a node and sees it come back, and stops', async () => {
    const { page } = visit;
    await startLive(page);
    await page.getByText('live', { exact: true }).waitFor();
    for (const name of ['store', 'contact-center', 'balancer', 'backend-1', 'frontend-1', 'crowd']) {
      await node(page, name).getByText('up', { exact: true }).waitFor(LONG);
    }
    await page.getByRole('group', { name: 'Store' }).getByText('gone when the run ends').waitFor();
    await page.getByText('It begins.').waitFor();
    const moving = await clock(page);
    await expect.poll(() => clock(page), LONG).not.toBe(moving);
    expect(await page.getByRole('button', { name: 'Step one second' }).count()).toBe(0);

    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
    const paused = await clock(page);
    await page.waitForTimeout(1_500);
    expect(await clock(page)).toBe(paused);
    await page.keyboard.press('Space');
    await expect.poll(() => clock(page), LONG).not.toBe(paused);

    await explainAndTellPacing(page);

    await page.getByRole('button', { name: 'Faults of backend-1' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Hurt backend-1' }).waitFor();
    await page.getByRole('button', { name: /^Kill/ }).focus();
    await page.keyboard.press('Enter');
    await node(page, 'backend-1').getByText('killed, on purpose').waitFor(LONG);
    await node(page, 'frontend-1').getByText('failing', { exact: true }).waitFor(LONG);
    await page.locator('#panel-traffic').getByText('backend-1 killed').waitFor(LONG);
    await node(page, 'backend-1').getByText('up', { exact: true }).waitFor(LONG);
    await node(page, 'backend-1').getByText('#2').waitFor();
    await page.getByRole('group', { name: 'Kinds of events shown' }).getByRole('button', { name: 'fault' }).click();
    await expect.poll(() => page.getByRole('option').allInnerTexts(), LONG).toHaveLength(2);

    await page.getByRole('button', { name: 'Log of backend-1' }).click();
    const log = page.getByRole('complementary', { name: 'Log of backend-1' });
    await log.getByText('connected to the store').first().waitFor();
    await log.getByText('errors', { exact: true }).click();
    await expect.poll(() => log.getByText('connected to the store').count()).toBe(0);

    await page.getByRole('button', { name: 'Stop the run' }).click();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText(/^Stopped at .* events were promised to visitors, none is lost\.$/).waitFor(LONG);
    await node(page, 'crowd').getByText('ended', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: /^Faults of/ }).count()).toBe(0);
  }, 120_000);

  it('says in the drawer why a Cassandra can not be used, and ends nothing for it', async () => {
    const { page } = visit;
    await page.keyboard.press('Control+o');
    const drawer = page.getByRole('dialog');
    await drawer.getByText('tiny', { exact: true }).click();
    await drawer.getByText('Live', { exact: true }).click();
    await drawer.getByText('Cassandra', { exact: true }).click();
    await drawer.getByLabel('Contact points').fill('127.0.0.1:1, -');
    await drawer.getByRole('button', { name: 'Start tiny live' }).click();
    await drawer.getByText('expected a host, or host:port, got "-"').waitFor();
    await drawer.getByLabel('Contact points').fill('127.0.0.1:1');
    await drawer.getByRole('button', { name: 'Start tiny live' }).click();
    await drawer.getByText('no Cassandra answers at 127.0.0.1:1; npm run cassandra').waitFor(LONG);
    expect(await findFaults(page), 'a store that can not be used').toEqual([]);
    /** A refusal is an answer of the host, and the browser tells of every answer that is no 2xx. */
    const errors = visit.errors as string[];
    errors.splice(0, Infinity, ...errors.filter((error) => !/status of (400|503)/.test(error)));
  });

  it.each(['light', 'dark'] as const)('has nothing serious for axe to find in %s', async (colorScheme) => {
    const { page, close } = await stage.open({ colorScheme });
    await startLive(page);
    await node(page, 'crowd').getByText('up', { exact: true }).waitFor(LONG);
    await page.getByRole('option').first().waitFor(LONG);
    expect(await findFaults(page), 'nodes that are up').toEqual([]);
    await page.getByRole('button', { name: 'Faults of backend-1' }).click();
    await page.getByRole('heading', { name: 'Hurt backend-1' }).waitFor();
    expect(await findFaults(page), 'the faults of a node').toEqual([]);
    await page.getByText('until healed').click();
    await page.getByRole('button', { name: /^Stop\s*holds still/ }).click();
    await node(page, 'backend-1').getByText('held', { exact: true }).waitFor(LONG);
    await page.getByRole('button', { name: 'Log of frontend-1' }).click();
    await page.getByRole('complementary', { name: 'Log of frontend-1' }).getByRole('log').waitFor();
    expect(await findFaults(page), 'a node that is held, and a log').toEqual([]);
    await page.getByRole('button', { name: 'Faults of backend-1' }).click();
    await page.getByRole('button', { name: 'Heal backend-1' }).waitFor();
    expect(await findFaults(page), 'the end of a fault').toEqual([]);
    await page.getByRole('button', { name: 'Heal backend-1' }).click();
    await node(page, 'backend-1').getByText('up', { exact: true }).waitFor(LONG);
    await close();
  });

  it('says what failed when the nodes do not come up, and offers the same run simulated', async () => {
    const { page } = visit;
    stage.runs.command({ type: 'start', mode: 'live', scenario: 'tiny.yaml', seed: 1, speed: 1, traffic: null });
    const starting = async (): Promise<number | undefined> => (await pidsOfNodes('contact-center-node'))[0];
    await expect.poll(starting, { ...LONG, interval: 20 }).toBeDefined();
    process.kill(present(await starting(), 'process of the contact center'), 'SIGKILL');
    await page.getByText(/tiny could not be started live\.\s+contact-center did not start: SIGKILL/).waitFor(LONG);
    await page.getByRole('button', { name: 'Log of contact-center' }).waitFor();
    expect(await findFaults(page), 'a launch that failed').toEqual([]);
    await page.getByRole('button', { name: 'Run it simulated' }).click();
    await page.getByText('simulated', { exact: true }).waitFor(LONG);
    await page.getByRole('timer', { name: 'Virtual time' }).waitFor(LONG);
  });
});
