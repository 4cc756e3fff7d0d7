/**
 * The contact center is killed at a random moment of a random shift and takes everything up again: nothing is lost,
 * nothing happens twice, and pacing remembers what it has promised.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OperationsRow } from '#core/effects.ts';
import { decideErasure, isVisitorRow, visitOfRow } from '#core/engagement/erasable-rows.ts';
import type { PacingDecision } from '#core/pacing/pacer.ts';
import { checkBooks, checkWays } from './books.ts';
import { AGENT_NAMES, RandomShift, step, type Step } from './random-shift.ts';

const shift = fc.record({
  steps: fc.array(step, { minLength: 10, maxLength: 80 }),
  /** After which steps the contact center is killed. */
  kills: fc.uniqueArray(fc.nat({ max: 79 }), { minLength: 1, maxLength: 3 }),
  silent: fc.option(fc.constantFrom(...AGENT_NAMES), { nil: undefined }),
});

type KeptRows = (rows: readonly OperationsRow[]) => readonly OperationsRow[];

/** As if the identities of all visits had been erased just before. */
function withoutErased(rows: readonly OperationsRow[]): readonly OperationsRow[] {
  const ofVisitors = rows.filter(isVisitorRow);
  const visits = ofVisitors.flatMap((row) => visitOfRow(row) ?? []);
  const { gone } = decideErasure({ identityId: 'nobody', visits }, ofVisitors);
  return rows.filter((row) => !gone.some((each) => each === row));
}

/** What goes wrong in a shift with kills; `kept` says which rows survive. */
function problemsOf(
  {
    steps,
    kills,
    silent,
  }: { steps: readonly Step[]; kills: readonly number[]; silent: (typeof AGENT_NAMES)[number] | undefined },
  kept: KeptRows = (rows) => rows,
): readonly string[] {
  const problems: string[] = [];
  try {
    const random = new RandomShift(false, ({ bench }) => problems.push(...checkBooks(bench)));
    steps.forEach((given, index) => {
      random.play(given);
      if (!kills.includes(index)) return;
      if (silent !== undefined) random.silent.add(silent);
      problems.push(...kill(random, kept));
      random.silent.clear();
    });
    random.playOut();
    problems.push(...checkWays(random.bench));
    if (random.bench.contactCenter.engagement.open > 0) problems.push('left open');
  } catch (thrown) {
    problems.push(String(thrown));
  }
  return problems;
}

/** Kills, and compares the pacer that takes over with the one that is gone. */
function kill(random: RandomShift, kept: KeptRows): readonly string[] {
  const { bench, at } = random;
  const rows = [...kept(bench.storedRows())];
  const before = bench.livePacer;
  const ledgerBefore = JSON.stringify(before.snapshot().ledger);
  const was = before.refresh(at);
  const factsBefore = bench.facts.length;
  random.kill(rows);
  const after = bench.livePacer;
  const recalled = bench.facts
    .slice(factsBefore)
    .filter((fact) => fact.kind === 'chat' && fact.state === 'recalled').length;
  const offeredAnew = bench.facts
    .slice(factsBefore)
    .filter((fact) => fact.kind === 'chat' && fact.state === 'offered').length;
  const ledger = JSON.stringify(after.snapshot().ledger);
  const is = after.refresh(at);
  const problems: string[] = [];
  const same = (what: keyof PacingDecision, difference = 0): void => {
    if (Number(is[what]) !== Number(was[what]) + difference)
      problems.push(`pacing: ${what} ${is[what]}, was ${was[what]}`);
  };
  if (ledger !== ledgerBefore) problems.push(`ledger ${ledger}, was ${ledgerBefore}`);
  same('pending');
  same('busy', offeredAnew - recalled);
  same('queued', recalled - offeredAnew);
  return problems;
}

describe('a contact center that is killed and comes back', () => {
  test('ends every interaction once, engages no visit twice, and all adds up at every moment', () => {
    fc.assert(
      fc.property(shift, (given) => {
        expect(problemsOf(given)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('does so without the rows that erasures have taken meanwhile', () => {
    let erased = 0;
    fc.assert(
      fc.property(shift, (given) => {
        const kept: KeptRows = (rows) => {
          const left = withoutErased(rows);
          erased += rows.length - left.length;
          return left;
        };
        expect(problemsOf(given, kept)).toEqual([]);
      }),
      { numRuns: 100 },
    );
    expect(erased).toBeGreaterThan(10);
  });

  test.each(['interaction', 'chat', 'agent', 'pacer'] as const)(
    'the check fails where rows of kind %s are lost',
    (kind) => {
      const given = fc.sample(shift, { numRuns: 60, seed: 5 });
      const failures = given.filter(
        (one) => problemsOf(one, (rows) => rows.filter((row) => row.kind !== kind)).length > 0,
      );
      expect(failures.length).toBeGreaterThan(0);
    },
  );

  test('the check fails where one event is stored in part (negative control of the single group)', () => {
    const given = fc.sample(shift, { numRuns: 60, seed: 6 });
    const failures = given.filter(
      (one) =>
        problemsOf(one, (rows) => rows.filter((row) => row.kind !== 'chat' || row.state !== 'talking')).length > 0,
    );
    expect(failures.length).toBeGreaterThan(0);
  });
});
