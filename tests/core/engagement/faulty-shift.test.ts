/**
 * Over 2,000 random scenarios with restarts, lost, repeated and overtaken messages and broken strategies: at every moment created =
 * qualified + engaged + terminal + follow-ups that wait, and in the end everything is in exactly one terminal queue.
 */
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { OperationsRow } from '#core/effects.ts';
import { InteractionBook } from '#core/engagement/interaction-book.ts';
import { isTerminal } from '#core/engagement/interaction.ts';
import { VisitMemory } from '#core/engagement/visit-memory.ts';
import { Conservation } from './conservation-check.ts';
import { faultyShift, playFaulty, playOutFaulty, type FaultyShift } from './faulty-shift.ts';

function problemsOf(shift: FaultyShift, kept?: (row: OperationsRow) => boolean): readonly string[] {
  const conservation = new Conservation();
  try {
    const bench = playFaulty(shift, (one) => conservation.check(one), kept);
    playOutFaulty(bench);
    conservation.check(bench);
    if (bench.contactCenter.engagement.open > 0) conservation.problems.push('left open');
  } catch (thrown) {
    conservation.problems.push(String(thrown));
  }
  return conservation.problems;
}

test('every interaction is conserved at every moment, and ends in exactly one terminal queue', () => {
  const fates = new Map<string, number>();
  fc.assert(
    fc.property(faultyShift, (shift) => {
      for (const { fate } of shift.acts) fates.set(fate, (fates.get(fate) ?? 0) + 1);
      expect(problemsOf(shift)).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
  for (const fate of ['lost', 'twice', 'overtaken', 'killedBefore', 'killedWithin']) {
    expect(fates.get(fate)).toBeGreaterThan(200);
  }
}, 240_000);

describe('the check notices', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const shifts = fc.sample(faultyShift, { numRuns: 150, seed: 11 });
  const caught = (kept?: (row: OperationsRow) => boolean): number =>
    shifts.filter((shift) => problemsOf(shift, kept).length > 0).length;

  test('a contact center that takes a lead which comes twice for two', () => {
    vi.spyOn(VisitMemory.prototype, 'knowsLead').mockReturnValue(false);
    expect(caught()).toBeGreaterThan(5);
  });

  test('one that does not store what it moves', () => {
    vi.spyOn(InteractionBook.prototype, 'changed').mockReturnValue(undefined);
    expect(caught()).toBeGreaterThan(5);
  });

  test('one that forgets what is open when it comes back', () => {
    expect(caught((row) => row.kind !== 'interaction' || isTerminal(row.state))).toBeGreaterThan(5);
  });

  test('one that does not know that a visit is engaged', () => {
    vi.spyOn(VisitMemory.prototype, 'get').mockReturnValue(undefined);
    expect(caught()).toBeGreaterThan(0);
  });

  test('nothing where nothing is broken', () => {
    expect(caught()).toBe(0);
  });
});
