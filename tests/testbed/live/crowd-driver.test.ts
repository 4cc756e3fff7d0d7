/** The kernel in real time: punctual, still in a pause, and honest about what started late. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createRandomSource } from '#core/random/random-source.ts';
import { Arrivals } from '#crowd/arrivals.ts';
import { createNextLaw, DomainClock, readMonoMs, type ClockLaw } from '#node/domain-clock.ts';
import { CrowdArrivals } from '#testbed/live/crowd-arrivals.ts';
import { CrowdDriver } from '#testbed/live/crowd-driver.ts';
import { LatenessHistogram } from '#testbed/live/crowd-lateness.ts';

const START_MS = Date.UTC(2026, 2, 2, 8);

function lawOf(speed: number): ClockLaw {
  const monoMs = readMonoMs();
  return { anchorMonoMs: monoMs, anchorDomainMs: START_MS, speed, fromMonoMs: monoMs };
}

function driverOf(speed: number): { clock: DomainClock; law: ClockLaw; driver: CrowdDriver } {
  const law = lawOf(speed);
  const clock = new DomainClock(law);
  return { clock, law, driver: new CrowdDriver(clock, START_MS * 1_000) };
}

function append(log: string[], detail: number, nowUs: number): void {
  log.push(`${detail} at ${nowUs / 1_000}`);
}

describe('the crowd driver', () => {
  test('runs events in order at the times that they were scheduled for', async () => {
    const { driver } = driverOf(10);
    const log: string[] = [];
    const done = Promise.withResolvers<void>();
    driver.kernel.schedule(300_000, append, log, 3);
    driver.kernel.schedule(100_000, append, log, 1);
    driver.kernel.schedule(300_000, () => done.resolve(), undefined, 0);
    driver.begin();
    await done.promise;
    driver.close();
    expect(log).toEqual(['1 at 100', '3 at 300']);
  });

  test('holds everything in a pause, also what comes in, and goes on after it where it stood', async () => {
    const { driver, clock, law } = driverOf(0);
    const log: string[] = [];
    driver.kernel.schedule(0, append, log, 1);
    driver.kernel.schedule(50_000, append, log, 2);
    driver.begin();
    driver.enter(append, log, 3);
    await sleep(60);
    expect(log).toEqual([]);
    const done = Promise.withResolvers<void>();
    driver.kernel.schedule(60_000, () => done.resolve(), undefined, 0);
    // A law that holds a little later, as the launcher sends it.
    clock.set(createNextLaw(law, readMonoMs() + 20, 1));
    await done.promise;
    driver.close();
    expect(log).toEqual(['1 at 0', '3 at 0', '2 at 50']);
    expect(driver.takeLagMs()).toBeLessThan(60);
  });

  test('closed, runs nothing more', async () => {
    const { driver } = driverOf(10);
    const log: string[] = [];
    driver.kernel.schedule(100_000, append, log, 1);
    driver.begin();
    driver.close();
    driver.enter(append, log, 2);
    await sleep(30);
    expect(log).toEqual([]);
  });
});

describe('arrivals of the crowd', () => {
  /** 1,000 a second of domain time, until `count` have come or gone. */
  async function arrive(count: number, late: boolean, room: number): Promise<CrowdArrivals & { ordinals: number[] }> {
    const { driver, clock } = driverOf(1);
    const ordinals: number[] = [];
    const steps = [
      { atUs: 0, ratePerUs: 0.001 },
      { atUs: 1_000_000, ratePerUs: 0 },
    ];
    const crowd: CrowdArrivals = new CrowdArrivals({
      driver,
      arrivals: new Arrivals(steps, createRandomSource(1).stream('arrivals'), 0),
      latenessMsMax: 1_000,
      hasRoom: () => ordinals.length < room,
      arrive: (ordinal) => void ordinals.push(ordinal),
    });
    crowd.watch();
    // Ten seconds of domain time at one blow: all that was due before the last second of them is too late.
    if (late) clock.set({ ...lawOf(1), anchorDomainMs: START_MS + 10_000 });
    driver.begin();
    while (crowd.started + crowd.dropped < count) await sleep(5);
    driver.close();
    return Object.assign(crowd, { ordinals });
  }

  test('start in time and keep their numbers', async () => {
    const crowd = await arrive(100, false, Infinity);
    expect(crowd.dropped).toBe(0);
    expect(crowd.ordinals.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    expect(crowd.lateness.count).toBe(crowd.started);
  });

  test('that could not start within a second are dropped and counted, never made up for', async () => {
    const crowd = await arrive(500, true, Infinity);
    expect(crowd.started).toBe(0);
    expect(crowd.dropped).toBeGreaterThanOrEqual(500);
    expect(crowd.lateness.figures().maxMs).toBeGreaterThan(9_000);
  });

  test('beyond the room on the site are dropped, and those after them keep their numbers', async () => {
    const crowd = await arrive(50, false, 10);
    expect(crowd.ordinals).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(crowd.dropped).toBeGreaterThanOrEqual(40);
  });
});

describe('the lateness histogram', () => {
  test('gives percentiles within 1/32 and the exact maximum', () => {
    const histogram = new LatenessHistogram();
    for (let us = 1; us <= 100_000; us += 1) histogram.add(us / 1_000);
    const { count, p50Ms, p99Ms, maxMs } = histogram.figures();
    expect(count).toBe(100_000);
    expect(p50Ms).toBeGreaterThanOrEqual(50);
    expect(p50Ms).toBeLessThanOrEqual(50 * (1 + 1 / 32));
    expect(p99Ms).toBeGreaterThanOrEqual(99);
    expect(p99Ms).toBeLessThanOrEqual(100);
    expect(maxMs).toBe(100);
  });

  test('says 0 of nothing and takes in what is beyond its range', () => {
    const histogram = new LatenessHistogram();
    expect(histogram.figures()).toEqual({ count: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 });
    histogram.add(1e9);
    expect(histogram.figures().maxMs).toBe(1e9);
  });
});
