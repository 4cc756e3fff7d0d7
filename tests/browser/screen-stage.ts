/**
 * A stage for tests of the screen in a real browser: the screen built as the product builds it, a host of its own in this
 * process, and a Chromium that reports every error it sees.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  type WebSocketRoute,
} from 'playwright-core';
import axe from 'axe-core';
import { build, type InlineConfig } from 'vite';
import { vi } from 'vitest';
import { sizeDeployment } from '#core/sizing/sizing-report.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { PROTOCOL_VERSION, type RunCommand, type RunUpdate } from '#protocol/run-feed.ts';
import { startControlServer, type ControlServer } from '#host/control-server.ts';
import { findStore } from '#host/find-store.ts';
import type { RunControl } from '#host/run-control.ts';
import { listScenarioCards } from '#host/scenarios-folder.ts';
import { createWorkerRunControl } from '#host/worker-run-control.ts';
import { findComponent } from '#tests/house/real-component.ts';
import config from '../../electron.vite.config.ts';

/** Where it is missing, suites skip under the sentence that says what installs it. */
export const CHROMIUM = findComponent(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']);

/** Ends the title of a suite that is skipped. */
export const WHY_SKIPPED = CHROMIUM.missing === null ? '' : `: ${CHROMIUM.missing}`;

const SCENARIOS = resolve(import.meta.dirname, '../../scenarios');

export interface ScreenStage {
  readonly browser: Browser;
  readonly runs: RunControl;
  readonly server: ControlServer;
  /** A browser window of its own, signed in, on the screen. */
  open(options?: BrowserContextOptions): Promise<Visit>;
  close(): Promise<void>;
}

/** One window, and what went wrong in it so far. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly errors: readonly string[];
  /** Cuts the line to the host, as a host does that goes away; it stays cut until it is mended. */
  readonly cutFeed: () => Promise<void>;
  readonly mendFeed: () => void;
  /** Closes the window; throws where its console had anything to complain about. */
  readonly close: () => Promise<void>;
}

export interface StageOptions {
  readonly scenariosFolder?: string;
  /** Of live runs whose start names none. */
  readonly store?: 'memory' | 'sqlite';
}

/** Builds the screen, starts a host and a browser: some seconds. */
export async function createScreenStage(options: StageOptions = {}): Promise<ScreenStage> {
  const { scenariosFolder = SCENARIOS, store = 'sqlite' } = options;
  const uiFolder = mkdtempSync(join(tmpdir(), 'screen-'));
  await buildScreen(uiFolder);
  const runs = createWorkerRunControl({
    scenariosFolder,
    version: '0.0.0-test',
    store: { name: store, contactPoints: null },
  });
  const server = await startControlServer({
    port: 0,
    uiFolder,
    runs,
    about: {
      product: 'Web Engagement Testbed',
      version: '0.0.0-test',
      protocol: PROTOCOL_VERSION,
      node: process.version,
    },
    listScenarios: () => listScenarioCards(scenariosFolder),
    size: (inputs) => {
      const report = sizeDeployment(inputs as object);
      if (report.ok) return report.value;
      throw new OperatingError('INVALID_INPUT', 'These inputs can not be sized', report.problems);
    },
    findStore: (question) => findStore(scenariosFolder, question),
  });
  const browser = await chromium.launch({
    ...(CHROMIUM.path === null ? {} : { executablePath: CHROMIUM.path }),
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  return {
    browser,
    runs,
    server,
    open: (window) => openScreen(browser, server, window),
    async close() {
      await browser.close();
      await server.close();
      await runs.close();
      rmSync(uiFolder, { recursive: true });
    },
  };
}

async function buildScreen(outDir: string): Promise<void> {
  const { renderer } = config as { readonly renderer: InlineConfig };
  /** As people get it: the test runner's own mode would build React for developers. */
  vi.stubEnv('NODE_ENV', 'production');
  await build({
    ...renderer,
    configFile: false,
    logLevel: 'error',
    build: { ...renderer.build, outDir, emptyOutDir: true },
  });
  vi.unstubAllEnvs();
}

async function openScreen(
  browser: Browser,
  server: ControlServer,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const feeds: WebSocketRoute[] = [];
  let isCut = false;
  await page.routeWebSocket(/\/api\/feed$/, (feed) => {
    if (isCut) return void feed.close({ code: 1001 });
    feed.connectToServer();
    feeds.push(feed);
  });
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => errors.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => {
    /** What the page itself has taken back did not fail. */
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') errors.push(`request failed: ${request.url()}`);
  });
  await page.goto(server.createLink());
  await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  const cutFeed = async (): Promise<void> => {
    isCut = true;
    await Promise.all(feeds.splice(0).map((feed) => feed.close({ code: 1001 })));
  };
  const mendFeed = (): void => {
    isCut = false;
  };
  const close = async (): Promise<void> => {
    await context.close();
    if (errors.length > 0) throw new Error(`the page complained:\n${errors.join('\n')}`);
  };
  return { page, context, errors, cutFeed, mendFeed, close };
}

/** Starts a run and waits until it moves. */
export async function startRun(
  runs: RunControl,
  command: Partial<Extract<RunCommand, { readonly type: 'start' }>> = {},
): Promise<void> {
  const started = new Promise<void>((done) => {
    const unsubscribe = runs.subscribe((update: RunUpdate) => {
      if (update.type !== 'progress' || update.status.virtualMs === 0) return;
      unsubscribe();
      done();
    });
  });
  runs.command({
    type: 'start',
    mode: 'sim',
    scenario: 'guide-example.yaml',
    seed: 1,
    speed: 10,
    traffic: null,
    ...command,
  });
  await started;
}

export interface Fault {
  readonly id: string;
  readonly impact: string;
  readonly where: readonly string[];
}

/** What axe finds serious or critical on the page as it stands. */
export async function findFaults(page: Page): Promise<readonly Fault[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as {
      axe: {
        run(options: object): Promise<{
          violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
        }>;
      };
    };
    const { violations } = await checker.run({ resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, impact, nodes }) => ({
        id,
        impact,
        where: nodes
          .slice(0, 4)
          .map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary.slice(0, 300)}`),
      }));
  });
}
