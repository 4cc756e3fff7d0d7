/** Offers that are missed or rejected, the choice of the agent, reasons for not being ready, and transfers. */
import { describe, expect, test } from 'vitest';
import type { GroupRules } from '#core/contact-center-settings.ts';
import { Bench, GROUP } from '../engagement/contact-center-bench.ts';

const RULES: GroupRules = { name: GROUP, routing: 'leastOccupied', ringMs: 20_000, whenMissed: 'notReady' };

function benchWith(rules: Partial<GroupRules> = {}): Bench {
  return new Bench({ groupRules: [{ ...RULES, ...rules }] });
}

function ask(bench: Bench, n: number, at: number): void {
  bench.lead(`v${n}`, at);
  bench.visitor({ type: 'chatRequest', visitID: `v${n}`, interactionId: `i${n}` }, at);
}

/** Every offer from now on, as `chat>agent`. */
function listen(bench: Bench): string[] {
  const offers: string[] = [];
  bench.listener = (message) => {
    if (message.type === 'chatOffer') offers.push(`${message.chatId}>${message.agentId}`);
  };
  return offers;
}

describe('an offer that is not answered within the ring time', () => {
  test('goes to the next agent before all others, and who missed it is not ready, with the reason', () => {
    const bench = benchWith();
    bench.login('a1', 1, 0);
    bench.login('a2', 1, 1);
    ask(bench, 1, 100);
    ask(bench, 2, 200);
    ask(bench, 3, 300);
    bench.desk({ type: 'answer', agentId: 'a2', chatId: 'c-i2' }, 1_000);
    bench.desk({ type: 'finish', agentId: 'a2', chatId: 'c-i2' }, 19_000);
    const offers = listen(bench);
    bench.ringUntil(20_099);
    expect(offers).toEqual([]);
    bench.ringUntil(20_100);
    expect(bench.messages('chatClosed', 'deskNotReady').map(({ message }) => message)).toEqual([
      { type: 'deskNotReady', agentId: 'a1', reason: 'missed' },
      { type: 'chatClosed', agentId: 'a1', chatId: 'c-i1' },
    ]);
    bench.desk({ type: 'done', agentId: 'a2', chatId: 'c-i2' }, 21_000);
    expect(offers).toEqual(['c-i1>a2']);
    expect(bench.totals.offersMissed).toBe(1);
    expect(bench.facts.findLast((fact) => fact.kind === 'agent' && fact.agentId === 'a1')).toMatchObject({
      state: 'notReady',
      reason: 'missed',
    });
    expect(bench.pacer.told).toContain('recalled c-i1');
    expect(bench.pacer.slots).toBe(1);
  });

  test('leaves its agent ready where the group says so, and rings at him again when nobody else is there', () => {
    const bench = benchWith({ whenMissed: 'ready' });
    bench.login('a1', 1, 0);
    const offers = listen(bench);
    ask(bench, 1, 100);
    bench.ringUntil(60_000);
    expect(offers).toEqual(['c-i1>a1', 'c-i1>a1', 'c-i1>a1']);
    expect(bench.totals.offersMissed).toBe(2);
  });

  test('waits for another who is there and busy, rather than ring at the same one', () => {
    const bench = benchWith({ whenMissed: 'ready' });
    bench.login('a1', 1, 0);
    bench.login('a2', 1, 1);
    ask(bench, 1, 100);
    ask(bench, 2, 200);
    bench.desk({ type: 'answer', agentId: 'a2', chatId: 'c-i2' }, 1_000);
    const offers = listen(bench);
    bench.ringUntil(30_000);
    expect(offers).toEqual([]);
    ask(bench, 3, 31_000);
    expect(offers).toEqual(['c-i3>a1']);
  });

  test.each([
    ['was answered', 'answer'],
    ['was rejected', 'reject'],
  ] as const)('is nothing when it %s before', (_what, type) => {
    const bench = benchWith();
    bench.login('a1', 1, 0);
    bench.login('a2', 1, 1);
    ask(bench, 1, 100);
    bench.desk({ type, agentId: 'a1', chatId: 'c-i1' }, 5_000);
    bench.ringUntil(20_500);
    expect(bench.totals.offersMissed).toBe(0);
  });

  test('is not counted by the timer of an offer before it', () => {
    const bench = benchWith();
    bench.login('a1', 1, 0);
    bench.login('a2', 1, 1);
    ask(bench, 1, 100);
    bench.desk({ type: 'reject', agentId: 'a1', chatId: 'c-i1' }, 15_000);
    bench.ringUntil(34_999);
    expect(bench.totals.offersMissed).toBe(0);
    bench.ringUntil(35_000);
    expect(bench.totals.offersMissed).toBe(1);
  });

  test('is remembered over a restart: who missed it is not ready still, and is not asked first again', () => {
    const bench = benchWith();
    bench.login('a1', 2, 0);
    ask(bench, 1, 100);
    bench.ringUntil(20_100);
    bench.killAndRecover(25_000);
    const offers = listen(bench);
    bench.desk(
      { type: 'login', agentId: 'a1', group: GROUP, capacity: 2, ready: false, reason: 'missed', chats: [] },
      25_100,
    );
    expect(bench.rows.get('agent a1')).toMatchObject({ ready: false, reason: 'missed' });
    bench.login('a2', 1, 26_000);
    bench.desk({ type: 'ready', agentId: 'a1' }, 26_100);
    expect(offers).toEqual(['c-i1>a2']);
  });
});

test('a rejected offer rings at the next agent at once, and its agent stays ready', () => {
  const bench = benchWith();
  bench.login('a1', 1, 0);
  bench.login('a2', 1, 1);
  ask(bench, 1, 100);
  bench.desk({ type: 'reject', agentId: 'a1', chatId: 'c-i1' }, 2_000);
  expect(bench.offers()).toEqual(['c-i1>a2']);
  bench.desk({ type: 'reject', agentId: 'a1', chatId: 'c-i1' }, 2_100);
  expect(bench.last).toEqual([]);
  expect([bench.totals.offersRejected, bench.pacer.slots]).toEqual([1, 2]);
});

describe('the longest idle', () => {
  test.each([
    ['longestIdle', 'c-i4>a1'],
    ['leastOccupied', 'c-i4>a2'],
  ] as const)('with several chats: by %s', (routing, expected) => {
    const bench = benchWith({ routing });
    bench.login('a1', 3, 0);
    bench.login('a2', 3, 1);
    ask(bench, 1, 100);
    ask(bench, 2, 200);
    ask(bench, 3, 300);
    // a1 has two chats, a2 one; a2's was last, but then ends.
    bench.desk({ type: 'answer', agentId: 'a2', chatId: 'c-i2' }, 400);
    bench.desk({ type: 'finish', agentId: 'a2', chatId: 'c-i2' }, 500);
    bench.desk({ type: 'done', agentId: 'a2', chatId: 'c-i2' }, 600);
    const offers = listen(bench);
    ask(bench, 4, 700);
    expect(offers).toEqual([expected]);
  });
});

describe('a reason', () => {
  test('is kept with the state, changed while it lasts, and gone with it', () => {
    const bench = benchWith();
    bench.login('a1', 1, 0);
    bench.desk({ type: 'notReady', agentId: 'a1', reason: 'break' }, 10);
    bench.desk({ type: 'notReady', agentId: 'a1', reason: 'training' }, 20);
    bench.desk({ type: 'notReady', agentId: 'a1', reason: 'training' }, 25);
    bench.desk({ type: 'ready', agentId: 'a1' }, 30);
    const reasons = bench.facts.flatMap((fact) => (fact.kind === 'agent' ? [`${fact.state} ${fact.reason}`] : []));
    expect(reasons).toEqual(['ready null', 'notReady break', 'notReady training', 'ready null']);
  });
});

describe('a transfer', () => {
  const OTHERS = 'Second line';

  /** a1 talks to v1, and b1 sits in the second line. */
  function talking(): Bench {
    const bench = benchWith();
    bench.login('a1', 1, 0);
    bench.desk({ type: 'login', agentId: 'b1', group: OTHERS, capacity: 1, ready: true, chats: [] }, 1);
    bench.desk({ type: 'login', agentId: 'b2', group: OTHERS, capacity: 1, ready: true, chats: [] }, 2);
    ask(bench, 1, 100);
    bench.desk({ type: 'answer', agentId: 'a1', chatId: 'c-i1' }, 200);
    bench.visitor({ type: 'visitorLine', visitID: 'v1', lineId: 'x1', text: 'hello' }, 300);
    return bench;
  }

  test('rings in the other group; the visitor waits, the slot is free, and the chat is counted once', () => {
    const bench = talking();
    bench.desk({ type: 'transfer', agentId: 'a1', chatId: 'c-i1', toGroup: OTHERS }, 5_000);
    expect(bench.offers()).toEqual(['c-i1>b1']);
    expect(bench.messages('chatUpdate').map(({ message }) => message)).toMatchObject([{ state: 'queued' }]);
    expect(bench.pacer.told.at(-1)).toBe('released c-i1');
    bench.desk({ type: 'answer', agentId: 'b1', chatId: 'c-i1' }, 6_000);
    bench.desk({ type: 'finish', agentId: 'b1', chatId: 'c-i1' }, 7_000);
    const { chatsStarted, chatsCompleted, chatsTransferred, chatsAbandoned, waitingChats } = bench.totals;
    expect([chatsStarted, chatsCompleted, chatsTransferred, chatsAbandoned, waitingChats]).toEqual([1, 1, 1, 0, 0]);
    bench.desk({ type: 'transfer', agentId: 'a1', chatId: 'c-i1', toGroup: OTHERS }, 7_500);
    expect(bench.last).toEqual([]);
  });

  test('to an agent rings at him alone, also when he has to be waited for', () => {
    const bench = talking();
    ask(bench, 2, 400);
    bench.desk({ type: 'transfer', agentId: 'a1', chatId: 'c-i1', toGroup: OTHERS, toAgent: 'b2' }, 5_000);
    expect(bench.offers()).toEqual(['c-i1>b2', 'c-i2>a1']);
    bench.desk({ type: 'answer', agentId: 'b2', chatId: 'c-i1' }, 6_000);
    bench.desk({ type: 'answer', agentId: 'a1', chatId: 'c-i2' }, 6_000);
    bench.desk({ type: 'transfer', agentId: 'a1', chatId: 'c-i2', toGroup: OTHERS, toAgent: 'b2' }, 7_000);
    expect(bench.offers()).toEqual([]);
    bench.desk({ type: 'logout', agentId: 'b2' }, 8_000);
    expect(bench.offers()).toEqual(['c-i2>b1']);
  });

  test('in his own group goes to another, as long as there is one', () => {
    const bench = benchWith();
    bench.login('a1', 1, 0);
    bench.login('a2', 1, 1);
    ask(bench, 1, 100);
    bench.desk({ type: 'answer', agentId: 'a1', chatId: 'c-i1' }, 200);
    bench.desk({ type: 'transfer', agentId: 'a1', chatId: 'c-i1', toGroup: GROUP }, 5_000);
    expect(bench.offers()).toEqual(['c-i1>a2']);
    expect(bench.pacer.told.slice(-3)).toEqual(['released c-i1', 'queued c-i1', 'started c-i1']);
  });

  test('whose visitor gives up meanwhile is counted apart, and costs the goal nothing', () => {
    const bench = benchWith();
    bench.login('a1', 1, 0);
    ask(bench, 1, 100);
    bench.desk({ type: 'answer', agentId: 'a1', chatId: 'c-i1' }, 200);
    ask(bench, 2, 300);
    bench.login('a2', 1, 400);
    bench.desk({ type: 'transfer', agentId: 'a1', chatId: 'c-i1', toGroup: GROUP }, 5_000);
    expect(bench.offers()).toEqual([]);
    bench.visitor({ type: 'chatLeft', visitID: 'v1' }, 9_000);
    const { chatsAbandoned, chatsLostInTransfer, waitingChats } = bench.totals;
    expect([chatsAbandoned, chatsLostInTransfer, waitingChats]).toEqual([0, 1, 0]);
    expect(bench.pacer.told).toContain('withdrawn c-i1');
    expect(bench.pacer.told).not.toContain('abandoned c-i1');
  });

  test('survives a restart while the visitor waits, before all others', () => {
    const bench = talking();
    bench.desk({ type: 'logout', agentId: 'b1' }, 4_000);
    bench.desk({ type: 'logout', agentId: 'b2' }, 4_000);
    bench.desk({ type: 'transfer', agentId: 'a1', chatId: 'c-i1', toGroup: OTHERS }, 5_000);
    bench.killAndRecover(6_000);
    const offers = listen(bench);
    bench.desk({ type: 'login', agentId: 'b1', group: OTHERS, capacity: 1, ready: true, chats: [] }, 7_000);
    expect(offers).toEqual(['c-i1>b1']);
    bench.visitor({ type: 'chatLeft', visitID: 'v1' }, 8_000);
    expect([bench.totals.chatsAbandoned, bench.totals.chatsLostInTransfer]).toEqual([0, 1]);
  });
});
