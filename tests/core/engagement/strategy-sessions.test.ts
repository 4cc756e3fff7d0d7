/** What the contact center does for strategies' sessions, and what it keeps whatever they do. */
import { describe, expect, test } from 'vitest';
import type {
  EngagementEffect,
  EngagementEvent,
  EngagementInput,
  EngagementStrategy,
} from '#core/engagement/strategy-port.ts';
import { Bench } from './contact-center-bench.ts';

type Script = (
  event: EngagementEvent,
  input: EngagementInput,
  at: number,
) => readonly EngagementEffect[] | EngagementEffect;

/** A strategy that does what a script says, and writes down what it was told. */
class Scripted implements EngagementStrategy {
  readonly name = 'scripted';
  readonly told: string[] = [];
  readonly inputs: EngagementInput[] = [];
  readonly events: EngagementEvent[] = [];
  closed = 0;
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  createSession(input: EngagementInput) {
    this.inputs.push(input);
    return {
      handle: (event: EngagementEvent, at: number, out: EngagementEffect[]): void => {
        this.told.push(`${input.interactionId} ${event.type}`);
        this.events.push(event);
        const effects = this.#script(event, input, at);
        out.push(
          ...(Array.isArray(effects) ? (effects as readonly EngagementEffect[]) : [effects as EngagementEffect]),
        );
      },
      close: (): void => {
        this.closed += 1;
      },
    };
  }

  close(): void {}
}

const ENGAGE: EngagementEffect = {
  type: 'engage',
  channel: 'proactiveChat',
  userData: { offer: 'ten per cent' },
  registrationRequired: true,
};
const BEGIN = 1_000_000;

function benchWith(script: Script): { bench: Bench; strategy: Scripted } {
  const strategy = new Scripted(script);
  const bench = new Bench({}, undefined, { engagement: strategy });
  bench.login('a1', 1, BEGIN);
  return { bench, strategy };
}

function strategyFacts(bench: Bench): string[] {
  return bench.facts.flatMap((fact) => (fact.kind === 'strategy' ? [`${fact.level} ${fact.id}: ${fact.text}`] : []));
}

describe('a session', () => {
  test('may wait before it decides, and lives until its interaction has ended', () => {
    const { bench, strategy } = benchWith((event) => {
      if (event.type === 'started') return { type: 'wakeAfter', sendId: 'think', delayMs: 2_500.2 };
      return event.type === 'timer' ? [{ type: 'fetchPermit', channel: 'proactiveChat' }, ENGAGE] : [];
    });
    bench.lead('v1', BEGIN);
    expect(bench.contactCenter.engagement.open).toBe(1);
    bench.ringUntil(BEGIN + 2_500);
    expect(bench.path('v1')).toEqual(['Qualified']);
    bench.ringUntil(BEGIN + 2_501);
    bench.disposition('v1', 'i1', 'shown', BEGIN + 3_000);
    bench.disposition('v1', 'i1', 'shown', BEGIN + 3_100);
    bench.disposition('v1', 'i1', 'reject', BEGIN + 4_000);
    expect(bench.path('v1')).toEqual(['Qualified', 'Engaged', 'Rejected']);
    expect(strategy.told).toEqual(
      ['started', 'timer', 'permit', 'disposition', 'disposition', 'ended'].map((event) => `i1 ${event}`),
    );
    expect(strategy.closed).toBe(1);
    expect(bench.pacer.told).toContain('permit i1');
    expect(bench.pacer.told).toContain('ended i1 other');
  });

  test('that never decides leaves its interaction to engagementExpirationTime', () => {
    const { bench, strategy } = benchWith(() => []);
    bench.lead('v1', BEGIN);
    bench.ringUntil(BEGIN + 29_999);
    expect(bench.contactCenter.engagement.open).toBe(1);
    bench.ringUntil(BEGIN + 30_000);
    expect(bench.path('v1')).toEqual(['Qualified', 'Failed:undecided']);
    expect(strategy.told).toEqual(['i1 started', 'i1 expired', 'i1 ended']);
    expect(bench.totals.refused).toBe(1);
  });

  test.each<[string, Script, string]>([
    [
      'that throws',
      () => {
        throw new Error('no such variable');
      },
      'no such variable',
    ],
    ['that says so', () => ({ type: 'failed', text: 'the document is broken' }), 'the document is broken'],
    ['that ends without a decision', () => ({ type: 'done' }), 'it ended without a decision'],
    ['that never comes to rest', () => ({ type: 'fetchHistory' }), 'it does not come to rest: 1000 effects'],
    [
      'whose wait is no number',
      () => ({ type: 'wakeAfter', sendId: 's', delayMs: Number.NaN }),
      'the delay of s is not a number',
    ],
  ])('%s fails its interaction with the reason, and no other', (_what, script, text) => {
    const { bench, strategy } = benchWith((event, input, at) =>
      input.interactionId === 'i1' ? script(event, input, at) : event.type === 'started' ? ENGAGE : [],
    );
    bench.lead('v1', BEGIN);
    bench.lead('v2', BEGIN + 1);
    expect(bench.path('v1')).toEqual(['Qualified', 'Failed:strategyFailed']);
    const failed = bench.facts.find((fact) => fact.kind === 'interactionMoved' && fact.to === 'Failed');
    expect(failed?.kind === 'interactionMoved' && failed.text).toBe(text);
    expect(bench.path('v2')).toEqual(['Qualified', 'Engaged']);
    expect(strategy.closed).toBe(1);
  });

  test('that fails while its invite is open ends the invite, and pacing gets its permit back', () => {
    const { bench } = benchWith((event) => {
      if (event.type === 'started') return [{ type: 'fetchPermit', channel: 'proactiveChat' }, ENGAGE];
      if (event.type === 'disposition') throw new Error('boom');
      return [];
    });
    bench.lead('v1', BEGIN);
    bench.disposition('v1', 'i1', 'shown', BEGIN + 1_000);
    expect(bench.path('v1')).toEqual(['Qualified', 'Engaged', 'Failed:strategyFailed']);
    expect(bench.pacer.told.filter((line) => line.startsWith('ended'))).toEqual(['ended i1 other']);
    expect(strategyFacts(bench)).toEqual(['failed i1: boom']);
  });

  test('whose interaction ends while it is still being answered hears that, and is asked nothing that nobody knows', () => {
    const { bench, strategy } = benchWith((event) => {
      if (event.type === 'started')
        return [{ type: 'fetchHistory' }, { type: 'fetchPermit', channel: 'proactiveChat' }, { type: 'fetchHistory' }];
      if (event.type === 'history')
        return [
          { type: 'noEngage', reason: 'policy', text: '' },
          { type: 'log', text: 'x' },
        ];
      return [ENGAGE, { type: 'attach', userData: { a: 'b' } }, { type: 'fetchPermit', channel: 'proactiveChat' }];
    });
    bench.lead('v1', BEGIN);
    expect(bench.path('v1')).toEqual(['Qualified', 'Failed:policy']);
    expect(strategy.told).toEqual(['started', 'history', 'permit', 'history', 'ended'].map((event) => `i1 ${event}`));
    expect(strategy.closed).toBe(1);
    expect(bench.pacer.held.size).toBe(0);
  });

  test('is told the history of its visit at once: earlier attempts with what became of them', () => {
    const { bench, strategy } = benchWith((event, { attemptNumber }) =>
      event.type === 'started'
        ? [
            { type: 'fetchHistory' },
            attemptNumber < 3 ? ENGAGE : { type: 'noEngage', reason: 'policy', text: 'twice is enough' },
          ]
        : [],
    );
    bench.lead('v1', BEGIN);
    bench.disposition('v1', 'i1', 'shown', BEGIN + 500);
    bench.disposition('v1', 'i1', 'timeout', BEGIN + 700);
    bench.lead('v1', BEGIN + 60_000, { scope: 'recognized', identity: 'ann@example.com' });
    bench.killAndRecover(BEGIN + 61_000);
    bench.ringUntil(BEGIN + 300_000);
    bench.lead('v1', BEGIN + 310_000);
    const histories = strategy.events.flatMap((event) => (event.type === 'history' ? [event.history] : []));
    expect(
      histories.map(({ attempts }) => attempts.map(({ state, reason, since }) => [state, reason, since - BEGIN])),
    ).toEqual([
      [['qualified', null, 0]],
      [
        ['timeout', null, 700],
        ['qualified', null, 60_000],
      ],
      [
        ['timeout', null, 700],
        ['invited', null, 60_000],
      ],
      [
        ['timeout', null, 700],
        ['failed', 'notShown', 90_000],
        ['qualified', null, 310_000],
      ],
    ]);
    expect(histories[1]).toMatchObject({ scope: 'recognized', identity: 'ann@example.com', visitBusyWith: 'nothing' });
    expect(bench.path('v1').at(-1)).toBe('Failed:policy');
  });

  test('of a visit that another session of it has engaged meanwhile does not engage it twice', () => {
    const { bench } = benchWith((event) =>
      event.type === 'started'
        ? { type: 'wakeAfter', sendId: 's', delayMs: 1_000 }
        : event.type === 'timer'
          ? ENGAGE
          : [],
    );
    bench.lead('v1', BEGIN);
    bench.lead('v1', BEGIN + 100);
    bench.ringUntil(BEGIN + 2_000);
    expect(bench.path('v1')).toEqual(['Qualified', 'Qualified', 'Engaged', 'Failed:inviteOpen']);
  });

  test('that has cancelled a wait or set it anew is not woken by the old one', () => {
    const { bench, strategy } = benchWith((event) => {
      if (event.type !== 'started') return [];
      return [
        { type: 'wakeAfter', sendId: 'a', delayMs: 1_000 },
        { type: 'wakeAfter', sendId: 'b', delayMs: 1_000 },
        { type: 'wakeAfter', sendId: 'a', delayMs: 5_000 },
        { type: 'cancel', sendId: 'b' },
      ];
    });
    bench.lead('v1', BEGIN);
    bench.ringUntil(BEGIN + 4_999);
    expect(strategy.told).toEqual(['i1 started']);
    bench.ringUntil(BEGIN + 5_000);
    expect(strategy.told).toEqual(['i1 started', 'i1 timer']);
  });

  test('begins again after a restart: afresh in Qualified, told how far it was in Engaged', () => {
    const { bench, strategy } = benchWith((event, { interactionId }) => {
      if (event.type !== 'started') return [];
      return interactionId === 'i1' ? ENGAGE : { type: 'fetchPermit', channel: 'proactiveChat' };
    });
    bench.lead('v1', BEGIN);
    bench.disposition('v1', 'i1', 'shown', BEGIN + 1_000);
    bench.lead('v2', BEGIN + 2_000);
    bench.killAndRecover(BEGIN + 3_000);
    expect(
      strategy.inputs.map(({ interactionId, resumed, userData }) => [interactionId, resumed, userData['offer']]),
    ).toEqual([
      ['i1', null, undefined],
      ['i2', null, undefined],
      ['i1', 'shown', 'ten per cent'],
      ['i2', null, undefined],
    ]);
    expect(bench.pacer.told.filter((line) => line === 'permit i2')).toHaveLength(2);
    expect(bench.pacer.told.some((line) => line.endsWith('pending '))).toBe(true);
  });

  test('of a visit that has ended ends with it, also before it has decided', () => {
    const { bench, strategy } = benchWith(() => []);
    bench.lead('v1', BEGIN);
    bench.give({ type: 'visitEnded', visitID: 'v1' }, BEGIN + 5_000);
    expect(bench.path('v1')).toEqual(['Qualified', 'Failed:visitEnded']);
    expect(strategy.told).toEqual(['i1 started', 'i1 ended']);
    expect(bench.contactCenter.engagement.open).toBe(0);
  });

  test('says what people can read', () => {
    const { bench } = benchWith((event) =>
      event.type === 'started' ? [{ type: 'log', text: 'a good customer' }, ENGAGE] : [],
    );
    bench.lead('v1', BEGIN);
    expect(strategyFacts(bench)).toEqual(['log i1: a good customer']);
  });
});
