/** Routing, abandonment, after-work and breaks, as agents and visitors meet them. */
import { describe, expect, test } from 'vitest';
import { Bench, GROUP } from '../engagement/contact-center-bench.ts';

/** A bench in which visits v1, v2 ... ask for a chat at the given times. */
function ask(bench: Bench, ...times: readonly number[]): void {
  times.forEach((at, index) => {
    const visitID = `v${index + 1}`;
    bench.lead(visitID, at);
    bench.visitor({ type: 'chatRequest', visitID, interactionId: `i${index + 1}` }, at);
  });
}

describe('routing', () => {
  test('the longest idle of the least occupied agents is offered the chat', () => {
    const bench = new Bench();
    bench.login('late', 2, 20);
    bench.login('early', 2, 10);
    ask(bench, 100);
    expect(bench.offers()).toEqual(['c-i1>early']);
    bench.lead('v2', 110);
    bench.visitor({ type: 'chatRequest', visitID: 'v2', interactionId: 'i2' }, 110);
    expect(bench.offers()).toEqual(['c-i2>late']);
  });

  test('who waits longest is served first when a slot becomes free, which it does only after after-work', () => {
    const bench = new Bench();
    bench.login('a1', 1, 0);
    ask(bench, 0, 10, 20);
    bench.desk({ type: 'answer', agentId: 'a1', chatId: 'c-i1' }, 30);
    bench.desk({ type: 'finish', agentId: 'a1', chatId: 'c-i1' }, 1_000);
    expect(bench.offers()).toEqual([]);
    bench.desk({ type: 'done', agentId: 'a1', chatId: 'c-i1' }, 2_000);
    expect(bench.offers()).toEqual(['c-i2>a1']);
  });

  test('a visitor who gives up in the queue is an abandonment and is not offered any more', () => {
    const bench = new Bench();
    bench.login('a1', 1, 0);
    ask(bench, 0, 10);
    bench.visitor({ type: 'chatLeft', visitID: 'v2' }, 5_000);
    bench.desk({ type: 'answer', agentId: 'a1', chatId: 'c-i1' }, 5_000);
    bench.desk({ type: 'finish', agentId: 'a1', chatId: 'c-i1' }, 6_000);
    bench.desk({ type: 'done', agentId: 'a1', chatId: 'c-i1' }, 7_000);
    expect(bench.offers()).toEqual([]);
    expect(bench.totals.chatsAbandoned).toBe(1);
    expect(bench.pacer.told).toContain('abandoned c-i2');
  });

  test('a visitor who gives up while it rings is an abandonment and frees the slot', () => {
    const bench = new Bench();
    bench.login('a1', 1, 0);
    ask(bench, 0);
    bench.visitor({ type: 'chatLeft', visitID: 'v1' }, 2_000);
    expect(bench.sent()).toEqual(['chatUpdate', 'chatClosed']);
    expect(bench.pacer.told.slice(-2)).toEqual(['abandoned c-i1', 'released c-i1']);
    const chat = bench.totals.queues.get('Chat');
    expect(chat).toEqual({ entered: 1, left: 1 });
  });

  test('a visitor who leaves the conversation ends it: completed, then after-work', () => {
    const bench = new Bench();
    bench.login('a1', 1, 0);
    ask(bench, 0);
    bench.desk({ type: 'answer', agentId: 'a1', chatId: 'c-i1' }, 100);
    bench.visitor({ type: 'chatLeft', visitID: 'v1' }, 2_000);
    expect(bench.totals.chatsCompleted).toBe(1);
    expect(bench.totals.chatsAbandoned).toBe(0);
    expect(bench.totals.groups.get(GROUP)?.busySlots.level).toBe(1);
    bench.desk({ type: 'done', agentId: 'a1', chatId: 'c-i1' }, 3_000);
    expect(bench.totals.groups.get(GROUP)?.busySlots.level).toBe(0);
  });

  test('an agent on a break finishes what he has, takes nothing new, and his free slots do not count', () => {
    const bench = new Bench();
    bench.login('a1', 3, 0);
    ask(bench, 0);
    bench.desk({ type: 'notReady', agentId: 'a1', reason: 'break' }, 10);
    expect(bench.pacer.slots).toBe(1);
    bench.lead('v2', 20);
    bench.visitor({ type: 'chatRequest', visitID: 'v2', interactionId: 'i2' }, 20);
    expect(bench.offers()).toEqual([]);
    bench.desk({ type: 'ready', agentId: 'a1' }, 30);
    expect(bench.offers()).toEqual(['c-i2>a1']);
    expect(bench.pacer.slots).toBe(3);
  });

  test('busy slot-seconds count from the offer to the end of after-work', () => {
    const bench = new Bench();
    bench.login('a1', 2, 0);
    ask(bench, 1_000);
    bench.desk({ type: 'answer', agentId: 'a1', chatId: 'c-i1' }, 2_000);
    bench.desk({ type: 'finish', agentId: 'a1', chatId: 'c-i1' }, 5_000);
    bench.desk({ type: 'done', agentId: 'a1', chatId: 'c-i1' }, 7_000);
    const group = bench.totals.groups.get(GROUP);
    expect(group?.busySlots.until(10_000)).toBe(6_000);
    expect(group?.slots.until(10_000)).toBe(20_000);
    expect(group?.occupiedAgents.until(10_000)).toBe(6_000);
  });
});
