/** What the rows of the contact center tell of an engagement attempt. */
import { describe, expect, it } from 'vitest';
import { foldAttempt, tellingsOf } from '#core/engagement/attempt-tellings.ts';
import type { InteractionRow } from '#core/engagement/interaction-row.ts';
import { sampleChat, sampleInteraction } from '#tests/stores/store-samples.ts';

function row(step: number, change: Partial<InteractionRow>): InteractionRow {
  const sampled = sampleInteraction('i1', 100 + step, step) as InteractionRow;
  return { ...sampled, lead: { ...sampled.lead, at: 90 }, since: 100 + step, ...change };
}

const QUALIFIED = row(0, { state: 'qualified', channel: null });
const INVITED = row(1, { state: 'invited' });
const SHOWN = row(2, { state: 'shown' });
const FORM = row(3, { state: 'form' });
const ACCEPTED = row(4, { state: 'accepted' });
const STOPPED = row(4, { state: 'accepted', at: 900, stopped: true });
const CHAT = { ...sampleChat('c-i1', 104, 0), visitID: 'v1' };

describe('an engagement attempt', () => {
  it('is told by the rows of its interaction and chat, in whatever order they are read', () => {
    const rows = [QUALIFIED, INVITED, SHOWN, FORM, ACCEPTED, CHAT, STOPPED];
    const record = {
      engagementAttemptId: 'i1',
      visitId: 'v1',
      identityId: null,
      pageId: 'v1:p1',
      interactionId: 'i1',
      channel: 'proactiveChat',
      rule: 'Search',
      attemptNumber: 1,
      createdAt: 90,
      invitedAt: 101,
      disposition: 'acceptCall',
      dispositionAt: 103,
      mediaInteractionId: 'c-i1',
      state: 'accepted',
    };
    expect(foldAttempt(tellingsOf(rows))).toEqual(record);
    expect(foldAttempt(tellingsOf(rows.toReversed()))).toEqual(record);
  });

  it.each([
    ['was not invited', [QUALIFIED, row(1, { state: 'failed', reason: 'noAgents' })], null, null],
    ['was not shown', [INVITED, row(2, { state: 'failed', reason: 'notShown' })], 101, null],
    ['was shown and left unanswered', [INVITED, SHOWN, row(3, { state: 'failed', reason: 'silent' })], 101, 'shown'],
    ['was rejected', [INVITED, SHOWN, row(3, { state: 'rejected' })], 101, 'reject'],
    ['ran out', [INVITED, SHOWN, row(3, { state: 'timeout' })], 101, 'timeout'],
    ['was abandoned', [INVITED, FORM, row(4, { state: 'failed', reason: 'formAbandoned' })], 101, 'formAbandoned'],
  ] as const)('that %s says so', (_, rows, invitedAt, disposition) => {
    expect(foldAttempt(tellingsOf(rows))).toMatchObject({ invitedAt, disposition, mediaInteractionId: null });
  });

  it('is no follow-up, no chat alone and nothing else of the contact center', () => {
    const followUp = row(0, { state: 'followUp', attemptNumber: 0 });
    expect(foldAttempt(tellingsOf([followUp, CHAT, sampleChat('r-7', 1, 0)]))).toBeNull();
  });
});
