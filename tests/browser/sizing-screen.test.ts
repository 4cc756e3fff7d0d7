/** The Sizing screen in a real browser: figures as the guide's, each with where it comes from, faults in words, and a run of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  CHROMIUM,
  createScreenStage,
  startRun,
  WHY_SKIPPED,
  type ScreenStage,
  type Visit,
} from '#tests/browser/screen-stage.ts';

/** A refusal is an answer of the host, and the browser tells of every answer that is no 2xx. */
function forgive400({ errors }: Visit): void {
  (errors as string[]).splice(0, Infinity, ...errors.filter((error) => !error.includes('400 (Bad Request)')));
}

describe.skipIf(CHROMIUM.missing !== null)(`the Sizing screen in Chromium${WHY_SKIPPED}`, () => {
  let stage: ScreenStage;
  let visit: Visit;

  beforeAll(async () => {
    stage = await createScreenStage();
    await startRun(stage.runs);
  });
  afterAll(() => stage?.close());
  beforeEach(async () => {
    visit = await stage.open();
    await visit.page.getByRole('link', { name: 'Sizing' }).click();
    await visit.page.getByRole('button', { name: 'Events, average: 36.5 events/s' }).waitFor();
    return () => visit.close();
  });

  it("begins with the guide's example, and says where each figure comes from", async () => {
    const { page } = visit;
    for (const figure of [
      'Requests, peak: 253',
      'Web Engagement Servers, for the peak: 2',
      'Cassandra nodes, for the peak: 3',
      'Visits, peak: 4.48',
    ]) {
      expect(await page.getByRole('button', { name: figure }).count(), figure).toBeGreaterThan(0);
    }
    await page.getByRole('button', { name: 'Requests, peak: 253' }).first().click();
    const origin = page.getByRole('dialog');
    await origin.getByText('2 x visits/s + 1 x page views/s + events/s').waitFor();
    expect(await origin.innerText()).toContain('Guide: Peak Load Estimation');
    await page.keyboard.press('Escape');
    await page.getByText('Page views drive the load').waitFor();
    expect(await page.getByText('6.06 seconds an hour bring more').count()).toBe(1);
  });

  it('follows what is typed, and then calls it yours', async () => {
    const { page } = visit;
    await page.getByLabel('A server takes').fill('100');
    await page.getByRole('button', { name: 'Web Engagement Servers, for the peak: 4' }).first().waitFor();
    await page
      .getByText('Driven by the requests of the peak: 253 requests/s at 100 a server need 3, and one spare.')
      .waitFor();
    const row = page.getByRole('listitem').filter({ hasText: 'One server takes 100 requests/s' });
    expect(await row.innerText()).toContain('yours');
  });

  it('says under the input what is wrong with it, and keeps the figures before', async () => {
    const { page } = visit;
    await page.getByRole('textbox', { name: 'Page views' }).first().fill('100');
    await page.getByText('expected at least one page view a visit (>= 3000), got 100').first().waitFor();
    expect(await page.getByRole('button', { name: 'Simulate this' }).isDisabled()).toBe(true);
    expect(await page.getByText('The figures below are those before.').count()).toBe(1);
    forgive400(visit);
  });

  it('simulates what was typed, after it has said what ends by it', async () => {
    const { page } = visit;
    await page.getByRole('textbox', { name: 'Visits' }).first().fill('6000');
    await page.getByRole('textbox', { name: 'Page views' }).first().fill('60000');
    await page.getByRole('button', { name: 'Events, average: 68.5 events/s' }).waitFor();
    await page.getByRole('button', { name: 'Simulate this' }).click();
    await page.getByText(/^6,000 visits and 60,000 page views an hour, on the site.*Ends guide-example at/).waitFor();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText('typed traffic').waitFor();
    await page.getByText('expected 1.67').waitFor();
    await page.getByText('expected 68.5').waitFor();
    expect(await page.getByRole('link', { name: 'Run' }).getAttribute('aria-current')).toBe('page');
  });

  it('tells what a cluster survives, under an address that carries the inputs', async () => {
    const { page, context } = visit;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('link', { name: 'Consistency and survival' }).click();
    await page.getByText('Reads are consistent', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Nodes that may be lost without impact: 1' }).click();
    await page.getByRole('dialog').getByText('replication factor - max(read, written replicas)').waitFor();
    await page.keyboard.press('Escape');

    await page.getByLabel('Writes at').selectOption('ALL');
    await page.getByRole('button', { name: 'Nodes that may be lost without impact: 0' }).waitFor();
    await page.getByRole('button', { name: 'DC1:2, DC2:1', exact: true }).click();
    await page
      .getByText(/^By the guide only LOCAL_QUORUM in DC1 works; .* QUORUM goes on without DC2\.$/)
      .nth(1)
      .waitFor();
    /** It says so for two seconds: whoever looks later has missed it. */
    const copied = page
      .getByRole('button', { name: /^Copy engage calculator --nodes/ })
      .getByText('Copied')
      .waitFor();
    await page.getByRole('button', { name: /^Copy engage calculator --nodes 4 --rf 3 --write ALL/ }).click();
    await copied;
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      'engage calculator --nodes 4 --rf 3 --write ALL --read QUORUM',
    );

    const address = (): Promise<string> => page.evaluate(() => decodeURIComponent(location.hash));
    await expect.poll(address).toMatch(/write=ALL.*DC1:2/);
    await page.reload();
    await page.getByRole('button', { name: 'Nodes that may be lost without impact: 0' }).waitFor();
    expect(await page.getByLabel('Data centers and their replicas').inputValue()).toBe('DC1:2, DC2:1');
  });

  it('says at the field of the calculator what is wrong with it, and flags a level that can not be met', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'Consistency and survival' }).click();
    await page.getByLabel('Replication factor').fill('1');
    await page.getByLabel('Reads at').selectOption('TWO');
    await page.getByText('No read at TWO succeeds', { exact: true }).waitFor();
    await page.getByLabel('Data centers and their replicas').fill('DC1');
    await page.getByText(/such as DataCenter1:3,DataCenter2:2, got "DC1"$/).waitFor();
    expect(await page.getByLabel('Data centers and their replicas').getAttribute('aria-invalid')).toBe('true');
    forgive400(visit);
  });
});
