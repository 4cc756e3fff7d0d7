/** The modelled store: group commit takes one to two commits and never reorders. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GroupCommit, latencyProfileOf } from '#sim/latency.ts';

describe('group commit', () => {
  test('an idle store takes one commit, what comes meanwhile shares the next one', () => {
    const store = new GroupCommit(5_000);
    expect([0, 1_000, 4_999].map((at) => store.storedAt(at))).toEqual([5_000, 10_000, 10_000]);
    expect([5_000, 9_999].map((at) => store.storedAt(at))).toEqual([15_000, 15_000]);
    expect(store.storedAt(20_000)).toBe(25_000);
  });

  test('takes between one and two commits, never goes back, and ends at most one group a commit time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 8_000 }), { minLength: 1, maxLength: 200 }), (gaps) => {
        const store = new GroupCommit(5_000);
        const ends = new Set<number>();
        let at = 0;
        let last = 0;
        for (const gap of gaps) {
          at += gap;
          const stored = store.storedAt(at);
          expect(stored - at).toBeGreaterThanOrEqual(5_000);
          expect(stored - at).toBeLessThanOrEqual(10_000);
          expect(stored).toBeGreaterThanOrEqual(last);
          const gapSince = last > 0 && stored > last ? stored - last : Infinity;
          expect(gapSince).toBeGreaterThanOrEqual(5_000);
          ends.add(stored);
          last = stored;
        }
        expect(ends.size).toBeLessThanOrEqual(gaps.length);
      }),
    );
  });

  test('memory stores at once', () => {
    const store = new GroupCommit(latencyProfileOf('memory').commitUs);
    expect([3, 3, 4].map((at) => store.storedAt(at))).toEqual([3, 3, 4]);
  });
});
