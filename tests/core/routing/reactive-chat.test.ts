/** Reactive chats in the contact center: asked for twice, kept from reserved slots, taken up after a kill; and what is told of pacing. */
import { describe, expect, test } from 'vitest';
import type { PacingInquiry, PacingReply } from '#core/pacing/pacing-inquiry.ts';
import { createPacer } from '#core/pacing/create-pacer.ts';
import type { Pacer } from '#core/pacing/pacer.ts';
import { Bench, GROUP, SETTINGS, VIA, VOICE_GROUP } from '#tests/core/engagement/contact-center-bench.ts';

type Settings = typeof SETTINGS;

function dualBench(settings: Partial<Settings> = {}): Bench {
  const given = { ...SETTINGS, algorithm: 'SUPER_PROGRESSIVE_DUAL', ...settings } as const;
  const { algorithm, target, goalShare, proactiveShare, refreshPeriodMs, inviteTimeoutMs } = given;
  return new Bench(given, () =>
    createPacer(GROUP, { algorithm, target, goalShare, proactiveShare, refreshPeriodMs, inviteTimeoutMs }),
  );
}

function ask(
  bench: Bench,
  visitID: string,
  at: number,
  kind: 'reactiveState' | 'prediction' = 'reactiveState',
): PacingReply {
  const asker = kind === 'reactiveState' ? { visitID, askId: `${visitID}.a1` } : null;
  const inquiry = { kind, channel: 'chat', groups: null, asker } as const;
  bench.give({ type: 'pacingAsked', askId: `q.${visitID}`, inquiry, via: VIA }, at);
  const [told] = bench.messages('pacingTold');
  expect(told?.node).toBe(VIA);
  if (told?.message.type !== 'pacingTold') throw new Error('nothing told');
  expect(told.message.askId).toBe(`q.${visitID}`);
  return told.message.reply;
}

function enter(bench: Bench, visitID: string, at: number): string[] {
  bench.visitor({ type: 'reactiveChat', visitID, askId: `${visitID}.a1` }, at);
  return bench.offers();
}

describe('a reactive chat', () => {
  test('is offered at once, and what arrives twice counts once', () => {
    const bench = dualBench();
    bench.login('a1', 1, 0);
    expect(ask(bench, 'v1', 10)).toEqual({ kind: 'reactiveState', reactiveState: 1 });
    ask(bench, 'v1', 11);
    expect(enter(bench, 'v1', 20)).toEqual(['r-v1.a1>a1']);
    expect(enter(bench, 'v1', 21)).toEqual([]);
    expect(bench.totals.reactive).toMatchObject({ asked: 1, letIn: 1 });
    bench.desk({ type: 'answer', agentId: 'a1', chatId: 'r-v1.a1' }, 30);
    bench.visitor({ type: 'chatLeft', visitID: 'v1' }, 40);
    bench.desk({ type: 'done', agentId: 'a1', chatId: 'r-v1.a1' }, 50);
    // Late, after its end: the visitor is told that it is over, and no second one begins.
    expect(enter(bench, 'v1', 60)).toEqual([]);
    expect(bench.sent()).toEqual(['chatUpdate']);
    expect(bench.totals.reactive).toEqual({ asked: 1, letIn: 1, started: 1, abandoned: 0, completed: 1 });
  });

  test('of a page that did not say who asked is counted when it comes, and nobody enters by the ask of another', () => {
    const bench = dualBench();
    bench.login('a1', 2, 0);
    expect(enter(bench, 'v1', 10)).toEqual(['r-v1.a1>a1']);
    expect(bench.totals.reactive).toMatchObject({ asked: 1, letIn: 1 });
    bench.visitor({ type: 'reactiveChat', visitID: 'v2', askId: 'v1.a1' }, 20);
    expect(bench.sent()).toEqual([]);
  });

  test('waits while reactive chats hold all the slots that are not kept for invited visitors, who pass it', () => {
    const bench = dualBench({ proactiveShare: 0.5 });
    bench.login('a1', 2, 0);
    expect(enter(bench, 'v1', 10)).toEqual(['r-v1.a1>a1']);
    expect(enter(bench, 'v2', 20)).toEqual([]);
    bench.lead('v3', 30);
    bench.disposition('v3', 'i1', 'shown', 31);
    bench.disposition('v3', 'i1', 'acceptCall', 32);
    bench.visitor({ type: 'chatRequest', visitID: 'v3', interactionId: 'i1' }, 33);
    expect(bench.offers()).toEqual(['c-i1>a1']);
    bench.desk({ type: 'answer', agentId: 'a1', chatId: 'r-v1.a1' }, 40);
    bench.desk({ type: 'finish', agentId: 'a1', chatId: 'r-v1.a1' }, 50);
    bench.desk({ type: 'done', agentId: 'a1', chatId: 'r-v1.a1' }, 60);
    expect(bench.offers()).toEqual(['r-v2.a1>a1']);
  });

  test('may take any slot as soon as pacing is told to keep none', () => {
    const bench = dualBench({ proactiveShare: 0.5 });
    bench.login('a1', 2, 0);
    enter(bench, 'v1', 10);
    enter(bench, 'v2', 20);
    bench.give({ type: 'pacingCommand', commandId: 'c1', by: 'screen', change: { proactiveShare: 0 } }, 30);
    expect(bench.offers()).toEqual(['r-v2.a1>a1']);
  });

  test('is the same after the contact center was killed: who asked is known, who holds a slot still counts', () => {
    const bench = dualBench({ proactiveShare: 0.5 });
    bench.login('a1', 2, 0);
    ask(bench, 'v1', 5);
    enter(bench, 'v1', 10);
    enter(bench, 'v2', 20);
    bench.desk({ type: 'answer', agentId: 'a1', chatId: 'r-v1.a1' }, 25);
    bench.killAndRecover(30);
    bench.login('a1', 2, 40, [{ chatId: 'r-v1.a1', state: 'talking' }]);
    expect(bench.offers()).toEqual([]);
    ask(bench, 'v1', 50);
    enter(bench, 'v1', 55);
    expect(bench.totals.reactive).toMatchObject({ asked: 2, letIn: 2 });
    const decision = bench.livePacer.refresh(60);
    expect(decision.reactive).toMatchObject({ busy: 1, queued: 1, reserved: 1 });
    bench.visitor({ type: 'chatLeft', visitID: 'v1' }, 70);
    bench.desk({ type: 'done', agentId: 'a1', chatId: 'r-v1.a1' }, 80);
    expect(bench.offers()).toEqual(['r-v2.a1>a1']);
  });

  test('given up while it waits is an abandonment of its own kind', () => {
    const bench = dualBench();
    enter(bench, 'v1', 10);
    bench.visitor({ type: 'chatLeft', visitID: 'v1' }, 5_000);
    expect(bench.totals.reactive).toMatchObject({ letIn: 1, abandoned: 1, started: 0 });
  });
});

describe('asked about pacing', () => {
  test('of callbacks, each channel answers for its groups, and who asks is counted there and in no figure of chats', () => {
    const settings = { algorithm: 'SUPER_PROGRESSIVE_DUAL', proactiveShare: 1, voiceGroups: [VOICE_GROUP] } as const;
    const pacers = new Map<string, Pacer>();
    const bench = new Bench(settings, (group) => {
      const pacer = createPacer(group, { ...SETTINGS, ...settings });
      pacers.set(group, pacer);
      return pacer;
    });
    bench.login('a1', 3, 0);
    const caller = { agentId: 'b1', group: VOICE_GROUP, capacity: 2, ready: true, chats: [] };
    bench.desk({ type: 'login', ...caller }, 0);
    const told = (kind: PacingInquiry['kind'], asker: PacingInquiry['asker'] = null): PacingReply => {
      const inquiry = { kind, channel: 'webcallback', groups: null, asker } as const;
      bench.give({ type: 'pacingAsked', askId: 'q', inquiry, via: VIA }, 1_000);
      const [answer] = bench.messages('pacingTold');
      if (answer?.message.type !== 'pacingTold') throw new Error('nothing told');
      return answer.message.reply;
    };
    expect(told('channelCapacity')).toEqual({
      kind: 'channelCapacity',
      capacity: 2,
      groups: [{ name: VOICE_GROUP, slots: 2, free: 2 }],
    });
    const asker = { visitID: 'v1', askId: 'v1.a1' };
    for (let times = 0; times < 2; times += 1) {
      expect(told('reactiveState', asker)).toMatchObject({ kind: 'reactiveState' });
    }
    bench.give({ type: 'wake', timer: { kind: 'pacingRefresh' } }, 2_000);
    bench.give({ type: 'wake', timer: { kind: 'pacingRefresh' } }, 3_000);
    expect(pacers.get(VOICE_GROUP)?.reactiveAskedPerSecond).toBeGreaterThan(0);
    expect(pacers.get(GROUP)?.reactiveAskedPerSecond).toBe(0);
    expect(bench.totals.reactive.asked).toBe(0);
    expect(told('prediction')).toMatchObject({ kind: 'prediction', groups: [{ name: VOICE_GROUP }] });
    expect(told('reactiveState')).toEqual({ kind: 'reactiveState', reactiveState: 0 });
  });

  test('of callbacks where nobody makes them, there is nothing to answer for', () => {
    const bench = new Bench();
    const inquiry = { kind: 'channelCapacity', channel: 'webcallback', groups: null, asker: null } as const;
    bench.give({ type: 'pacingAsked', askId: 'q', inquiry, via: VIA }, 1_000);
    expect(bench.messages('pacingTold')).toMatchObject([{ message: { reply: { kind: 'refused', why: 'off' } } }]);
  });

  test('an algorithm that is not DUAL has no share to tell, and names the option', () => {
    const bench = new Bench();
    const reply = ask(bench, 'v1', 10);
    expect(reply).toMatchObject({ kind: 'refused', why: 'notDual' });
    expect(JSON.stringify(reply)).toContain('pacing.connector.algorithm is SUPER_PROGRESSIVE');
  });

  test('the prediction is the last refresh, with its sentence and what is in force', () => {
    const bench = dualBench();
    bench.give({ type: 'start' }, 0);
    bench.login('a1', 3, 10);
    expect(ask(bench, 'v1', 20, 'prediction')).toMatchObject({
      predicted: 0,
      groups: [{ name: GROUP, decision: null }],
    });
    bench.ringUntil(1_000);
    const reply = ask(bench, 'v1', 1_500, 'prediction');
    if (reply.kind !== 'prediction') throw new Error('no prediction');
    expect(reply.inForce.algorithm).toBe('SUPER_PROGRESSIVE_DUAL');
    const [group] = reply.groups;
    expect(group?.decision?.at).toBe(1_000);
    expect(group?.sentence).toMatch(/^\d+ invites: the next would cost/);
    expect(reply.predicted).toBeCloseTo((group?.decision?.allowed ?? 0) * (group?.decision?.acceptShare ?? 0), 12);
    expect(reply.predicted).toBeGreaterThan(0);
  });

  test.each([
    [['Nobody'], 'chat', 'unknownGroups'],
    [null, 'webcallback', 'off'],
  ] as const)('about %j of %s it says what is wrong', (groups, channel, why) => {
    const bench = dualBench();
    const inquiry = { kind: 'channelCapacity', channel, groups, asker: null } as const;
    bench.give({ type: 'pacingAsked', askId: 'q1', inquiry, via: VIA }, 10);
    expect(bench.messages('pacingTold')[0]?.message).toMatchObject({ reply: { kind: 'refused', why } });
  });

  test('capacity is what could take a chat now', () => {
    const bench = dualBench();
    bench.login('a1', 3, 0);
    enter(bench, 'v1', 10);
    const inquiry = { kind: 'channelCapacity', channel: 'chat', groups: [GROUP], asker: null } as const;
    bench.give({ type: 'pacingAsked', askId: 'q1', inquiry, via: VIA }, 20);
    expect(bench.messages('pacingTold')[0]?.message).toMatchObject({
      reply: { capacity: 2, groups: [{ name: GROUP, slots: 3, free: 2 }] },
    });
  });
});
