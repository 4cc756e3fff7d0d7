/** What a slot is worth to visitors who come by themselves: the published figures, the chain that it solves, and its two limits. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MarginalRisk } from '#core/pacing/marginal-risk.ts';
import { ShadowPrice, type PriceRates } from '#core/pacing/shadow-price.ts';
import { erlangA, erlangB } from '#core/sizing/erlang.ts';

function priceOf(rates: PriceRates): ShadowPrice {
  const price = new ShadowPrice();
  price.setRates(rates);
  return price;
}

function offered(slots: number, erlang: number, patienceSeconds = 60): PriceRates {
  return {
    slots,
    releasePerSecond: 1 / 240,
    abandonPerSecond: 1 / patienceSeconds,
    reactivePerSecond: erlang / 240,
  };
}

describe('the published prices, handle time 240 s, patience 60 s', () => {
  test.each([
    [20, 12, { 0: 0.004325, 10: 0.014324, 15: 0.050446, 19: 0.2623, 20: 0.441491, 21: 0.553973 }],
    [20, 7.2, { 15: 0.003019, 16: 0.006721, 17: 0.015881, 18: 0.039715, 19: 0.104815, 20: 0.291166 }],
    [5, 2, { 0: 0.022127, 1: 0.03319, 2: 0.055317, 3: 0.105102, 4: 0.232332, 5: 0.602956, 6: 0.735428 }],
  ] as const)('%i slots, %f Erlang', (slots, erlang, expected) => {
    const price = priceOf(offered(slots, erlang));
    for (const [chats, cost] of Object.entries(expected))
      expect(price.cost(Number(chats)), `D(${chats})`).toBeCloseTo(cost, 6);
  });

  test('and the mean cost of the reactive traffic itself', () => {
    expect(priceOf(offered(20, 7.2)).meanCost).toBeCloseTo(3.757305e-7, 12);
    expect(priceOf(offered(20, 12)).meanCost).toBeCloseTo(2.1623434e-4, 10);
    expect(priceOf(offered(20, 12)).cost(25)).toBeCloseTo(0.757878, 6);
  });
});

const rates = fc.record({
  slots: fc.integer({ min: 1, max: 60 }),
  releasePerSecond: fc.double({ min: 1 / 900, max: 1 / 30, noNaN: true }),
  abandonPerSecond: fc.double({ min: 1e-3, max: 0.2, noNaN: true }),
  load: fc.double({ min: 0.05, max: 1.4, noNaN: true }),
});

describe('the chain', () => {
  test('at every state what one more costs satisfies the chain of births and deaths, to 1e-9', () => {
    fc.assert(
      fc.property(rates, ({ slots, releasePerSecond, abandonPerSecond, load }) => {
        const lambda = load * slots * releasePerSecond;
        const price = priceOf({ slots, releasePerSecond, abandonPerSecond, reactivePerSecond: lambda });
        const share = erlangA({
          servers: slots,
          arrivalsPerSecond: lambda,
          handleSeconds: 1 / releasePerSecond,
          patienceSeconds: 1 / abandonPerSecond,
        }).abandonmentShare;
        for (let n = 0; n <= slots + 60; n += 1) {
          const deaths = Math.min(n, slots) * releasePerSecond + Math.max(0, n - slots) * abandonPerSecond;
          const cost = Math.max(0, n - slots) * abandonPerSecond;
          // g = c(n) + lambda D(n) - d(n) D(n-1), the equation of state n.
          const mean = cost + lambda * price.cost(n) - deaths * (n === 0 ? 0 : price.cost(n - 1));
          expect(Math.abs(mean - lambda * share) / Math.max(lambda, deaths)).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('it grows with each chat and lies between nothing and one', () => {
    fc.assert(
      fc.property(rates, ({ slots, releasePerSecond, abandonPerSecond, load }) => {
        const price = priceOf({
          slots,
          releasePerSecond,
          abandonPerSecond,
          reactivePerSecond: load * slots * releasePerSecond,
        });
        for (let n = 0; n <= slots + 100; n += 1) {
          expect(price.cost(n)).toBeGreaterThanOrEqual(price.cost(n - 1));
          expect(price.cost(n)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('its limits', () => {
  test('without reactive visitors it is the marginal risk of a queue that drains alone', () => {
    const marginal = new MarginalRisk();
    marginal.setRates(20 / 240, 1 / 60);
    const price = priceOf(offered(20, 0));
    for (let n = 1; n <= 100; n += 1) expect(price.cost(19 + n)).toBeCloseTo(marginal.cost(n), 12);
    expect(price.cost(18)).toBe(0);
  });

  test('where who finds no slot is lost it is B(S, a) / B(n, a)', () => {
    const price = priceOf({ ...offered(20, 12), abandonPerSecond: Infinity });
    const blocked = (servers: number): number =>
      servers === 0 ? 1 : erlangB({ servers, arrivalsPerSecond: 12 / 240, handleSeconds: 240 }).blockingShare;
    for (let n = 0; n <= 20; n += 1) expect(price.cost(n)).toBeCloseTo(blocked(20) / blocked(n), 12);
    expect(price.cost(25)).toBe(1);
  });

  test('a trickle of reactive visitors in a large group, where Erlang A is below the smallest double, is priced all the same', () => {
    const price = priceOf(offered(300, 1));
    expect(price.cost(299)).toBeGreaterThan(0);
    expect(price.cost(298)).toBeGreaterThan(0);
    expect(price.cost(290)).toBeLessThan(1e-12);
  });
});
