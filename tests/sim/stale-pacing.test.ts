/** A Backend that hangs or is cut off in the simulator: pacing stops when what its desks do is not known, and goes on when it is back. */
import { expect, test } from 'vitest';
import type { Scenario } from '#protocol/scenario.ts';
import { createSimulation } from '#testbed/sim-nodes.ts';
import { smallLiveSmoke } from './sim-stage.ts';

const SECOND = 1_000;

/** Seconds of the first minute whose refresh was stale. */
function staleSeconds(faults: Scenario['faults'], backends = 1): readonly number[] {
  const scenario = smallLiveSmoke({ faults, cluster: { frontends: 1, backends } });
  const seconds: number[] = [];
  const simulation = createSimulation(scenario, {
    seed: 5,
    store: 'sqlite',
    observer: {
      fact: (fact) => {
        if (fact.kind !== 'pacing' || fact.decision.binding !== 'stale') return;
        expect(fact.decision).toMatchObject({ allowed: 0, stale: { of: 'desks' } });
        seconds.push((fact.at - scenario.startsAt) / SECOND);
      },
      fault: () => undefined,
      event: undefined,
      journal: undefined,
    },
  });
  simulation.start();
  simulation.runUntil(60 * SECOND * SECOND);
  simulation.network.contactCenter.machine.close();
  return seconds;
}

const hurt = (kind: Scenario['faults'][number]['kind']): Scenario['faults'] => [
  { atMs: 10 * SECOND + 137, kind, node: 'backend-1', forMs: 12 * SECOND },
];

test('nothing is stale where nothing fails, or where another Backend takes the desks over', () => {
  expect(staleSeconds([])).toEqual([]);
  expect(staleSeconds(hurt('kill'), 2)).toEqual([]);
});

test.each([
  // Noticed after three seconds of silence, and stale three refresh periods later.
  ['stop', 17, 22],
  ['partition', 17, 22],
  // Noticed at once; a process takes a second and a half to start.
  ['kill', 14, 23],
] as const)('after a %s of the only Backend refreshes are stale from second %i to %i', (kind, from, to) => {
  const seconds = staleSeconds(hurt(kind));
  expect(seconds[0]).toBe(from);
  expect(seconds.at(-1)).toBe(to);
  expect(seconds).toHaveLength(to - from + 1);
});
