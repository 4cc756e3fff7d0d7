/** Several simulated nodes, and faults done to each of them: nothing is lost, nothing is doubled, everything ends. */
import { describe, expect, test } from 'vitest';
import type { Fact } from '#core/statistics/fact.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import { brokenInteractions, brokenLaws, faultOf, runToRest, smallLiveSmoke } from './sim-stage.ts';

const KINDS = ['kill', 'stop', 'restart', 'slow', 'partition'] as const;
const NODES = ['frontend-1', 'backend-1', 'contact-center', 'store', 'balancer'] as const;
const CLUSTERS = [
  { frontends: 1, backends: 1 },
  { frontends: 2, backends: 2 },
] as const;

describe.each(CLUSTERS)('$frontends x $backends', (cluster) => {
  test('without faults everything is stored once, every interaction ends, and the totals conserve', () => {
    const rest = runToRest(smallLiveSmoke({ cluster }), 1);
    expect(brokenLaws(rest)).toEqual([]);
    expect(rest.totals.chatsStarted).toBeGreaterThan(50);
    expect(rest.simulation.network.traffic().events).toBe(rest.stored.length);
  });

  describe.each(NODES)('%s', (node) => {
    test.each(KINDS)('after a %s nothing is lost or doubled, and everything ends', (kind) => {
      for (const [seed, atMs, forMs] of [
        [2, 8_000, 6_000],
        [3, 13_644, 1_200],
      ] as const) {
        const rest = runToRest(smallLiveSmoke({ cluster, faults: [faultOf(kind, node, atMs, forMs)] }), seed);
        expect(rest.faults).toHaveLength(2);
        expect(brokenLaws(rest), `seed ${seed}`).toEqual([]);
        expect(rest.totals.chatsStarted).toBeGreaterThan(20);
      }
    });
  });

  test('a fault that comes upon another is survived too, and the same seed tells the same story', () => {
    const faults = [
      faultOf('stop', 'store', 6_000, 4_000),
      faultOf('kill', 'contact-center', 8_000, 2_000),
      faultOf('partition', 'backend-1', 9_000, 5_000),
      faultOf('restart', 'frontend-1', 12_000),
    ];
    const scenario = smallLiveSmoke({ cluster, faults });
    const rest = runToRest(scenario, 5);
    expect(rest.faults).toHaveLength(8);
    expect(brokenLaws(rest)).toEqual([]);
    expect(runToRest(scenario, 5).story).toBe(rest.story);
    expect(runToRest(scenario, 6).story).not.toBe(rest.story);
  });
});

test('a visitor hears of the end of his chat though the contact center that ended it died before it could say so', () => {
  // Seed and time are those of a finish that was stored, and whose messages died with the node.
  const rest = runToRest(smallLiveSmoke({ faults: [faultOf('kill', 'contact-center', 13_644, 8_992)] }), 24);
  expect(brokenLaws(rest)).toEqual([]);
});

test.each([1, 2, 3])(
  'a Frontend that comes back fires nothing again in visits that were under way when the run began (seed %i)',
  (seed) => {
    // One of the kiosk's hot leads a visit, whose events are from before the run or from its first seconds.
    const rest = runToRest(smallLiveSmoke({ faults: [faultOf('kill', 'frontend-1', 4_000, 1_000)] }), seed);
    const visits = rest.facts.flatMap((fact) => (fact.kind === 'hotLead' ? [fact.lead.firing.visitID] : []));
    expect(visits.length).toBeGreaterThan(50);
    expect(visits.filter((visit, index) => visits.indexOf(visit) < index)).toEqual([]);
  },
);

test('two Frontends and two Backends give the figures of one and one, but for the milliseconds between nodes', () => {
  const one = runScenario(smallLiveSmoke(), { seed: 4 }).figures;
  const two = runScenario(smallLiveSmoke({ cluster: { frontends: 2, backends: 2 } }), { seed: 4 }).figures;
  expect(Object.keys(two)).toEqual(Object.keys(one));
  expect(two.visits).toBe(one.visits);
  expect(Math.abs(two.hotLeads - one.hotLeads)).toBeLessThanOrEqual(0.03 * one.hotLeads);
  expect(Math.abs(two.chats.started - one.chats.started)).toBeLessThanOrEqual(0.1 * one.chats.started);
});

describe('the checker', () => {
  const rest = runToRest(smallLiveSmoke({}), 1);

  test('sees an event that is stored twice, and one that is not stored', () => {
    const [first = ''] = rest.stored;
    expect(brokenLaws({ ...rest, stored: [...rest.stored, first] })).toEqual(['1 events were stored twice']);
    expect(brokenLaws({ ...rest, stored: rest.stored.slice(1) }).join()).toContain('1 events are lost: ' + first);
  });

  test('sees an interaction that does not end, ends twice, or is a second one of its visit', () => {
    const ends = rest.facts.filter((fact) => fact.kind === 'interactionMoved');
    const accepted = ends.find(({ after }) => after === 'accepted');
    expect(brokenInteractions(rest.facts.filter((fact) => fact !== accepted))).toHaveLength(1);
    expect(brokenInteractions([...rest.facts, ...(accepted === undefined ? [] : [accepted])])).toHaveLength(1);
    const invited = ends.find(({ after }) => after === 'invited');
    const twice = rest.facts.flatMap((fact): readonly Fact[] =>
      fact === invited ? [invited, { ...invited, interactionId: 'second', before: null }] : [fact],
    );
    expect(brokenInteractions(twice).join()).toContain('was invited to second while');
  });
});
