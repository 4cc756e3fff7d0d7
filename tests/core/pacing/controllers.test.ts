/** The two controllers and the safeguards, one by one: what they promise whatever the traffic does. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BusyController } from '#core/pacing/busy-controller.ts';
import { GoalLedger } from '#core/pacing/goal-ledger.ts';
import { InviteGovernor } from '#core/pacing/invite-governor.ts';
import { RateEstimator } from '#core/pacing/rate-estimator.ts';
import { SupplyWatch } from '#core/pacing/supply-watch.ts';
import { defaultTuning } from '#core/pacing/tuning.ts';

function ledgerOf(accepted: number, abandoned: number): GoalLedger {
  const ledger = new GoalLedger(0.03, { ...defaultTuning, antiWindup: false });
  for (let i = 0; i < accepted; i += 1) ledger.accepted(false);
  for (let i = 0; i < abandoned; i += 1) ledger.abandoned();
  return ledger;
}

describe('the goal ledger', () => {
  test('its credit is the goal times the accepted less the abandoned, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (events) => {
        const ledger = new GoalLedger(0.03, { ...defaultTuning, antiWindup: false });
        for (const isAccepted of events) {
          if (isAccepted) ledger.accepted(false);
          else ledger.abandoned();
        }
        const accepted = events.filter(Boolean).length;
        expect(ledger.credit).toBeCloseTo(0.98 * 0.03 * accepted - (events.length - accepted), 9);
      }),
    );
  });

  test('while the credit is not negative the share is below the goal', () => {
    const ledger = ledgerOf(1_000, 29);
    expect(ledger.credit).toBeGreaterThan(0);
    expect(29 / 1_000).toBeLessThan(0.03);
    expect(ledgerOf(1_000, 30).credit).toBeLessThan(0);
  });

  test('the limit is next to nothing until the credit covers an abandonment, and rises with it to a half', () => {
    const limits = [0, 20, 34, 68, 102, 170, 340, 680].map((accepted) => ledgerOf(accepted, 0).limit(0));
    limits.forEach((limit, i) => expect(limit).toBeGreaterThanOrEqual(limits[i - 1] ?? 0));
    expect(limits[0]).toBeCloseTo(0.1 * 0.98 * 0.03 * Math.exp(-4), 12);
    expect(limits[1]).toBeLessThan(0.001);
    expect(limits.at(-1)).toBe(0.5);
  });

  test('an abandonment early on costs more of the limit than one later', () => {
    const drop = (accepted: number): number => ledgerOf(accepted, 1).limit(0) / ledgerOf(accepted, 0).limit(0);
    expect(drop(34)).toBeLessThan(0.15);
    expect(drop(170)).toBeCloseTo(Math.exp(-0.5), 6);
  });

  test('what is under way counts against the reserve, four times over', () => {
    const ledger = ledgerOf(102, 0);
    const free = ledger.credit - 2;
    expect(ledger.limit(free / 4 - 1e-9)).toBeCloseTo(ledger.limit(0), 9);
    expect(ledger.limit(free / 4 + 0.25)).toBeCloseTo(ledger.limit(0) * Math.exp(-2), 9);
  });

  test('where invites use a tenth of the limit only, the limit is up to ten times higher for the same credit', () => {
    const ledger = ledgerOf(140, 0);
    const before = ledger.limit(0);
    for (let i = 0; i < 1_000; i += 1) ledger.sent(i % 10 === 0 ? 1 : 0, 1);
    expect(ledger.limit(0), 'moves at a refresh only').toBe(before);
    ledger.refresh(10, 1 / 240, 70);
    expect(ledger.limit(0) / before).toBeGreaterThan(8);
    expect(ledger.limit(0) / before).toBeLessThan(11);
  });

  test('the gain falls with the size of the group, first by noise, then by the delay of the loop', () => {
    const gainAt = (slots: number, delay: number): number => {
      const ledger = new GoalLedger(0.03, defaultTuning);
      ledger.refresh(slots, 1 / 240, delay);
      return ledger.gain;
    };
    expect(gainAt(10, 70)).toBe(0.5);
    expect(gainAt(100, 70)).toBeCloseTo(0.3, 12);
    expect(gainAt(300, 70)).toBeCloseTo(0.3 / (0.98 * 0.03 * 300 * (1 / 240) * 70), 12);
  });

  test('starved of leads it gathers nothing, but counts every abandonment', () => {
    const ledger = new GoalLedger(0.03, defaultTuning);
    for (let i = 0; i < 500; i += 1) ledger.accepted(true);
    expect(ledger.credit).toBe(0);
    ledger.abandoned();
    expect(ledger.credit).toBe(-1);
  });

  test('and never gathers more than the highest limit can spend, with its reserve', () => {
    const ledger = new GoalLedger(0.03, defaultTuning);
    for (let i = 0; i < 5_000; i += 1) ledger.accepted(false);
    const top = 2 + Math.log(0.5 / (0.1 * 0.98 * 0.03)) / 0.5;
    expect(ledger.credit).toBeGreaterThanOrEqual(top);
    expect(ledger.credit).toBeLessThan(top + 0.03);
  });
});

describe('the busy controller', () => {
  test('opens the idle limit before it accepts any risk', () => {
    const controller = new BusyController(0.75);
    for (let i = 0; i < 20_000; i += 1) controller.observed(1, 1);
    expect(controller.riskLimit).toBeCloseTo(1e-4, 12);
    const tight = controller.idleLimit(100, false);
    for (let i = 0; i < 1_000; i += 1) controller.observed(0.6, 1);
    expect(controller.idleLimit(100, false)).toBeLessThan(tight);
    expect(controller.riskLimit).toBeCloseTo(1e-4, 12);
    for (let i = 0; i < 4_000; i += 1) controller.observed(0.6, 1);
    expect(controller.riskLimit).toBeGreaterThan(0.01);
    for (let i = 0; i < 100_000; i += 1) controller.observed(0, 1);
    expect(controller.riskLimit).toBeCloseTo(0.9, 9);
  });

  test('where leads are scarce and the goal is not reached it refuses none for the sake of idle slots', () => {
    const controller = new BusyController(0.75);
    expect(controller.idleLimit(100, false)).toBeCloseTo(14.5, 9);
    expect(controller.idleLimit(100, true)).toBeCloseTo(1, 9);
    for (let i = 0; i < 20_000; i += 1) controller.observed(1, 1);
    expect(controller.idleLimit(100, true)).toBe(controller.idleLimit(100, false));
  });
});

describe('the safeguards', () => {
  test('the governor counts the last sixty seconds and nothing older', () => {
    const governor = new InviteGovernor();
    const room = (at: number): number => governor.room(at, 10, 1 / 240, 0.2, 0.03);
    const whole = Math.floor(((1.5 * 60 * 10) / 240 / 0.97 + 20) / 0.2);
    expect(room(0)).toBe(whole);
    for (let i = 0; i < 30; i += 1) governor.sent(i * 1_000);
    expect(room(30_000)).toBe(whole - 30);
    expect(room(69_999)).toBe(whole - 20);
    expect(room(89_000)).toBe(whole);
    expect(room(10_000_000)).toBe(whole);
  });

  test('leads count as starved only while refreshes are left unspent and hardly any lead is refused', () => {
    const watch = new SupplyWatch(defaultTuning);
    for (let second = 0; second < 300; second += 1) watch.period(true, 1);
    expect([watch.scarce, watch.starved]).toEqual([true, false]);
    for (let lead = 0; lead < 200; lead += 1) watch.lead(false);
    expect(watch.starved).toBe(true);
    for (let lead = 0; lead < 5; lead += 1) watch.lead(true);
    expect(watch.starved).toBe(false);
    for (let lead = 0; lead < 300; lead += 1) watch.lead(false);
    for (let second = 0; second < 60; second += 1) watch.period(false, 1);
    expect([watch.scarce, watch.starved]).toEqual([false, false]);
  });
});

describe('a learned rate', () => {
  const prior = { events: 5, meanSeconds: 240, halfLifeSeconds: 3_600, rateMin: 0 };

  test('starts from its prior and comes to events per second of exposure', () => {
    const rate = new RateEstimator(prior);
    expect(rate.perSecond).toBeCloseTo(1 / 240, 12);
    for (let hour = 0; hour < 20; hour += 1) {
      rate.observed(90, 9_000);
      rate.forget(3_600);
    }
    expect(rate.perSecond).toBeCloseTo(1 / 100, 4);
  });

  test('counts the time of what is still under way: without an event the rate falls', () => {
    const rate = new RateEstimator(prior);
    rate.observed(0, 6_000);
    expect(rate.perSecond).toBeCloseTo(5 / 7_200, 12);
  });

  test('keeps what it knew through any silence, with the weight of the prior at least', () => {
    const rate = new RateEstimator(prior);
    rate.observed(1_000, 100_000);
    const before = rate.perSecond;
    for (let day = 0; day < 1_000; day += 1) rate.forget(86_400);
    expect(rate.perSecond).toBeCloseTo(before, 12);
    rate.observed(1, 0);
    expect(rate.perSecond).toBeCloseTo(before + 1 / 1_200, 9);
  });

  test('is never lower than its floor', () => {
    const rate = new RateEstimator({ ...prior, rateMin: 1e-3 });
    rate.observed(0, 1e9);
    expect(rate.perSecond).toBe(1e-3);
  });
});
