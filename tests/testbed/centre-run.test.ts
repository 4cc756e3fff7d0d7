/** The contact centre's people in whole simulated runs: shifts. */
import { describe, expect, test } from 'vitest';
import type { Fact } from '#core/statistics/fact.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { createSimulation } from '#testbed/sim-nodes.ts';
import { groupOf, scenarioOf } from './scenario-of.ts';

const MINUTE = 60_000;

function factsOf(scenario: Scenario): readonly Fact[] {
  const facts: Fact[] = [];
  const simulation = createSimulation(scenario, {
    seed: scenario.seed,
    store: 'sqlite',
    observer: { fact: (fact) => facts.push(fact), fault: () => undefined, event: undefined, journal: undefined },
  });
  simulation.start();
  simulation.runUntil(scenario.durationMs * 1_000);
  return facts;
}

describe('shifts', () => {
  const scenario = scenarioOf({
    durationMs: 30 * MINUTE,
    groups: [groupOf({ agents: 1, shifts: [{ agents: 2, from: 5 * MINUTE, to: 15 * MINUTE }] })],
  });
  const facts = factsOf(scenario);

  /** Slots of the group at a moment, as pacing is told of them. */
  function slotsAt(minutes: number): number | undefined {
    const at = scenario.startsAt + minutes * MINUTE;
    const told = facts.flatMap((fact) => (fact.kind === 'slots' && fact.at <= at ? [fact] : []));
    return told.at(-1)?.slots;
  }

  test('pacing learns slots that come at once', () => {
    expect([slotsAt(4.99), slotsAt(5.01)]).toEqual([1, 3]);
  });

  test('and takes those that leave out of count at once but for the chats that are finished first', () => {
    expect(slotsAt(15.01)).toBeLessThanOrEqual(3);
    expect(slotsAt(29)).toBe(1);
    const out = facts.filter((fact) => fact.kind === 'agent' && fact.state === 'loggedOut');
    expect(out).toHaveLength(2);
  });

  test('nobody is hung up on: every chat of who left was completed by him', () => {
    const started = facts.filter((fact) => fact.kind === 'chat' && fact.state === 'started').length;
    const completed = facts.filter((fact) => fact.kind === 'chat' && fact.state === 'completed').length;
    expect(started).toBeGreaterThan(5);
    expect(started - completed).toBeLessThanOrEqual(1);
  });
});
