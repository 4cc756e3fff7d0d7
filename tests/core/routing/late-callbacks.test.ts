/** Callbacks whose first call has not begun in time: when one is late, that it is so once, what pacing is told, and over a restart. */
import { describe, expect, test } from 'vitest';
import { CALLBACK_DELIVERY_GROUP, type ContactCenterSettings } from '#core/contact-center-settings.ts';
import { Bench, VOICE_GROUP } from '../engagement/contact-center-bench.ts';

const MINUTE = 60_000;
const CALLS = { retryMs: 10 * MINUTE, callsMax: 3, callWithinMs: 45_000 };

/** Pacing is on, and only callbacks are to be had. */
const SETTINGS: Partial<ContactCenterSettings> = {
  voiceGroups: [VOICE_GROUP],
  groupRules: [{ name: VOICE_GROUP, routing: 'leastOccupied', ringMs: null, whenMissed: 'notReady', callbacks: CALLS }],
};

function benchWith(agentId: string, alsoIn: readonly string[]): Bench {
  const bench = new Bench(SETTINGS);
  bench.desk({ type: 'login', agentId, group: VOICE_GROUP, capacity: 1, alsoIn, ready: true, chats: [] }, 0);
  return bench;
}

/** With an agent who makes callbacks. */
function benchWithCaller(): Bench {
  return benchWith('b1', [CALLBACK_DELIVERY_GROUP]);
}

/** With one who counts as free and whom no callback is delivered to: all wait. */
function benchWithoutCaller(): Bench {
  return benchWith('b2', []);
}

/** The visitor of lead `n` is invited and asks to be called. */
function ask(bench: Bench, n: number, at: number, inMs = 0): void {
  bench.lead(`v${n}`, at);
  bench.visitor({ type: 'callbackRequest', visitID: `v${n}`, interactionId: `i${n}`, phone: '1', inMs }, at);
}

function stepsOf(bench: Bench, n: number): string[] {
  return bench.facts.flatMap((fact) =>
    fact.kind === 'callback' && fact.callbackId === `cb-i${n}` ? [fact.state] : [],
  );
}

/** What the pacer of the voice group was told of a callback and its invite. */
function toldOf(bench: Bench, n: number): string[] {
  return bench.voicePacer.told.filter((line) => line.includes(`i${n}`));
}

describe('a callback for now', () => {
  test('is late when nobody has begun to call in time, once, and waits on', () => {
    const bench = benchWithCaller();
    ask(bench, 1, 1_000);
    ask(bench, 2, 2_000);
    bench.desk({ type: 'answer', agentId: 'b1', chatId: 'cb-i1' }, 3_000);
    bench.ringUntil(46_999);
    expect(stepsOf(bench, 2)).toEqual(['asked', 'due']);
    bench.ringUntil(47_000);
    expect(stepsOf(bench, 2)).toEqual(['asked', 'due', 'late']);
    bench.give({ type: 'wake', timer: { kind: 'callbackLate', chatId: 'cb-i2' } }, 48_000);
    bench.ringUntil(10 * MINUTE);
    expect(bench.totals.callbacks.late).toBe(1);
    expect(bench.totals.callbacksPromised).toBe(2);
    expect(toldOf(bench, 2)).toEqual(['permit i2', 'ended i2 accepted', 'queued cb-i2', 'late cb-i2']);
    bench.desk({ type: 'finish', agentId: 'b1', chatId: 'cb-i1' }, 11 * MINUTE);
    bench.desk({ type: 'done', agentId: 'b1', chatId: 'cb-i1' }, 11 * MINUTE);
    expect(bench.offers()).toEqual(['cb-i2>b1']);
  });

  test('is late while it rings at an agent who does not answer, and in time a millisecond before', () => {
    const bench = benchWithCaller();
    ask(bench, 1, 1_000);
    bench.ringUntil(46_000);
    expect(stepsOf(bench, 1).at(-1)).toBe('late');
    const intime = benchWithCaller();
    ask(intime, 1, 1_000);
    intime.desk({ type: 'answer', agentId: 'b1', chatId: 'cb-i1' }, 45_999);
    intime.ringUntil(10 * MINUTE);
    expect(intime.totals.callbacks.late).toBe(0);
  });

  test('is owed nothing any more by a call that is tried again, or put off', () => {
    const bench = benchWithCaller();
    ask(bench, 1, 1_000);
    bench.desk({ type: 'answer', agentId: 'b1', chatId: 'cb-i1' }, 2_000);
    bench.desk({ type: 'dialed', agentId: 'b1', chatId: 'cb-i1', outcome: 'noAnswer' }, 20_000);
    bench.desk({ type: 'notReady', agentId: 'b1', reason: 'break' }, 21_000);
    bench.ringUntil(30 * MINUTE);
    expect(stepsOf(bench, 1)).toEqual(['asked', 'due', 'offered', 'accepted', 'noAnswer', 'due']);
    expect(toldOf(bench, 1).at(-1)).toBe('queued cb-i1 at no risk');
    expect(bench.totals.callbacksPromised).toBe(1);
  });
});

describe('a callback for later', () => {
  test('takes no slot and earns nothing before its time; then a call is promised, and may be late', () => {
    const bench = benchWithCaller();
    ask(bench, 1, 1_000, 20 * MINUTE);
    expect(bench.path('v1').at(-1)).toBe('Accepted');
    expect(toldOf(bench, 1)).toEqual(['permit i1', 'ended i1 other']);
    expect(bench.totals.callbacksPromised).toBe(0);
    bench.desk({ type: 'notReady', agentId: 'b1', reason: 'break' }, 2_000);
    bench.ringUntil(20 * MINUTE + 1_000);
    expect(toldOf(bench, 1).slice(2)).toEqual(['promised cb-i1', 'queued cb-i1']);
    bench.ringUntil(20 * MINUTE + 45_999);
    expect(bench.totals.callbacks.late).toBe(0);
    bench.ringUntil(20 * MINUTE + 46_000);
    expect(toldOf(bench, 1).at(-1)).toBe('late cb-i1');
    expect([bench.totals.callbacksPromised, bench.totals.callbacks.late]).toEqual([1, 1]);
  });
});

describe('after a restart', () => {
  test('what was promised is late at the moment that it was promised for, or at once where that has gone by', () => {
    const bench = benchWithoutCaller();
    ask(bench, 1, 1_000);
    ask(bench, 2, 31_000);
    bench.killAndRecover(50_000);
    bench.ringUntil(50_000);
    expect([stepsOf(bench, 1).at(-1), stepsOf(bench, 2).at(-1)]).toEqual(['late', 'due']);
    bench.ringUntil(75_999);
    expect(stepsOf(bench, 2).at(-1)).toBe('due');
    bench.ringUntil(76_000);
    expect(stepsOf(bench, 2).at(-1)).toBe('late');
  });

  test('what is late already is not late again, and pacing is told that it is at risk no more', () => {
    const bench = benchWithoutCaller();
    ask(bench, 1, 1_000);
    bench.ringUntil(50_000);
    bench.killAndRecover(51_000);
    bench.killAndRecover(52_000);
    expect(bench.voicePacer.told.at(-1)).toContain('queued cb-i1');
    expect(bench.voicePacer.safe).toEqual(['cb-i1']);
    bench.ringUntil(10 * MINUTE);
    expect(stepsOf(bench, 1).filter((step) => step === 'late')).toHaveLength(1);
    expect(bench.rows.get('chat cb-i1')).toMatchObject({ state: 'waiting', callback: { promisedBy: null } });
  });

  test('what waits for its time has earned nothing, and does so then', () => {
    const bench = benchWithCaller();
    ask(bench, 1, 1_000, 20 * MINUTE);
    bench.killAndRecover(2_000);
    const before = bench.voicePacer.told.length;
    bench.ringUntil(20 * MINUTE + 1_000);
    expect(bench.voicePacer.told.slice(before)).toContain('promised cb-i1');
    expect(bench.voicePacer.told.slice(before)).toContain('queued cb-i1');
  });

  test('a row of before there were promises owes no call', () => {
    const bench = benchWithoutCaller();
    ask(bench, 1, 1_000);
    const rows = bench.storedRows().map((row) => {
      if (row.kind !== 'chat' || row.callback === undefined) return row;
      const { promisedBy: _none, ...callback } = row.callback;
      return { ...row, callback };
    });
    bench.killAndRecover(2_000, rows);
    bench.ringUntil(10 * MINUTE);
    expect(stepsOf(bench, 1).at(-1)).toBe('due');
  });
});
