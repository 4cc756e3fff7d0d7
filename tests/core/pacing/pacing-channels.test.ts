/** Two channels of paced groups at one desk: each has its own permits, which are the sum of its groups', and a command is for all. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPacer } from '#core/pacing/create-pacer.ts';
import type { PacedGroup } from '#core/pacing/channel-pacers.ts';
import type { Pacer, PacingSettings } from '#core/pacing/pacer.ts';
import type { PacingChannel } from '#core/pacing/pacing-channel.ts';
import { PacingDesk } from '#core/pacing/pacing-desk.ts';
import { abandonmentGoal } from './fixture-pacing.ts';

const GROUPS: readonly PacedGroup[] = [
  { name: 'sales', channel: 'chat', chatsPerAgent: 2 },
  { name: 'calls', channel: 'webcallback', chatsPerAgent: 1 },
  { name: 'help', channel: 'chat', chatsPerAgent: 1 },
  { name: 'evening', channel: 'webcallback', chatsPerAgent: 1 },
];
const START = {
  algorithm: 'SUPER_PROGRESSIVE_DUAL',
  target: 'ABANDONMENT_RATE',
  goalShare: 0.03,
  proactiveShare: 0,
  pacedBy: 'algorithm',
} as const;

/** A desk, and the pacers that it has made. */
function deskOf(groups = GROUPS, create: (group: string, settings: PacingSettings) => Pacer = createPacer) {
  const made: { readonly group: string; readonly settings: PacingSettings; readonly pacer: Pacer }[] = [];
  const desk = new PacingDesk({
    groups,
    start: START,
    refreshPeriodMs: 1_000,
    inviteTimeoutMs: 30_000,
    createPacer: (group, settings) => {
      const pacer = create(group, settings);
      made.push({ group, settings, pacer });
      return pacer;
    },
  });
  return { desk, made };
}

/** Permits that are granted one after the other, by group, until one is refused. */
function drain(desk: PacingDesk, channel: PacingChannel, at: number): readonly string[] {
  const groups: string[] = [];
  for (;;) {
    const given = desk.requestPermit(channel, `${channel}${at}-${groups.length}`, () => 1, at);
    if (given?.permit.granted !== true) return groups;
    groups.push(given.group);
  }
}

describe('a desk of two channels', () => {
  test('has its groups in the order of the options, by channel, and knows whose each is', () => {
    const { desk } = deskOf();
    expect(desk.pacersOf('chat').map(({ group }) => group)).toEqual(['sales', 'help']);
    expect(desk.pacersOf('webcallback').map(({ group }) => group)).toEqual(['calls', 'evening']);
    expect(['sales', 'evening', 'nobody'].map((group) => desk.channelOf(group))).toEqual([
      'chat',
      'webcallback',
      undefined,
    ]);
    expect(desk.channels).toEqual(['proactiveChat', 'proactiveCallback']);
    expect(deskOf(GROUPS.slice(0, 1)).desk.channels).toEqual(['proactiveChat']);
    expect(deskOf([]).desk.channels).toEqual([]);
  });

  test('gives a channel as many permits as its groups alone would, and the other one none of them', () => {
    const slots = { sales: 4, help: 3, calls: 5, evening: 2 };
    const alone = Object.entries(slots).map(([group, count]) => {
      const pacer = createPacer(group, { ...abandonmentGoal, algorithm: START.algorithm });
      pacer.setSlots(count, 0);
      let granted = 0;
      while (pacer.requestPermit(`x${granted}`, 10).granted) granted += 1;
      return granted;
    });
    const { desk } = deskOf();
    for (const [group, count] of Object.entries(slots)) desk.setSlots(group, count, 0);
    const chats = drain(desk, 'chat', 10);
    expect(chats).toHaveLength((alone[0] ?? 0) + (alone[1] ?? 0));
    expect(new Set(chats)).toEqual(new Set(['sales', 'help']));
    // All that the chats' groups have given away takes nothing from the callbacks.
    expect(drain(desk, 'webcallback', 10)).toHaveLength((alone[2] ?? 0) + (alone[3] ?? 0));
  });

  test('counts who asks for help where he asks', () => {
    const { desk } = deskOf();
    for (const { name } of GROUPS) desk.setSlots(name, 2, 0);
    desk.refresh(0);
    for (let n = 1; n <= 20; n += 1) desk.reactiveAsked('webcallback', n * 10);
    desk.refresh(1_000);
    const asked = (channel: PacingChannel): number =>
      desk.pacersOf(channel).reduce((sum, pacer) => sum + pacer.reactiveAskedPerSecond, 0);
    expect(asked('webcallback')).toBeGreaterThan(10 * asked('chat'));
  });

  test('obeys a command for all groups, each with what it was told of its channel', () => {
    const { desk, made } = deskOf();
    const roomOf = () => ({ slots: 2, busy: 0, queued: [], pending: [] });
    desk.command({ type: 'pacingCommand', commandId: 'c1', by: 'screen', change: { goalShare: 0.1 } }, roomOf, 5_000);
    expect(made.slice(4).map(({ group, settings }) => [group, settings.goalShare, settings.channel])).toEqual([
      ['sales', 0.1, 'chat'],
      ['calls', 0.1, 'webcallback'],
      ['help', 0.1, 'chat'],
      ['evening', 0.1, 'webcallback'],
    ]);
    expect(desk.refresh(6_000).map(({ group, channel }) => [group, channel ?? 'chat'])).toEqual([
      ['sales', 'chat'],
      ['calls', 'webcallback'],
      ['help', 'chat'],
      ['evening', 'webcallback'],
    ]);
  });

  test('stores and takes up each group with what it has promised', () => {
    const { desk, made } = deskOf();
    desk.setSlots('calls', 3, 0);
    for (let n = 0; n < 5; n += 1) desk.chatPromised('calls', `cb${n}`, n);
    desk.of('calls')?.chatQueued('cb0', 10);
    desk.chatLate('calls', 'cb0', 70_000);
    desk.chatLate('nobody', 'cb9', 70_000);
    const snapshots = new Map(made.map(({ group, pacer }) => [group, pacer.snapshot()]));
    const next = deskOf();
    const roomOf = (group: string) => ({ slots: 3, busy: 0, queued: group === 'calls' ? ['cb0'] : [], pending: [] });
    next.desk.restore([], snapshots, roomOf, 80_000);
    const ledgers = next.desk.refresh(81_000).map(({ group, ledger }) => [group, ledger]);
    expect(ledgers).toEqual([
      ['sales', 0],
      ['calls', expect.closeTo(5 * 0.98 * 0.03 - 1, 9)],
      ['help', 0],
      ['evening', 0],
    ]);
  });
});

const happening = fc.record({
  kind: fc.constantFrom('ask', 'ask', 'ask', 'accept', 'other', 'returned', 'slots', 'refresh'),
  channel: fc.constantFrom<PacingChannel>('chat', 'webcallback'),
  pick: fc.nat({ max: 7 }),
  afterMs: fc.nat({ max: 4_000 }),
});

test('a channel never has more permits out than its groups have given, whoever gives them back and when', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 80 }), (happenings) => {
      const { desk, made } = deskOf();
      const out: { readonly id: string; readonly group: string; readonly channel: PacingChannel }[] = [];
      let at = 0;
      let asked = 0;
      for (const { name } of GROUPS) desk.setSlots(name, 2, at);
      for (const { kind, channel, pick, afterMs } of happenings) {
        at += afterMs;
        const group = GROUPS[pick % GROUPS.length]?.name ?? '';
        if (kind === 'slots') desk.setSlots(group, pick, at);
        else if (kind === 'refresh') desk.refresh(at);
        else if (kind === 'ask') {
          const id = `i${(asked += 1)}`;
          const given = desk.requestPermit(channel, id, () => 1, at);
          // A group of another channel would not be found among its pacers' pending invites below.
          if (given?.permit.granted === true) out.push({ id, group: given.group, channel });
        } else {
          const [ended] = out.splice(pick % Math.max(1, out.length), 1);
          if (ended !== undefined) desk.inviteEnded(ended.group, ended.id, kind === 'accept' ? 'accepted' : kind, at);
        }
        const decisions = made.map(({ pacer }) => pacer.refresh(at));
        for (const one of ['chat', 'webcallback'] as const) {
          const pending = decisions
            .filter((decision) => desk.channelOf(decision.group) === one)
            .reduce((sum, decision) => sum + decision.pending, 0);
          expect(pending).toBe(out.filter((permit) => permit.channel === one).length);
        }
      }
    }),
    { numRuns: 60 },
  );
});

describe('a late callback', () => {
  test('costs what an abandoned chat costs, waits on, and its further waiting teaches nothing', () => {
    const late = createPacer('calls', { ...abandonmentGoal, channel: 'webcallback' });
    const gone = createPacer('chats', abandonmentGoal);
    for (const pacer of [late, gone]) {
      pacer.setSlots(1, 0);
      pacer.refresh(0);
      pacer.chatStarted('c0', 0);
      pacer.chatQueued('c1', 0);
    }
    late.chatLate('c1', 60_000);
    gone.chatAbandoned('c1', 60_000);
    const [a, b] = [late.refresh(60_000), gone.refresh(60_000)];
    expect(a.ledger).toBe(b.ledger);
    expect([a.queued, b.queued]).toEqual([1, 0]);
    expect(late.snapshot().patience).toEqual(gone.snapshot().patience);
    const learned = [late, gone].map((pacer) => {
      pacer.refresh(600_000);
      return pacer.snapshot().patience;
    });
    expect(learned[0]).toEqual(learned[1]);
    // It is served like any other in the end.
    late.slotReleased('c0', 601_000);
    late.chatStarted('c1', 601_000);
    expect(late.refresh(602_000)).toMatchObject({ queued: 0, busy: 1 });
  });

  test('that is taken back from an agent waits at no risk, as does a call that is tried again', () => {
    const pacer = createPacer('calls', { ...abandonmentGoal, channel: 'webcallback' });
    pacer.setSlots(1, 0);
    pacer.refresh(0);
    pacer.chatQueued('c1', 0);
    pacer.chatStarted('c1', 0);
    pacer.chatLate('c1', 60_000);
    pacer.chatRecalled('c1', 61_000);
    pacer.chatQueued('c2', 61_000, false);
    const before = pacer.refresh(61_000);
    const seconds = pacer.snapshot().patience;
    pacer.refresh(90_000);
    expect(before.queued).toBe(2);
    // Nothing is added but what is forgotten.
    expect(pacer.snapshot().patience.seconds).toBeLessThanOrEqual(seconds.seconds);
    pacer.chatQueued('c3', 90_000);
    pacer.refresh(120_000);
    expect(pacer.snapshot().patience.seconds).toBeGreaterThan(seconds.seconds + 20);
  });
});
