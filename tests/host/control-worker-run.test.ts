/** Runs in a worker, with the real simulator and the real scenarios: the whole way from a command to a report. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunCommand, RunStatus, RunUpdate } from '#protocol/run-feed.ts';
import { listScenarioCards } from '#host/scenarios-folder.ts';
import { createWorkerRunControl } from '#host/worker-run-control.ts';
import type { RunControl } from '#host/run-control.ts';

const SCENARIOS = resolve(import.meta.dirname, '../../scenarios');
const open: RunControl[] = [];

afterEach(async () => {
  for (const runs of open.splice(0)) await runs.close();
});

function create(scenariosFolder = SCENARIOS): RunControl {
  const runs = createWorkerRunControl({ scenariosFolder, version: '0.0.0' });
  open.push(runs);
  return runs;
}

function startOf(scenario: string, more: Partial<Extract<RunCommand, { type: 'start' }>> = {}): RunCommand {
  return { type: 'start', mode: 'sim', scenario, seed: null, speed: 'max', traffic: null, ...more };
}

/** The first status for which `holds`. */
function until(runs: RunControl, holds: (status: RunStatus) => boolean): Promise<RunStatus> {
  return new Promise((done) => {
    const look = (update: RunUpdate): void => {
      if (update.type !== 'progress' && update.type !== 'status' && update.type !== 'history') return;
      if (!holds(update.status)) return;
      unsubscribe();
      done(update.status);
    };
    const unsubscribe = runs.subscribe(look);
    look(runs.snapshot());
  });
}

describe('a run in its worker', () => {
  it('goes from loading to finished, and leaves a history, a verdict and a report', async () => {
    const runs = create();
    expect(runs.snapshot()).toEqual({ type: 'idle' });
    runs.command(startOf('guide-example.yaml'));
    expect(runs.snapshot()).toMatchObject({ type: 'status', status: { state: 'loading', scenario: 'guide-example' } });
    const status = await until(runs, ({ state }) => state === 'finished' || state === 'failed');
    expect(status).toMatchObject({ state: 'finished', virtualMs: 4_800_000, warmupMs: 1_200_000, seed: 1 });
    expect(status.thresholds.map(({ pass }) => pass)).toEqual([true, true, true, true]);
    const history = runs.snapshot();
    if (history.type !== 'history') throw new Error(`expected a history, got ${history.type}`);
    expect(history.series.reduce((sum, point) => sum + point.bucketMs, 0)).toBe(4_800_000);
    expect(history.agents).toHaveLength(5);
    const report = await runs.report(status.runId);
    expect(report).toMatch(/^<!doctype html>/i);
    expect(report).toContain('engage run scenarios/guide-example.yaml --seed 1');
    expect(await runs.report('another')).toBeUndefined();
  });

  it('answers a command within 50 ms while it simulates as fast as it can', async () => {
    const runs = create();
    runs.command(
      startOf('guide-example.yaml', {
        speed: 1,
        traffic: { visitsPerHour: 16_000, pageViewsPerHour: 170_000, pageEvents: 2, visitEvents: 0.1 },
      }),
    );
    await until(runs, ({ state }) => state === 'running');
    runs.command({ type: 'speed', speed: 'max' });
    await until(runs, ({ virtualMs }) => virtualMs > 60_000);
    const waits: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const asked = performance.now();
      runs.command({ type: 'pause' });
      await until(runs, ({ state }) => state === 'paused');
      waits.push(performance.now() - asked);
      runs.command({ type: 'resume' });
      await until(runs, ({ state }) => state === 'running');
    }
    console.log(`pause answered after ${waits.map((wait) => wait.toFixed(0)).join(', ')} ms`);
    /** The best of five: other tests may hold the processor. */
    expect(Math.min(...waits)).toBeLessThan(50);
  });

  it('takes typed traffic in place of its own', async () => {
    const runs = create();
    const traffic = { visitsPerHour: 600, pageViewsPerHour: 1_200, pageEvents: 0, visitEvents: 0 };
    runs.command(startOf('guide-example.yaml', { traffic, seed: 7 }));
    const status = await until(runs, ({ state }) => state === 'finished' || state === 'failed');
    expect(status).toMatchObject({ state: 'finished', seed: 7, traffic });
    expect(status.expectation.eventsPerSecond).toBeCloseTo(600 / 3_600 + (1_200 / 3_600) * 2, 10);
  });

  it('gives way to the next one, whose history is its own', async () => {
    const runs = create();
    runs.command(startOf('guide-example.yaml', { speed: 100 }));
    const first = await until(runs, ({ state }) => state === 'running');
    runs.command(startOf('understaffed.yaml', { speed: 10 }));
    const second = await until(runs, ({ runId, state }) => runId !== first.runId && state === 'running');
    expect(second.scenario).toBe('understaffed');
    expect(await runs.report(first.runId)).toBeUndefined();
  });

  it('that can not begin has failed, with every fault and its line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
    writeFileSync(join(folder, 'broken.yaml'), 'name: broken\nseed: -1\ntraffic: { visitsPerHour: many }\n');
    const runs = create(folder);
    runs.command(startOf('broken.yaml'));
    const status = await until(runs, ({ state }) => state === 'failed');
    expect(status.failure).toMatch(/broken\.yaml:2:\d+ seed/);
    expect(status.failure).toMatch(/broken\.yaml:3:\d+ traffic/);
    expect(() => runs.command({ type: 'pause' })).toThrow('start a scenario first');
    const [card] = await listScenarioCards(folder);
    expect(card?.problems.length).toBeGreaterThan(1);
    rmSync(folder, { recursive: true });
  });
});

describe('the gallery', () => {
  it('shows every scenario that is shipped, each with a picture of its traffic and none with a fault', async () => {
    const cards = await listScenarioCards(SCENARIOS);
    expect(cards.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['guide-example', 'flash-crowd', 'understaffed']),
    );
    for (const card of cards) {
      expect(card.problems, card.file).toEqual([]);
      expect(card.profile.length, card.file).toBeGreaterThan(0);
      expect(card.about, card.file).not.toBe('');
    }
  });
});
