/** When visitors see what is said in their chats: with the next refresh, at once with a change of state, later where threads or answers are wanting. */
import { describe, expect, test } from 'vitest';
import { DeliveryBench } from './delivery-bench.ts';

/** Times between two requests of each chat, from the second turn on. */
function periodsOf(bench: DeliveryBench): Set<number> {
  const periods = [...bench.asked.values()].flatMap((times) =>
    times.slice(2).map((ms, index) => ms - (times[index + 1] ?? NaN)),
  );
  return new Set(periods);
}

function openMany(bench: DeliveryBench, count: number): void {
  for (let n = 1; n <= count; n += 1) bench.update(0, `v${n}`, 'started');
}

describe('a line', () => {
  test('is shown with the next refresh of its chat, those of one refresh in the order in which they were said', () => {
    const bench = new DeliveryBench();
    bench.update(0, 'v1', 'started');
    bench.update(700, 'v2', 'started');
    bench.say(900, 'v1', 'a');
    bench.say(1_000, 'v2', 'x');
    bench.say(1_900, 'v1', 'b');
    bench.say(2_100, 'v1', 'c');
    bench.runUntil(4_500);
    expect(bench.shown).toEqual([
      '0 v1 started',
      '700 v2 started',
      '2000 v1 a',
      '2000 v1 b',
      // The slot in which it was opened began at 600.
      '2600 v2 x',
      '4000 v1 c',
    ]);
    expect(bench.facts.map((fact) => fact.kind === 'lineShown' && fact.heldMs)).toEqual([1_100, 100, 1_600, 1_900]);
  });

  test('that comes before the answer is shown with it', () => {
    const bench = new DeliveryBench();
    bench.answerMs = 150;
    bench.update(0, 'v1', 'started');
    bench.say(2_100, 'v1', 'a');
    bench.say(2_151, 'v1', 'b');
    bench.runUntil(5_000);
    expect(bench.shown.slice(1)).toEqual(['2150 v1 a', '4150 v1 b']);
  });

  test('is shown at once, before the state, when the chat begins, waits again or is over', () => {
    const bench = new DeliveryBench();
    bench.update(0, 'v1', 'queued');
    bench.say(100, 'v1', 'a');
    bench.update(300, 'v1', 'started');
    bench.say(400, 'v1', 'b');
    bench.update(500, 'v1', 'queued');
    bench.say(600, 'v1', 'c');
    bench.update(700, 'v1', 'ended');
    bench.runUntil(10_000);
    expect(bench.shown).toEqual([
      '0 v1 queued',
      '300 v1 a',
      '300 v1 started',
      '500 v1 b',
      '500 v1 queued',
      '700 v1 c',
      '700 v1 ended',
    ]);
    expect(bench.requests, 'a chat that is over is not asked for').toEqual([]);
    expect(bench.node.chats.open).toBe(0);
  });

  test('of a chat that the Backend does not know opens it; one that the contact center does not know is asked for once', () => {
    const bench = new DeliveryBench();
    bench.gone.add('v1');
    bench.say(100, 'v1', 'a');
    bench.runUntil(10_000);
    expect(bench.shown).toEqual(['2000 v1 a']);
    expect(bench.asked.get('v1')).toEqual([2_000]);
    expect(bench.node.chats.open).toBe(0);
  });
});

test('a browser that is back has its chat refreshed in the next slot, behind its question; what is told again is shown once, in order', () => {
  const bench = new DeliveryBench();
  bench.update(0, 'v1', 'started');
  bench.say(2_050, 'v1', 'b');
  bench.say(2_060, 'v1', 'c');
  bench.give(2_070, { type: 'chatResume', visitID: 'v1' });
  // What the contact center answers: how it stands, and all that was said.
  bench.update(2_080, 'v1', 'started');
  for (const line of ['a', 'b', 'c', 'd']) bench.say(2_080, 'v1', line);
  bench.runUntil(3_000);
  expect(bench.shown).toEqual(['0 v1 started', '2080 v1 started', '2200 v1 a', '2200 v1 b', '2200 v1 c', '2200 v1 d']);
  expect(bench.asked.get('v1')).toEqual([2_000, 2_200]);
});

test('an answer to a question from before the browser came back shows nothing: what is held may lack what another life held', () => {
  const bench = new DeliveryBench();
  bench.answerMs = 300;
  bench.update(0, 'v1', 'started');
  bench.give(2_100, { type: 'chatResume', visitID: 'v1' });
  bench.say(2_150, 'v1', 'b');
  bench.gone.add('v1');
  bench.runUntil(2_310);
  bench.gone.clear();
  bench.update(2_310, 'v1', 'queued');
  for (const line of ['a', 'b']) bench.say(2_310, 'v1', line);
  bench.runUntil(3_000);
  expect(bench.shown.slice(1)).toEqual(['2310 v1 queued', '2600 v1 a', '2600 v1 b']);
  expect(bench.asked.get('v1')).toEqual([2_000, 2_300]);
});

describe('the pool', () => {
  test.each([
    { chats: 1, pool: 1, period: 2, answerMs: 0, everyMs: 2_000 },
    // The guide's formula: 10 chats / (2 s x 5) are one thread.
    { chats: 10, pool: 1, period: 2, answerMs: 0, everyMs: 2_000 },
    { chats: 11, pool: 1, period: 2, answerMs: 0, everyMs: 2_200 },
    { chats: 20, pool: 1, period: 2, answerMs: 0, everyMs: 4_000 },
    { chats: 60, pool: 3, period: 2, answerMs: 0, everyMs: 4_000 },
    { chats: 60, pool: 12, period: 1, answerMs: 0, everyMs: 1_000 },
    { chats: 60, pool: 10, period: 1, answerMs: 0, everyMs: 1_200 },
    { chats: 10, pool: 1, period: 2, answerMs: 350, everyMs: 3_500 },
    { chats: 10, pool: 1, period: 2, answerMs: 400, everyMs: 4_000 },
    { chats: 8, pool: 2, period: 1, answerMs: 900, everyMs: 3_600 },
  ])('of $pool for $chats chats every $period s, answered in $answerMs ms: each every $everyMs ms', (given) => {
    const bench = new DeliveryBench({ requestPoolSize: given.pool, refreshPeriodMs: given.period * 1_000 });
    bench.answerMs = given.answerMs;
    openMany(bench, given.chats);
    bench.runUntil(60_000);
    expect(bench.asked.size).toBe(given.chats);
    expect(periodsOf(bench)).toEqual(new Set([given.everyMs]));
    expect(bench.node.chats.timeouts).toBe(0);
  });

  test('asks for no more chats than it has threads, in one message a slot', () => {
    const bench = new DeliveryBench({ requestPoolSize: 4 });
    openMany(bench, 10);
    bench.runUntil(2_900);
    expect(bench.requests.map(({ visitIDs }) => visitIDs.length)).toEqual([4, 4, 2]);
    const at = [...bench.asked.values()].flat();
    expect([2_000, 2_200, 2_400].map((ms) => at.filter((one) => one === ms).length)).toEqual([4, 4, 2]);
    expect(new Set(bench.requests.map(({ refreshId }) => refreshId)).size).toBe(3);
  });
});

describe('a refresh without an answer in time', () => {
  test('is counted and told, holds what was said, and is made again at the next turn; a late answer changes nothing', () => {
    const bench = new DeliveryBench();
    bench.answerMs = null;
    bench.update(0, 'v1', 'started');
    bench.say(500, 'v1', 'a');
    bench.runUntil(7_500);
    expect(bench.timeouts()).toEqual([7_000]);
    bench.give(7_500, { type: 'chatRefreshed', refreshId: bench.requests[0]?.refreshId ?? '', gone: ['v1'] });
    bench.answerMs = 20;
    bench.runUntil(20_000);
    expect(bench.asked.get('v1')?.slice(0, 3)).toEqual([2_000, 8_000, 10_000]);
    expect(bench.shown.slice(1)).toEqual(['8020 v1 a']);
    expect(bench.node.chats.timeouts).toBe(1);
    expect(bench.facts[0]).toMatchObject({ kind: 'refreshTimedOut', backend: 'backend-1', chats: 1 });
  });

  test('keeps its thread until then', () => {
    const bench = new DeliveryBench({ requestPoolSize: 1 });
    bench.answerMs = null;
    bench.update(0, 'v1', 'started');
    bench.update(200, 'v2', 'started');
    bench.runUntil(11_900);
    expect(bench.asked.get('v1')).toEqual([2_000]);
    expect(bench.asked.get('v2')).toEqual([7_000]);
    bench.runUntil(12_000);
    expect(bench.asked.get('v1')).toEqual([2_000, 12_000]);
    expect(bench.timeouts()).toEqual([7_000, 12_000]);
  });

  test('does not end the chat: a line is shown with a change of state meanwhile', () => {
    const bench = new DeliveryBench();
    bench.answerMs = null;
    bench.update(0, 'v1', 'started');
    bench.say(500, 'v1', 'a');
    bench.update(6_000, 'v1', 'ended');
    bench.runUntil(20_000);
    expect(bench.shown.slice(1)).toEqual(['6000 v1 a', '6000 v1 ended']);
    expect(bench.asked.get('v1')).toEqual([2_000]);
    expect(bench.timeouts()).toEqual([7_000]);
  });
});

test('an answer that comes twice, or to nothing, is harmless', () => {
  const bench = new DeliveryBench();
  bench.update(0, 'v1', 'started');
  bench.say(100, 'v1', 'a');
  bench.runUntil(2_000);
  bench.say(2_100, 'v1', 'b');
  bench.give(2_200, { type: 'chatRefreshed', refreshId: bench.requests[0]?.refreshId ?? '', gone: ['v1'] });
  bench.give(2_200, { type: 'chatRefreshed', refreshId: 'of a life before', gone: ['v1'] });
  bench.runUntil(4_000);
  expect(bench.shown.slice(1)).toEqual(['2000 v1 a', '4000 v1 b']);
});

test('without a chat nothing is asked and nobody is woken', () => {
  const bench = new DeliveryBench();
  bench.give(0, { type: 'chatLeft', visitID: 'v1' });
  bench.update(10, 'v1', 'ended');
  bench.runUntil(3_600_000);
  expect(bench.requests).toEqual([]);
  expect(bench.shown).toEqual(['10 v1 ended']);
});
