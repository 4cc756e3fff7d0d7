/** Intervals of what pacing promises: Wilson's against printed values, batch means against Erlang B. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BatchMeans } from '#testbed/batch-means.ts';
import { wilsonInterval } from '#testbed/wilson-interval.ts';
import { createRandomSource } from '#core/random/random-source.ts';

describe("Wilson's interval", () => {
  test.each([
    // R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [29, 29, 0.883, 1],
  ])('of %i of %i is %d to %d, as printed', (hits, of, low, high) => {
    const [from, to] = wilsonInterval(hits, of) ?? [NaN, NaN];
    expect(from).toBeCloseTo(low, 4);
    expect(to).toBeCloseTo(high, 3);
  });

  test('holds the share, lies within 0 and 1, and says nothing of nothing', () => {
    expect(wilsonInterval(0, 0)).toBeNull();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (of, part) => {
        const hits = Math.round(part * of);
        const [low, high] = wilsonInterval(hits, of) ?? [NaN, NaN];
        return low >= 0 && high <= 1 && low <= hits / of + 1e-12 && high >= hits / of - 1e-12;
      }),
    );
  });
});

/** Busy share of a loss system over `minutes`, told every ten seconds, from a run that has settled before. */
function loss(slots: number, offered: number, minutes: number, seed: number): BatchMeans {
  const handleSeconds = 400;
  const random = createRandomSource(seed).stream('loss');
  const means = new BatchMeans();
  let busy = 0;
  let busySeconds = 0;
  let toldAt = 0;
  for (let now = -20 * handleSeconds; now < minutes * 60;) {
    const rate = (offered + busy) / handleSeconds;
    const next = now - Math.log(1 - random.next()) / rate;
    for (let at = Math.max(0, now); at < Math.min(next, minutes * 60);) {
      const until = Math.min(next, toldAt + 10);
      busySeconds += busy * (until - at);
      at = until;
      if (at < toldAt + 10) continue;
      means.add(busySeconds * 1_000, slots * 10_000, 10_000);
      busySeconds = 0;
      toldAt += 10;
    }
    now = next;
    if (random.next() * rate < offered / handleSeconds) busy = Math.min(slots, busy + 1);
    else busy -= 1;
  }
  return means;
}

/** Carried load a slot. */
function carriedShare(slots: number, offered: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= slots; n += 1) {
    term *= offered / n;
    sum += term;
  }
  return (offered * (1 - term / sum)) / slots;
}

describe('batch means', () => {
  test.each([
    [10, 8, 80, 0.83],
    [5, 4, 240, 0.87],
    [10, 8, 1_440, 0.9],
  ])(
    'of %i slots offered %d over %i min hold the busy share of Erlang B in at least %d of 150 runs',
    (slots, offered, minutes, least) => {
      const truth = carriedShare(slots, offered);
      const intervals = Array.from({ length: 150 }, (_, seed) => loss(slots, offered, minutes, seed + 1).interval());
      const held = intervals.filter((range) => range !== null && range[0] <= truth && truth <= range[1]).length;
      expect(held / 150).toBeGreaterThanOrEqual(least);
      /** Wide for chance alone is no art. */
      expect(held).toBeLessThan(150);
    },
  );

  test('narrow as the run grows, and say nothing of the first minutes', () => {
    const width = (minutes: number): number => {
      const [low, high] = loss(10, 8, minutes, 5).interval() ?? [NaN, NaN];
      return high - low;
    };
    expect(loss(10, 8, 7, 5).interval()).toBeNull();
    expect(width(1_440)).toBeLessThan(width(80) / 2);
  });

  test('of what never changes have no width', () => {
    const means = new BatchMeans();
    for (let n = 0; n < 500; n += 1) means.add(3_000, 4_000, 30_000);
    expect(means.interval()).toEqual([0.75, 0.75]);
  });
});
