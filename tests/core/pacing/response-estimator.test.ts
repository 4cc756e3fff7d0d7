/** Learning how invites are answered: right while answers are still out, by age, on the safe side, quick to see a jump upwards. */
import { describe, expect, test } from 'vitest';
import { ResponseEstimator } from '#core/pacing/response-estimator.ts';
import { defaultTuning } from '#core/pacing/tuning.ts';
import { drawWebVisitor, webVisitor } from '#tests/oracles/pacing-scenarios.ts';
import type { Visitor } from '#tests/oracles/pacing-simulator.ts';
import { SmallRandom } from '#tests/oracles/small-random.ts';

/** Invites at a steady pace for some seconds, each followed second by second; what is still out at the end stays so. */
function watch(estimator: ResponseEstimator, draw: (random: SmallRandom) => Visitor, count: number, seconds: number) {
  const random = new SmallRandom(7);
  let accepted = 0;
  let resolved = 0;
  for (let i = 0; i < count; i += 1) {
    const age = seconds - (seconds * i) / count;
    const { endsAfter, accepts } = draw(random);
    estimator.entered(0, Math.floor(Math.min(age, endsAfter)));
    if (endsAfter > age) continue;
    estimator.resolved(Math.floor(endsAfter), accepts);
    resolved += 1;
    if (accepts) accepted += 1;
  }
  estimator.update();
  return { ratio: accepted / resolved };
}

/** Weak prior, no safety: the bare estimate. */
const bare = { ...defaultTuning, responsePriorInvites: 1e-6, jumpDeviations: 1e9 };

describe('the response model', () => {
  test.each([
    [30, 0.4],
    [60, 0.25],
  ])('%i s after the start it has no bias, while the ratio of answers is too high (about %f)', (seconds, ratio) => {
    const estimator = new ResponseEstimator(30_000, bare);
    const seen = watch(estimator, drawWebVisitor, 40_000, seconds);
    expect(Math.abs(estimator.acceptShare - 0.199)).toBeLessThan(0.008);
    expect(seen.ratio).toBeGreaterThan(ratio - 0.05);
    expect(seen.ratio).toBeGreaterThan(estimator.acceptShare * 1.1);
  });

  test('an invite that is still out is worth less with each second: 0.199 new, 0.122 at 8 s, 0.014 at 20 s', () => {
    const estimator = new ResponseEstimator(30_000, bare);
    watch(estimator, drawWebVisitor, 200_000, 100_000);
    // Up to the last horizon (7/8 of the acceptances of a new invite), relative to all that is to come.
    const last = defaultTuning.epochs - 1;
    const gamma = (t: number): number => 1 - Math.exp(-t / 4) * (1 + t / 4);
    const pendingAt = (age: number): number => 1 - 0.2 * gamma(age) - 0.3 * (1 - Math.exp(-age / 6));
    for (const age of [0, 8, 20]) {
      const horizon = Math.min(30, age + (estimator.horizons[last] ?? 0));
      const exact = (0.2 * (gamma(horizon) - gamma(age))) / pendingAt(age);
      expect(Math.abs(estimator.acceptedWithin(last, age) - exact), `at ${age} s`).toBeLessThan(0.01);
    }
    const all = (age: number): number => (0.2 * (gamma(30) - gamma(age))) / pendingAt(age);
    expect([0, 8, 20].map((age) => all(age).toFixed(3))).toEqual(['0.199', '0.122', '0.014']);
  });

  test('its horizons are the quantiles 1/8, 3/8, 5/8, 7/8 of the accept delay', () => {
    const estimator = new ResponseEstimator(30_000, bare);
    watch(estimator, drawWebVisitor, 200_000, 100_000);
    const gamma = (t: number): number => 1 - Math.exp(-t / 4) * (1 + t / 4);
    estimator.horizons.forEach((horizon, j) => {
      expect(gamma(horizon) / gamma(30), `quantile ${j}`).toBeCloseTo((j + 0.5) / 4, 1);
    });
    expect(estimator.acceptDelaySeconds).toBeCloseTo(7.9, 0);
  });

  test('before any answer it believes in half of the invites and adds a standard error: few invites go out', () => {
    const estimator = new ResponseEstimator(30_000, defaultTuning);
    expect(estimator.acceptShare).toBeGreaterThan(0.45);
    expect(estimator.acceptedWithin(3, 0)).toBeGreaterThan(0.5);
  });

  test('a jump of the accept share upwards shows within 60 answers, although it forgets slowly', () => {
    const estimator = new ResponseEstimator(30_000, defaultTuning);
    watch(estimator, drawWebVisitor, 2_000, 100_000);
    const before = estimator.acceptedWithin(3, 0);
    watch(estimator, webVisitor(0.5), 60, 100_000);
    expect(estimator.acceptShare).toBeLessThan(0.22);
    expect(estimator.acceptedWithin(3, 0)).toBeGreaterThan(1.6 * before);
  });

  test('a jump downwards is not taken for one: that would send too many', () => {
    const estimator = new ResponseEstimator(30_000, defaultTuning);
    watch(estimator, webVisitor(0.5), 2_000, 100_000);
    const before = estimator.acceptedWithin(3, 0);
    watch(estimator, webVisitor(0.1), 60, 100_000);
    expect(estimator.acceptedWithin(3, 0)).toBeGreaterThan(0.95 * before);
  });

  test('forgets by half in half an hour, and never all', () => {
    const estimator = new ResponseEstimator(30_000, defaultTuning);
    watch(estimator, drawWebVisitor, 1_000, 100_000);
    const learned = estimator.acceptShare;
    for (let hour = 0; hour < 1_000; hour += 1) estimator.forget(3_600);
    watch(estimator, drawWebVisitor, 1, 100);
    expect(Math.abs(estimator.acceptShare - learned)).toBeLessThan(0.6);
    expect(Number.isFinite(estimator.acceptedWithin(0, 5))).toBe(true);
  });

  test('a form that is filled in long after the click still counts: ages beyond the time-out share one bin', () => {
    const estimator = new ResponseEstimator(30_000, bare);
    for (let i = 0; i < 1_000; i += 1) {
      const age = i % 2 === 0 ? 55 : 30;
      estimator.entered(0, age);
      estimator.resolved(age, i % 2 === 0);
    }
    estimator.update();
    expect(estimator.acceptShare).toBeGreaterThan(0.4);
    expect(estimator.acceptShare).toBeLessThan(0.6);
    expect(estimator.acceptedWithin(3, 45)).toBeGreaterThan(0.3);
  });
});
