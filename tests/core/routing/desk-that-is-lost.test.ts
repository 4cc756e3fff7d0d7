/** Desks whose connection is gone for good, told by their Backend or with it: what rang goes to others, what was said is kept a while. */
import { describe, expect, test } from 'vitest';
import { Bench, GROUP } from '../engagement/contact-center-bench.ts';

function ringing(): Bench {
  const bench = new Bench();
  bench.login('a1', 1, 0);
  bench.lead('v1', 100);
  bench.visitor({ type: 'chatRequest', visitID: 'v1', interactionId: 'i1' }, 200);
  return bench;
}

describe('a desk that is lost', () => {
  test.each([
    ['its Backend says so', { type: 'deskLost', agentId: 'a1', via: 'backend-1' } as const],
    ['its Backend is lost', { type: 'backendLost', node: 'backend-1' } as const],
  ])('gives what rang to the next agent when %s', (_how, event) => {
    const bench = ringing();
    bench.give(event, 300);
    expect([...bench.contactCenter.chats.agents].map(({ loggedIn }) => loggedIn)).toEqual([false]);
    expect(bench.contactCenter.chats.waitingChats).toBe(1);
    bench.login('a2', 1, 400);
    expect(bench.messages()).toContainEqual({
      node: 'backend-1',
      message: { type: 'chatOffer', agentId: 'a2', chatId: 'c-i1', userData: { rule: 'Cart', attempt_number: '1' } },
    });
  });

  test.each([
    ['deskLost', { type: 'deskLost', agentId: 'a1', via: 'backend-1' } as const],
    ['backendLost', { type: 'backendLost', node: 'backend-1' } as const],
  ])('is not meant by a late %s once it has logged in by way of another Backend', (_what, event) => {
    const bench = ringing();
    const login = { type: 'login', agentId: 'a1', group: GROUP, capacity: 1, ready: true, chats: [] } as const;
    bench.desk(login, 250, 'backend-2');
    bench.give(event, 300);
    expect(bench.last).toEqual([]);
    expect([...bench.contactCenter.chats.agents].map(({ loggedIn }) => loggedIn)).toEqual([true]);
  });
});
