/** Rates from counts: the arithmetic by hand, and that averaging keeps the total. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRateSteps } from '#protocol/rate-profile.ts';

const MINUTE = 60_000;

test('counts a minute become visits per hour, divided by the page views of a visit and scaled', () => {
  const traffic = {
    counts: [10, 20, 20, 0],
    everyMs: MINUTE,
    averageMs: MINUTE,
    scale: 0.5,
    unit: 'pageViews' as const,
    pageViewsPerVisit: 4,
  };
  expect(createRateSteps(traffic)).toEqual([
    { atMs: 0, visitsPerHour: 75 },
    { atMs: MINUTE, visitsPerHour: 150 },
    { atMs: 3 * MINUTE, visitsPerHour: 0 },
  ]);
});

test('averages are taken over whole stretches, the last one over its own length', () => {
  const traffic = {
    counts: [1, 2, 3, 4, 9],
    everyMs: MINUTE,
    averageMs: 2 * MINUTE,
    scale: 1,
    unit: 'visits' as const,
    pageViewsPerVisit: 4,
  };
  expect(createRateSteps(traffic)).toEqual([
    { atMs: 0, visitsPerHour: 90 },
    { atMs: 2 * MINUTE, visitsPerHour: 210 },
    { atMs: 4 * MINUTE, visitsPerHour: 540 },
  ]);
});

test('whatever is averaged, as many visits are expected as were counted', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1000), { minLength: 1, maxLength: 50 }),
      fc.integer({ min: 1, max: 9 }),
      (counts, stride) => {
        const steps = createRateSteps({
          counts,
          everyMs: MINUTE,
          averageMs: stride * MINUTE,
          scale: 1,
          unit: 'visits',
          pageViewsPerVisit: 1,
        });
        const ends = [...steps.slice(1).map((step) => step.atMs), counts.length * MINUTE];
        const expected = steps.reduce(
          (sum, step, index) => sum + (step.visitsPerHour * ((ends[index] ?? 0) - step.atMs)) / 3_600_000,
          0,
        );
        const total = counts.reduce((sum, count) => sum + count, 0);
        expect(expected).toBeCloseTo(total, 6);
      },
    ),
  );
});
