/** autoStopWebengagementIntr (guide, L3528-3540) and the cleaning of queues (the views `<queue>.Clean`, L1353-1383). */
import { describe, expect, test } from 'vitest';
import { CLEANING_PERIOD_MS } from '#core/engagement/engagement-desk.ts';
import { CLEANED_AFTER_MS } from '#core/engagement/terminal-queues.ts';
import { Bench } from './contact-center-bench.ts';

function rejected(autoStop: boolean): Bench {
  const bench = new Bench({ autoStop });
  bench.login('a1', 1, 0);
  bench.give({ type: 'start' }, 0);
  bench.lead('v1', 0);
  bench.disposition('v1', 'i1', 'shown', 500);
  bench.disposition('v1', 'i1', 'reject', 5_000);
  return bench;
}

/** How many stand in a queue. */
function standingIn({ totals }: Bench, queue: string): number {
  const { entered, left } = totals.queues.get(queue) ?? { entered: 0, left: 0 };
  return entered - left;
}

describe('an ended interaction', () => {
  test('is stopped at once where autoStop is true', () => {
    const bench = rejected(true);
    expect(bench.contactCenter.engagement.standing).toBe(0);
    expect(standingIn(bench, 'Rejected')).toBe(0);
    expect(bench.rows.get('interaction i1')).toMatchObject({ state: 'rejected', stopped: true });
  });

  test('stands in its terminal queue where autoStop is false, until it is cleaned away, also over a restart', () => {
    const bench = rejected(false);
    expect(standingIn(bench, 'Rejected')).toBe(1);
    bench.ringUntil(300_000);
    bench.killAndRecover(300_000);
    expect(bench.contactCenter.engagement.standing).toBe(1);
    // Cleaned by the last period that begins before it has stood for long enough, and the next one.
    bench.ringUntil(5_000 + CLEANED_AFTER_MS - 1);
    expect(standingIn(bench, 'Rejected')).toBe(1);
    bench.ringUntil(5_000 + CLEANED_AFTER_MS + CLEANING_PERIOD_MS);
    expect(bench.contactCenter.engagement.standing).toBe(0);
    expect(standingIn(bench, 'Rejected')).toBe(0);
    bench.killAndRecover(2_000_000);
    expect(bench.contactCenter.engagement.standing).toBe(0);
    expect(bench.path('v1')).toEqual(['Qualified', 'Engaged', 'Rejected']);
  });
});

test('an open interaction whose timer was lost is cleaned into Failed, and no other', () => {
  const bench = new Bench();
  bench.login('a1', 2, 0);
  bench.give({ type: 'start' }, 0);
  bench.lead('v1', 0);
  bench.timers = bench.timers.filter(({ event }) => event.type !== 'wake' || event.timer.kind !== 'interactionOverdue');
  bench.ringUntil(150_000);
  bench.lead('v2', 170_000);
  bench.ringUntil(179_999);
  expect(bench.path('v1').at(-1)).toBe('Engaged');
  bench.ringUntil(180_000);
  expect(bench.path('v1').at(-1)).toBe('Failed:cleaned');
  expect(bench.path('v2').at(-1)).toBe('Engaged');
  expect(bench.pacer.told).toContain('ended i1 other');
});
