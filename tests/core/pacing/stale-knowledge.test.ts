/** No invite goes out by what is known no more: the last refresh, or the last word of some desks, is older than three refresh periods. */
import { describe, expect, test } from 'vitest';
import { createPacer } from '#core/pacing/create-pacer.ts';
import { describeDecision } from '#core/pacing/describe-decision.ts';
import type { Pacer, PacingSettings } from '#core/pacing/pacer.ts';
import type { PacingAlgorithm } from '#core/pacing/pacing-algorithm.ts';
import { defaultTuning } from '#core/pacing/tuning.ts';
import { Bench, GROUP } from '../engagement/contact-center-bench.ts';
import { abandonmentGoal, busyGoal, pacerWith } from './fixture-pacing.ts';

const ALGORITHMS: readonly PacingAlgorithm[] = [
  'SUPER_PROGRESSIVE',
  'SUPER_PROGRESSIVE_DUAL',
  'PREDICTIVE_B',
  'PREDICTIVE_B_DUAL',
];

/** Twenty free slots, refreshed once a second for ten seconds: the last at 9,000. */
function refreshed(pacer: Pacer): Pacer {
  pacer.setSlots(20, 0);
  for (let at = 0; at < 10_000; at += 1_000) pacer.refresh(at);
  return pacer;
}

function cases(): readonly PacingSettings[] {
  return [abandonmentGoal, busyGoal(0.85)].flatMap((goal) => ALGORITHMS.map((algorithm) => ({ ...goal, algorithm })));
}

describe('a refresh that does not come', () => {
  test('stops permits after three periods, whatever the algorithm and the target, until it comes', () => {
    for (const settings of cases()) {
      const pacer = refreshed(createPacer('chat', settings));
      expect(pacer.requestPermit('a', 12_000).granted).toBe(true);
      const { granted, decision } = pacer.requestPermit('b', 12_001);
      expect(granted).toBe(false);
      expect(decision).toMatchObject({ allowed: 0, binding: 'stale', stale: { of: 'refresh', seconds: 3.001 } });
      expect(describeDecision(decision)).toMatch(
        /^refused: the last refresh is 3 s old, and what is now is not known; 20 slots free/,
      );
      expect(pacer.refresh(13_000)).toMatchObject({ binding: expect.not.stringMatching('stale') as string });
      expect(pacer.requestPermit('c', 13_000).granted).toBe(true);
    }
  });

  test('the check can fail: without the safeguard the permit is given', () => {
    const pacer = refreshed(pacerWith({ stalePeriods: Infinity }));
    expect(pacer.requestPermit('a', 3_600_000).granted).toBe(true);
    expect(defaultTuning.stalePeriods).toBe(3);
  });

  test('that never came counts from the first word of the group, and goes by the refresh period', () => {
    const pacer = createPacer('chat', { ...abandonmentGoal, refreshPeriodMs: 5_000 });
    pacer.setSlots(20, 1_000);
    expect(pacer.requestPermit('a', 16_000).granted).toBe(true);
    expect(pacer.requestPermit('b', 16_001).decision.binding).toBe('stale');
  });

  test('is not held against a pacer that takes up the work of another', () => {
    const old = refreshed(createPacer('chat', abandonmentGoal));
    const fresh = createPacer('chat', abandonmentGoal);
    fresh.restore(old.snapshot(), { slots: 20, busy: 0, queued: [], pending: [] }, 600_000);
    expect(fresh.requestPermit('a', 603_000).granted).toBe(true);
    expect(fresh.requestPermit('b', 603_001).granted).toBe(false);
  });
});

test('agents who are not heard stop permits and refreshes after three periods, and a plain rule does not look', () => {
  for (const settings of cases()) {
    const pacer = refreshed(createPacer('chat', settings));
    expect(pacer.requestPermit('a', 9_500, 6_500).granted).toBe(true);
    const { decision } = pacer.requestPermit('b', 9_500, 6_499);
    expect(decision).toMatchObject({ allowed: 0, binding: 'stale', stale: { of: 'desks', seconds: 3.001 } });
    expect(describeDecision(decision)).toContain('some agents have not been heard for 3 s');
    expect(pacer.refresh(10_000, 2_000)).toMatchObject({ allowed: 0, binding: 'stale', stale: { seconds: 8 } });
    expect(pacer.refresh(11_000, null).allowed).toBeGreaterThan(0);
  }
  const plain = refreshed(createPacer('chat', { ...abandonmentGoal, pacedBy: 'progressive' }));
  expect(plain.requestPermit('a', 60_000, 0).granted).toBe(true);
});

describe('in the contact center', () => {
  function paced(): Bench {
    const bench = new Bench({}, () => createPacer(GROUP, abandonmentGoal));
    bench.give({ type: 'start' }, 0);
    bench.login('a1', 1, 0);
    bench.login('a2', 1, 0);
    return bench;
  }

  /** What the last refresh by `at` came to. */
  function bindingAt(bench: Bench, at: number): string {
    bench.ringUntil(at);
    const decisions = bench.facts.flatMap((fact) => (fact.kind === 'pacing' ? [fact.decision] : []));
    return decisions.at(-1)?.binding ?? 'none yet';
  }

  test('a Backend that is away silences its desks until it is back, or they have come back elsewhere', () => {
    const bench = paced();
    expect(bindingAt(bench, 5_000)).not.toBe('stale');
    bench.give({ type: 'backendAway', node: 'backend-1' }, 5_500);
    expect(bindingAt(bench, 8_000)).not.toBe('stale');
    expect(bindingAt(bench, 9_000)).toBe('stale');
    bench.lead('v1', 9_100);
    expect(bench.messages().filter(({ message }) => message.type === 'invite')).toEqual([]);
    bench.give({ type: 'backendAway', node: 'backend-1' }, 9_200);
    bench.give({ type: 'backendBack', node: 'backend-1' }, 9_500);
    expect(bindingAt(bench, 10_000)).not.toBe('stale');
    bench.give({ type: 'backendAway', node: 'backend-1' }, 10_500);
    expect(bindingAt(bench, 14_000)).toBe('stale');
    const elsewhere = { type: 'login', group: GROUP, capacity: 1, ready: true, chats: [] } as const;
    bench.desk({ ...elsewhere, agentId: 'a1' }, 14_100, 'backend-2');
    expect(bindingAt(bench, 15_000), 'one of two is still away').toBe('stale');
    bench.desk({ ...elsewhere, agentId: 'a2' }, 15_100, 'backend-2');
    expect(bindingAt(bench, 16_000)).not.toBe('stale');
  });

  test('one that is lost for good has no desks: they are logged out, and nothing is stale', () => {
    const bench = paced();
    bench.give({ type: 'backendAway', node: 'backend-1' }, 500);
    expect(bindingAt(bench, 5_000)).toBe('stale');
    bench.give({ type: 'backendLost', node: 'backend-1' }, 5_500);
    expect(bindingAt(bench, 6_000)).toBe('group');
  });

  test('after a restart desks that do not come back silence their group, until they do or have left', () => {
    const bench = paced();
    bench.ringUntil(5_000);
    bench.killAndRecover(6_000);
    bench.login('a1', 1, 6_100);
    expect(bindingAt(bench, 9_000)).not.toBe('stale');
    expect(bindingAt(bench, 10_000)).toBe('stale');
    bench.login('a2', 1, 10_100);
    expect(bindingAt(bench, 11_000)).not.toBe('stale');
    bench.killAndRecover(12_000);
    bench.login('a1', 1, 12_100);
    expect(bindingAt(bench, 16_000)).toBe('stale');
    expect(bindingAt(bench, 43_000), 'a2 has left').not.toBe('stale');
  });
});
