/** Decisions that can be asked for after the fact: the exact one of the bucket that is pointed at, in memory bounded by the course. */
import { describe, expect, test } from 'vitest';
import type { PacingDecision } from '#core/pacing/pacer.ts';
import { DecisionLog } from '#testbed/decision-log.ts';
import { explainDecision } from '#testbed/decision-why.ts';
import { createSimRun } from '#testbed/sim-run.ts';
import { scenarioOf } from './scenario-of.ts';

const decision = (group: string, at: number): PacingDecision => ({ group, at }) as PacingDecision;

describe('the log of decisions', () => {
  test('finds the decision whose bucket holds a moment, the newest beyond, and nothing of a group it never heard of', () => {
    const log = new DecisionLog();
    for (let second = 1; second <= 100; second += 1) {
      log.add(second * 1_000, decision('a', second));
      if (second % 2 === 0) log.add(second * 1_000, decision('b', second));
    }
    const found = (group: string, atMs: number): number | undefined => log.at(group, atMs)?.decision.at;
    expect([0, 1, 1_000, 1_001, 99_500, 1e9].map((atMs) => found('a', atMs))).toEqual([1, 1, 1, 2, 100, 100]);
    expect(found('b', 2_500)).toBe(4);
    expect(found('c', 1_000)).toBeUndefined();
  });
});

describe('a simulated run for a screen', () => {
  test('explains each decision that its points of pacing show, in the same words', () => {
    const run = createSimRun(scenarioOf(), { seed: 3, stream: true });
    run.advanceTo(1_800_000);
    const points = run.takePacing();
    expect(points.length).toBeGreaterThan(1_700);
    for (const point of points.filter((_, index) => index % 97 === 0)) {
      const reply = run.explainDecisionAt(point.group, point.atMs);
      expect(reply?.why.sentences[0]?.toLowerCase()).toBe(`${point.sentence}.`.toLowerCase());
      expect(reply?.why.record).toMatchObject({ risk: point.risk, limit: point.limit, group: point.group });
      expect(reply?.why.figures).toContainEqual({ name: 'binding', value: point.binding });
      expect(point.atMs - (reply?.atMs ?? 0)).toBeLessThan(point.atMs);
      expect(reply?.bucketMs).toBe(1_000);
    }
  });

  test('gives the promise with intervals that hold it, abandonment from the first chat on, busy time after eight minutes', () => {
    const run = createSimRun(scenarioOf(), { seed: 3, stream: true });
    run.advanceTo(3_600_000);
    const points = run.takePacing();
    const early = points.find(({ atMs }) => atMs === 400_000);
    const last = points.at(-1);
    expect(early?.busyRange).toBeNull();
    for (const [range, share] of [
      [last?.abandonmentRange, last?.abandonmentShare],
      [last?.busyRange, last?.busyShare],
    ] as const) {
      expect(range?.[0]).toBeLessThanOrEqual(share ?? NaN);
      expect(range?.[1]).toBeGreaterThan(share ?? NaN);
    }
  });

  test('without a screen keeps no records', () => {
    const run = createSimRun(scenarioOf(), { seed: 3 });
    run.advanceTo(60_000);
    const group = run.takePacing()[0]?.group ?? '';
    expect(group).not.toBe('');
    expect(run.explainDecisionAt(group, 30_000)).toBeUndefined();
  });

  test('says of reactive visitors who is let in and what is kept from them', () => {
    const run = createSimRun(scenarioOf(), { seed: 3, stream: true });
    run.advanceTo(60_000);
    const record = run.explainDecisionAt(run.takePacing()[0]?.group ?? '', 30_000)?.why.record as PacingDecision;
    const reactive = {
      askedPerSecond: 0.01,
      reactiveState: 0.8,
      busy: 2,
      queued: 1,
      reserved: 4,
      ledger: 0.5,
      wholeRisk: 0.03,
      wholeLimit: 0.04,
    };
    const { sentences, figures } = explainDecision({ ...record, reactive });
    expect(sentences[1]).toBe(
      'Of the visitors who ask for a chat themselves 80.0 % are let in; 3 are there, 1 of them waiting; 4 slots are kept for those who are invited.',
    );
    expect(figures).toContainEqual({ name: 'let in', value: '80.0 %' });
    expect(figures).toContainEqual({ name: 'shadow price of the next', value: '0.0300' });
  });
});
