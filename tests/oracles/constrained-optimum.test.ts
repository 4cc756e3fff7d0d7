/** The solver of the constrained optimum against published policies and figures, against simulation, and against itself. */
import { describe, expect, test } from 'vitest';
import {
  constrainedOptimum,
  figuresFromEmpty,
  figuresOfTable,
  optimumAtPrice,
  type OptimumInput,
} from '#tests/oracles/constrained-optimum.ts';
import { inviteByTable } from '#tests/oracles/invite-rules.ts';
import { markovVisitor } from '#tests/oracles/pacing-scenarios.ts';
import { simulatePacing } from '#tests/oracles/pacing-simulator.ts';

/** Scenario M of docs/pacing.md. */
function markov(slots: number, patienceMeanSeconds: number | null): OptimumInput {
  return {
    slots,
    handleMeanSeconds: 240,
    patienceMeanSeconds,
    responseMeanSeconds: 10,
    acceptShare: 0.2,
    leadsPerHour: null,
    goalShare: 0.03,
  };
}

const guideLike: OptimumInput = {
  slots: 10,
  handleMeanSeconds: 390,
  patienceMeanSeconds: 90,
  responseMeanSeconds: 10,
  acceptShare: 0.3,
  leadsPerHour: 300,
  goalShare: 0.03,
};

describe('unlimited supply', () => {
  test.each([
    [5, 60, 60, [14, 10, 7, 4, 1, 0], 0.87717, 1.6235],
    [5, 60, 50, [14, 11, 8, 4, 2, 0], 0.91437, 4.969],
    [5, null, 40, [13, 9, 6, 3, 1, 0], 0.86077, 1.4806],
    [10, 60, 20, [37, 33, 29, 25, 21, 17, 13, 10, 6, 2, 0], 0.93537, 3.6553],
  ] as const)(
    '%i slots, patience %s s, price %i s: order up to m*(n), busy and abandonment as published',
    (slots, patience, price, table, busy, abandoned) => {
      const found = optimumAtPrice(markov(slots, patience), price);
      expect(found.pendingMaxByChats.slice(0, slots + 1)).toEqual(table);
      expect(found.busyShare).toBeCloseTo(busy, 5);
      expect(100 * found.abandonmentShare).toBeCloseTo(abandoned, 4);
    },
  );

  test.each([
    [5, 60, 0.8925],
    [10, 60, 0.9294],
    [5, null, 0.8714],
    [10, null, 0.8928],
  ] as const)('%i slots, patience %s s: busy as published at 3 percent, to 0.1 points', (slots, patience, busy) => {
    const found = constrainedOptimum(markov(slots, patience));
    expect(found.abandonmentShare).toBeCloseTo(0.03, 9);
    // The published figures interpolate busy over the shares of abandonment; mixing two policies in time gives a little less.
    expect(found.busyShare).toBeLessThan(busy + 0.0005);
    expect(found.busyShare).toBeGreaterThan(busy - 0.001);
  });
});

describe('finite supply', () => {
  const optimum = constrainedOptimum(guideLike);

  test('the flows balance: leads invited, accepted and served', () => {
    expect(optimum.abandonmentShare).toBeCloseTo(0.03, 9);
    expect(optimum.acceptedPerHour).toBeCloseTo(300 * (1 - optimum.refusedShare) * 0.3, 3);
    expect(optimum.busyShare).toBeCloseTo((optimum.acceptedPerHour * 0.97 * 390) / 3600 / 10, 6);
  });

  test('no table beside the optimal one is better at its price', () => {
    const [strict] = optimum.policies;
    const worth = (table: readonly number[]): number => {
      const { busyShare, abandonedPerSecond, acceptedPerSecond } = figuresOfTable(guideLike, table);
      return busyShare - optimum.price * (abandonedPerSecond - 0.03 * acceptedPerSecond);
    };
    const best = worth(strict.pendingMaxByChats);
    for (let n = 5; n <= 11; n += 1) {
      for (const change of [-1, 1]) {
        const table = strict.pendingMaxByChats.map((limit, chats) =>
          chats === n ? Math.max(0, limit + change) : limit,
        );
        expect(worth(table), `${change} at ${n}`).toBeLessThanOrEqual(best + 1e-7);
      }
    }
  });

  test('its policies, simulated, give its figures', () => {
    for (const [seed, { pendingMaxByChats, busyShare, abandonmentShare }] of optimum.policies.entries()) {
      const figures = simulatePacing(
        {
          slots: 10,
          draw: markovVisitor({ ...guideLike, patienceMeanSeconds: 90 }),
          leadsPerHour: () => 300,
          hours: 1500,
          warmupHours: 2,
          seed,
        },
        inviteByTable(pendingMaxByChats),
      );
      expect(Math.abs(figures.busyShare - busyShare), `busy, seed ${seed}`).toBeLessThan(0.004);
      expect(Math.abs(figures.abandonmentShare - abandonmentShare), `abandoned, seed ${seed}`).toBeLessThan(0.004);
    }
  });

  test('from an empty room it takes about 0.7 points less over 8 hours, and nothing less over very many', () => {
    const [strict] = optimum.policies;
    const eight = figuresFromEmpty(guideLike, strict.pendingMaxByChats, 8);
    expect(strict.busyShare - eight.busyShare).toBeGreaterThan(0.006);
    expect(strict.busyShare - eight.busyShare).toBeLessThan(0.008);
    const long = figuresFromEmpty(guideLike, strict.pendingMaxByChats, 80);
    expect(strict.busyShare - long.busyShare).toBeCloseTo((strict.busyShare - eight.busyShare) / 10, 4);
  });

  test('with so few leads that the goal never binds, nobody is refused', () => {
    const few = constrainedOptimum({ ...guideLike, leadsPerHour: 60 });
    expect(few.refusedShare).toBeLessThan(1e-6);
    expect(few.abandonmentShare).toBeLessThan(0.03);
  });

  test('with leads in plenty it comes near the optimum of unlimited supply', () => {
    const plenty = constrainedOptimum({ ...markov(5, 60), leadsPerHour: 6_000 });
    const unlimited = constrainedOptimum(markov(5, 60));
    expect(unlimited.busyShare - plenty.busyShare).toBeGreaterThan(0);
    expect(unlimited.busyShare - plenty.busyShare).toBeLessThan(0.01);
  });
});
