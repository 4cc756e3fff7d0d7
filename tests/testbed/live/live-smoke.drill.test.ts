/** Live runs as a user types them: exit status, files, and a minute of chats with nothing dropped and nothing lost. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli } from '#tests/host/cli-run.ts';
import type { RunSummary } from '#testbed/summary.ts';

const out = mkdtempSync(join(tmpdir(), 'engage-live-smoke-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const FILES = ['summary.json', 'report.html', 'junit.xml'];

async function runTyped(scenario: string, words: readonly string[], folder: string) {
  const order = ['run', `scenarios/${scenario}.yaml`, '--mode', 'live', ...words];
  const outcome = await runCli(...order, '--out', join(out, folder), '--reporter', 'console,json,junit,html');
  const files = join(out, folder, scenario);
  expect(FILES.filter((name) => !existsSync(join(files, name)))).toEqual([]);
  const summary = JSON.parse(readFileSync(join(files, 'summary.json'), 'utf8')) as RunSummary;
  return { ...outcome, summary, report: readFileSync(join(files, 'report.html'), 'utf8') };
}

describe.each([1, 2])('with %i Frontends and as many Backends', (count) => {
  const set = ['--set', `cluster/frontends=${count}`, '--set', `cluster/backends=${count}`];

  test('live-smoke passes: at least 200 chats in its minute, none dropped, none lost', async () => {
    const { code, summary, report, out: said, err } = await runTyped('live-smoke', set, `smoke-${count}`);
    expect(said).toContain('live-smoke');
    // The store that was found, and the captions, while it runs; nothing else.
    expect(err.trimEnd().split('\n')).toEqual([
      expect.stringContaining('store: SQLite, as no Cassandra answers'),
      expect.stringContaining('Visitors come every 100 ms'),
      expect.stringContaining('Pacing has learned'),
    ]);
    expect(summary).toMatchObject({ mode: 'live', verdict: 'pass', figures: { dropped: 0 }, live: { lost: 0 } });
    expect(summary.figures.chats.started).toBeGreaterThanOrEqual(200);
    expect(summary.live?.stored).toBe(summary.live?.acknowledged);
    expect(report).toContain('live-smoke');
    expect(code).toBe(0);
  });

  // In the first minute of seed 1 two chats start; in that of seed 12 none does, in the simulator as here.
  test.each([count === 1 ? 1 : 12])(
    'guide-example over a minute, seed %i, misses its goals and loses nothing',
    async (seed) => {
      const words = ['--duration', '60s', '--seed', String(seed), ...set];
      const { code, summary, out: said, err } = await runTyped('guide-example', words, `guide-${count}`);
      expect(summary).toMatchObject({ mode: 'live', verdict: 'fail', figures: { dropped: 0 }, live: { lost: 0 } });
      expect(summary.live?.acknowledged).toBeGreaterThan(500);
      expect(said.includes('no data')).toBe(seed === 12);
      expect(err).toMatch(/^\S+ +store: SQLite, as no Cassandra answers at \S+\n$/);
      expect(code).toBe(3);
    },
  );
});
