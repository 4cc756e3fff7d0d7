/** Follow-ups in whole runs: they come into their queue and invite nobody, and a contact center that dies loses none. */
import { expect, test } from 'vitest';
import type { Scenario } from '#protocol/scenario.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import { createSimRun } from '#testbed/sim-run.ts';
import { groupOf, scenarioOf } from './scenario-of.ts';

const QUEUE = 'Webengagement_FollowUp';

/** Each visit leaves one follow-up in the cart, and `alsoEngages`: is a hot lead at home. */
function scenario(alsoEngages: boolean, changes: Partial<Scenario> = {}): Scenario {
  const given = scenarioOf(changes);
  const [rulePackage] = given.rules;
  const [rule] = rulePackage?.rules ?? [];
  if (rulePackage === undefined || rule === undefined) throw new Error('the scenario has a rule');
  const once = { maxPerVisit: 1, coolDownMs: null, holdoutShare: null };
  const none = { maxPerVisit: null, coolDownMs: null, holdoutShare: null };
  const later = {
    ...rule,
    name: 'Left in the cart',
    actions: [{ kind: 'followUp', priority: 20, reason: null }],
    guards: once,
  } as const;
  const now = {
    ...rule,
    name: 'Is at home',
    when: { template: 'singleton', event: { eventName: 'PageEntered', categories: [], tests: [] } },
    guards: once,
  } as const;
  return { ...given, rules: [{ ...rulePackage, guards: none, rules: alsoEngages ? [later, now] : [later] }] };
}

test('follow-ups alone: all wait in their queue, none is a hot lead, refused or invited', () => {
  const { figures, refusals } = runScenario(scenario(false), { seed: 5 });
  const fired = figures.rules['Left in the cart'] ?? 0;
  expect(fired).toBeGreaterThan(200);
  expect(figures.queues).toEqual({ [QUEUE]: { entered: fired, left: 0 } });
  expect(figures.hotLeads).toBe(0);
  expect(figures.invites).toMatchObject({ allowed: 0, sent: 0, accepted: 0 });
  expect(Object.values(refusals).reduce((sum, count) => sum + count, 0)).toBe(0);
});

test('idle agents look at what waits: the approved share becomes attempts, the rest is dismissed, and the figures tell both', () => {
  const followUps = { approveShare: 0.5, after: { kind: 'exponential', meanMs: 20_000 } } as const;
  const groups = [{ ...groupOf({ agents: 10 }), followUps }];
  const { figures } = runScenario(scenario(false, { groups }), { seed: 5 });
  const { created = 0, approved = 0, dismissed = 0 } = figures.followUps ?? {};
  expect(created).toBe(figures.rules['Left in the cart']);
  expect(approved + dismissed).toBeGreaterThan(200);
  expect(approved / (approved + dismissed)).toBeGreaterThan(0.4);
  expect(approved / (approved + dismissed)).toBeLessThan(0.6);
  expect(figures.queues[QUEUE]).toEqual({ entered: created, left: approved + dismissed });
  expect(figures.queues['Webengagement_Qualified']?.entered).toBe(approved);
  expect(figures.invites.sent).toBeGreaterThan(50);
  expect(figures.hotLeads).toBe(0);
});

test('beside hot leads: what was created is qualified, engaged, ended or waits as a follow-up, whatever dies on the way', () => {
  const groups = [groupOf({ agents: 20 })];
  const faults = [5, 15, 25, 35].map((minute) => ({
    atMs: minute * 60_000 + 137,
    kind: 'kill' as const,
    node: 'contact-center',
    forMs: 5_000,
  }));
  const run = createSimRun(scenario(true, { groups, faults }), { seed: 6 });
  run.advanceTo(run.totalMs);
  const { totals, firings, faults: marks } = run.recorder;
  expect(marks.length).toBe(2 * faults.length);
  const inside = (name: string): number => {
    const queue = totals.queues.get(`Webengagement_${name}`);
    return (queue?.entered ?? 0) - (queue?.left ?? 0);
  };
  const entered = (name: string): number => totals.queues.get(`Webengagement_${name}`)?.entered ?? 0;
  const terminal = ['Accepted', 'Rejected', 'Timeout', 'Failed'].reduce((sum, name) => sum + entered(name), 0);
  expect(totals.hotLeads + totals.followUps).toBe(
    inside('Qualified') + inside('Engaged') + terminal + inside('FollowUp'),
  );
  expect(totals.followUps).toBe(inside('FollowUp'));
  expect(totals.followUps).toBe(firings.get('Left in the cart'));
  expect(totals.hotLeads).toBe(firings.get('Is at home'));
  expect(totals.sent).toBeGreaterThan(50);
});
