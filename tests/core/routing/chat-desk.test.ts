/** Routing, abandonment, after-work and breaks, as agents and visitors meet them. */
import { describe, expect, test } from 'vitest';
import { Bench, GROUP, leadOf } from '../engagement/contact-center-bench.ts';

/** A bench in which visits v1, v2 ... ask for a chat at the given times. */
function ask(bench: Bench, ...times: readonly number[]): void {
  times.forEach((at, index) => {
    const visitID = `v${index + 1}`;
    bench.give({ type: 'leadArrived', lead: leadOf(visitID, at) }, at);
    bench.give({ type: 'chatRequest', visitID, interactionId: `i${index + 1}` }, at);
  });
}

function offers(bench: Bench): string[] {
  return bench.last.flatMap((effect) =>
    effect.type === 'toDesk' && effect.message.type === 'chatOffer'
      ? [`${effect.message.chatId}>${effect.message.agentId}`]
      : [],
  );
}

describe('routing', () => {
  test('the longest idle of the least occupied agents is offered the chat', () => {
    const bench = new Bench();
    bench.give({ type: 'login', agentId: 'late', group: GROUP, capacity: 2 }, 20);
    bench.give({ type: 'login', agentId: 'early', group: GROUP, capacity: 2 }, 10);
    ask(bench, 100);
    expect(offers(bench)).toEqual(['c1>early']);
    bench.give({ type: 'leadArrived', lead: leadOf('v2', 110) }, 110);
    bench.give({ type: 'chatRequest', visitID: 'v2', interactionId: 'i2' }, 110);
    expect(offers(bench)).toEqual(['c2>late']);
  });

  test('who waits longest is served first when a slot becomes free, which it does only after after-work', () => {
    const bench = new Bench();
    bench.give({ type: 'login', agentId: 'a1', group: GROUP, capacity: 1 }, 0);
    ask(bench, 0, 10, 20);
    bench.give({ type: 'answer', agentId: 'a1', chatId: 'c1' }, 30);
    bench.give({ type: 'finish', agentId: 'a1', chatId: 'c1' }, 1_000);
    expect(offers(bench)).toEqual([]);
    bench.give({ type: 'done', agentId: 'a1', chatId: 'c1' }, 2_000);
    expect(offers(bench)).toEqual(['c2>a1']);
  });

  test('a visitor who gives up in the queue is an abandonment and is not offered any more', () => {
    const bench = new Bench();
    bench.give({ type: 'login', agentId: 'a1', group: GROUP, capacity: 1 }, 0);
    ask(bench, 0, 10);
    bench.give({ type: 'chatLeft', visitID: 'v2' }, 5_000);
    bench.give({ type: 'answer', agentId: 'a1', chatId: 'c1' }, 5_000);
    bench.give({ type: 'finish', agentId: 'a1', chatId: 'c1' }, 6_000);
    bench.give({ type: 'done', agentId: 'a1', chatId: 'c1' }, 7_000);
    expect(offers(bench)).toEqual([]);
    expect(bench.contactCenter.totals.chatsAbandoned).toBe(1);
    expect(bench.pacer.told).toContain('abandoned c2');
  });

  test('a visitor who gives up while it rings is an abandonment and frees the slot', () => {
    const bench = new Bench();
    bench.give({ type: 'login', agentId: 'a1', group: GROUP, capacity: 1 }, 0);
    ask(bench, 0);
    bench.give({ type: 'chatLeft', visitID: 'v1' }, 2_000);
    expect(bench.sent('toDesk')).toEqual(['chatClosed']);
    expect(bench.pacer.told.slice(-2)).toEqual(['abandoned c1', 'released c1']);
    const chat = bench.contactCenter.totals.queues.get('Chat');
    expect(chat).toEqual({ entered: 1, left: 1 });
  });

  test('a visitor who leaves the conversation ends it: completed, then after-work', () => {
    const bench = new Bench();
    bench.give({ type: 'login', agentId: 'a1', group: GROUP, capacity: 1 }, 0);
    ask(bench, 0);
    bench.give({ type: 'answer', agentId: 'a1', chatId: 'c1' }, 100);
    bench.give({ type: 'chatLeft', visitID: 'v1' }, 2_000);
    expect(bench.contactCenter.totals.chatsCompleted).toBe(1);
    expect(bench.contactCenter.totals.chatsAbandoned).toBe(0);
    expect(bench.contactCenter.chats.groups.get(GROUP)?.busySlots.level).toBe(1);
    bench.give({ type: 'done', agentId: 'a1', chatId: 'c1' }, 3_000);
    expect(bench.contactCenter.chats.groups.get(GROUP)?.busySlots.level).toBe(0);
  });

  test('an agent on a break finishes what he has, takes nothing new, and his free slots do not count', () => {
    const bench = new Bench();
    bench.give({ type: 'login', agentId: 'a1', group: GROUP, capacity: 3 }, 0);
    ask(bench, 0);
    bench.give({ type: 'notReady', agentId: 'a1', reason: 'break' }, 10);
    expect(bench.pacer.slots).toBe(1);
    bench.give({ type: 'leadArrived', lead: leadOf('v2', 20) }, 20);
    bench.give({ type: 'chatRequest', visitID: 'v2', interactionId: 'i2' }, 20);
    expect(offers(bench)).toEqual([]);
    bench.give({ type: 'ready', agentId: 'a1' }, 30);
    expect(offers(bench)).toEqual(['c2>a1']);
    expect(bench.pacer.slots).toBe(3);
  });

  test('busy slot-seconds count from the offer to the end of after-work', () => {
    const bench = new Bench();
    bench.give({ type: 'login', agentId: 'a1', group: GROUP, capacity: 2 }, 0);
    ask(bench, 1_000);
    bench.give({ type: 'answer', agentId: 'a1', chatId: 'c1' }, 2_000);
    bench.give({ type: 'finish', agentId: 'a1', chatId: 'c1' }, 5_000);
    bench.give({ type: 'done', agentId: 'a1', chatId: 'c1' }, 7_000);
    const group = bench.contactCenter.chats.groups.get(GROUP);
    expect(group?.busySlots.until(10_000)).toBe(6_000);
    expect(group?.slots.until(10_000)).toBe(20_000);
    expect(group?.occupiedAgents.until(10_000)).toBe(6_000);
  });
});
