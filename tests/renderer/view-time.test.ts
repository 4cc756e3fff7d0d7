/** Windows, ticks, buckets and points: what a chart of a long run holds, and that nothing in it jumps. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketLengthFor, createCourse, mergeSeries, thinPacing } from '#protocol/control-api-series.ts';
import type { PacingPoint, SeriesPoint } from '#protocol/run-feed.ts';
import { chartPoints, pointAt, rememberLast } from '#renderer/view/chart-points.ts';
import { bucketMsOf, quantizeNow, spanOf, ticksOf, windowForSpeed, WINDOW_NAMES } from '#renderer/view/time-window.ts';
import { createValueAxis, formatTick, roundUp } from '#renderer/view/value-axis.ts';

function point(atMs: number, more: Partial<SeriesPoint> = {}): SeriesPoint {
  return {
    atMs,
    bucketMs: 1_000,
    visits: 1,
    pageViews: 11,
    events: 40,
    hotLeads: 1,
    refused: 0,
    allowed: 2,
    sent: 1,
    accepted: 0,
    rejected: 0,
    timeout: 0,
    failed: 0,
    chatsStarted: 0,
    chatsCompleted: 0,
    abandoned: 0,
    visitsInProgress: 300,
    waiting: 0,
    busySlots: 5,
    slots: 10,
    firings: { rule: 1 },
    ...more,
  };
}

const seconds = (from: number, to: number): SeriesPoint[] =>
  Array.from({ length: to - from }, (_, i) => point((from + i + 1) * 1_000));

describe('the window of the charts', () => {
  it('fills from the left, then scrolls with the last value at its right edge', () => {
    expect(spanOf('5m', 60_000, 4_800_000)).toEqual({ fromMs: 0, toMs: 300_000 });
    expect(spanOf('5m', 301_000, 4_800_000)).toEqual({ fromMs: 1_000, toMs: 301_000 });
    expect(spanOf('all', 60_000, 4_800_000)).toEqual({ fromMs: 0, toMs: 4_800_000 });
  });

  it('suits the speed', () => {
    expect([1, 10, 100, 1_000, 'max' as const].map(windowForSpeed)).toEqual(['5m', '15m', '1h', 'all', 'all']);
  });

  it('moves by whole pixels', () => {
    expect(quantizeNow('5m', 123_456, 4_800_000)).toBe(123_000);
    expect(quantizeNow('5m', 123_499, 4_800_000)).toBe(123_000);
  });

  it('has ticks at round clock times, whatever the moment the run began', () => {
    const startsAt = Date.UTC(2026, 2, 2, 8, 0, 17);
    const ticks = ticksOf({ fromMs: 0, toMs: 300_000 }, startsAt, 6);
    expect(ticks.map((tick) => (startsAt + tick) % 60_000)).toEqual(ticks.map(() => 0));
    expect(ticks).toHaveLength(5);
  });

  it.each([3_600_000, 4_800_000, 86_400_000, 604_800_000])(
    'of a run of %i ms never holds more than 240 points',
    (totalMs) => {
      for (const window of WINDOW_NAMES) {
        const span = spanOf(window, totalMs, totalMs);
        expect((span.toMs - span.fromMs) / bucketMsOf(span)).toBeLessThanOrEqual(240);
      }
    },
  );
});

describe('points of a chart', () => {
  it('keep every count when they are merged, and the mean of busy slots over time', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            visits: fc.nat(50),
            events: fc.nat(500),
            busySlots: fc.double({ min: 0, max: 10, noNaN: true }),
          }),
          { minLength: 1, maxLength: 400 },
        ),
        fc.constantFrom(1_000, 5_000, 15_000, 60_000, 180_000),
        (counts, bucketMs) => {
          const series = counts.map((count, index) => point((index + 1) * 1_000, count));
          const merged = mergeSeries(series, bucketMs);
          const sum = (of: (p: SeriesPoint) => number, points: readonly SeriesPoint[]): number =>
            points.reduce((all, p) => all + of(p), 0);
          expect(sum((p) => p.visits, merged)).toBe(sum((p) => p.visits, series));
          expect(sum((p) => p.events, merged)).toBe(sum((p) => p.events, series));
          expect(sum((p) => p.firings['rule'] ?? 0, merged)).toBe(series.length);
          expect(sum((p) => p.bucketMs, merged)).toBe(series.length * 1_000);
          expect(sum((p) => p.busySlots * p.bucketMs, merged)).toBeCloseTo(
            sum((p) => p.busySlots * p.bucketMs, series),
            3,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('do not depend on how far the window has scrolled: a complete bucket never changes', () => {
    const series = seconds(0, 400);
    const before = chartPoints(series, spanOf('5m', 399_000, 4_800_000), false);
    const after = chartPoints([...series, point(401_000)], spanOf('5m', 401_000, 4_800_000), false);
    const shared = after.filter(({ atMs }) => before.some((one) => one.atMs === atMs));
    expect(shared.length).toBeGreaterThan(55);
    for (const one of shared) expect(before.find(({ atMs }) => atMs === one.atMs)).toEqual(one);
  });

  it('leave the bucket out that has only begun, until the run is over', () => {
    const span = spanOf('5m', 7_000, 4_800_000);
    expect(chartPoints(seconds(0, 7), span, false).map(({ atMs }) => atMs)).toEqual([5_000]);
    expect(chartPoints(seconds(0, 7), span, true).map(({ atMs }) => atMs)).toEqual([5_000, 7_000]);
  });

  it('are found by the moment pointed at, and the newest without one', () => {
    const points = seconds(0, 3);
    expect(pointAt(points, 1_500)?.atMs).toBe(2_000);
    expect(pointAt(points, null)?.atMs).toBe(3_000);
    expect(pointAt(points, 9_000)?.atMs).toBe(3_000);
    expect(pointAt([], null)).toBeUndefined();
  });

  it('of pacing are the last of each bucket and group', () => {
    const points = [1, 2, 3, 6].flatMap((second) =>
      ['a', 'b'].map((group) => ({ atMs: second * 1_000, group }) as PacingPoint),
    );
    expect(thinPacing(points, 5_000).map(({ atMs, group }) => `${atMs} ${group}`)).toEqual([
      '3000 a',
      '3000 b',
      '6000 a',
      '6000 b',
    ]);
  });
});

describe('the course of a run in memory', () => {
  it('stays small over a week, keeps the newest quarter of an hour fine, and loses no visit', () => {
    const course = createCourse(mergeSeries);
    const total = 604_800;
    for (let from = 0; from < total; from += 600) course.append(seconds(from, from + 600));
    const all = course.all();
    expect(all.length).toBeLessThan(12_500);
    expect(all.reduce((sum, one) => sum + one.visits, 0)).toBe(total);
    expect(all.slice(-900).every(({ bucketMs }) => bucketMs === 1_000)).toBe(true);
    expect(all.every((one, index) => index === 0 || one.atMs > (all[index - 1]?.atMs ?? 0))).toBe(true);
  });

  it('picks the shortest bucket that is coarse enough', () => {
    expect(bucketLengthFor(300_000, 100)).toBe(5_000);
    expect(bucketLengthFor(86_400_000, 1_500)).toBe(60_000);
    expect(bucketLengthFor(1e12, 10)).toBe(3_600_000);
  });
});

describe('a value axis', () => {
  it.each([
    [0.83, 1],
    [1, 1],
    [1.1, 1.2],
    [10.5, 12],
    [1.3, 1.6],
    [1.7, 2],
    [36.5, 40],
    [41, 50],
    [0.0031, 0.004],
    [0, 1],
    [Number.NaN, 1],
  ])('rounds %d up to %d', (value, end) => {
    expect(roundUp(value)).toBeCloseTo(end, 12);
  });

  it('grows at once, and shrinks only when the data has fallen below a third', () => {
    const axis = createValueAxis();
    expect(axis('run', [0, 36]).max).toBe(40);
    expect(axis('run', [0, 44]).max).toBe(50);
    expect(axis('run', [0, 20]).max).toBe(50);
    expect(axis('run', [0, 16]).max).toBe(20);
    expect(axis('another run', [0, 5]).max).toBe(6);
  });

  it('begins at half its end for a steady flow, and at zero for good once something came below', () => {
    const axis = createValueAxis();
    expect(axis('run', [32, 41])).toEqual({ min: 25, max: 50 });
    expect(axis('run', [24, 41])).toEqual({ min: 0, max: 50 });
    expect(axis('run', [32, 41])).toEqual({ min: 0, max: 50 });
  });

  it('reaches below zero where values do', () => {
    expect(createValueAxis()('run', [-0.4, 1.2])).toEqual({ min: -1.6, max: 1.6 });
  });

  it('has short ticks', () => {
    expect([0, 25, 37.5, 1_500, 0.005, 0.0001].map(formatTick)).toEqual(['0', '25', '37.5', '1,500', '0.005', '1e-4']);
  });
});

describe('a memory of one', () => {
  it('computes again only for other arguments', () => {
    let computed = 0;
    const double = rememberLast((value: number) => {
      computed += 1;
      return value * 2;
    });
    expect([double(2), double(2), double(3), double(2)]).toEqual([4, 4, 6, 4]);
    expect(computed).toBe(3);
  });
});
