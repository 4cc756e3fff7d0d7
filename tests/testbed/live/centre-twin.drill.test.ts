/** The contact centre at its most lively on real nodes: chats and callbacks, missed and rejected offers, transfers, shifts; and the same decisions in replay. */
import { expect, test } from 'vitest';
import type { Scenario } from '#protocol/scenario.ts';
import { loadShipped, runLive, whyNot } from './twin-stage.ts';

const SECOND = 1_000;

function constant(seconds: number) {
  return { kind: 'constant', meanMs: seconds * SECOND } as const;
}

/** `channel` null: both, paced. */
function livelyCentre(channel: 'proactiveChat' | 'proactiveCallback' | null): Scenario {
  const plain = loadShipped('live-smoke', ['duration=40s', 'warmup=0s']);
  const [group] = plain.groups;
  if (group === undefined) throw new Error('the scenario has a group');
  const offers = { ringTimeMs: 2 * SECOND, missShare: 0.15, missedPause: constant(3) };
  return {
    ...plain,
    thresholds: [],
    groups: [
      {
        ...group,
        ...offers,
        slowdown: 0.3,
        rejectShare: 0.1,
        transfers: { share: 0.2, to: group.name, after: constant(1) },
        shifts: [{ agents: 3, from: 5 * SECOND, to: 25 * SECOND }],
      },
      {
        ...group,
        ...offers,
        name: 'Web Engagement Voice',
        channel: 'voice',
        agents: 20,
        capacity: 1,
        handleTime: constant(3),
        dialTime: constant(1),
        noAnswerShare: 0.3,
        retryAfterMs: 4 * SECOND,
        reschedules: { share: 0.2, later: constant(5) },
      },
    ],
    visitors: { ...plain.visitors, callback: { laterShare: 0.3, later: constant(6) } },
    options: {
      ...plain.options,
      ...(channel === null ? {} : { 'service:wmsg': { 'wmsg.connector.defaultEngagementChannel': channel } }),
    },
  };
}

test('chats: offers are missed and rejected, chats passed on, agents come and go', async () => {
  const { result, parity, crowd } = await runLive(livelyCentre('proactiveChat'), { seed: 5 });
  expect(whyNot(parity)).toEqual([]);
  const { offers, transfers, chats } = result.figures;
  expect(Math.min(offers?.missed ?? 0, offers?.rejected ?? 0, transfers?.made ?? 0, chats.completed)).toBeGreaterThan(
    3,
  );
  const out = result.agents.filter(({ state, reason }) => state === 'loggedOut' && reason === null);
  expect(out).toHaveLength(3);
  expect(crowd['deskActionsFailed']).toBe(0);
});

test('callbacks: now and later, calls that nobody answers, and another time', async () => {
  const { result, parity } = await runLive(livelyCentre('proactiveCallback'), { seed: 5 });
  expect(whyNot(parity)).toEqual([]);
  const { callbacks } = result.figures;
  expect(
    Math.min(
      callbacks?.connected ?? 0,
      callbacks?.noAnswer ?? 0,
      callbacks?.rescheduled ?? 0,
      callbacks?.completed ?? 0,
    ),
  ).toBeGreaterThan(2);
  expect(result.live?.lost).toBe(0);
});

test('chats and callbacks side by side, each paced by its group: the same permits, refusals and late calls in replay', async () => {
  const both = livelyCentre(null);
  const groups = both.groups.map((group) =>
    group.channel === 'chat' ? { ...group, agents: 4 } : { ...group, agents: 8, callWithinMs: 2 * SECOND },
  );
  const { result, parity } = await runLive({ ...both, groups }, { seed: 5 });
  expect(whyNot(parity)).toEqual([]);
  const { callbacks, chats, invites } = result.figures;
  expect(Math.min(callbacks?.promised ?? 0, callbacks?.completed ?? 0, chats.completed)).toBeGreaterThan(3);
  expect(result.refusals['noPermit'] ?? 0).toBeGreaterThan(3);
  expect(invites.sent).toBeGreaterThan(invites.accepted);
  expect(new Set(result.pacing.map(({ group }) => group))).toEqual(new Set(groups.map(({ name }) => name)));
  expect(result.live?.lost).toBe(0);
});
