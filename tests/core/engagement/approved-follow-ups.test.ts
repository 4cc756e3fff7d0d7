/** What agents do about follow-ups: approved, one becomes an attempt by the way of every hot lead; dismissed, it ends in Failed. */
import { expect, test } from 'vitest';
import type { FollowUpAction } from '#core/messages.ts';
import { Bench, leadOf, VIA } from './contact-center-bench.ts';

const HOUR_MS = 3_600_000;

function leave(bench: Bench, visitID: string, at: number, priority = 20): void {
  const { firing, ...lead } = leadOf(visitID, at, { onSite: false });
  const followUp = { ...lead, firing: { ...firing, action: 'followUp', priority } as const };
  bench.give({ type: 'leadArrived', lead: followUp, interactionId: `f-${visitID}` }, at);
}

function act(bench: Bench, action: FollowUpAction, at: number): void {
  bench.give({ ...action, via: VIA }, at);
}

function benchWithFollowUps(): Bench {
  const bench = new Bench();
  bench.login('a1', 2, 0);
  leave(bench, 'v1', 1_000);
  leave(bench, 'v2', 2_000, 70);
  leave(bench, 'v3', 3_000);
  return bench;
}

const approve = (interactionId: string): FollowUpAction => ({ type: 'approveFollowUp', agentId: 'a1', interactionId });
const dismiss = (interactionId: string): FollowUpAction => ({ type: 'dismissFollowUp', agentId: 'a1', interactionId });

test('a desk that asks is told what waits, the most urgent first', () => {
  const bench = benchWithFollowUps();
  act(bench, { type: 'listFollowUps', agentId: 'a1' }, 4_000);
  expect(bench.messages('followUps')).toMatchObject([
    {
      node: VIA,
      message: { followUps: [{ interactionId: 'f-v2', priority: 70 }, { interactionId: 'f-v1', since: 1_000 }, {}] },
    },
  ]);
});

test('an approved one is engaged with a permit and a time of its own, as the next attempt of its visit', () => {
  const bench = benchWithFollowUps();
  bench.lead('v1', 5_000);
  bench.disposition('v1', 'i1', 'shown', 5_500);
  bench.disposition('v1', 'i1', 'reject', 6_000);
  act(bench, approve('f-v1'), HOUR_MS);
  expect(bench.path('v1')).toEqual(['FollowUp', 'Qualified', 'Engaged', 'Rejected', 'Qualified', 'Engaged']);
  expect(bench.messages('invite').map(({ message }) => message)).toMatchObject([
    { interactionId: 'f-v1', attemptNumber: 2 },
  ]);
  expect(bench.pacer.told).toContain('permit f-v1');
  bench.ringUntil(HOUR_MS + 29_999);
  expect(bench.path('v1').at(-1)).toBe('Engaged');
  bench.visitor({ type: 'chatRequest', visitID: 'v1', interactionId: 'f-v1' }, HOUR_MS + 29_999);
  expect(bench.path('v1').at(-1)).toBe('Accepted');
  expect(bench.totals).toMatchObject({ hotLeads: 1, followUps: 3, followUpsApproved: 1, accepted: 1 });
});

test('one whose visit is over is refused as any other hot lead whose visitor has gone', () => {
  const bench = benchWithFollowUps();
  bench.give({ type: 'visitEnded', visitID: 'v1' }, 4_000);
  act(bench, approve('f-v1'), 5_000);
  expect(bench.path('v1')).toEqual(['FollowUp', 'Qualified', 'Failed:visitorGone']);
});

test('a dismissed one ends in Failed; what is approved or dismissed twice, also after a restart, changes nothing more', () => {
  const bench = benchWithFollowUps();
  act(bench, dismiss('f-v1'), 4_000);
  act(bench, approve('f-v2'), 4_000);
  bench.killAndRecover(5_000);
  bench.login('a1', 2, 5_000);
  for (const again of [dismiss('f-v1'), approve('f-v1'), dismiss('f-v2'), approve('f-v2')]) act(bench, again, 6_000);
  expect(bench.path('v1')).toEqual(['FollowUp', 'Failed:dismissed']);
  expect(bench.path('v2')).toEqual(['FollowUp', 'Qualified', 'Engaged']);
  expect(bench.contactCenter.engagement.followUps.open).toBe(1);
  expect(bench.totals).toMatchObject({ followUpsApproved: 1, followUpsDismissed: 1, refused: 0, inviteFailed: 0 });
});

test('who is not logged in is asked to log in, and decides nothing', () => {
  const bench = benchWithFollowUps();
  act(bench, { ...approve('f-v1'), agentId: 'a9' }, 4_000);
  expect(bench.sent()).toEqual(['deskResume']);
  expect(bench.contactCenter.engagement.followUps.open).toBe(3);
});
