/** The contact centre at its most lively (missed and rejected offers, transfers, shifts, slowdown) while its servers are hurt. */
import { expect, test } from 'vitest';
import { brokenLaws, faultOf, runToRest, smallLiveSmoke } from './sim-stage.ts';

const SECOND = 1_000;

function livelyCentre(faults: Parameters<typeof smallLiveSmoke>[0] = {}) {
  const plain = smallLiveSmoke(faults);
  return {
    ...plain,
    groups: plain.groups.map((group) => ({
      ...group,
      slowdown: 0.3,
      ringTimeMs: 2 * SECOND,
      missShare: 0.15,
      rejectShare: 0.1,
      missedPause: { kind: 'constant', meanMs: 3 * SECOND } as const,
      transfers: { share: 0.2, to: group.name, after: { kind: 'constant', meanMs: SECOND } as const },
      shifts: [{ agents: 3, from: 4 * SECOND, to: 14 * SECOND }],
    })),
  };
}

test.each([
  ['nothing', []],
  ['a kill of the contact center', [faultOf('kill', 'contact-center')]],
  ['a kill of the Backend', [faultOf('kill', 'backend-1')]],
  ['a stop of the store', [faultOf('stop', 'store')]],
  ['a partition of the contact center', [faultOf('partition', 'contact-center')]],
] as const)('after %s every chat has ended, every slot is free, and nothing is counted twice', (_what, faults) => {
  const rest = runToRest(livelyCentre({ faults }), 11);
  expect(brokenLaws(rest)).toEqual([]);
  const { offersMissed, offersRejected, chatsTransferred } = rest.totals;
  expect(Math.min(offersMissed, offersRejected, chatsTransferred)).toBeGreaterThan(3);
  const left = rest.facts.filter((fact) => fact.kind === 'agent' && fact.state === 'loggedOut');
  expect(left.length).toBeGreaterThanOrEqual(3);
});

test('the same seed tells the same story, and another another', () => {
  const story = runToRest(livelyCentre(), 11).story;
  expect(runToRest(livelyCentre(), 11).story).toBe(story);
  expect(runToRest(livelyCentre(), 12).story).not.toBe(story);
});
