/** The kernel's numbered invariants, one by one, and its order against a plain sort; kernels that break it are caught. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import FlatQueue from 'flatqueue';
import { describe, expect, test } from 'vitest';
import { createRandomSource } from '#core/random/random-source.ts';
import type { RandomStream } from '#core/random/stream.ts';
import { type Handler, Kernel } from '#sim/kernel.ts';

/** What the order check needs of a kernel. */
interface Schedules {
  schedule<S>(atUs: number, handler: Handler<S>, subject: S, detail: number): void;
  step(): boolean;
}

interface Ran {
  readonly id: number;
  readonly atUs: number;
}

/** Where the events that ran deviate from all events sorted by (time, order of scheduling), in words; null when they don't. */
function describeDisorder(scheduledUs: readonly number[], ran: readonly Ran[]): string | null {
  const expected = scheduledUs.map((atUs, id) => ({ atUs, id })).sort((a, b) => a.atUs - b.atUs || a.id - b.id);
  if (ran.length !== expected.length) return `${ran.length} of ${expected.length} events ran`;
  for (const [place, { atUs, id }] of expected.entries()) {
    const actual = ran[place];
    if (actual?.id !== id) return `place ${place} is event ${id} at ${atUs}, but event ${actual?.id} ran`;
    if (actual.atUs !== atUs) return `event ${id} ran at ${actual.atUs} instead of ${atUs}`;
  }
  return null;
}

/** A random walk of events that schedule more events, at all distances from 0 to `reachUs`, with many ties. */
class Walk {
  readonly scheduledUs: number[] = [];
  readonly ran: Ran[] = [];
  private budget: number;
  private readonly kernel: Schedules;
  private readonly stream: RandomStream;
  private readonly reachUs: number;

  constructor(kernel: Schedules, stream: RandomStream, reachUs: number, budget: number) {
    this.kernel = kernel;
    this.stream = stream;
    this.reachUs = reachUs;
    this.budget = budget;
  }

  /** Schedules one event, half of the time at an unlike scale and now and then at the very time. */
  add(nowUs: number): void {
    if (this.budget-- <= 0) return;
    const shrunk = this.reachUs ** this.stream.next();
    const distanceUs = this.stream.next() < 0.1 ? 0 : Math.floor(this.stream.next() * shrunk);
    const atUs = nowUs + distanceUs;
    this.scheduledUs.push(atUs);
    this.kernel.schedule(atUs, runWalkEvent, this, this.scheduledUs.length - 1);
  }

  record(id: number, nowUs: number): void {
    this.ran.push({ id, atUs: nowUs });
    for (let left = Math.floor(this.stream.next() * 3); left > 0; left--) this.add(nowUs);
  }
}

function runWalkEvent(walk: Walk, id: number, nowUs: number): void {
  walk.record(id, nowUs);
}

function walkOn(kernel: Schedules, seed: number, reachUs: number): string | null {
  const walk = new Walk(kernel, createRandomSource(seed).stream('walk'), reachUs, 1500);
  for (let index = 0; index < 50; index++) walk.add(0);
  while (kernel.step());
  return describeDisorder(walk.scheduledUs, walk.ran);
}

/** Runs the next event; what is wrong with the clock after it, or null. */
function stepOnce(kernel: Kernel): string | null {
  const nextUs = kernel.nextUs();
  kernel.step();
  return kernel.nowUs === nextUs ? null : `stepped to ${kernel.nowUs} instead of ${nextUs}`;
}

/** Runs for a stretch; what is wrong with the count, the clock or what is left, or null. */
function runStretch(kernel: Kernel, walk: Walk, lengthUs: number): string | null {
  const before = walk.ran.length;
  const untilUs = kernel.nowUs + Math.floor(lengthUs);
  if (kernel.runUntil(untilUs) !== walk.ran.length - before) return 'miscounted';
  if (kernel.nowUs !== untilUs) return `stands at ${kernel.nowUs} instead of ${untilUs}`;
  return kernel.nextUs() > untilUs ? null : `left an event at ${kernel.nextUs()} undone at ${untilUs}`;
}

function collect(log: number[], detail: number): void {
  log.push(detail);
}

describe('the order of events', () => {
  test('is that of (time, order of scheduling) for random walks at every scale up to years', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 14 }), (seed, digits) => {
        expect(walkOn(new Kernel(), seed, 10 ** digits)).toBeNull();
      }),
      { numRuns: 150 },
    );
  });

  test('does not depend on how the run is cut into steps and stretches', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 13 }), (seed, digits) => {
        const reachUs = 10 ** digits;
        const source = createRandomSource(seed);
        const cuts = source.stream('cuts');
        const kernel = new Kernel();
        const walk = new Walk(kernel, source.stream('walk'), reachUs, 600);
        for (let index = 0; index < 20; index++) walk.add(0);
        const faults: string[] = [];
        while (kernel.pendingCount > 0) {
          const fault =
            cuts.next() < 0.5 ? stepOnce(kernel) : runStretch(kernel, walk, reachUs ** cuts.next() * cuts.next());
          if (fault !== null) faults.push(fault);
          walk.add(kernel.nowUs);
        }
        expect(faults).toEqual([]);
        expect(describeDisorder(walk.scheduledUs, walk.ran)).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  test('keeps ties in order of scheduling, those scheduled at that very time coming last', () => {
    const kernel = new Kernel();
    const log: number[] = [];
    kernel.schedule(5_000_000, collect, log, 1);
    kernel.schedule(
      5_000_000,
      (subject: number[], detail, nowUs) => {
        subject.push(detail);
        kernel.schedule(nowUs, collect, subject, 4);
      },
      log,
      2,
    );
    kernel.runUntil(4_999_000);
    kernel.schedule(5_000_000, collect, log, 3);
    kernel.runUntil(5_000_000);
    expect(log).toEqual([1, 2, 3, 4]);
  });

  test('keeps a thousand ties in order across growth and across every digit of time', () => {
    for (const atUs of [0, 1, 1_023, 1_024, 2 ** 20, 2 ** 30 - 1, 2 ** 40 + 7, 2 ** 50 - 1]) {
      const kernel = new Kernel();
      const log: number[] = [];
      for (let index = 0; index < 3_000; index++) kernel.schedule(atUs, collect, log, index);
      while (kernel.step());
      expect(log).toEqual(Array.from({ length: 3_000 }, (_, index) => index));
      expect(kernel.nowUs).toBe(atUs);
    }
  });
});

describe('the order check', () => {
  /** A kernel on a bare binary heap: right in time, but nothing orders its ties. */
  class HeapWithoutSerial implements Schedules {
    private readonly heap = new FlatQueue<() => void>();
    schedule<S>(atUs: number, handler: Handler<S>, subject: S, detail: number): void {
      this.heap.push(() => handler(subject, detail, atUs), atUs);
    }
    step(): boolean {
      const run = this.heap.pop();
      run?.();
      return run !== undefined;
    }
  }

  /** A kernel whose clock does not advance before the handler runs. */
  class LateClock implements Schedules {
    private readonly kernel = new Kernel();
    private lastUs = 0;
    schedule<S>(atUs: number, handler: Handler<S>, subject: S, detail: number): void {
      const run = (self: LateClock, of: number, nowUs: number): void => {
        handler(subject, of, self.lastUs);
        self.lastUs = nowUs;
      };
      this.kernel.schedule(Math.max(atUs, this.kernel.nowUs), run, this, detail);
    }
    step(): boolean {
      return this.kernel.step();
    }
  }

  test('catches a heap without a serial, whose ties are in no order', () => {
    expect(walkOn(new HeapWithoutSerial(), 1, 1_000)).toMatch(/^place \d+ is event \d+/);
  });

  test('catches a clock that advances after the handler', () => {
    expect(walkOn(new LateClock(), 1, 1_000)).not.toBeNull();
  });

  test('catches an event that never ran', () => {
    expect(describeDisorder([1, 2], [{ id: 0, atUs: 1 }])).toBe('1 of 2 events ran');
  });
});

describe('the kernel', () => {
  test.each([
    ['in the past', 999],
    ['between two microseconds', 1_000.5],
    ['that is no number', NaN],
    ['without end', Infinity],
    ['beyond the limit', 2 ** 50],
  ])('refuses a time %s', (_, atUs) => {
    const kernel = new Kernel({ startUs: 1_000 });
    expect(() => kernel.schedule(atUs, collect, [], 0)).toThrow(
      'a time in the kernel is an integer from now (1000 us)',
    );
    expect(() => kernel.runUntil(atUs)).toThrow('a time in the kernel');
    expect(kernel.pendingCount).toBe(0);
  });

  test('runs what is due at the very time it is run until, and nothing later', () => {
    const kernel = new Kernel();
    const log: number[] = [];
    for (const atUs of [9, 10, 11]) kernel.schedule(atUs, collect, log, atUs);
    expect(kernel.runUntil(10)).toBe(2);
    expect(log).toEqual([9, 10]);
    expect(kernel.nowUs).toBe(10);
    expect([kernel.pendingCount, kernel.executedCount]).toEqual([1, 2]);
  });

  test('takes new events before those that wait far ahead, after standing still on the way there', () => {
    const kernel = new Kernel();
    const log: number[] = [];
    for (const offset of [0, 1, 5_000]) kernel.schedule(40_000_000_000 + offset, collect, log, 9);
    kernel.runUntil(39_999_999_999);
    expect(kernel.nextUs()).toBe(40_000_000_000);
    kernel.schedule(39_999_999_999, collect, log, 1);
    kernel.schedule(40_000_000_000 - 1, collect, log, 2);
    kernel.runUntil(40_000_005_000);
    expect(log).toEqual([1, 2, 9, 9, 9]);
  });

  test('tells that nothing is pending', () => {
    const kernel = new Kernel({ startUs: 7 });
    expect([kernel.step(), kernel.nextUs(), kernel.pendingCount, kernel.nowUs]).toEqual([false, Infinity, 0, 7]);
  });

  test('refuses to run inside a handler and goes on after one that throws', () => {
    const kernel = new Kernel();
    const log: number[] = [];
    kernel.schedule(1, () => void kernel.step(), null, 0);
    kernel.schedule(2, () => void kernel.runUntil(5), null, 0);
    kernel.schedule(3, collect, log, 3);
    expect(() => kernel.step()).toThrow('not run from within a handler');
    expect(() => kernel.runUntil(10)).toThrow('not run from within a handler');
    expect(kernel.nowUs).toBe(2);
    expect(kernel.runUntil(10)).toBe(1);
    expect(log).toEqual([3]);
  });

  test('stops a handler that reschedules itself at once when the bound on events is reached', () => {
    const kernel = new Kernel({ eventsMax: 10_000 });
    const again: Handler<null> = (_, detail, nowUs) => kernel.schedule(nowUs, again, null, detail);
    kernel.schedule(5, again, null, 0);
    expect(() => kernel.runUntil(6)).toThrow('more than 10000 events, at 5 us');
  });

  test('hands subject, detail and time to the handler, details being any number', () => {
    const kernel = new Kernel();
    const seen: unknown[] = [];
    const see: Handler<object> = (subject, detail, nowUs) => seen.push(subject, detail, nowUs);
    const subject = {};
    for (const detail of [0.1, -5, 2 ** 40, Infinity]) kernel.schedule(3, see, subject, detail);
    kernel.runUntil(3);
    expect(seen).toEqual([subject, 0.1, 3, subject, -5, 3, subject, 2 ** 40, 3, subject, Infinity, 3]);
  });

  test('does not hold the subject of an event that has run', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage: unknown = runInNewContext('gc');
    const kernel = new Kernel();
    const held = scheduleFresh(kernel, 1);
    const waiting = scheduleFresh(kernel, 10);
    kernel.runUntil(5);
    await new Promise((resolve) => setImmediate(resolve));
    if (typeof collectGarbage === 'function') collectGarbage();
    expect([held.deref() === undefined, waiting.deref() === undefined]).toEqual([true, false]);
    expect(kernel.pendingCount).toBe(1);
  });
});

function scheduleFresh(kernel: Kernel, atUs: number): WeakRef<object> {
  const subject = { atUs };
  kernel.schedule(atUs, () => undefined, subject, 0);
  return new WeakRef(subject);
}
