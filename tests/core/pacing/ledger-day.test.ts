/** Ledgers begin anew once a day: at the right moment of the zone's clock, in every group, once, and over a restart that slept through it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPacer } from '#core/pacing/create-pacer.ts';
import { createLedgerDay } from '#core/pacing/ledger-day.ts';
import type { Pacer } from '#core/pacing/pacer.ts';
import { Bench, GROUP } from '../engagement/contact-center-bench.ts';
import { abandonmentGoal, busyGoal } from './fixture-pacing.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const utc = (text: string): number => Date.parse(`${text}Z`);

describe('the next reset', () => {
  test.each([
    ['2026-03-02T10:00', 0, 'Europe/Berlin', '2026-03-02T23:00'],
    ['2026-03-02T23:00', 0, 'Europe/Berlin', '2026-03-03T23:00'],
    ['2026-07-01T10:00', 4 * 60 + 30, 'Europe/Berlin', '2026-07-02T02:30'],
    ['2026-07-01T01:00', 4 * 60 + 30, 'Europe/Berlin', '2026-07-01T02:30'],
    ['2026-03-02T10:00', 0, 'America/St_Johns', '2026-03-03T03:30'],
    ['2026-03-02T10:00', 0, 'UTC', '2026-03-03T00:00'],
    // The night in which Berlin goes over to summer time, and the one in which it goes back.
    ['2026-03-28T23:30', 4 * 60, 'Europe/Berlin', '2026-03-29T02:00'],
    ['2026-10-24T23:30', 4 * 60, 'Europe/Berlin', '2026-10-25T03:00'],
  ])('after %s of UTC, at minute %i of %s, is %s', (at, minute, zone, expected) => {
    expect(new Date(createLedgerDay(minute, zone)(utc(at))).toISOString()).toBe(`${expected}:00.000Z`);
  });

  test('comes once a day, wherever it is asked from, also where clocks skip or repeat the time', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 1_439 }), fc.nat({ max: 365 * 24 * 60 }), (zone, minute, since) => {
        const next = createLedgerDay(minute, zone);
        const at = utc('2026-01-01T00:00') + since * 60_000;
        const first = next(at);
        expect(first).toBeGreaterThan(at);
        expect(first - at).toBeLessThanOrEqual(DAY + 2 * HOUR);
        expect(next(first - 1)).toBe(first);
        expect(Math.abs(next(first) - first - DAY)).toBeLessThanOrEqual(2 * HOUR);
      }),
      { numRuns: 200 },
    );
  });
});

/** It has gathered credit for forty accepted invites. */
function credited(algorithm: 'SUPER_PROGRESSIVE' | 'SUPER_PROGRESSIVE_DUAL', at: number): Pacer {
  const pacer = createPacer('chat', { ...abandonmentGoal, algorithm });
  pacer.setSlots(60, at);
  pacer.refresh(at);
  for (let i = 0; i < 40; i += 1) {
    if (!pacer.requestPermit(`i${i}`, at).granted) throw new Error('a free slot has no permit');
    pacer.inviteEnded(`i${i}`, 'accepted', at);
  }
  return pacer;
}

test('a reset leaves nothing of the credit, in the account of all chats neither, and the record says since when', () => {
  for (const algorithm of ['SUPER_PROGRESSIVE', 'SUPER_PROGRESSIVE_DUAL'] as const) {
    const pacer = credited(algorithm, 5_000);
    const before = pacer.refresh(6_000);
    expect(before.ledger).toBeGreaterThan(0.5);
    expect(before.ledgerSince).toBe(5_000);
    pacer.resetLedger(6_500);
    const after = pacer.refresh(7_000);
    expect(after).toMatchObject({ ledger: 0, ledgerSince: 6_500 });
    // Of a DUAL algorithm: the other has no such account.
    expect(before.reactive?.ledger ?? 1).toBeGreaterThan(0.5);
    expect(after.reactive?.ledger ?? 0).toBe(0);
    expect(after.acceptShare).toBeCloseTo(before.acceptShare, 2);
    const heir = createPacer('chat', { ...abandonmentGoal, algorithm });
    heir.restore(pacer.snapshot(), { slots: 60, busy: 0, queued: [], pending: [] }, 9_000);
    expect(heir.ledgerSince).toBe(6_500);
  }
  expect(createPacer('chat', busyGoal(0.8)).ledgerSince).toBeNull();
});

describe('in the contact center', () => {
  /** A day of the ledgers is ten hours here, and there is something on the account. */
  function working(nextReset: ((at: number) => number) | undefined): Bench {
    const bench = new Bench({}, () => createPacer(GROUP, abandonmentGoal), {}, nextReset);
    bench.give({ type: 'start' }, 1_000);
    bench.login('a1', 9, 1_500);
    bench.ringUntil(3_000);
    bench.livePacer.chatPromised('c1', 3_000);
    return bench;
  }
  const tenHours = (at: number): number => (Math.floor(at / (10 * HOUR)) + 1) * 10 * HOUR;
  const resetsOf = (bench: Bench): readonly number[] =>
    bench.timers.flatMap(({ at, event }) => (event.type === 'wake' && event.timer.kind === 'ledgerReset' ? [at] : []));
  const ledgerOf = (bench: Bench): { readonly credit: number; readonly since: number | null } => ({
    credit: bench.livePacer.snapshot().ledger?.credit ?? Number.NaN,
    since: bench.livePacer.ledgerSince,
  });
  /** All timers but the refreshes of ten hours, which would take their time. */
  const ringReset = (bench: Bench, at: number): void => {
    bench.give({ type: 'wake', timer: { kind: 'ledgerReset' } }, at);
  };

  test('a timer is set from the start and again at each reset, and hearing it twice resets once', () => {
    const bench = working(tenHours);
    expect(resetsOf(bench)).toEqual([10 * HOUR]);
    expect(ledgerOf(bench).credit).toBeGreaterThan(0);
    ringReset(bench, 9 * HOUR);
    expect(ledgerOf(bench).credit, 'too early').toBeGreaterThan(0);
    ringReset(bench, 10 * HOUR);
    expect(ledgerOf(bench)).toEqual({ credit: 0, since: 10 * HOUR });
    expect(resetsOf(bench).at(-1)).toBe(20 * HOUR);
    bench.livePacer.chatPromised('c2', 10 * HOUR + 5);
    ringReset(bench, 10 * HOUR + 10);
    expect(ledgerOf(bench).credit).toBeGreaterThan(0);
    expect(ledgerOf(bench).since).toBe(10 * HOUR);
  });

  test('a restart keeps the account of the day, and begins another where it has slept through the end of it', () => {
    const bench = working(tenHours);
    bench.ringUntil(5_000);
    const { credit, since } = ledgerOf(bench);
    bench.killAndRecover(6 * HOUR);
    expect(ledgerOf(bench)).toEqual({ credit, since });
    expect(resetsOf(bench)).toEqual([10 * HOUR]);
    bench.give({ type: 'wake', timer: { kind: 'pacingRefresh' } }, 6 * HOUR + 1_000);
    bench.killAndRecover(11 * HOUR);
    expect(ledgerOf(bench)).toEqual({ credit: 0, since: 11 * HOUR });
    expect(resetsOf(bench)).toEqual([20 * HOUR]);
  });

  test('without a time of day nothing is ever reset: the check can fail', () => {
    const bench = working(undefined);
    expect(resetsOf(bench)).toEqual([]);
    ringReset(bench, 40 * HOUR);
    bench.killAndRecover(50 * HOUR);
    expect(bench.rows.size).toBeGreaterThan(0);
    expect(resetsOf(bench)).toEqual([]);
  });
});
