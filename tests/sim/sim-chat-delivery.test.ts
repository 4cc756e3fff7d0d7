/** Lines of simulated chats: every greeting is answered and shown with a refresh, later with too few threads; faults are told of. */
import { describe, expect, test } from 'vitest';
import type { Scenario } from '#protocol/scenario.ts';
import { brokenLaws, faultOf, runToRest, smallLiveSmoke, type Rest } from './sim-stage.ts';

const SECOND = 1_000;

/** Chats of 20 s, so that few lines are shown with the end of their chat. */
function longChats(options: Readonly<Record<string, number>>, changes: Partial<Scenario> = {}): Scenario {
  const plain = smallLiveSmoke(changes);
  const handleTime = { kind: 'constant', meanMs: 20 * SECOND } as const;
  const given = Object.entries(options).map(([name, value]) => [`wes.connector.chatServer.${name}`, value] as const);
  return {
    ...plain,
    groups: plain.groups.map((group) => ({ ...group, handleTime })),
    options: { ...plain.options, 'service:wes': Object.fromEntries(given) },
  };
}

function heldMs({ facts }: Rest): readonly number[] {
  return facts.flatMap((fact) => (fact.kind === 'lineShown' ? [fact.heldMs] : []));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('the lines of simulated chats', () => {
  test.each([1, 2, 5])('are held for a part of the refresh period of %i s, and for the whole at most', (seconds) => {
    const rest = runToRest(longChats({ refreshPeriod: seconds }), 11);
    const held = heldMs(rest);
    expect(brokenLaws(rest)).toEqual([]);
    expect(held.length).toBe(rest.totals.chatsStarted);
    expect(held.length).toBeGreaterThan(25);
    expect(Math.max(...held)).toBeLessThanOrEqual(seconds * SECOND);
    expect(meanOf(held)).toBeGreaterThan((seconds * SECOND) / 4);
    expect(rest.facts.filter(({ kind }) => kind === 'refreshTimedOut')).toEqual([]);
  });

  test('wait for a thread where the pool is too small, and nothing else changes', () => {
    const wide = runToRest(longChats({ refreshPeriod: 1 }), 11);
    const narrow = runToRest(longChats({ refreshPeriod: 1, requestPoolSize: 1 }), 11);
    expect(meanOf(heldMs(narrow))).toBeGreaterThan(2 * meanOf(heldMs(wide)));
    expect(heldMs(narrow)).toHaveLength(heldMs(wide).length);
    const others = ({ facts }: Rest): unknown => facts.filter(({ kind }) => kind !== 'lineShown');
    expect(others(narrow)).toEqual(others(wide));
  });

  test.each([
    ['a stop of the contact center', [faultOf('stop', 'contact-center', 15 * SECOND, 12 * SECOND)], true],
    ['a partition of the contact center', [faultOf('partition', 'contact-center', 15 * SECOND, 12 * SECOND)], true],
    ['a kill of the contact center', [faultOf('kill', 'contact-center', 15 * SECOND, 12 * SECOND)], true],
    ['a kill of the Backend', [faultOf('kill', 'backend-1', 15 * SECOND)], false],
  ] as const)(
    '%s: refreshes that were not answered are told of, and chats end as they should',
    (_what, faults, late) => {
      const rest = runToRest(longChats({}, { faults }), 11);
      expect(brokenLaws(rest)).toEqual([]);
      const told = rest.facts.flatMap((fact) => (fact.kind === 'refreshTimedOut' ? [fact.chats] : []));
      expect(told.length > 0).toBe(late);
      expect(heldMs(rest).length).toBeGreaterThan(25);
    },
  );
});
