/** Strategies outside of the contact center: what they may order, who wins, and that a permit is spent once. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { StrategyOrder, StrategyReply } from '#core/engagement/strategy-order.ts';
import { engagementOf } from '#tests/strategies/shipped-strategies.ts';
import { Bench, GROUP, VIA } from './contact-center-bench.ts';

const OUTSIDE = readFileSync('scenarios/strategies/outside.scxml', 'utf8');
const BEGIN = 1_000_000;

let orders = 0;

function benchWith(changes: ConstructorParameters<typeof Bench>[0] = {}): Bench {
  const bench = new Bench(changes, undefined, { engagement: engagementOf(OUTSIDE) });
  bench.login('a1', 1, BEGIN);
  return bench;
}

function order(bench: Bench, what: StrategyOrder, at: number): StrategyReply {
  const orderId = `o${(orders += 1)}`;
  bench.give({ type: 'strategyOrdered', orderId, order: what, via: VIA }, at);
  const told = bench.messages('strategyTold');
  expect(told).toHaveLength(1);
  const [{ node, message } = { node: null, message: null }] = told;
  if (message?.type !== 'strategyTold') throw new Error('nothing told');
  expect([node, message.orderId]).toEqual([VIA, orderId]);
  return message.reply;
}

const subject = { interactionId: 'i1', visitID: 'v1' };
const permit: StrategyOrder = { kind: 'permit', ...subject, channel: 'proactiveChat' };
const engage: StrategyOrder = {
  kind: 'engage',
  ...subject,
  channel: 'proactiveChat',
  userData: { offer: 'ten per cent' },
  registrationRequired: false,
};
const noEngage: StrategyOrder = { kind: 'noEngage', ...subject, reason: 'policy', text: 'not today' };

test('an interaction waits for them until it expires, and is told with all that it began with', () => {
  const bench = benchWith();
  bench.lead('v1', BEGIN);
  expect(order(bench, { kind: 'list' }, BEGIN + 1)).toMatchObject({
    kind: 'list',
    interactions: [{ ...subject, attemptNumber: 1, expiresAt: BEGIN + 30_000, userData: { visitID: 'v1' } }],
  });
  bench.ringUntil(BEGIN + 30_000);
  expect(bench.path('v1')).toEqual(['Qualified', 'Failed:undecided']);
  expect(order(bench, { kind: 'list' }, BEGIN + 30_001)).toEqual({ kind: 'list', interactions: [] });
  expect(order(bench, engage, BEGIN + 30_002)).toMatchObject({ kind: 'refused', why: 'decided' });
});

describe('a permit', () => {
  test('that two ask for is one, and is charged until the interaction has ended', () => {
    const bench = benchWith();
    bench.lead('v1', BEGIN);
    expect(order(bench, permit, BEGIN + 1)).toMatchObject({ kind: 'permit', granted: true, group: GROUP });
    expect(order(bench, permit, BEGIN + 2)).toMatchObject({ kind: 'permit', granted: true, group: GROUP });
    expect(bench.pacer.told.filter((what) => what === 'permit i1')).toHaveLength(1);
    expect([...bench.pacer.held]).toEqual(['i1']);
    expect(order(bench, noEngage, BEGIN + 3)).toEqual({ kind: 'done', state: 'failed', already: false });
    expect([...bench.pacer.held]).toEqual([]);
    expect(bench.pacer.told.at(-1)).toBe('ended i1 returned');
    expect(order(bench, permit, BEGIN + 4)).toMatchObject({ kind: 'refused', why: 'decided' });
  });

  test('is given back when the contact center has been away: who asks again has one charged', () => {
    const bench = benchWith();
    bench.lead('v1', BEGIN);
    order(bench, permit, BEGIN + 1);
    bench.killAndRecover(BEGIN + 2);
    expect([...bench.pacer.held]).toEqual([]);
    bench.login('a1', 1, BEGIN + 3);
    expect(order(bench, permit, BEGIN + 4)).toMatchObject({ kind: 'permit', granted: true });
    expect([...bench.pacer.held]).toEqual(['i1']);
    expect(order(bench, engage, BEGIN + 5)).toEqual({ kind: 'done', state: 'invited', already: false });
  });

  test('that is refused says why, and is not to be had where nothing is paced', () => {
    const bench = benchWith();
    bench.pacer.grants = false;
    bench.lead('v1', BEGIN);
    const reply = order(bench, permit, BEGIN + 1);
    expect(reply).toMatchObject({ kind: 'permit', granted: false, group: GROUP });
    expect(reply.kind === 'permit' && reply.sentence).toContain('limit');
    expect(order(bench, { ...permit, channel: 'proactiveCallback' }, BEGIN + 2)).toMatchObject({ why: 'off' });
  });
});

describe('the first decision counts', () => {
  test('engaged twice the visitor is invited once, and not to engage comes too late', () => {
    const bench = benchWith();
    bench.lead('v1', BEGIN);
    expect(order(bench, engage, BEGIN + 1)).toEqual({ kind: 'done', state: 'invited', already: false });
    expect(bench.sent()).toEqual(['invite', 'strategyTold']);
    expect(order(bench, engage, BEGIN + 2)).toEqual({ kind: 'done', state: 'invited', already: true });
    expect(bench.sent()).toEqual(['strategyTold']);
    expect(order(bench, noEngage, BEGIN + 3)).toMatchObject({ kind: 'refused', why: 'decided' });
    expect(bench.path('v1')).toEqual(['Qualified', 'Engaged']);
    expect(bench.rows.get('interaction i1')).toMatchObject({ attached: { offer: 'ten per cent' } });
  });

  test('not engaged twice it has failed once, in the words of the first', () => {
    const bench = benchWith();
    bench.lead('v1', BEGIN);
    expect(order(bench, noEngage, BEGIN + 1)).toMatchObject({ kind: 'done', already: false });
    expect(order(bench, { ...noEngage, reason: 'noAgents' }, BEGIN + 2)).toEqual({
      kind: 'done',
      state: 'failed',
      already: true,
    });
    expect(order(bench, engage, BEGIN + 3)).toMatchObject({ kind: 'refused', why: 'decided' });
    expect(bench.path('v1')).toEqual(['Qualified', 'Failed:policy']);
  });

  test('of two interactions of one visit one is engaged: the other has failed by that', () => {
    const bench = benchWith();
    bench.lead('v1', BEGIN);
    bench.lead('v1', BEGIN + 1, { id: 'another' });
    expect(order(bench, engage, BEGIN + 2)).toMatchObject({ kind: 'done' });
    expect(order(bench, { ...engage, interactionId: 'i2' }, BEGIN + 3)).toMatchObject({ kind: 'refused', why: 'busy' });
    expect(bench.path('v1')).toEqual(['Qualified', 'Qualified', 'Engaged', 'Failed:inviteOpen']);
  });
});

test('an interaction that is not there, or of another visit, is unknown; nothing happens to it', () => {
  const bench = benchWith();
  bench.lead('v1', BEGIN);
  for (const wrong of [{ interactionId: 'i9' }, { visitID: 'v2' }]) {
    for (const what of [permit, engage, noEngage]) {
      expect(order(bench, { ...what, ...wrong } as StrategyOrder, BEGIN + 1)).toMatchObject({ why: 'unknown' });
    }
  }
  expect(bench.path('v1')).toEqual(['Qualified']);
});

test('who ordered is told in the stream of the visit', () => {
  const bench = benchWith();
  bench.lead('v1', BEGIN);
  order(bench, noEngage, BEGIN + 1);
  expect(bench.facts.filter(({ kind }) => kind === 'strategy')).toMatchObject([
    { visitID: 'v1', id: 'i1', text: 'a strategy outside orders not to engage: policy' },
  ]);
});
