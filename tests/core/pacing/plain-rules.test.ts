/** The plain rules that pacing is compared with: worked example A, and what they come to with leads in plenty (pacing design, 7.2). */
import { describe, expect, test } from 'vitest';
import { createPacer } from '#core/pacing/create-pacer.ts';
import { describeDecision } from '#core/pacing/describe-decision.ts';
import { invitesByRule, type PlainRule } from '#core/pacing/plain-rule.ts';
import { inviteOnePerFreeSlot } from '#tests/oracles/invite-rules.ts';
import { drawWebVisitor } from '#tests/oracles/pacing-scenarios.ts';
import { simulatePacing } from '#tests/oracles/pacing-simulator.ts';
import { abandonmentGoal, busyGoal, describeFigures, meanOf, replicate } from '#tests/core/pacing/fixture-pacing.ts';

const state = {
  slots: 5,
  busy: 3,
  queued: 0,
  pending: 3,
  ages: new Float64Array(3),
  releasePerSecond: 1 / 240,
  abandonPerSecond: 1 / 60,
};

describe('worked example A', () => {
  test.each([
    ['progressive', 3, 3, 0],
    ['progressive', 3, 1, 1],
    ['progressive', 4, 2, 0],
    ['ratio', 3, 3, 7],
    ['none', 5, 40, Infinity],
  ] as const)('%s, %i of 5 busy, %i invites out: %f more', (rule, busy, pending, more) => {
    const accepts = { acceptShare: 0.2, acceptancesToCome: 0.2 * pending };
    expect(invitesByRule(rule, { ...state, busy, pending }, accepts)).toBe(more);
    expect(invitesByRule(rule, { ...state, slots: 0, busy: 0, pending }, accepts)).toBe(0);
  });
});

function figuresOf(pacedBy: PlainRule, slots: number, hours: number, target: 'goal' | 'busy' = 'goal') {
  const settings = target === 'goal' ? abandonmentGoal : busyGoal(0.75);
  const scenario = { slots, draw: drawWebVisitor, leadsPerHour: null, hours, warmupHours: 2 };
  return replicate(2, scenario, () => createPacer('chat', { ...settings, pacedBy }));
}

describe('leads in plenty, patience 60 s', () => {
  test.each([
    ['progressive', 5, 30, 0, 0.001, 0.71, 0.735],
    ['progressive', 10, 15, 0, 0.001, 0.71, 0.735],
    ['ratio', 5, 30, 0.1, 0.25, 0.95, 0.985],
    ['ratio', 10, 15, 0.07, 0.15, 0.95, 0.985],
    ['erlangA', 5, 20, 0, 0.05, 0.36, 0.48],
    ['erlangA', 10, 10, 0, 0.05, 0.54, 0.68],
  ] as const)('%s, %i slots', (rule, slots, hours, lostMin, lostMax, busyMin, busyMax) => {
    const figures = figuresOf(rule, slots, hours);
    const lost = meanOf(figures, (figure) => figure.abandonmentShare);
    const busy = meanOf(figures, (figure) => figure.busyShare);
    expect(lost, describeFigures(figures)).toBeGreaterThanOrEqual(lostMin);
    expect(lost, describeFigures(figures)).toBeLessThan(lostMax);
    expect(busy, describeFigures(figures)).toBeGreaterThan(busyMin);
    expect(busy, describeFigures(figures)).toBeLessThan(busyMax);
  });

  test('erlangA for a busy goal keeps agents about as busy', () => {
    const figures = figuresOf('erlangA', 10, 10, 'busy');
    expect(Math.abs(meanOf(figures, (figure) => figure.busyShare) - 0.75)).toBeLessThan(0.04);
  });
});

test('progressive is the rule of the test simulator, chat by chat', () => {
  const scenario = { slots: 6, draw: drawWebVisitor, leadsPerHour: () => 400, hours: 3, seed: 7 };
  const ours = simulatePacing(scenario, createPacer('chat', { ...abandonmentGoal, pacedBy: 'progressive' }));
  expect(ours).toEqual(simulatePacing(scenario, inviteOnePerFreeSlot()));
});

test('its records say that no risk was looked at', () => {
  const pacer = createPacer('chat', { ...abandonmentGoal, pacedBy: 'none' });
  expect(describeDecision(pacer.refresh(0))).toBe('no invite: no agent of the group is logged in');
  pacer.setSlots(2, 0);
  const { granted, decision } = pacer.requestPermit('a', 10);
  expect([granted, decision.binding, decision.ledger]).toEqual([true, 'rule', null]);
  expect(describeDecision(decision)).toBe(
    'granted: by a plain rule, whatever it risks; 2 slots free, 0 more within 8 s, no invite out',
  );
});

test('what it has learned outlives it', () => {
  const scenario = { slots: 10, draw: drawWebVisitor, leadsPerHour: () => 700, hours: 2, seed: 11 };
  const pacer = createPacer('chat', { ...abandonmentGoal, pacedBy: 'ratio' });
  simulatePacing(scenario, pacer);
  const now = 2 * 3_600_000;
  const next = createPacer('chat', { ...abandonmentGoal, pacedBy: 'ratio' });
  next.restore(pacer.snapshot(), { slots: 10, busy: 4, queued: [], pending: [] }, now);
  expect(next.refresh(now).acceptShare).toBeCloseTo(pacer.refresh(now).acceptShare, 3);
});
