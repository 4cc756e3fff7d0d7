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

/** Callbacks alone, now and later, with calls that nobody answers and that are put off. */
function callbackCentre(faults: Parameters<typeof smallLiveSmoke>[0] = {}) {
  const plain = smallLiveSmoke(faults);
  const [group] = plain.groups;
  if (group === undefined) throw new Error('the scenario has a group');
  return {
    ...plain,
    groups: [
      group,
      {
        ...group,
        name: 'Web Engagement Voice',
        channel: 'voice',
        agents: 20,
        capacity: 1,
        dialTime: { kind: 'constant', meanMs: SECOND },
        noAnswerShare: 0.4,
        retryAfterMs: 5 * SECOND,
        callsMax: 2,
        reschedules: { share: 0.2, later: { kind: 'constant', meanMs: 8 * SECOND } },
        ringTimeMs: 3 * SECOND,
        missShare: 0.1,
        missedPause: { kind: 'constant', meanMs: 2 * SECOND },
      } as const,
    ],
    visitors: {
      ...plain.visitors,
      callback: { laterShare: 0.3, later: { kind: 'constant', meanMs: 9 * SECOND } as const },
    },
    options: { ...plain.options, 'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': 'proactiveCallback' } },
  };
}

test.each([
  ['nothing', []],
  ['a kill of the contact center', [faultOf('kill', 'contact-center')]],
  ['a kill of the Backend', [faultOf('kill', 'backend-1')]],
  ['a stop of the store', [faultOf('stop', 'store')]],
] as const)('after %s every callback was made or could not be, and no slot is held', (_what, faults) => {
  const rest = runToRest(callbackCentre({ faults }), 11);
  expect(brokenLaws(rest)).toEqual([]);
  const { asked, noAnswer, rescheduled, unreachable, completed } = rest.totals.callbacks;
  expect(Math.min(asked, noAnswer, rescheduled, unreachable, completed)).toBeGreaterThan(3);
  expect(rest.totals.chatsQueued).toBe(0);
});

test.each([
  ['nothing', []],
  ['a kill of the contact center', [faultOf('kill', 'contact-center')]],
  ['a kill of the Backend', [faultOf('kill', 'backend-1')]],
  ['a stop of the store', [faultOf('stop', 'store')]],
] as const)(
  'after %s chats and callbacks that were paced side by side have ended, each on its channel',
  (_what, faults) => {
    const { groups, ...centre } = callbackCentre({ faults });
    const few = groups.map((group) => ({ ...group, agents: group.name === 'Web Engagement Voice' ? 6 : 4 }));
    const rest = runToRest({ ...centre, groups: few, options: smallLiveSmoke().options }, 11);
    expect(brokenLaws(rest)).toEqual([]);
    const { callbacks, callbacksPromised, chatsStarted, refused } = rest.totals;
    expect(Math.min(callbacks.completed, chatsStarted, refused)).toBeGreaterThan(3);
    // Who was noted as promised in a life that was lost before it was stored is promised again in the next.
    expect(callbacksPromised).toBeGreaterThanOrEqual(callbacks.asked);
    expect(callbacks.late).toBeLessThanOrEqual(callbacksPromised);
  },
);
