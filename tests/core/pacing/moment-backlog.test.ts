/** The forecast by moments: the normal distribution that it rests on, worked example B, and how near it comes to counting. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BacklogState } from '#core/pacing/backlog-forecast.ts';
import { MomentBacklog } from '#core/pacing/moment-backlog.ts';
import { normalDensity, normalShare } from '#core/pacing/normal-distribution.ts';
import { PoissonBinomialBacklog } from '#core/pacing/poisson-binomial-backlog.ts';
import { createExponentialResponse } from '#core/pacing/response-model.ts';
import { SizedBacklog } from '#core/pacing/sized-backlog.ts';

const RESPONSE = createExponentialResponse(0.2, 10, 6);

function stateOf(given: Partial<BacklogState> & { readonly pending: number }): BacklogState {
  return {
    slots: 100,
    busy: 98,
    queued: 0,
    ages: new Float64Array(given.pending),
    releasePerSecond: 1 / 240,
    abandonPerSecond: 1 / 60,
    ...given,
  };
}

describe('the normal distribution', () => {
  /** Marsaglia's series: density x (x + x^3/3 + x^5/15 + ...), exact wherever its terms are summed to the end. */
  function bySeries(x: number): number {
    let sum = x;
    for (let term = x, i = 3; Math.abs(term) > 1e-18; i += 2) sum += term *= (x * x) / i;
    return 0.5 + sum * normalDensity(x);
  }

  test('agrees with its series to 1e-14, and its tails with published values', () => {
    for (let x = -6; x <= 6; x += 0.0625) expect(Math.abs(normalShare(x) - bySeries(x))).toBeLessThan(1e-14);
    expect(normalShare(0)).toBeCloseTo(0.5, 15);
    expect(normalShare(-8) / 6.220960574271785e-16).toBeCloseTo(1, 7);
    expect([normalShare(40), normalShare(-40)]).toEqual([1, 0]);
  });
});

describe('worked example B', () => {
  test('means and variances at the six horizons', () => {
    const backlog = new MomentBacklog(6);
    backlog.begin(stateOf({ pending: 20 }), RESPONSE);
    const expected = [
      [-2.02132, 0.681147],
      [-2.167689, 2.103776],
      [-2.509706, 3.655817],
      [-3.177082, 5.445781],
      [-4.500317, 7.741608],
      [-7.972421, 11.685451],
    ] as const;
    expect([...RESPONSE.horizons].map((t) => t.toFixed(4))).toEqual([
      '0.8701',
      '2.8768',
      '5.3900',
      '8.7547',
      '13.8629',
      '24.8491',
    ]);
    expected.forEach(([mean, variance], j) => {
      expect(backlog.mean(j)).toBeCloseTo(mean, 6);
      expect(backlog.deviation(j) ** 2).toBeCloseTo(variance, 6);
    });
  });
});

describe('beside the exact distribution', () => {
  const reactive = { ratePerSecond: 0.08, busy: 30, queued: 0 };

  test.each([
    ['a hundred slots', stateOf({ pending: 20 }), 15],
    ['a queue', stateOf({ busy: 100, queued: 3, pending: 10 }), 0],
    ['reactive visitors', stateOf({ busy: 60, pending: 40, reactive: { ...reactive, slotsMax: Infinity } }), 20],
    ['and a reserve that they meet', stateOf({ busy: 60, pending: 40, reactive: { ...reactive, slotsMax: 32 } }), 20],
  ] as const)('%s: near in moments, risk and idle slots', (_what, state, invites) => {
    const [moments, exact] = [new MomentBacklog(6), new PoissonBinomialBacklog(6)];
    for (const forecast of [moments, exact]) {
      forecast.begin(state, RESPONSE);
      forecast.setInvites(invites);
    }
    const isClipped = state.reactive !== undefined && state.reactive.slotsMax < Infinity;
    for (let j = 0; j < 6; j += 1) {
      expect(Math.abs(moments.mean(j) - exact.mean(j))).toBeLessThan(isClipped ? 0.05 : 1e-9);
      expect(Math.abs(moments.deviation(j) - exact.deviation(j))).toBeLessThan(isClipped ? 0.05 : 1e-9);
    }
    expect(moments.risk() / exact.risk()).toBeGreaterThan(0.95);
    expect(moments.risk() / exact.risk()).toBeLessThan(1.05);
    expect(moments.presentRisk() / exact.presentRisk()).toBeGreaterThan(0.93);
    expect(moments.presentRisk() / exact.presentRisk()).toBeLessThan(1.07);
    expect(Math.abs(moments.idle() - exact.idle())).toBeLessThan(0.05);
  });

  test('the risk grows with each invite and never leaves 0..1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 60 }), fc.nat(60), fc.nat(20), (slots, busy, pending) => {
        const backlog = new MomentBacklog(6);
        backlog.begin(stateOf({ slots, busy: Math.min(slots, busy), pending }), RESPONSE);
        let before = 0;
        for (let k = 0; k < 30; k += 1) {
          backlog.setInvites(k);
          const risk = backlog.risk();
          expect(risk).toBeGreaterThanOrEqual(before - 1e-9);
          expect(risk).toBeLessThan(1);
          before = risk;
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('PREDICTIVE_B', () => {
  test.each([
    [39, 'counts', new PoissonBinomialBacklog(6)],
    [40, 'goes by flows', new MomentBacklog(6)],
  ] as const)('with %i slots %s, and changes over when agents come or go', (slots, _what, twin) => {
    const forecast = new SizedBacklog(6);
    forecast.begin(stateOf({ slots: slots === 39 ? 40 : 39, busy: 30, pending: 3 }), RESPONSE);
    for (const one of [forecast, twin]) {
      one.begin(stateOf({ slots, busy: 37, queued: 1, pending: 12 }), RESPONSE);
      one.setInvites(5);
    }
    expect(forecast.risk()).toBe(twin.risk());
    expect(forecast.presentRisk()).toBe(twin.presentRisk());
    expect(forecast.underWay()).toBe(twin.underWay());
    expect(forecast.idle()).toBe(twin.idle());
    expect([forecast.mean(2), forecast.deviation(2)]).toEqual([twin.mean(2), twin.deviation(2)]);
    const other = slots === 39 ? new MomentBacklog(6) : new PoissonBinomialBacklog(6);
    other.begin(stateOf({ slots, busy: 37, queued: 1, pending: 12 }), RESPONSE);
    other.setInvites(5);
    expect(Math.abs(forecast.risk() / other.risk() - 1)).toBeGreaterThan(0.001);
  });
});

describe('the exact distribution with reactive visitors', () => {
  test('its moments are those of its cells, and a cap puts the tail on it', () => {
    for (const slotsMax of [Infinity, 14, 11, 9]) {
      const backlog = new PoissonBinomialBacklog(6);
      const reactive = { ratePerSecond: 0.1, busy: 8, queued: 2, slotsMax };
      backlog.begin(stateOf({ slots: 20, busy: 7, queued: 1, pending: 4, reactive }), RESPONSE);
      for (let epoch = 0; epoch < 6; epoch += 1) {
        let [mass, mean, squares] = [0, 0, 0];
        for (let y = -20; y <= 60; y += 1) {
          const share = backlog.probability(epoch, y);
          mass += share;
          mean += share * y;
          squares += share * y * y;
        }
        expect(mass).toBeCloseTo(1, 12);
        expect(mean).toBeCloseTo(backlog.mean(epoch), 10);
        expect(Math.sqrt(squares - mean * mean)).toBeCloseTo(backlog.deviation(epoch), 9);
        // Proactive chats at most 7 + 1 + 4, reactive ones at most the cap.
        expect(backlog.probability(epoch, 12 + Math.min(slotsMax, 60) - 20 + 1)).toBeLessThan(1e-15);
      }
    }
  });
});
