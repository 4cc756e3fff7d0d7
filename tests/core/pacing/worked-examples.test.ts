/**
 * Worked example A of the pacing design: S = 5, AHT 240 s, patience 60 s, answers after Exp(10 s), accepted with 0.2.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BacklogState } from '#core/pacing/backlog-forecast.ts';
import { explainPacing } from '#core/pacing/explain-pacing.ts';
import { MarginalRisk } from '#core/pacing/marginal-risk.ts';
import { PoissonBinomialBacklog } from '#core/pacing/poisson-binomial-backlog.ts';
import { createExponentialResponse } from '#core/pacing/response-model.ts';

const RESPONSE = createExponentialResponse(0.2, 10, 4);

function stateOf(given: Partial<BacklogState>): BacklogState {
  const pending = given.pending ?? 0;
  return {
    slots: 5,
    busy: 0,
    queued: 0,
    pending,
    ages: new Float64Array(pending),
    releasePerSecond: 1 / 240,
    abandonPerSecond: 1 / 60,
    ...given,
  };
}

function risks(state: BacklogState, upTo: number): number[] {
  const backlog = new PoissonBinomialBacklog(4);
  backlog.begin(state, RESPONSE);
  return Array.from({ length: upTo + 1 }, (_, k) => {
    backlog.setInvites(k);
    return backlog.risk();
  });
}

describe('worked example A', () => {
  test('the horizons are the quantiles 1/8, 3/8, 5/8, 7/8 of the accept delay', () => {
    expect([...RESPONSE.horizons].map((t) => t.toFixed(4))).toEqual(['1.3353', '4.7000', '9.8083', '20.7944']);
  });

  test('with three of five slots busy and three invites out, two more are within a limit of 0.0285', () => {
    const risk = risks(stateOf({ busy: 3, pending: 3 }), 4);
    const expected = [0.013477, 0.025163, 0.039191, 0.054994, 0.072101];
    risk.forEach((value, k) => expect(value, `risk(${k})`).toBeCloseTo(expected[k] ?? Number.NaN, 6));
    expect(risk.findIndex((value) => value > 0.0285)).toBe(2);
  });

  test('with four busy and two invites out not even one is', () => {
    const [risk = 0] = risks(stateOf({ busy: 4, pending: 2 }), 0);
    expect(risk).toBeCloseTo(0.07031, 6);
  });

  test('in the loss model, where nobody waits, the second state costs 0.154281', () => {
    const [risk = 0] = risks(stateOf({ busy: 4, pending: 2, abandonPerSecond: Infinity }), 0);
    expect(risk).toBeCloseTo(0.154281, 6);
  });
});

describe('worked example A, asked as a question', () => {
  const question = {
    algorithm: 'SUPER_PROGRESSIVE',
    slots: 5,
    busy: 3,
    queued: 0,
    pending: 3,
    response: { acceptShare: 0.2, meanSeconds: 10 },
    handleMeanSeconds: 240,
    patienceMeanSeconds: 60,
    riskLimit: 0.0285,
    idleLimit: null,
  } as const;

  test('two invites, by the risk', () => {
    const answer = explainPacing(question);
    expect(answer).toMatchObject({ invites: 2, limit: 0.0285, binding: 'risk' });
    expect(answer.risk.map((risk) => risk.toFixed(6))).toEqual(['0.013477', '0.025163', '0.039191']);
  });

  test('none with four busy and two out, with patience and without', () => {
    const full = { ...question, busy: 4, pending: 2 };
    expect(explainPacing(full)).toMatchObject({ invites: 0, binding: 'risk' });
    expect(explainPacing({ ...full, patienceMeanSeconds: null }).risk[0]).toBeCloseTo(0.154281, 6);
  });

  test('by idle slots alone: each invite takes p (1 - 1/8) of a slot at the last horizon', () => {
    const { invites, idle, binding } = explainPacing({ ...question, riskLimit: null, idleLimit: 1 });
    expect(binding).toBe('idle');
    expect(idle.at(-1)).toBeLessThanOrEqual(1);
    expect(idle.at(-2)).toBeGreaterThan(1);
    expect(idle).toHaveLength(invites + 1);
    // As long as nobody can wait, the expectation is linear: 2 free, 3 r released, 3 x 0.175 accepted.
    const few = explainPacing({ ...question, pending: 1, riskLimit: null, idleLimit: 0 });
    expect(few.idle[0]).toBeCloseTo(2 + 3 * (1 - Math.exp(-20.794415 / 240)) - 0.175, 6);
    expect(few.idle[1]).toBeCloseTo((few.idle[0] ?? 0) - 0.175, 6);
  });

  test('without limits that bind, the safeguard: 2 S / p invites out; without slots, none', () => {
    expect(explainPacing({ ...question, riskLimit: 1 })).toMatchObject({ invites: 47, limit: null, binding: 'kmax' });
    expect(explainPacing({ ...question, slots: 0, busy: 0 })).toMatchObject({ invites: 0, binding: 'group' });
  });

  test('a question without a limit is refused', () => {
    expect(() => explainPacing({ ...question, riskLimit: null })).toThrow('limit');
  });
});

describe('the exact backlog', () => {
  /** Every outcome of every busy slot and invite, one by one. */
  function naiveRisk(state: BacklogState, epoch: number): number {
    const horizon = RESPONSE.horizons[epoch] ?? 0;
    const released = 1 - Math.exp(-state.releasePerSecond * horizon);
    const accepted = RESPONSE.acceptedWithin(epoch, 0);
    const marginal = new MarginalRisk();
    marginal.setRates(state.slots * state.releasePerSecond, state.abandonPerSecond);
    const walk = (busy: number, pending: number, backlog: number, chance: number): number => {
      if (busy > 0) {
        return (
          walk(busy - 1, pending, backlog - 1, chance * released) +
          walk(busy - 1, pending, backlog, chance * (1 - released))
        );
      }
      if (pending > 0) {
        return (
          walk(0, pending - 1, backlog + 1, chance * accepted) + walk(0, pending - 1, backlog, chance * (1 - accepted))
        );
      }
      return chance * marginal.cost(backlog + 1);
    };
    const free = state.slots - state.busy;
    return walk(state.busy, state.pending, state.queued - free, 1);
  }

  test('agrees with the enumeration of all outcomes to 1e-12', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.nat(8),
        fc.nat(4),
        fc.nat(7),
        fc.double({ min: 1e-4, max: 0.1, noNaN: true }),
        (slots, busyMax, queued, pending, releasePerSecond) => {
          const state = stateOf({
            slots,
            busy: Math.min(slots, busyMax),
            queued,
            pending,
            ages: new Float64Array(pending),
            releasePerSecond,
          });
          const naive = [0, 1, 2, 3].reduce((sum, epoch) => sum + naiveRisk(state, epoch), 0) / 4;
          const [risk = Number.NaN] = risks(state, 0);
          expect(Math.abs(risk - naive)).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('many invites at once give what one by one gives, and fewer give what they gave before', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(3), fc.nat(30), fc.nat(90), (busy, queued, pending, invites) => {
        const state = stateOf({ slots: 60, busy, queued, pending, ages: new Float64Array(pending) });
        const stepwise = risks(state, invites);
        const backlog = new PoissonBinomialBacklog(4);
        backlog.begin(state, RESPONSE);
        backlog.setInvites(invites);
        const atOnce = backlog.risk();
        expect(Math.abs(atOnce - (stepwise.at(-1) ?? Number.NaN))).toBeLessThan(1e-13);
        backlog.setInvites(Math.floor(invites / 2));
        expect(Math.abs(backlog.risk() - (stepwise[Math.floor(invites / 2)] ?? Number.NaN))).toBeLessThan(1e-13);
      }),
      { numRuns: 100 },
    );
  });

  test('its moments, its idle slots and what it holds under way are those of its distribution', () => {
    const state = stateOf({ slots: 12, busy: 9, queued: 1, pending: 6 });
    const backlog = new PoissonBinomialBacklog(4);
    backlog.begin(state, RESPONSE);
    backlog.setInvites(3);
    const marginal = new MarginalRisk();
    marginal.setRates(12 / 240, 1 / 60);
    let underWay = 0;
    let idleAtLast = 0;
    for (let epoch = 0; epoch < 4; epoch += 1) {
      const moments = [0, 0, 0];
      let idle = 0;
      for (let y = -12; y <= 20; y += 1) {
        const share = backlog.probability(epoch, y);
        moments.forEach((_, power) => (moments[power] = (moments[power] ?? 0) + share * y ** power));
        idle += share * Math.max(0, -y);
        underWay += (share * marginal.loss(y)) / 4;
      }
      const [mass = 0, mean = 0, square = 0] = moments;
      const accept = RESPONSE.acceptedWithin(epoch, 0);
      expect(mass).toBeCloseTo(1, 13);
      expect(mean).toBeCloseTo(backlog.mean(epoch) + 3 * accept, 12);
      expect(square - mean * mean).toBeCloseTo(backlog.deviation(epoch) ** 2 + 3 * accept * (1 - accept), 11);
      idleAtLast = idle;
    }
    expect(backlog.idle()).toBeCloseTo(idleAtLast, 12);
    expect(backlog.underWay()).toBeCloseTo(underWay, 12);
  });

  test('the risk grows with each invite and never leaves 0..1', () => {
    const risk = risks(stateOf({ slots: 20, busy: 15, queued: 1, pending: 4 }), 30);
    risk.forEach((value, k) => {
      expect(value).toBeGreaterThanOrEqual(risk[k - 1] ?? 0);
      expect(value).toBeLessThan(1);
    });
  });

  test('what the n-th waiting chat costs adds up to what a queue of n costs', () => {
    const marginal = new MarginalRisk();
    marginal.setRates(10 / 240, 1 / 60);
    let sum = 0;
    for (let n = 1; n <= 40; n += 1) {
      expect(marginal.cost(n)).toBeCloseTo(n / 60 / (10 / 240 + n / 60), 14);
      sum += marginal.cost(n);
      expect(marginal.loss(n)).toBeCloseTo(sum, 12);
    }
    expect([marginal.cost(0), marginal.cost(-3), marginal.loss(0), marginal.loss(-1)]).toEqual([0, 0, 0, 0]);
    marginal.setRates(10 / 240, Infinity);
    expect([marginal.cost(1), marginal.loss(5)]).toEqual([1, 5]);
  });

  test('V(n) is the expected number of abandonments of a queue that drains alone, by the first event and then recursion', () => {
    const [releases, abandons] = [10 / 240, 1 / 60];
    const marginal = new MarginalRisk();
    marginal.setRates(releases, abandons);
    const drained = (n: number): number => {
      if (n === 0) return 0;
      const abandonedFirst = (n * abandons) / (releases + n * abandons);
      return abandonedFirst + drained(n - 1);
    };
    for (let n = 0; n <= 40; n += 1) expect(marginal.loss(n)).toBeCloseTo(drained(n), 12);
  });
});
