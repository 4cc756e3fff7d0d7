/** After registrationFormExpirationTime (guide, L3526): the attempt is invalid, the visitor can still chat, and be invited once more. */
import { describe, expect, test } from 'vitest';
import { Bench } from './contact-center-bench.ts';

const FORM_MS = 60_000;

/** The form of v1's first invite, opened at 10 s, with an agent for two chats. */
function formOpened(): Bench {
  const bench = new Bench({ registrationFormExpirationMs: FORM_MS });
  bench.login('a1', 2, 0);
  bench.lead('v1', 0);
  bench.disposition('v1', 'i1', 'shown', 0);
  bench.disposition('v1', 'i1', 'acceptCall', 10_000);
  return bench;
}

const REQUEST = { type: 'chatRequest', visitID: 'v1', interactionId: 'i1' } as const;

describe('a registration form that is sent', () => {
  test('a moment before its time is over accepts the invite', () => {
    const bench = formOpened();
    bench.ringUntil(10_000 + FORM_MS - 1);
    bench.visitor(REQUEST, 10_000 + FORM_MS - 1);
    expect(bench.path('v1').at(-1)).toBe('Accepted');
    expect([bench.totals.accepted, bench.totals.reactive.letIn]).toEqual([1, 0]);
  });

  test('when its time is over starts a chat that the visitor asked for himself; the attempt stays Failed', () => {
    const bench = formOpened();
    bench.ringUntil(10_000 + FORM_MS);
    bench.visitor(REQUEST, 10_000 + FORM_MS);
    expect(bench.path('v1')).toEqual(['Qualified', 'Engaged', 'Failed:formExpired']);
    expect(bench.sent()).toEqual(['chatUpdate', 'chatOffer']);
    expect([bench.totals.accepted, bench.totals.chatsQueued, bench.totals.reactive.letIn]).toEqual([0, 1, 1]);
    expect(bench.pacer.told.filter((line) => line.startsWith('ended'))).toEqual(['ended i1 other']);
  });

  test('twice starts one chat, also when the second comes after the chat or after a restart', () => {
    const bench = formOpened();
    bench.ringUntil(80_000);
    bench.visitor(REQUEST, 80_000);
    bench.visitor(REQUEST, 80_001);
    bench.visitor({ type: 'chatLeft', visitID: 'v1' }, 81_000);
    bench.visitor(REQUEST, 82_000);
    bench.killAndRecover(83_000);
    bench.visitor(REQUEST, 84_000);
    expect(bench.totals.chatsQueued).toBe(1);
  });

  test('after a restart still starts the chat, but not once the visit is over or from another visit', () => {
    for (const [isOver, visitID, chats] of [
      [false, 'v1', 1],
      [true, 'v1', 0],
      [false, 'v2', 0],
    ] as const) {
      const bench = formOpened();
      bench.ringUntil(80_000);
      bench.killAndRecover(81_000);
      bench.login('a1', 2, 81_500);
      if (isOver) bench.give({ type: 'visitEnded', visitID: 'v1' }, 82_000);
      bench.visitor({ ...REQUEST, visitID }, 83_000);
      expect(bench.totals.chatsQueued).toBe(chats);
    }
  });

  test('never leaves the visitor free for one more invite, which tells its attempt number', () => {
    const bench = formOpened();
    bench.lead('v1', 20_000);
    expect(bench.path('v1').at(-1)).toBe('Failed:inviteOpen');
    bench.ringUntil(80_000);
    bench.lead('v1', 81_000);
    expect(bench.path('v1').slice(-2)).toEqual(['Qualified', 'Engaged']);
    expect(bench.messages('invite').map(({ message }) => message)).toMatchObject([
      { interactionId: 'i3', attemptNumber: 3, registrationRequired: false },
    ]);
  });
});
