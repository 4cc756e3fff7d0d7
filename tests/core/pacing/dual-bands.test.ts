/**
 * The promise with visitors who ask for a chat themselves (pacing design, sections 7.5 and 7.7): abandonment of all chats
 * together, slots kept for proactive ones, and how many reactive ones are let in. Everything is learned on the run.
 */
import { describe, expect, test } from 'vitest';
import { dualFigures, meanShare, type DualFigures } from '#tests/core/pacing/fixture-dual.ts';

describe('goal 3 %, proactive leads in plenty', () => {
  test.each([
    [20, 0.3, 0],
    [20, 0.6, 0.3],
    [60, 0.3, 0],
    [60, 0.6, 0.6],
  ] as const)(
    '%i slots, reactive load %f, ratio %f: of all chats at most 3.2 in 100 abandoned',
    (slots, load, ratio) => {
      const figures = dualFigures({ slots, load, ratio, runs: 1, hours: slots === 20 ? 8 : 3 });
      const said = JSON.stringify(figures);
      expect(meanShare(figures, 'abandoned'), said).toBeLessThanOrEqual(0.032);
      expect(meanShare(figures, 'abandoned'), said).toBeGreaterThan(0.024);
      expect(meanShare(figures, 'proactiveBusy'), said).toBeGreaterThanOrEqual(ratio);
      // Proactive chats are timed, reactive ones come unannounced.
      expect(meanShare(figures, 'proactiveAbandoned'), said).toBeLessThan(meanShare(figures, 'reactiveAbandoned'));
      expect(meanShare(figures, 'letIn'), said).toBeGreaterThan(ratio === 0 ? 0.99 : 0.15);
    },
  );

  test('a ratio of 100 lets no reactive chat in, and pacing is what it is without them', () => {
    const figures = dualFigures({ slots: 20, load: 0.6, ratio: 1, runs: 1, hours: 6 });
    expect(meanShare(figures, 'letIn')).toBe(0);
    expect(meanShare(figures, 'abandoned')).toBeLessThanOrEqual(0.0305);
    expect(meanShare(figures, 'proactiveBusy')).toBeGreaterThan(0.94);
  });

  test('the check can fail: without the account of all chats far more reactive ones are abandoned', () => {
    const blind = dualFigures({ slots: 20, load: 0.6, ratio: 0, runs: 1, hours: 5, tuning: { wholeLimitMin: 0.5 } });
    const seeing = dualFigures({ slots: 20, load: 0.6, ratio: 0, runs: 1, hours: 5 });
    expect(meanShare(blind, 'reactiveAbandoned')).toBeGreaterThan(2 * meanShare(seeing, 'reactiveAbandoned'));
  });
});

test('without the shadow price of a slot proactive chats crowd the reactive ones out: the check can fail', () => {
  const at = { slots: 20, load: 0.6, ratio: 0, runs: 1, hours: 8 } as const;
  const [priced, unpriced] = [dualFigures(at), dualFigures({ ...at, unpriced: true })];
  expect(meanShare(priced, 'letIn')).toBeGreaterThan(0.95);
  expect(meanShare(unpriced, 'letIn')).toBeLessThan(0.85);
  expect(meanShare(unpriced, 'reactiveAbandoned')).toBeGreaterThan(1.2 * meanShare(priced, 'reactiveAbandoned'));
});

describe('agents busy at least 85 %', () => {
  test.each([
    [20, 0.3, 0],
    [60, 0.6, 0.3],
  ] as const)('%i slots, reactive load %f, ratio %f: within 1.5 points above it', (slots, load, ratio) => {
    const figures = dualFigures({ slots, load, ratio, runs: 1, hours: slots === 20 ? 10 : 4, busyGoal: 0.85 });
    const busy = meanShare(figures, 'proactiveBusy') + meanShare(figures, 'reactiveBusy');
    expect(busy, JSON.stringify(figures)).toBeGreaterThanOrEqual(0.85);
    expect(busy, JSON.stringify(figures)).toBeLessThan(0.865);
    expect(meanShare(figures, 'abandoned')).toBeLessThan(0.03);
  });
});

test('reactive traffic alone at the capacity of the group: protected, the goal is kept by letting fewer in', () => {
  const figures: readonly DualFigures[] = dualFigures({ slots: 20, load: 1, ratio: 0, runs: 2, hours: 8 });
  expect(meanShare(figures, 'abandoned')).toBeLessThanOrEqual(0.032);
  expect(meanShare(figures, 'letIn')).toBeLessThan(0.85);
  const faithful = dualFigures({ slots: 20, load: 1, ratio: 0, runs: 1, hours: 8, faithful: true });
  expect(meanShare(faithful, 'letIn')).toBe(1);
  expect(meanShare(faithful, 'abandoned'), 'the check can fail').toBeGreaterThan(0.06);
});
