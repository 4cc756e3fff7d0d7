/** A run's counterpart, in workers as people get it: the same visitors under another rule, as far as the run and no further. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinCounterpart } from '#protocol/control-api-series.ts';
import type { Counterpart } from '#protocol/run-feed-counterpart.ts';
import type { RunUpdate } from '#protocol/run-feed.ts';
import { loadScenario } from '#testbed/load-scenario.ts';
import { createSimRun } from '#testbed/sim-run.ts';
import type { RunControl } from '#host/run-control.ts';
import { createWorkerRunControl } from '#host/worker-run-control.ts';

const TOTAL_MS = 900_000;
const FILE = 'guide-example.yaml';
const open: RunControl[] = [];
let folder: string;

/** The product's scenarios, the guide's example cut to a quarter of an hour. */
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'counterpart-')), 'scenarios');
  cpSync(resolve(import.meta.dirname, '../../scenarios'), folder, { recursive: true });
  const text = readFileSync(join(folder, FILE), 'utf8');
  writeFileSync(
    join(folder, FILE),
    text.replace(/^warmup:.*$/m, 'warmup: 0s').replace(/^duration:.*$/m, 'duration: 15m'),
  );
});
afterEach(async () => {
  for (const runs of open.splice(0)) await runs.close();
  rmSync(dirname(folder), { recursive: true });
});

function create(): RunControl {
  const runs = createWorkerRunControl({ scenariosFolder: folder, version: '0.0.0' });
  open.push(runs);
  return runs;
}

/** The first update for which `holds`. */
function until(runs: RunControl, holds: (update: RunUpdate) => boolean): Promise<RunUpdate> {
  return new Promise((done) => {
    const unsubscribe = runs.subscribe((update) => {
      if (!holds(update)) return;
      unsubscribe();
      done(update);
    });
  });
}

const isOver = (update: RunUpdate): boolean => update.type === 'progress' && update.status.state === 'finished';
const isIn =
  (state: Counterpart['state']['state']) =>
  (update: RunUpdate): boolean =>
    update.type === 'counterpart' && update.counterpart?.state.state === state;

async function startShort(runs: RunControl, seed = 7): Promise<void> {
  const over = until(runs, isOver);
  runs.command({ type: 'start', mode: 'sim', scenario: FILE, seed, speed: 'max', traffic: null });
  await over;
}

describe('a counterpart', () => {
  it('is the scenario with its seed under a plain rule, and its figures are those of that run alone', async () => {
    const runs = create();
    await startShort(runs);
    const told: Counterpart[] = [];
    runs.subscribe((update) => {
      if (update.type === 'counterpart' && update.counterpart !== null) told.push(update.counterpart);
    });
    const level = until(runs, isIn('level'));
    runs.command({ type: 'compare', pacedBy: 'none' });
    await level;

    const loaded = loadScenario(join(folder, FILE));
    if (!loaded.ok) throw new Error('the scenario is sound');
    const alone = createSimRun({ ...loaded.value, pacedBy: 'none' }, { seed: 7 });
    alone.advanceTo(TOTAL_MS);
    const totals = alone.totals();
    const history = runs.snapshot();
    if (history.type !== 'history' || history.counterpart === null) throw new Error('a history with its counterpart');
    const { state, series, pacing } = history.counterpart;
    expect(state).toMatchObject({
      state: 'level',
      pacedBy: 'none',
      virtualMs: TOTAL_MS,
      figuresAtMs: TOTAL_MS,
    });
    for (const { name, own, counterpart, difference } of state.figures) {
      expect(own).toBe(history.totals[name]);
      expect(counterpart).toBe(totals[name]);
      expect(difference).toBeCloseTo((own ?? NaN) - (counterpart ?? NaN), 12);
    }
    expect(state.figures.find(({ name }) => name === 'sent')?.difference).not.toBe(0);
    expect(series.reduce((sum, point) => sum + point.bucketMs, 0)).toBe(TOTAL_MS);
    expect(series.length).toBeLessThanOrEqual(1_500);
    expect(new Set(pacing.map(({ binding }) => binding))).toEqual(new Set(['rule']));
    /** Told piece by piece, it is the same. */
    const pieces = told.reduce((before, news) => joinCounterpart(before, news), { series: [], pacing: [] } as Pick<
      Counterpart,
      'series' | 'pacing'
    >);
    expect(pieces).toEqual({ series, pacing });
  });

  it('comes no further than the run, which has the same hot leads as long as both only invite', async () => {
    // So long that it can't be over before it is paused.
    const text = readFileSync(join(folder, FILE), 'utf8');
    writeFileSync(join(folder, FILE), text.replace('duration: 15m', 'duration: 8h'));
    const runs = create();
    const far = until(runs, (update) => update.type === 'progress' && update.status.virtualMs > 300_000);
    runs.command({ type: 'start', mode: 'sim', scenario: FILE, seed: 3, speed: 'max', traffic: null });
    await far;
    const paused = until(runs, (update) => update.type === 'progress' && update.status.state === 'paused');
    runs.command({ type: 'pause' });
    const stood = await paused;
    const level = until(runs, isIn('level'));
    runs.command({ type: 'compare', pacedBy: 'algorithm' });
    const { counterpart } = (await level) as Extract<RunUpdate, { type: 'counterpart' }>;
    const at = stood.type === 'progress' ? Math.floor(stood.status.virtualMs) : 0;
    expect(counterpart?.state).toMatchObject({ virtualMs: at, targetMs: at });
    /** Paced as the run is, it is the run. */
    expect(counterpart?.state.figures.map(({ difference }) => difference ?? 0)).toEqual([0, 0, 0, 0, 0, 0]);
    const next = until(
      runs,
      (update) =>
        update.type === 'counterpart' &&
        update.counterpart?.state.state === 'level' &&
        update.counterpart.state.virtualMs > at,
    );
    runs.command({ type: 'step', to: 'second' });
    expect(await next).toMatchObject({ counterpart: { state: { virtualMs: (Math.floor(at / 1_000) + 1) * 1_000 } } });
  });

  it('is taken away when it is asked to be, and by another run', async () => {
    const runs = create();
    await startShort(runs);
    const gone = (update: RunUpdate): boolean => update.type === 'counterpart' && update.counterpart === null;
    runs.command({ type: 'compare', pacedBy: 'ratio' });
    const first = until(runs, gone);
    runs.command({ type: 'compare', pacedBy: null });
    await first;
    expect(runs.snapshot()).toMatchObject({ counterpart: null });
    runs.command({ type: 'compare', pacedBy: 'ratio' });
    const second = until(runs, gone);
    runs.command({ type: 'start', mode: 'sim', scenario: FILE, seed: 8, speed: 'max', traffic: null });
    await second;
  });

  it('says why it can not begin: of files that were broken meanwhile every fault, and that there must be a run first', async () => {
    const runs = create();
    expect(() => runs.command({ type: 'compare', pacedBy: 'none' })).toThrow(/start a scenario first/);
    await startShort(runs);
    writeFileSync(join(folder, FILE), 'name: broken\nfoo: 1\n');
    const failed = until(runs, isIn('failed'));
    runs.command({ type: 'compare', pacedBy: 'none' });
    const update = await failed;
    expect(JSON.stringify(update)).toMatch(/scenarios\/guide-example\.yaml:2.*foo/);
  });
});
