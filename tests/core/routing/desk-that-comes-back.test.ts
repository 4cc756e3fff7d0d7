/** Lines, browsers and desks that come back, agents who leave, and a contact center that was away. */
import { describe, expect, test } from 'vitest';
import type { DeskAction } from '#core/messages.ts';
import { Bench, GROUP } from '../engagement/contact-center-bench.ts';

const OTHER = 'backend-2';

/** A bench whose agent a1 talks to visit v1 in chat c-i1. */
function inConversation(): Bench {
  const bench = new Bench();
  bench.login('a1', 1, 0);
  askForChat(bench, 'v1', 'i1', 100);
  bench.desk({ type: 'answer', agentId: 'a1', chatId: 'c-i1' }, 200);
  return bench;
}

function askForChat(bench: Bench, visitID: string, interactionId: string, at: number): void {
  bench.lead(visitID, at);
  bench.visitor({ type: 'chatRequest', visitID, interactionId }, at);
}

function say(bench: Bench, lineId: string, at: number): void {
  bench.desk({ type: 'say', agentId: 'a1', chatId: 'c-i1', lineId, text: `agent ${lineId}` }, at);
}

function visitorLine(bench: Bench, lineId: string, at: number): void {
  bench.visitor({ type: 'visitorLine', visitID: 'v1', lineId, text: `visitor ${lineId}` }, at);
}

describe('lines', () => {
  test('go to the other side while both talk, each once', () => {
    const bench = inConversation();
    visitorLine(bench, 'x1', 300);
    expect(bench.messages()).toEqual([
      {
        node: 'backend-1',
        message: { type: 'deskLine', agentId: 'a1', chatId: 'c-i1', lineId: 'x1', text: 'visitor x1' },
      },
    ]);
    visitorLine(bench, 'x1', 301);
    expect(bench.last).toEqual([]);
    say(bench, 'x1', 400);
    expect(bench.messages()).toEqual([
      {
        node: 'backend-1',
        message: { type: 'chatLine', visitID: 'v1', chatId: 'c-i1', lineId: 'x1', text: 'agent x1' },
      },
    ]);
    say(bench, 'x1', 401);
    expect(bench.last).toEqual([]);
  });

  test('go nowhere before the answer and after the end', () => {
    const bench = new Bench();
    bench.login('a1', 1, 0);
    askForChat(bench, 'v1', 'i1', 100);
    visitorLine(bench, 'x1', 150);
    expect(bench.last).toEqual([]);
    bench.desk({ type: 'answer', agentId: 'a1', chatId: 'c-i1' }, 200);
    bench.desk({ type: 'finish', agentId: 'a1', chatId: 'c-i1' }, 300);
    visitorLine(bench, 'x2', 400);
    say(bench, 'y1', 400);
    expect(bench.last).toEqual([]);
  });
});

describe('a browser that comes back', () => {
  test('is told how its chat stands and what the agent has said, at its new Backend from now on', () => {
    const bench = inConversation();
    say(bench, 'y1', 300);
    bench.visitor({ type: 'chatResume', visitID: 'v1' }, 400, OTHER);
    expect(bench.messages()).toMatchObject([
      { node: OTHER, message: { type: 'chatUpdate', chatId: 'c-i1', state: 'started' } },
      { node: OTHER, message: { type: 'chatLine', lineId: 'y1' } },
    ]);
    bench.desk({ type: 'finish', agentId: 'a1', chatId: 'c-i1' }, 500);
    expect(bench.messages('chatUpdate')).toMatchObject([{ node: OTHER, message: { state: 'ended' } }]);
  });

  test('and has no chat any more is told so', () => {
    const bench = new Bench();
    bench.visitor({ type: 'chatResume', visitID: 'v1' }, 400, OTHER);
    expect(bench.messages()).toEqual([
      { node: OTHER, message: { type: 'chatUpdate', visitID: 'v1', chatId: '', state: 'ended' } },
    ]);
  });

  test('a request that comes again is answered like that', () => {
    const bench = inConversation();
    bench.visitor({ type: 'chatRequest', visitID: 'v1', interactionId: 'i1' }, 400, OTHER);
    expect(bench.messages()).toMatchObject([{ node: OTHER, message: { type: 'chatUpdate', state: 'started' } }]);
    expect(bench.totals.chatsQueued).toBe(1);
  });
});

describe('a desk that logs in again', () => {
  const login = (chats: Extract<DeskAction, { type: 'login' }>['chats']): DeskAction => ({
    type: 'login',
    agentId: 'a1',
    group: GROUP,
    capacity: 1,
    ready: true,
    chats,
  });

  test('with its chat in hand goes on with it, and hears what it may have missed', () => {
    const bench = inConversation();
    visitorLine(bench, 'x1', 300);
    bench.desk(login([{ chatId: 'c-i1', state: 'talking' }]), 400, OTHER);
    expect(bench.messages()).toEqual([
      {
        node: OTHER,
        message: { type: 'deskState', agentId: 'a1', chats: [{ chatId: 'c-i1', state: 'talking' }] },
      },
      { node: OTHER, message: { type: 'deskLine', agentId: 'a1', chatId: 'c-i1', lineId: 'x1', text: 'visitor x1' } },
    ]);
    expect(bench.totals.chatsCompleted).toBe(0);
  });

  test('without its chat has lost it: the visitor is told, and the slot is free', () => {
    const bench = inConversation();
    bench.desk(login([]), 400);
    expect(bench.messages('chatUpdate', 'deskState')).toMatchObject([
      { message: { type: 'chatUpdate', state: 'ended' } },
      { message: { type: 'deskState', chats: [] } },
    ]);
    expect([bench.totals.chatsCompleted, bench.totals.groups.get(GROUP)?.busySlots.level]).toEqual([1, 0]);
  });

  test.each([
    ['talking', 'talking', 0],
    ['afterWork', 'afterWork', 1],
  ] as const)('in %s with a chat that rings here is %s here too', (there, here, completed) => {
    const bench = new Bench();
    bench.login('a1', 1, 0);
    askForChat(bench, 'v1', 'i1', 100);
    bench.desk(login([{ chatId: 'c-i1', state: there }]), 400);
    expect(bench.messages('deskState')).toMatchObject([{ message: { chats: [{ chatId: 'c-i1', state: here }] } }]);
    expect([bench.totals.chatsStarted, bench.totals.chatsCompleted]).toEqual([1, completed]);
  });

  test('with a chat that is over here is told of none, and one that is in after-work here is told so', () => {
    const bench = inConversation();
    bench.desk(login([{ chatId: 'c-i9', state: 'talking' }]), 400);
    expect(bench.messages('deskState')).toMatchObject([{ message: { chats: [] } }]);
    const other = inConversation();
    other.visitor({ type: 'chatLeft', visitID: 'v1' }, 300);
    other.desk(login([{ chatId: 'c-i1', state: 'talking' }]), 400);
    expect(other.messages('deskState')).toMatchObject([
      { message: { chats: [{ chatId: 'c-i1', state: 'afterWork' }] } },
    ]);
  });

  test('that speaks without having logged in is asked to', () => {
    const bench = new Bench();
    bench.desk({ type: 'ready', agentId: 'a7' }, 100, OTHER);
    expect(bench.messages()).toEqual([{ node: OTHER, message: { type: 'deskResume', agentId: 'a7' } }]);
  });
});

test('an agent who is ready already gets no new place in the line by saying so again', () => {
  const bench = new Bench();
  bench.login('a1', 1, 0);
  bench.login('a2', 1, 10);
  bench.desk({ type: 'ready', agentId: 'a1' }, 20);
  expect(bench.last).toEqual([]);
  askForChat(bench, 'v1', 'i1', 100);
  expect(bench.offers()).toEqual(['c-i1>a1']);
});

describe('an agent who leaves', () => {
  test('and has not answered: the chat waits again before all others, and rings at the next', () => {
    const bench = new Bench();
    bench.login('a1', 1, 0);
    askForChat(bench, 'v1', 'i1', 100);
    askForChat(bench, 'v2', 'i2', 200);
    bench.desk({ type: 'logout', agentId: 'a1' }, 300);
    expect(bench.pacer.told).toContain('recalled c-i1');
    expect(bench.totals.waitingChats).toBe(2);
    bench.login('a2', 1, 400);
    expect(bench.offers()).toEqual(['c-i1>a2']);
  });

  test('and does not come back in time: his conversation ends, completed', () => {
    const bench = inConversation();
    bench.desk({ type: 'logout', agentId: 'a1' }, 1_000);
    bench.ringUntil(30_999);
    expect(bench.totals.chatsCompleted).toBe(0);
    bench.ringUntil(31_000);
    expect(bench.messages('chatUpdate')).toMatchObject([{ message: { state: 'ended' } }]);
    expect([bench.totals.chatsCompleted, bench.totals.slots]).toEqual([1, 0]);
  });

  test('and comes back, leaves and comes back: only the last absence counts', () => {
    const bench = inConversation();
    const talking = [{ chatId: 'c-i1', state: 'talking' }] as const;
    bench.desk({ type: 'logout', agentId: 'a1' }, 1_000);
    bench.login('a1', 1, 20_000, talking);
    bench.desk({ type: 'logout', agentId: 'a1' }, 25_000);
    bench.ringUntil(31_000);
    bench.login('a1', 1, 40_000, talking);
    bench.ringUntil(60_000);
    expect(bench.totals.chatsCompleted).toBe(0);
  });
});

describe('a contact center that was away', () => {
  test('asks desks to log in again, and takes up the room where it was', () => {
    const bench = inConversation();
    askForChat(bench, 'v2', 'i2', 300);
    bench.lead('v3', 400);
    bench.disposition('v3', 'i3', 'shown', 500);
    bench.lead('v4', 600);
    bench.killAndRecover(5_000);
    expect(bench.pacer.told).toContain('restored 1 slots, 1 busy, queued c-i2, pending i3,i4');
    bench.killAndRecover(5_000);
    expect(bench.timers.map(({ at }) => at).sort((a, b) => a - b)).toEqual([
      6_000, 30_600, 35_000, 35_000, 40_500, 65_000,
    ]);
    bench.login('a1', 1, 6_000, [{ chatId: 'c-i1', state: 'talking' }]);
    bench.desk({ type: 'finish', agentId: 'a1', chatId: 'c-i1' }, 7_000);
    bench.desk({ type: 'done', agentId: 'a1', chatId: 'c-i1' }, 8_000);
    expect(bench.offers()).toEqual(['c-i2>a1']);
  });

  test('counts on desks that it has asked back, so that a lead which is quicker than they is not refused', () => {
    const bench = new Bench();
    bench.login('a1', 2, 0);
    bench.killAndRecover(5_000);
    bench.lead('v1', 5_010);
    expect(bench.messages('invite')).toHaveLength(1);
    expect(bench.offers()).toEqual([]);
    bench.login('a1', 2, 5_020);
    bench.ringUntil(60_000);
    expect(bench.totals.slots).toBe(2);
  });

  test('counts no longer on a desk that has not come back within the restore time', () => {
    const bench = new Bench();
    bench.login('a1', 2, 0);
    bench.killAndRecover(5_000);
    bench.killAndRecover(6_000);
    bench.ringUntil(35_999);
    expect([bench.totals.slots, bench.pacer.slots]).toEqual([2, 2]);
    bench.ringUntil(36_000);
    expect([bench.totals.slots, bench.pacer.slots]).toEqual([0, 0]);
    bench.lead('v1', 36_001);
    expect(bench.messages('invite')).toEqual([]);
  });

  test('lets what only rang wait again, oldest first, before those who waited', () => {
    const bench = new Bench();
    bench.login('a1', 1, 0);
    bench.login('a2', 1, 1);
    ['v1', 'v2', 'v3'].forEach((visitID, index) => askForChat(bench, visitID, `i${index + 1}`, 100 + index));
    bench.killAndRecover(5_000);
    expect(bench.totals.waitingChats).toBe(3);
    const ringing: string[] = [];
    bench.listener = (message) => {
      if (message.type === 'chatOffer') ringing.push(message.chatId);
    };
    bench.login('a1', 3, 6_000);
    expect(ringing).toEqual(['c-i1', 'c-i2', 'c-i3']);
  });

  test('knows who waits: a visitor who gives up then is an abandonment, and one who asks is told', () => {
    const bench = new Bench();
    bench.login('a1', 1, 0);
    askForChat(bench, 'v1', 'i1', 100);
    askForChat(bench, 'v2', 'i2', 200);
    bench.killAndRecover(5_000);
    bench.visitor({ type: 'chatResume', visitID: 'v1' }, 5_100);
    expect(bench.messages()).toMatchObject([{ message: { chatId: 'c-i1', state: 'queued' } }]);
    bench.visitor({ type: 'chatLeft', visitID: 'v2' }, 5_200);
    expect([bench.totals.chatsAbandoned, bench.totals.waitingChats]).toEqual([1, 1]);
  });

  test('sends an invite again that nobody has shown, and only that', () => {
    const bench = new Bench();
    bench.login('a1', 2, 0);
    bench.lead('v1', 100);
    bench.lead('v2', 200);
    bench.disposition('v2', 'i2', 'shown', 300);
    const invites: string[] = [];
    bench.listener = (message) => {
      if (message.type === 'invite') invites.push(message.interactionId);
    };
    bench.killAndRecover(5_000);
    expect(invites).toEqual(['i1']);
  });

  test('gives up what was overdue while it was away, at once', () => {
    const bench = new Bench();
    bench.login('a1', 1, 0);
    bench.lead('v1', 1_000);
    bench.killAndRecover(100_000);
    bench.ringUntil(100_000);
    expect(bench.path('v1').at(-1)).toBe('Failed:notShown');
  });

  test('starts empty where there is nothing to take up', () => {
    const bench = new Bench();
    bench.killAndRecover(5_000, []);
    expect(bench.last.map(({ type }) => type)).toEqual(['wake', 'wake']);
  });
});
