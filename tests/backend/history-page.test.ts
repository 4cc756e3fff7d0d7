/** Every `curl` line of docs/history-rest.md, run as printed against a Backend with the little history that the page tells of. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userAgentIdOf } from '#core/visits/history-observations.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { LiveStage, SECRET } from '#tests/frontend/live-stage.ts';
import { PROJECT_ROOT } from '#tests/house/project-files.ts';
import { findComponent } from '#tests/house/real-component.ts';
import { LISTINGS, SINGLES } from '#backend/history-methods.ts';
import { eventAt } from './history-stage.ts';

const PRINTED_BASE = 'http://127.0.0.1:9081';
const ADA = 'ada@shop.example';
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0';
const CART = { url: 'https://shop.example/cart', title: 'Your cart', category: 'cart' };
const TEN_MINUTES_S = 600;
const A_WEEK_S = 7 * 86_400;
const curl = findComponent(['curl']);
const run = promisify(execFile);

interface Example {
  readonly command: string;
  /** What the page shows below it; null: nothing. */
  readonly shown: { readonly language: string; readonly text: string } | null;
}

/** The commands of a page's `sh` fences in order, the last of each with the `json` or `csv` fence that follows. */
function readExamples(page: string): readonly Example[] {
  const fences = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
  return fences.flatMap(({ language, text }, index) => {
    if (language !== 'sh') return [];
    const commands = text.split('\n').filter((line) => line.startsWith('curl '));
    const next = fences[index + 1];
    const shown = next !== undefined && ['json', 'csv'].includes(next.language) ? next : null;
    return commands.map((command, at) => ({ command, shown: at === commands.length - 1 ? shown : null }));
  });
}

/** JSON whatever its layout, CSV whatever its line ends. */
function readAnswer(text: string, language: string | undefined): unknown {
  return language === 'json' ? JSON.parse(text) : text.replaceAll('\r\n', '\n');
}

function littleHistory(): readonly VisitEvent[] {
  const event = (id: string, second: number, changes: Partial<VisitEvent>): VisitEvent => ({
    ...eventAt('A1', 0, second - TEN_MINUTES_S, { globalVisitID: 'B1', ...changes }),
    eventID: id,
  });
  const earlier = { visitID: 'A0', globalVisitID: 'B0' };
  return [
    event('A0-1', -A_WEEK_S, { ...earlier, eventName: 'VisitStarted' }),
    event('A0-2', 1 - A_WEEK_S, { ...earlier, eventName: 'UserInfo', identity: ADA }),
    event('A1-1', 0, { eventName: 'VisitStarted', data: { userAgent: USER_AGENT } }),
    event('A1-2', 1, { pageID: 'P1' }),
    event('A1-3', 30, { pageID: 'P1', eventName: 'PageExited' }),
    event('A1-4', 31, { eventName: 'SignIn', identity: ADA, data: { firstName: 'Ada', location: 'London' } }),
    event('A1-5', 32, { pageID: 'P2', identity: ADA, ...CART }),
    event('A1-6', 60, { pageID: 'P2', identity: ADA, ...CART, eventType: 'BUSINESS', eventName: 'Search' }),
  ];
}

const stages: LiveStage[] = [];
const folder = mkdtempSync(join(tmpdir(), 'history-page-'));
const page = readFileSync(join(PROJECT_ROOT, 'docs/history-rest.md'), 'utf8');
const examples = readExamples(page);

async function startBackend(security: Readonly<Record<string, string>>): Promise<string> {
  const stage = new LiveStage({ options: { security, 'service:wmdb': { 'wmdb.limitIndexing': false } } });
  stages.push(stage);
  const { backend } = await stage.startAll();
  const { history } = stage.stores;
  const batches = Map.groupBy(littleHistory(), ({ visitID }) => visitID);
  for (const [visitID, events] of batches) {
    await history.put([{ type: 'storeBatch', batchId: visitID, frontend: 'f', visitID, events, leads: undefined }]);
  }
  await history.putAttempts([
    {
      kind: 'moved',
      attemptId: 'A1.i1',
      step: 1,
      at: stage.scenario.startsAt - 560_000,
      visitId: 'A1',
      identityId: ADA,
      pageId: 'A1:P2',
      channel: 'proactiveChat',
      rule: 'Sees the cart',
      attemptNumber: 1,
      createdAt: stage.scenario.startsAt - 568_000,
      state: 'invited',
      since: stage.scenario.startsAt - 560_000,
      disposition: null,
    },
  ]);
  return backend.url;
}

describe.skipIf(curl.path === null)(
  `the curl lines of docs/history-rest.md${curl.missing === null ? '' : ` (${curl.missing})`}`,
  () => {
    let open = '';
    let secured = '';

    beforeAll(async () => {
      open = await startBackend({});
      secured = await startBackend({ 'auth-scheme': 'basic', 'user-id': 'desk', password: 's3cret' });
      // So that the lines run as they are printed, and tell the status too.
      writeFileSync(join(folder, '.curlrc'), 'silent\nshow-error\nwrite-out = "\\n%{http_code}"\n');
    });

    afterAll(async () => {
      for (const stage of stages) await stage.stop();
      rmSync(folder, { recursive: true });
    });

    async function runCurl(command: string): Promise<{ readonly status: string; readonly body: string }> {
      const base = command.includes(' -u ') ? secured : open;
      const env = { PATH: process.env['PATH'], CURL_HOME: folder, ENGAGE_SECRET: SECRET, NO_PROXY: '127.0.0.1' };
      const { stdout } = await run('bash', ['-c', command.replaceAll(PRINTED_BASE, base)], { env });
      const end = stdout.lastIndexOf('\n');
      return { status: stdout.slice(end + 1), body: stdout.slice(0, end) };
    }

    it.each(examples)('$command', async ({ command, shown }) => {
      const { status, body } = await runCurl(command);
      expect(status, body).toBe('200');
      const answer = readAnswer(body, shown?.language);
      expect(answer).toEqual(shown === null ? answer : readAnswer(shown.text, shown.language));
      // Of whom the page tells.
      expect(body).toMatch(/A[01]|ada@shop\.example|Firefox/);
    });

    it('are at least one for each method, and there are no others', () => {
      const asked = new Set(
        examples.map(({ command }) => {
          const path = /\/backend\/data(?<path>[^?" ]*)/.exec(command)?.groups?.['path'] ?? '';
          return path.replace(/^\/(\w+)\/[^/]+/, '/$1/:id');
        }),
      );
      const methods = [...LISTINGS, ...SINGLES].map(({ path }) => path);
      expect([...asked].sort()).toEqual([...methods, '/identities/:id/insight'].sort());
    });

    it('name the user agent by its real id', () => {
      expect(page.includes(userAgentIdOf(USER_AGENT))).toBe(true);
    });

    it('would be caught if they did not work (negative control)', async () => {
      expect((await runCurl(`curl ${PRINTED_BASE}/backend/data/visits/none`)).status).toBe('404');
      expect((await runCurl(`curl ${PRINTED_BASE}/backend/data/visits/A1?colour=red`)).status).toBe('400');
      expect((await runCurl(`curl -u desk:wrong ${PRINTED_BASE}/backend/data/visits/A1`)).status).toBe('401');
      const broken = readExamples('```sh\ncurl x\ncurl y\n```\n\n```json\n{}\n```\n');
      expect(broken).toMatchObject([{ shown: null }, { shown: { language: 'json' } }]);
    });
  },
);
