/** Web callbacks: now or later, offered to those in both groups, no answer, another time, and over a restart. */
import { describe, expect, test } from 'vitest';
import { CALLBACK_DELIVERY_GROUP, type ContactCenterSettings } from '#core/contact-center-settings.ts';
import { Bench } from '../engagement/contact-center-bench.ts';

const VOICE = 'Web Engagement Voice';
const MINUTE = 60_000;

const SETTINGS: Partial<ContactCenterSettings> = {
  defaultChannel: 'proactiveCallback',
  voiceGroups: [VOICE],
  phoneNumberKey: 'Phone',
  groupRules: [
    {
      name: VOICE,
      routing: 'leastOccupied',
      ringMs: null,
      whenMissed: 'notReady',
      callbacks: { retryMs: 10 * MINUTE, callsMax: 2, callWithinMs: MINUTE },
    },
  ],
};

function login(bench: Bench, agentId: string, at: number, alsoIn: readonly string[] = [CALLBACK_DELIVERY_GROUP]): void {
  bench.desk({ type: 'login', agentId, group: VOICE, capacity: 1, alsoIn, ready: true, chats: [] }, at);
}

function ask(bench: Bench, n: number, at: number, inMs = 0): void {
  bench.lead(`v${n}`, at);
  const phone = '+49 30 1234567';
  bench.visitor({ type: 'callbackRequest', visitID: `v${n}`, interactionId: `i${n}`, phone, inMs }, at);
}

/** The steps of a callback so far. */
function stepsOf(bench: Bench, n: number): string[] {
  return bench.facts.flatMap((fact) =>
    fact.kind === 'callback' && fact.callbackId === `cb-i${n}` ? [fact.state] : [],
  );
}

describe('a callback', () => {
  test('now: accepted, in its queue, offered with the number, called, talked, done', () => {
    const bench = new Bench(SETTINGS);
    login(bench, 'b1', 0);
    ask(bench, 1, 100);
    expect(bench.path('v1').at(-1)).toBe('Accepted');
    expect(bench.messages('chatOffer')).toMatchObject([
      { message: { agentId: 'b1', chatId: 'cb-i1', userData: { Phone: '+49 30 1234567' } } },
    ]);
    bench.desk({ type: 'answer', agentId: 'b1', chatId: 'cb-i1' }, 200);
    bench.desk({ type: 'dialed', agentId: 'b1', chatId: 'cb-i1', outcome: 'connected' }, 10_000);
    bench.desk({ type: 'dialed', agentId: 'b1', chatId: 'cb-i1', outcome: 'noAnswer' }, 10_100);
    bench.desk({ type: 'finish', agentId: 'b1', chatId: 'cb-i1' }, 60_000);
    bench.desk({ type: 'done', agentId: 'b1', chatId: 'cb-i1' }, 61_000);
    expect(stepsOf(bench, 1)).toEqual(['asked', 'due', 'offered', 'accepted', 'connected', 'completed']);
    expect(bench.totals.queues.get('New')).toEqual({ entered: 1, left: 1 });
    expect(bench.totals.groups.get(VOICE)?.busySlots.until(100_000)).toBe(60_900);
    expect([bench.totals.chatsQueued, bench.totals.chatsCompleted]).toEqual([0, 0]);
    expect(bench.rows.get('chat cb-i1')).toMatchObject({ state: 'ended' });
  });

  test('later: waits in no queue before its time', () => {
    const bench = new Bench(SETTINGS);
    login(bench, 'b1', 0);
    ask(bench, 1, 100, 30 * MINUTE);
    expect(bench.offers()).toEqual([]);
    bench.ringUntil(30 * MINUTE + 99);
    expect(stepsOf(bench, 1)).toEqual(['asked']);
    bench.ringUntil(30 * MINUTE + 100);
    expect(bench.offers()).toEqual(['cb-i1>b1']);
  });

  test('asked for twice is one, and the visit is not invited while it is open', () => {
    const bench = new Bench(SETTINGS);
    ask(bench, 1, 100);
    bench.visitor({ type: 'callbackRequest', visitID: 'v1', interactionId: 'i1', phone: '1234', inMs: 0 }, 200);
    expect(bench.totals.callbacks.asked).toBe(1);
    bench.lead('v1', 5_000);
    expect(bench.path('v1').at(-1)).toBe('Failed:chatOpen');
  });

  test('is offered to those alone who are in the delivery group too', () => {
    const bench = new Bench(SETTINGS);
    login(bench, 'b1', 0, []);
    ask(bench, 1, 100);
    expect(bench.offers()).toEqual([]);
    login(bench, 'b2', 200);
    expect(bench.offers()).toEqual(['cb-i1>b2']);
  });

  test('that nobody answers is tried again, and given up after the last call', () => {
    const bench = new Bench(SETTINGS);
    login(bench, 'b1', 0);
    ask(bench, 1, 100);
    bench.desk({ type: 'answer', agentId: 'b1', chatId: 'cb-i1' }, 200);
    bench.desk({ type: 'dialed', agentId: 'b1', chatId: 'cb-i1', outcome: 'noAnswer' }, 20_000);
    expect(bench.totals.groups.get(VOICE)?.busySlots.level).toBe(0);
    bench.ringUntil(20_000 + 10 * MINUTE);
    expect(bench.offers()).toEqual(['cb-i1>b1']);
    bench.desk({ type: 'answer', agentId: 'b1', chatId: 'cb-i1' }, 11 * MINUTE);
    bench.desk({ type: 'dialed', agentId: 'b1', chatId: 'cb-i1', outcome: 'noAnswer' }, 12 * MINUTE);
    expect(stepsOf(bench, 1).slice(-4)).toEqual(['due', 'offered', 'accepted', 'unreachable']);
    bench.ringUntil(60 * MINUTE);
    expect(bench.totals.groups.get(VOICE)?.busySlots.level).toBe(0);
    expect(bench.rows.get('chat cb-i1')).toMatchObject({ state: 'ended' });
  });

  test('is put off to the time that both agree on', () => {
    const bench = new Bench(SETTINGS);
    login(bench, 'b1', 0);
    ask(bench, 1, 100);
    bench.desk({ type: 'answer', agentId: 'b1', chatId: 'cb-i1' }, 200);
    bench.desk({ type: 'dialed', agentId: 'b1', chatId: 'cb-i1', outcome: 'connected' }, 5_000);
    bench.desk({ type: 'reschedule', agentId: 'b1', chatId: 'cb-i1', afterMs: 5 * MINUTE }, 6_000);
    bench.desk({ type: 'reschedule', agentId: 'b1', chatId: 'cb-i1', afterMs: 9 * MINUTE }, 6_100);
    bench.ringUntil(6_000 + 5 * MINUTE);
    expect(bench.offers()).toEqual(['cb-i1>b1']);
  });

  test('survives a restart: scheduled, waiting, and with an agent who does not come back before he has reached anybody', () => {
    const bench = new Bench(SETTINGS);
    ask(bench, 1, 100, 30 * MINUTE);
    ask(bench, 2, 200);
    bench.killAndRecover(1_000);
    login(bench, 'b1', 2_000);
    expect(bench.offers()).toEqual(['cb-i2>b1']);
    bench.desk({ type: 'answer', agentId: 'b1', chatId: 'cb-i2' }, 3_000);
    bench.killAndRecover(4_000);
    bench.ringUntil(34_000);
    expect(stepsOf(bench, 2).at(-1)).toBe('recalled');
    login(bench, 'b2', 40_000);
    expect(bench.offers()).toEqual(['cb-i2>b2']);
    login(bench, 'b3', 50_000);
    bench.ringUntil(30 * MINUTE + 100);
    expect(bench.offers()).toEqual(['cb-i1>b3']);
  });

  test('is asked for by an invite to one alone', () => {
    const bench = new Bench({ ...SETTINGS, defaultChannel: 'proactiveChat' });
    ask(bench, 1, 100);
    expect(bench.totals.callbacks.asked).toBe(0);
  });
});
