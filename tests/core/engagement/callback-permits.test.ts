/** Permits of two channels: chats first, callbacks where none is to be had, one permit an interaction, given back where it is not used. */
import { describe, expect, test } from 'vitest';
import { CALLBACK_DELIVERY_GROUP } from '#core/contact-center-settings.ts';
import type { EngagementEffect, EngagementEvent } from '#core/engagement/strategy-port.ts';
import type { EngagementChannel } from '#core/messages.ts';
import { Bench, GROUP, VOICE_GROUP } from './contact-center-bench.ts';

const BEGIN = 1_000_000;
const TWO_CHANNELS = { voiceGroups: [VOICE_GROUP] };

/** What a session wants in answer to an event. */
type Script = (event: EngagementEvent) => readonly EngagementEffect[];

/** An agent on each channel; `script` in the place of the product's strategy. */
function benchWith(script?: Script): Bench {
  const engagement = {
    name: 'script',
    createSession: () => ({
      handle: (event: EngagementEvent, _at: number, out: EngagementEffect[]) =>
        void out.push(...(script?.(event) ?? [])),
      close: () => undefined,
    }),
    close: () => undefined,
  };
  const bench = new Bench(TWO_CHANNELS, undefined, script === undefined ? {} : { engagement });
  bench.login('a1', 2, 0);
  const agent = { group: VOICE_GROUP, capacity: 2, alsoIn: [CALLBACK_DELIVERY_GROUP], ready: true, chats: [] };
  bench.desk({ type: 'login', agentId: 'b1', ...agent }, 0);
  return bench;
}

function fetch(channel: EngagementChannel): EngagementEffect {
  return { type: 'fetchPermit', channel };
}

function engage(channel: EngagementChannel): EngagementEffect {
  return { type: 'engage', channel, userData: {}, registrationRequired: false };
}

/** Ids whose permits each channel's pacer holds: chat, callback. */
function heldBy({ pacer, voicePacer }: Bench): readonly [string[], string[]] {
  return [[...pacer.held], [...voicePacer.held]];
}

function invitedTo(bench: Bench, n: number): EngagementChannel | null {
  const row = bench.rows.get(`interaction i${n}`);
  return row?.kind === 'interaction' ? row.channel : null;
}

describe('the shipped strategy', () => {
  test('invites to a chat while one is granted, to a callback where none is, and to nothing where neither is', () => {
    const bench = benchWith();
    bench.lead('v1', BEGIN);
    bench.pacer.grants = false;
    bench.lead('v2', BEGIN);
    bench.voicePacer.grants = false;
    bench.lead('v3', BEGIN);
    expect([1, 2, 3].map((n) => invitedTo(bench, n))).toEqual(['proactiveChat', 'proactiveCallback', null]);
    expect(bench.path('v3').at(-1)).toBe('Failed:noPermit');
    expect(heldBy(bench)).toEqual([['i1'], ['i2']]);
  });

  test('hears that somebody is there where only callbacks are served', () => {
    const bench = benchWith();
    bench.desk({ type: 'notReady', agentId: 'a1', reason: 'break' }, 10);
    bench.voicePacer.grants = false;
    bench.lead('v1', BEGIN);
    expect(bench.path('v1').at(-1)).toBe('Failed:noPermit');
    const failed = bench.facts.findLast((fact) => fact.kind === 'interactionMoved');
    expect(failed?.kind === 'interactionMoved' && failed.decision?.group).toBe(VOICE_GROUP);
    bench.desk({ type: 'notReady', agentId: 'b1', reason: 'break' }, BEGIN + 1);
    bench.lead('v2', BEGIN + 2);
    expect(bench.path('v2').at(-1)).toBe('Failed:noAgents');
  });

  test('is told why no chat was granted where nobody makes callbacks', () => {
    const bench = benchWith();
    bench.desk({ type: 'notReady', agentId: 'b1', reason: 'break' }, 10);
    bench.pacer.grants = false;
    bench.lead('v1', BEGIN);
    const failed = bench.facts.findLast((fact) => fact.kind === 'interactionMoved');
    expect(failed).toMatchObject({ reason: 'noPermit', decision: { group: GROUP } });
  });

  test('asks no voice group where the option names a default channel, which is told by no pacer at all', () => {
    const bench = new Bench({ ...TWO_CHANNELS, defaultChannel: 'proactiveCallback' });
    bench.lead('v1', BEGIN);
    expect(invitedTo(bench, 1)).toBe('proactiveCallback');
    expect(bench.voicePacer.told).toEqual([]);
  });
});

describe('a strategy that asks both', () => {
  test('gives the first permit back, of which nothing is learned', () => {
    const bench = benchWith((event) =>
      event.type === 'started'
        ? [fetch('proactiveChat'), fetch('proactiveCallback'), fetch('proactiveCallback'), engage('proactiveCallback')]
        : [],
    );
    bench.lead('v1', BEGIN);
    expect(bench.pacer.told.slice(-2)).toEqual(['permit i1', 'ended i1 returned']);
    expect(bench.voicePacer.told.filter((line) => line.startsWith('permit'))).toEqual(['permit i1']);
    expect(heldBy(bench)).toEqual([[], ['i1']]);
    expect(bench.rows.get('interaction i1')).toMatchObject({ group: VOICE_GROUP, channel: 'proactiveCallback' });
  });

  test('and engages on a channel that its permit is not for has none', () => {
    const bench = benchWith((event) =>
      event.type === 'started' ? [fetch('proactiveCallback'), engage('proactiveChat')] : [],
    );
    bench.lead('v1', BEGIN);
    expect(heldBy(bench)).toEqual([[], []]);
    expect(bench.rows.get('interaction i1')).toMatchObject({ group: null, permitAt: null, channel: 'proactiveChat' });
    bench.visitor({ type: 'chatRequest', visitID: 'v1', interactionId: 'i1' }, BEGIN + 1_000);
    expect(bench.offers()).toEqual(['c-i1>a1']);
  });

  test('keeps the permit of an invite that is out, whatever it asks for then', () => {
    const told: (boolean | null)[] = [];
    const bench = benchWith((event) => {
      if (event.type === 'started') return [fetch('proactiveChat'), engage('proactiveChat')];
      if (event.type === 'permit') told.push(event.permit?.granted ?? null);
      return event.type === 'disposition' ? [fetch('proactiveCallback'), fetch('proactiveChat')] : [];
    });
    bench.lead('v1', BEGIN);
    bench.disposition('v1', 'i1', 'shown', BEGIN + 1_000);
    expect(told).toEqual([true, null, true]);
    expect(heldBy(bench)).toEqual([['i1'], []]);
  });

  test('and refuses the visitor gives back what it holds', () => {
    const bench = benchWith((event) =>
      event.type === 'started' ? [fetch('proactiveCallback'), { type: 'noEngage', reason: 'policy', text: '' }] : [],
    );
    bench.lead('v1', BEGIN);
    expect(bench.voicePacer.told.slice(-2)).toEqual(['permit i1', 'ended i1 returned']);
  });

  test('holds one permit while it thinks, and a contact center that comes back has none of it', () => {
    const bench = benchWith((event) => {
      if (event.type === 'started')
        return [fetch('proactiveChat'), { type: 'wakeAfter', sendId: 'think', delayMs: 5_000 }];
      return event.type === 'timer' ? [fetch('proactiveCallback'), engage('proactiveCallback')] : [];
    });
    bench.lead('v1', BEGIN);
    expect(heldBy(bench)).toEqual([['i1'], []]);
    bench.ringUntil(BEGIN + 5_000);
    expect(heldBy(bench)).toEqual([[], ['i1']]);
    bench.killAndRecover(BEGIN + 6_000);
    expect(heldBy(bench)).toEqual([[], ['i1']]);
    expect(bench.contactCenter.engagement.pendingOf(VOICE_GROUP)).toEqual([{ id: 'i1', sentAt: BEGIN + 5_000 }]);
    bench.lead('v2', BEGIN + 7_000);
    bench.killAndRecover(BEGIN + 8_000);
    // Its session begins again, and has asked for its chat's permit anew.
    expect(bench.pacer.told.filter((line) => line === 'permit i2')).toHaveLength(2);
    expect(heldBy(bench)).toEqual([['i2'], ['i1']]);
  });
});

describe('an invite to a callback', () => {
  test('brings no chat, and is answered once however often that arrives', () => {
    const bench = benchWith();
    bench.pacer.grants = false;
    bench.lead('v1', BEGIN);
    bench.visitor({ type: 'chatRequest', visitID: 'v1', interactionId: 'i1' }, BEGIN + 1_000);
    expect(bench.path('v1').at(-1)).toBe('Engaged');
    for (const at of [2_000, 2_001]) {
      const asked = { type: 'callbackRequest', visitID: 'v1', interactionId: 'i1', phone: '1', inMs: 0 } as const;
      bench.visitor(asked, BEGIN + at);
    }
    expect(bench.voicePacer.told.filter((line) => line.startsWith('ended'))).toEqual(['ended i1 accepted']);
    expect(bench.totals.callbacks.asked).toBe(1);
    expect(heldBy(bench)).toEqual([[], []]);
  });

  test('engages the visit: no chat is offered beside it', () => {
    const bench = benchWith();
    bench.pacer.grants = false;
    bench.lead('v1', BEGIN);
    bench.pacer.grants = true;
    bench.lead('v1', BEGIN + 1_000);
    expect(bench.path('v1').at(-1)).toBe('Failed:inviteOpen');
    expect(heldBy(bench)).toEqual([[], ['i1']]);
  });
});

test('an agent who says that he is in two paced groups of his channel is noted', () => {
  const bench = new Bench({ voiceGroups: [VOICE_GROUP, 'Evening'] });
  const agent = { group: 'Evening', capacity: 1, ready: true, chats: [] };
  bench.desk({ type: 'login', agentId: 'b1', ...agent, alsoIn: [CALLBACK_DELIVERY_GROUP, VOICE_GROUP] }, 0);
  bench.desk({ type: 'login', agentId: 'b2', ...agent, alsoIn: [CALLBACK_DELIVERY_GROUP, 'Evening', GROUP] }, 0);
  const noted = bench.facts.filter((fact) => fact.kind === 'agent');
  expect(noted.map((fact) => [fact.agentId, fact.alsoPacedIn ?? null])).toEqual([
    ['b1', VOICE_GROUP],
    ['b2', null],
  ]);
});
