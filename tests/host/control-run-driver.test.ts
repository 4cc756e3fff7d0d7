/** The driver of a run, by a clock that the test turns: speed, pause, steps, the skipped warm-up, and what is told when. */
import { describe, expect, it } from 'vitest';
import type { RunSpeed, RunUpdate } from '#protocol/run-feed.ts';
import { createRunDriver, type RunDriver } from '#host/run-driver.ts';
import { createRunPace } from '#host/run-pace.ts';
import { createFixtureRun } from '#tests/host/fixture-run.ts';

type Progress = Extract<RunUpdate, { type: 'progress' }>;

/** Wall time by hand: callbacks run when their time has come, in order. */
class HandClock {
  wallMs = 0;
  #jobs: { readonly at: number; readonly run: () => void }[] = [];

  now(): number {
    return this.wallMs;
  }

  later(run: () => void, ms: number): () => void {
    const job = { at: this.wallMs + Math.max(ms, 1), run };
    this.#jobs.push(job);
    return () => {
      this.#jobs = this.#jobs.filter((other) => other !== job);
    };
  }

  advance(ms: number): void {
    const end = this.wallMs + ms;
    for (;;) {
      const next = this.#jobs.toSorted((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      this.#jobs = this.#jobs.filter((job) => job !== next);
      this.wallMs = next.at;
      next.run();
    }
    this.wallMs = end;
  }
}

interface Stage {
  readonly driver: RunDriver;
  readonly clock: HandClock;
  readonly told: Progress[];
  readonly last: () => Progress;
}

const WARMUP_MS = 60_000;

function stage(speed: RunSpeed, totalMs = 600_000): Stage {
  const clock = new HandClock();
  const told: Progress[] = [];
  const driver = createRunDriver({
    run: createFixtureRun({ totalMs, warmupMs: WARMUP_MS, visitsPerSecond: 1, agents: 2 }),
    identity: {
      runId: 'run-1',
      scenario: 'test',
      scenarioFile: 'test.yaml',
      about: '',
      mode: 'sim',
      seed: 1,
      startsAt: 0,
      timeZone: 'UTC',
      warmupMs: WARMUP_MS,
      profile: [],
      traffic: null,
      goal: { target: 'ABANDONMENT_RATE', share: 0.03 },
    },
    captions: [
      { atMs: 5_000, text: 'first' },
      { atMs: 9_000, text: 'second' },
    ],
    speed,
    post: (update) => {
      if (update.type === 'progress') told.push(update);
    },
    clock,
  });
  driver.begin();
  const last = (): Progress => {
    const update = told.at(-1);
    if (!update) throw new Error('nothing told yet');
    return update;
  };
  return { driver, clock, told, last };
}

describe('a run', () => {
  it.each([1, 10, 100])('at %ix goes as many virtual seconds a wall second', (speed) => {
    const { clock, last } = stage(speed);
    clock.advance(3_000);
    expect(last().status.virtualMs / 1_000).toBeGreaterThan(3 * speed - 1.3 - speed / 3);
    expect(last().status.virtualMs / 1_000).toBeLessThanOrEqual(3 * speed);
    expect(last().status.reachedSpeed / speed).toBeCloseTo(1, 1);
  });

  it('at max ends at once, with its last update saying so, whole and in words', () => {
    const { clock, told, last } = stage('max');
    clock.advance(10);
    expect(last().status).toMatchObject({ state: 'finished', virtualMs: 600_000, reachedSpeed: 0 });
    const seconds = told.flatMap(({ series }) => series).reduce((sum, point) => sum + point.bucketMs, 0) / 1_000;
    expect(seconds).toBe(600);
  });

  it('is told four times a second while it moves, and never while it stands', () => {
    const { clock, told, driver } = stage(10);
    const before = told.length;
    clock.advance(2_000);
    expect(told.length - before).toBeGreaterThanOrEqual(7);
    expect(told.length - before).toBeLessThanOrEqual(9);
    driver.command({ type: 'pause' });
    const paused = told.length;
    clock.advance(5_000);
    expect(told.length).toBe(paused);
  });

  it('stands still while paused, and owes nothing when it goes on', () => {
    const { clock, driver, last } = stage(10);
    clock.advance(1_000);
    driver.command({ type: 'pause' });
    const { virtualMs } = last().status;
    clock.advance(60_000);
    driver.command({ type: 'resume' });
    clock.advance(1_000);
    expect(last().status.virtualMs - virtualMs).toBeLessThanOrEqual(10_000);
    expect(last().status.virtualMs).toBeGreaterThan(virtualMs);
  });

  it('tells pacing something at once, running or paused, and says what is in force from then on', () => {
    const { clock, driver, last } = stage(10);
    clock.advance(1_000);
    expect(last().status).toMatchObject({ goal: { share: 0.03 }, whatIfs: [] });
    driver.command({ type: 'pause' });
    driver.command({ type: 'whatIf', change: { target: 'BUSY_FACTOR', goalShare: 0.8 } });
    const { status } = last();
    expect(status).toMatchObject({
      state: 'paused',
      goal: { target: 'BUSY_FACTOR', share: 0.8 },
      pacing: { algorithm: 'SUPER_PROGRESSIVE', target: 'BUSY_FACTOR', goalShare: 0.8 },
      whatIfs: [{ commandId: 'screen-1', atMs: status.virtualMs, before: { goalShare: 0.03 } }],
    });
  });

  it('steps to the next whole second, pausing if it ran', () => {
    const { clock, driver, last } = stage(10);
    clock.advance(525);
    driver.command({ type: 'step', to: 'second' });
    const first = last().status;
    expect(first.state).toBe('paused');
    expect(first.virtualMs % 1_000).toBe(0);
    driver.command({ type: 'step', to: 'second' });
    expect(last().status.virtualMs).toBe(first.virtualMs + 1_000);
    clock.advance(5_000);
    expect(last().status.virtualMs).toBe(first.virtualMs + 1_000);
  });

  it('changes speed from where it is', () => {
    const { clock, driver, last } = stage(1);
    clock.advance(2_000);
    driver.command({ type: 'speed', speed: 100 });
    clock.advance(1_000);
    expect(last().status.virtualMs).toBeGreaterThan(60_000);
    expect(last().status.virtualMs).toBeLessThanOrEqual(102_000);
    expect(last().status.speed).toBe(100);
  });

  it('skips its warm-up at full speed and goes on at its own', () => {
    const { clock, driver, last } = stage(1);
    driver.command({ type: 'skipWarmup' });
    clock.advance(100);
    expect(last().status.virtualMs).toBeGreaterThanOrEqual(WARMUP_MS - 1);
    clock.advance(3_000);
    expect(last().status).toMatchObject({ state: 'running', speed: 1 });
    expect(last().status.virtualMs).toBeLessThanOrEqual(WARMUP_MS + 3_100);
  });

  it('skips its warm-up while paused and stays paused at its end', () => {
    const { clock, driver, last } = stage(1);
    driver.command({ type: 'pause' });
    driver.command({ type: 'skipWarmup' });
    clock.advance(3_000);
    expect(last().status).toMatchObject({ state: 'paused', virtualMs: WARMUP_MS });
  });

  it('once stopped refuses what needs a run, in words, and takes a second stop calmly', () => {
    const { driver, last } = stage(1);
    driver.command({ type: 'stop' });
    expect(last().status.state).toBe('stopped');
    driver.command({ type: 'stop' });
    expect(() => driver.command({ type: 'resume' })).toThrow('This run is stopped');
  });

  it('shows the caption of its moment', () => {
    const { clock, driver, last } = stage(10);
    expect(last().status.caption).toBeNull();
    clock.advance(700);
    driver.command({ type: 'pause' });
    expect(last().status.caption).toBe('first');
    driver.command({ type: 'resume' });
    clock.advance(700);
    driver.command({ type: 'pause' });
    expect(last().status.caption).toBe('second');
  });

  it('tells a long run in buckets that grow with its speed', () => {
    const { clock, told } = stage('max', 14_400_000);
    clock.advance(10);
    const buckets = told.flatMap(({ series }) => series.map(({ bucketMs }) => bucketMs));
    expect(Math.max(...buckets)).toBe(15_000);
    expect(buckets.length).toBeLessThanOrEqual(1_500);
  });
});

describe('the pace of a run that can not keep up', () => {
  it('forgets its debt, so that it never races to catch up, and tells its true speed', () => {
    const pace = createRunPace();
    pace.anchor(0, 0, 100);
    let virtualMs = 0;
    for (let wallMs = 50; wallMs <= 5_000; wallMs += 50) {
      virtualMs += Math.min(pace.target(wallMs) - virtualMs, 1_000);
      pace.reached(wallMs, virtualMs);
    }
    expect(pace.reachedSpeed()).toBeCloseTo(20, 0);
    expect(pace.target(5_000) - virtualMs).toBeLessThanOrEqual(50_000);
  });
});
