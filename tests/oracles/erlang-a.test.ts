/** The oracle's own oracle: the published table of Erlang A (docs/pacing.md, rows E1 to E10) to the digits it prints. */
import { describe, expect, test } from 'vitest';
import { erlangA } from '#tests/oracles/erlang-a.ts';

describe('Erlang A in Palm form', () => {
  test.each([
    ['E1', 5, 240, 60, 32.915221, 0.06166, 0.03, 1.8, 0.016458, 0.425704],
    ['E2', 5, 240, 60, 45, 0.149912, 0.075268, 4.51606, 0.056451, 0.554839],
    ['E3', 10, 240, 60, 120, 0.213174, 0.082938, 4.97629, 0.165876, 0.733649],
    ['E4', 10, 240, 60, 93.805624, 0.082275, 0.03, 1.8, 0.046903, 0.60661],
    ['E5', 20, 240, 60, 270, 0.25139, 0.074047, 4.44283, 0.333212, 0.833358],
    ['E6', 30, 240, 60, 373.859918, 0.131843, 0.03, 1.8, 0.18693, 0.805876],
    ['E7', 30, 240, 60, 450, 0.367651, 0.09655, 5.79298, 0.724123, 0.90345],
    ['E8', 50, 60, 120, 2880, 0.467774, 0.030912, 3.70947, 2.967576, 0.930324],
    ['E9', 100, 240, 60, 1423.298329, 0.218253, 0.03, 1.8, 0.711649, 0.9204],
    ['E10', 100, 240, 60, 1575, 0.487405, 0.080731, 4.84383, 2.119176, 0.965233],
  ] as const)(
    '%s: %i servers, handle %i s, patience %i s, %f an hour',
    (_row, n, handle, patience, hourly, waits, abandons, wait, queue, busy) => {
      const found = erlangA(n, hourly / 3600, 1 / handle, 1 / patience);
      expect(found.probabilityOfWaiting).toBeCloseTo(waits, 5);
      expect(found.abandonmentShare).toBeCloseTo(abandons, 5);
      expect(found.waitMeanSeconds).toBeCloseTo(wait, 4);
      expect(found.queueMean).toBeCloseTo(queue, 5);
      expect(found.busyShare).toBeCloseTo(busy, 5);
    },
  );
});
